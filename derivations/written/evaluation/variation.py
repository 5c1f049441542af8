"""How a value changes when what it is made of is varied.

A derivative dA/dB means what the engine computes: B's array is varied in every entry at once, along an axis of
directions, and everything that depends on it is evaluated again. The error of a complex step is rounding alone (Squire
and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 1998). A derivative inside a
derivative is differentiated by central differences of fourth order instead.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..terms import Call, Name, Term
from .indices import fresh_axis
from .stored import stored_value
from .values import AnyArray, Value, labelled, require_moderate

if TYPE_CHECKING:
    from .evaluation import Evaluation

# So small that its square is lost against any number, so that truncation cannot be seen.
COMPLEX_STEP = 1e-30

# h of a fourth-order central difference: truncation h^4 balances rounding eps/h.
DIFFERENCE = 1e-3

# A quantity of more entries is not varied where a derivative inside varies as many again.
MOST_ENTRIES = 100

# So many of them are varied at once that arrays stay small where a derivative inside varies as many again.
AT_ONCE = 32

# f''' is a difference of differences: one more would leave too few digits.
MOST_PRIMES = 3

# In steps of h, where a fourth-order central difference looks.
_PLACES = (-2, -1, 1, 2)

_ARGUMENT = "~argument"


def is_varied(evaluation: Evaluation) -> bool:
    """Is this evaluated along a complex step already?"""
    return any(np.iscomplexobj(value.array) for value in evaluation.changed.values())


def by_complex_step(evaluation: Evaluation, of: Term, key: str) -> tuple[Value, str]:
    """The derivatives by all entries of a quantity, and the axis along which these are."""
    stored = _unvaried(evaluation, key)
    axis = fresh_axis("→")
    steps = 1j * COMPLEX_STEP * _unit_steps(stored)
    inner = evaluation.with_varied({key: _stepped(stored, steps, axis)})
    return _imaginary_slope(inner.value(of)), axis


def by_differences(evaluation: Evaluation, of: Term, key: str) -> tuple[Value, str]:
    """The same where derivatives stand inside."""
    stored = _unvaried(evaluation, key)
    steps = DIFFERENCE * _unit_steps(stored)
    if len(steps) > MOST_ENTRIES:
        raise MeaningError("a derivative inside a derivative of so many entries is not checked")
    evaluation.notes.add("differences")
    axis = fresh_axis("→")
    slopes = []
    for start in range(0, len(steps), AT_ONCE):
        some = steps[start : start + AT_ONCE]
        values = [evaluation.with_varied({key: _stepped(stored, times * some, axis)}).value(of) for times in _PLACES]
        slopes.append(_central_difference([np.real(value.array) for value in values]))
    axes = values[0].axes
    if axis not in axes:
        return Value(slopes[0], axes), axis
    return Value(np.concatenate(slopes, axes.index(axis)), axes), axis


def _unvaried(evaluation: Evaluation, key: str) -> Value:
    """The value of a quantity that no complex step reaches; differences may."""
    stored = stored_value(evaluation, key)
    if stored.axes and np.iscomplexobj(stored.array):
        raise MeaningError("a derivative inside a derivative with respect to the same thing is not checked")
    return Value(np.real(stored.array).astype(float), stored.axes)


def _unit_steps(value: Value) -> AnyArray:
    """For each entry of a number, vector or matrix, the array that is 1 there."""
    size = prod(value.shape)
    require_moderate(size * size)
    return np.eye(size).reshape((size, *value.shape))


def _stepped(value: Value, steps: AnyArray, axis: str) -> Value:
    """A value changed by each of some steps, which are told apart along an axis of directions."""
    require_moderate(len(steps) * value.array.size)
    along = steps.reshape((len(steps), *(1 for _ in value.axes), *value.shape))
    return labelled(value.array + along, (axis, *value.axes, *[None] * value.rank))


def _imaginary_slope(value: Value) -> Value:
    return Value(np.imag(value.array) / COMPLEX_STEP, value.axes, value.is_row)


def _central_difference(values: list[AnyArray]) -> AnyArray:
    far, near = values[3] - values[0], values[2] - values[1]
    slope: AnyArray = (8 * near - far) / (12 * DIFFERENCE)
    return slope


def by_argument(evaluation: Evaluation, of: Term, key: str) -> Value:
    """The derivative with respect to a function's own parameter, entry by entry."""
    inner = evaluation.inside()
    value = evaluation.bound[key]
    inner.bound = {**evaluation.bound, key: Value(value.array + 1j * COMPLEX_STEP, value.axes, value.is_row)}
    return _imaginary_slope(inner.value(of))


def primed_call_value(evaluation: Evaluation, term: Call) -> Value:
    """f'(u), entry by entry; f''(u) is the difference of first derivatives.

    Raises:
        MeaningError: an entry depends on more than its own argument, so that a prime says too little.
    """
    if term.function.primes > MOST_PRIMES:
        raise MeaningError("a derivative of so high an order is not checked")
    if len(term.arguments) != 1:
        raise MeaningError("the derivative of a function of several arguments is not checked")
    argument = evaluation.value(term.arguments[0])
    call = Call(replace(term.function, primes=term.function.primes - 1), (Name(_ARGUMENT),))
    inner = evaluation.inside()

    def at(array: AnyArray) -> Value:
        inner.bound = {**evaluation.bound, _ARGUMENT: Value(array, argument.axes, argument.is_row)}
        value = inner.value(call)
        if value.rank < argument.rank or not set(argument.axes) <= set(value.axes):
            raise MeaningError("a prime does not say by which entry of its argument a function is differentiated")
        return value

    if term.function.primes == 1 and not np.iscomplexobj(argument.array):
        return _imaginary_slope(at(argument.array + 1j * COMPLEX_STEP))
    evaluation.notes.add("differences")
    slope = _central_difference([at(argument.array + times * DIFFERENCE).array for times in _PLACES])
    return Value(slope, argument.axes, argument.is_row)
