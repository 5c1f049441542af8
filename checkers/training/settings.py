"""How a training run goes: everything but the model and the data."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """How a training run goes.

    Attributes:
        epochs: how often every sample is used.
        batch: samples of a mini-batch.
        rate: learning rate of the first epoch.
        decay: what the rate is multiplied by after each epoch.
        momentum: the share of the velocity that each step keeps; 0 for plain gradient descent.
        reg: strength of the L2 penalty, if the model has one.
        patience: epochs without a lower test cost after which training stops; None to go on to the end.
        shuffle: is the order of the samples drawn anew for each epoch?
        seed: of the order.

    Raises:
        UsageError: a value makes no sense; the text says which.
    """

    epochs: int = 20
    batch: int = 30
    rate: float = 0.1
    decay: float = 1.0
    momentum: float = 0.0
    reg: float = 0.0
    patience: int | None = None
    shuffle: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        rules = (
            ("epochs", self.epochs >= 1, "a whole number from 1 up"),
            ("batch", self.batch >= 1, "a whole number from 1 up"),
            ("rate", 0 < self.rate < math.inf, "a number above 0"),
            ("decay", 0 < self.decay <= 1, "a number above 0, up to 1"),
            ("momentum", 0 <= self.momentum < 1, "a number from 0 up, below 1"),
            ("reg", 0 <= self.reg < math.inf, "a number from 0 up"),
            ("patience", self.patience is None or self.patience >= 1, "a whole number from 1 up"),
            ("seed", self.seed >= 0, "a whole number from 0 up"),
        )
        for name, holds, expected in rules:
            if not holds:
                raise UsageError(f"{name}={getattr(self, name)} should be {expected}.")
