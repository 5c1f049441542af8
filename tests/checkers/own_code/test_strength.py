"""The strength of a regulariser: what it is called, and a gradient that takes none."""

from typing import Any

import pytest

from checkers.findings import Verdict
from checkers.own_code.roles import Role, role_of

RIDGE = """
lamda = 0.2

def cost(w, X, y, {strength}):
    return np.mean((X @ w - y) ** 2) / 2 + {weight} * np.sum(w ** 2) / 2

def gradient(w, X, y{taken}):
    return X.T @ (X @ w - y) / len(y){term}
"""


@pytest.mark.parametrize(
    "name",
    [
        "lambda_n",
        "lambdaVal",
        "mylambda",
        "lmb",
        "lmd",
        "lamda",
        "plambda",
        "v_lambda",
        "decay_lambda",
        "lambda_",
        "reg",
    ],
)
def test_names_of_a_strength(name: str) -> None:
    assert role_of(name) is Role.REGULARISATION


@pytest.mark.parametrize("name", ["film_data", "lambdas", "lambda_vec", "lambda_fn", "l", "C"])
def test_names_of_no_single_strength(name: str) -> None:
    assert role_of(name) is not Role.REGULARISATION


@pytest.mark.parametrize("strength", ["l", "C", "mylambda"])
@pytest.mark.parametrize(("factor", "verdict"), [("", Verdict.RIGHT), ("2 * ", Verdict.WRONG)])
def test_a_last_letter_that_weighs_a_penalty_is_a_strength(
    check: Any, strength: str, factor: str, verdict: Verdict
) -> None:
    source = RIDGE.format(strength=strength, weight=strength, taken=f", {strength}", term=f" + {factor}{strength} * w")
    found = check(source)
    assert [task.verdict for task in found.tasks] == [verdict]
    assert found.recognised[0].assumed[-1] == f"checked with {strength} = 0, {strength} = 0.1"
    codes = [finding.code for task in found.tasks for finding in task.findings if finding.is_fault]
    assert codes == ([] if verdict is Verdict.RIGHT else ["regulariser-factor"])


@pytest.mark.parametrize("strength", ["lam", "lam=1.0"])
@pytest.mark.parametrize(("term", "verdict"), [("", Verdict.RIGHT), (" * 2", Verdict.WRONG)])
def test_a_gradient_that_takes_no_strength_is_compared_without(
    check: Any, strength: str, term: str, verdict: Verdict
) -> None:
    found = check(RIDGE.format(strength=strength, weight="lam", taken="", term=term))
    (task,) = found.tasks
    assert task.verdict is verdict
    assert "lam = 0: gradient takes no strength of the regulariser" in found.recognised[0].assumed
    assert not [finding.code for finding in task.findings if finding.code.startswith("regulariser")]


@pytest.mark.parametrize(("term", "value"), [(" + 0.3 * w", "0.3"), (" + lamda * w", "the module's lamda")])
def test_a_strength_may_stand_in_the_text_of_the_gradient(check: Any, term: str, value: str) -> None:
    found = check(RIDGE.format(strength="lam=0.3", weight="lam", taken="", term=term))
    assert [task.verdict for task in found.tasks] == [Verdict.RIGHT]
    assert value in found.recognised[0].assumed[0]


@pytest.mark.parametrize(("factor", "verdict"), [("2 * ", Verdict.RIGHT), ("", Verdict.WRONG)])
def test_a_penalty_alone_is_a_loss(check: Any, factor: str, verdict: Verdict) -> None:
    source = f"""
    def l2_regularization(W, reg_strength):
        loss, grad = reg_strength * np.sum(W ** 2), {factor}reg_strength * W
        return loss, grad
    """
    assert [task.verdict for task in check(source).tasks] == [verdict]


@pytest.mark.parametrize(
    ("term", "verdicts"),
    [("/ n + 2 * lmb * W", [Verdict.RIGHT] * 2), ("/ n + 2 * lmb * W / n", [Verdict.WRONG, Verdict.RIGHT])],
    ids=["right", "penalty-averaged"],
)
def test_a_gradient_may_be_handed_the_prediction(check: Any, term: str, verdicts: list[Verdict]) -> None:
    source = f"""
    def evaluate(X, W, b):
        s = np.exp(W @ X + b)
        return s / s.sum(axis=0)

    def compute_cost(X, Y, W, b, lmb):
        return -np.sum(Y * np.log(evaluate(X, W, b))) / X.shape[1] + lmb * np.sum(W ** 2)

    def compute_gradients(X, Y, P, W, lmb):
        n = X.shape[1]
        G = P - Y
        return G @ X.T {term}, G.sum(axis=1, keepdims=True) / n
    """
    found = check(source)
    assert "P, the value of evaluate" in found.recognised[0].rule
    assert [one.verdict for one in found.tasks[0].outputs] == verdicts


@pytest.mark.parametrize(("factor", "verdict"), [("", Verdict.RIGHT), ("2 * ", Verdict.WRONG)])
def test_templates_that_call_the_data_tx_and_the_truth_y_truth(check: Any, factor: str, verdict: Verdict) -> None:
    source = f"""
    def compute_loss(y, tx, w):
        return np.mean((y - tx @ w) ** 2) / 2

    def compute_gradient(y, tx, w):
        return -{factor}tx.T @ (y - tx @ w) / len(y)

    class MSE:
        def forward(self, y_out, y_truth):
            return np.mean((y_out - y_truth) ** 2)

        def backward(self, y_out, y_truth):
            return {factor}2 * (y_out - y_truth) / y_out.size
    """
    assert {task.name: task.verdict for task in check(source).tasks} == {
        "compute_gradient": verdict,
        "MSE.backward": verdict,
    }
