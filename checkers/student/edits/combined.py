"""Many edits in one text, chosen by a number when it runs: compiling once for all of them is what makes trying fast.

An expression e with edits 3 and 7 becomes ((a) if CHOICE == 3 else (b) if CHOICE == 7 else (e)), and so within e.
Known as mutant schemata: Untch, Offutt and Harrold, Mutation analysis using mutant schemata (1993).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .site import Edit, Source

CHOICE = "_gradcheck_choice"  # the module's variable that chooses


def expression_spans(source: Source) -> frozenset[tuple[int, int]]:
    """Where an expression in brackets may stand for what is there."""
    found: set[tuple[int, int]] = set()
    barred: set[tuple[int, int]] = set()
    waiting: list[ast.AST] = [source.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            continue  # positions inside f-strings are not to be trusted
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.expr):
            parts = node.elts if isinstance(node, ast.Tuple) else []
            is_plain = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
            if (
                not is_plain
                or isinstance(node, ast.Slice | ast.Starred)
                or any(isinstance(p, ast.Slice) for p in parts)
            ):
                barred.add(source.span(node))
            else:
                found.add(source.span(node))
    return frozenset(found - barred)


def combined(source: Source, edits: Sequence[tuple[int, Edit]], start: int, end: int) -> bytes:
    """The bytes from start to end with all numbered edits in them; each must take the place of a whole expression."""
    places: dict[tuple[int, int], list[tuple[int, Edit]]] = {}
    for number, edit in edits:
        places.setdefault((edit.start, edit.end), []).append((number, edit))
    ordered = sorted(places, key=lambda span: (span[0], -span[1]))
    return _rendered(source, ordered, places, start, end)


def _rendered(
    source: Source,
    spans: Sequence[tuple[int, int]],
    places: dict[tuple[int, int], list[tuple[int, Edit]]],
    start: int,
    end: int,
) -> bytes:
    result, position, index = b"", start, 0
    while index < len(spans):
        first, last = spans[index]
        inner = index + 1
        while inner < len(spans) and spans[inner][0] < last:
            inner += 1
        original = _rendered(source, spans[index + 1 : inner], places, first, last)
        choices = b" ".join(
            b"(%b) if %b == %d else" % (e.text.encode(), CHOICE.encode(), n) for n, e in places[spans[index]]
        )
        result += source.data[position:first] + b"(" + choices + b" (" + original + b"))"
        position, index = last, inner
    return result + source.data[position:end]
