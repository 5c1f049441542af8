"""The models that ship, each written as on paper.

`MODELS` lists them by the name users type. Linear models share their first line; what tells them apart is the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy

from checkers.errors import UsageError
from checkers.reference_oracle import Layer, NetworkSpec

from .expressions import Entry, Index
from .functions import ACTIVATIONS, exp, huber, log, logcosh, relu, sigmoid, softplus, sqrt
from .model import Array, Model, Sum

HALF = sympy.Rational(1, 2)


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that ships: its title, the function that builds it, and the options that function takes."""

    title: str
    builder: Callable[..., Model]
    options: tuple[str, ...] = ()

    def build(self, **options: Any) -> Model:
        """The model with these options.

        Raises:
            UsageError: it does not take one of the options, or not with that value.
        """
        unknown = [name for name in options if name not in self.options]
        if unknown:
            known = ", ".join(f"--{name}" for name in self.options) or "none"
            raise UsageError(f"{self.title}: no option --{unknown[0]} here. Options of this model: {known}.")
        return self.builder(**options)


@dataclass(slots=True)
class _Linear:
    """A linear prediction z[i] = sum_j w[j] x[i, j] + b, on which a loss is put."""

    model: Model
    n: sympy.Symbol = field(init=False)
    i: Index = field(init=False)
    j: Index = field(init=False)
    y: Any = field(init=False)
    w: Any = field(init=False)
    z: Array = field(init=False)

    def __init__(self, name: str, title: str, domain: str = "real") -> None:
        self.model = m = Model(name, title)
        self.n, p = m.sizes(n="samples", p="features")
        self.i, self.j = m.indices(i=self.n, j=p)
        X = m.data("X", self.n, p, note="inputs, one sample a row")
        self.y = m.data("y", self.n, domain=domain, note="targets")
        self.w, b = m.parameter("w", p, note="weights"), m.parameter("b", note="bias")
        self.z = m.node("z", note="prediction")
        self.z[self.i] = Sum(self.w[self.j] * X[self.i, self.j], self.j) + b

    def mean(self, loss: sympy.Expr, penalty: sympy.Expr = sympy.S.Zero) -> Model:
        """The model whose loss is the mean over the samples of L[i] = loss."""
        L, J = self.model.node("L", note="loss of one sample"), self.model.loss("J")
        L[self.i] = loss
        J[()] = Sum(L[self.i], self.i) / self.n + penalty
        return self.model

    def network(self, loss: str, l2: str = "none", output: str | None = None) -> None:
        """Say that the reference MLP can express it: one layer with one output."""
        layer = Layer("w", "b", is_transposed=False, pre_activation="z")
        strength = None if l2 == "none" else "lambda"
        self.model.network = NetworkSpec((layer,), loss, l2=l2, targets="y", output=output, strength=strength)


def linear_regression(half: bool = False) -> Model:
    """Mean squared error, J = 1/n sum_i (y_i - z_i)^2, or with 1/(2n)."""
    m = _Linear("linear-regression", "Linear regression with mean squared error")
    m.network("half-mse" if half else "mse")
    square = (m.y[m.i] - m.z[m.i]) ** 2
    return m.mean(HALF * square if half else square)


def ridge(half: bool = False, l2: str = "full") -> Model:
    """Mean squared error with an L2 penalty on the weights, not on the bias."""
    m = _Linear("ridge", "Ridge regression")
    m.network("half-mse" if half else "mse", l2)
    square = (m.y[m.i] - m.z[m.i]) ** 2
    return m.mean(HALF * square if half else square, _penalty(m.model, l2, [m.w[m.j]]))


def logistic_regression(route: str = "fused", l2: str = "none") -> Model:
    """Binary cross-entropy, from the logit in one piece or through the probability y_hat."""
    m = _Linear("logistic-regression", "Logistic regression with binary cross-entropy", domain="binary")
    y, z, i = m.y, m.z, m.i
    y_hat = m.model.node("y_hat", note="predicted probability of class 1")
    y_hat[i] = sigmoid(z[i])
    m.network("binary", l2, "y_hat")
    penalty = _penalty(m.model, l2, [m.w[m.j]])
    if _is_fused(route):
        return m.mean(softplus(z[i]) - y[i] * z[i], penalty)
    return m.mean(-(y[i] * log(y_hat[i]) + (1 - y[i]) * log(1 - y_hat[i])), penalty)


def huber_regression() -> Model:
    """Huber's loss with threshold 1."""
    m = _Linear("huber", "Linear regression with Huber's loss")
    return m.mean(huber(m.y[m.i] - m.z[m.i]))


def hinge() -> Model:
    """The linear support vector machine's loss; y is -1 or 1."""
    m = _Linear("hinge", "Linear classifier with hinge loss", domain="signs")
    return m.mean(relu(1 - m.y[m.i] * m.z[m.i]))


def squared_hinge() -> Model:
    """The square of the hinge loss."""
    m = _Linear("squared-hinge", "Linear classifier with squared hinge loss", domain="signs")
    return m.mean(relu(1 - m.y[m.i] * m.z[m.i]) ** 2)


def poisson() -> Model:
    """Negative log-likelihood of counts with mean exp(z), up to a constant."""
    m = _Linear("poisson", "Poisson regression", domain="counts")
    return m.mean(exp(m.z[m.i]) - m.y[m.i] * m.z[m.i])


def quantile() -> Model:
    """The pinball loss of the quantile tau."""
    m = _Linear("quantile", "Quantile regression")
    tau = m.model.constant("tau", domain="unit", note="which quantile")
    residual = m.y[m.i] - m.z[m.i]
    return m.mean(tau * relu(residual) + (1 - tau) * relu(-residual))


def log_cosh() -> Model:
    """The logarithm of the hyperbolic cosine of the residual."""
    m = _Linear("log-cosh", "Linear regression with log-cosh loss")
    return m.mean(logcosh(m.z[m.i] - m.y[m.i]))


def softmax_regression(route: str = "fused", l2: str = "none") -> Model:
    """Softmax cross-entropy, from the logits in one piece or through y_hat with the full softmax Jacobian."""
    return _softmax_net("softmax-regression", "Softmax regression with cross-entropy", 1, "relu", l2, _is_fused(route))


def mlp(layers: tuple[int, ...] = (4, 5, 3), activation: str = "relu", route: str = "fused", l2: str = "none") -> Model:
    """A multilayer perceptron with softmax cross-entropy on top; the length of `layers` says how deep it is."""
    if len(layers) < 2 or min(layers) < 1:
        raise UsageError(f"--layers needs at least an input and an output width, such as 4,5,3; got {layers}.")
    title = f"Multilayer perceptron {'-'.join(map(str, layers))}, {activation}, softmax cross-entropy"
    return _softmax_net("mlp", title, len(layers) - 1, activation, l2, _is_fused(route))


def label_smoothing() -> Model:
    """Cross-entropy against labels moved a little towards the uniform distribution."""
    m: Model
    m, n, M, (i, k, c), y, z = _linear_classes("label-smoothing", "Softmax regression with label smoothing")
    alpha = m.constant("alpha", domain="unit", note="how far labels are smoothed")
    t, y_hat, L, J = m.node("t", "smoothed labels"), m.node("y_hat", "probabilities"), m.node("L"), m.loss("J")
    t[i, k] = (1 - alpha) * y[i, k] + alpha / M
    y_hat[i, k] = exp(z[i, k]) / Sum(exp(z[i, c]), c)
    L[i] = log(Sum(exp(z[i, c]), c)) - Sum(t[i, k] * z[i, k], k)
    J[()] = Sum(L[i], i) / n
    return m


def multiclass_svm() -> Model:
    """The Weston-Watkins loss: every wrong class should score lower than the right one by 1."""
    m: Model
    m, n, _, (i, k, c), y, z = _linear_classes("multiclass-svm", "Multi-class support vector machine")
    margin, L, J = m.node("margin", "by how much a class is too high"), m.node("L", "loss of one sample"), m.loss("J")
    margin[i, k] = 1 + z[i, k] - Sum(y[i, c] * z[i, c], c)
    L[i] = Sum((1 - y[i, k]) * relu(margin[i, k]), k)
    J[()] = Sum(L[i], i) / n
    return m


def _linear_classes(name: str, title: str) -> Any:
    """A model with one linear score for each class: z[i, m] = sum_j W[m, j] x[i, j] + b[m]."""
    m = Model(name, title)
    n, p, M = m.sizes(n="samples", p="features", M="classes")
    i, j, k, c = m.indices(i=n, j=p, m=M, l=M)
    X = m.data("X", n, p, note="inputs, one sample a row")
    y = m.data("Y", n, M, domain="one-hot", note="one-hot labels")
    W, b, z = m.parameter("W", M, p, note="weights"), m.parameter("b", M, note="biases"), m.node("z", "logits")
    z[i, k] = Sum(W[k, j] * X[i, j], j) + b[k]
    return m, n, M, (i, k, c), y, z


def network(
    name: str,
    title: str,
    *,
    depth: int,
    activation: str,
    l2: str,
    fused: bool = True,
    rows: bool = False,
    biases: bool = True,
    constant: str = "lambda",
    inputs: str = "real",
) -> Model:
    """A softmax network with `depth` layers of weights.

    Args:
        l2: penalty on the weights: "none", "full" (lambda times the sum of squares) or "half".
        fused: take the loss from the logits in one piece, or through y_hat.
        inputs: the domain of X.
        rows: weights of shape (fan-in, fan-out), so that z = a W; else (fan-out, fan-in), so that z = W a.
        constant: the name of the penalty's strength.
    """
    if activation not in ACTIVATIONS:
        raise UsageError(f"No activation {activation!r}. Known: {', '.join(ACTIVATIONS)}.")
    m = Model(name, title)
    hidden = {f"H{layer}" if depth > 2 else "H": f"units of hidden layer {layer}" for layer in range(1, depth)}
    n, *widths = m.sizes(n="samples", p="features", **hidden, M="classes")
    letters = "j" + "khrstuv"[: depth - 1] + "m"
    i, *units, c = m.indices(i=n, **dict(zip(letters, widths, strict=True)), l=widths[-1])
    a: Any = m.data("X", n, widths[0], domain=inputs, note="inputs, one sample a row")
    y = m.data("Y", n, widths[-1], domain="one-hot", note="one-hot labels")
    weights: list[Entry] = []
    layers: list[Layer] = []
    for layer in range(1, depth + 1):
        suffix = str(layer) if depth > 1 else ""
        source, target = units[layer - 1], units[layer]
        axes = (source, target) if rows else (target, source)
        W = m.parameter(
            f"W{suffix}", *(index.size for index in axes), note=f"weights of layer {layer}" if depth > 1 else "weights"
        )
        weights.append(W[axes])
        z = m.node(f"z{suffix}", note="logits" if layer == depth else f"pre-activations of layer {layer}")
        total = Sum(W[axes] * a[i, source], source)
        if biases:
            total += m.parameter(f"b{suffix}", target.size, note=f"biases of layer {layer}" if depth > 1 else "biases")[
                target
            ]
        z[i, target] = total
        bias, hidden_node = f"b{suffix}" if biases else None, f"a{suffix}" if layer < depth else None
        layers.append(Layer(f"W{suffix}", bias, not rows, f"z{suffix}", hidden_node))
        if layer < depth:
            a = m.node(f"a{suffix}", note=f"activations of layer {layer}")
            a[i, target] = ACTIVATIONS[activation](z[i, target])
    _softmax_on_top(m, n, (i, units[-1], c), z, y, fused, _penalty(m, l2, weights, constant))
    strength = None if l2 == "none" else constant
    m.network = NetworkSpec(tuple(layers), "softmax", activation, l2, output="y_hat", strength=strength)
    return m


def _softmax_on_top(
    m: Model, n: sympy.Symbol, indices: tuple[Index, ...], z: Array, y: Array, fused: bool, penalty: sympy.Expr
) -> None:
    i, k, c = indices
    y_hat, L, J = m.node("y_hat", "probabilities"), m.node("L", "loss of one sample"), m.loss("J")
    y_hat[i, k] = exp(z[i, k]) / Sum(exp(z[i, c]), c)
    if fused:
        L[i] = log(Sum(exp(z[i, c]), c)) - Sum(y[i, k] * z[i, k], k)
    else:
        L[i] = -Sum(y[i, k] * log(y_hat[i, k]), k)
    J[()] = Sum(L[i], i) / n + penalty


def _softmax_net(name: str, title: str, depth: int, activation: str, l2: str, fused: bool) -> Model:
    return network(name, title, depth=depth, activation=activation, l2=l2, fused=fused)


def _penalty(model: Model, l2: str, weights: list[Entry], constant: str = "lambda") -> sympy.Expr:
    """lambda times the sum of the squares of all weights, or half of it."""
    factors = {"none": 0, "full": 1, "half": HALF}
    if l2 not in factors:
        raise UsageError(f"No L2 penalty {l2!r}. Known: {', '.join(factors)}.")
    if l2 == "none":
        return sympy.S.Zero
    strength = model.constant(constant, note="strength of the L2 penalty")
    return sympy.Add(*(factors[l2] * strength * Sum(w**2, *w.indices) for w in weights))


def _is_fused(route: str) -> bool:
    if route not in {"fused", "y-hat"}:
        raise UsageError(f"No route {route!r}. Known: fused, y-hat.")
    return route == "fused"


# Layers ---------------------------------------------------------------------------------------------------------------


def _below(m: Model, out: Array, *indices: Index) -> Model:
    """The model of a layer: J = sum dout out, whose derivatives are the vector-Jacobian products with dout."""
    J = m.loss("J", "whatever is computed from out")
    dout = m.data("dout", *(index.size for index in indices), note="gradient from above")
    J[()] = Sum(dout[indices] * out[indices], *indices)
    return m


def affine() -> Model:
    """A layer of linear units, weights in columns: out = x w + b."""
    m = Model("affine", "Affine layer")
    n, p, H = m.sizes(n="samples", p="features", H="units")
    i, j, k = m.indices(i=n, j=p, k=H)
    x = m.parameter("x", n, p, note="inputs, one sample a row")
    w, b = m.parameter("w", p, H, note="weights"), m.parameter("b", H, note="biases")
    out = m.node("out", "output of the layer")
    out[i, k] = Sum(x[i, j] * w[j, k], j) + b[k]
    return _below(m, out, i, k)


def softmax_loss() -> Model:
    """The mean cross-entropy of scores, as the last layer of a network."""
    m: Model
    m, n, (i, k, c), x, y = _scores("softmax-loss", "Softmax cross-entropy of scores")
    y_hat, L, J = m.node("y_hat", "probabilities"), m.node("L", "loss of one sample"), m.loss("J")
    y_hat[i, k] = exp(x[i, k]) / Sum(exp(x[i, c]), c)
    L[i] = log(Sum(exp(x[i, c]), c)) - Sum(y[i, k] * x[i, k], k)
    J[()] = Sum(L[i], i) / n
    return m


def svm_loss() -> Model:
    """The mean Weston-Watkins loss of scores, as the last layer of a network; the right class has no margin."""
    m: Model
    m, n, (i, k, c), x, y = _scores("svm-loss", "Multi-class SVM loss of scores")
    margin, L, J = m.node("margin", "by how much a class is too high"), m.node("L", "loss of one sample"), m.loss("J")
    margin[i, k] = 1 + x[i, k] - Sum(y[i, c] * x[i, c], c)
    L[i] = Sum((1 - y[i, k]) * relu(margin[i, k]), k)
    J[()] = Sum(L[i], i) / n
    return m


def _scores(name: str, title: str) -> Any:
    """A model whose parameter is the scores themselves."""
    m = Model(name, title)
    n, M = m.sizes(n="samples", M="classes")
    i, k, c = m.indices(i=n, m=M, l=M)
    x = m.parameter("x", n, M, note="scores, one sample a row")
    return m, n, (i, k, c), x, m.data("Y", n, M, domain="one-hot", note="one-hot labels")


def batch_normalisation() -> Model:
    """Batch normalisation while training: every feature with mean 0 and variance 1 over the samples."""
    return _normalisation("batch-normalisation", "Batch normalisation, in training", over="i")


def layer_normalisation() -> Model:
    """Layer normalisation: every sample with mean 0 and variance 1 over its features."""
    return _normalisation("layer-normalisation", "Layer normalisation", over="j")


def _normalisation(name: str, title: str, over: str) -> Model:
    """x less its mean, over its standard deviation; then scaled and shifted, feature by feature."""
    m = Model(name, title)
    n, p = m.sizes(n="samples", p="features")
    i, j = m.indices(i=n, j=p)
    bound, kept = (i, j) if over == "i" else (j, i)
    x = m.parameter("x", n, p, note="inputs, one sample a row")
    gamma, beta = m.parameter("gamma", p, note="scales"), m.parameter("beta", p, note="shifts")
    epsilon = m.constant("epsilon", domain="epsilon", note="what keeps the division finite")
    mu, c = m.node("mu", "mean"), m.node("c", "centred inputs")
    var, std = m.node("var", "variance"), m.node("std", "standard deviation")
    x_hat, out = m.node("x_hat", "normalised inputs"), m.node("out", "output of the layer")
    mu[kept] = Sum(x[i, j], bound) / bound.size
    c[i, j] = x[i, j] - mu[kept]
    var[kept] = Sum(c[i, j] ** 2, bound) / bound.size
    std[kept] = sqrt(var[kept] + epsilon)
    x_hat[i, j] = c[i, j] / std[kept]
    out[i, j] = gamma[j] * x_hat[i, j] + beta[j]
    return _below(m, out, i, j)


def convolution() -> Model:
    """A convolution as networks have it: filters slide over images, one place at a time, and over no edge."""
    m = Model("convolution", "Convolution, stride 1, no padding")
    n, C, F, P, Q, A, B = m.sizes(
        n="samples",
        C="channels",
        F="filters",
        P="rows of the output",
        Q="columns of the output",
        A="rows of a filter",
        B="columns of a filter",
    )
    H, W = m.reach("H", P, A, "rows of an image"), m.reach("W", Q, B, "columns of an image")
    i, k, m_, r, s, a, e, _u, _v = m.indices(i=n, k=C, m=F, r=P, s=Q, a=A, e=B, u=H, v=W)
    x = m.parameter("x", n, C, H, W, note="images")
    w, b = m.parameter("w", F, C, A, B, note="filters"), m.parameter("b", F, note="biases")
    out = m.node("out", "output of the layer")
    out[i, m_, r, s] = Sum(x[i, k, r + a, s + e] * w[m_, k, a, e], k, a, e) + b[m_]
    return _below(m, out, i, m_, r, s)


MODELS: dict[str, ModelEntry] = {
    "linear-regression": ModelEntry("Linear regression with mean squared error", linear_regression, ("half",)),
    "ridge": ModelEntry("Ridge regression: mean squared error with an L2 penalty", ridge, ("half", "l2")),
    "logistic-regression": ModelEntry(
        "Logistic regression with binary cross-entropy", logistic_regression, ("route", "l2")
    ),
    "softmax-regression": ModelEntry("Softmax regression with cross-entropy", softmax_regression, ("route", "l2")),
    "mlp": ModelEntry(
        "Multilayer perceptron of any depth, softmax cross-entropy", mlp, ("layers", "activation", "route", "l2")
    ),
    "huber": ModelEntry("Linear regression with Huber's loss", huber_regression),
    "hinge": ModelEntry("Linear classifier with hinge loss", hinge),
    "squared-hinge": ModelEntry("Linear classifier with squared hinge loss", squared_hinge),
    "poisson": ModelEntry("Poisson regression", poisson),
    "quantile": ModelEntry("Quantile regression (pinball loss)", quantile),
    "log-cosh": ModelEntry("Linear regression with log-cosh loss", log_cosh),
    "label-smoothing": ModelEntry("Softmax regression with label smoothing", label_smoothing),
    "multiclass-svm": ModelEntry("Multi-class support vector machine (Weston-Watkins)", multiclass_svm),
    "affine": ModelEntry("Affine layer", affine),
    "softmax-loss": ModelEntry("Softmax cross-entropy of scores, as a layer", softmax_loss),
    "svm-loss": ModelEntry("Multi-class SVM loss of scores, as a layer", svm_loss),
    "batch-normalisation": ModelEntry("Batch normalisation, in training", batch_normalisation),
    "convolution": ModelEntry("Convolution, stride 1, no padding", convolution),
    "layer-normalisation": ModelEntry("Layer normalisation", layer_normalisation),
}
"""The models that ship, by the name users type."""
