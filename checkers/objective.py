"""A scalar function of named tensors at one point: what finite differences call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from .estimate import FloatArray, Line
    from .parameter_tree import ParameterTree


class Objective:
    """A scalar function of named tensors at one point, with its evaluations counted. Every call gets copies."""

    def __init__(self, f: Callable[..., Any], tree: ParameterTree, point: Sequence[FloatArray]) -> None:
        self.f, self.tree, self.point = f, tree, tuple(point)
        self.evaluations = 0
        self.changes_input = False
        self.centre = np.asarray(self.value())

    def value(self) -> float:
        """f at the point; remembers whether f changed what it was given."""
        given = [tensor.copy() for tensor in self.point]
        result = self._scalar(self._call(given))
        changed = (not np.array_equal(a, b) for a, b in zip(given, self.point, strict=True))
        self.changes_input = self.changes_input or any(changed)
        return float(result)

    def line(self, position: int, direction: FloatArray) -> Line:
        """t -> f with t times the direction added to one tensor."""

        def along(t: float | complex) -> NDArray[Any]:
            given: list[NDArray[Any]] = [tensor.copy() for tensor in self.point]
            given[position] = self.point[position] + t * direction
            return self._scalar(self._call(given))

        return along

    def _call(self, tensors: Sequence[NDArray[Any]]) -> Any:
        self.evaluations += 1
        return self.tree.call(self.f, tensors)

    @staticmethod
    def _scalar(value: Any) -> NDArray[Any]:
        array = np.asarray(value)
        if array.size != 1 or array.dtype.kind not in "biufc":
            raise ShapeError(
                f"f must return one number, the loss, but it returns {type(value).__name__} of shape {array.shape}. "
                "Try its mean or sum, or leave out what it returns besides the loss."
            )
        return array.reshape(())
