"""Functions that derivations name, on real and complex arrays; at a kink they take the branch on the right."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

AnyArray = Any


def sigmoid(u: AnyArray) -> AnyArray:
    """1 / (1 + exp(-u))."""
    return 1.0 / (1.0 + np.exp(-u))


def log(u: AnyArray) -> AnyArray:
    """ln u; of a negative number no number, also on the complex step, where numpy would go round the branch cut."""
    if not np.iscomplexobj(u):
        return np.log(u)
    real = np.real(u)
    return np.log(real) + 1j * np.imag(u) / real


def power(u: AnyArray, exponent: AnyArray) -> AnyArray:
    """u to a power; a negative number to a broken power is no number."""
    if not np.iscomplexobj(u) and not np.iscomplexobj(exponent):
        return np.power(u, exponent)
    return np.exp(exponent * log(u + 0j))


def sqrt(u: AnyArray) -> AnyArray:
    """The root."""
    return np.sqrt(u) if not np.iscomplexobj(u) else np.exp(0.5 * log(u))


def softplus(u: AnyArray) -> AnyArray:
    """ln(1 + exp(u))."""
    return np.log1p(np.exp(u)) if not np.iscomplexobj(u) else log(1.0 + np.exp(u))


def absolute(u: AnyArray) -> AnyArray:
    """|u|, with the sign of the real part."""
    return u * np.sign(np.real(u))


def huber(u: AnyArray) -> AnyArray:
    """Huber's function with threshold 1."""
    inside = np.abs(np.real(u)) <= 1
    return np.where(inside, 0.5 * u * u, absolute(u) - 0.5)


def open_function(key: str) -> Callable[[AnyArray], AnyArray]:
    """A function that the document gives no formula for: each key has its own, and all of them are alike.

    Smooth, growing, positive where u is; neither odd nor even nor homogeneous.
    """
    share, steepness, slope, bend, offset = np.random.default_rng([*key.encode()]).uniform(0.7, 1.3, 5)

    def value(u: AnyArray) -> AnyArray:
        real = np.real(u)
        bent = np.tanh(0.9 * steepness * real)
        out = 0.7 * share * bent + 0.2 * slope * real + 0.05 * bend * real * real + 0.1 * offset
        if not np.iscomplexobj(u):
            return out
        # On the complex step by its slope: numpy's tanh of complex numbers takes many times as long.
        rate = 0.63 * share * steepness * (1.0 - bent * bent) + 0.2 * slope + 0.1 * bend * real
        return out + 1j * np.imag(u) * rate

    return value


def normal_density(u: AnyArray) -> AnyArray:
    """exp(-u^2 / 2) / sqrt(2 pi)."""
    return np.exp(-0.5 * u * u) / math.sqrt(2.0 * math.pi)


def normal_distribution(u: AnyArray) -> AnyArray:
    """The integral of the normal density up to u; on the complex step by its slope."""
    real = np.real(u)
    value = 0.5 * (1.0 + np.vectorize(math.erf, otypes=[float])(real / math.sqrt(2.0)))
    return value + 1j * np.imag(u) * normal_density(real) if np.iscomplexobj(u) else value


def erf(u: AnyArray) -> AnyArray:
    """The error function."""
    return 2.0 * normal_distribution(math.sqrt(2.0) * u) - 1.0


def factorial(u: AnyArray) -> AnyArray:
    """u!, of what is between whole numbers by the gamma function; constants have no derivative here."""
    return np.vectorize(lambda number: math.gamma(number + 1.0))(np.real(u))


ELEMENTWISE: dict[str, Callable[[AnyArray], AnyArray]] = {
    "exp": np.exp, "log": log, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh, "sin": np.sin, "cos": np.cos,
    "sigmoid": sigmoid, "softplus": softplus, "abs": absolute, "huber": huber, "logcosh": lambda u: log(np.cosh(u)),
    "relu": lambda u: u * (np.real(u) > 0), "step": lambda u: (np.real(u) > 0) * 1.0,
    "sign": lambda u: np.sign(np.real(u)),
    "sqrt": sqrt, "id": lambda u: u, "sech": lambda u: 1.0 / np.cosh(u),
    "normaldistribution": normal_distribution, "normaldensity": normal_density, "erf": erf,
    "leakyrelu": lambda u: np.where(np.real(u) > 0, u, 0.01 * u),
}  # fmt: skip

_ALIASES = {
    "ln": "log", "lg": "log", "sigm": "sigmoid", "logistic": "sigmoid", "sgn": "sign", "heaviside": "step",
    "trace": "tr", "lse": "logsumexp", "ReLU": "relu", "Softmax": "softmax", "SOFTMAX": "softmax", "Relu": "relu",
    "Tr": "tr", "sft": "softmax",
}  # fmt: skip
_OTHERS = {"softmax", "tr", "diag", "max", "min", "det", "rank", "sum", "mean", "logsumexp", "onehot"}


def known_function(word: str) -> str:
    """The name of a known function, or "".

    >>> known_function("ln"), known_function("f")
    ('log', '')
    """
    word = _ALIASES.get(word, word)
    word = _ALIASES.get(word.lower(), word.lower()) if word.lower() in _ALIASES or len(word) > 2 else word
    return word if word in ELEMENTWISE or word in _OTHERS else ""


def is_elementwise(word: str) -> bool:
    """Does it act on each entry by itself?"""
    return word in ELEMENTWISE or word in {"max", "min"}
