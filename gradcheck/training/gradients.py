"""Gradients that learn: of the reference, of a student's functions, or with a mistake planted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.compiled_exercise import LoadedExercise
from checkers.errors import UsageError
from checkers.student.descent import Descent
from checkers.student_process import StudentProcess
from checkers.task_check import TaskRun, rebound
from checkers.training.exercise_learner import ExerciseLearner, Objective, mistake_called
from checkers.training.network import Reference
from checkers.training.plan import Plan, plans
from checkers.training.reference_learner import Layers, ReferenceLearner
from checkers.training.settings import Settings
from checkers.training.student_learner import StudentLearner
from checkers.training.student_loop import Called, called, loop_source

from .request import HIDDEN, REFERENCE, Again, Request, Trained, data_for
from .student_file import tried

AnyArray = NDArray[Any]


def gradient_learners(
    loaded: LoadedExercise, request: Request, settings: Settings, stack: ExitStack
) -> tuple[Trained, dict[str, Again]]:
    """What is to be trained on the loss of an exercise, and how to begin each learner."""
    model = _model(loaded, request, settings)
    data = data_for(request, model.plan.inputs.domain, model.plan.targets.domain).as_type(request.dtype)
    sizes = (data.train.X.shape[1], *model.hidden, data.train.Y.shape[1])
    trained = Trained(request, settings, data, loaded.exercise.id, loaded.exercise.title, sizes, model.activation)
    if model.alone is None:
        return trained, _of_case(loaded, model.plan, trained, stack)
    layers = drawn_layers(trained, biases=model.alone.has_biases)
    return trained, {REFERENCE: learning(model.alone, layers, trained)}


def _of_case(loaded: LoadedExercise, plan: Plan, trained: Trained, stack: ExitStack) -> dict[str, Again]:
    """What learns the layers of a case of the exercise: the reference, a mistake or a student's functions."""
    request, settings, data = trained.request, trained.settings, trained.data
    inputs, *hidden, outputs = trained.sizes
    sizes = plan.sizes(inputs, outputs, hidden)
    start = plan.start(sizes, request.start, np.random.default_rng(settings.seed), request.dtype)
    objective = Objective.of(loaded, plan)
    again: dict[str, Again] = {}
    if objective.reference is None:
        again[REFERENCE] = lambda: ExerciseLearner(objective, dict(start), Descent(settings.momentum))
        trained.step_sizes = objective.step_sizes(start, data.train.first(settings.batch))
    else:
        again[REFERENCE] = learning(objective.reference, objective.reference.layers(start), trained)
    if request.mistake is not None:
        mistake = mistake_called(objective, request.mistake)
        trained.mistake = mistake.message
        again[mistake.code] = lambda: ExerciseLearner(objective, dict(start), Descent(settings.momentum), mistake)
    if request.file is not None:
        student = stack.enter_context(StudentProcess())
        _load_functions(student, request.file, loaded, plan, settings)
        StudentLearner(student, objective).send(data.train)
        again[request.file.name] = lambda: _student(student, objective, start, settings)
    return again


def drawn_layers(trained: Trained, *, biases: bool = True) -> Layers:
    """The first weights of a network with layers that no case of the exercise has."""
    generator = np.random.default_rng(trained.settings.seed)
    return Layers.drawn(trained.sizes, trained.request.start, generator, dtype=trained.request.dtype, biases=biases)


def learning(reference: Reference, layers: Layers, trained: Trained) -> Again:
    """The reference network with these first weights, and how good finite differences of its cost are there."""
    settings = trained.settings
    trained.step_sizes = reference.step_sizes(layers, trained.data.train.first(settings.batch))
    return lambda: ReferenceLearner(reference.network, layers.copy(), settings.momentum, reference.reg)


@dataclass(frozen=True, slots=True)
class _Model:
    """What is trained.

    Attributes:
        plan: the case of the exercise with these layers, or one that lends its loss, its penalty and its data.
        hidden: units of the hidden layers.
        activation: of the hidden layers; None without any, or where the exercise does not say.
        alone: the reference network, where no case has these layers and this activation.
    """

    plan: Plan
    hidden: tuple[int, ...]
    activation: str | None
    alone: Reference | None = None


def _model(loaded: LoadedExercise, request: Request, settings: Settings) -> _Model:
    """The case of the exercise that has the wanted layers and activation; without one, the reference network alone.

    Raises:
        UsageError: nothing has them; the text says what there is.
    """
    strengths = {case.network.strength for case in loaded.exercise.cases if case.network is not None}
    found = plans(loaded, dict.fromkeys((name for name in strengths if name), settings.reg))
    if not found:
        raise UsageError(
            f"{loaded.exercise.id} cannot be trained: that takes a function that returns the gradients of all "
            "parameters, of one array of inputs, (samples, features), and one of targets. "
            "Try linear-regression, softmax-regression, mlp, two-layer-net, update-rules or training."
        )
    depth = min((one.depth for one in found), key=lambda depth: abs(depth - 1))
    hidden = (HIDDEN,) * depth if request.hidden is None else request.hidden
    if request.activation is not None and not hidden:
        raise UsageError("--activation is of the hidden layers, and there are none. Try --hidden 128,64.")
    fitting = [one for one in found if one.depth == len(hidden) and request.activation in {None, _activation(one)}]
    if fitting:
        return _Model(fitting[0], hidden, _activation(fitting[0]) if hidden else None)
    lender = min(found, key=lambda one: (one.case.network is None, abs(one.depth - len(hidden))))
    reference = Reference.of(lender, request.activation)
    if request.file is not None or request.mistake is not None or reference is None:
        listing = ", ".join(sorted({_described(one) for one in found}))
        alone = " Without FILE and --mistake the reference network takes any layers." if reference is not None else ""
        raise UsageError(
            f"{loaded.exercise.id} has no case with that --hidden and --activation; it has {listing}.{alone}"
        )
    return _Model(lender, hidden, reference.network.activation if hidden else None, reference)


def _described(plan: Plan) -> str:
    layers = "no hidden layer" if plan.depth == 0 else f"{plan.depth} hidden layer{'s' if plan.depth > 1 else ''}"
    return layers if plan.depth == 0 or _activation(plan) is None else f"{layers} of {_activation(plan)}"


def _activation(plan: Plan) -> str | None:
    return plan.case.network.activation if plan.case.network is not None else None


def _load_functions(
    student: StudentProcess, path: Path, loaded: LoadedExercise, plan: Plan, settings: Settings
) -> None:
    """Load a student's file and define the training step beside its functions.

    Raises:
        UsageError: the file cannot be read or run, or lacks a function that training needs.
    """
    runs = tried(student, path, loaded, plan.case, plan.case.tasks, settings.seed)
    functions = [one for run in runs if (one := _called(run)) is not None]
    missing = [task for task in (plan.task,) if task.name not in {one.task.name for one in functions}]
    if missing:
        raise UsageError(
            f"{path} has no {missing[0].signature} that works, and training needs it: gradcheck {path} says more."
        )
    student.define(loop_source(plan, functions))


def _called(run: TaskRun) -> Called | None:
    """A function that returned what it should, right or wrong; None for one that did not."""
    trial = next((trial for trial in run.trials if not trial.failed), None)
    if trial is None:
        return None
    return called(trial.probe.task, run.function.name, rebound(run.binding, trial.probe.task), trial.result.value)


def _student(
    student: StudentProcess, objective: Objective, start: Mapping[str, AnyArray], settings: Settings
) -> StudentLearner:
    learner = StudentLearner(student, objective)
    learner.begin(start, settings.momentum)
    return learner
