"""Networks written as functions: right ones in many styles pass, planted mistakes are found where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.own_code.check import Attempt, Trier
from checkers.own_code.facts import read_facts
from checkers.own_code.probe import VALUE
from checkers.own_code.rules import networks, output_layers, pairs, propagate
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

RULES = (networks.find, propagate.find, output_layers.find, pairs.find)

DEEP = """
import numpy as np

def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z

def relu(Z):
    return np.maximum(0, Z), Z

def relu_backward(dA, cache):
    return dA * (cache > 0)

def sigmoid_backward(dA, cache):
    s = sigmoid(cache)[0]
    return dA * s * (1 - s)

def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)

def linear_backward(dZ, cache, lambd=0.0):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m + lambd / m * W, dZ.sum(axis=1, keepdims=True) / m

def linear_activation_forward(A_prev, W, b, activation):
    Z, linear = linear_forward(A_prev, W, b)
    A, kept = sigmoid(Z) if activation == "sigmoid" else relu(Z)
    return A, (linear, kept)

def linear_activation_backward(dA, cache, activation, lambd=0.0):
    linear, kept = cache
    dZ = sigmoid_backward(dA, kept) if activation == "sigmoid" else relu_backward(dA, kept)
    return linear_backward(dZ, linear, lambd)

def L_model_forward(X, parameters):
    L = len(parameters) // 2
    A, caches = X, []
    for l in range(1, L + 1):
        kind = "sigmoid" if l == L else "relu"
        A, cache = linear_activation_forward(A, parameters["W" + str(l)], parameters["b" + str(l)], kind)
        caches.append(cache)
    return A, caches

def compute_cost(AL, Y, parameters, lambd):
    m = Y.shape[1]
    squares = sum(np.sum(parameters[key] ** 2) for key in parameters if key[0] == "W")
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m + lambd / (2 * m) * squares

def L_model_backward(AL, Y, caches, lambd):
    grads = {}
    L = len(caches)
    dA = (1 - Y) / (1 - AL) - Y / AL
    for l in range(L, 0, -1):
        kind = "sigmoid" if l == L else "relu"
        dA, grads["dW" + str(l)], grads["db" + str(l)] = linear_activation_backward(dA, caches[l - 1], kind, lambd)
        grads["dA" + str(l - 1)] = dA
    return grads
"""

PLANAR = """
import numpy as np

def forward_propagation(X, parameters):
    W1, b1, W2, b2 = parameters["W1"], parameters["b1"], parameters["W2"], parameters["b2"]
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = 1 / (1 + np.exp(-(np.dot(W2, A1) + b2)))
    return {"A1": A1, "A2": A2}

def compute_cost(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]

def backward_propagation(parameters, cache, X, Y):
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dW2 = np.dot(dZ2, cache["A1"].T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - cache["A1"] ** 2)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
"""

LINEAR = """
import numpy as np

def model_forward(x, w, b):
    return np.dot(x, w) + b

def compute_cost(y, y_hat):
    return np.sum((y - y_hat) ** 2) / y.shape[0]

def model_backward(x_train_data, y_train_data, y_hat):
    n = len(y_train_data)
    dw = 2 / n * np.dot(x_train_data.T, y_hat - y_train_data)
    db = 2 / n * np.sum(y_hat - y_train_data)
    return db, dw
"""

PROPAGATE = """
import numpy as np

def propagate(w, b, X, Y, lambd=0.1):
    assert isinstance(b, float)
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(np.dot(w.T, X) + b)))
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m + lambd / (2 * m) * np.sum(w ** 2)
    dw = np.dot(X, (A - Y).T) / m + lambd / m * w
    return {"dw": dw, "db": np.sum(A - Y) / m}, cost
"""

SOFTMAX_ROWS = """
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def forward(X, W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    return h, softmax(h @ W2 + b2)

def cross_entropy(probs, y):
    return -np.mean(np.log(probs[np.arange(len(y)), y]))

def backward(X, y, W1, b1, W2, b2):
    h, probs = forward(X, W1, b1, W2, b2)
    delta = probs.copy()
    delta[np.arange(len(y)), y] -= 1
    delta /= len(y)
    dh = delta @ W2.T * (1 - h ** 2)
    return X.T @ dh, dh.sum(axis=0), h.T @ delta, delta.sum(axis=0)
"""

OUTPUT_LAYER = """
import numpy as np

def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0), Z

def softmax_backward(Y, cache):
    return softmax(cache)[0] - Y
"""

DROPOUT = """
import numpy as np

def forward_propagation(X, parameters, keep_prob):
    A1 = np.maximum(0, parameters["W1"] @ X + parameters["b1"])
    D1 = np.random.rand(*A1.shape) < keep_prob
    A1 = A1 * D1 / keep_prob
    A2 = 1 / (1 + np.exp(-(parameters["W2"] @ A1 + parameters["b2"])))
    return A2, (D1, A1, parameters["W1"], parameters["W2"], A2)

def compute_cost(A2, Y):
    return -np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2))

def backward_propagation(X, Y, cache, keep_prob):
    (D1, A1, W1, W2, A2) = cache
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dA1 = W2.T @ dZ2 * D1 / keep_prob
    dZ1 = dA1 * (A1 > 0)
    return {"dW1": dZ1 @ X.T, "db1": dZ1.sum(axis=1, keepdims=True), "dW2": dZ2 @ A1.T, "db2": dZ2.sum(axis=1)}
"""

LISTS = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def feedforward(a, weights, biases):
    for w, b in zip(weights, biases):
        a = sigmoid(w @ a + b)
    return a

def cost(a, y):
    return 0.5 * float(np.sum((a - y) ** 2))

def backprop(x, y, weights, biases):
    outputs = [x]
    for w, b in zip(weights, biases):
        outputs.append(sigmoid(w @ outputs[-1] + b))
    nabla_b, nabla_w = [], []
    delta = outputs[-1] - y
    for w, a, before in zip(weights[::-1], outputs[:0:-1], outputs[-2::-1]):
        delta = delta * a * (1 - a)
        nabla_b.insert(0, delta)
        nabla_w.insert(0, delta @ before.T)
        delta = w.T @ delta
    return nabla_b, nabla_w
"""


def attempts(folder: Path, text: str, beside: str = "") -> dict[str, Attempt]:
    """The best attempt at every function that a rule recognises and that can be called."""
    path = folder / "own.py"
    path.write_text(text)
    if beside:
        (folder / "beside.py").write_text(beside)
    facts = read_facts(text, [beside] if beside else [])
    assert facts is not None
    found: dict[str, Attempt] = {}
    with StudentProcess() as student:
        student.load(path)
        trier = Trier(Caller(student, 10.0), 1)
        for rule in RULES:
            for unit in rule(facts):
                attempt = trier.best(unit)
                if attempt is not None and attempt.run is not None:
                    found.setdefault(unit.name, attempt)
    return found


def wrong_in(attempt: Attempt) -> set[str]:
    """The names of what the wrong gradients are with respect to."""
    assert attempt.run is not None
    judged = [one for trial in attempt.run.trials for one in trial.judged if one.output.name != VALUE]
    return {one.output.of for one in judged if not one.is_right}


RIGHT = {
    "deep": (DEEP, ["L_model_backward", "linear_activation_backward", "linear_backward", "relu_backward"]),
    "planar, all in one dict": (PLANAR, ["backward_propagation"]),
    "linear, bias first": (LINEAR, ["model_backward"]),
    "propagate": (PROPAGATE, ["propagate"]),
    "softmax in rows, labels are integers": (SOFTMAX_ROWS, ["backward"]),
    "output layer": (OUTPUT_LAYER, ["softmax_backward"]),
    "dropout": (DROPOUT, ["backward_propagation"]),
    "lists, one sample at a time": (LISTS, ["backprop"]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_gradients_are_right(name: str, tmp_path: Path) -> None:
    text, functions = RIGHT[name]
    found = attempts(tmp_path, text)
    assert {function: wrong_in(found[function]) for function in functions} == {
        function: set() for function in functions
    }


MISTAKES = {
    "mask by the gradient": (DEEP, "(cache > 0)", "(dA > 0)", "L_model_backward", {"W1", "b1", "W2", "b2"}),
    "mean twice": (DEEP, "- Y / AL\n", "- Y / AL\n    dA = dA / Y.shape[1]\n", "L_model_backward", None),
    "tanh not squared": (PLANAR, '["A1"] ** 2', '["A1"]', "backward_propagation", {"W1", "b1"}),
    "off by 0.1 %": (PLANAR, "X.T) / m", "X.T) / m * 1.001", "backward_propagation", {"W1"}),
    "two missing": (LINEAR, "dw = 2 / n", "dw = 1 / n", "model_backward", {"w"}),
    "regulariser summed": (PROPAGATE, "lambd / m * w\n", "lambd / m * np.sum(w)\n", "propagate", {"w"}),
    "repeated subtraction": (SOFTMAX_ROWS, ", y] -= 1", ", y] -= 2", "backward", None),
    "factor of one layer": (LISTS, "delta = w.T @ delta", "delta = w.T @ delta / 2", "backprop", None),
    "mask forgotten": (DROPOUT, "* D1 / keep_prob\n    dZ1", "* D1\n    dZ1", "backward_propagation", {"W1", "b1"}),
    "regulariser doubled": (DEEP, "lambd / m * W", "2 * lambd / m * W", "L_model_backward", {"W1", "W2", "W3"}),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if place % 3 == 0 else pytest.mark.slow) for place, name in enumerate(MISTAKES)],
)
def test_mistakes_are_found_where_they_are(name: str, tmp_path: Path) -> None:
    text, old, new, function, wrong = MISTAKES[name]
    assert old in text
    found = wrong_in(attempts(tmp_path, text.replace(old, new))[function])
    assert found == wrong if wrong is not None else found


def test_forward_and_cost_may_stand_in_files_beside(tmp_path: Path) -> None:
    place = PLANAR.index("def backward_propagation")
    text = "import numpy as np\nfrom beside import *\n\n" + PLANAR[place:]
    assert wrong_in(attempts(tmp_path, text, PLANAR[:place])["backward_propagation"]) == set()


def test_step_of_descent_is_left_alone(tmp_path: Path) -> None:
    text = LINEAR.replace("y_train_data, y_hat)", "y_train_data, y_hat, learning_rate)")
    assert "model_backward" not in attempts(tmp_path, text)
