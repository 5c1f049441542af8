"""Gradient descent on parameters with names, with or without momentum: of a student's functions and of our own."""

from __future__ import annotations

from typing import Any


class Descent:
    """Moves parameters: v = momentum v - rate dw, then w = w + v."""

    def __init__(self, momentum: float = 0.0) -> None:
        self.momentum = momentum
        self.velocities: dict[str, Any] = {}

    def move(self, parameters: dict[str, Any], name: str, gradient: Any, rate: float) -> None:
        """Move one parameter against its gradient: put a new array in the place of the old."""
        if self.momentum:
            velocity = self.velocities[name] = self.momentum * self.velocities.get(name, 0.0) + -rate * gradient
            parameters[name] = parameters[name] + velocity
        else:
            # A product without a name: NumPy adds a large one in place, and no second array is written at every step.
            parameters[name] = parameters[name] + -rate * gradient

    def take(self, parameters: dict[str, Any], name: str, step: Any) -> None:
        """Move one parameter by a step, -rate times its gradient, that somebody else has computed."""
        self.move(parameters, name, step, rate=-1.0)
