"""Grading one submission, in a worker process."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from checkers.grading.submission import Source
from checkers.report import Report


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """An exercise as plain data: (name, content) of the files in its folder."""

    id: str
    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """All that a worker needs to grade one submission."""

    name: str
    source: Source
    exercise: ExerciseFiles
    seed: int
    timeout: float
    isolation: str
    locate_budget: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What grading gave."""

    report: Report
    seconds: float
    isolation: str
    layers: tuple[str, ...]


def isolation_here(wanted: str) -> tuple[str, tuple[str, ...]]:
    """The level that this machine reaches, and its layers."""
    return "process", ("a process of its own, ended as a whole",)


def grade_one(job: Job) -> Outcome:
    """Grade one submission."""
    from gradcheck.file_check import check_file  # noqa: PLC0415

    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in job.source.files:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        report = check_file(
            Path(folder, job.source.main),
            exercise=job.exercise.id,
            seed=job.seed,
            timeout=job.timeout,
            locate_budget=job.locate_budget,
        )
    seconds = time.perf_counter() - begin
    return Outcome(replace(report, file=job.source.main, seconds=seconds), seconds, *isolation_here(job.isolation))
