"""Gradient descent on parameters with names, with or without momentum: of a student's functions and of our own."""

from __future__ import annotations

from typing import Any


class Descent:
    """Moves parameters by their steps, -rate times the gradient: v = momentum v + step, then w = w + v."""

    def __init__(self, momentum: float = 0.0) -> None:
        self.momentum = momentum
        self.velocities: dict[str, Any] = {}

    def move(self, parameters: dict[str, Any], name: str, step: Any) -> None:
        """Put a new array in the place of the old."""
        if self.momentum:
            step = self.momentum * self.velocities.get(name, 0.0) + step
            self.velocities[name] = step
        parameters[name] = parameters[name] + step
