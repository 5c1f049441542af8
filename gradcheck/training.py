"""Training on an exercise: the reference, a student's functions or a planted mistake, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.call_findings import problem_of
from checkers.compiled_exercise import LoadedExercise
from checkers.errors import UsageError
from checkers.probes import Domain
from checkers.student.descent import Descent
from checkers.student_process import StudentProcess
from checkers.task_check import Caller, Probes, TaskRun, Wanted, rebound, run_tasks
from checkers.training.batches import mini_batches
from checkers.training.dataset import Dataset
from checkers.training.divergence import TRIAL, Divergence, divergence, reason
from checkers.training.exercise_learner import ExerciseLearner, Objective, mistake_called
from checkers.training.history import History, LearningError
from checkers.training.network import Reference
from checkers.training.plan import Plan, inputs_for, plans, targets_for
from checkers.training.reference_learner import Layers, ReferenceLearner
from checkers.training.run import Learner, Watch, race
from checkers.training.settings import Settings
from checkers.training.step_sizes import StepSizeCurve
from checkers.training.student_learner import StudentLearner
from checkers.training.student_loop import Called, called, loop_source

from .catalogue import find
from .compiled import compiled
from .datasets import auto_mpg, digits, load
from .own_report import read_text

AnyArray = NDArray[Any]

REFERENCE = "reference"
# Units of each hidden layer where nobody says how many: enough for the 8x8 digits.
HIDDEN = 32
# Strength of the L2 penalty where nobody says it: small, but seen in the cost.
REG = 1e-3


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


def train(request: Request, settings: Settings, watch: Watch | None = None) -> Trained:
    """Train the reference, and beside it a student's functions or a planted mistake, on the same mini-batches.

    Args:
        watch: called about ten times a second.

    Raises:
        UsageError: something of the request makes no sense, or the file does not fit the exercise.
    """
    with prepared(request, settings) as (trained, learners, again):
        _run(trained, learners, watch)
        trained.first_weights = {
            name: weights for name, one in learners.items() if (weights := _first_weights(one)) is not None
        }
        for name, history in trained.histories.items():
            found = divergence(history) if history.epochs else None
            if found is not None:
                trained.divergences[name] = replace(found, reason=_reason(again[name], trained))
    return trained


def _run(trained: Trained, learners: Mapping[str, Learner], watch: Watch | None) -> None:
    """Train; what is interrupted leaves what there is."""
    try:
        race(learners, trained.data, trained.settings, trained.histories, *([watch] if watch else []))
    except KeyboardInterrupt:
        trained.interrupted = True


def _first_weights(learner: Learner) -> AnyArray | None:
    """W of the first layer, (inputs, units); None where it cannot be had."""
    if isinstance(learner, ReferenceLearner):
        return learner.layers.weights[0]
    if not isinstance(learner, ExerciseLearner | StudentLearner):
        return None
    reference = learner.objective.reference
    try:
        parameters = learner.parameters() if isinstance(learner, StudentLearner) else learner.parameters
    except LearningError:
        return None
    return None if reference is None else reference.layers(parameters).weights[0]


Again = Callable[[], Learner]


@contextmanager
def prepared(request: Request, settings: Settings) -> Iterator[tuple[Trained, dict[str, Learner], dict[str, Again]]]:
    """What is to be trained, its learners, and how to begin each anew."""
    loaded = compiled(find(request.exercise))
    if request.file is not None and request.mistake is not None:
        raise UsageError("--mistake plants a mistake in the reference; leave out FILE, or --mistake.")
    model = _model(loaded, request, settings)
    data = _data(request, model.plan).as_type(request.dtype)
    sizes = (data.train.X.shape[1], *model.hidden, data.train.Y.shape[1])
    exercise = loaded.exercise
    trained = Trained(request, settings, data, exercise.id, exercise.title, sizes, model.activation)
    with ExitStack() as stack:
        again = _of_case(loaded, model.plan, trained, stack) if model.alone is None else _alone(model.alone, trained)
        yield trained, {name: make() for name, make in again.items()}, again


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
        again[REFERENCE] = _learning(objective.reference, objective.reference.layers(start), trained)
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


def _alone(reference: Reference, trained: Trained) -> dict[str, Again]:
    """The reference network with layers that no case of the exercise has."""
    start, dtype = trained.request.start, trained.request.dtype
    generator = np.random.default_rng(trained.settings.seed)
    layers = Layers.drawn(trained.sizes, start, generator, dtype=dtype, biases=reference.has_biases)
    return {REFERENCE: _learning(reference, layers, trained)}


def _learning(reference: Reference, layers: Layers, trained: Trained) -> Again:
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
            f"{loaded.exercise.id} has no loss with parameters that could be trained. "
            "Try linear-regression, softmax-regression, mlp, two-layer-net or update-rules."
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


def _data(request: Request, plan: Plan) -> Dataset:
    """The data asked for, or those that fit, with inputs and targets as the model needs them."""
    domain = plan.targets.domain
    if request.data is None:
        data = auto_mpg(scaled=request.scaled) if domain in {Domain.REAL, Domain.COUNTS} else digits()
    else:
        data = auto_mpg(scaled=request.scaled) if request.data == "auto-mpg" else load(request.data)
    classes = domain in {Domain.ONE_HOT, Domain.PROBABILITIES}
    train, test = (inputs_for(plan.inputs.domain, targets_for(domain, samples)) for samples in (data.train, data.test))
    return replace(data, train=train, test=test, classes=classes)


def _load_functions(
    student: StudentProcess, path: Path, loaded: LoadedExercise, plan: Plan, settings: Settings
) -> None:
    """Load a student's file and define the training step beside its functions.

    Raises:
        UsageError: the file cannot be read or run, or lacks a function that training needs.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    text = read_text(path, content)
    answer = student.load(path, text.source, lenient=text.notebook is not None)
    problem = problem_of(answer, student.timeout)
    if problem is not None and not answer.functions:
        raise UsageError(f"{path}: {problem.message}")
    known = {function.name: function for function in answer.functions}
    probes = Probes(loaded, settings.seed)
    wanted = [
        Wanted(task, known[task.name], [probe for probe in probes.of(task.name) if probe.case is plan.case])
        for task in plan.case.tasks
        if task.name in known
    ]
    runs = run_tasks(wanted, Caller(student, student.timeout))
    functions = [one for run in runs if run is not None and (one := _called(run)) is not None]
    missing = [task for task in (plan.task,) if task.name not in {one.task.name for one in functions}]
    if missing:
        raise UsageError(
            f"{path} has no {missing[0].signature} that works, and training needs it: gradcheck {path} says more."
        )
    student.restart()  # what the functions keep of these calls is gone
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


def _reason(again: Again, trained: Trained) -> str:
    """Why a learner went wrong, from its first steps at smaller rates."""
    size = trained.settings.batch
    samples = trained.data.train.first(TRIAL * size)
    rows = mini_batches(np.arange(len(samples)), size)

    def trial(rate: float) -> tuple[float, float]:
        learner = again()
        with np.errstate(all="ignore"):
            before = learner.measure(samples, classes=False).cost
            learner.learn(samples, [rows[step % len(rows)] for step in range(TRIAL)], rate)
            return before, learner.measure(samples, classes=False).cost

    try:
        found = reason(trial, trained.settings.rate)
    except LearningError:
        return ""
    widest = float(np.abs(samples.X).max())
    if "too large" in found and widest > LARGE:
        found += f"; the inputs reach {widest:,.0f}: scaled to about 1 they bear a larger rate"
    return found


# Inputs above this make the curvature of a loss, and so the smallest rate that diverges, a matter of their scale.
LARGE = 50.0
