"""`gradcheck build`: what it says of an exercise, and the exit code of a wrong one."""

import pytest

from checkers.errors import ModelError, OracleError
from gradcheck.cli.app import run_command_line


@pytest.mark.parametrize(
    "error", [ModelError("line 3: no index k"), OracleError("dW differs")], ids=["model", "oracle"]
)
def test_a_wrong_exercise_exits_with_1_and_its_text(monkeypatch, capsys, error):
    def refuse(folder, *, rebuild=False):
        raise error

    monkeypatch.setattr("gradcheck.compiled.compiled", refuse)
    assert run_command_line(["build", "softmax-regression"]) == 1
    assert capsys.readouterr().err == f"softmax-regression does not build: {error}\n"


def test_one_wrong_exercise_does_not_stop_the_rest(monkeypatch, capsys):
    built = []

    def refuse_the_first(folder, *, rebuild=False):
        built.append((folder.id, rebuild))
        raise ModelError("no")

    monkeypatch.setattr("gradcheck.compiled.compiled", refuse_the_first)
    assert run_command_line(["build", "--force", "mlp", "activations"]) == 1
    assert built == [("mlp", True), ("activations", True)]


def test_build_prints_how_far_the_oracles_are_apart(run_command):
    done = run_command("build", "linear-regression")
    assert (done.returncode, done.stderr) == (0, "")
    assert "linear-regression  " in done.stdout
    assert "oracles agree to " in done.stdout


def test_an_unknown_exercise_exits_with_2(run_command):
    assert run_command("build", "no-such").returncode == 2
