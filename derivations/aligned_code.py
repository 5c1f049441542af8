"""Pieces of NumPy source that know the index of each of their axes, and how to bring them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import sympy

from .expressions import Index

ATOM, POWER, PRODUCT, SUM, COMPARISON = range(5)  # how loosely the outermost operation binds


@dataclass(frozen=True, slots=True)
class Code:
    """A piece of source, the index of each of its axes, and how loosely it binds."""

    text: str
    axes: tuple[Index, ...]
    binds: int = ATOM

    def within(self, binds: int) -> str:
        """The text, in brackets if it binds more loosely than its surroundings."""
        return self.text if self.binds <= binds else f"({self.text})"


def number_code(number: sympy.Rational) -> Code:
    """A number as Python writes it: 2, 0.5, 2 / 3."""
    if number.is_Integer or is_decimal(number):
        return Code(str(number) if number.is_Integer else repr(float(number)), (), ATOM if number >= 0 else SUM)
    return Code(f"{number.p} / {number.q}", (), PRODUCT)


def is_decimal(number: sympy.Rational) -> bool:
    """Does it have a short decimal form?"""
    return Fraction(repr(float(number))) == Fraction(int(number.p), int(number.q))


def scaled(code: Code | None, scale: tuple[str, str]) -> Code:
    """The code times a scalar, in one pass over the array; the scalar alone when there is no code."""
    above, below = scale
    if code is None:
        return Code(f"{above or '1'} / {below}" if below else above or "1", (), PRODUCT if below or above else ATOM)
    if not above:
        return Code(f"{code.within(PRODUCT)} / {below}", code.axes, PRODUCT) if below else code
    if above == "-1" and not below:
        return Code(f"-{code.within(PRODUCT)}", code.axes, SUM)
    scalar = f"({above} / {below})" if below else above
    return Code(f"{scalar} * {code.within(PRODUCT)}", code.axes, PRODUCT)


def named(name: str, indices: tuple[Index, ...]) -> Code:
    """An array by its name; the diagonal where an index stands twice."""
    if len(set(indices)) == len(indices):
        return Code(name, indices)
    distinct = tuple(dict.fromkeys(indices))
    letters = {index: "abcdefgh"[place] for place, index in enumerate(distinct)}
    pattern = "".join(letters[index] for index in indices) + "->" + "".join(letters.values())
    return Code(f'np.einsum("{pattern}", {name})', distinct)


def transposed(code: Code, axes: tuple[Index, ...]) -> Code:
    """The code with its axes in another order."""
    if code.axes == axes:
        return code
    if len(axes) == 2:
        return Code(f"{code.within(ATOM)}.T", axes)
    places = ", ".join(str(code.axes.index(index)) for index in axes)
    return Code(f"{code.within(ATOM)}.transpose({places})", axes)


def fit(code: Code, axes: tuple[Index, ...]) -> Code:
    """The code so that it broadcasts against arrays with these axes: axes in order, None where one is missing."""
    if not code.axes:
        return code
    code = transposed(code, tuple(index for index in axes if index in code.axes))
    first = min(axes.index(index) for index in code.axes)
    needed = axes[first:]
    if needed == code.axes:
        return code
    # Leading missing axes broadcast by themselves.
    picks = ", ".join(":" if index in code.axes else "None" for index in needed)
    return Code(f"{code.within(ATOM)}[{picks}]", code.axes)


def union(codes: Iterable[Code], order: tuple[Index, ...]) -> tuple[Index, ...]:
    """All axes of the codes, in the preferred order; what it does not name comes as it comes."""
    present = list(dict.fromkeys(index for code in codes for index in code.axes))
    return tuple(index for index in order if index in present) + tuple(index for index in present if index not in order)


def is_matrix_product(codes: list[Code], bound: Index) -> bool:
    """Is the sum over `bound` of the product of two what `@` computes?"""
    left, right = codes
    return set(left.axes) & set(right.axes) == {bound} and max(len(left.axes), len(right.axes)) <= 2


def matrix_product(codes: list[Code], bound: Index, out: tuple[Index, ...]) -> Code:
    """Two codes multiplied and summed over `bound`, in the order of axes of `out`."""
    left, right = codes
    if out and out[0] in right.axes:
        left, right = right, left
    left = transposed(left, (*(index for index in left.axes if index != bound), bound))
    right = transposed(right, (bound, *(index for index in right.axes if index != bound)))
    return Code(f"{left.within(POWER)} @ {right.within(POWER)}", out, PRODUCT)


def windows(code: Code, slides: dict[Index, tuple[Index, Index, str]]) -> Code:
    """All windows of an array: an axis over u is one over h, and one over a, of the size said, comes last: x[h + a]."""
    places = [place for place, index in enumerate(code.axes) if index in slides]
    chosen = [slides[code.axes[place]] for place in places]
    sizes, axes = (f"({', '.join(map(str, many))})" for many in ([size for *_, size in chosen], places))
    if len(places) == 1:
        sizes, axes = chosen[0][2], str(places[0])
    kept = tuple(slides[index][0] if index in slides else index for index in code.axes)
    text = f"np.lib.stride_tricks.sliding_window_view({code.text}, {sizes}, axis={axes})"
    return Code(text, (*kept, *(offset for _, offset, _ in chosen)))


def einsum(codes: list[Code], out: tuple[Index, ...], *, in_pairs: bool = False) -> Code:
    """Any product of codes, summed over all axes that `out` lacks; in pairs where all at once would take too long."""
    indices = list(dict.fromkeys(index for code in codes for index in code.axes))
    letters = {index: "abcdefghijklmnop"[place] for place, index in enumerate(indices)}
    terms = ",".join("".join(letters[index] for index in code.axes) for code in codes)
    target = "".join(letters[index] for index in out)
    operands = ", ".join(code.text for code in codes)
    return Code(f'np.einsum("{terms}->{target}", {operands}{", optimize=True" if in_pairs else ""})', out)
