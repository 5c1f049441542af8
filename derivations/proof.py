"""Proving a derivation: both sides of every equality, evaluated on random arrays of distinct sizes.

What a derivative means is not taken from the derivation: `Partial` and `Adjoint` are computed by complex step on the
model's own definitions.
"""

from __future__ import annotations

from dataclasses import replace

from checkers.errors import ProofError

from .derivation import Derivation, Equality, Step
from .evaluation import Environment, Labelled, probe, relative_difference

# Rounding leaves about 1e-15 times a few hundred operations; a wrong equality is off by about 1.
TOLERANCE = 1e-10


def prove(derivation: Derivation, seed: int = 0) -> Derivation:
    """The derivation with the error of every equality filled in.

    Raises:
        ProofError: an equality does not hold; the text names the step and the rule.
    """
    environment = probe(derivation.model, seed)
    return replace(derivation, steps=tuple(_prove_step(step, environment) for step in derivation.steps))


def _prove_step(step: Step, environment: Environment) -> Step:
    values: dict[object, Labelled] = {}

    def value(expression: object) -> Labelled:
        if expression not in values:
            values[expression] = environment.evaluate(expression)
        return values[expression]

    def proven(equality: Equality) -> Equality:
        error = relative_difference(value(equality.left), value(equality.right))
        if not error <= TOLERANCE:
            raise ProofError(
                f"{step.name}: the equality by the rule '{equality.rule}' does not hold: its sides differ by "
                f"{error:.1e} on random arrays.\n  left:  {equality.left}\n  right: {equality.right}"
            )
        return replace(equality, error=error)

    return replace(step, equalities=tuple(proven(equality) for equality in step.equalities))
