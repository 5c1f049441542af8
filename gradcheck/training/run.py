"""A training run from its request to its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.errors import UsageError
from checkers.training.batches import mini_batches
from checkers.training.divergence import TRIAL, divergence, reason
from checkers.training.exercise_learner import ExerciseLearner
from checkers.training.history import LearningError
from checkers.training.reference_learner import ReferenceLearner
from checkers.training.run import Learner, Watch, race
from checkers.training.settings import Settings
from checkers.training.student_learner import StudentLearner
from checkers.training.whole_run import WholeRunLearner

from ..catalogue import find
from ..compiled import compiled
from .gradients import gradient_learners
from .loops import loop_learners, loop_task
from .request import REFERENCE, Again, Request, Trained

AnyArray = NDArray[Any]


def train(request: Request, settings: Settings, watch: Watch | None = None) -> Trained:
    """Train the reference, and beside it a student's functions or a planted mistake, on the same mini-batches.

    Args:
        watch: called about ten times a second.

    Raises:
        UsageError: something of the request makes no sense, or the file does not fit the exercise.
    """
    with prepared(request, settings) as (trained, learners, again):
        _run(trained, learners, watch)
        for name, learner in learners.items():
            # A student's process that was interrupted may be in an endless loop: nothing more is asked of it.
            is_free = not (trained.interrupted and isinstance(learner, StudentLearner))
            weights = _first_weights(learner) if is_free else None
            if weights is not None:
                trained.first_weights[name] = weights
        for name, history in trained.histories.items():
            found = divergence(history) if history.epochs else None
            if found is not None:
                why = "" if trained.interrupted else _reason(name, learners[name], again[name], trained)
                trained.divergences[name] = replace(found, reason=why)
    return trained


def _run(trained: Trained, learners: Mapping[str, Learner], watch: Watch | None) -> None:
    """Train; what is interrupted leaves what there is."""
    try:
        race(learners, trained.data, trained.settings, trained.histories, *([watch] if watch else []))
    except KeyboardInterrupt:
        trained.interrupted = True


def _first_weights(learner: Learner) -> AnyArray | None:
    """W of the first layer, (inputs, units); None where it cannot be had."""
    if isinstance(learner, ReferenceLearner | WholeRunLearner):
        return learner.layers.weights[0]
    if not isinstance(learner, ExerciseLearner | StudentLearner):
        return None
    reference = learner.objective.reference
    try:
        parameters = learner.parameters() if isinstance(learner, StudentLearner) else learner.parameters
    except LearningError:
        return None
    return None if reference is None else reference.layers(parameters).weights[0]


@contextmanager
def prepared(request: Request, settings: Settings) -> Iterator[tuple[Trained, dict[str, Learner], dict[str, Again]]]:
    """What is to be trained, its learners, and how to begin each anew."""
    loaded = compiled(find(request.exercise))
    if request.file is not None and request.mistake is not None:
        raise UsageError("--mistake plants a mistake in the reference; leave out FILE, or --mistake.")
    task = loop_task(loaded)
    with ExitStack() as stack:
        try:
            if task is not None:
                trained, again = loop_learners(loaded, task, request, settings, stack)
            else:
                trained, again = gradient_learners(loaded, request, settings, stack)
            learners = {name: make() for name, make in again.items()}
        except MemoryError as error:
            raise UsageError(
                f"these layers and data do not fit into memory: {error}. Try a smaller --hidden."
            ) from error
        yield trained, learners, again


def _reason(name: str, learner: Learner, again: Again, trained: Trained) -> str:
    """Why a learner went wrong, from its first steps, or its first epoch, at smaller rates."""
    taken = "the first epoch" if learner.at_once else f"the first {TRIAL} steps"
    others_learn = name != REFERENCE and REFERENCE not in trained.divergences
    size = trained.settings.batch
    samples = trained.data.train.first(TRIAL * size)
    rows = mini_batches(np.arange(len(samples)), size)

    def trial(rate: float) -> tuple[float, float]:
        fresh = again()
        with np.errstate(all="ignore"):
            before = fresh.measure(samples, classes=False).cost
            fresh.learn(samples, [rows[step % len(rows)] for step in range(TRIAL)], rate)
            return before, fresh.measure(samples, classes=False).cost

    try:
        found = reason(trial, trained.settings.rate, taken, others_learn=others_learn)
    except LearningError:
        return ""
    widest = float(np.abs(samples.X).max())
    if "too large" in found and widest > LARGE:
        found += f"; the inputs reach {widest:,.0f}: scaled to about 1 they bear a larger rate"
    return found


# Inputs above this make the curvature of a loss, and so the smallest rate that diverges, a matter of their scale.
LARGE = 50.0
