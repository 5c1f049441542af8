"""Elementary functions with an identity: name, derivative, NumPy form, kinks.

SymPy differentiates through `fdiff`. Our own exp and log, since SymPy's rewrite products of exponentials into one
exponential, which no textbook does. A function's `numpy` method also takes complex arrays, for complex step; at a kink
it takes the branch on the right.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import sympy


class Elementary(sympy.Function):
    """Base of the elementary functions; each subclass says how it is differentiated, computed and explained."""

    nargs = 1
    is_commutative = True
    source: ClassVar[str]
    """NumPy source of the value, with {u} for the argument."""
    helper: ClassVar[str | None] = None
    """Source of a function that `source` calls, written once at the top of generated code."""
    rule: ClassVar[str]
    """The rule of differentiation, in words."""
    kinks: ClassVar[tuple[int, ...]] = ()
    """Where the function or its derivative jumps."""

    is_real = True

    @classmethod
    def eval(cls, argument: Any) -> None:
        """Never rewritten on construction."""

    def _eval_is_real(self) -> bool:
        return True

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value on an array, real or complex."""
        raise NotImplementedError


class exp(Elementary):  # noqa: N801
    """The exponential function."""

    source = "np.exp({u})"
    rule = "the exponential is its own derivative"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """exp(u)."""
        return self

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.exp(u)


class log(Elementary):  # noqa: N801
    """The natural logarithm."""

    source = "np.log({u})"
    rule = "(ln u)′ = 1/u"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """1/u."""
        return 1 / self.args[0]

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.log(u)


class sqrt(Elementary):  # noqa: N801
    """The square root."""

    source = "np.sqrt({u})"
    rule = "(√u)′ = 1/(2 √u)"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """1 / (2 sqrt(u))."""
        return 1 / (2 * self)

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.sqrt(u)


class step(Elementary):  # noqa: N801
    """1 where the argument is positive, else 0."""

    source = "({u} > 0)"
    rule = "a step is flat on both sides"
    kinks = (0,)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """0, away from the step."""
        return sympy.S.Zero

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return (np.real(u) > 0).astype(float)


class relu(Elementary):  # noqa: N801
    """The positive part: u where u > 0, else 0."""

    source = "np.maximum({u}, 0)"
    rule = "the slope of relu is 1 where u > 0 and 0 elsewhere"
    kinks = (0,)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The step function."""
        return step(self.args[0])

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return u * (np.real(u) > 0)


class sign(Elementary):  # noqa: N801
    """-1, 0 or 1."""

    source = "np.sign({u})"
    rule = "the sign is flat on both sides"
    kinks = (0,)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """0, away from 0."""
        return sympy.S.Zero

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.sign(np.real(u))


class absolute(Elementary):  # noqa: N801
    """The absolute value."""

    source = "np.abs({u})"
    rule = "|u|′ = sign(u)"
    kinks = (0,)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The sign."""
        return sign(self.args[0])

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return u * np.sign(np.real(u))


class sigmoid(Elementary):  # noqa: N801
    """The logistic function 1 / (1 + exp(-u))."""

    source = "sigmoid({u})"
    helper = (
        "def sigmoid(u):\n"
        "    # 1 / (1 + exp(-u)), written so that exp cannot overflow\n"
        "    return 0.5 * (1 + np.tanh(0.5 * u))\n"
    )
    rule = "σ′ = σ (1 − σ)"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """sigma (1 - sigma)."""
        return self * (1 - self)

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return 0.5 * (1 + np.tanh(0.5 * u))


class tanh(Elementary):  # noqa: N801
    """The hyperbolic tangent."""

    source = "np.tanh({u})"
    rule = "tanh′ = 1 − tanh²"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """1 - tanh^2."""
        return 1 - self**2

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.tanh(u)


IMPROVED_SCALE = sympy.Rational(17159, 10000)  # LeCun, Bottou, Orr, Müller: Efficient BackProp (1998), section 4.4
IMPROVED_SLOPE = sympy.Rational(2, 3)


class improved_sigmoid(Elementary):  # noqa: N801
    """LeCun's scaled hyperbolic tangent 1.7159 tanh(2u/3)."""

    source = "improved_sigmoid({u})"
    helper = "def improved_sigmoid(u):\n    return 1.7159 * np.tanh(2 / 3 * u)\n"
    rule = "f = A tanh(Bu) has f′ = B (A − f²/A), here with A = 1.7159 and B = 2/3"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """2/3 (1.7159 - f^2 / 1.7159)."""
        return IMPROVED_SLOPE * (IMPROVED_SCALE - self**2 / IMPROVED_SCALE)

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return float(IMPROVED_SCALE) * np.tanh(float(IMPROVED_SLOPE) * u)


class softplus(Elementary):  # noqa: N801
    """ln(1 + exp(u)), a smooth relu."""

    source = "softplus({u})"
    helper = (
        "def softplus(u):\n"
        "    # ln(1 + exp(u)), written so that exp cannot overflow\n"
        "    return np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u)))\n"
    )
    rule = "(ln(1 + exp u))′ = σ(u)"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The logistic function."""
        return sigmoid(self.args[0])

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        negative = np.where(np.real(u) > 0, -u, u)
        return u * (np.real(u) > 0) + np.log1p(np.exp(negative))


class logcosh(Elementary):  # noqa: N801
    """ln cosh(u): close to u^2/2 near 0 and to |u| - ln 2 far away."""

    source = "logcosh({u})"
    helper = (
        "def logcosh(u):\n"
        "    # ln cosh(u), written so that cosh cannot overflow\n"
        "    return np.abs(u) + np.log1p(np.exp(-2 * np.abs(u))) - 0.6931471805599453  # ln 2\n"
    )
    rule = "(ln cosh u)′ = tanh u"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The hyperbolic tangent."""
        return tanh(self.args[0])

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        return np.log(np.cosh(u))


class clip(Elementary):  # noqa: N801
    """u cut off at -1 and 1."""

    source = "np.clip({u}, -1, 1)"
    rule = "the slope of clip is 1 between −1 and 1 and 0 outside"
    kinks = (-1, 1)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """1 between -1 and 1, else 0."""
        return step(1 - absolute(self.args[0]))

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        real = np.real(u)
        return np.where(np.abs(real) < 1, u, np.sign(real))


class huber(Elementary):  # noqa: N801
    """Huber's loss with threshold 1: u^2/2 where |u| < 1, else |u| - 1/2."""

    source = "huber({u})"
    helper = (
        "def huber(u):\n"
        "    # u^2 / 2 up to 1, a straight line beyond\n"
        "    size = np.abs(u)\n"
        "    return np.where(size < 1, 0.5 * u**2, size - 0.5)\n"
    )
    rule = "Huber's loss has the slope u, cut off at −1 and 1"
    kinks = (-1, 1)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """u cut off at -1 and 1."""
        return clip(self.args[0])

    @classmethod
    def numpy(cls, u: Any) -> Any:
        """The value."""
        real = np.real(u)
        return np.where(np.abs(real) < 1, 0.5 * u**2, u * np.sign(real) - 0.5)


ACTIVATIONS: dict[str, type[Elementary]] = {
    "relu": relu,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "improved-sigmoid": improved_sigmoid,
}
"""Activation functions by the name a user types."""
