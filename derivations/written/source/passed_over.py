"""What a document holds beside its equalities: it is not checked, and a note says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db  # type: ignore[import-untyped]

from ..faults import FormulaError, UnknownMacroError
from ..grammar.lexicon import CASES
from ..grammar.sides import parse_side
from .document import Document
from .lines import EQUALITIES, Segment
from .tokens import Kind, Token

# Relations that claim something of numbers, and not to their last digit.
_ROUGHLY = {"approx", "simeq", "cong", "propto"}
_DEFINING = {"def", "gdef", "edef", "xdef", "newcommand", "renewcommand", "providecommand", "DeclareMathOperator"}


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What is not checked, in a few words, and where it stands."""

    what: str
    start: int


def passed_over(segment: Segment) -> Iterator[PassedOver]:
    """What a segment says that is no equality."""
    for sign, token in segment.signs:
        if sign in _ROUGHLY:
            yield PassedOver("approximate relations", token.start)
    if segment.signs:
        return
    side = segment.sides[0]
    if _is_system(side):
        yield PassedOver("systems of equations", side[0].start)
    elif (unknown := _unknown_macro(side)) is not None:
        yield PassedOver(f"formulas with the unknown macro \\{unknown.macro}", unknown.start)


def _is_system(tokens: Sequence[Token]) -> bool:
    """Are these equations under each other, in cases or behind one brace?"""
    begin = next((token for token in tokens[:2] if token.kind is Kind.BEGIN), None)
    is_first = begin is not None and (begin is tokens[0] or tokens[0].is_symbol("lbrace"))
    is_laid_out = begin is not None and begin.text.rstrip("*") in {*CASES, "array"}
    return is_first and is_laid_out and any(token.is_symbol("=") or token.is_macro(*EQUALITIES) for token in tokens)


def _unknown_macro(tokens: Sequence[Token]) -> UnknownMacroError | None:
    """The macro that nobody knows, if one stands here; a sign alone is only mentioned."""
    if len(tokens) < 2:
        return None
    try:
        parse_side(tokens)
    except UnknownMacroError as fault:
        return None if fault.macro in _known_to_tex() else fault
    except FormulaError:
        pass
    return None


@cache
def _known_to_tex() -> frozenset[str]:
    """The macros that pylatexenc has a text for, and those that define others."""
    context = get_default_latex_context_db()
    specs = context.iter_macro_specs(context.categories())
    return frozenset(spec.macroname for spec in specs) | _DEFINING


def notes(document: Document, passed: Sequence[PassedOver]) -> tuple[str, ...]:
    """One sentence for each kind of thing, with the places.

    >>> from .document import read_document
    >>> notes(read_document("a.md", "So $a \\\\approx b$."), [PassedOver("approximate relations", 5)])
    ('Approximate relations are not checked: line 1.',)
    """
    found: dict[str, list[int]] = {}
    for one in passed:
        found.setdefault(one.what, []).append(one.start)
    return tuple(
        f"{what[:1].upper()}{what[1:]} are not checked: {document.lines_of(starts)}." for what, starts in found.items()
    )
