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

# With the list of entries beside it, a map of this size still fits into 80 columns.
MAP_ROWS = 8
MAP_COLUMNS = 28


def evidence(output: OutputReport) -> list[RenderableType]:
    """The output's name, how much of it is wrong, and its worst entries beside the map."""
    lines: list[RenderableType] = [Text(), _heading(output)]
    body = _entries_and_map(output)
    return [*lines, Padding(body, (0, 0, 0, 4), expand=False)] if body is not None else lines


def oracle_table(outputs: tuple[OutputReport, ...]) -> list[RenderableType]:
    """The verdicts of the three oracles side by side, one row an output; nothing where no oracle was asked."""
    asked = [output for output in outputs if any(error is not None for error in _oracle_errors(output))]
    if not asked:
        return []
    table = Table.grid(padding=(0, 3))
    table.add_row(
        *(Text(title, style="dim") for title in ("oracles", "derivation", "finite differences", "reference network"))
    )
    for output in asked:
        verdicts = (figures.oracle_verdict(error, output) for error in _oracle_errors(output))
        table.add_row(Text(on_one_line(output.name), style="bold"), *map(_coloured, verdicts))
    return [Text(), table]


def step_lines(name: str, step: str) -> list[RenderableType]:
    """One step of the derivation, its lines kept."""
    return [
        Text(f"In the derivation, step {name}:"),
        Padding(Text(visible(step), style="cyan"), (0, 0, 0, 4), expand=False),
    ]


def _oracle_errors(output: OutputReport) -> tuple[float | None, float | None, float | None]:
    return output.oracles.derivation, output.oracles.finite_difference, output.oracles.reference


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
    shown = [entry for entry in output.wrong if entry.yours is not None or entry.index]
    if not shown:
        return None
    columns = [("entry", "left", [figures.position(entry.index) for entry in shown])]
    for title, values in (("yours", [e.yours for e in shown]), ("expected", [e.expected for e in shown])):
        if any(value is not None for value in values):
            columns.append((title, "right", [figures.entry(value) for value in values]))
    return _columns(columns)


def _columns(columns: list[tuple[str, str, list[str]]]) -> Table:
    table = Table.grid(padding=(0, 3))
    for _, justify, _ in columns:
        table.add_column(justify="right" if justify == "right" else "left")
    table.add_row(*(Text(title, style="dim") for title, _, _ in columns))
    for row in zip(*(values for _, _, values in columns), strict=True):
        table.add_row(*map(Text, row))
    return table


def _map(entry_map: tuple[str, ...]) -> Text | None:
    """Filled squares for wrong entries; a big array is cut, and the cut is said."""
    if len(entry_map) == 0 or (len(entry_map) == 1 and len(entry_map[0]) <= 1):
        return None
    rows = [row[:MAP_COLUMNS] for row in entry_map[:MAP_ROWS]]
    text = Text("wrong entries\n", style="dim")
    for row in rows:
        for character in row:
            text.append("■" if character == "x" else "□", style="red" if character == "x" else "dim")
        text.append("\n")
    cut = len(rows) < len(entry_map) or len(rows[0]) < len(entry_map[0])
    text.append(f"top left of {len(entry_map)} x {len(entry_map[0])}" if cut else "")
    text.rstrip()
    return text
