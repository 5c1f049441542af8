"""How numbers are written for people, in every format alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from checkers.findings import Verdict

if TYPE_CHECKING:
    from checkers.report import OutputReport

ORACLES = ("derivation", "finite differences", "reference network")
MARKS = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗", Verdict.UNDECIDED: "?", Verdict.NOT_RUN: "–"}


def points(score: float) -> str:
    """A score: at most two decimals.

    >>> points(4.0), points(2 / 3)
    ('4', '0.67')
    """
    return f"{round(score, 2):g}"


def error(value: float | None) -> str:
    """A relative error: two digits, or a dash where it is not known.

    >>> error(2.0), error(3.14e-16), error(None)
    ('2', '3.1e-16', '–')
    """
    return "–" if value is None else f"{value:.2g}"


def entry(value: float | None) -> str:
    """The value of one entry of an array: six digits and its sign.

    >>> entry(0.4), entry(float("nan")), entry(None)
    ('+0.4', 'nan', '–')
    """
    if value is None:
        return "–"
    return f"{value:+.6g}" if math.isfinite(value) else f"{value:g}"


def position(index: tuple[int, ...]) -> str:
    """The index of an entry; a number has none.

    >>> position((2, 0)), position((3,)), position(())
    ('[2, 0]', '[3]', 'value')
    """
    return f"[{', '.join(map(str, index))}]" if index else "value"


def shape(sizes: tuple[int, ...]) -> str:
    """The shape of an array, or the word for a number.

    >>> shape((4, 3)), shape((5,)), shape(())
    ('(4, 3)', '(5,)', 'a number')
    """
    return str(sizes) if sizes else "a number"


def wrong_entries(output: OutputReport) -> str:
    """How much of an output is wrong, in words; empty where that is not known."""
    if output.wrong_entries is None or output.entries is None:
        counted = ""
    elif output.entries == 1:
        counted = "off" if output.wrong_entries else ""
    elif output.wrong_entries == output.entries:
        counted = f"all {output.entries} entries wrong"
    else:
        counted = f"{output.wrong_entries} of {output.entries} entries wrong"
    by = "" if output.relative_error is None else f"relative error {error(output.relative_error)}"
    return ", ".join(part for part in (counted, by) if part)


def entry_columns(output: OutputReport) -> list[tuple[str, list[str]]]:
    """The worst entries as columns, title and values; a column that a hint level hides is left out."""
    if not output.wrong:
        return []
    columns = [("entry", [position(one.index) for one in output.wrong])]
    for title, values in (("yours", [e.yours for e in output.wrong]), ("expected", [e.expected for e in output.wrong])):
        if any(value is not None for value in values):
            columns.append((title, [entry(value) for value in values]))
    return columns if len(columns) > 1 or output.wrong[0].index else []


def cut_map(entry_map: tuple[str, ...], rows: int, columns: int) -> tuple[list[str], str]:
    """The map in squares, at most so many rows and columns, and the words for what was cut; no rows for a number.

    >>> cut_map(("x.", ".."), 8, 28)
    (['■□', '□□'], '')
    >>> cut_map(("x...",) * 9, 1, 2)
    (['■□'], 'top left of 9 x 4')
    """
    if sum(map(len, entry_map)) <= 1:
        return [], ""
    kept = [row[:columns].replace("x", "■").replace(".", "□") for row in entry_map[:rows]]
    cut = len(entry_map) > rows or len(entry_map[0]) > columns
    return kept, f"top left of {len(entry_map)} x {len(entry_map[0])}" if cut else ""


def oracle_cells(output: OutputReport) -> list[str]:
    """What each of the `ORACLES` says of an output, in their order; nothing where none was asked."""
    errors = (output.oracles.derivation, output.oracles.finite_difference, output.oracles.reference)
    if all(value is None for value in errors):
        return []
    return [oracle_verdict(value, output) for value in errors]


def oracle_verdict(value: float | None, output: OutputReport) -> str:
    """What one oracle says of an output: a mark and the relative error against it, or a dash where it cannot say.

    >>> from checkers.report import OutputReport
    >>> output = OutputReport("dW", "W", Verdict.WRONG, tolerance=1e-7)
    >>> oracle_verdict(2.0, output), oracle_verdict(3e-11, output), oracle_verdict(None, output)
    ('✗ 2', '✓ 3e-11', '–')
    """
    if value is None:
        return "–"
    within = value <= (output.tolerance or 1e-7)  # 1e-7: what an entry may be off by, where nothing else was applied
    return f"{MARKS[Verdict.RIGHT if within else Verdict.WRONG]} {error(value)}"
