"""Which loss a gradient function is held against, where a file has several functions of the same arguments."""

import pytest

from checkers.findings import Verdict

from .conftest import Check

HINGE = """
    def hinge_gradient(x, y, w):
        scores = x @ w
        margins = np.maximum(0.0, scores - scores[np.arange(len(x)), y, None] + 1.0)
        margins[np.arange(len(x)), y] = 0
        active = (margins > 0).astype(float)
        active[np.arange(len(x)), y] = -active.sum(axis=1)
        loss = margins.sum() / len(x)
        return float(loss), x.T @ active / COUNT

    def finite_difference_error(x, y, w, epsilon=1e-6):
        numeric = np.zeros_like(w)
        for index in np.ndindex(w.shape):
            plus, minus = w.copy(), w.copy()
            plus[index] += epsilon
            minus[index] -= epsilon
            numeric[index] = (hinge_gradient(x, y, plus)[0] - hinge_gradient(x, y, minus)[0]) / (2 * epsilon)
        return float(np.max(np.abs(numeric - hinge_gradient(x, y, w)[1])))
    """
SEVERAL = """
    def loss_mse(y, X, w):
        return np.mean((y - X @ w) ** 2) / 2

    def loss_mae(y, X, w):
        return np.mean(np.abs(y - X @ w))

    def loss_logistic(y, X, w):
        p = 1 / (1 + np.exp(-X @ w))
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def NAME(y, X, w):
        return X.T @ (X @ w - y) / COUNT
    """


@pytest.mark.parametrize(("count", "verdict"), [("len(x)", Verdict.RIGHT), ("x.shape[1]", Verdict.WRONG)])
def test_the_check_of_a_gradient_is_not_its_loss(check: Check, count: str, verdict: Verdict) -> None:
    (task,) = check(HINGE.replace("COUNT", count)).tasks
    assert (task.name, task.verdict) == ("hinge_gradient", verdict)


@pytest.mark.parametrize("name", ["compute_gradient", "gradient_mse", "get_gradient"])
def test_every_loss_of_the_same_arguments_is_tried(check: Check, name: str) -> None:
    found = check(SEVERAL.replace("NAME", name).replace("COUNT", "len(y)"))
    assert found.tasks[0].verdict is Verdict.RIGHT
    assert found.recognised[0].value_name == "loss_mse"


def test_a_gradient_that_fits_none_of_several_losses_is_left_alone(check: Check) -> None:
    found = check(SEVERAL.replace("NAME", "compute_gradient").replace("COUNT", "X.shape[1]"))
    assert not found.tasks
    assert "which of loss_" in found.left_alone[0].reason


def test_a_gradient_whose_name_says_which_loss_is_wrong_where_it_is(check: Check) -> None:
    (task,) = check(SEVERAL.replace("NAME", "gradient_mse").replace("COUNT", "X.shape[1]")).tasks
    assert task.verdict is Verdict.WRONG


def test_a_gradient_named_for_one_loss_is_not_held_against_another(check: Check) -> None:
    source = SEVERAL.replace("NAME", "gradient_mse").replace("COUNT", "len(y)")
    assert not check(source[source.index("    def loss_logistic") :]).tasks


def test_two_versions_of_one_loss_leave_no_doubt(check: Check) -> None:
    source = SEVERAL.replace("NAME", "compute_gradient").replace("COUNT", "X.shape[1]")
    start, end = source.index("    def loss_mae"), source.index("    def compute_gradient")
    loops = "sum((y[i] - X[i] @ w) ** 2 for i in range(len(y))) / 2 / len(y)"
    twice = f"    def loss_loops(y, X, w):\n        return {loops}\n\n"
    (task,) = check(source[:start] + twice + source[end:]).tasks
    assert task.verdict is Verdict.WRONG
