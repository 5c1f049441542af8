"""Numbers at which a function changes its branch, and what is compared with them: x > 2, min(z, 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np

from ..evaluation.values import AnyArray
from ..grammar.lexicon import GREEK
from ..terms import Call, Condition, Name, Number, Term

# Smaller numbers are slopes, as in max(0.01 x, x), and near 0, where what is drawn changes its sign anyway; greater
# ones would let exponentials overflow.
LEAST, GREATEST = 0.1, 20.0

# So many different numbers of a document are looked at: each is met from both sides on further probes.
MOST = 4

# How far beyond the outermost threshold numbers are drawn: so far, and as far again as that is from 0, since of
# min(1, 0.2 x + 0.5) the branch begins at x = 2.5.
BEYOND = 2.0


def thresholds_in(terms: Iterable[Term]) -> tuple[float, ...]:
    """Where branches begin, in order, with 0 and the same numbers below 0; empty where there is none but 0."""
    parts = [part for side in _compared_sides(terms) for part in side.walk()]
    found = {abs(part.value) for part in parts if isinstance(part, Number) and LEAST <= abs(part.value) <= GREATEST}
    if any(isinstance(part, Name) and is_constant_name(part.base) for part in parts):
        # The delta of |r| > delta is drawn below 1.
        found.add(1.0)
    kept = sorted(found)[:MOST]
    return (*(-number for number in reversed(kept)), 0.0, *kept) if kept else ()


def compared_names(terms: Iterable[Term]) -> Iterator[Name]:
    """The names that stand in what is compared."""
    for side in _compared_sides(terms):
        yield from (part for part in side.walk() if isinstance(part, Name))


def _compared_sides(terms: Iterable[Term]) -> Iterator[Term]:
    """The sides of inequalities, and the arguments of max and min."""
    for term in terms:
        for part in term.walk():
            if isinstance(part, Condition) and part.sign in {"<", ">", "le", "ge"}:
                yield from (side for side in (part.left, part.right) if side is not None)
            elif isinstance(part, Call) and part.function.base in {"max", "min"}:
                yield from part.arguments


def is_constant_name(key: str) -> bool:
    """Is this a Greek letter by itself, which stands for a strength or a slope: alpha in max(alpha x, x)?"""
    return re.split(r"[_^]", key, maxsplit=1)[0] in GREEK


def lower_bounds(conditions: Iterable[Condition]) -> dict[str, float]:
    """The constants of which the document says that they are greater than a number: alpha > 1."""
    return {
        said.left.base: said.right.value for said in conditions
        if said.sign in {">", "ge"} and isinstance(said.left, Name) and isinstance(said.right, Number)
        and is_constant_name(said.left.base) and not said.left.children
    }  # fmt: skip


def branches(thresholds: tuple[float, ...]) -> int:
    """How many intervals they make."""
    return len(thresholds) + 1


def around(
    thresholds: tuple[float, ...], shape: tuple[int, ...], turn: int, generator: np.random.Generator
) -> AnyArray:
    """Numbers in all intervals between thresholds and beyond them; a single number in the one whose turn it is."""
    beyond = thresholds[-1] + BEYOND
    edges = np.array([thresholds[0] - beyond, *thresholds, thresholds[-1] + beyond])
    size = int(np.prod(shape, dtype=int))
    places = generator.permutation(turn + np.arange(size)) % branches(thresholds)
    # Away from the edges, where a function has no slope.
    share = generator.uniform(0.05, 0.95, size)
    numbers: AnyArray = edges[places] + share * (edges[places + 1] - edges[places])
    return numbers.reshape(shape)
