"""`gradcheck train`: exit codes, standard output as text and as JSON, what is refused before any work."""

import json
from pathlib import Path

import pytest

from gradcheck.cli.app import run_command_line

SOLUTION = Path(__file__).parents[2] / "exercises/linear_regression/solution.py"
RAISES = "def model_backward(X, y, w, b):\n    if len(X) > 20:\n        raise KeyError('large')\n"


def ran(capsys, *arguments):
    """The exit code and what went to standard output."""
    code = run_command_line(["train", *map(str, arguments)])
    return code, capsys.readouterr().out


def strict(text):
    """The document; Python's own reading takes NaN and Infinity, which are not JSON."""

    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_json_is_all_that_goes_to_standard_output(capsys):
    code, out = ran(capsys, "mlp", "--hidden", "8,6,5", "--activation", "tanh", "--epochs", 2, "--format", "json")
    document = strict(out)
    assert code == 0
    assert (document["schema"], document["exercise"]) == ("gradcheck/training/1", "mlp")
    assert (document["layers"], document["activation"]) == ([64, 8, 6, 5, 10], "tanh")
    assert (document["settings"]["epochs"], document["settings"]["start"]) == (2, "he")
    assert (document["data"]["train"], document["data"]["image"]) == (1438, [8, 8])
    (learner,) = document["learners"]
    first, _, last = learner["epochs"]
    assert (first["number"], first["seconds"], last["number"]) == (0, 0.0, 2)
    assert 0 < last["test_cost"] < first["test_cost"]
    assert 0 <= last["accuracy"] <= 1
    assert learner["stopped"] is learner["divergence"] is None


def test_text_and_json_tell_the_same_costs(capsys):
    arguments = ["softmax-regression", "--mistake", "mean-twice", "--epochs", 2]
    _, text = ran(capsys, *arguments)
    document = strict(ran(capsys, *arguments, "--format", "json")[1])
    assert document["planted"]["code"] == "mean-twice"
    assert document["planted"]["message"] in " ".join(text.split())
    for learner in document["learners"]:
        last = learner["epochs"][-1]
        costs = f"{last['cost']:.4g} {last['test_cost']:.4g}"
        percents = f"{100 * last['accuracy']:.2f} % {100 * last['test_accuracy']:.2f} %"
        assert f"{costs} {percents}" in " ".join(text.split())


def test_costs_that_are_not_finite_are_strings_and_the_file_is_written(capsys, tmp_path):
    output = tmp_path / "run.json"
    arguments = ["linear-regression", SOLUTION, "--rate", 1e3, "--epochs", 9, "--format", "json", "--output", output]
    assert ran(capsys, *arguments) == (1, "")
    reference, student = strict(output.read_text(encoding="utf-8"))["learners"]
    assert reference["epochs"][-1]["cost"] in {"inf", "nan"}
    assert student["name"] == "solution.py"
    for learner in (reference, student):
        assert learner["divergence"]["step"] > 0
        assert not learner["divergence"]["is_finite"]
    # The first steps that are taken again are the same for both.
    assert reference["divergence"] == student["divergence"]
    assert set(student["divergence"]) == {"step", "epoch", "is_finite", "reason"}
    assert "too large" in student["divergence"]["reason"]


def test_a_function_that_raises_is_a_finding_with_its_step(capsys, tmp_path):
    file = tmp_path / "raises.py"
    file.write_text(RAISES + "    return X.T @ (X @ w + b - y) * 2 / len(X), 2 * (X @ w + b - y).mean()\n")
    code, out = ran(capsys, "linear-regression", file, "--epochs", 1, "--format", "json")
    _, student = strict(out)["learners"]
    assert code == 1
    assert student["stopped"]["step"] == 1
    assert "KeyError" in student["stopped"]["finding"]["message"]
    assert student["stopped"]["finding"]["line"] == 3


def test_the_file_that_is_trained_is_not_overwritten(capsys, tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("x = 1\n")
    assert run_command_line(["train", "linear-regression", str(file), "--output", str(file)]) == 2
    assert "overwrite" in capsys.readouterr().err
    assert file.read_text() == "x = 1\n"


@pytest.mark.parametrize("output", ["missing/run.json", "."], ids=["no folder", "folder"])
def test_an_output_that_cannot_be_written_is_refused_before_training(capsys, tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["train", "mlp", "--epochs", "100000", "--output", output]) == 2
    assert "--output" in capsys.readouterr().err
