"""What an instructor sets in exercise.py: partial credit for a family of mistakes, and the hint level of feedback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from checkers.errors import ModelError
from checkers.report import Report
from gradcheck import check_file
from gradcheck.catalogue import find
from gradcheck.compiled import compiled, load_definition

SOFTMAX = Path(find("softmax-regression").path)
END = "    ],\n)\n"


def exercise_with(folder: Path, policy: str) -> Path:
    """Softmax regression with a policy."""
    copy = folder / "softmax_regression"
    shutil.copytree(SOFTMAX, copy, ignore=shutil.ignore_patterns("wrong", "right", "__pycache__"))
    definition = copy / "exercise.py"
    text = definition.read_text(encoding="utf-8")
    assert text.endswith(END)
    definition.write_text(text.replace(END, f"    ],\n    {policy},\n)\n"), encoding="utf-8")
    return copy


def graded(exercise: Path | str, name: str) -> Report:
    return check_file(SOFTMAX / "wrong" / name, exercise=str(exercise), seed=1, locate_budget=0)


def test_a_wrong_output_keeps_the_part_that_its_mistakes_family_is_given(tmp_path):
    kept = graded(exercise_with(tmp_path, 'partial_credit={"sign": 0.25}'), "residual_reversed.py")
    plain = graded("softmax-regression", "residual_reversed.py")
    (wrong,) = [task for task in kept.tasks if task.score < task.max_score]
    assert {finding.family for finding in wrong.findings} == {"sign"}
    assert plain.score == plain.max_score - wrong.max_score
    assert wrong.score == 0.25 * wrong.max_score
    assert kept.verdict == plain.verdict == "wrong"


def test_another_family_leaves_nothing(tmp_path):
    report = graded(exercise_with(tmp_path, 'partial_credit={"scale": 1.0}'), "residual_reversed.py")
    assert report.score == graded("softmax-regression", "residual_reversed.py").score


def test_what_is_not_written_earns_nothing_by_any_policy(tmp_path):
    exercise = exercise_with(tmp_path, 'partial_credit={"sign": 0.5, "scale": 0.5}')
    empty = tmp_path / "empty.py"
    empty.write_text("# gradcheck: exercise softmax-regression\n", encoding="utf-8")
    assert check_file(empty, exercise=str(exercise), seed=1).score == 0


def test_the_feedback_level_reaches_the_compiled_exercise(tmp_path):
    folder = find(str(exercise_with(tmp_path, "feedback=1")))
    assert compiled(folder).exercise.feedback_level == 1


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ('partial_credit={"signs": 0.5}', r"there is no family 'signs'. Known: activation, .*, written\."),
        ('partial_credit={"sign": 1.5}', r"sign keeps 1.5; give a part from 0 to 1"),
        ('partial_credit={"sign": float("nan")}', r"sign keeps nan"),
        ("feedback=4", r"feedback=4 is no hint level; give 0, 1, 2 or 3"),
    ],
    ids=["family", "part", "nan", "level"],
)
def test_a_policy_that_makes_no_sense_is_refused(tmp_path, policy, complaint):
    with pytest.raises(ModelError, match=complaint):
        load_definition(find(str(exercise_with(tmp_path, policy))))
