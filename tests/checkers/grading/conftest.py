"""Small classes that are graded by a function of the test instead of a sandbox."""

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from checkers.findings import Certainty, Finding, Verdict
from checkers.grading.journal import Journal
from checkers.grading.run_record import Codec, RunKey
from checkers.grading.submission import Person, Refused, RunInfo, Source, Submission
from checkers.report import OutputReport, Report, TaskReport
from gradcheck.render.report_json import as_json, from_json

CODEC = Codec(lambda report: json.dumps(as_json(report, hints=3)), lambda text: from_json(json.loads(text)))
KEY = RunKey("softmax-regression", "f" * 20, "0.1.0", 5, "timeout 10 s")


@dataclass(frozen=True)
class FakeOutcome:
    report: Report
    seconds: float = 0.5
    isolation: str = "good"
    layers: tuple[str, ...] = ("Landlock",)


def report_of(score: float = 1.0, *codes: str) -> Report:
    findings = tuple(Finding(code, f"It has {code}.", Certainty.OBSERVED) for code in codes)
    verdict = Verdict.WRONG if codes else Verdict.RIGHT
    task = TaskReport("softmax", verdict, score, 1.0, 3, (OutputReport("A", "A", verdict),), findings)
    return Report("0.1.0", "submission.py", KEY.exercise, KEY.seed, "good", 0.5, (task,))


def outcome_of(score: float = 1.0, *codes: str) -> FakeOutcome:
    return FakeOutcome(report_of(score, *codes))


def source_of(text: str) -> Source:
    return Source("submission.py", (("submission.py", text.encode()),))


def submission_of(name: str, text: str | None = None, **more: object) -> Submission:
    """One whose file holds `text`, its name if left out."""
    return Submission(name, lambda: source_of(name if text is None else text), (Person(name.title()),), **more)


def refused_submission(name: str, why: str) -> Submission:
    def read() -> Source:
        raise Refused(why)

    return Submission(name, read)


def info_of(key: RunKey = KEY, submissions: int = 3) -> RunInfo:
    return RunInfo(
        key.exercise, "Softmax", key.fingerprint, key.version, key.seed, "strong", ("all",), submissions=submissions
    )


def started(folder: Path, key: RunKey = KEY, submissions: int = 3) -> Journal:
    journal = Journal(folder, CODEC)
    blank = TaskReport("softmax", Verdict.NOT_RUN, 0.0, 1.0, outputs=(OutputReport("A", "A", Verdict.NOT_RUN),))
    journal.start(key, info_of(key, submissions), Report("0.1.0", "", key.exercise, key.seed, "strong", 0.0, (blank,)))
    return journal


@pytest.fixture
def open_journal(tmp_path: Path):
    """Opens the journal of the test's folder with a run started; all are closed at the end."""
    opened: list[Journal] = []

    def start(key: RunKey = KEY, submissions: int = 3, folder: Path = tmp_path) -> Journal:
        while opened:
            opened.pop().close()
        opened.append(started(folder, key, submissions))
        return opened[0]

    yield start
    for journal in opened:
        journal.close()


@pytest.fixture
def make() -> SimpleNamespace:
    """The makers above: a test module cannot import a conftest."""
    return SimpleNamespace(
        codec=CODEC,
        key=KEY,
        outcome=outcome_of,
        source=source_of,
        submission=submission_of,
        refused=refused_submission,
    )
