"""A report as one self-contained HTML page: no scripts, light or dark as the reader's system is set."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checkers.hints import HintLevel, redact

from . import figures
from .characters import on_one_line, visible
from .grouping import arrange
from .handed_in import UNNAMED

if TYPE_CHECKING:
    from checkers.report import Report

    from .handed_in import HandedIn

# A page scrolls, so a map may be larger than in the terminal; beyond this nobody looks for a single square.
MAP_ROWS = 24
MAP_COLUMNS = 48


def render(report: Report, *, hints: int, handed_in: HandedIn | None = None) -> str:
    """The page at a hint level; every value in it is escaped.

    Args:
        handed_in: what a page for a class's student says above the report; None on the student's own machine.
    """
    shown = redact(report, hints)
    is_refused = handed_in is not None and handed_in.refusal is not None
    return (
        environment()
        .get_template("report.html")
        .render(
            report=shown,
            title=on_one_line(shown.file) or UNNAMED,
            handed_in=handed_in,
            views=() if is_refused else arrange(shown),
            hints=HintLevel(hints),
            oracles=figures.ORACLES,
        )
    )


@cache
def environment() -> Environment:
    """What all pages are made with: everything is escaped, and a name that a page does not get is an error."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": "{:,}".format,
        "points": figures.points,
        "error": figures.error,
        "shape": figures.shape,
        "wrong_entries": figures.wrong_entries,
        "entry_columns": figures.entry_columns,
        "oracle_cells": figures.oracle_cells,
        "cut_map": lambda output: figures.cut_map(output.entry_map, MAP_ROWS, MAP_COLUMNS),
        "runs": partial(re.findall, "■+|□+"),
        "mark": figures.MARKS.__getitem__,
        "visible": visible,
        "line": on_one_line,
    }
    return environment
