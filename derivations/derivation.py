"""A derivation: the steps from the loss back to each parameter, every equality proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
