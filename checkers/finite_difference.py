"""Gradients and Jacobians measured from function values alone, each entry with an error bar.

What happens along one line is in `complex_step` and `central_difference`; this module lays the lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .central_difference import START_STEP, central_difference
from .complex_step import complex_step, guarded_derivative
from .errors import ShapeError, UsageError
from .estimate import EPS, Estimate, FloatArray, Limit, Line, Method

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Estimate",
    "FloatArray",
    "Limit",
    "Method",
    "coordinate",
    "directional_derivative",
    "finite_values",
    "gradient",
    "jacobian",
    "real_array",
    "start_step",
    "unit_direction",
]


def gradient(f: Callable[[Any], Any], x: Any, *, method: Method | None = None, seed: int = 0) -> Estimate:
    """Gradient of a scalar function of one array, entry by entry: value[i] = df/dx[i], of the shape of x.

    Args:
        f: takes an array of the shape of x (float64, or complex128 when the complex step is tried), returns one number.
        x: where; an array or a number.
        method: None tries the complex step and falls back on central differences.
        seed: of the direction along which the complex step is compared with a central difference.

    Returns:
        An `Estimate` whose value and error have the shape of x.

    Raises:
        ShapeError: f returns more than one number.
        UsageError: f(x) or x is not finite, or not numeric.

    >>> estimate = gradient(lambda w: np.sum(w**3), np.array([1.0, 2.0]))
    >>> estimate.value, str(estimate.method)
    (array([ 3., 12.]), 'complex step')

    Where the complex step would be wrong, as under abs, it is not used:

    >>> estimate = gradient(lambda w: np.sum(np.abs(w)), np.array([1.0, -2.0]))
    >>> estimate.value.round(9), str(estimate.method)
    (array([ 1., -1.]), 'central difference')
    """
    point = real_array(x, "x")
    value = np.asarray(f(point.copy()[()]))
    if value.size != 1:
        raise ShapeError(
            f"f must return one number, but it returns an array of shape {value.shape}. Try jacobian(f, x)."
        )
    return jacobian(lambda w: np.reshape(f(w), ()), point, method=method, seed=seed)


def jacobian(f: Callable[[Any], Any], x: Any, *, method: Method | None = None, seed: int = 0) -> Estimate:
    """Jacobian of a function of one array: value[i, j] = df[i]/dx[j], where i and j run over the shapes of f(x) and x.

    Args:
        f: takes an array of the shape of x, returns an array or a number.
        x: where; an array or a number.
        method: None tries the complex step and falls back on central differences.
        seed: of the direction along which the complex step is compared with a central difference.

    Returns:
        An `Estimate` whose value and error have the shape f(x).shape + x.shape.

    Raises:
        UsageError: f(x) or x is not finite, or not numeric.

    >>> jacobian(lambda w: np.array([w[0] * w[1], w[0] ** 2, w[1]]), np.array([2.0, 3.0])).value
    array([[3., 2.],
           [4., 0.],
           [0., 1.]])
    """
    point = real_array(x, "x")
    centre = finite_values(f(point.copy()[()]))
    columns, evaluations = [], 1
    if method is None and point.size:
        direction = unit_direction(point.shape, np.random.default_rng(seed))
        guarded = guarded_derivative(_line(f, point, direction), centre, step=start_step(point, direction))
        method, evaluations = guarded.method, 1 + guarded.evaluations
    for index in np.ndindex(point.shape):
        direction = coordinate(point.shape, index)
        step = start_step(point, direction)
        columns.append(_measured(_line(f, point, direction), centre, step, method or Method.CENTRAL))
    return _stacked(columns, (*centre.shape, *point.shape), evaluations)


def directional_derivative(f: Callable[[Any], Any], x: Any, direction: Any) -> Estimate:
    """Derivative of f at x along a direction: value[i] = sum_j df[i]/dx[j] direction[j], of the shape of f(x).

    Two calls by complex step and 6 to 30 by central difference, whatever the size of x.

    Raises:
        ShapeError: x and direction differ in shape.
        UsageError: f(x), x or direction is not finite, or not numeric.

    >>> float(directional_derivative(lambda w: np.sum(w**2), np.array([1.0, 2.0]), np.array([0.0, 1.0])).value)
    4.0
    """
    point, along = real_array(x, "x"), real_array(direction, "direction")
    if point.shape != along.shape:
        raise ShapeError(f"direction must have the shape of x: x is {point.shape}, direction is {along.shape}.")
    centre = finite_values(f(point.copy()[()]))
    estimate = guarded_derivative(_line(f, point, along), centre, step=start_step(point, along))
    return replace(estimate, evaluations=estimate.evaluations + 1)


def _measured(line: Line, centre: FloatArray, step: float, method: Method) -> Estimate:
    exact = complex_step(line) if method is Method.COMPLEX_STEP else None
    return exact or central_difference(line, centre, step=step)


def _stacked(columns: list[Estimate], shape: tuple[int, ...], evaluations: int) -> Estimate:
    """The derivatives by one entry of x each, as one estimate whose last axes are those of x."""
    if not columns:
        return Estimate(np.zeros(shape), np.zeros(shape), Method.CENTRAL, evaluations, constant=True)
    methods, limits = {column.method for column in columns}, {column.limit for column in columns}
    return Estimate(
        value=np.stack([column.value for column in columns], axis=-1).reshape(shape),
        error=np.stack([column.error for column in columns], axis=-1).reshape(shape),
        method=Method.CENTRAL if Method.CENTRAL in methods else Method.COMPLEX_STEP,
        evaluations=evaluations + sum(column.evaluations for column in columns),
        limit=Limit.KINK if Limit.KINK in limits else Limit.ROUNDING,
        constant=all(column.constant for column in columns),
        noise=max(column.noise for column in columns),
    )


def _line(f: Callable[[Any], Any], point: FloatArray, direction: FloatArray) -> Line:
    return lambda t: np.asarray(f((point + t * direction)[()]))


def unit_direction(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """A random direction of length 1 in which no entry is negligible: random signs times sizes from 0.5 to 1.5.

    Any one entry weighs at least a third of any other, so no single wrong entry hides; sizes differ, so that two wrong
    entries of opposite error do not cancel.
    """
    direction = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 1.5, size=shape)
    return np.asarray(direction / max(float(np.linalg.norm(direction)), EPS))


def coordinate(shape: tuple[int, ...], index: tuple[int, ...]) -> FloatArray:
    """The unit direction along one entry."""
    direction = np.zeros(shape)
    direction[index] = 1.0
    return direction


def start_step(point: FloatArray, direction: FloatArray) -> float:
    """The first step along a direction: 1e-3, and more where x is so large that x + h would lose the digits of h."""
    moved = float(np.linalg.norm(point[direction != 0])) if point.ndim else abs(float(point))
    # 1/64: at |x| = 100 a step of 1e-3 still has 11 digits.
    return START_STEP * float(2.0 ** np.ceil(np.log2(max(1.0, moved / 64))))


def real_array(value: Any, name: str) -> FloatArray:
    """The value as a new float64 array; it must be numeric, real and finite."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise UsageError(f"{name} must hold real numbers, but its dtype is {array.dtype}.")
    converted = array.astype(np.float64)
    if not np.all(np.isfinite(converted)):
        raise UsageError(f"{name} must be finite, but it holds nan or inf: nothing can be measured there.")
    return converted


def finite_values(value: Any) -> FloatArray:
    """What f returned at x, as float64; it must be real and finite."""
    return real_array(value, "f(x)")
