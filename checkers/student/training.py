"""Training with a student's functions, in their process: arrays through a pipe at every step would cost more."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .descent import Descent

if TYPE_CHECKING:
    from collections.abc import Callable


class Rows:
    """The data, as they come in pieces."""

    def __init__(self) -> None:
        self.pieces: dict[str, list[Any]] = {}

    def take(self, name: str, piece: Any) -> None:
        """Some rows of an array."""
        self.pieces.setdefault(name, []).append(piece)

    def whole(self) -> dict[str, Any]:
        """The arrays, put together when they are first asked for."""
        self.pieces = {
            name: pieces if len(pieces) == 1 else [np.concatenate(pieces)] for name, pieces in self.pieces.items()
        }
        return {name: array for name, (array,) in self.pieces.items()}


class Loop(Rows):
    """The data, the parameters, and one step that calls the student's functions.

    Attributes:
        step: moves the parameters by one mini-batch; the cost that the student's functions give it, or None.
        updates: does the step `put` new values, and not only `move` by gradients?
        steps: how many there have been.
    """

    def __init__(self, step: Callable[[Loop, Any, Any, float], Any], *, updates: bool = False) -> None:
        super().__init__()
        self.step, self.updates = step, updates
        self.data: dict[str, Any] = {}
        self.parameters: dict[str, Any] = {}
        self.before: dict[str, Any] = {}
        self.descent = Descent()
        self.steps = 0

    def begin(self, parameters: dict[str, Any], momentum: float) -> None:
        """The data are complete; start, or start again, with these parameters."""
        self.data = self.whole()
        self.parameters, self.descent, self.steps = parameters, Descent(momentum), 0

    def learn(self, order: Any, ends: Any, rate: float) -> Any:
        """One step for each mini-batch; the student's costs, nan where there are none.

        `order` holds the rows of all batches, one batch after the other; `ends` where each of them ends.
        """
        costs = []
        X, Y = self.data["X"], self.data["Y"]
        for start, end in pairwise([0, *ends.tolist()]):
            rows = order[start:end]
            if self.updates and self.descent.momentum:
                # An update may work in place; its step is told from what was there before.
                self.before = {name: np.array(array) for name, array in self.parameters.items()}
            cost = self.step(self, X[rows], Y[rows], rate)
            self.steps += 1
            costs.append(np.nan if cost is None else float(cost if isinstance(cost, np.floating) else np.squeeze(cost)))
        return np.array(costs)

    def move(self, name: str, gradient: Any, rate: float) -> None:
        """Move one parameter against its gradient.

        Raises:
            ValueError: the gradient has another shape.
        """
        self.descent.move(self.parameters, name, self.like(name, gradient), rate)

    def put(self, name: str, value: Any) -> None:
        """Take the value that the student's update gives a parameter; the velocity, if any, is added to its step.

        Raises:
            ValueError: the value has another shape.
        """
        found = self.like(name, value)
        if not self.descent.momentum:
            self.parameters[name] = found
            return
        step = found - self.before[name]
        self.parameters[name] = self.before[name]
        self.descent.take(self.parameters, name, step)

    def like(self, name: str, array: Any) -> Any:
        """An array in the shape of a parameter: (k,) for (k, 1) is no mistake.

        Raises:
            ValueError: it has another shape, or is no array of real numbers.
        """
        found, wanted = np.asarray(array), np.shape(self.parameters[name])
        if found.dtype.kind not in "biuf":
            raise ValueError(f"{name} would be moved by what is no array of real numbers, but of {found.dtype}")
        if found.shape == wanted:
            return found
        if [n for n in found.shape if n != 1] != [n for n in wanted if n != 1]:
            raise ValueError(f"{name} has the shape {wanted}, but what it is moved by or to has {found.shape}")
        return found.reshape(wanted)
