"""Training loops that learn: a student's own `train_model` beside the reference."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from checkers.compiled_exercise import LoadedExercise
from checkers.errors import UsageError
from checkers.probes import Domain
from checkers.reference_mlp import ReferenceMLP
from checkers.reference_oracle import Layer, NetworkSpec
from checkers.student_process import StudentProcess
from checkers.tasks import Task
from checkers.training.network import Reference
from checkers.training.settings import Settings
from checkers.training.whole_run import WholeRunLearner, whole_run_source

from .gradients import drawn_layers, learning
from .request import HIDDEN, REFERENCE, Again, Request, Trained, data_for
from .student_file import tried

# Plain loops over 60,000 images take a minute.
SECONDS_AN_EPOCH = 120.0


def loop_task(loaded: LoadedExercise) -> Task | None:
    """The training loop that an exercise asks for, if it does."""
    return next((task for task in loaded.exercise.tasks if task.judged_by == "training-run"), None)


def loop_learners(
    loaded: LoadedExercise, task: Task, request: Request, settings: Settings, stack: ExitStack
) -> tuple[Trained, dict[str, Again]]:
    """The reference, a relu network with softmax, and beside it a student's own loop, from the same first weights.

    Raises:
        UsageError: the request makes no sense for a loop, or the file has none that works.
    """
    _check(loaded, request, settings)
    data = data_for(request, Domain.REAL, Domain.ONE_HOT).as_type(request.dtype)
    hidden = (HIDDEN,) if request.hidden is None else request.hidden
    sizes = (data.train.X.shape[1], *hidden, data.train.Y.shape[1])
    exercise = loaded.exercise
    trained = Trained(request, settings, data, exercise.id, exercise.title, sizes, "relu" if hidden else None)
    spec = NetworkSpec(tuple(Layer(f"W{n}", f"b{n}", False, f"Z{n}") for n in range(1, len(sizes))), "softmax")
    reference = Reference(spec, ReferenceMLP("relu", "softmax"), 0.0)
    layers = drawn_layers(trained)
    again: dict[str, Again] = {REFERENCE: learning(reference, layers, trained)}
    if request.file is not None:
        student = stack.enter_context(StudentProcess(timeout=SECONDS_AN_EPOCH))
        _load_loop(student, request.file, loaded, task, settings)

        def begin() -> WholeRunLearner:
            return WholeRunLearner(student, reference, sizes, layers.copy(), settings.seed)

        begin().send(data)
        again[request.file.name] = begin
    return trained, again


def _check(loaded: LoadedExercise, request: Request, settings: Settings) -> None:
    name = loaded.exercise.id
    if request.mistake is not None:
        raise UsageError(f"{name} has no loss of its own whose gradient could be mistaken. Try --mistake with mlp.")
    if request.activation not in {None, "relu"}:
        raise UsageError(f"the networks of {name} have relu, not {request.activation}.")
    if request.file is not None and settings.momentum:
        raise UsageError(f"the training loops of {name} have no momentum; leave out --momentum, or FILE.")


def _load_loop(student: StudentProcess, path: Path, loaded: LoadedExercise, task: Task, settings: Settings) -> None:
    """Load a student's file and define beside its loop the function that runs one epoch of it."""
    case = next(case for case in loaded.exercise.cases if task in case.tasks)
    runs = tried(student, path, loaded, case, [task], settings.seed)
    run = next((run for run in runs if not all(trial.failed for trial in run.trials)), None)
    if run is None:
        more = f"gradcheck {path} --exercise {loaded.exercise.id} says more"
        raise UsageError(f"{path} has no {task.signature} that works: {more}.")
    student.define(whole_run_source(run.function.name, run.binding))
