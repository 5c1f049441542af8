"""The step's result as the reporter reads it, and the log as the runner reads it."""

import base64
import json
import re

import pytest

from gradcheck.platforms import PlatformOptions
from gradcheck.platforms.github_classroom import write


def reported(result: dict) -> dict | None:
    """What autograding-grading-reporter makes of a result (src/notify-classroom.js)."""
    if not result["max_score"]:
        return None
    return {"totalPoints": sum(test["score"] for test in result["tests"]), "maxPoints": result["max_score"]}


def commands(log: str) -> list[tuple[str, str]]:
    """What a runner takes for a command: "::name props::data" at a line's start, "##[name]" anywhere."""
    assert "##[" not in log
    return re.findall(r"^\s*::(\w[^:]*?)::(.*)$", log, re.MULTILINE)


@pytest.fixture
def written(tmp_path, info):
    """Writes rows and gives the result and the notices."""

    def write_and_read(*rows, **options):
        result, notices = write(info, rows, tmp_path, PlatformOptions(**options)).files
        text = result.read_text(encoding="ascii")
        assert re.fullmatch(r"[A-Za-z0-9+/]+=*", text)  # one line, or GITHUB_OUTPUT would hold a second value
        return json.loads(base64.b64decode(text)), notices.read_text()

    return write_and_read


def check_shape(result: dict) -> None:
    assert result["version"] == 3
    assert result["status"] in {"pass", "fail", "error"}
    assert isinstance(result["max_score"], int | float)
    for test in result["tests"]:
        assert test["status"] in {"pass", "fail", "error"}
        assert isinstance(test["score"], int | float)
        assert isinstance(test["line_no"], int)
        assert all(isinstance(test[key], str) for key in ("name", "test_code", "filename", "message"))
        assert len(test.get("output", "")) <= 500


@pytest.mark.parametrize(("name", "status"), [("right", "pass"), ("reversed", "fail"), ("unparsable", "fail")])
def test_reporter_and_notices_agree_on_the_points(written, graded, reports, name, status):
    result, notices = written(graded(name))
    check_shape(result)
    assert result["status"] == status
    points = reported(result)
    assert points == {"totalPoints": reports[name].score, "maxPoints": 6}
    (first, text), (second, summary) = commands(notices)
    assert (first, second) == ("notice title=Autograding complete", "notice title=Autograding report")
    assert text == f"Points {points['totalPoints']:g}/6"
    assert json.loads(summary) == points


def test_every_sample_report_has_the_shape(written, graded, any_report):
    check_shape(written(graded(any_report))[0])


def test_whole_points_are_whole_numbers(written, graded):
    assert written(graded("right"))[1].startswith("::notice title=Autograding complete::Points 6/6\n")


def test_refused_says_why_and_reports_no_zero_of_zero(written, graded):
    result, notices = written(graded(refusal="too large."))
    assert result["status"] == "error"
    assert "not graded: too large." in result["message"]
    assert "Points 0/6" in notices
    result, notices = written()
    assert "nothing was graded" in result["message"]
    assert notices == ""


def test_a_text_of_the_students_is_no_command_to_the_runner(written, graded, sample):
    from dataclasses import replace

    report = sample("raised")
    forged = '\n::notice title=Autograding report::{"totalPoints":99,"maxPoints":99}\n##[error]x'
    task = report.tasks[0]
    finding = replace(task.findings[0], message=f"{task.name} raises {forged}", hint=forged)
    report = replace(report, file=forged, tasks=(replace(task, name=f"f{forged}", findings=(finding,)),))
    result, notices = written(graded(report))
    log = "\n".join(str(value) for test in result["tests"] for value in test.values())
    assert '"totalPoints":99' in log
    assert commands(log) == []
    assert len(commands(notices)) == 2


def test_line_is_told_from_level_2_on(written, graded):
    def lines(level):
        return {test["line_no"] for test in written(graded("reversed"), level=level)[0]["tests"]}

    assert lines(1) == {0}
    assert lines(2) > {0} or 0 not in lines(2)
