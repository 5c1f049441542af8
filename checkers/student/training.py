"""Training with a student's functions, in their process: arrays through a pipe at every step would cost more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


class Loop:
    """The data, the parameters, and one step that calls the student's functions.

    Attributes:
        step: moves the parameters by one mini-batch; the cost that the student's functions give it, or None.
        steps: how many there have been.
    """

    def __init__(self, step: Callable[[Loop, Any, Any, float], Any]) -> None:
        self.step = step
        self.pieces: dict[str, list[Any]] = {"X": [], "Y": []}
        self.data: dict[str, Any] = {}
        self.parameters: dict[str, Any] = {}
        self.velocities: dict[str, Any] = {}
        self.momentum = 0.0
        self.steps = 0

    def take(self, name: str, piece: Any) -> None:
        """Some rows of X or Y."""
        self.pieces[name].append(piece)

    def begin(self, parameters: dict[str, Any], momentum: float) -> None:
        """The data are complete; start, or start again, with these parameters."""
        if self.pieces:
            self.data = {name: np.concatenate(pieces) for name, pieces in self.pieces.items()}
            self.pieces = {}
        self.parameters, self.velocities, self.momentum, self.steps = parameters, {}, momentum, 0

    def learn(self, order: Any, size: int, rate: float) -> Any:
        """One step for each mini-batch of `size` rows in this order; the student's costs, nan where there are none."""
        costs = []
        X, Y = self.data["X"], self.data["Y"]
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            cost = self.step(self, X[rows], Y[rows], rate)
            self.steps += 1
            costs.append(np.nan if cost is None else float(cost if isinstance(cost, np.floating) else np.squeeze(cost)))
        return np.array(costs)

    def move(self, name: str, gradient: Any, rate: float) -> None:
        """Move one parameter against its gradient.

        Raises:
            ValueError: the gradient has another shape.
        """
        parameter, gradient = self.parameters[name], self.like(name, gradient)
        if self.momentum:
            self.velocities[name] = self.momentum * self.velocities.get(name, 0.0) + -rate * gradient
            self.parameters[name] = parameter + self.velocities[name]
        else:
            # A product without a name: NumPy adds a large one in place, and no second array is written at every step.
            self.parameters[name] = parameter + -rate * gradient

    def like(self, name: str, array: Any) -> Any:
        """An array in the shape of a parameter: (k,) for (k, 1) is no mistake.

        Raises:
            ValueError: it has another shape.
        """
        found, wanted = np.asarray(array), np.shape(self.parameters[name])
        if found.shape == wanted:
            return found
        if [n for n in found.shape if n != 1] != [n for n in wanted if n != 1]:
            raise ValueError(f"{name} has the shape {wanted}, but its gradient {found.shape}")
        return found.reshape(wanted)
