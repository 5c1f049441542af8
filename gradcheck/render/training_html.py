"""A training run as one self-contained HTML page: no scripts, light or dark as the reader's system is set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .characters import on_one_line
from .report_html import environment
from .training_plots import (
    CHART,
    COLOURS,
    IMAGE_ROW,
    STEP_COLOURS,
    charts,
    content,
    draw_images,
    weight_images,
)
from .training_text import columns, heading, rows, verdicts

if TYPE_CHECKING:
    from gradcheck.training import Trained

# Colours of the drawings by what the page calls them, so that they follow light and dark.
VARIABLES = {
    "#000000": "currentColor",
    COLOURS[0]: "var(--reference)",
    COLOURS[1]: "var(--beside)",
    STEP_COLOURS[0]: "var(--forward)",
    STEP_COLOURS[1]: "var(--central)",
}
# Where an SVG says or uses a name, which must be its own among the drawings of a page.
NAMES = re.compile(r'(\bid="|href="#|url\(#)')


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG and what it shows, in words."""

    caption: str
    svg: Markup


def page(trained: Trained) -> str:
    """The page; every value in it is escaped."""
    template = environment().get_template("training.html")
    return template.render(
        title=on_one_line(trained.title),
        about=heading(trained),
        verdicts=[line.plain for line in verdicts(trained)],
        charts=[_drawing(chart.caption, _chart(chart), f"c{place}") for place, chart in enumerate(charts(trained))],
        weights=[_drawing(one.caption, _images(one), f"w{place}") for place, one in enumerate(weight_images(trained))],
        columns=columns(trained),
        rows=rows(trained),
    )


def _chart(chart: Any) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415 - not pyplot, which wants a screen

    figure = Figure(figsize=CHART, layout="constrained")
    chart.draw(figure.subplots())
    return figure


def _images(weights: Any) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(2 * CHART[0], IMAGE_ROW * weights.rows), layout="constrained")
    draw_images(figure.subplots(), weights)
    return figure


def _drawing(caption: str, figure: Any, prefix: str) -> Drawing:
    """A figure as part of the page: its names made its own, its colours the page's."""
    svg = content(figure, "svg", transparent=True).decode()
    svg = NAMES.sub(rf"\g<1>{prefix}-", svg[svg.index("<svg") :])
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, variable)
    return Drawing(caption, Markup(svg))
