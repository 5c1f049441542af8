"""A grading run of an exercise: what its journal is called, what each worker is told, and what is the same for all.

collection -> open_run -> GradingRun.grade(executor) -> the journal, of which every output is made
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from checkers.compiled_exercise import CompiledExercise
from checkers.errors import UsageError
from checkers.findings import Verdict
from checkers.grading.journal import Journal
from checkers.grading.journal_reader import FILE, JournalReader
from checkers.grading.run import Progress, run_grading
from checkers.grading.run_record import Codec, Run, RunKey
from checkers.grading.submission import RunInfo, Source, Submission
from checkers.hints import DEFAULT
from checkers.locate import DEFAULT_BUDGET
from checkers.report import OutputReport, Report, TaskReport
from gradcheck.catalogue import ExerciseFolder
from gradcheck.compiled import compiled
from gradcheck.render.report_json import as_json, from_json
from gradcheck.version import __version__

from .worker import ExerciseFiles, Job, grade_one


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of a class, graded apart; which part a submission is in, its name decides alone.

    >>> str(Shard.parsed("2/4"))
    '2/4'
    """

    number: int
    count: int

    @staticmethod
    def parsed(text: str) -> Shard:
        """The shard in "2/4".

        Raises:
            UsageError: it is no such text, or there is no such part.
        """
        number, _, count = text.partition("/")
        if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
            raise UsageError(f"--shard takes I/N with I from 1 to N, such as 1/4; it is {text}.")
        return Shard(int(number), int(count))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def has(self, name: str) -> bool:
        """Is the submission of this name in it?"""
        digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is graded.

    Attributes:
        seed: of the probes; when None, the journal's, or a fresh one.
        timeout: seconds that one call may take.
        locate_budget: seconds to look for the change that mends each wrong function.
        isolation: the level that is wanted.
        reached, layers: the level that was reached here, and what it is made of.
        is_local: workers are on this machine, and need not try the level again.
        feedback: hint level of what students get; the exercise's when None.
        shard: which part of the submissions is graded; all when None.
    """

    seed: int | None = None
    timeout: float = 10.0
    locate_budget: float = DEFAULT_BUDGET
    isolation: str = "auto"
    reached: str = ""
    layers: tuple[str, ...] = ()
    is_local: bool = False
    feedback: int | None = None
    shard: Shard | None = None

    @property
    def deciding(self) -> str:
        """Those that change results, in words."""
        return f"timeout {self.timeout:g} s, locate budget {self.locate_budget:g} s"


CODEC = Codec(
    encode=lambda report: json.dumps(as_json(report, hints=3), ensure_ascii=False, allow_nan=False),
    decode=lambda text: from_json(json.loads(text)),
)


def open_run(submissions: Sequence[Submission], folder: ExerciseFolder, out: Path, settings: Settings) -> GradingRun:
    """Open the journal in `out` and start a run, or go on with the one that it holds.

    Raises:
        UsageError: the journal cannot be used, or another process does.
        ModelError, ProofError, OracleError: the exercise does not build.
    """
    exercise = compiled(folder).exercise
    files = exercise_files(folder)
    part = tuple(one for one in submissions if settings.shard is None or settings.shard.has(one.name))
    journal = Journal(out, CODEC)
    try:
        earlier = [run.key for run in journal.runs()]
        seed = settings.seed
        if seed is None:
            seed = earlier[-1].seed if earlier else secrets.randbelow(2**31)
        key = RunKey(folder.id, fingerprint(files), __version__, seed, settings.deciding)
        # An exercise may set a level of its own.
        level = getattr(exercise, "feedback_level", int(DEFAULT)) if settings.feedback is None else settings.feedback
        info = RunInfo(
            exercise=folder.id,
            title=folder.title,
            fingerprint=key.fingerprint,
            version=__version__,
            seed=seed,
            isolation=settings.reached,
            layers=settings.layers,
            feedback_level=level,
            submissions=len(part),
        )
        run = journal.start(key, info, _blank(exercise, info), str(settings.shard or ""))
    except BaseException:
        journal.close()
        raise
    changes = earlier[-1].differences(key) if earlier else ()
    return GradingRun(journal, run, part, files, settings, key not in earlier, changes)


def _blank(exercise: CompiledExercise, info: RunInfo) -> Report:
    """The report on what was not run."""
    tasks = (
        TaskReport(
            task.name,
            Verdict.NOT_RUN,
            score=0.0,
            max_score=task.points,
            outputs=tuple(OutputReport(output.name, output.of, Verdict.NOT_RUN) for output in task.outputs),
        )
        for task in exercise.tasks
    )
    return Report(info.version, "", info.exercise, info.seed, info.isolation, 0.0, tuple(tasks))


@dataclass
class GradingRun:
    """A run that has been started, with its journal open.

    Attributes:
        is_new: nothing of it has been graded before.
        changes: why it is another run than the one that the journal was last used for, in words; none if it is not.
    """

    journal: Journal
    run: Run
    submissions: tuple[Submission, ...]
    files: ExerciseFiles
    settings: Settings
    is_new: bool
    changes: tuple[str, ...]

    def grade(
        self,
        executor: Executor,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        *,
        workers: int,
        renew: Callable[[], Executor] | None = None,
        lost: tuple[type[BaseException], ...] = (BrokenExecutor,),
    ) -> Progress:
        """Grade what has not been graded, by any executor; see `checkers.grading.run.run_grading`."""
        return run_grading(
            self.submissions,
            grade_one,
            executor,
            self.journal,
            on_progress,
            make_job=self.job,
            workers=workers,
            renew=renew,
            lost=lost,
        )

    def job(self, name: str, source: Source) -> Job:
        """What a worker is told of a submission."""
        return Job(
            name=name,
            source=source,
            exercise=self.files,
            seed=self.run.key.seed,
            timeout=self.settings.timeout,
            isolation=self.settings.reached if self.settings.is_local else self.settings.isolation,
            locate_budget=self.settings.locate_budget,
            is_tried=self.settings.is_local,
        )

    def __enter__(self) -> GradingRun:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.journal.close()


def exercise_files(folder: ExerciseFolder) -> ExerciseFiles:
    """All that an exercise is made of, to be sent to a worker on any machine."""
    names = sorted(path for path in folder.path.iterdir() if path.suffix == ".py" or path.name == "README.md")
    return ExerciseFiles(folder.id, tuple((path.name, path.read_bytes()) for path in names))


def fingerprint(files: ExerciseFiles) -> str:
    """A hash of an exercise's code: the same on every machine that has the same exercise."""
    digest = hashlib.sha256()
    for name, content in files.files:
        if name.endswith(".py"):
            digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:20]


def read_journal(folder: Path) -> JournalReader:
    """The journal of a run's folder, to be read.

    Raises:
        UsageError: there is none, or it cannot be read; the text says why.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.")
    if not (folder / FILE).is_file():
        raise UsageError(f"{folder} is no output folder of gradcheck grade: it holds no {FILE}.")
    return JournalReader(folder, CODEC)
