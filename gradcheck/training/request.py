"""What is to be trained, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from checkers.probes import Domain
from checkers.training.dataset import Dataset
from checkers.training.divergence import Divergence
from checkers.training.history import History
from checkers.training.plan import inputs_for, targets_for
from checkers.training.run import Learner
from checkers.training.settings import Settings
from checkers.training.step_sizes import StepSizeCurve

from ..datasets import auto_mpg, digits, load

AnyArray = NDArray[Any]

REFERENCE = "reference"
# Units of each hidden layer where nobody says how many: enough for the 8x8 digits.
HIDDEN = 32


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be trained.

    Attributes:
        exercise: its id or folder.
        file: a student's file, whose functions are trained beside the reference.
        mistake: the code of a mistake that is planted beside the reference.
        data: a data set's name or an .npz file; None for the one that fits the exercise.
        scaled: are the features of Auto MPG scaled to [0, 1]?
        hidden: units of the hidden layers; None for the exercise's own number of layers, with 32 units.
        activation: of the hidden layers; None for the exercise's own.
        start: how weights are drawn, see `checkers.training.initial`.
        dtype: float32 or float64.
    """

    exercise: str
    file: Path | None = None
    mistake: str | None = None
    data: str | None = None
    scaled: bool = True
    hidden: tuple[int, ...] | None = None
    activation: str | None = None
    start: str = "he"
    dtype: str = "float64"


@dataclass(slots=True)
class Trained:
    """What came of a training run.

    Attributes:
        exercise: its id.
        sizes: of the layers, inputs first.
        histories: by learner: "reference", and the student's file or the code of the mistake.
        first_weights: by learner: W of the first layer at the end, (inputs, units).
        step_sizes: how good a finite difference of the cost is, by its step, before the first step of training.
        divergences: of the learners that went wrong.
        interrupted: did the user stop it?
    """

    request: Request
    settings: Settings
    data: Dataset
    exercise: str
    title: str
    sizes: tuple[int, ...]
    activation: str | None
    histories: dict[str, History] = field(default_factory=dict)
    first_weights: dict[str, AnyArray] = field(default_factory=dict)
    step_sizes: StepSizeCurve | None = None
    divergences: dict[str, Divergence] = field(default_factory=dict)
    mistake: str = ""
    interrupted: bool = False


# Begins a learner anew.
Again = Callable[[], Learner]


def data_for(request: Request, inputs: Domain, targets: Domain) -> Dataset:
    """The data asked for, or those that fit, with inputs and targets as the model needs them."""
    if request.data is None:
        data = auto_mpg(scaled=request.scaled) if targets in {Domain.REAL, Domain.COUNTS} else digits()
    else:
        data = auto_mpg(scaled=request.scaled) if request.data == "auto-mpg" else load(request.data)
    classes = targets in {Domain.ONE_HOT, Domain.PROBABILITIES}
    train, test = (inputs_for(inputs, targets_for(targets, samples)) for samples in (data.train, data.test))
    return replace(data, train=train, test=test, classes=classes)
