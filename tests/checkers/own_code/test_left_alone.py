"""What may be a gradient and was not judged is named, and why."""

from typing import Any

import pytest

from checkers.own_code.facts import read_facts
from checkers.own_code.left_alone import may_be_gradients


@pytest.mark.parametrize(
    "text",
    [
        "def cost(theta, sizes):\n    return J, grad",
        "def skipgram(word, window):\n    return cost, gradIn, gradOut",
        "def bptt(x, y):\n    return [dLdU, dLdV]",
        "def d_relu(z):\n    return z > 0",
        "def kl(p, q):\n    return p\ndef kl_p(p, q):\n    return 1",
    ],
)
def test_what_returns_gradients_or_is_named_as_a_derivative_may_be_one(text: str) -> None:
    facts = read_facts(text)
    assert facts is not None
    assert [function.name for function in may_be_gradients(facts)][-1:] == [facts.own[-1].name]


@pytest.mark.parametrize(
    "text",
    [
        "def sigmoid(z):\n    g = z\n    return g",
        "def fit(w, X):\n    return w, costs",
        "def gradient_descent(w, X):\n    return w, J",
        "def train(w, X):\n    return loss, grads",
        "def distances(a, b):\n    return dist, data",
    ],
)
def test_what_uses_gradients_is_none(text: str) -> None:
    facts = read_facts(text)
    assert facts is not None
    assert not may_be_gradients(facts)


def test_arguments_whose_names_do_not_tell_are_named(check: Any) -> None:
    (left,) = check("def cost(theta, hidden_size, whatever):\n    return J, grad\n").left_alone
    assert left.name == "cost"
    assert left.reason.endswith("do not tell what they are: hidden_size, whatever")


def test_a_name_that_is_missing_is_the_reason_and_not_what_else_went_wrong_in_some_layout(check: Any) -> None:
    source = """
    def cost(theta, X, y):
        len(theta[0])
        h = sigmoid(X @ theta)
        return np.sum((h - y) ** 2), X.T @ (h - y)
    """
    (left,) = check(source).left_alone
    assert "NameError: name 'sigmoid'" in left.reason
