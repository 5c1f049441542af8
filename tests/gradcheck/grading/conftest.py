"""Rows of a grading run, written by hand and of real work."""

import hashlib
from pathlib import Path

import pytest

from checkers.findings import Verdict
from checkers.grading.submission import Graded, RunInfo
from checkers.report import Report, TaskReport
from gradcheck import check_file

WRONG = Path(__file__).parents[3] / "exercises/softmax_regression/wrong"
TASKS = ("softmax", "model_backward")


def make_blank() -> Report:
    tasks = tuple(TaskReport(name, Verdict.NOT_RUN, 0.0, 2.0) for name in TASKS)
    return Report("0.1.0", "", "softmax-regression", 7, "strong", 0.0, tasks)


def make_graded(name: str, report: Report, **changes: object) -> Graded:
    sha256 = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    values = {"name": name, "files": (report.file,), "sha256": sha256, "report": report, "seconds": 0.1}
    return Graded(**(values | changes))


@pytest.fixture
def graded():
    """Makes a row; its source is told apart by its name unless a sha256 is given."""
    return make_graded


@pytest.fixture
def refused():
    """Makes the row of a submission that was not run."""
    return lambda name, why: make_graded(name, make_blank(), refusal=why, files=(), sha256="")


@pytest.fixture
def info() -> RunInfo:
    return RunInfo(
        "softmax-regression", "Softmax regression", "f00d", "0.1.0", 7, "strong", ("Landlock", "seccomp"), 2, 3
    )


@pytest.fixture(scope="session")
def real_wrong() -> list[Report]:
    """Full reports of real wrong submissions."""
    files = sorted(WRONG.glob("*.py"))[::7]
    return [check_file(path, exercise="softmax-regression", seed=3) for path in files]
