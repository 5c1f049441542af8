"""The reference MLP against two oracles that know nothing of it: complex step of a textbook loss, and differences."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.errors import ShapeError, UsageError
from checkers.reference_mlp import ACTIVATIONS, LOSSES, Gradients, ReferenceMLP

N = 5
LAYER_SIZES = {"no hidden layer": (7, 3), "one hidden layer": (7, 11, 3), "three hidden layers": (7, 5, 11, 2, 3)}
REG = 0.3
# Complex step has no cancellation; what is left is the rounding of the sums.
COMPLEX_STEP_TOLERANCE = 1e-12

TEXTBOOK_ACTIVATIONS = {
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "improved-sigmoid": lambda z: 1.7159 * np.tanh(2 * z / 3),
}


def textbook_sample_losses(loss: str, z, Y):
    """The loss of each sample as a textbook writes it: not stable, and fit for complex numbers."""
    if loss == "softmax":
        probabilities = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -(Y * np.log(probabilities)).sum(axis=1)
    if loss == "binary":
        probabilities = 1 / (1 + np.exp(-z))
        return -(Y * np.log(probabilities) + (1 - Y) * np.log(1 - probabilities)).sum(axis=1)
    squares = ((Y - z) ** 2).sum(axis=1)
    return squares / 2 if loss == "half-mse" else squares


def textbook_loss(network: ReferenceMLP, weights, biases, X, Y, *, reg: float = 0.0):
    A = X
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True)):
        z = A @ W + (0 if b is None else b)
        A = TEXTBOOK_ACTIVATIONS[network.activation](z) if layer < len(weights) - 1 else z
    factor = {"none": 0.0, "half": 0.5, "full": 1.0}[network.l2]
    return textbook_sample_losses(network.loss, A, Y).mean() + reg * factor * sum((W**2).sum() for W in weights)


def complex_step(f, x):
    """Gradient of a real function f that takes complex x: Im f(x + ih) / h, exact to rounding for tiny h."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        shifted = x.astype(complex)
        shifted[index] += 1e-30j
        gradient[index] = f(shifted).imag / 1e-30
    return gradient


def central_difference(f, x, h):
    """(f(x + h) - f(x - h)) / 2h for each entry; h is added to the entry in place, as course code does."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        gradient[index] = (above - below) / (2 * h)
    return gradient


def draw_problem(sizes, loss: str, seed: int = 0, n: int = N, with_biases: bool = True):
    generator = np.random.default_rng(seed)
    weights = [generator.normal(0, 1 / np.sqrt(p), (p, m)) for p, m in pairwise(sizes)]
    biases = [generator.normal(size=m) if with_biases else None for m in sizes[1:]]
    X = generator.normal(size=(n, sizes[0]))
    if loss == "softmax":
        Y = np.eye(sizes[-1])[generator.integers(sizes[-1], size=n)]
    elif loss == "binary":
        Y = generator.integers(2, size=(n, sizes[-1])).astype(float)
    else:
        Y = generator.normal(size=(n, sizes[-1]))
    return weights, biases, X, Y


def assert_close(actual, expected, tolerance=COMPLEX_STEP_TOLERANCE):
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= tolerance * max(1.0, np.abs(expected).max())


def replaced(arrays, position, array):
    return [*arrays[:position], array, *arrays[position + 1 :]]


@pytest.mark.parametrize("l2", ["none", "half", "full"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", LAYER_SIZES.values(), ids=LAYER_SIZES)
def test_gradients_are_the_complex_step_of_the_textbook_loss(sizes, activation, loss, l2):
    network = ReferenceMLP(activation, loss, l2)
    weights, biases, X, Y = draw_problem(sizes, loss)
    reg = 0.0 if l2 == "none" else REG
    gradients = network.gradients(weights, biases, X, Y, reg)

    assert gradients.loss == pytest.approx(textbook_loss(network, weights, biases, X, Y, reg=reg), rel=1e-13)
    for layer in range(len(weights)):
        dW = complex_step(
            lambda W, at=layer: textbook_loss(network, replaced(weights, at, W), biases, X, Y, reg=reg), weights[layer]
        )
        db = complex_step(
            lambda b, at=layer: textbook_loss(network, weights, replaced(biases, at, b), X, Y, reg=reg), biases[layer]
        )
        assert_close(gradients.weights[layer], dW)
        assert_close(gradients.biases[layer], db)
    dX = gradients.pre_activations[0] @ weights[0].T
    assert_close(dX, complex_step(lambda x: textbook_loss(network, weights, biases, x, Y, reg=reg), X))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_adjoints_are_the_complex_step_from_each_layer_upwards(activation, loss):
    network = ReferenceMLP(activation, loss)
    weights, biases, X, Y = draw_problem(LAYER_SIZES["three hidden layers"], loss)
    gradients = network.gradients(weights, biases, X, Y)
    forward = network.forward(weights, biases, X)

    for layer, a in enumerate(forward.activations):
        above = slice(layer + 1, None)

        def loss_of_activation(A, above=above):
            return textbook_loss(network, weights[above], biases[above], A, Y)

        def loss_of_pre_activation(z, of_activation=loss_of_activation):
            return of_activation(TEXTBOOK_ACTIVATIONS[activation](z))

        z = forward.pre_activations[layer]
        assert_close(a, TEXTBOOK_ACTIVATIONS[activation](z))
        assert_close(gradients.activations[layer], complex_step(loss_of_activation, a))
        assert_close(gradients.pre_activations[layer], complex_step(loss_of_pre_activation, z))

    z = forward.pre_activations[-1]
    dz = complex_step(lambda last: textbook_sample_losses(loss, last, Y).mean(), z)
    assert_close(gradients.pre_activations[-1], dz)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_the_central_difference_of_the_networks_own_loss(activation, loss):
    network = ReferenceMLP(activation, loss, l2="full")
    weights, biases, X, Y = draw_problem(LAYER_SIZES["one hidden layer"], loss)
    gradients = network.gradients(weights, biases, X, Y, REG)

    def own_loss(_):
        return network.loss_value(weights, biases, X, Y, REG)

    # h = cube root of eps: truncation h^2 and rounding eps/h are both about 4e-11, times the loss and its derivatives.
    for parameter, gradient in zip([*weights, *biases], [*gradients.weights, *gradients.biases], strict=True):
        assert_close(gradient, central_difference(own_loss, parameter, h=6e-6), tolerance=1e-8)


def test_a_gradient_off_by_a_thousandth_in_one_entry_is_refused():
    network = ReferenceMLP()
    weights, biases, X, Y = draw_problem((7, 3), "softmax")
    dW = network.gradients(weights, biases, X, Y).weights[0]
    expected = complex_step(lambda W: textbook_loss(network, [W], biases, X, Y), weights[0])
    dW[2, 1] *= 1.001
    with pytest.raises(AssertionError):
        assert_close(dW, expected)


@pytest.mark.parametrize("loss", LOSSES)
def test_no_bias_is_the_same_as_a_bias_of_zero(loss):
    network = ReferenceMLP(loss=loss)
    weights, none, X, Y = draw_problem(LAYER_SIZES["three hidden layers"], loss, with_biases=False)
    zeros = [np.zeros(W.shape[1]) for W in weights]
    without, with_zero = (network.gradients(weights, biases, X, Y) for biases in (none, zeros))
    assert without.biases == [None] * len(weights)
    assert without.loss == with_zero.loss
    for a, b in zip(without.weights, with_zero.weights, strict=True):
        np.testing.assert_array_equal(a, b)


seeds = st.integers(0, 2**32 - 1)
sizes_of_networks = st.lists(st.integers(1, 6), min_size=2, max_size=4).map(tuple)


def all_arrays(gradients: Gradients):
    return [np.array(gradients.loss), *gradients.weights, *gradients.biases]


@given(seeds, sizes_of_networks, st.sampled_from(sorted(ACTIVATIONS)), st.sampled_from(sorted(LOSSES)))
def test_order_of_the_samples_does_not_matter(seed, sizes, activation, loss):
    network = ReferenceMLP(activation, loss, l2="half")
    weights, biases, X, Y = draw_problem(sizes, loss, seed)
    order = np.random.default_rng(seed).permutation(N)
    plain = network.gradients(weights, biases, X, Y, REG)
    permuted = network.gradients(weights, biases, X[order], Y[order], REG)
    for a, b in zip(all_arrays(permuted), all_arrays(plain), strict=True):
        assert_close(a, b)
    assert_close(permuted.pre_activations[0], plain.pre_activations[0][order])


@given(seeds, sizes_of_networks, st.sampled_from(sorted(LOSSES)))
def test_every_sample_twice_changes_nothing(seed, sizes, loss):
    network = ReferenceMLP("tanh", loss, l2="full")
    weights, biases, X, Y = draw_problem(sizes, loss, seed)
    once = network.gradients(weights, biases, X, Y, REG)
    twice = network.gradients(weights, biases, np.vstack([X, X]), np.vstack([Y, Y]), REG)
    for a, b in zip(all_arrays(twice), all_arrays(once), strict=True):
        assert_close(a, b)


@given(seeds, sizes_of_networks)
def test_rows_of_the_softmax_adjoint_sum_to_zero(seed, sizes):
    weights, biases, X, Y = draw_problem(sizes, "softmax", seed)
    dz = ReferenceMLP(loss="softmax").gradients(weights, biases, X, Y).pre_activations[-1]
    np.testing.assert_allclose(dz.sum(axis=1), 0, atol=1e-15)


@given(seeds, sizes_of_networks, st.floats(0.01, 100))
def test_half_mse_is_half_of_mse_and_half_l2_is_half_of_full(seed, sizes, reg):
    weights, biases, X, Y = draw_problem(sizes, "mse", seed)
    full = ReferenceMLP("tanh", "mse", "full").gradients(weights, biases, X, Y, reg=reg)
    half = ReferenceMLP("tanh", "half-mse", "half").gradients(weights, biases, X, Y, reg=reg)
    for a, b in zip(all_arrays(half), all_arrays(full), strict=True):
        assert_close(2 * a, b)


@pytest.mark.parametrize("loss", ["mse", "half-mse", "binary"])
def test_targets_of_one_output_may_be_a_vector(loss):
    network = ReferenceMLP(loss=loss)
    weights, biases, X, Y = draw_problem((7, 11, 1), loss)
    column, vector = (network.gradients(weights, biases, X, targets) for targets in (Y, Y[:, 0]))
    assert vector.pre_activations[-1].shape == (N, 1)
    for a, b in zip(all_arrays(vector), all_arrays(column), strict=True):
        np.testing.assert_array_equal(a, b)


def test_integer_labels_are_the_same_as_one_hot_rows():
    network = ReferenceMLP()
    weights, biases, X, Y = draw_problem((7, 11, 3), "softmax")
    from_labels = network.gradients(weights, biases, X, Y.argmax(axis=1))
    for a, b in zip(all_arrays(from_labels), all_arrays(network.gradients(weights, biases, X, Y)), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("scale", [1e3, -1e3])
@pytest.mark.parametrize("loss", ["softmax", "binary"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_huge_logits_stay_finite(activation, loss, scale):
    weights, biases, X, Y = draw_problem((7, 11, 3), loss)
    weights = [scale * W for W in weights]
    for array in all_arrays(ReferenceMLP(activation, loss).gradients(weights, biases, X, Y)):
        assert np.isfinite(array).all()


def test_float32_stays_float32():
    weights, biases, X, Y = draw_problem((7, 11, 3), "softmax")
    weights, biases = ([a.astype(np.float32) for a in arrays] for arrays in (weights, biases))
    for activation in ACTIVATIONS:
        gradients = ReferenceMLP(activation).gradients(weights, biases, X.astype(np.float32), Y)
        assert {a.dtype for a in [*gradients.weights, *gradients.biases]} == {np.dtype(np.float32)}


def test_arguments_are_left_as_they_are():
    weights, biases, X, Y = draw_problem((7, 11, 3), "softmax")
    arrays = [*weights, *biases, X, Y]
    before = [a.copy() for a in arrays]
    ReferenceMLP(l2="full").gradients(weights, biases, X, Y, REG)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_network_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        ReferenceMLP().activation = "tanh"  # type: ignore[misc]


class TestToyCheckOfTheTwoLayerCourseNetwork:
    """The check that a classic course gives with its two-layer network: its loss and its largest relative errors."""

    REG = 0.05
    CORRECT_LOSS = 1.30378789133
    NETWORK = ReferenceMLP(activation="relu", loss="softmax", l2="full")

    @pytest.fixture
    def problem(self):
        draw = np.random.RandomState(0).randn
        weights = [0.1 * draw(4, 10), 0.1 * draw(10, 3)]
        biases = [np.zeros(10), np.zeros(3)]
        X = 10 * np.random.RandomState(1).randn(5, 4)
        return weights, biases, X, np.array([0, 1, 2, 2, 1])

    def largest_relative_error(self, problem, parameter, gradient):
        # The step and the formula of the course's own check, so that its printed numbers can be compared.
        numeric = central_difference(lambda _: self.NETWORK.loss_value(*problem, self.REG), parameter, h=1e-5)
        return np.max(np.abs(gradient - numeric) / np.maximum(1e-8, np.abs(gradient) + np.abs(numeric)))

    def test_loss(self, problem):
        # The correct loss is printed with 12 digits, so the 1.8e-13 is its rounding; 2e-15 allows for ours.
        error = abs(self.NETWORK.loss_value(*problem, self.REG) - self.CORRECT_LOSS)
        assert error == pytest.approx(1.799e-13, abs=2e-15)

    @pytest.mark.parametrize(
        ("layer", "reported"), [(1, 3.440708e-09), (0, 3.561318e-09)], ids=["W2 3.440708e-09", "W1 3.561318e-09"]
    )
    def test_largest_relative_error_of_weights(self, problem, layer, reported):
        gradient = self.NETWORK.gradients(*problem, self.REG).weights[layer]
        # All seven digits come out with OpenBLAS on x86-64. The loss enters a difference with a rounding error of
        # eps |J| / h = 3e-11, which another BLAS may sum in another order; 1e-3 allows for its last bits.
        assert self.largest_relative_error(problem, problem[0][layer], gradient) == pytest.approx(reported, rel=1e-3)

    @pytest.mark.parametrize(
        ("layer", "reported"), [(1, 3.865070e-11), (0, 1.555470e-09)], ids=["b2 3.865070e-11", "b1 1.555470e-09"]
    )
    def test_largest_relative_error_of_biases(self, problem, layer, reported):
        gradient = self.NETWORK.gradients(*problem, self.REG).biases[layer]
        # Bias gradients are small here and their errors pure rounding (4.4e-11 and 2.7e-09): only the size is the same.
        error = self.largest_relative_error(problem, problem[1][layer], gradient)
        assert reported / 3 < error < reported * 3

    def test_halved_regulariser_misses_the_loss(self, problem):
        error = abs(dataclasses.replace(self.NETWORK, l2="half").loss_value(*problem, self.REG) - self.CORRECT_LOSS)
        assert error > 1e-3


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("activation", "unknown activation 'swish'; known are relu, sigmoid, tanh, improved-sigmoid"),
        ("loss", "unknown loss 'swish'; known are softmax, mse, half-mse, binary"),
        ("l2", "unknown l2 'swish'; known are none, half, full"),
    ],
)
def test_unknown_name_lists_the_known_ones(field, message):
    with pytest.raises(UsageError, match=message):
        ReferenceMLP(**{field: "swish"})


def test_strength_without_a_regulariser_is_refused():
    weights, biases, X, Y = draw_problem((7, 3), "softmax")
    with pytest.raises(UsageError, match=r'reg=0.1 has no effect with l2="none"'):
        ReferenceMLP().gradients(weights, biases, X, Y, reg=0.1)


def test_all_misfits_are_listed_at_once():
    weights = [np.zeros((7, 4)), np.zeros((5, 3))]
    with pytest.raises(ShapeError, match=r"b1 should be \(4,\), but it is \(4, 1\); W2 should be \(4, fan_out\)"):
        ReferenceMLP().forward(weights, [np.zeros((4, 1)), None], np.zeros((5, 7)))


def test_missing_bias_entry_is_refused():
    with pytest.raises(ShapeError, match="1 weights, 0 biases"):
        ReferenceMLP().forward([np.zeros((7, 3))], [], np.zeros((5, 7)))


def test_one_sample_as_a_vector_is_refused():
    with pytest.raises(ShapeError, match=r"X should be \(n, features\), but it is \(7,\)"):
        ReferenceMLP().forward([np.zeros((7, 3))], [None], np.zeros(7))


@pytest.mark.parametrize(
    ("Y", "error", "message"),
    [
        (np.zeros((3, 5)), ShapeError, r"the outputs are \(5, 3\), but Y is \(3, 5\)"),
        (np.zeros(4, dtype=int), ShapeError, r"but Y is \(4,\)"),
        (np.array([0, 1, 2, 3, 0]), UsageError, "whole numbers from 0 to 2"),
        (np.array([0, 1, 2, 0.5, 0]), UsageError, "whole numbers from 0 to 2"),
    ],
    ids=["transposed", "one label too few", "label of no class", "label between classes"],
)
def test_targets_that_do_not_fit_are_refused(Y, error, message):
    weights, biases, X, _ = draw_problem((7, 3), "softmax")
    with pytest.raises(error, match=message):
        ReferenceMLP().loss_value(weights, biases, X, Y)
