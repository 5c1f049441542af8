"""A training run in the terminal: who ended where, the curves, and what went wrong."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table
from rich.text import Text

from .characters import on_one_line, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from checkers.training.history import History, Score
    from gradcheck.training import Trained

BARS = "▁▂▃▄▅▆▇█"
COLOURS = ("cyan", "magenta")
# Rows of the table: the first epoch, the last, and some between.
MOST_ROWS = 8
CURVE_WIDTH, CURVE_HEIGHT = 64, 10
BESIDE_CURVE = 16  # columns for the scale, and for the arrow behind the axis


def print_training(trained: Trained, console: Console) -> None:
    """Print what came of a training run."""
    console.print()
    console.print(Text.assemble((visible(trained.title), "bold"), f"  {heading(trained)}"))
    console.print()
    console.print(_table(trained))
    for name, what in (("cost", _cost), ("accuracy", _accuracy)):
        drawn = {key: _curve(history, what) for key, history in trained.histories.items()}
        curves = {key: curve for key, curve in drawn.items() if len(curve) > 1}
        if curves:
            console.print()
            width = min(CURVE_WIDTH, console.width - BESIDE_CURVE)
            console.print(Text.from_ansi(curve_text(name, curves, width, in_colour=console.color_system is not None)))
    for line in verdicts(trained):
        console.print()
        console.print(line)


def heading(trained: Trained) -> str:
    """The layers, the data and the settings."""
    data, settings = trained.data, trained.settings
    layers = "-".join(map(str, trained.sizes)) + (f" {trained.activation}" if trained.activation else "")
    momentum = f", momentum {settings.momentum:g}" if settings.momentum else ""
    return (
        f"{layers}; {data.name}: {len(data.train):,} samples for training, {len(data.test):,} for testing; "
        f"mini-batches of {settings.batch}, rate {settings.rate:g}{momentum}, seed {settings.seed}"
    )


def columns(trained: Trained) -> tuple[str, ...]:
    """What is told of each learner after an epoch."""
    return ("cost", "test cost", *(("accuracy", "test accuracy") if trained.data.classes else ()))


def rows(trained: Trained) -> list[tuple[str, ...]]:
    """Some of the epochs: number, learner, and the columns."""
    found = []
    reached = max((history.last.number for history in trained.histories.values() if history.epochs), default=0)
    for number in _some(reached):
        label = str(number)
        for name, history in trained.histories.items():
            epoch = next((epoch for epoch in history.epochs if epoch.number == number), None)
            if epoch is not None:
                scores = (epoch.train, epoch.test)
                percents = [_percent(score) for score in scores] if trained.data.classes else []
                found.append((label, on_one_line(name), *(f"{score.cost:.4g}" for score in scores), *percents))
                label = ""
    return found


def _table(trained: Trained) -> Table:
    """Cost and accuracy on both sets, after some of the epochs."""
    table = Table("epoch", "", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in columns(trained):
        table.add_column(column, justify="right")
    colours = dict(zip(map(on_one_line, trained.histories), COLOURS, strict=False))
    for label, name, *cells in rows(trained):
        table.add_row(label, Text(name, style=colours[name]), *cells)
    return table


def _some(last: int) -> list[int]:
    """Whole numbers from 0 to the last, few enough to be read."""
    return sorted({round(number) for number in np.linspace(0, last, min(last + 1, MOST_ROWS))})


def _percent(score: Score) -> str:
    return "" if score.accuracy is None else f"{100 * score.accuracy:.2f} %"


def _cost(score: Score) -> float | None:
    return score.cost


def _accuracy(score: Score) -> float | None:
    return None if score.accuracy is None else 100 * score.accuracy


def _curve(history: History, what: Callable[[Score], float | None]) -> list[float]:
    """A value on the training set after each epoch, as far as it is finite."""
    found: list[float] = []
    for epoch in history.epochs:
        value = what(epoch.train)
        if value is None or not math.isfinite(value):
            break
        found.append(value)
    return found


def curve_text(name: str, curves: dict[str, list[float]], width: int, *, in_colour: bool) -> str:
    """Curves over the epochs, drawn in Braille."""
    import plotille  # noqa: PLC0415 - only training draws

    figure = plotille.Figure()
    figure.width, figure.height = width, CURVE_HEIGHT
    figure.origin, figure.with_colors, figure.color_mode = False, in_colour, "names"
    top = max(max(curve) for curve in curves.values())
    ceiling = min(top, 3 * max(curve[0] for curve in curves.values())) if name == "cost" else 100.0
    figure.set_y_limits(0, ceiling or 1.0)
    figure.set_x_limits(0, max(len(curve) for curve in curves.values()) - 1)
    figure.x_label, figure.y_label = "epoch", name
    # Of few epochs, ticks are parts of one: rounded, every number would stand there twice.
    figure.x_ticks_fkt = lambda low, high: f"{low:.0f}" if high - low >= 1 else f"{low:.3g}"
    figure.y_ticks_fkt = lambda low, high: f"{low:.3g}"
    for (key, curve), colour in zip(curves.items(), COLOURS, strict=False):
        figure.plot(
            list(range(len(curve))), [min(value, ceiling) for value in curve], lc=colour, label=on_one_line(key)
        )
    return str(figure.show(legend=True))


def verdicts(trained: Trained) -> list[Text]:
    """What went wrong, one paragraph a learner."""
    found = []
    if trained.mistake:
        found.append(Text.assemble(("planted: ", "bold"), f"{trained.request.mistake}. {visible(trained.mistake)}"))
    for name, history in trained.histories.items():
        if history.stopped is not None:
            finding = history.stopped.finding
            where = f"{trained.request.file}:{finding.line}: " if finding.line is not None else ""
            found.append(
                Text.assemble(
                    (f"{on_one_line(name)} stopped at step {history.stopped.step}. ", "bold red"),
                    visible(f"{where}{finding.message}"),
                )
            )
    for name, history in trained.histories.items():
        first, last = (history.epochs[0].train, history.last.train) if history.epochs else (None, None)
        if first == last and history.last.number > 0:
            what = f"its cost is the same after {history.last.number} epochs."
            found.append(Text.assemble((f"{on_one_line(name)} has not moved: ", "bold"), what))
    for name, divergence in trained.divergences.items():
        how = "grows from" if divergence.is_finite else "is not finite from"
        since = f"epoch {divergence.epoch:,}" if divergence.step is None else f"step {divergence.step:,}"
        reason = f" {divergence.reason[0].upper()}{divergence.reason[1:]}." if divergence.reason else ""
        found.append(
            Text.assemble((f"{on_one_line(name)} diverges: ", "bold red"), f"the cost {how} {since} on.{reason}")
        )
    if trained.interrupted:
        found.append(Text("Interrupted: this is what was learnt until then.", "yellow"))
    return found


def sparkline(values: Sequence[float], width: int = 24) -> str:
    """The course of some values in one line; each bar is the mean of its share of them.

    >>> sparkline([4.0, 2.0, 1.0, 1.0], width=4)
    '█▃▁▁'
    """
    array = np.asarray(values, dtype=float)
    array = array[np.isfinite(array)]
    if not len(array):
        return ""
    means = [float(part.mean()) for part in np.array_split(array, min(width, len(array)))]
    low, high = min(means), max(means)
    scale: Any = (len(BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(BARS[int((mean - low) * scale + 0.5)] for mean in means)
