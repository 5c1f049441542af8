"""A training run as pictures: curves, weights, and how good a finite difference is; drawn by matplotlib."""

from __future__ import annotations

import math
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from checkers.errors import UsageError

from .characters import on_one_line
from .training_text import heading

if TYPE_CHECKING:
    from gradcheck.training import Trained

SUFFIXES = (".png", ".svg", ".html")
# Of the reference and of what learns beside it; of the two kinds of finite difference.
COLOURS, STEP_COLOURS = ("#1f77b4", "#d62728"), ("#2ca02c", "#9467bd")
# Width and opacity of a line. Beside another, the reference is wide and pale: where both learn the same, both are seen.
PALE, CLEAR = (4.0, 0.45), (1.4, 1.0)
MOST_IMAGES, IMAGES_A_ROW = 20, 10
# Inches: of a chart, of one row of weights, and of a line of text.
CHART, IMAGE_ROW, TITLE = (4.6, 3.4), 0.95, 0.4
# A cost that changes by more than this factor is a corner and a flat line on a linear axis.
MANY_TIMES = 20.0
MISSING = "--plot draws with matplotlib, which is not installed: pip install 'gradcheck[plots]'."


def check_plottable(path: Path) -> None:
    """Refuse a picture that cannot be drawn before any work is done.

    Raises:
        UsageError: its suffix is unknown, or matplotlib is not installed.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--plot {path}: the name should end in {', '.join(SUFFIXES)}.")
    try:
        import matplotlib  # noqa: F401, PLC0415
    except ImportError as error:
        raise UsageError(MISSING) from error


def picture(trained: Trained, suffix: str) -> bytes:
    """The picture as the content of a .png, .svg or .html file."""
    if suffix == ".html":
        from .training_html import page  # noqa: PLC0415 - which draws with this module

        return page(trained).encode()
    return content(composed(trained), suffix.removeprefix("."))


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        caption: what it shows, in words.
        draw: draws it into a matplotlib Axes.
    """

    caption: str
    draw: Callable[[Any], None]


def charts(trained: Trained) -> list[Chart]:
    """What is drawn with axes: the cost, the accuracy where there are classes, the error of finite differences."""
    found = [Chart("Cost of all samples after each epoch.", lambda axis: _draw_cost(axis, trained))]
    if trained.data.classes:
        found.append(Chart("Accuracy after each epoch.", lambda axis: _draw_accuracy(axis, trained)))
    if trained.step_sizes is not None:
        caption = (
            "How far finite differences of the cost before the first step are from the gradient, along a random "
            "direction: rounding on the left, truncation on the right."
        )
        found.append(Chart(caption, lambda axis: _draw_steps(axis, trained)))
    return found


@dataclass(frozen=True, slots=True)
class WeightImages:
    """The weights that lead to each unit of the first layer, as pictures.

    Attributes:
        caption: whose they are, and what the colours mean.
        images: of the first units, (height, width) each.
    """

    caption: str
    images: list[Any]

    @property
    def rows(self) -> int:
        """How many rows of images there are."""
        return math.ceil(len(self.images) / IMAGES_A_ROW)


def weight_images(trained: Trained) -> list[WeightImages]:
    """The weights of the first layer of every learner, where its inputs are pixels, or pixels and a column of ones."""
    shape = trained.data.image
    if shape is None:
        return []
    pixels, found = math.prod(shape), []
    for name, W in trained.first_weights.items():
        if W.shape[0] not in {pixels, pixels + 1}:
            continue
        units = W.shape[1]
        images = [W[:pixels, unit].reshape(shape) for unit in range(min(units, MOST_IMAGES))]
        those = f"{len(images)} of {units} units" if len(images) < units else f"{units} units"
        caption = (
            f"First layer of {on_one_line(name)}, {those}: blue above 0, red below; the largest of a unit is darkest."
        )
        found.append(WeightImages(caption, images))
    return found


def composed(trained: Trained) -> Any:
    """One figure with everything in it."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - not pyplot, which wants a screen

    drawn, weights = charts(trained), weight_images(trained)
    heights = [CHART[1], *(TITLE + IMAGE_ROW * one.rows for one in weights)]
    width = CHART[0] * len(drawn)
    # Fifteen characters of 9 points are about an inch.
    title = textwrap.fill(f"{on_one_line(trained.title)}: {heading(trained)}", int(15 * width))
    title_height = TITLE / 2 * (2 + title.count("\n"))
    figure = Figure(figsize=(width, title_height + sum(heights)), layout="constrained")
    parts = figure.subfigures(1 + len(heights), 1, squeeze=False, height_ratios=[title_height, *heights])[:, 0]
    parts[0].text(0.5, 0.4, _plain(title), ha="center", va="center", fontsize=9)
    for axis, chart in zip(np.atleast_1d(parts[1].subplots(1, len(drawn))), drawn, strict=True):
        chart.draw(axis)
    for part, one in zip(parts[2:], weights, strict=True):
        part.suptitle(_plain(one.caption), fontsize=9)
        draw_images(part.subplots(), one)
    return figure


def draw_images(axis: Any, weights: WeightImages) -> None:
    """Draw the weights of all units as one picture: an axis for each would take a second more."""
    axis.set_axis_off()
    axis.imshow(mosaic(weights), cmap="RdBu", vmin=-1, vmax=1)


def mosaic(weights: WeightImages) -> Any:
    """All units beside each other, one pixel apart, each divided by its largest weight; nan where there is nothing."""
    height, width = weights.images[0].shape
    columns = min(IMAGES_A_ROW, len(weights.images))
    found = np.full((weights.rows * (height + 1) - 1, columns * (width + 1) - 1), math.nan)
    for place, image in enumerate(weights.images):
        top, left = place // columns * (height + 1), place % columns * (width + 1)
        shown = np.where(np.isfinite(image), image, math.nan)
        largest = float(np.max(np.abs(shown), where=np.isfinite(shown), initial=0.0))
        found[top : top + height, left : left + width] = shown / (largest or 1.0)
    return found


def content(figure: Any, format: str, *, transparent: bool = False) -> bytes:
    """A figure as a PNG or an SVG file; the same run gives the same file."""
    from io import BytesIO  # noqa: PLC0415

    from matplotlib import rc_context  # noqa: PLC0415

    stream = BytesIO()
    options: dict[str, Any] = {"dpi": 150} if format == "png" else {"metadata": {"Date": None}}
    with rc_context({"svg.hashsalt": "gradcheck"}), _quiet_about_glyphs():
        figure.savefig(stream, format=format, transparent=transparent, **options)
    return stream.getvalue()


@contextmanager
def _quiet_about_glyphs() -> Iterator[None]:
    """A file's name in letters that the font lacks is drawn as boxes, and no more is said of it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def _plain(text: str) -> str:
    """Text in which a dollar is no mathematics."""
    return text.replace("$", r"\$")


def _draw_cost(axis: Any, trained: Trained) -> None:
    _draw_curves(axis, trained, lambda score: score.cost)
    costs = [
        score.cost
        for history in trained.histories.values()
        for epoch in history.epochs
        for score in (epoch.train, epoch.test)
    ]
    finite = [cost for cost in costs if math.isfinite(cost)]
    axis.set(xlabel="epoch", ylabel="cost")
    if finite and min(finite) > 0 and max(finite) > MANY_TIMES * min(finite):
        axis.set_yscale("log")
    elif finite and min(finite) >= 0:
        axis.set_ylim(bottom=0)


def _draw_accuracy(axis: Any, trained: Trained) -> None:
    _draw_curves(axis, trained, lambda score: math.nan if score.accuracy is None else 100 * score.accuracy)
    axis.set(xlabel="epoch", ylabel="accuracy, %", ylim=(0, 101))


def _draw_curves(axis: Any, trained: Trained, what: Callable[[Any], float]) -> None:
    """A value of every learner, on both sets; what is not finite leaves a gap."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    lines = (PALE, CLEAR) if len(trained.histories) > 1 else (CLEAR,)
    styles = zip(trained.histories.items(), COLOURS, lines, strict=False)
    for (name, history), colour, (width, opacity) in styles:
        numbers = [epoch.number for epoch in history.epochs]
        for part, style in (("train", "-"), ("test", "--")):
            values = [what(getattr(epoch, part)) for epoch in history.epochs]
            shown = [value if math.isfinite(value) else math.nan for value in values]
            label = _plain(f"{part}: {on_one_line(name)}")
            # A run that ended before its first epoch was over is a point.
            marker = "o" if len(numbers) == 1 else ""
            axis.plot(numbers, shown, style, color=colour, lw=width, alpha=opacity, label=label, marker=marker)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(fontsize="small", frameon=False, handlelength=3)


def _draw_steps(axis: Any, trained: Trained) -> None:
    """The V-shaped curve of truncation and rounding; an error of exactly 0 has no place on it."""
    curve = trained.step_sizes
    if curve is None:
        return
    labels = ("(f(x+h) - f(x)) / h", "(f(x+h) - f(x-h)) / 2h")
    for errors, label, colour in zip((curve.forward, curve.central), labels, STEP_COLOURS, strict=True):
        shown = np.where(np.isfinite(errors) & (errors > 0), errors, math.nan)
        axis.loglog(curve.steps, shown, label=label, color=colour)
    axis.set(xlabel="step h", ylabel="relative error of the difference")
    axis.legend(fontsize="small", frameon=False)
