"""The result of checking one file: frozen values, from which every format is rendered.

Report -> TaskReport (one declared function) -> OutputReport (one array it returns) and Finding
"""

from __future__ import annotations

from dataclasses import dataclass

from .findings import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Entry:
    """One wrong entry: its index, the student's value and the right one."""

    index: tuple[int, ...]
    yours: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class Oracles:
    """Relative error of the student's output against each oracle; None where an oracle cannot say."""

    derivation: float | None = None
    finite_difference: float | None = None
    reference: float | None = None


@dataclass(frozen=True, slots=True)
class OutputReport:
    """The verdict on one array, number or dict entry that a task returns.

    Attributes:
        name: the output's name, such as "dW".
        of: what it is the gradient with respect to ("W"), or the quantity it is the value of ("J").
        relative_error: max|yours - expected| / max|expected|; None when it could not be computed.
        tolerance: the relative tolerance that was applied.
        wrong: the worst wrong entries, at most five, worst first.
        entry_map: one string a row, "x" for a wrong entry and "." for a right one; empty when every entry is right.
        reason: why it is undecided or was not run.
    """

    name: str
    of: str
    verdict: Verdict
    shape: tuple[int, ...] | None = None
    relative_error: float | None = None
    tolerance: float | None = None
    entries: int | None = None
    wrong_entries: int | None = None
    wrong: tuple[Entry, ...] = ()
    entry_map: tuple[str, ...] = ()
    oracles: Oracles = Oracles()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TaskReport:
    """The verdict on one declared function.

    Attributes:
        line: where the student defines it; None when missing.
        call: how it was called, such as "compute_cost(y, z)", when that is not as declared.
        step: name -> the derivation's step in Unicode index notation, for the steps its findings point to.
    """

    name: str
    verdict: Verdict
    score: float
    max_score: float
    line: int | None = None
    outputs: tuple[OutputReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    call: str | None = None
    steps: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A gradient function of no exercise, and how it was understood.

    Attributes:
        value_name: of what is differentiated: its forward, or a loss.
        nature: "vector-Jacobian product", "gradient of a loss", "derivative, entry by entry".
        rule: by what it was recognised, one sentence.
        layout: the shapes it was called with.
        assumed: what was taken for granted, and the conventions it follows.
    """

    name: str
    line: int
    value_name: str
    nature: str
    rule: str
    layout: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A function that looks like a gradient's, and why it was not checked."""

    name: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of checking one file; everything in it is for the instructor.

    Attributes:
        exercise: its id; None where the file was checked against its own forwards and losses.
        recognised, left_alone: of a file of no exercise.

    What a student may see of it at a hint level is `checkers.hints.redact(report, level)`.
    """

    version: str
    file: str
    exercise: str | None
    seed: int
    isolation: str
    seconds: float
    tasks: tuple[TaskReport, ...]
    problems: tuple[Finding, ...] = ()
    output: str = ""
    """What the student's code printed, cut to a bounded length."""
    recognised: tuple[Recognised, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the tasks; wrong when a problem that is a fault belongs to no task."""
        if any(problem.is_fault for problem in self.problems):
            return Verdict.WRONG
        return Verdict.worst([task.verdict for task in self.tasks])

    @property
    def subject(self) -> str:
        """What it was checked against, in a word or two."""
        return self.exercise or "its own functions"

    @property
    def score(self) -> float:
        """Points reached."""
        return sum(task.score for task in self.tasks)

    @property
    def max_score(self) -> float:
        """Points to be reached."""
        return sum(task.max_score for task in self.tasks)
