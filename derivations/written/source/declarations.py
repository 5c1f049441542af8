r"""What the text declares of shapes: W \in \mathbb{R}^{K \times p}."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ..faults import FormulaError
from ..grammar.cursor import at_signs
from ..grammar.sides import parse_side
from ..terms import Name
from .brackets import depth_change
from .document import Document, Formula
from .tokens import Kind, Token, tokenise

# What stands between $X$ and $n \times p$.
_IS = re.compile(r"[$\\)\s,]*(\b(?:is|are|an?|the|of|with|has|have|shape|size|dimensions?|which)\b\s*)*[($\\\s]*")
_SIZE = re.compile(r"[A-Za-z](_\w)?|1")

Declaration = tuple[Name, tuple[str, ...]]
"""A name, and the sizes of the axes that its indices do not name."""


def declarations_in(document: Document) -> list[Declaration]:
    """What is said to be in some space of real numbers, in the order of the document."""
    found: list[Declaration] = []
    for formula, following in zip_longest(document.formulas, document.formulas[1:]):
        if following is not None and _IS.fullmatch(document.text[formula.start + len(formula.text) : following.start]):
            found += _said_in_words(document, formula, following)
        if "R" in formula.text and ("in" in formula.text or "∈" in formula.text):
            try:
                found += _declared(tokenise(formula.text, formula.start, document.macros))
            except FormulaError:
                continue
    return found


def _said_in_words(document: Document, names: Formula, shape: Formula) -> Iterator[Declaration]:
    r"""$X$ is $n \times p$, $X$ ($n \times p$): names, then nothing but their sizes."""
    try:
        of, sizes = (tokenise(formula.text, formula.start, document.macros) for formula in (names, shape))
        parts = [_name(part) for part in at_signs(of, ",")]
    except FormulaError:
        return
    found = ["".join(token.text for token in size) for size in _between(sizes)]
    if len(found) == 2 and all(_SIZE.fullmatch(size) for size in found) and None not in parts:
        for name in parts:
            if name is not None and (axes := _axes(name, found)) is not None:
                yield name, axes


def _between(tokens: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_macro("times") or token.is_symbol("×"):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _declared(tokens: Sequence[Token]) -> Iterator[Declaration]:
    """W, V \\in R^{...}: the names before each sign, with the sizes of the space after it."""
    begin = 0
    for place, token in enumerate(tokens):
        if not token.is_macro("in"):
            continue
        space = _sizes(tokens[place + 1 :])
        for part in at_signs(tokens[begin:place], ","):
            name = _name(part)
            if name is not None and space is not None and (axes := _axes(name, space)) is not None:
                yield name, axes
        begin = next((p for p in range(place, len(tokens)) if tokens[p].is_symbol(",", ";")), place) + 1


def _name(tokens: list[Token]) -> Name | None:
    if not tokens:
        return None
    term = parse_side(tokens)
    return term if isinstance(term, Name) else None


def _sizes(tokens: Sequence[Token]) -> list[str] | None:
    r"""The sizes of \mathbb{R}^{n \times p}; none of \mathbb R, None of any other set."""
    letters = [token for token in tokens[:5] if not token.is_macro("mathbb", "mathbf", "Bbb", "Reals", "reals")]
    plain = [token for token in letters if token.kind not in {Kind.OPEN, Kind.CLOSE}]
    if not plain or plain[0].text != "R":
        return None
    place = next(p for p, token in enumerate(tokens) if token.text == "R") + 1
    while place < len(tokens) and tokens[place].kind is Kind.CLOSE:
        place += 1
    if place >= len(tokens) or not tokens[place].is_symbol("^"):
        return []
    return ["".join(token.text for token in size) for size in _factors(tokens[place + 1 :])]


def _factors(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between the signs of multiplication in the group that begins here."""
    if not tokens or tokens[0].kind is not Kind.OPEN:
        return [list(tokens[:1])]
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += depth_change(token)
        if depth == 0:
            break
        if depth == 1 and token.is_macro("times"):
            parts.append([])
        elif token.kind is not Kind.OPEN or depth > 1:
            parts[-1].append(token)
    return parts


def _axes(name: Name, sizes: list[str]) -> tuple[str, ...] | None:
    """A column of n x 1 numbers is a vector; of a capital with one row or column it stays open how it is written."""
    if "1" not in sizes:
        return tuple(sizes)
    return None if name.base.isupper() else tuple(size for size in sizes if size != "1")
