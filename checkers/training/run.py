"""A training run: epochs of steps, measured after each; one learner, or several on the same mini-batches."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from .batches import mini_batches
from .dataset import Dataset, Samples
from .history import Epoch, History, LearningError, Score
from .settings import Settings

IntArray = NDArray[np.intp]

# Seconds of steps between two reports: a person sees it move, and telling costs nothing beside it.
REPORT_EVERY = 0.1


class Learner(Protocol):
    """What learns: the reference network, the exercise with a mistake planted, or a student's functions.

    Attributes:
        at_once: does it take whole epochs only?
    """

    at_once: ClassVar[bool]

    def learn(self, samples: Samples, batches: Sequence[IntArray], rate: float) -> Sequence[float]:
        """One step for each batch of rows; the cost of each batch before its step."""

    def measure(self, samples: Samples, *, classes: bool) -> Score:
        """Cost and accuracy on all samples, the penalty included."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: after `step` of `steps` steps of `epoch`."""

    epoch: int
    step: int
    steps: int


@dataclass(slots=True)
class Pace:
    """How many batches are learnt between two reports.

    It is kept from epoch to epoch: every piece costs a student's learner a message to another process.

    >>> pace = Pace()
    >>> pace.adapt(1, seconds=0.001)
    >>> pace.batches
    2
    >>> pace.adapt(2, seconds=1.0)
    >>> pace.batches
    1
    """

    batches: int = 1
    is_fixed: bool = False

    def adapt(self, learnt: int, seconds: float) -> None:
        """So many batches took so many seconds: the next piece should take `REPORT_EVERY`, and at most doubles."""
        if self.is_fixed:
            return
        fitting = int(learnt * REPORT_EVERY / max(seconds, 1e-9))
        self.batches = max(1, min(fitting, 2 * self.batches))


Watch = Callable[[str, Progress, History], None]


def _unwatched(name: str, progress: Progress, history: History) -> None:
    """Nobody looks."""


def train(learner: Learner, data: Dataset, settings: Settings) -> History:
    """Train until the epochs are over, the test cost has not fallen for `settings.patience` of them, or it is nan.

    Returns:
        The history: the cost of every batch, and cost and accuracy on all samples after each epoch.
    """
    history = History()
    for _ in epochs("", learner, data, settings, history, _unwatched):
        pass
    return history


def race(
    learners: Mapping[str, Learner],
    data: Dataset,
    settings: Settings,
    histories: dict[str, History],
    watch: Watch = _unwatched,
) -> None:
    """Train several learners on the same mini-batches, an epoch of each in turn.

    A learner that stops leaves the others running.

    Args:
        histories: filled as it goes, so that an interrupted run leaves what there is.
        watch: called about ten times a second with a learner's name, where it is and its history.
    """
    running: dict[str, Iterator[Epoch]] = {}
    for name, learner in learners.items():
        history = histories[name] = History()
        running[name] = epochs(name, learner, data, settings, history, watch)
    while running:
        for name in list(running):
            try:
                ended = next(running[name], None) is None
            except LearningError as stopped:
                histories[name].stopped, ended = stopped, True
            if ended:
                del running[name]


def epochs(
    name: str, learner: Learner, data: Dataset, settings: Settings, history: History, watch: Watch
) -> Iterator[Epoch]:
    """Train, one epoch at a time; the first is the model before the first step."""
    history.epochs.append(Epoch(0, *_scores(learner, data)))
    yield history.last
    orders = _orders(len(data.train), settings)
    # A student's own loop takes whole epochs.
    at_once = learner.at_once
    rate, pace = settings.rate, Pace(len(data.train), is_fixed=True) if at_once else Pace()
    for number in range(1, settings.epochs + 1):
        batches = mini_batches(next(orders), settings.batch)
        seconds = _steps(name, learner, data.train, batches, rate, number, history, watch, pace)
        history.epochs.append(Epoch(number, *_scores(learner, data), seconds))
        watch(name, Progress(number, len(batches), len(batches)), history)
        yield history.last
        rate *= settings.decay
        if not math.isfinite(history.last.train.cost):
            return
        if settings.patience is not None and number - history.best.number >= settings.patience:
            return


def _scores(learner: Learner, data: Dataset) -> tuple[Score, Score]:
    with np.errstate(all="ignore"):
        return learner.measure(data.train, classes=data.classes), learner.measure(data.test, classes=data.classes)


def _orders(count: int, settings: Settings) -> Iterator[IntArray]:
    """The order of the samples in each epoch."""
    generator = np.random.default_rng(settings.seed)
    while True:
        yield generator.permutation(count) if settings.shuffle else np.arange(count)


def _steps(
    name: str,
    learner: Learner,
    samples: Samples,
    batches: Sequence[IntArray],
    rate: float,
    number: int,
    history: History,
    watch: Watch,
    pace: Pace,
) -> float:
    """Seconds of one epoch's steps."""
    done, seconds = 0, 0.0
    while done < len(batches):
        piece = batches[done : done + pace.batches]
        began = time.perf_counter()
        with np.errstate(all="ignore"):
            history.costs.extend(learner.learn(samples, piece, rate))
        took = time.perf_counter() - began
        done, seconds = done + len(piece), seconds + took
        pace.adapt(len(piece), took)
        watch(name, Progress(number, done, len(batches)), history)
    return seconds
