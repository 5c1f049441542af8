"""results.json against the shape that PrairieLearn documents."""

import json
from dataclasses import replace

import pytest

from gradcheck.platforms import PlatformOptions
from gradcheck.platforms.prairielearn import LIMIT, write


@pytest.fixture
def written(tmp_path, info):
    def write_and_read(*rows, **options) -> dict:
        [file] = write(info, rows, tmp_path, PlatformOptions(**options)).files
        assert file.stat().st_size <= LIMIT
        document = json.loads(file.read_bytes(), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        check_shape(document)
        return document

    return write_and_read


def check_shape(document: dict) -> None:
    """docs/externalGrading.md, and what pl-external-grader-results reads."""
    if not document.get("gradable", True):
        assert "score" not in document
        assert all(isinstance(error, str) and error for error in document["format_errors"])
        return
    assert 0 <= document["score"] <= 1
    assert isinstance(document["message"], str)
    for test in document["tests"]:
        assert all(isinstance(test[key], str) for key in ("name", "description", "output"))
        # One test without points, and the page shows none at all.
        assert isinstance(test["points"], int | float)
        assert isinstance(test["max_points"], int | float)


@pytest.mark.parametrize("name", ["right", "reversed"])
def test_score_is_a_share_of_the_points(written, graded, reports, name):
    document = written(graded(name))
    assert document["gradable"]
    assert document["score"] == pytest.approx(reports[name].score / 6)
    assert sum(test["points"] for test in document["tests"]) == pytest.approx(reports[name].score)
    assert sum(test["max_points"] for test in document["tests"]) == 6


def test_every_sample_report_has_the_documented_shape(written, graded, any_report):
    written(graded(any_report))


def test_a_file_that_does_not_parse_costs_no_attempt(written, graded):
    document = written(graded("unparsable"))
    assert document["gradable"] is False
    assert "not valid Python 3" in document["format_errors"][0]


def test_a_file_without_a_function_is_graded(written, graded, sample):
    assert written(graded(sample("missing")))["score"] == pytest.approx(1 / 5)


def test_refused_or_empty_is_not_gradable_and_says_why(written, graded):
    assert written(graded(refusal="answer.py is a link."))["format_errors"] == ["answer.py is a link."]
    assert "nothing was graded" in written()["format_errors"][0]


def test_an_exercise_without_points_is_no_division_by_zero(written, graded, reports):
    tasks = tuple(replace(task, score=0.0, max_score=0.0) for task in reports["right"].tasks)
    assert written(graded(replace(reports["right"], tasks=tasks)))["gradable"] is False


def test_output_is_at_the_hint_level(written, graded):
    def said(level):
        return "\n".join(test["output"] for test in written(graded("reversed"), level=level)["tests"])

    assert "residual-reversed" not in said(0)
    assert "residual-reversed" in said(1)
    assert "line " not in said(1)
    assert "line " in said(2)
    assert "expected" not in said(2)
    assert "expected" in said(3)


def test_a_document_never_exceeds_the_limit(written, graded, reports):
    report = reports["reversed"]
    wrong = next(task for task in report.tasks if task.findings)
    long = replace(wrong, findings=(replace(wrong.findings[0], message="é" * 15_000),))
    document = written(graded(replace(report, tasks=(long,) * 60)))
    assert len(document["tests"]) == 60
    assert all("the rest is left out" in test["output"] for test in document["tests"])


def test_no_escape_sequence_reaches_the_page(written, graded, sample):
    document = written(graded(sample("hostile")))
    assert "\x1b" not in "".join(test["output"] + test["name"] for test in document["tests"])
