"""The bundled solutions against the reference MLP, which shares no code with them."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from checkers.initialisers import fan_in
from checkers.optimisers import momentum_step, sgd_step
from checkers.reference_mlp import ACTIVATIONS, ReferenceMLP, softmax

EXERCISES = Path(__file__).parents[2] / "exercises"
N, P, M, H = 5, 7, 3, 11


def load_solution(folder):
    spec = importlib.util.spec_from_file_location(folder, EXERCISES / folder / "solution.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-12)


@pytest.fixture
def generator():
    return np.random.default_rng(0)


@pytest.fixture
def X(generator):
    return generator.normal(size=(N, P))


@pytest.fixture
def Y(generator):
    return np.eye(M)[generator.integers(M, size=N)]


def test_linear_regression(generator, X):
    solution = load_solution("linear_regression")
    y, w, b = generator.normal(size=N), generator.normal(size=P), generator.normal()
    network = ReferenceMLP(loss="mse")
    gradients = network.gradients([w[:, None]], [np.array([b])], X, y)

    z = solution.model_forward(X, w, b)
    assert_close(z, network.forward([w[:, None]], [np.array([b])], X).output[:, 0])
    assert_close(solution.compute_cost(z, y), gradients.loss)
    assert_close(solution.cost_gradient(z, y), gradients.pre_activations[0][:, 0])
    dw, db = solution.model_backward(X, y, w, b)
    assert_close(dw, gradients.weights[0][:, 0])
    assert_close(db, gradients.biases[0][0])
    new_w, new_b = solution.update_parameters(w, b, dw, db, 0.1)
    assert_close(new_w, sgd_step(w, dw, 0.1))
    assert_close(new_b, sgd_step(b, db, 0.1))


def test_softmax_regression(generator, X, Y):
    solution = load_solution("softmax_regression")
    W, b = generator.normal(size=(M, P)), generator.normal(size=M)
    network = ReferenceMLP(loss="softmax")
    gradients = network.gradients([W.T], [b], X, Y)

    Z = solution.model_forward(X, W, b)
    assert_close(solution.softmax(Z), network.forward([W.T], [b], X).output)
    assert_close(solution.cross_entropy(Z, Y), gradients.loss)
    assert_close(solution.cross_entropy_gradient(Z, Y), gradients.pre_activations[0])
    dW, db = solution.model_backward(X, Y, W, b)
    assert_close(dW, gradients.weights[0].T)
    assert_close(db, gradients.biases[0])


def test_softmax_regression_survives_huge_logits(Y):
    solution = load_solution("softmax_regression")
    Z = np.full((N, M), -1e4)
    Z[:, 0] = 1e4
    assert_close(solution.softmax(Z)[:, 0], 1)
    assert np.isfinite(solution.cross_entropy(Z, Y))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(generator, name):
    solution = load_solution("activations")
    Z, dA = generator.normal(size=(N, H)), generator.normal(size=(N, H))
    function = name.replace("-", "_")
    assert_close(getattr(solution, function)(Z), ACTIVATIONS[name].value(Z))
    assert_close(getattr(solution, f"{function}_backward")(dA, Z), dA * ACTIVATIONS[name].derivative(Z))


def test_softmax_jacobian(generator):
    # Complex step through the reference's softmax would need complex rows; a central difference is good to 1e-10.
    z, h = generator.normal(size=M), 1e-5
    columns = [(softmax((z + h * e)[None]) - softmax((z - h * e)[None]))[0] / (2 * h) for e in np.eye(M)]
    jacobian = load_solution("activations").softmax_jacobian(z)
    np.testing.assert_allclose(jacobian, np.stack(columns, axis=1), atol=1e-9)


@pytest.mark.parametrize("reg", [0.0, 0.3])
def test_two_layer_net(generator, X, Y, reg):
    weights, biases = [fan_in(generator, (P, H)), fan_in(generator, (H, M))], [generator.normal(size=k) for k in (H, M)]
    labels = Y.argmax(axis=1)
    gradients = ReferenceMLP("relu", "softmax", "full").gradients(weights, biases, X, labels, reg)
    J, grads = load_solution("two_layer_net").loss(X, labels, weights[0], biases[0], weights[1], biases[1], reg)
    assert_close(J, gradients.loss)
    for layer in (1, 2):
        assert_close(grads[f"W{layer}"], gradients.weights[layer - 1])
        assert_close(grads[f"b{layer}"], gradients.biases[layer - 1])


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize("sizes", [(P, M), (P, H, M), (P, H, 2, M)], ids=["1 layer", "2 layers", "3 layers"])
def test_mlp(generator, X, Y, sizes, activation):
    solution = load_solution("mlp")
    weights = [fan_in(generator, shape) for shape in pairwise(sizes)]
    biases = [generator.normal(size=k) for k in sizes[1:]]
    layers = range(1, len(sizes))
    parameters = {f"W{layer}": weights[layer - 1].T for layer in layers}
    parameters |= {f"b{layer}": biases[layer - 1][:, None] for layer in layers}
    network = ReferenceMLP(activation, "softmax")
    expected = network.gradients(weights, biases, X, Y)

    Y_hat = solution.model_forward(X.T, parameters, activation)
    assert_close(Y_hat, network.forward(weights, biases, X).output.T)
    assert_close(solution.cross_entropy(Y_hat, Y.T), expected.loss)
    gradients = solution.model_backward(X.T, Y.T, parameters, activation)
    assert set(gradients) == set(parameters)
    for layer in layers:
        assert_close(gradients[f"W{layer}"], expected.weights[layer - 1].T)
        assert_close(gradients[f"b{layer}"], expected.biases[layer - 1][:, None])


def test_update_rules(generator, X, Y):
    solution = load_solution("update_rules")
    w, dw, v = generator.normal(size=(3, P, H))
    assert_close(solution.sgd_update(w, dw, 0.1), sgd_step(w, dw, 0.1))
    assert_close(solution.momentum_update(w, dw, v, 0.1, 0.9), momentum_step(w, dw, v, 0.1, 0.9))

    X[:, -1] = 1
    weights = [fan_in(generator, (P, H)), fan_in(generator, (H, M))]
    gradients = ReferenceMLP("sigmoid", "softmax").gradients(weights, [None, None], X, Y)
    for new, W, dW in zip(solution.backward_update(X, Y, *weights, 0.1), weights, gradients.weights, strict=True):
        assert_close(new, sgd_step(W, dW, 0.1))
