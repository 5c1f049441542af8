"""What a document claims beside its equalities: it is not checked, and a note says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .document import Document
from .lexicon import CASES
from .lines import EQUALITIES, Segment
from .tokens import Kind, Token

# Relations that claim something of numbers, and not to their last digit.
_ROUGHLY = {"approx", "simeq", "cong", "propto"}


class Claim(StrEnum):
    """What is passed over."""

    APPROXIMATION = "approximate relations"
    SYSTEM = "systems of equations"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A claim that is not checked, and where it stands."""

    claim: Claim
    start: int


def passed_over(segment: Segment) -> Iterator[PassedOver]:
    """The claims of a segment that are no equalities."""
    for sign, token in segment.signs:
        if sign in _ROUGHLY:
            yield PassedOver(Claim.APPROXIMATION, token.start)
    if not segment.signs and _is_system(segment.sides[0]):
        yield PassedOver(Claim.SYSTEM, segment.sides[0][0].start)


def _is_system(tokens: Sequence[Token]) -> bool:
    """Are these equations under each other, in cases or behind one brace?"""
    begin = next((token for token in tokens[:2] if token.kind is Kind.BEGIN), None)
    is_first = begin is not None and (begin is tokens[0] or tokens[0].is_symbol("lbrace"))
    is_laid_out = begin is not None and begin.text.rstrip("*") in {*CASES, "array"}
    return is_first and is_laid_out and any(token.is_symbol("=") or token.is_macro(*EQUALITIES) for token in tokens)


def notes(document: Document, passed: Sequence[PassedOver]) -> tuple[str, ...]:
    """One sentence for each kind of claim, with the places.

    >>> from .document import read_document
    >>> notes(read_document("a.md", "So $a \\approx b$."), [PassedOver(Claim.APPROXIMATION, 5)])
    ('Approximate relations are not checked: line 1.',)
    """
    found = {claim: [one.start for one in passed if one.claim is claim] for claim in Claim}
    return tuple(
        f"{claim.capitalize()} are not checked: {document.lines_of(starts)}."
        for claim, starts in found.items()
        if starts
    )
