"""Classes as students write them: models, layers and losses, right ones and ones with a mistake."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from checkers.own_code.check import Trier
from checkers.own_code.facts import read_facts
from checkers.own_code.rules import layer_classes, model_classes
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

LINEAR = """
import numpy as np

class LinearModel:
    def __init__(self, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.w = None
        self.b = None

    def initialize_parameters(self, n_features):
        self.w = np.zeros((n_features, 1))
        self.b = 0.0

    def model_forward(self, X):
        return X @ self.w + self.b

    def compute_cost(self, z, y):
        return COST

    def model_backward(self, X, y, z):
        n = X.shape[0]
        self.dw = DW
        self.db = 2 / n * np.sum(z - y)

    def update_parameters(self):
        self.w -= self.learning_rate * self.dw
        self.b -= self.learning_rate * self.db
"""

COLUMNS = """
import numpy as np

class NeuralNetwork:
    def __init__(self):
        self.layers, self.layersIO, self.layerGradients = [], [], []

    def create_layer(self, n_in, n_out, activation):
        W = np.random.uniform(0, 0.01, (n_out, n_in))
        self.layers.append({"W": W, "b": np.zeros((n_out, 1)), "activation": activation})

    def activation_forward(self, Z, name):
        if name == "relu":
            return np.maximum(Z, 0)
        if name == "sigmoid":
            return 1 / (1 + np.exp(-Z))
        E = np.exp(Z - np.max(Z, axis=0))
        return E / np.sum(E, axis=0)

    def model_forward(self, X):
        self.layersIO = [X]
        for layer in self.layers:
            Z = layer["W"] @ self.layersIO[-1] + layer["b"]
            self.layersIO.append(self.activation_forward(Z, layer["activation"]))
        return self.layersIO[-1]

    def cross_entropy(self, y_hat, y):
        return -np.sum(y * np.log(y_hat + 1e-10)) / y.shape[1]

    def model_backward(self, y_hat, y):
        self.layerGradients = []
        dZ = (y_hat - y) / y.shape[1]
        for k in reversed(range(len(self.layers))):
            A = self.layersIO[INDEX]
            self.layerGradients.insert(0, {"dW": dZ @ A.T, "db": np.sum(dZ, axis=1, keepdims=True)})
            if k > 0:
                dA = self.layers[k]["W"].T @ dZ
                A = self.layersIO[k]
                dZ = dA * (A > 0) if self.layers[k - 1]["activation"] == "relu" else dA * A * (1 - A)
"""

SOFTMAX = """
import numpy as np

def cross_entropy_loss(targets, outputs):
    assert targets.shape == outputs.shape
    return -np.mean(np.sum(targets * np.log(outputs), axis=1))

class SoftmaxModel:
    def __init__(self, neurons_per_layer, use_improved_sigmoid: bool, l2_reg_lambda=0.0):
        self.I = 785
        self.use_improved_sigmoid = use_improved_sigmoid
        self.l2_reg_lambda = l2_reg_lambda
        self.ws, self.momentum, prev = [], [], self.I
        for size in neurons_per_layer:
            self.ws.append(np.random.uniform(-1, 1, (prev, size)))
            self.momentum.append(np.zeros((prev, size)))
            prev = size
        self.delta_ws = [np.zeros_like(w) for w in self.ws]
        self.grads = [None for w in self.ws]
        self.activations = []

    def forward(self, X):
        a = X
        for w in self.ws[:-1]:
            self.activations.append(a)
            a = 1.7159 * np.tanh(2 / 3 * (a @ w)) if self.use_improved_sigmoid else 1 / (1 + np.exp(-(a @ w)))
        self.activations.append(a)
        e = np.exp(a @ self.ws[-1])
        return e / e.sum(axis=1, keepdims=True)

    def backward(self, X, outputs, targets):
        delta = (outputs - targets) / X.shape[0]
        for k in range(len(self.ws) - 1, -1, -1):
            a = self.activations[k]
            self.grads[k] = a.T @ delta + REG
            slope = IMPROVED if self.use_improved_sigmoid else a * (1 - a)
            delta = (delta @ self.ws[k].T) * slope
"""
RIGHT_SLOPE = "1.7159 * 2 / 3 * (1 - (a / 1.7159) ** 2)"

TWO_LAYERS = """
import numpy as np

class TwoLayerNet(object):
    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        self.params = {}
        self.params['W1'] = std * np.random.randn(input_size, hidden_size)
        self.params['b1'] = np.zeros(hidden_size)
        self.params['W2'] = std * np.random.randn(hidden_size, output_size)
        self.params['b2'] = np.zeros(output_size)

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = (self.params[k] for k in ('W1', 'b1', 'W2', 'b2'))
        h = np.maximum(0, X @ W1 + b1)
        scores = h @ W2 + b2
        if y is None:
            return scores
        N = len(X)
        p = np.exp(scores)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[range(N), y]).mean() + FACTOR * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
        p[range(N), y] -= 1
        p /= N
        dh = (p @ W2.T) * (h > 0)
        grads = {'W2': h.T @ p + reg * W2, 'b2': p.sum(0), 'W1': X.T @ dh + reg * W1, 'b1': dh.sum(0)}
        return loss, grads
"""

DENSE = """
import numpy as np

class Dense:
    def __init__(self, n_in, n_out):
        self.weights = np.random.randn(n_in, n_out)
        self.bias = np.zeros((1, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, grad_output, learning_rate):
        FIRST
        self.weights -= learning_rate * self.x.T @ grad_output
        self.bias -= learning_rate * np.sum(grad_output, axis=0, keepdims=True)
        return RESULT

class MSE:
    def loss(self, y_pred, y_true):
        return np.mean((y_pred - y_true) ** 2)

    def gradient(self, y_pred, y_true):
        return TIMES * (y_pred - y_true) / y_true.size
"""


def verdicts(folder: Path, text: str) -> dict[str, set[str]]:
    """Name of each unit that was called -> the inputs whose gradients are wrong."""
    path = folder / "work.py"
    path.write_text(textwrap.dedent(text))
    facts = read_facts(text)
    assert facts is not None
    found: dict[str, set[str]] = {}
    with StudentProcess() as student:
        student.load(path)
        trier = Trier(Caller(student, 10.0), 1)
        for unit in [*model_classes.find(facts), *layer_classes.find(facts)]:
            attempt = trier.best(unit)
            if attempt is not None and attempt.run is not None:
                judged = [one for trial in attempt.run.trials for one in trial.judged]
                found[unit.name] = {one.output.of.removeprefix("dJ/d") for one in judged if not one.is_right}
    return found


@pytest.mark.parametrize(
    ("cost", "dw", "wrong"),
    [
        pytest.param("np.mean((y - z) ** 2)", "2 / n * X.T @ (z - y)", set(), id="right"),
        pytest.param("np.mean((y - z) ** 2)", "2 / n * X.T @ (y - z)", {"w"}, id="residual reversed"),
        pytest.param("np.mean((y - z) ** 2)", "2.002 / n * X.T @ (z - y)", {"w"}, id="off by 0.1 %"),
        pytest.param("np.mean((y - z) ** 2) / 2", "2 / n * X.T @ (z - y)", {"w", "b"}, id="half the cost"),
    ],
)
def test_linear_regression_that_keeps_its_gradients(tmp_path: Path, cost: str, dw: str, wrong: set[str]) -> None:
    text = LINEAR.replace("COST", cost).replace("DW", dw)
    assert verdicts(tmp_path, text) == {"LinearModel.model_backward": wrong}


def test_a_cost_that_is_the_residual_gives_no_verdict_of_right(tmp_path: Path) -> None:
    text = LINEAR.replace("COST", "z - y").replace("DW", "2 / n * X.T @ (z - y)")
    assert verdicts(tmp_path, text).get("LinearModel.model_backward") != set()


def test_a_network_of_created_layers_in_columns(tmp_path: Path) -> None:
    found = verdicts(tmp_path, COLUMNS.replace("INDEX", "k"))
    assert found["NeuralNetwork.model_backward"] == set()


def test_the_output_of_a_layer_taken_for_its_input_is_found(tmp_path: Path) -> None:
    found = verdicts(tmp_path, COLUMNS.replace("INDEX", "k + 1"))
    assert found["NeuralNetwork.model_backward"] != set()


@pytest.mark.parametrize("reg", ["0", "self.l2_reg_lambda * self.ws[k]", "2 * self.l2_reg_lambda * self.ws[k]"])
def test_a_regulariser_that_only_the_gradient_has_is_a_convention(tmp_path: Path, reg: str) -> None:
    found = verdicts(tmp_path, SOFTMAX.replace("REG", reg).replace("IMPROVED", RIGHT_SLOPE))
    assert found == {"SoftmaxModel.backward": set()}


def test_a_regulariser_of_another_form_is_found(tmp_path: Path) -> None:
    text = SOFTMAX.replace("REG", "self.l2_reg_lambda * self.ws[k] ** 2").replace("IMPROVED", RIGHT_SLOPE)
    assert verdicts(tmp_path, text)["SoftmaxModel.backward"]


def test_a_mistake_in_one_option_is_found(tmp_path: Path) -> None:
    text = SOFTMAX.replace("REG", "0").replace("IMPROVED", RIGHT_SLOPE.replace("1.7159 *", "1.7259 *"))
    assert verdicts(tmp_path, text) == {"SoftmaxModel.backward": {"ws[0]", "ws[1]"}}


@pytest.mark.parametrize(("factor", "wrong"), [("0.5", set()), ("1", {"W1", "W2"})])
def test_two_layers_with_their_own_regulariser(tmp_path: Path, factor: str, wrong: set[str]) -> None:
    assert verdicts(tmp_path, TWO_LAYERS.replace("FACTOR", factor)) == {"TwoLayerNet.loss": wrong}


def test_a_layer_that_learns_as_it_goes_back(tmp_path: Path) -> None:
    text = DENSE.replace("FIRST", "dx = grad_output @ self.weights.T").replace("RESULT", "dx").replace("TIMES", "2")
    assert verdicts(tmp_path, text) == {"Dense.backward": set(), "MSE.gradient": set()}


def test_weights_changed_before_they_are_used_are_found(tmp_path: Path) -> None:
    text = DENSE.replace("FIRST", "pass").replace("RESULT", "grad_output @ self.weights.T").replace("TIMES", "1")
    assert verdicts(tmp_path, text) == {"Dense.backward": {"x"}, "MSE.gradient": {"y_pred"}}
