"""Graded rows made of real reports, and runs to write them in."""

from dataclasses import replace
from pathlib import Path

import pytest

from checkers.grading.submission import Graded, Person, RunInfo
from gradcheck import check_file

EXERCISE = Path(__file__).parents[3] / "exercises" / "softmax_regression"
SUBMISSIONS = {
    "right": EXERCISE / "solution.py",
    "reversed": EXERCISE / "wrong" / "residual_reversed.py",
    "unparsable": EXERCISE / "wrong" / "stray_bracket.py",
}


@pytest.fixture(scope="session")
def reports():
    """The reports of real submissions, by name."""
    checked = {
        name: check_file(path, exercise="softmax-regression", seed=7, locate_budget=1)
        for name, path in SUBMISSIONS.items()
    }
    return {name: replace(report, file="student.py") for name, report in checked.items()}


@pytest.fixture
def graded(reports):
    """Makes a row: of a real report by its name, or of a report given."""

    def make(report="reversed", name="doejane", **changes) -> Graded:
        if isinstance(report, str):
            report = reports[report]
        return Graded(name, ("student.py",), "0" * 64, report, seconds=0.25, **changes)

    return make


@pytest.fixture
def person():
    return Person("Doe, Jane", id="12345", email="jane@example.org", section="Lab 1")


@pytest.fixture
def info():
    return RunInfo("softmax-regression", "Softmax regression", "f" * 16, "0.1.0", 7, "strong", submissions=1)
