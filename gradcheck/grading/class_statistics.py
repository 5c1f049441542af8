"""What a class did as a whole: scores, pass rates, who made which mistake, and who needs a look.

Submissions are added one at a time and then forgotten, so that 100,000 need no more memory than 100.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from checkers.findings import Certainty, Finding, Verdict

if TYPE_CHECKING:
    from checkers.grading.submission import Graded
    from checkers.report import Report, TaskReport

# Names that are kept of a group; of a larger one nobody reads more, and its number is counted on.
NAMED = 100

# An example is read from a lecture's screen: the shortest is best, but what stands on one line is short enough.
SHORT = 60


class Look(StrEnum):
    """Why an instructor should look at a submission. Listed from the most urgent."""

    REFUSED = "not graded"
    FORBIDDEN = "forbidden"
    CRASHED = "crashed"
    TIMES_OUT = "timed out"
    TOO_MUCH_MEMORY = "too much memory"
    DOES_NOT_RUN = "file does not run"
    NOT_RUN = "nothing ran"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown mistake"
    AMBIGUOUS = "ambiguous"
    UNSTEADY = "not deterministic"
    IDENTICAL = "identical source"


_LOOK_OF_CODE = {
    "forbidden": Look.FORBIDDEN,
    "times-out": Look.TIMES_OUT,
    "too-much-memory": Look.TOO_MUCH_MEMORY,
    "unknown": Look.UNKNOWN,
    "not-deterministic": Look.UNSTEADY,
}


@dataclass(slots=True)
class Group:
    """Submissions that have something in common: how many, and the names of the first."""

    count: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.names) < NAMED:
            self.names.append(name)


@dataclass(frozen=True, slots=True)
class Example:
    """A mistake as one student made it.

    Attributes:
        name: of the submission.
        task: the function; "" for what concerns the whole file.
        step: the derivation's step in index notation; "" where there is none.
        codes: how many mistakes the submission has.
    """

    name: str
    task: str
    finding: Finding
    step: str
    codes: int

    @property
    def rank(self) -> tuple[int, ...]:
        """The smaller, the better it shows the mistake."""
        shown = len(self.finding.source or "") + len(self.finding.fix or "")
        certainty = list(Certainty).index(self.finding.certainty)
        return self.finding.fix is None, not self.step, certainty, self.codes > 1, max(shown, SHORT)


@dataclass(slots=True)
class Mistake:
    """One code: who made it, in which functions, and the example that shows it best."""

    code: str
    members: Group = field(default_factory=Group)
    tasks: Counter[str] = field(default_factory=Counter)
    proven: int = 0
    example: Example | None = None


@dataclass(slots=True)
class TaskStatistics:
    """How one function went: the number of submissions by verdict, and the sum of their points."""

    name: str
    max_score: float = 0.0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    points: float = 0.0

    @property
    def count(self) -> int:
        """The number of submissions."""
        return self.verdicts.total()

    @property
    def pass_rate(self) -> float:
        """The part of the submissions that have it right."""
        return self.verdicts[Verdict.RIGHT] / self.count

    @property
    def mean(self) -> float:
        """The mean of the points."""
        return self.points / self.count


class ClassStatistics:
    """The sum of what was added.

    Attributes:
        count: the number of submissions.
        max_score: the most points there are.
        scores: how often each score was reached.
        tasks: by name, in the order of the exercise.
        notes: how many submissions have which note; notes cost nothing.
        looks: who needs a look, by the reason.
        needs_a_look: the number of submissions with any such reason.
        identical: groups of the same source, by the name of the first that handed it in.
    """

    def __init__(self) -> None:
        self.count = 0
        self.max_score = 0.0
        self.scores: Counter[float] = Counter()
        self.verdicts: Counter[Verdict] = Counter()
        self.tasks: dict[str, TaskStatistics] = {}
        self.notes: Counter[str] = Counter()
        self.looks: dict[Look, Group] = {look: Group() for look in Look}
        self.needs_a_look = 0
        self.identical: dict[str, Group] = {}
        self._mistakes: dict[str, Mistake] = {}

    def add(self, row: Graded) -> None:
        """Count a submission."""
        report = row.report
        self.count += 1
        self.max_score = max(self.max_score, report.max_score)
        self.scores[round(report.score, 4)] += 1
        self.verdicts[report.verdict] += 1
        for task in report.tasks:
            self._add_task(task)
        self._add_findings(row)
        self._add_looks(row)

    @property
    def mean(self) -> float:
        """The mean score; 0 of nothing."""
        return sum(score * count for score, count in self.scores.items()) / self.count if self.count else 0.0

    @property
    def median(self) -> float:
        """The score that half of the submissions reach; 0 of nothing."""
        below, above = self._nth((self.count - 1) // 2), self._nth(self.count // 2)
        return (below + above) / 2

    @property
    def mistakes(self) -> list[Mistake]:
        """The commonest first."""
        return sorted(self._mistakes.values(), key=lambda mistake: (-mistake.members.count, mistake.code))

    def _nth(self, position: int) -> float:
        for score in sorted(self.scores):
            position -= self.scores[score]
            if position < 0:
                return score
        return 0.0

    def _add_task(self, task: TaskReport) -> None:
        statistics = self.tasks.setdefault(task.name, TaskStatistics(task.name))
        statistics.max_score = max(statistics.max_score, task.max_score)
        statistics.verdicts[task.verdict] += 1
        statistics.points += task.score

    def _add_findings(self, row: Graded) -> None:
        """Each code counts once a submission, and once for each function that has it."""
        codes = fault_codes(row.report)
        told = list(faults(row.report))
        for code in codes:
            mistake = self._mistakes.setdefault(code, Mistake(code))
            mistake.members.add(row.name)
            of_code = [(task, finding) for task, finding in told if finding.code == code]
            mistake.tasks.update({task.name for task, _ in of_code if task})
            mistake.proven += any(finding.certainty is Certainty.PROVEN for _, finding in of_code)
            examples = [_example(row.name, task, finding, len(codes)) for task, finding in of_code]
            mistake.example = min([*filter(None, [mistake.example]), *examples], key=lambda example: example.rank)
        self.notes.update({finding.code for _, finding in findings(row.report) if not finding.is_fault})

    def _add_looks(self, row: Graded) -> None:
        reasons = looks(row)
        self.needs_a_look += bool(reasons)
        for look in reasons:
            self.looks[look].add(row.name)
        if row.same_as is not None:
            group = self.identical.setdefault(row.same_as, Group(1, [row.same_as]))
            group.add(row.name)


def _example(name: str, task: TaskReport | None, finding: Finding, codes: int) -> Example:
    step = dict(task.steps).get(finding.step or "", "") if task else ""
    return Example(name, task.name if task else "", finding, step, codes)


def findings(report: Report) -> Iterator[tuple[TaskReport | None, Finding]]:
    """Every finding with its task, the cause first; what concerns the whole file comes before all."""
    yield from ((None, problem) for problem in report.problems)
    yield from ((task, finding) for task in report.tasks for finding in task.findings)


def faults(report: Report) -> Iterator[tuple[TaskReport | None, Finding]]:
    """Every fault with its task; what concerns the whole file once, not again in each function."""
    for task, finding in findings(report):
        if finding.is_fault and not (task and finding in report.problems):
            yield task, finding


def fault_codes(report: Report) -> tuple[str, ...]:
    """The codes of all faults, each once, the cause first."""
    return tuple(dict.fromkeys(finding.code for _, finding in findings(report) if finding.is_fault))


def looks(row: Graded) -> tuple[Look, ...]:
    """Why an instructor should look at this submission, the most urgent reason first; nothing for most."""
    reasons: set[Look] = set()
    if row.refusal is not None:
        return (Look.REFUSED,)
    for task, finding in findings(row.report):
        if not finding.is_fault:
            continue
        if finding.code in _LOOK_OF_CODE:
            reasons.add(_LOOK_OF_CODE[finding.code])
        elif finding.message.startswith("The process "):  # the student's process ended, not a function's call
            reasons.add(Look.CRASHED)
        elif task is None:
            reasons.add(Look.DOES_NOT_RUN)
        if finding.certainty is Certainty.AMBIGUOUS:
            reasons.add(Look.AMBIGUOUS)
    verdicts = {task.verdict for task in row.report.tasks}
    if Verdict.UNDECIDED in verdicts:
        reasons.add(Look.UNDECIDED)
    if verdicts <= {Verdict.NOT_RUN} and not reasons:
        reasons.add(Look.NOT_RUN)
    if row.same_as is not None:
        reasons.add(Look.IDENTICAL)
    return tuple(look for look in Look if look in reasons)
