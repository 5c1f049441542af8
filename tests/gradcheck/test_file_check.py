"""check_file: finding the exercise, and what is said of files that misbehave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkers.errors import NoExerciseError, UsageError
from checkers.findings import Severity, Verdict
from checkers.report import Report, TaskReport
from gradcheck import check_file

SOLUTION = (Path(__file__).parents[2] / "exercises/softmax_regression/solution.py").read_text()
FORWARD = "import numpy as np\n\n\ndef model_forward(X, W, b):\n"


def check(folder: Path, source: str, **options: Any) -> Report:
    path = folder / "student.py"
    path.write_text(source)
    return check_file(path, **{"exercise": "softmax-regression", "seed": 3, "timeout": 1.0} | options)


def forward(folder: Path, body: str) -> TaskReport:
    report = check(folder, f"{FORWARD}    {body}\n")
    return next(task for task in report.tasks if task.name == "model_forward")


def codes(task: TaskReport) -> list[str]:
    return [finding.code for finding in task.findings]


# Finding the exercise -------------------------------------------------------------------------------------------------


def test_the_marker_line_names_the_exercise(tmp_path: Path) -> None:
    report = check(tmp_path, "# gradcheck: exercise two-layer-net\n", exercise=None)
    assert report.exercise == "two-layer-net"


@pytest.mark.parametrize(
    "exercise", ["softmax-regression", "linear-regression", "mlp", "two-layer-net", "update-rules"]
)
def test_function_names_and_arguments_name_the_exercise(tmp_path: Path, exercise: str) -> None:
    folder = Path(__file__).parents[2] / "exercises" / exercise.replace("-", "_")
    source = "\n".join(line for line in (folder / "solution.py").read_text().splitlines() if "gradcheck" not in line)
    report = check(tmp_path, source, exercise=None)
    assert (report.exercise, report.verdict) == (exercise, Verdict.RIGHT)


def test_one_function_is_enough(tmp_path: Path) -> None:
    report = check(tmp_path, "def cost_gradient(z, y):\n    return 2 * (z - y) / len(y)\n", exercise=None)
    assert report.exercise == "linear-regression"


def without_marker(path: str) -> str:
    text = (Path(__file__).parents[2] / "exercises" / path).read_text()
    return "\n".join(line for line in text.splitlines() if "gradcheck:" not in line)


@pytest.mark.parametrize("name", ["right/coursera_helpers.py", "wrong/or_string.py", "wrong/regulariser_argument.py"])
def test_helpers_that_another_exercise_declares_do_not_name_it(tmp_path: Path, name: str) -> None:
    assert check(tmp_path, without_marker(f"mlp/{name}"), exercise=None).exercise == "mlp"


def test_some_of_a_large_exercises_functions_are_enough(tmp_path: Path) -> None:
    source = "def relu(Z):\n    return Z * (Z > 0)\n\n\ndef relu_backward(dA, Z):\n    return dA * (Z > 0)\n"
    assert check(tmp_path, source, exercise=None).exercise == "activations"


def test_two_whole_exercises_in_one_file_are_not_chosen_from(tmp_path: Path) -> None:
    source = without_marker("two_layer_net/solution.py") + "\n" + without_marker("activations/solution.py")
    with pytest.raises(NoExerciseError, match=r"activations and two-layer-net equally well.*--exercise activations"):
        check(tmp_path, source, exercise=None)


def test_a_loss_of_another_number_of_arguments_is_not_the_declared_one(tmp_path: Path) -> None:
    source = "def loss(z, y):\n    return ((z - y) ** 2).mean()\n\ndef model_forward(X, w, b):\n    return X @ w + b\n"
    assert check(tmp_path, source, exercise=None).exercise == "linear-regression"


def test_a_file_of_no_exercise_lists_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NoExerciseError, match=r"no function of any exercise.*linear-regression \(model_forward"):
        check(tmp_path, "def nothing_of_ours():\n    pass\n", exercise=None)


def test_a_file_whose_gradients_cannot_be_judged_names_them_first(tmp_path: Path) -> None:
    source = "def nn_cost(packed, hidden_size, X, y):\n    J, grad = 0, packed\n    return J, grad\n"
    with pytest.raises(
        NoExerciseError, match=r"(?s)no gradient could be judged.*nn_cost, line 1: .*packed, hidden_size"
    ):
        check(tmp_path, source, exercise=None)


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no file .*absent\.py"):
        check_file(tmp_path / "absent.py")


def test_an_unknown_exercise_suggests_the_known_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean softmax-regression"):
        check(tmp_path, SOLUTION, exercise="softmax-regresion")


# Behaviour ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("return undefined_thing", "undefined-name"),
        ("raise NotImplementedError", "not-implemented"),
        ("pass", "not-implemented"),
        ("return X @ W", "raises"),
        ("raise SystemExit(0)", "raises"),
        ("import os; os._exit(0)", "raises"),
        ("while True: pass", "times-out"),
        ("return 'text'", "wrong-shape"),
        ("return X @ W.T + b + np.nan", "not-finite"),
        ("return (X @ W.T + b) * np.random.rand()", "not-deterministic"),
        ("return (X @ W.T + b).T", "transposed"),
        ("return X @ W.T", "term-missing"),
        ("return -(X @ W.T + b)", "sign-flipped"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else None,
)
def test_a_misbehaving_function_gets_its_code_and_the_others_are_still_checked(
    tmp_path: Path, body: str, code: str
) -> None:
    softmax = "\n\ndef softmax(Z):\n    E = np.exp(Z - Z.max())\n    return E / E.sum(axis=1, keepdims=True)\n"
    report = check(tmp_path, f"{FORWARD}    {body}\n{softmax}")
    tasks = {task.name: task for task in report.tasks}
    assert codes(tasks["model_forward"])[0] == code
    assert tasks["model_forward"].verdict is Verdict.WRONG
    assert tasks["softmax"].verdict is Verdict.RIGHT


def test_an_exception_has_its_line(tmp_path: Path) -> None:
    task = forward(tmp_path, "Z = X @ W.T\n    return Z + c")
    assert (task.findings[0].line, task.findings[0].source) == (6, "return Z + c")


def test_a_syntax_error_has_its_line_and_every_task_is_listed(tmp_path: Path) -> None:
    report = check(tmp_path, "def model_forward(X, W, b):\n    return (X @ W.T\n")
    assert report.problems[0].code == "syntax"
    assert report.problems[0].line == 2
    assert {task.verdict for task in report.tasks} == {Verdict.NOT_RUN}
    assert report.verdict is Verdict.WRONG
    assert len(report.tasks) == 5


def test_what_is_defined_before_an_exception_is_still_checked(tmp_path: Path) -> None:
    report = check(tmp_path, f"{FORWARD}    return X @ W.T + b\n\nnp.loadtxt('missing.csv')\n")
    assert report.problems[0].code == "raises"
    assert next(t for t in report.tasks if t.name == "model_forward").verdict is Verdict.RIGHT
    assert report.verdict is Verdict.WRONG


def test_a_missing_function_costs_its_points_only(tmp_path: Path) -> None:
    report = check(tmp_path, f"{FORWARD}    return X @ W.T + b\n")
    missing = [task for task in report.tasks if task.verdict is Verdict.NOT_RUN]
    assert [task.findings[0].code for task in missing] == ["missing-function"] * 4
    assert (report.score, report.max_score) == (1.0, 6.0)
    assert report.verdict is Verdict.NOT_RUN


def test_a_changed_input_is_only_a_note(tmp_path: Path) -> None:
    task = forward(tmp_path, "X *= 1.0; X += 1; X -= 1; X[0] += 2; Z = X.copy(); Z[0] -= 2; return Z @ W.T + b")
    notes = [finding for finding in task.findings if finding.code == "mutates-input"]
    assert task.verdict is Verdict.RIGHT
    assert notes[0].severity is Severity.NOTE
    assert "X" in notes[0].message


def test_another_number_of_arguments_is_a_signature_not_a_gradient(tmp_path: Path) -> None:
    report = check(tmp_path, "def model_forward(X, W):\n    return X @ W.T\n")
    task = next(task for task in report.tasks if task.name == "model_forward")
    assert codes(task) == ["wrong-signature"]
    assert task.score == 0


def test_the_order_of_arguments_is_found_and_said(tmp_path: Path) -> None:
    report = check(tmp_path, SOLUTION.replace("def cross_entropy(Z, Y)", "def cross_entropy(Y, Z)"))
    task = next(task for task in report.tasks if task.name == "cross_entropy")
    assert task.verdict is Verdict.RIGHT
    assert task.call == "cross_entropy(Y, Z)"


def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    wrong = SOLUTION.replace("- Y", "+ Y")
    first, second = (check(tmp_path, wrong, seed=11) for _ in range(2))
    assert first.tasks == second.tasks


def test_a_gradient_right_for_a_wrong_loss_is_called_that(tmp_path: Path) -> None:
    source = """
def compute_cost(z, y):
    return ((y - z) ** 2).sum() / (2 * len(y))


def cost_gradient(z, y):
    return (z - y) / len(y)
"""
    report = check(tmp_path, source, exercise="linear-regression")
    tasks = {task.name: task for task in report.tasks}
    assert codes(tasks["compute_cost"]) == ["factor"]
    assert codes(tasks["cost_gradient"]) == ["wrong-loss"]
    assert "factor" in {a.code for a in tasks["cost_gradient"].findings[0].alternatives}


def test_two_different_mistakes_are_two_findings(tmp_path: Path) -> None:
    source = (
        SOLUTION
        + """

def model_backward(X, Y, W, b):
    dZ = (softmax(X @ W.T + b) - Y) / len(X)
    return -dZ.T @ X, dZ.sum(axis=1)
"""
    )
    report = check(tmp_path, source)
    task = next(task for task in report.tasks if task.name == "model_backward")
    assert {finding.code: finding.outputs for finding in task.findings} == {
        "sign-flipped": ("dW",),
        "sum-wrong-axis": ("db",),
    }


def test_random_arrays_are_unknown_not_guessed(tmp_path: Path) -> None:
    body = "return np.random.default_rng(5).standard_normal((len(X), len(b)))"
    assert codes(forward(tmp_path, body)) == ["unknown"]


def test_single_precision_is_right_with_a_note(tmp_path: Path) -> None:
    task = forward(tmp_path, "return (X.astype('f4') @ W.T.astype('f4') + b.astype('f4'))")
    assert task.verdict is Verdict.RIGHT
    assert codes(task) == ["low-precision"]


def test_a_column_for_a_vector_is_a_note_when_the_values_agree(tmp_path: Path) -> None:
    source = "def model_forward(X, w, b):\n    return (X @ w + b).reshape(-1, 1)\n"
    report = check(tmp_path, source, exercise="linear-regression")
    task = next(task for task in report.tasks if task.name == "model_forward")
    assert task.verdict is Verdict.RIGHT
    assert [(f.code, f.severity) for f in task.findings] == [("wrong-shape", Severity.NOTE)]
