"""The run: every submission is read, graded by some executor unless the journal has its source, and journalled.

Only a few sources for each worker are in memory at a time, so that 100,000 submissions need as little as 100. Jobs
whose worker died are tried once more, each alone, and what timed out is run once more when all others have been.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..errors import GradcheckError
from ..findings import Verdict
from ..report import Report
from .journal import Journal
from .run_record import Outcome, State
from .submission import Refused, Source, Submission

J = TypeVar("J")

# Jobs a worker has before it, the one it runs included, so that it is not idle while a result is journalled.
JOBS_A_WORKER = 3
# Seconds between two looks at the clock while nothing ends.
TICK = 0.25
# So many workers died, or sources failed for the same reason, and nothing was graded: that is no submission's doing.
HOPELESS_DEATHS = 3
HOPELESS_FAULTS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        total: submissions in all.
        done: those that have a result, or were refused.
        graded: sources that were run this time; the rest had been before, or repeat another.
        verdicts: how many submissions ended how; those that could not be graded are not among them.
        refused: how many could not be graded.
        seconds: since the run was started this time.
        slowest: name of the submission that took longest this time, and its seconds.
        again: how many timed out and are to run once more.
    """

    total: int
    done: int = 0
    graded: int = 0
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    refused: int = 0
    seconds: float = 0.0
    slowest: tuple[str, float] = ("", 0.0)
    again: int = 0


def run_grading(
    submissions: Sequence[Submission],
    grade: Callable[[J], Outcome],
    executor: Executor,
    journal: Journal,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    *,
    make_job: Callable[[str, Source], J],
    workers: int,
    renew: Callable[[], Executor] | None = None,
    lost: tuple[type[BaseException], ...] = (BrokenExecutor,),
) -> Progress:
    """Grade what the journal's run has not graded yet; each result is in the journal as soon as it is there.

    Args:
        grade: what runs in the workers; a function of a module, since it is pickled.
        executor: any; it is left running.
        journal: with a run started.
        on_progress: called after every result, and a few times a second.
        make_job: of a name and a source, all that grading it needs, as data that can be pickled.
        workers: how many jobs the executor runs at a time.
        renew: gives a new executor in place of one that broke; without it, a broken one ends the run.
        lost: what a job's future raises when its worker died.

    Raises:
        GradcheckError: the executor broke and cannot be renewed, or nothing can be graded at all.
        KeyboardInterrupt: from outside; everything that was finished is in the journal.
    """
    run = _Run(grade, executor, journal, on_progress, make_job, workers, renew, lost, len(submissions))
    return run.go(submissions)


def has_timed_out(report: Report) -> bool:
    """Did the file, or one of its functions, take too long?"""
    findings = [*report.problems, *(finding for task in report.tasks for finding in task.findings)]
    return any(finding.code == "times-out" for finding in findings)


@dataclass(slots=True)
class _Entry:
    """A source, and how many submissions have it.

    Attributes:
        first: the verdict and points of its first run, when it timed out and runs once more.
    """

    submission: Submission
    sha256: str
    count: int = 1
    first: tuple[Verdict, float] | None = None


@dataclass
class _Run(Generic[J]):
    grade: Callable[[J], Outcome]
    executor: Executor
    journal: Journal
    on_progress: Callable[[Progress], None]
    make_job: Callable[[str, Source], J]
    workers: int
    renew: Callable[[], Executor] | None
    lost: tuple[type[BaseException], ...]
    total: int
    begin: float = field(default_factory=time.monotonic)
    pending: dict[Future[Outcome], tuple[_Entry, J]] = field(default_factory=dict)
    on_the_way: dict[str, _Entry] = field(default_factory=dict)
    dropped: list[tuple[_Entry, J]] = field(default_factory=list)
    again: dict[str, _Entry] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    done: int = 0
    graded: int = 0
    refused: int = 0
    deaths: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    is_broken: bool = False
    slowest: tuple[str, float] = ("", 0.0)

    def go(self, submissions: Sequence[Submission]) -> Progress:
        try:
            for submission in submissions:
                self._take(submission)
            self._drain()
            for entry in list(self.again.values()):
                self._take_again(entry)
            self._drain()
        except KeyboardInterrupt:
            self._keep_finished()
            raise
        self.journal.finish()
        return self._progress()

    # Submissions ------------------------------------------------------------------------------------------------------

    def _take(self, submission: Submission) -> None:
        """Count what is known already, and send off what is not."""
        source = self._read(submission)
        if source is None:
            self._count(None)
            return
        sha256 = source.sha256
        known = self.journal.known(sha256)
        if sha256 in self.on_the_way:
            self.on_the_way[sha256].count += 1
        elif sha256 in self.failed:
            self._count(None)
        elif known is None or known.state in {State.STALE, State.FAILED}:
            entry = _Entry(submission, sha256)
            self.on_the_way[sha256] = entry
            self._send(entry, self.make_job(submission.name, source), JOBS_A_WORKER * self.workers)
        else:
            self._count(known.verdict)
            if known.state is State.TIMED_OUT:
                entry = self.again.setdefault(sha256, _Entry(submission, sha256, 0, (known.verdict, known.score)))
                entry.count += 1

    def _read(self, submission: Submission) -> Source | None:
        try:
            source = submission.read()
        except Refused as refusal:
            self.journal.note(submission, None, str(refusal))
        except Exception as error:  # one submission that cannot be read must not end the run
            self.journal.note(submission, None, f"It cannot be read: {_described(error)}.")
        else:
            self.journal.note(submission, source)
            return source.anonymous
        return None

    def _take_again(self, entry: _Entry) -> None:
        """Run once more what timed out, fewer at a time: what hung for want of a processor has a fair chance now."""
        try:
            source = entry.submission.read().anonymous
        except Exception:  # it was there a moment ago: the first result stands
            source = None
        if source is None or source.sha256 != entry.sha256:
            self.journal.settle(entry.sha256)
            return
        self._send(entry, self.make_job(entry.submission.name, source), max(1, self.workers // 2))

    def _count(self, verdict: Verdict | None, count: int = 1) -> None:
        self.done += count
        if verdict is None:
            self.refused += count
        else:
            self.verdicts[verdict] += count
        self._tell()

    # Jobs -------------------------------------------------------------------------------------------------------------

    def _send(self, entry: _Entry, job: J, limit: int) -> None:
        while len(self.pending) >= limit:
            self._collect()
            self._recover()
        self._submit(entry, job)

    def _submit(self, entry: _Entry, job: J) -> None:
        try:
            self.pending[self.executor.submit(self.grade, job)] = entry, job
        except self.lost as error:
            self._drop(entry, job, error)

    def _drain(self) -> None:
        while self.pending or self.dropped:
            self._collect()
            self._recover()

    def _collect(self) -> None:
        """Wait for a job to end, a moment at most, and keep what has ended."""
        finished, _ = wait(self.pending, timeout=TICK, return_when=FIRST_COMPLETED)
        for future in finished:
            # Kept first and forgotten then: an interrupt between the two loses nothing.
            self._end(future, *self.pending[future])
            del self.pending[future]
        self._tell()

    def _end(self, future: Future[Outcome], entry: _Entry, job: J) -> None:
        try:
            outcome = future.result()
        except self.lost as error:
            self._drop(entry, job, error)
        except Exception as error:
            self._fail(entry, f"It could not be graded, by a fault of gradcheck: {_described(error)}.")
            self.faults[_described(error)] += 1
            if self.faults[_described(error)] >= HOPELESS_FAULTS and not self.graded:
                raise GradcheckError(f"Nothing can be graded: {_described(error)}.") from error
        else:
            self._keep(entry, outcome)

    def _keep(self, entry: _Entry, outcome: Outcome) -> None:
        self.graded += 1
        self.slowest = max(self.slowest, (entry.submission.name, outcome.seconds), key=lambda pair: pair[1])
        report, timed_out = outcome.report, has_timed_out(outcome.report)
        if entry.first is not None:
            self._settle(entry, outcome if (report.score, not timed_out) > (entry.first[1], False) else None)
            return
        self.journal.record(entry.sha256, outcome, State.TIMED_OUT if timed_out else State.DONE)
        self.on_the_way.pop(entry.sha256, None)
        if timed_out:
            entry.first = report.verdict, report.score
            self.again[entry.sha256] = entry
        self._count(report.verdict, entry.count)

    def _settle(self, entry: _Entry, better: Outcome | None) -> None:
        """End the second run; the better result counts."""
        self.journal.settle(entry.sha256, better)
        if entry.first is not None and better is not None:
            self.verdicts[entry.first[0]] -= entry.count
            self.verdicts[better.report.verdict] += entry.count
        self.again.pop(entry.sha256, None)

    def _fail(self, entry: _Entry, reason: str) -> None:
        if entry.first is not None:
            self._settle(entry, None)
            return
        self.journal.fail(entry.sha256, reason)
        self.on_the_way.pop(entry.sha256, None)
        self.failed.add(entry.sha256)
        self._count(None, entry.count)

    # Workers that die -------------------------------------------------------------------------------------------------

    def _drop(self, entry: _Entry, job: J, error: BaseException) -> None:
        self.dropped.append((entry, job))
        self.is_broken = self.is_broken or isinstance(error, BrokenExecutor)

    def _recover(self) -> None:
        """Try each job whose worker died once more, alone, so that the one to blame is known."""
        if not self.dropped:
            return
        while self.pending:  # of a broken pool, all end at once
            self._collect()
        dropped, self.dropped = self.dropped, []
        for entry, job in dropped:
            self._mend()
            self._submit(entry, job)
            while self.pending:
                self._collect()
            if self.dropped:
                self.dropped.clear()
                self.deaths += 1
                self._fail(entry, "It could not be graded: the process that graded it died, and did so again.")
                if self.deaths >= HOPELESS_DEATHS and not self.graded:
                    raise GradcheckError("The processes that grade die one after another, before any result is there.")
        self._mend()

    def _mend(self) -> None:
        if not self.is_broken:
            return
        if self.renew is None:
            raise GradcheckError("The executor broke. What was graded is in the journal; run it again to go on.")
        self.executor, self.is_broken = self.renew(), False

    # Reporting --------------------------------------------------------------------------------------------------------

    def _keep_finished(self) -> None:
        """Journal what had ended when the run was interrupted."""
        for future, (entry, job) in list(self.pending.items()):
            if future.done():
                with suppress(BaseException):
                    self._end(future, entry, job)

    def _tell(self) -> None:
        self.on_progress(self._progress())

    def _progress(self) -> Progress:
        return Progress(
            total=self.total,
            done=self.done,
            graded=self.graded,
            verdicts=dict(self.verdicts),
            refused=self.refused,
            seconds=time.monotonic() - self.begin,
            slowest=self.slowest,
            again=len(self.again),
        )


def _described(error: BaseException) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
