"""Softmax: its axis, its Jacobian, and the logarithm on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy

from ..expressions import Delta, Entry, SumOver, free_indices, rename
from ..functions import exp, log
from ..model import Definition, Model
from ..program import Assignment
from .site import Mistake, Site, sums


def softmax(site: Site) -> Iterator[Mistake]:
    """Normalised over the wrong index; the Jacobian's diagonal only."""
    for total in sums(site.value):
        if isinstance(total.body, exp) and not site.is_derivative:
            for other in sorted(free_indices(total) & set(site.assignment.indices), key=lambda index: index.name):
                swapped = SumOver(total.body, other)
                bound = total.indices[0]
                partner = next((i for i in site.assignment.indices if i.size == bound.size), None)
                if partner is not None:
                    yield site.mistake(
                        "softmax-axis",
                        3,
                        "The exponentials are normalised over the samples, not over the classes.",
                        "Each sample's probabilities sum to 1: which axis is that?",
                        site.value.xreplace({total: rename(swapped, {bound: partner})}),
                    )
    for delta in site.value.atoms(Delta):
        yield site.mistake(
            "softmax-diagonal",
            3,
            "Only the diagonal of the Jacobian is there: the case of two different classes is missing.",
            "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.",
            site.value * delta,
        )
        yield site.mistake(
            "softmax-jacobian",
            1,
            "The diagonal of the Jacobian lacks its own term.",
            "For equal indices the derivative is s_i (1 - s_i).",
            site.value.xreplace({delta: sympy.S.Zero}),
        )
        yield site.mistake(
            "softmax-jacobian",
            1,
            "The off-diagonal entries of the Jacobian have the wrong sign.",
            "For different indices the derivative is -s_i s_j.",
            site.value * (2 * delta - 1),
        )


def jacobian_through_softmax(site: Site) -> Iterator[Mistake]:
    """The derivative by the logits with the diagonal of the softmax Jacobian only: -t (1 - y_hat) for y_hat - t."""
    for definition in _softmaxes(site.model):
        output = Entry(sympy.Symbol(definition.name), *site.assignment.indices)
        if site.name not in {f"dJ/d{entry.name}" for entry in definition.value.atoms(Entry)}:
            continue
        for factor in sympy.Mul.make_args(site.value):
            if isinstance(factor, sympy.Add) and output in factor.args:
                target = output - factor
                yield site.mistake(
                    "softmax-diagonal",
                    3,
                    "Only the diagonal of the softmax Jacobian was used.",
                    "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.",
                    site.value.xreplace({factor: -target * (1 - output)}),
                )


def softmax_twice(site: Site) -> Iterator[Mistake]:
    """Softmax of what is a probability already."""
    for definition in _softmaxes(site.model):
        if site.name != definition.name:
            continue
        once = f"{definition.name}_once"
        swap = {entry: Entry(sympy.Symbol(once), *entry.indices) for entry in definition.value.atoms(Entry)}
        mistake = site.mistake(
            "softmax-twice",
            3,
            "Softmax is applied twice.",
            "What comes out of softmax is a probability already.",
            definition.value.xreplace(swap),
        )
        yield replace(mistake, changed=mistake.changed | {once: Assignment(once, definition.indices, definition.value)})


def _softmaxes(model: Model) -> list[Definition]:
    return [
        definition
        for definition in model.definitions
        if isinstance(definition.value, sympy.Mul)
        and any(isinstance(total.body, exp) for total in definition.value.atoms(SumOver))
    ]


def large_epsilon(site: Site) -> Iterator[Mistake]:
    """A number inside a logarithm that is large enough to be seen."""
    for logarithm in sorted(site.value.atoms(log), key=str):
        if isinstance(logarithm.args[0], Entry):
            for power in range(2, 8):
                epsilon = sympy.Rational(1, 10**power)
                yield site.mistake(
                    "wrong-loss",
                    1,
                    f"1e-{power:02d} is added inside the logarithm, which changes the loss.",
                    "At most 1e-8 can be added unnoticed; better, take the loss from the logits.",
                    site.value.xreplace({logarithm: log(logarithm.args[0] + epsilon)}),
                )
