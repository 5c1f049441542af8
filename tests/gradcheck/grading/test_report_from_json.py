"""What the journal keeps of a report is all of it."""

import json
from pathlib import Path

import pytest

from gradcheck import check_file
from gradcheck.render.report_json import as_json, from_json

EXERCISES = Path(__file__).parents[3] / "exercises"
HANDED_IN = sorted(path.relative_to(EXERCISES).as_posix() for path in EXERCISES.glob("*/*/*.py"))


def through_json(report):
    return from_json(json.loads(json.dumps(as_json(report, hints=3), allow_nan=False)))


def test_a_report_comes_back_whole(any_report):
    # By the text: nan equals nothing, itself included.
    assert repr(through_json(any_report)) == repr(any_report)


def test_verdict_and_score_come_back(sample):
    back = through_json(sample("wrong"))
    assert (back.verdict, back.score, back.max_score) == ("wrong", sample("wrong").score, sample("wrong").max_score)


def test_another_schema_is_refused(sample):
    document = as_json(sample("right"), hints=3) | {"schema": "gradcheck/report/2"}
    with pytest.raises(ValueError, match="schema is 'gradcheck/report/2'"):
        from_json(document)


def test_unknown_keys_are_passed_over(sample):
    document = as_json(sample("right"), hints=3) | {"added": 1}
    assert from_json(document) == sample("right")


QUICK = (
    "softmax_regression/solution.py",
    "linear_regression/wrong/cost_broadcasts.py",
    "update_rules/wrong/not_finished.py",
)


@pytest.mark.parametrize(
    "path", [*QUICK, *(pytest.param(path, marks=pytest.mark.slow) for path in HANDED_IN if path not in QUICK)]
)
def test_a_report_of_real_work_comes_back_whole(path):
    report = check_file(EXERCISES / path, exercise=path.split("/", maxsplit=1)[0].replace("_", "-"), seed=1)
    document = as_json(report, hints=3)
    assert as_json(from_json(json.loads(json.dumps(document))), hints=3) == document
