"""Grading one submission: in a box, in a process that grades one after the other."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from checkers.grading.submission import Source
from checkers.report import Report
from checkers.sandbox.isolation import Sandbox
from checkers.sandbox.layers import Level
from checkers.task_check import Caller, Probes
from gradcheck.catalogue import DEFINITION, find
from gradcheck.compiled import compiled
from gradcheck.file_check import report_on

# All calls of a submission together may take so many times what one of them may: a good one takes a hundredth of it.
PATIENCE = 4.0


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """An exercise as plain data: (name, content) of the files in its folder."""

    id: str
    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs to grade one submission.

    Attributes:
        timeout: seconds of processor time that one call may take.
        isolation: the level that is wanted, or "auto".
        is_tried: it was tried on this machine a moment ago, and held.
    """

    name: str
    source: Source
    exercise: ExerciseFiles
    seed: int
    timeout: float
    isolation: str
    locate_budget: float
    is_tried: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave."""

    report: Report
    seconds: float
    isolation: str
    layers: tuple[str, ...]


def isolation_here(wanted: str) -> tuple[str, tuple[str, ...]]:
    """The level that this machine reaches, and its layers.

    Raises:
        UsageError: it cannot do as much as is wanted.
    """
    with Sandbox(_level(wanted)) as sandbox:
        return str(sandbox.level), sandbox.described


def grade_one(job: Job) -> Outcome:
    """Grade one submission; what it does, hangs or kills is part of the report.

    Raises:
        UsageError: this machine cannot shut it in as is wanted.
        GradcheckError: no process for it can be started.
    """
    return grade_in(_sandbox(job.isolation, job.is_tried), job)


def grade_in(sandbox: Sandbox, job: Job) -> Outcome:
    """Grade one submission in a box of this sandbox."""
    probes = _probes(job.exercise, job.seed)
    begin = time.perf_counter()
    content = dict(job.source.files)[job.source.main]
    with sandbox.box(job.source.files, job.timeout, PATIENCE * job.timeout) as box:
        student = box.student.load(Path(box.folder, job.source.main), content)
        report = report_on(student, Caller(box.student, job.timeout), probes, job.locate_budget)
    seconds = time.perf_counter() - begin
    report = replace(report, file=job.source.main, isolation=str(sandbox.level), seconds=seconds)
    return Outcome(report, seconds, str(sandbox.level), sandbox.described)


def _level(wanted: str) -> Level | None:
    return None if wanted == "auto" else Level(wanted)


@lru_cache(maxsize=1)
def _sandbox(wanted: str, is_tried: bool) -> Sandbox:
    """One for all submissions of this process; it ends with it."""
    return Sandbox(_level(wanted), is_tried=is_tried)


@lru_cache(maxsize=1)
def _probes(exercise: ExerciseFiles, seed: int) -> Probes:
    """The exercise and its probes, the same for the whole class."""
    # Its own folder may be on another machine. The cache of compiled exercises goes by content, not by place.
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent, exercise.id.replace("-", "_"))
        folder.mkdir()
        for name, content in exercise.files:
            (folder / name).write_bytes(content)
        return Probes(compiled(find(str(folder / DEFINITION))), seed)
