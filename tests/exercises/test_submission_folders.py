"""Each exercise's folder is complete, and its expected.toml says something true of the files beside it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from checkers.findings import FAMILY_OF

EXERCISES = Path(__file__).parents[2] / "exercises"
FOLDERS = sorted(path.parent for path in EXERCISES.glob("*/starter.py"))
# Their fault is that there is nothing to point at.
CODES_WITHOUT_A_LINE = {"missing-function"}

each_exercise = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def expected_of(folder):
    return tomllib.loads((folder / "wrong" / "expected.toml").read_text())


def signatures(path):
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    return {function.name: ast.unparse(function.args) for function in functions}


def names_in(path):
    return {path.name for path in path.glob("*.py")}


def test_the_six_exercises_are_there():
    names = {"linear_regression", "softmax_regression", "activations", "two_layer_net", "mlp", "update_rules"}
    assert names <= {folder.name for folder in FOLDERS}


@each_exercise
def test_starter_and_solution_name_their_exercise(folder):
    marker = f"# gradcheck: exercise {folder.name.replace('_', '-')}"
    for name in ("starter.py", "solution.py"):
        assert marker in (folder / name).read_text().splitlines(), name


@each_exercise
def test_solution_has_the_signatures_of_the_starter(folder):
    starter = signatures(folder / "starter.py")
    assert starter.items() <= signatures(folder / "solution.py").items()


@each_exercise
def test_handout_names_every_function_of_the_starter(folder):
    handout = (folder / "README.md").read_text()
    assert all(f"{name}(" in handout for name in signatures(folder / "starter.py"))


@each_exercise
def test_wrong_submissions_are_ten_or_more_and_all_listed(folder):
    assert len(expected_of(folder)) >= 10
    assert names_in(folder / "wrong") == set(expected_of(folder))


@each_exercise
def test_right_submissions_are_three_or_more(folder):
    assert len(names_in(folder / "right")) >= 3


@each_exercise
def test_expected_findings_use_the_public_vocabulary(folder):
    for name, expected in expected_of(folder).items():
        assert FAMILY_OF.get(expected["code"]) == expected["family"], name
        assert set(expected.get("accept", [])) <= set(FAMILY_OF), name


@each_exercise
def test_expected_tasks_are_functions_of_the_starter(folder):
    for name, expected in expected_of(folder).items():
        if expected["code"] != "syntax":
            assert expected["task"] in signatures(folder / "starter.py"), name
            assert expected["outputs"], name


@each_exercise
def test_expected_lines_hold_code(folder):
    for name, expected in expected_of(folder).items():
        if expected["code"] not in CODES_WITHOUT_A_LINE:
            lines = expected["line"] if isinstance(expected["line"], list) else [expected["line"]]
            for number in lines:
                line = (folder / "wrong" / name).read_text().splitlines()[number - 1].strip()
                assert line, name
                assert not line.startswith("#"), name
