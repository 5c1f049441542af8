"""Gradient descent on parameters with names, with or without momentum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]


@dataclass(slots=True)
class Descent:
    """Moves parameters against their gradients: v = momentum v - rate dw, then w = w + v."""

    momentum: float = 0.0
    velocities: dict[str, AnyArray] = field(default_factory=dict)

    def step(self, parameters: dict[str, AnyArray], gradients: Mapping[str, Any], rate: float) -> None:
        """Put new arrays in the place of the old."""
        for name, gradient in gradients.items():
            move = -rate * np.asarray(gradient)
            if self.momentum:
                move = self.momentum * self.velocities.get(name, 0.0) + move
                self.velocities[name] = move
            parameters[name] = parameters[name] + move
