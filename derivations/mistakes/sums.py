"""Sums: left out, over another index, over too few terms, where none belongs."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import At, Index, SumOver, free_indices, rename
from ..functions import exp
from .site import Mistake, Site, indices_of, is_term, is_whole, sums


def missing_sum(site: Site) -> Iterator[Mistake]:
    """A sum left out: one sample's term for all, or the index left over."""
    hint = "The loss depends on this through every sample, so the contributions add up."
    for total in sums(site.value):
        for index in total.indices:
            rest = SumOver(total.body, *(other for other in total.indices if other != index))
            letter = index.name.rstrip("'")
            for place, which, code, prior in (
                (-1, "last", "overwritten-not-accumulated", 2),
                (0, "first", "sum-missing", 1),
            ):
                yield site.mistake(
                    code,
                    prior,
                    f"Only the {which} {letter} counts: its term stands for the sum over {letter}.",
                    f"{hint} In a loop, use += and start from zeros." if place else hint,
                    site.value.xreplace({total: At(rest, index, place)}),
                )
            if site.is_output and is_term(site.value, total):
                yield from _left_over(site, total, rest, index, hint)


def _left_over(site: Site, total: SumOver, rest: sympy.Expr, index: Index, hint: str) -> Iterator[Mistake]:
    """The sum's index as a free index of the result; a product without its sum is an elementwise product."""
    letter = index.name.rstrip("'")
    value = site.value.xreplace({total: rest})
    for indices in dict.fromkeys([(index, *site.assignment.indices), (*site.assignment.indices, index)]):
        yield site.mistake(
            "sum-missing",
            3,
            f"The sum over {letter} is missing: the index {letter} is left over.",
            hint,
            value,
            indices,
        )
        if len([factor for factor in sympy.Mul.make_args(total.body) if free_indices(factor)]) > 1:
            yield site.mistake(
                "hadamard",
                # In a prediction it is a matrix product; in a gradient it may be a missing sum over samples.
                1 if site.is_derivative else 4,
                "It is an elementwise product where a matrix product belongs.",
                f"@ multiplies and sums over {letter}; * only multiplies.",
                value,
                indices,
            )


def broadcast(site: Site) -> Iterator[Mistake]:
    """(n, 1) minus (n,): every sample's target against every sample's prediction."""
    for factor in (site.value.as_coeff_Mul()[1], *site.value.atoms(sympy.Pow)):
        base = factor.base if isinstance(factor, sympy.Pow) and factor.exp == 2 else None
        indices = indices_of(base) if base is not None else ()
        if len(indices) != 1 or not isinstance(base, sympy.Add) or len(base.args) != 2:
            continue
        other = Index(indices[0].name + "'", indices[0].size)
        first, second = base.args
        crossed = site.value.xreplace({factor: (first + rename(second, {indices[0]: other})) ** 2})
        for average, count in (("mean", other.size), ("sum", sympy.S.One)):
            yield site.mistake(
                "broadcast",
                2,
                f"An (n,) and an (n, 1) made an (n, n), and its {average} was taken: every sample against every other.",
                "Print the shapes: bring both to (n,), for instance with .ravel().",
                SumOver(crossed, other) / count,
            )


def broadcast_residual(site: Site) -> Iterator[Mistake]:
    """In a gradient, (n, 1) minus (n,): every sample's residual is the sum over all targets, or all predictions."""
    if not site.is_derivative:
        return
    for factor in sympy.Mul.make_args(site.value):
        indices = indices_of(factor)
        if len(indices) != 1 or not isinstance(factor, sympy.Add) or len(factor.args) != 2:
            continue
        other = Index(indices[0].name + "'", indices[0].size)
        for kept, moved in (factor.args, factor.args[::-1]):
            crossed = SumOver(kept + rename(moved, {indices[0]: other}), other)
            for count in (sympy.S.One, other.size):
                yield site.mistake(
                    "broadcast",
                    2,
                    "An (n,) and an (n, 1) made an (n, n): every sample is held against every other.",
                    "Print the shapes: bring both to (n,), for instance with .ravel().",
                    site.value.xreplace({factor: crossed / count}),
                )


def sum_range(site: Site) -> Iterator[Mistake]:
    """A sum that leaves out its first or last term."""
    for total in sums(site.value):
        if isinstance(total.body, exp):
            continue
        for index in total.indices:
            rest = SumOver(total.body, *(other for other in total.indices if other != index))
            letter = index.name.rstrip("'")
            for place, which in ((-1, "last"), (0, "first")):
                yield site.mistake(
                    "sum-range",
                    1,
                    f"The sum over {letter} leaves out the {which} {letter}.",
                    "Check where the loop or the slice begins and ends.",
                    site.value.xreplace({total: total - At(rest, index, place)}),
                )


def wrong_axis(site: Site) -> Iterator[Mistake]:
    """A sum over another index of the same terms."""
    if not site.is_output:
        return
    for total in sums(site.value):
        others = sorted(free_indices(total) & set(site.assignment.indices), key=lambda index: index.name)
        if len(total.indices) != 1 or not is_whole(site.value, total):
            continue
        for other in others:
            indices = tuple(total.indices[0] if index == other else index for index in site.assignment.indices)
            yield site.mistake(
                "sum-wrong-axis",
                3,
                f"The sum runs over {other.name}, not over {total.indices[0].name}.",
                "Which index does the result keep? Sum over the other one.",
                site.value.xreplace({total: SumOver(total.body, other)}),
                indices,
            )


def extra_sum(site: Site) -> Iterator[Mistake]:
    """A sum where none belongs: the result is one number, repeated."""
    if not site.is_derivative:
        return
    for index in site.assignment.indices:
        summed = SumOver(
            rename(site.value, {index: Index(index.name + "'", index.size)}), Index(index.name + "'", index.size)
        )
        hint = f"{index.name} is a free index on the left, so nothing is summed over it on the right."
        message = f"There is a sum over {index.name} where none belongs."
        yield site.mistake("sum-extra", 2, message, hint, summed)
        if site.is_output and len(site.assignment.indices) > 0:
            kept = tuple(other for other in site.assignment.indices if other != index)
            yield site.mistake("sum-extra", 1, message, hint, summed, kept)
