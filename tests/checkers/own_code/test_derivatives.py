"""Functions beside their derivatives: of activations entry by entry, and of losses."""

from textwrap import dedent

import pytest

from checkers.own_code.check import Attempt, Trier
from checkers.own_code.facts import read_facts
from checkers.own_code.rules import derivatives
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

SIGMOID = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"
MSE = "def mse(y_true, y_pred):\n    return np.mean((y_true - y_pred) ** 2)\n"
BCE = "def bce(p, y):\n    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))\n"
ENTROPY = "def cross_entropy(a, y):\n    return -np.sum(y * np.log(a))\n"
LECUN = """
class ImprovedSigmoid:
    @staticmethod
    def f(z):
        return 1.7159 * np.tanh(2 * z / 3)

    @staticmethod
    def f_prime(z):
        return 1.7159 * 2 / 3 * (1 - np.tanh(2 * z / 3) ** 2)
"""
DELTA = """
class CrossEntropyCost:
    @staticmethod
    def fn(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))

    @staticmethod
    def delta(z, a, y):
        return a - y
"""
FLAG = """
def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))
"""
SCALAR = "def relu(x):\n    return x if x > 0 else 0\ndef relu_prime(x):\n    return 1 if x > 0 else 0\n"
SOFTMAX = "def softmax(z):\n    e = np.exp(z - np.max(z))\n    return e / np.sum(e)\n"
SWISH = """
def swish(x, beta=1.5):
    return x / (1 + np.exp(-beta * x))

def dswish(x, beta=1.5):
    s = 1 / (1 + np.exp(-beta * x))
    return s + beta * x * s * (1 - s)
"""
CHOICE = """
def activation(z, name):
    if name == "tanh":
        return np.tanh(z)
    elif name == "relu":
        return np.maximum(0, z)

def activation_derivative(z, name):
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    elif name == "relu":
        return (z > 0) * 1.0
"""


def tried(text: str) -> dict[str, Attempt | None]:
    """Every unit of a source with its best reading."""
    source = "import numpy as np\n" + dedent(text)
    facts = read_facts(source)
    assert facts is not None
    with StudentProcess() as student:
        student.load("student.py", source.encode())
        trier = Trier(Caller(student, 10.0), 1)
        return {unit.name: trier.best(unit) for unit in derivatives.find(facts)}


def verdict(text: str) -> str:
    """What is said of the only unit of a source."""
    (attempt,) = tried(text).values()
    return "left alone" if attempt is None or attempt.run is None else "right" if attempt.is_right else "wrong"


RIGHT = {
    "of z": SIGMOID + "def sigmoid_prime(z):\n    return sigmoid(z) * (1 - sigmoid(z))",
    "of the activation": SIGMOID + "def dsigmoid(a):\n    return a * (1 - a)",
    "no function": "def d_tanh(z):\n    return 1 - np.tanh(z) ** 2",
    "class": LECUN,
    "flag": FLAG,
    "plain numbers": SCALAR,
    "parameter": SWISH,
    "by name": CHOICE,
    "Jacobian": SOFTMAX + "def softmax_grad(s):\n    s = s.reshape(-1, 1)\n    return np.diagflat(s) - s @ s.T",
    "number of a vector": "def h(x):\n    return np.sum(x**4)\ndef h_grad(x):\n    return 4 * x**3",
    "truth first": MSE + "def mse_prime(y_true, y_pred):\n    return 2 * (y_pred - y_true) / y_true.size",
    "other names": MSE + "def mse_prime(target, output):\n    return 2 * (output - target) / target.size",
    "probabilities": BCE + "def bce_derivative(p, y):\n    return (p - y) / (p * (1 - p)) / y.size",
    "entropy": ENTROPY + "def cross_entropy_prime(a, y):\n    return -y / a",
    "with softmax": ENTROPY + "def cross_entropy_prime(a, y):\n    return a - y",
    "of each sample": "def mse(t, y):\n    return (t - y) ** 2\ndef mse_prime(t, y):\n    return 2 * (y - t)",
    "delta": DELTA,
}
WRONG = {
    "factor": SIGMOID + "def sigmoid_prime(z):\n    return 2 * sigmoid(z) * (1 - sigmoid(z))",
    "constant": LECUN.replace("return 1.7159 * 2", "return 1.7259 * 2"),
    "flag": FLAG.replace("x * (1 - x)", "x * (1 + x)"),
    "plain numbers": SCALAR.replace("return 1 if", "return -1 if"),
    "parameter": SWISH.replace("s + beta * x", "s + x"),
    "one of several": CHOICE.replace("1 - np.tanh(z) ** 2", "1 - np.tanh(z)"),
    "Jacobian": SOFTMAX + "def softmax_grad(s):\n    s = s.reshape(-1, 1)\n    return np.diagflat(s) + s @ s.T",
    "sign": MSE + "def mse_prime(y_true, y_pred):\n    return 2 * (y_true - y_pred) / y_true.size",
    "rows only": MSE + "def mse_prime(y_true, y_pred):\n    return 2 * (y_pred - y_true) / len(y_true)",
    "summed": MSE + "def mse_prime(y_true, y_pred):\n    return np.sum(2 * (y_pred - y_true)) / y_true.size",
    "no mean": BCE + "def bce_derivative(p, y):\n    return (p - y) / (p * (1 - p))",
    "the loss again": ENTROPY + "def cross_entropy_prime(a, y):\n    return -np.sum(y * np.log(a))",
    "delta": DELTA.replace("a - y\n", "y - a\n"),
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_a_right_derivative_is_right(text: str) -> None:
    assert verdict(text) == "right"


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_wrong_derivative_is_wrong(text: str) -> None:
    assert verdict(text) == "wrong"


def test_the_diagonal_of_the_jacobian_of_softmax_gets_no_verdict() -> None:
    assert verdict(SOFTMAX + "def softmax_prime(z):\n    return softmax(z) * (1 - softmax(z))") == "left alone"


def test_a_function_that_is_not_applied_entry_by_entry_gets_no_verdict() -> None:
    text = "def center(z):\n    return z - z.mean()\ndef center_prime(z):\n    return np.ones_like(z)"
    assert verdict(text) == "left alone"


def test_it_is_said_that_a_derivative_takes_the_activation() -> None:
    (attempt,) = tried(RIGHT["of the activation"]).values()
    assert attempt is not None
    assert "takes the value of the activation" in attempt.reading.assumed[0]


def test_it_is_said_which_function_was_taken_for_one_that_is_missing() -> None:
    (attempt,) = tried(RIGHT["no function"]).values()
    assert attempt is not None
    assert "tanh is not in the file" in attempt.reading.assumed[0]
