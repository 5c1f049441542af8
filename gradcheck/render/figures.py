"""How numbers are written for people, in every format alike."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from checkers.findings import Verdict

if TYPE_CHECKING:
    from checkers.report import OutputReport

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
