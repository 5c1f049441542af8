"""The evidence for one wrong output in the terminal: worst entries, a map of which are wrong, the step, the oracles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checkers.findings import Verdict

from . import figures
from .characters import on_one_line, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from checkers.report import OutputReport

STYLES = {Verdict.RIGHT: "green", Verdict.WRONG: "red", Verdict.UNDECIDED: "yellow", Verdict.NOT_RUN: "dim"}

# With the list of entries beside it, a map of this size still fits into 80 columns; few probes have more rows.
MAP_ROWS = 13
MAP_COLUMNS = 28


def evidence(output: OutputReport) -> list[RenderableType]:
    """The output's name, how much of it is wrong, and its worst entries beside the map."""
    lines: list[RenderableType] = [Text(), _heading(output)]
    body = _entries_and_map(output)
    return [*lines, Padding(body, (0, 0, 0, 4), expand=False)] if body is not None else lines


def oracle_table(outputs: tuple[OutputReport, ...]) -> list[RenderableType]:
    """The verdicts of the three oracles side by side, one row an output; nothing where no oracle was asked."""
    asked = [output for output in outputs if figures.oracle_cells(output)]
    if not asked:
        return []
    table = Table.grid(padding=(0, 3))
    table.add_row(*(Text(title, style="dim") for title in ("oracles", *figures.ORACLES)))
    for output in asked:
        table.add_row(Text(on_one_line(output.name), style="bold"), *map(_coloured, figures.oracle_cells(output)))
    return [Text(), table]


def step_lines(name: str, step: str) -> list[RenderableType]:
    """One step of the derivation, its lines kept."""
    return [
        Text(f"In the derivation, step {name}:"),
        Padding(Text(visible(step), style="cyan"), (0, 0, 0, 4), expand=False),
    ]


def _coloured(verdict: str) -> Text:
    styles = {figures.MARKS[Verdict.RIGHT]: "green", figures.MARKS[Verdict.WRONG]: "red"}
    return Text(verdict, style=styles.get(verdict[0], "dim"))


def _heading(output: OutputReport) -> Text:
    heading = Text.assemble(
        (figures.MARKS[output.verdict], STYLES[output.verdict]), " ", (on_one_line(output.name), "bold")
    )
    if output.shape is not None:
        heading.append(f" {figures.shape(output.shape)}", style="dim")
    said = figures.wrong_entries(output) or str(output.verdict)
    heading.append(f"  {said}")
    if output.reason is not None:
        heading.append(f": {visible(output.reason)}")
    return heading


def _entries_and_map(output: OutputReport) -> Table | None:
    entries = _entry_table(output)
    wrong_map = _map(output.entry_map)
    parts = [part for part in (entries, wrong_map) if part is not None]
    if not parts:
        return None
    table = Table.grid(padding=(0, 4))
    table.add_row(*parts)
    return table


def _entry_table(output: OutputReport) -> Table | None:
    columns = figures.entry_columns(output)
    if not columns:
        return None
    table = Table.grid(padding=(0, 3))
    for title, _ in columns:
        table.add_column(justify="left" if title == "entry" else "right")
    table.add_row(*(Text(title, style="dim") for title, _ in columns))
    for row in zip(*(values for _, values in columns), strict=True):
        table.add_row(*map(Text, row))
    return table


def _map(entry_map: tuple[str, ...]) -> Text | None:
    """Filled squares for wrong entries; a big array is cut, and the cut is said."""
    rows, note = figures.cut_map(entry_map, MAP_ROWS, MAP_COLUMNS)
    if not rows:
        return None
    text = Text("wrong entries", style="dim")
    for row in rows:
        text.append("\n")
        for square in row:
            text.append(square, style="red" if square == "■" else "dim")
    return text.append(f"\n{note}") if note else text
