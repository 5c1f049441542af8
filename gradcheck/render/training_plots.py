"""A training run as pictures: curves, weights, and how good a finite difference is; drawn by matplotlib."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from checkers.errors import UsageError

from .training_text import columns, heading, rows, verdicts

if TYPE_CHECKING:
    from gradcheck.training import Trained

SUFFIXES = (".png", ".svg", ".html")
COLOURS = ("tab:blue", "tab:red")
MOST_IMAGES = 20
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
    from io import BytesIO  # noqa: PLC0415

    figure = _figure(trained)
    content = BytesIO()
    if suffix == ".png":
        figure.savefig(content, format="png", dpi=150)
    else:
        figure.savefig(content, format="svg", metadata={"Date": None})
    return _page(trained, content.getvalue()) if suffix == ".html" else content.getvalue()


def _figure(trained: Trained) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415 - not pyplot, which wants a screen

    images = weight_images(trained)
    classes = trained.data.classes
    columns = 3 if classes else 2
    figure = Figure(figsize=(4.6 * columns, 3.6 * (1 + len(images))), layout="constrained")
    rows = figure.subfigures(1 + len(images), 1, squeeze=False)[:, 0]
    axes = rows[0].subplots(1, columns)
    _draw_curves(axes[0], trained, "cost")
    if classes:
        _draw_curves(axes[1], trained, "accuracy")
    _draw_steps(axes[-1], trained)
    for row, (name, pictures) in zip(rows[1:], images.items(), strict=True):
        row.suptitle(f"first weights, {name}")
        grid = row.subplots(math.ceil(len(pictures) / 10), min(10, len(pictures)), squeeze=False)
        for place, axis in enumerate(grid.flat):
            axis.set_axis_off()
            if place < len(pictures):
                limit = float(np.abs(pictures[place]).max()) or 1.0
                axis.imshow(pictures[place], cmap="RdBu", vmin=-limit, vmax=limit)
    return figure


def _draw_curves(axis: Any, trained: Trained, what: str) -> None:
    """Cost or accuracy of every learner, on both sets."""
    for (name, history), colour in zip(trained.histories.items(), COLOURS, strict=False):
        numbers = [epoch.number for epoch in history.epochs]
        for part, style in (("train", "-"), ("test", "--")):
            values = [getattr(getattr(epoch, part), what) for epoch in history.epochs]
            axis.plot(numbers, np.asarray(values, dtype=float), style, color=colour, label=f"{name}, {part}")
    axis.set(xlabel="epoch", ylabel=what)
    if what == "cost":
        first = max(history.epochs[0].train.cost for history in trained.histories.values())
        axis.set_ylim(0, 1.5 * first if math.isfinite(first) else None)
    axis.legend(fontsize="small")


def _draw_steps(axis: Any, trained: Trained) -> None:
    """The V-shaped curve of truncation and rounding."""
    curve = trained.step_sizes
    if curve is None:
        axis.set_axis_off()
        return
    axis.loglog(curve.steps, np.maximum(curve.forward, 1e-17), label="(f(x+h) - f(x)) / h")
    axis.loglog(curve.steps, np.maximum(curve.central, 1e-17), label="(f(x+h) - f(x-h)) / 2h")
    axis.set(xlabel="step h", ylabel="relative error of the finite difference")
    axis.legend(fontsize="small")


def weight_images(trained: Trained) -> dict[str, list[Any]]:
    """The weights from the inputs to each unit of the first layer as pictures, where the inputs are pixels."""
    shape = trained.data.image
    if shape is None:
        return {}
    found = {}
    for name, W in trained.first_weights.items():
        if W.shape[0] == math.prod(shape):
            found[name] = [W[:, unit].reshape(shape) for unit in range(min(W.shape[1], MOST_IMAGES))]
    return found


def _page(trained: Trained, svg: bytes) -> bytes:
    from markupsafe import Markup  # noqa: PLC0415

    from .report_html import environment  # noqa: PLC0415

    drawing = svg.decode()
    page = environment().get_template("training.html")
    text = page.render(
        trained=trained,
        about=heading(trained),
        verdicts=[line.plain for line in verdicts(trained)],
        columns=columns(trained),
        rows=rows(trained),
        svg=Markup(drawing[drawing.index("<svg") :]),
    )
    return text.encode()
