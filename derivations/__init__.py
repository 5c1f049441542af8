"""Authoring time: a loss in index notation becomes a proven derivation, NumPy source and the mistakes around it."""

from __future__ import annotations

from collections.abc import Iterable

from checkers.errors import UsageError

from .chain_rule import sweep
from .derivation import Derivation, Equality, Gradient, Step
from .exercise import Case, Exercise, Task, choice, column, labels, mapping, transposed
from .functions import (
    absolute,
    exp,
    huber,
    improved_sigmoid,
    log,
    logcosh,
    relu,
    sigmoid,
    sign,
    softplus,
    step,
    tanh,
)
from .model import Domain, Model, Sum
from .proof import prove

__all__ = [
    "Case",
    "Derivation",
    "Domain",
    "Equality",
    "Exercise",
    "Gradient",
    "Model",
    "Step",
    "Sum",
    "Task",
    "absolute",
    "choice",
    "column",
    "derive",
    "exp",
    "huber",
    "improved_sigmoid",
    "labels",
    "log",
    "logcosh",
    "mapping",
    "relu",
    "sigmoid",
    "sign",
    "softplus",
    "step",
    "tanh",
    "transposed",
]


def derive(model: Model, wrt: Iterable[str] | None = None, *, seed: int = 0) -> Derivation:
    """Derive the gradient of a model's loss with respect to its parameters, and prove every equality.

    Args:
        model: the model; see `Model`.
        wrt: names of the arrays to differentiate with respect to; all parameters when None.
        seed: of the random arrays that the proof is run on.

    Returns:
        The steps from the loss back to each parameter, each with the largest error of its proof.

    Raises:
        ProofError: an equality does not hold on random arrays; the text names the step.
        UsageError: `model` is no Model, or `wrt` names an array that the model does not have.
        ModelError: the model is incomplete, or its loss does not depend on an array of `wrt`.
    """
    if not isinstance(model, Model):
        raise UsageError(f"derive takes a Model, not {model!r}; those that ship are in derivations.models.MODELS.")
    return prove(sweep(model, wrt), seed)
