"""`gradcheck derive`: its options, and what it says to a wrong one."""

from __future__ import annotations

import pytest

from gradcheck.cli.app import run_command_line


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("mlp --layers 4,5,3 --wrt W1", "∂J/∂w⁽¹⁾"),
        ("softmax-regression --wrt W,b", "∂J/∂bₘ = (1/n) Σᵢ (ŷᵢₘ − yᵢₘ)"),
        ("softmax-regression --wrt X", "∂J/∂xᵢⱼ = Σₘ"),
        ("linear-regression --half", "∂J/∂zᵢ = ∂J/∂Lᵢ · ∂Lᵢ/∂zᵢ"),
        ("ridge --l2 half --format numpy", "dw = X.T @ dz + lambda_ * w"),
        ("softmax-regression --route y-hat --format latex", r"\hat{y}"),
        ("mlp --activation tanh --format markdown", "#"),
        ("quantile --format html", "<math"),
    ],
    ids=lambda value: value.replace(" ", "_") if "--" in value else "",
)
def test_options_and_formats(capsys: pytest.CaptureFixture[str], arguments: str, shown: str) -> None:
    assert run_command_line(["derive", *arguments.split(), "--detail", "brief"]) == 0
    assert shown in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("softmax-regresion", "Did you mean softmax-regression"),
        ("softmax-regression --wrt q", "has no array q"),
        ("softmax-regression --wrt ,", "names of arrays with commas between"),
        ("linear-regression --route y-hat", "no option --route"),
        ("mlp --layers 4", "two or more sizes"),
        ("mlp --activation gelu", "Known: relu, sigmoid, tanh, improved-sigmoid"),
        ("ridge --l2 double", "not one of 'none', 'full', 'half'"),
    ],
    ids=lambda value: value.replace(" ", "_"),
)
def test_a_wrong_option_exits_with_2_and_says_what_is_known(
    capsys: pytest.CaptureFixture[str], arguments: str, said: str
) -> None:
    assert run_command_line(["derive", *arguments.split()]) == 2
    assert said in capsys.readouterr().err


def test_without_a_model_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["derive"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("linear-regression", "mlp", "huber", "multiclass-svm"))
