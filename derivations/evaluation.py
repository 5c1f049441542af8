"""The value of an indexed expression on given arrays: slow, direct, and independent of the chain rule.

Every index is an axis; a sum is a sum over its axis. Derivatives (`Partial`, `Adjoint`) are not looked up in a
derivation but computed by complex step on the definitions, all entries at once: an array with an extra axis, one step
in each entry along it, goes through the same evaluation. The error of a complex step is rounding alone (Squire and
Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 1998).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from checkers.probes import ArraySpec, draw

from .expressions import Adjoint, At, Delta, Entry, Index, Partial, Shift, SumOver, named_arrays, rename
from .functions import Elementary
from .model import Model, Role

# So small that its square is lost against any number, so that truncation cannot be seen.
COMPLEX_STEP = 1e-30

# Probes are of size 1. A derivative that vanishes leaves 1e-17, which must not be divided by itself; a wrong equality
# between values as small as this is still seen, since proofs are held to 1e-10 of it.
NOTHING = 1e-4

# Entries of an array on the way to a contraction: 400 MB of complex numbers.
LARGEST = 25_000_000

_DIRECTION = Index("direction", sympy.Symbol("directions"))

AnyArray = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Labelled:
    """An array with an index for each axis, in the fixed order of `_rank`."""

    array: AnyArray
    axes: tuple[Index, ...]


def _rank(index: Index) -> tuple[bool, str, str]:
    return (index != _DIRECTION, index.name, index.size.name)


def label(array: AnyArray, axes: tuple[Index, ...]) -> Labelled:
    """Put axes into order; an index that stands twice takes the diagonal."""
    distinct = sorted(set(axes), key=_rank)
    if list(axes) == distinct:
        return Labelled(array, axes)
    number = {index: place for place, index in enumerate(distinct)}
    return Labelled(
        np.einsum(array, [number[index] for index in axes], [number[index] for index in distinct]), tuple(distinct)
    )


def _spread(value: Labelled, axes: tuple[Index, ...]) -> AnyArray:
    """The array with an axis of length 1 for each index it lacks."""
    if value.axes == axes:
        return value.array
    lengths = dict(zip(value.axes, value.array.shape, strict=True))
    return value.array.reshape([lengths.get(index, 1) for index in axes])


class Environment:
    """Sizes and arrays on which expressions of a model are evaluated; derivatives are computed when asked for."""

    def __init__(self, model: Model, sizes: Mapping[str, int], arrays: Mapping[str, AnyArray]) -> None:
        self.model = model
        self.sizes = sizes
        self.arrays: dict[str, tuple[AnyArray, bool]] = {name: (np.asarray(a), False) for name, a in arrays.items()}
        self._adjoints: dict[str, AnyArray] = {}
        for definition in model.definitions:
            if definition.name not in self.arrays:
                value = self.evaluate(definition.value)
                self.arrays[definition.name] = self._reordered(value, definition.indices)

    def _reordered(self, value: Labelled, indices: tuple[Index, ...]) -> tuple[AnyArray, bool]:
        """An array in a definition's own order of axes, and whether an axis of directions stands first."""
        directed = _DIRECTION in value.axes
        wanted = (_DIRECTION, *indices) if directed else indices
        full = tuple(sorted(wanted, key=_rank))
        lengths = [self.size(index, value) for index in full]
        array = np.broadcast_to(_spread(value, full), lengths)
        return np.transpose(array, [full.index(index) for index in wanted]), directed

    def size(self, index: Index, value: Labelled | None = None) -> int:
        """The number of values an index runs over."""
        if index == _DIRECTION and value is not None:
            return int(value.array.shape[0])
        return self.sizes[index.size.name]

    def array(self, name: str) -> AnyArray:
        """A declared array or a node's value."""
        return self.arrays[name][0]

    def evaluate(self, expression: sympy.Expr) -> Labelled:
        """The value of an expression, an axis for each free index."""
        return _Evaluation(self).value(expression)

    def adjoint(self, name: str) -> AnyArray:
        """The derivative of the loss with respect to an array, by complex step through everything downstream."""
        if name not in self._adjoints:
            arrays = {name: self._perturbed(name)}
            on_path = {self.model.loss_definition.name} | self.model.ancestors(self.model.loss_definition.name)
            for definition in self.model.definitions:
                if (
                    definition.name != name
                    and definition.name in on_path
                    and named_arrays(definition.value) & set(arrays)
                ):
                    value = _Evaluation(self, arrays).value(definition.value)
                    arrays[definition.name] = self._reordered(value, definition.indices)
            loss, directed = arrays.get(self.model.loss_definition.name, (np.zeros(()), False))
            shape = self.array(name).shape
            self._adjoints[name] = (loss.imag / COMPLEX_STEP).reshape(shape) if directed else np.zeros(shape)
        return self._adjoints[name]

    def _perturbed(self, name: str) -> tuple[AnyArray, bool]:
        array = self.array(name)
        steps = COMPLEX_STEP * np.eye(array.size).reshape(array.size, *array.shape)
        return array + 1j * steps, True

    def partial(self, of: sympy.Expr, target: Entry) -> Labelled:
        """The derivative of an expression with respect to one entry, by complex step; other nodes are held."""
        if isinstance(of, Entry) and of.name != target.name:
            definition = self.model.definition(of.name)
            of = rename(definition.value, dict(zip(definition.indices, of.indices, strict=True)))
        value = _Evaluation(self, {target.name: self._perturbed(target.name)}).value(of)
        shape = self.array(target.name).shape
        if _DIRECTION not in value.axes:
            return label(np.zeros(shape + value.array.shape), target.indices + value.axes)
        slopes = value.array.imag / COMPLEX_STEP
        return label(slopes.reshape(shape + slopes.shape[1:]), target.indices + value.axes[1:])


class _Evaluation:
    """One pass over an expression, each distinct subexpression once."""

    def __init__(self, environment: Environment, changed: Mapping[str, tuple[AnyArray, bool]] | None = None) -> None:
        self.environment = environment
        self.changed = changed or {}
        self.known: dict[sympy.Expr, Labelled] = {}

    def value(self, expression: sympy.Expr) -> Labelled:
        if expression not in self.known:
            self.known[expression] = self._compute(expression)
        return self.known[expression]

    def _compute(self, expression: sympy.Expr) -> Labelled:
        if isinstance(expression, Adjoint):
            return label(self.environment.adjoint(expression.name), expression.indices)
        if isinstance(expression, Entry):
            return self._entry(expression)
        if isinstance(expression, Partial):
            return self.environment.partial(expression.of, expression.target)
        if isinstance(expression, Delta):
            return label(np.eye(self.environment.size(expression.args[0])), tuple(expression.args))
        if isinstance(expression, Shift):
            places, starts, offsets = (np.arange(self.environment.size(index)) for index in expression.args)
            is_sum = places[:, None, None] == starts[:, None] + offsets
            return label(is_sum.astype(float), tuple(expression.args))
        if isinstance(expression, SumOver):
            return self._sum(expression)
        if isinstance(expression, At):
            body = self.value(expression.body)
            place = body.axes.index(expression.indices[0])
            axes = body.axes[:place] + body.axes[place + 1 :]
            return Labelled(np.take(body.array, expression.place, axis=place), axes)
        if isinstance(expression, Elementary):
            argument = self.value(expression.args[0])
            return Labelled(type(expression).numpy(argument.array), argument.axes)
        if isinstance(expression, (sympy.Add, sympy.Mul)):
            return self._combine(expression)
        if isinstance(expression, sympy.Pow):
            base = self.value(expression.base)
            return Labelled(base.array ** float(expression.exp), base.axes)
        if expression.is_Symbol:
            return Labelled(np.asarray(float(self.environment.sizes[expression.name])), ())
        return Labelled(np.asarray(float(expression)), ())

    def _entry(self, entry: Entry) -> Labelled:
        array, directed = self.changed.get(entry.name) or self.environment.arrays[entry.name]
        return label(array, (_DIRECTION, *entry.indices) if directed else entry.indices)

    def _sum(self, total: SumOver) -> Labelled:
        if total.has(Shift) and isinstance(total.body, sympy.Mul):
            return self._contraction(total)
        body = self.value(total.body)
        places = tuple(body.axes.index(index) for index in total.indices if index in body.axes)
        # The sum of something over an index it does not have is that many times it.
        times = np.prod([self.environment.size(index) for index in total.indices if index not in body.axes])
        axes = tuple(index for index in body.axes if index not in total.indices)
        return Labelled(body.array.sum(axis=places) * times, axes)

    def _contraction(self, total: SumOver) -> Labelled:
        """A sum of a product by pairs of its factors: with windows, the whole product has too many entries."""
        values = [self.value(factor) for factor in total.body.args]
        axes = tuple(sorted({index for value in values for index in value.axes}, key=_rank))
        number = {index: place for place, index in enumerate(axes)}
        operands = [part for value in values for part in (value.array, [number[index] for index in value.axes])]
        kept = tuple(index for index in axes if index not in total.indices)
        times = np.prod([self.environment.size(index) for index in total.indices if index not in axes])
        array = np.einsum(*operands, [number[index] for index in kept], optimize=("greedy", LARGEST))
        return Labelled(array * times, kept)

    def _combine(self, expression: sympy.Expr) -> Labelled:
        values = [self.value(argument) for argument in expression.args]
        axes = tuple(sorted({index for value in values for index in value.axes}, key=_rank))
        arrays = [_spread(value, axes) for value in values]
        operation = np.add if isinstance(expression, sympy.Add) else np.multiply
        result = arrays[0]
        for array in arrays[1:]:
            result = operation(result, array)
        return Labelled(result, axes)


def relative_difference(left: Labelled, right: Labelled) -> float:
    """max|left - right| / max(|left|, |right|) over all entries; what is smaller than `NOTHING` counts as that."""
    axes = tuple(sorted(set(left.axes) | set(right.axes), key=_rank))
    first, second = np.broadcast_arrays(_spread(left, axes), _spread(right, axes))
    scale = max(np.abs(first).max(), np.abs(second).max(), NOTHING)
    return float(np.abs(first - second).max() / scale)


def kink_distance(environment: Environment) -> float:
    """How far the arguments of functions with a kink are from 0 at the nearest; infinite when there is none."""
    arguments = {
        function.args[0] - kink
        for definition in environment.model.definitions
        for function in definition.value.atoms(Elementary)
        for kink in type(function).kinks
    }
    distances = [np.abs(environment.evaluate(argument).array).min() for argument in arguments]
    return float(min(distances, default=np.inf))


def array_specs(model: Model) -> tuple[ArraySpec, ...]:
    """How to draw the model's data, parameters and constants."""
    return tuple(
        ArraySpec(
            name,
            tuple(size.name for size in array.shape or ()),
            array.domain,
            fan_in_axis(model, name),
            array.role is Role.PARAMETER,
        )
        for name, array in model.arrays.items()
        if array.role not in {Role.NODE, Role.LOSS}
    )


def fan_in_axis(model: Model, name: str) -> int | None:
    """The axis of a parameter that the forward pass sums over; None for biases and data."""
    if model.arrays[name].role is not Role.PARAMETER:
        return None
    for definition in model.definitions:
        for total in definition.value.atoms(SumOver):
            for entry in total.body.atoms(Entry):
                summed = [axis for axis, index in enumerate(entry.indices) if index in total.indices]
                if entry.name == name and len(summed) == 1:
                    return summed[0]
    return None


# Distinct, so that a wrong axis cannot go unseen; primes, so that a factor of a product of sizes can be read off.
PRIMES = (5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


# A layer with windows has up to seven sizes, and primes would make millions of products of it: it is enough that sizes
# differ, and the sums of two as well.
SMALL_SIZES = (2, 3, 8, 6, 7, 4, 5)


def prime_sizes(model: Model) -> dict[str, int]:
    """A distinct prime for each size of a model; for a model with windows, a distinct small number."""
    return with_reaches(model, dict(zip(model.free_sizes, SMALL_SIZES if model.reaches else PRIMES, strict=False)))


def with_reaches(model: Model, sizes: Mapping[str, int]) -> dict[str, int]:
    """All sizes of a model from those that follow from no others."""
    known = dict(sizes)
    for name, (start, offset) in model.reaches.items():
        known[name] = known[start] + known[offset] - 1
    return {name: known[name] for name in model.size_notes}


def probe(model: Model, seed: int, candidates: int = 8) -> Environment:
    """Random arrays of distinct prime sizes; of several draws, the one that stays farthest from kinks."""
    sizes = prime_sizes(model)
    specs = array_specs(model)
    draws = (Environment(model, sizes, draw(specs, sizes, seed + number)) for number in range(candidates))
    first = next(draws)
    distance = kink_distance(first)
    if distance == np.inf:
        return first
    return max((first, *draws), key=kink_distance)
