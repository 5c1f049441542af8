"""What came of a training run."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..errors import GradcheckError
from ..findings import Finding


class LearningError(GradcheckError):
    """A learner cannot go on.

    Attributes:
        finding: why.
        step: the step it did not get through, from 1.
    """

    def __init__(self, finding: Finding, step: int) -> None:
        super().__init__(finding.message)
        self.finding = finding
        self.step = step


@dataclass(frozen=True, slots=True)
class Score:
    """How good a model is on some samples.

    Attributes:
        cost: mean loss of the samples, the penalty included.
        accuracy: share of the samples whose likeliest class is theirs; None where there are no classes.
    """

    cost: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """The model after an epoch.

    Attributes:
        number: 0 before the first.
        seconds: of the steps, measuring left out.
    """

    number: int
    train: Score
    test: Score
    seconds: float = 0.0


@dataclass(slots=True)
class History:
    """What came of a training run.

    Attributes:
        costs: of every batch, before its step.
        epochs: the model before the first step and after each epoch.
        stopped: why it did not get to the end.
    """

    costs: list[float] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    stopped: LearningError | None = None

    @property
    def last(self) -> Epoch:
        """The model as it is now."""
        return self.epochs[-1]

    @property
    def best(self) -> Epoch:
        """The epoch of the lowest test cost."""
        return min(self.epochs, key=lambda epoch: epoch.test.cost)

    def first_below(self, cost: float) -> int | None:
        """The first epoch after which the training cost is at most this; None if there is none."""
        return next((epoch.number for epoch in self.epochs if epoch.train.cost <= cost), None)
