"""A derivation: the steps from the loss back to each parameter, every equality proven."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy

from checkers.errors import UsageError

from .expressions import Adjoint, Partial

if TYPE_CHECKING:
    from .model import Model


@dataclass(frozen=True, slots=True)
class Equality:
    """left = right, by a rule, for a reason.

    Attributes:
        rule: the rule's name, such as "chain rule" or "collapse the deltas".
        reason: one sentence for a reader.
        brief: is it shown when only the main line of the argument is asked for?
        error: largest relative difference of the two sides on random arrays; None until it is proven.
    """

    left: sympy.Expr
    right: sympy.Expr
    rule: str
    reason: str
    brief: bool = True
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One quantity and the chain of equalities that gives it.

    Attributes:
        name: "dJ/dz" for an adjoint, "dL/dz" for a local derivative.
        quantity: what the first equality's left side is: an `Adjoint` or a `Partial`.
        result: the expression to compute it by, in terms of the model's nodes and earlier adjoints.
        equalities: the chain; each left side is the right side before it.
    """

    name: str
    quantity: Adjoint | Partial
    result: sympy.Expr
    equalities: tuple[Equality, ...]

    @property
    def is_adjoint(self) -> bool:
        """Is it a derivative of the loss (not a local derivative)?"""
        return isinstance(self.quantity, Adjoint)

    @property
    def error(self) -> float | None:
        """The largest error of its proofs; None until all are proven."""
        errors = [equality.error for equality in self.equalities]
        return None if None in errors or not errors else max(error for error in errors if error is not None)


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps from the loss back to each parameter, in the order they are read.

    Attributes:
        model: the model it was derived from.
        steps: local derivatives and adjoints; each uses only what stands before it.
    """

    model: Model
    steps: tuple[Step, ...]

    def step(self, name: str) -> Step:
        """The step called `name`, such as "dJ/dz".

        Raises:
            UsageError: there is none; the text lists those there are.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise UsageError(f"{self.model.name} has no step {name}. Its steps: {', '.join(s.name for s in self.steps)}.")

    def adjoint(self, name: str) -> Step:
        """The step that gives the derivative of the loss with respect to the array called `name`."""
        return self.step(f"d{self.model.loss_definition.name}/d{name}")

    def gradient(self, name: str) -> Gradient:
        """The gradient of the loss with respect to a parameter or node."""
        return Gradient(self, self.adjoint(name))


@dataclass(frozen=True, slots=True)
class Gradient:
    """The gradient of the loss with respect to one array."""

    derivation: Derivation
    step: Step

    @property
    def expression(self) -> sympy.Expr:
        """The result, in terms of the model's nodes and earlier adjoints."""
        return self.step.result

    def to_numpy(self) -> Callable[..., Any]:
        """A NumPy function of the model's arrays, by position or name; its source is in `__source__`.

        >>> from derivations import derive
        >>> from derivations.models import MODELS
        >>> dw = derive(MODELS["linear-regression"].build()).gradient("w").to_numpy()
        >>> dw(X=np.eye(2), y=np.zeros(2), w=np.array([1.0, 3.0]), b=0.0)
        array([1., 3.])
        """
        from .numpy_source import single_gradient_source  # noqa: PLC0415 (it imports this module)

        source = single_gradient_source(self.derivation, self.step.quantity.name)
        namespace: dict[str, Any] = {"np": np}
        exec(compile(source, f"<gradient {self.step.name} of {self.derivation.model.name}>", "exec"), namespace)
        function: Any = namespace["gradient"]
        function.__source__ = source
        return function  # type: ignore[no-any-return]
