"""A multilayer perceptron whose gradients are written by hand: the oracle that owes nothing to the derivations.

Rows are samples. Layer l maps its input A (n, fan_in) to z = A W + b with W (fan_in, fan_out) and b (fan_out,), and
every layer but the last to a = act(z). The loss is the mean over the samples of a loss of the last z. With delta for
dJ/dz, backpropagation is four lines a layer, from the last to the first:

    dJ/dW = A^T delta + the regulariser's gradient      dJ/db = sum of delta over the samples
    dJ/dA = delta W^T                                   delta of the layer below = dJ/dA * act'(z)

No hidden layer makes it linear, logistic or softmax regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .errors import ShapeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FloatArray = NDArray[np.float64]


def relu(z: FloatArray) -> FloatArray:
    """max(z, 0), elementwise."""
    return np.maximum(z, 0.0)


def relu_derivative(z: FloatArray) -> FloatArray:
    """1 where z > 0, else 0; at z = 0 the choice is 0."""
    return (z > 0).astype(z.dtype)


def sigmoid(z: FloatArray) -> FloatArray:
    """1 / (1 + e^-z), elementwise, for any z: the logarithm of the denominator cannot overflow."""
    return np.exp(-np.logaddexp(0.0, -z))


def sigmoid_derivative(z: FloatArray) -> FloatArray:
    """sigmoid(z) (1 - sigmoid(z)); 1 - sigmoid(z) is written sigmoid(-z), which stays exact for large z."""
    return sigmoid(z) * sigmoid(-z)


def tanh(z: FloatArray) -> FloatArray:
    """Hyperbolic tangent, elementwise."""
    return np.tanh(z)


def tanh_derivative(z: FloatArray) -> FloatArray:
    """1 - tanh(z)^2."""
    return 1.0 - np.tanh(z) ** 2


def improved_sigmoid(z: FloatArray) -> FloatArray:
    """1.7159 tanh(2 z / 3), elementwise: it maps 1 to 1 and -1 to -1, up to 1e-5."""
    return 1.7159 * np.tanh(2.0 / 3.0 * z)


def improved_sigmoid_derivative(z: FloatArray) -> FloatArray:
    """1.7159 * 2/3 * (1 - tanh(2 z / 3)^2)."""
    return 1.7159 * (2.0 / 3.0) * (1.0 - np.tanh(2.0 / 3.0 * z) ** 2)


def softmax(z: FloatArray) -> FloatArray:
    """e^z over its sum along each row; rows are shifted by their maximum, so exp cannot overflow.

    >>> softmax(np.array([[0.0, 0.0], [1000.0, 0.0]]))
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    exponentials: FloatArray = np.exp(z - z.max(axis=1, keepdims=True))
    total: FloatArray = exponentials.sum(axis=1, keepdims=True)
    return exponentials / total


def log_sum_exp(z: FloatArray) -> FloatArray:
    """ln of the sum of e^z along each row, shape (n,); shifted by the row's maximum, so exp cannot overflow."""
    largest: FloatArray = z.max(axis=1)
    total: FloatArray = np.exp(z - largest[:, None]).sum(axis=1)
    return largest + np.log(total)


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation and its derivative, both as functions of the pre-activation z."""

    value: Callable[[FloatArray], FloatArray]
    derivative: Callable[[FloatArray], FloatArray]


ACTIVATIONS = {
    "relu": Activation(relu, relu_derivative),
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "improved-sigmoid": Activation(improved_sigmoid, improved_sigmoid_derivative),
}


@dataclass(frozen=True, slots=True)
class OutputLoss:
    """A loss on the last pre-activation z: the output shown to people, the loss of each sample, its derivative by z."""

    output: Callable[[FloatArray], FloatArray]
    of_sample: Callable[[FloatArray, FloatArray], FloatArray]
    derivative: Callable[[FloatArray, FloatArray], FloatArray]


# Each sample's loss is a sum over the outputs m; the mean over the samples is taken in one place, by ReferenceMLP.
LOSSES = {
    # ln sum_l e^z_l - sum_m y_m z_m
    "softmax": OutputLoss(
        output=softmax,
        of_sample=lambda z, y: log_sum_exp(z) - (y * z).sum(axis=1),
        derivative=lambda z, y: softmax(z) - y,
    ),
    # (y - z)^2
    "mse": OutputLoss(
        output=lambda z: z,
        of_sample=lambda z, y: ((y - z) ** 2).sum(axis=1),
        derivative=lambda z, y: 2.0 * (z - y),
    ),
    # (y - z)^2 / 2
    "half-mse": OutputLoss(
        output=lambda z: z,
        of_sample=lambda z, y: ((y - z) ** 2).sum(axis=1) / 2.0,
        derivative=lambda z, y: z - y,
    ),
    # -y ln sigmoid(z) - (1 - y) ln(1 - sigmoid(z)) = ln(1 + e^z) - y z
    "binary": OutputLoss(
        output=sigmoid,
        of_sample=lambda z, y: (np.logaddexp(0.0, z) - y * z).sum(axis=1),
        derivative=lambda z, y: sigmoid(z) - y,
    ),
}

# The regulariser is reg * factor * (sum of squares of all weights, biases left out).
L2_FACTORS = {"none": 0.0, "half": 0.5, "full": 1.0}


@dataclass(frozen=True, slots=True)
class Forward:
    """What a forward pass computes.

    Attributes:
        pre_activations: z of every layer, first to last, each (n, fan_out).
        activations: a = act(z) of every hidden layer, so one fewer.
        output: softmax(z), sigmoid(z) or z of the last layer, after the loss; (n, outputs).
    """

    pre_activations: list[FloatArray]
    activations: list[FloatArray]
    output: FloatArray


@dataclass(frozen=True, slots=True)
class Gradients:
    """The loss J and its derivative by everything it is computed from; each has the shape of its quantity.

    Attributes:
        loss: J, the regulariser included.
        weights: dJ/dW of every layer, first to last.
        biases: dJ/db of every layer; None where the layer has no bias.
        pre_activations: dJ/dz of every layer.
        activations: dJ/da of every hidden layer.
    """

    loss: float
    weights: list[FloatArray]
    biases: list[FloatArray | None]
    pre_activations: list[FloatArray]
    activations: list[FloatArray]


@dataclass(frozen=True, slots=True)
class ReferenceMLP:
    """A multilayer perceptron of any depth; depth and sizes are those of the weights it is given.

    Attributes:
        activation: of every hidden layer: "relu", "sigmoid", "tanh" or "improved-sigmoid" (1.7159 tanh(2z/3)).
        loss: mean over the samples of: "softmax", cross-entropy of the softmax; "mse", the squared error; "half-mse",
            half of it; "binary", cross-entropy of the sigmoid. With several outputs, each is a sum over them.
        l2: "full" adds reg * sum W^2, "half" adds reg/2 * sum W^2, both over the weights of all layers and no bias.

    Raises:
        UsageError: activation, loss or l2 is not a known name.

    >>> network = ReferenceMLP(loss="mse")
    >>> X, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    >>> gradients = network.gradients([np.array([[2.0]])], [np.array([0.0])], X, y)
    >>> gradients.loss, gradients.weights[0], gradients.biases[0]
    (1.0, array([[-3.]]), array([-2.]))
    """

    activation: str = "relu"
    loss: str = "softmax"
    l2: str = "none"

    def __post_init__(self) -> None:
        choices = (
            ("activation", self.activation, ACTIVATIONS),
            ("loss", self.loss, LOSSES),
            ("l2", self.l2, L2_FACTORS),
        )
        for field, chosen, known in choices:
            if chosen not in known:
                raise UsageError(f"unknown {field} {chosen!r}; known are {', '.join(known)}.")

    def forward(self, weights: Sequence[FloatArray], biases: Sequence[FloatArray | None], X: FloatArray) -> Forward:
        """Pre-activations, activations and output for each sample.

        Args:
            weights: W of every layer, first to last, each (fan_in, fan_out).
            biases: b of every layer, each (fan_out,); None for a layer without.
            X: samples, shape (n, fan_in of the first layer).

        Raises:
            ShapeError: the arrays do not fit together; the text lists every one that does not.
        """
        _check_layers(weights, biases, X)
        act = ACTIVATIONS[self.activation].value
        pre_activations: list[FloatArray] = []
        activations: list[FloatArray] = []
        A = X
        for W, b in zip(weights, biases, strict=True):
            if pre_activations:
                A = act(pre_activations[-1])
                activations.append(A)
            pre_activations.append(A @ W if b is None else A @ W + b)
        return Forward(pre_activations, activations, output=LOSSES[self.loss].output(pre_activations[-1]))

    def loss_value(
        self,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray | None],
        X: FloatArray,
        Y: NDArray[np.generic],
        reg: float = 0.0,
    ) -> float:
        """J: mean loss of the samples plus the regulariser.

        Args:
            weights, biases, X: as for `forward`.
            Y: targets, (n, outputs); one-hot rows, or other weights of the classes, for "softmax". Shape (n,) is taken
                as integer labels for "softmax" and as (n, 1) for the other losses.
            reg: strength of the regulariser.

        Raises:
            ShapeError: the arrays do not fit together.
            UsageError: reg is not 0 though l2 is "none"; a label is not the number of a class.
        """
        z = self.forward(weights, biases, X).pre_activations[-1]
        return self._loss(weights, z, self._targets(Y, z), reg)

    def gradients(
        self,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray | None],
        X: FloatArray,
        Y: NDArray[np.generic],
        reg: float = 0.0,
    ) -> Gradients:
        """J and its derivatives by backpropagation, for the arguments of `loss_value`.

        Raises:
            ShapeError: the arrays do not fit together.
            UsageError: reg is not 0 though l2 is "none"; a label is not the number of a class.

        Source: the module's docstring; tests/checkers/test_reference_mlp.py compares it with finite differences.
        """
        forward = self.forward(weights, biases, X)
        z = forward.pre_activations[-1]
        y = self._targets(Y, z)
        act_derivative = ACTIVATIONS[self.activation].derivative
        dz = [LOSSES[self.loss].derivative(z, y) / len(X)]
        da: list[FloatArray] = []
        # From the last layer down; W is the weight above the hidden layer whose pre-activation is z_below.
        for W, z_below in zip(reversed(weights[1:]), reversed(forward.pre_activations[:-1]), strict=True):
            da.insert(0, dz[0] @ W.T)
            dz.insert(0, da[0] * act_derivative(z_below))
        inputs = [X, *forward.activations]
        shrink = 2.0 * reg * L2_FACTORS[self.l2]
        return Gradients(
            loss=self._loss(weights, z, y, reg),
            weights=[
                A.T @ delta + shrink * W if shrink else A.T @ delta
                for A, delta, W in zip(inputs, dz, weights, strict=True)
            ],
            biases=[None if b is None else delta.sum(axis=0) for b, delta in zip(biases, dz, strict=True)],
            pre_activations=dz,
            activations=da,
        )

    def penalty(self, weights: Sequence[FloatArray], reg: float) -> float:
        """What the regulariser adds to the loss.

        Raises:
            UsageError: reg is not 0 though l2 is "none".
        """
        if reg == 0:
            return 0.0
        if self.l2 == "none":
            raise UsageError(f'reg={reg} has no effect with l2="none". Try l2="full" or l2="half".')
        return reg * L2_FACTORS[self.l2] * sum(float((W**2).sum()) for W in weights)

    def _loss(self, weights: Sequence[FloatArray], z: FloatArray, y: FloatArray, reg: float) -> float:
        """Mean loss of the samples plus the regulariser, from the last pre-activation."""
        return float(LOSSES[self.loss].of_sample(z, y).mean()) + self.penalty(weights, reg)

    def _targets(self, Y: NDArray[np.generic], z: FloatArray) -> FloatArray:
        """Y as an array of the shape of z."""
        # float16 is the smallest: float32 samples keep float32 targets, and integer samples cannot truncate them.
        dtype = np.promote_types(z.dtype, np.float16)
        targets: FloatArray = np.asarray(Y, dtype=dtype)
        if Y.ndim == 1:
            targets = _one_hot(targets, z.shape[1]) if self.loss == "softmax" else targets[:, None]
        if targets.shape != z.shape:
            raise ShapeError(f"Y must have one entry for each output: the outputs are {z.shape}, but Y is {Y.shape}.")
        return targets


def _one_hot(labels: FloatArray, classes: int) -> FloatArray:
    """Row i is 1 in column labels[i] and 0 elsewhere."""
    columns = np.arange(classes)
    if not np.isin(labels, columns).all():
        raise UsageError(f"labels should be whole numbers from 0 to {classes - 1}, one for each sample.")
    return np.equal(labels[:, None], columns).astype(labels.dtype)


def _check_layers(weights: Sequence[FloatArray], biases: Sequence[FloatArray | None], X: FloatArray) -> None:
    """Raise a ShapeError that lists every weight and bias that does not fit."""
    if not weights or len(biases) != len(weights):
        raise ShapeError(
            f"every layer needs a weight and a bias (None for no bias): {len(weights)} weights, {len(biases)} biases."
        )
    if X.ndim != 2:
        raise ShapeError(f"X should be (n, features), but it is {X.shape}.")
    wrong: list[str] = []
    fan_in = X.shape[1]
    for layer, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        if W.ndim != 2 or W.shape[0] != fan_in:
            wrong.append(f"W{layer} should be ({fan_in}, fan_out), but it is {W.shape}")
        fan_in = W.shape[-1] if W.ndim else 1
        if b is not None and b.shape != (fan_in,):
            wrong.append(f"b{layer} should be ({fan_in},), but it is {b.shape}")
    if wrong:
        raise ShapeError("; ".join(wrong) + ".")
