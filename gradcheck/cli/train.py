"""`gradcheck train EXERCISE [FILE]`."""

import sys
import time
from enum import StrEnum
from math import isnan
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import UsageError

from .exit_codes import ExitCode
from .terminal import check_writable, print_with, write_content, write_document

if TYPE_CHECKING:
    from rich.progress import TaskID

    from checkers.training.history import History
    from checkers.training.run import Progress
    from gradcheck.training import Trained

# Seconds between two pictures: more are not seen; and between two lines of a log.
DRAW_EVERY, LOG_EVERY = 0.125, 5.0


class TrainFormat(StrEnum):
    """What a training run can be written as."""

    TEXT = "text"
    JSON = "json"


class Start(StrEnum):
    """How weights are drawn before the first step."""

    UNIFORM = "uniform"
    NORMAL = "normal"
    FAN_IN = "fan-in"
    HE = "he"


class Precision(StrEnum):
    """Of all arrays."""

    SINGLE = "float32"
    DOUBLE = "float64"


def train(
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE", help="Its id or folder.", show_default=False)],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A file whose functions learn beside the reference.", show_default=False),
    ] = None,
    *,
    mistake: Annotated[
        str | None,
        typer.Option("--mistake", metavar="CODE", help="Plant one mistake and train beside the right gradients."),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="How often every sample is used.")] = 20,
    batch: Annotated[int, typer.Option(min=1, help="Samples of a mini-batch.")] = 30,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 0.1,
    decay: Annotated[float, typer.Option(help="What the rate is multiplied by after each epoch.")] = 1.0,
    momentum: Annotated[float, typer.Option(help="Share of the velocity that a step keeps.")] = 0.0,
    reg: Annotated[float, typer.Option(help="Strength of the L2 penalty, if the exercise has one.")] = 1e-3,
    patience: Annotated[
        int | None,
        typer.Option(min=1, help="Stop after so many epochs without a lower test cost.", show_default=False),
    ] = None,
    hidden: Annotated[
        str | None, typer.Option(metavar="128,64", help="Units of the hidden layers.", show_default=False)
    ] = None,
    activation: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Of the hidden layers: relu, sigmoid, tanh, improved-sigmoid.", show_default=False
        ),
    ] = None,
    start: Annotated[Start, typer.Option(help="How the first weights are drawn.")] = Start.HE,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE.npz",
            help="auto-mpg, digits, or a file with x_train, y_train, x_test, y_test; what fits if left out.",
            show_default=False,
        ),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Leave the features of auto-mpg as they are.")] = False,
    dtype: Annotated[Precision, typer.Option(help="Precision of all arrays.")] = Precision.DOUBLE,
    seed: Annotated[int, typer.Option(min=0, help="Of the first weights and of the order of the samples.")] = 0,
    format: Annotated[
        TrainFormat, typer.Option("--format", "-f", help="How the result is written.")
    ] = TrainFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the result to this file.", show_default=False)
    ] = None,
    plot: Annotated[
        list[Path] | None,
        typer.Option("--plot", metavar="FILE", help="Draw it to a .png, .svg or .html file. May be repeated."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the result.")] = False,
) -> None:
    """Train the reference on an exercise, and beside it your functions, or a mistake.

    Both take the same mini-batches from the same first weights, so that every difference is the gradient's.
    Ctrl-C stops and shows what was learnt. Exit code: 0 it ran, 1 a cost grew or something failed, 2 the call was
    wrong.
    """
    from checkers.training.settings import Settings
    from gradcheck.training import Request, train

    check_writable(output)
    if output is not None and file is not None and output.exists() and file.exists() and output.samefile(file):
        raise typer.BadParameter("this would overwrite the file that is trained.", param_hint="--output")
    for path in plot or []:
        from gradcheck.render.training_plots import check_plottable

        check_plottable(path)
        check_writable(path, "--plot")
        if output is not None and path.absolute() == output.absolute():
            raise typer.BadParameter(f"{path} is where --output writes the result.", param_hint="--plot")
    settings = Settings(epochs, batch, rate, decay, momentum, reg, patience, seed=seed)
    request = Request(exercise, file, mistake, data, not raw, _layers(hidden), activation, str(start), dtype=str(dtype))
    with _Display(epochs, quiet=quiet) as display:
        trained = train(request, settings, display)
    _write(trained, format, output)  # before the pictures: who does not wait for them has it
    for path in plot or []:
        from gradcheck.render.training_plots import picture

        write_content(picture(trained, path.suffix.lower()), path)
    went_wrong = trained.divergences or any(history.stopped for history in trained.histories.values())
    raise typer.Exit(ExitCode.WRONG if went_wrong else ExitCode.RIGHT)


def _write(trained: "Trained", format: TrainFormat, output: Path | None) -> None:
    if format is TrainFormat.JSON:
        from gradcheck.render.training_json import render

        write_document(render(trained), output)
        return
    from gradcheck.render.training_text import print_training

    print_with(lambda console: print_training(trained, console), output)


def _layers(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    if not all(part.isdecimal() and int(part) > 0 for part in parts):
        raise UsageError(f"--hidden {text} should be sizes of layers separated by commas, such as 128,64.")
    return tuple(map(int, parts))


class _Display:
    """Shows a training run on standard error while it goes: a bar in a terminal, a line now and then in a pipe."""

    def __init__(self, epochs: int, *, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True, highlight=False, emoji=False)
        is_drawn = console.is_terminal and not console.is_dumb_terminal and not quiet
        self._is_logging = not is_drawn and not quiet
        self._epochs = epochs
        self._tasks: dict[str, TaskID] = {}
        self._next = time.monotonic() + LOG_EVERY
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=16),
            TextColumn("{task.fields[state]}", markup=False),
            TimeRemainingColumn(),
        )
        self._bars = Progress(*columns, console=console, transient=True) if is_drawn else None

    def __enter__(self) -> "_Display":
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, name: str, progress: "Progress", history: "History") -> None:
        """Show where a learner is."""
        done = progress.epoch - 1 + progress.step / progress.steps
        if self._bars is not None:
            if name not in self._tasks:
                self._tasks[name] = self._bars.add_task(name, total=self._epochs, state="")
            self._bars.update(self._tasks[name], completed=done, state=_state(progress, history))
        elif self._is_logging and time.monotonic() >= self._next:
            self._next = time.monotonic() + LOG_EVERY
            print(f"{name}: {_state(progress, history)}", file=sys.stderr, flush=True)


def _state(progress: "Progress", history: "History") -> str:
    """Epoch, cost, accuracy, and the course of the cost."""
    from gradcheck.render.training_text import sparkline

    accuracy = history.last.test.accuracy
    recent = [cost for cost in history.costs[-20:] if not isnan(cost)] or [history.last.train.cost]
    shown = f"epoch {progress.epoch}  cost {sum(recent) / len(recent):.4g}"
    if accuracy is not None:
        shown += f"  test accuracy {100 * accuracy:.1f} %"
    return f"{shown}  {sparkline([epoch.train.cost for epoch in history.epochs])}"
