"""Two runs beside each other: whose score changed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from gradcheck.render import figures
from gradcheck.render.characters import on_one_line

from .class_statistics import faults

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from checkers.findings import Verdict
    from checkers.grading.submission import Graded, RunInfo

SCHEMA = "gradcheck/comparison/1"

# Two scores that are closer are the same: points are sums of quotients.
SAME = 1e-9


class Reason(StrEnum):
    """What is different between the two results of a submission."""

    SOURCE = "other source"
    REFUSAL = "graded in one run only"
    EXERCISE = "other exercise"
    VERSION = "other version"
    SEED = "other seed"
    ISOLATION = "other isolation"
    CHANCE = "chance: all that is recorded is the same"
    """The same source judged by the same exercise: its own randomness, or a call near its time limit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One code of one function; no function for what concerns the whole file."""

    task: str
    code: str

    def __str__(self) -> str:
        return f"{self.task}: {self.code}" if self.task else self.code


@dataclass(frozen=True, slots=True)
class Standing:
    """How a submission stands in one run; all that a comparison needs of it."""

    score: float
    max_score: float
    verdict: Verdict
    faults: tuple[Fault, ...]
    refusal: str | None
    sha256: str
    made_by: tuple[str | None, str, int, str]
    """Exercise, version, seed and isolation."""

    @staticmethod
    def of(row: Graded) -> Standing:
        """What is kept of a row."""
        report = row.report
        found = dict.fromkeys(Fault(task.name if task else "", finding.code) for task, finding in faults(report))
        made_by = (report.exercise, report.version, report.seed, report.isolation)
        return Standing(report.score, report.max_score, report.verdict, tuple(found), row.refusal, row.sha256, made_by)


@dataclass(frozen=True, slots=True)
class Change:
    """One submission that is judged otherwise in the second run.

    Attributes:
        gone, new: faults of only the first, and of only the second run.
        reasons: what else is different, and may be why.
    """

    name: str
    before: Standing
    after: Standing
    reasons: tuple[Reason, ...]

    @property
    def difference(self) -> float:
        """Points won, negative for lost ones."""
        return self.after.score - self.before.score

    @property
    def gone(self) -> tuple[Fault, ...]:
        """Faults of the first run only."""
        return tuple(fault for fault in self.before.faults if fault not in self.after.faults)

    @property
    def new(self) -> tuple[Fault, ...]:
        """Faults of the second run only."""
        return tuple(fault for fault in self.after.faults if fault not in self.before.faults)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs beside each other.

    Attributes:
        scores: whose score changed, the greatest loss first.
        findings: whose findings or verdict changed and whose score did not, by name.
        same: how many did not change.
        only_before, only_after: names of submissions of one run only.
    """

    scores: tuple[Change, ...]
    findings: tuple[Change, ...]
    same: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare_runs(
    before: Iterable[Graded],
    after: Iterable[Graded],
    before_info: RunInfo | None = None,
    after_info: RunInfo | None = None,
) -> Comparison:
    """Compare two runs by the names of their submissions.

    Args:
        before, after: the results of the runs, in any order; read once, and only the standings of the first are kept.
        before_info, after_info: of the runs, if there are; an exercise that changed under the same name is only seen
            by its fingerprint.
    """
    standings = {row.name: Standing.of(row) for row in before}
    is_other_exercise = bool(before_info and after_info and before_info.fingerprint != after_info.fingerprint)
    scores, others, only_after, same = [], [], [], 0
    for row in after:
        earlier, later = standings.pop(row.name, None), Standing.of(row)
        if earlier is None:
            only_after.append(row.name)
            continue
        change = Change(row.name, earlier, later, _reasons(earlier, later, is_other_exercise))
        if abs(change.difference) > SAME or abs(earlier.max_score - later.max_score) > SAME:
            scores.append(change)
        elif earlier.verdict != later.verdict or earlier.refusal != later.refusal or change.gone or change.new:
            others.append(change)
        else:
            same += 1
    scores.sort(key=lambda change: (change.difference, change.name))
    others.sort(key=lambda change: change.name)
    return Comparison(tuple(scores), tuple(others), same, tuple(sorted(standings)), tuple(sorted(only_after)))


def _reasons(before: Standing, after: Standing, is_other_exercise: bool) -> tuple[Reason, ...]:
    exercise, version, seed, isolation = (a != b for a, b in zip(before.made_by, after.made_by, strict=True))
    different = {
        Reason.SOURCE: before.sha256 != after.sha256,
        Reason.REFUSAL: (before.refusal is None) != (after.refusal is None),
        Reason.EXERCISE: exercise or is_other_exercise,
        Reason.VERSION: version,
        Reason.SEED: seed,
        Reason.ISOLATION: isolation,
    }
    return tuple(reason for reason, is_so in different.items() if is_so) or (Reason.CHANCE,)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as what JSON knows."""
    return {
        "schema": SCHEMA,
        "scores": [_change_json(change) for change in comparison.scores],
        "findings": [_change_json(change) for change in comparison.findings],
        "same": comparison.same,
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "before": _standing_json(change.before),
        "after": _standing_json(change.after),
        "difference": round(change.difference, 6),
        "gone": [{"task": fault.task or None, "code": fault.code} for fault in change.gone],
        "new": [{"task": fault.task or None, "code": fault.code} for fault in change.new],
        "reasons": [reason.name.lower() for reason in change.reasons],
    }


def _standing_json(standing: Standing) -> dict[str, Any]:
    return {
        "score": round(standing.score, 6),
        "max_score": standing.max_score,
        "verdict": str(standing.verdict),
        "refusal": standing.refusal,
    }


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print whose score changed and why, whose findings did, and who is in one run only."""
    from rich.text import Text  # noqa: PLC0415 (JSON needs no rich)

    counted = len(comparison.scores) + len(comparison.findings) + comparison.same
    console.print(
        Text(
            f"{len(comparison.scores)} of {counted} scores changed, {len(comparison.findings)} only in their findings."
        )
    )
    for title, changes in (("Scores", comparison.scores), ("Findings only", comparison.findings)):
        if changes:
            console.print()
            console.print(Text(title, style="bold"))
            console.print(_table(changes))
    for title, names in (
        ("Only in the first run", comparison.only_before),
        ("Only in the second", comparison.only_after),
    ):
        if names:
            console.print(Text(f"\n{title}: {', '.join(map(on_one_line, names))}."))


def _table(changes: tuple[Change, ...]) -> Table:
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("submission", overflow="fold", ratio=2)
    for title in ("before", "after"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("what changed", overflow="fold", ratio=4)
    for change in changes:
        style = "" if abs(change.difference) <= SAME else "green" if change.difference > 0 else "red"
        scores = [Text(figures.points(standing.score)) for standing in (change.before, change.after)]
        scores[1].stylize(style)
        table.add_row(Text(on_one_line(change.name)), *scores, _what(change))
    return table


def _what(change: Change) -> Any:
    from rich.text import Text  # noqa: PLC0415

    lines = [(f"- {fault}", "green") for fault in change.gone] + [(f"+ {fault}", "red") for fault in change.new]
    refusals = {change.before.refusal: "was not graded", change.after.refusal: "not graded"}
    if change.before.refusal != change.after.refusal:
        lines += [(f"{what}: {on_one_line(why)}", "") for why, what in refusals.items() if why is not None]
    if change.before.max_score != change.after.max_score:
        maxima = (figures.points(standing.max_score) for standing in (change.before, change.after))
        lines.append((f"points to reach: {' -> '.join(maxima)}", ""))
    lines.append((", ".join(change.reasons), "dim"))
    return Text("\n").join(Text(on_one_line(line), style=style) for line, style in lines)
