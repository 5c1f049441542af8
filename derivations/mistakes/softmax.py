"""Softmax on the way forward: its sum, its exponentials, and what is made of the probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy

from ..expressions import At, Entry, SumOver, rename
from ..functions import Elementary, exp
from ..model import Definition, Model
from ..program import Assignment
from .site import Mistake, Site, Written, sums

AXIS_HINT = "Each sample's probabilities sum to 1: which axis is that?"


@dataclass(frozen=True, slots=True)
class WrongSoftmax:
    """A wrong softmax: what is computed, in the place of a definition's value."""

    code: str
    prior: float
    message: str
    hint: str
    changed: dict[str, Assignment | Written]


def softmax(site: Site) -> Iterator[Mistake]:
    """A softmax that is normalised over the wrong index, over too few or all, not at all, or twice."""
    for definition in softmaxes(site.model):
        if site.name == definition.name:
            for slip in wrong_softmaxes(definition, site.model):
                mistake = site.mistake(slip.code, slip.prior, slip.message, slip.hint, definition.value)
                yield replace(mistake, changed=slip.changed)


def wrong_softmaxes(definition: Definition, model: Model) -> Iterator[WrongSoftmax]:
    """What students compute for a softmax."""
    total = total_of(definition)
    numerator, (bound,) = definition.value * total, total.indices
    name, indices = definition.name, definition.indices
    axis = next(index for index in indices if index.size == bound.size)

    def slip(code: str, prior: float, message: str, hint: str, value: sympy.Expr) -> WrongSoftmax:
        return WrongSoftmax(code, prior, message, hint, {name: Assignment(name, indices, value)})

    for other in (index for index in indices if index != axis):
        wrong = rename(SumOver(total.body, other), {bound: axis})
        yield slip(
            "softmax-axis",
            3,
            "The exponentials are normalised over the samples, not over the classes.",
            AXIS_HINT,
            numerator / wrong,
        )
        yield slip(
            "softmax-axis",
            2,
            "The exponentials are divided by the sum over all entries, not over one sample's classes.",
            AXIS_HINT,
            numerator / SumOver(total.body, other, bound),
        )
    hint = "Softmax is exp(z) divided by the sum of exp(z) over the classes."
    yield slip("sum-missing", 2, "The exponentials are not divided by their sum.", hint, numerator)
    yield slip(
        "wrong-operand", 1, "The sum is subtracted from the exponentials, not divided by.", hint, numerator - total
    )
    yield slip("sum-missing", 1, "The exponentials are divided by themselves, not by their sum.", hint, numerator**0)
    yield slip(
        "wrong-operand", 1, "The logits are divided by their sum: exp is missing.", hint, _without_exp(definition)
    )
    negative = numerator.args[0]
    yield slip("term-sign", 1, "The exponents have the wrong sign.", hint, exp(-negative) / _negated(total))
    for place, which in ((-1, "last"), (0, "first")):
        ends = At(total.body, bound, place)
        yield slip(
            "sum-range",
            1,
            f"The sum of the exponentials leaves out the {which} class.",
            hint,
            numerator / (total - ends),
        )
        yield slip(
            "overwritten-not-accumulated" if place else "sum-missing",
            1,
            f"Only the {which} class counts in the sum of the exponentials.",
            f"{hint} In a loop, use += and start from 0.",
            numerator / ends,
        )
    for activation in sorted({type(d.value) for d in model.definitions if isinstance(d.value, Elementary)}, key=str):
        logits = {entry: activation(entry) for entry in definition.value.atoms(Entry)}
        yield slip(
            "wrong-operand",
            1,
            f"The activation {activation.__name__.replace('_', ' ')} is applied to the logits before softmax.",
            "The last layer's pre-activations go into softmax as they are.",
            definition.value.xreplace(logits),
        )
    yield from _shifted(definition, total)
    once = f"{name}_once"
    again = definition.value.xreplace({e: Entry(sympy.Symbol(once), *e.indices) for e in definition.value.atoms(Entry)})
    yield WrongSoftmax(
        "softmax-twice",
        3,
        "Softmax is applied twice.",
        "What comes out of softmax is a probability already.",
        {once: Assignment(once, indices, definition.value), name: Assignment(name, indices, again)},
    )
    classes = f"np.arange({name}.shape[-1])"
    chosen = f"return 1.0 * ({name}.argmax(axis=-1)[..., None] == {classes})"
    yield WrongSoftmax(
        "hard-argmax",
        2,
        "The likeliest class, as 0 and 1, stands where the probabilities belong.",
        "argmax has no slope: the gradient needs the probabilities themselves.",
        {name: Written(name, (name,), (chosen,))},
    )


def _shifted(definition: Definition, total: SumOver) -> Iterator[WrongSoftmax]:
    """The largest logit subtracted above the line only, or below it only."""
    entry = next(iter(total.body.atoms(Entry)))
    axis = entry.indices.index(total.indices[0])
    logits, name = entry.name, definition.name
    shift = f"{logits}.max(axis={axis}, keepdims=True)"
    for above, below, where in ((f" - {shift}", "", "above"), ("", f" - {shift}", "below")):
        powers = f"np.exp({logits}{below}).sum(axis={axis}, keepdims=True)"
        line = f"return np.exp({logits}{above}) / {powers}"
        for code in ("wrong-operand", "term-missing"):
            yield WrongSoftmax(
                code,
                1,
                f"The largest logit is subtracted {where} the line only.",
                "Subtract the row's largest logit once, before anything else is computed from the logits.",
                {name: Written(name, (logits,), (line,))},
            )


def total_of(definition: Definition) -> SumOver:
    """The sum of exponentials in a softmax."""
    return next(total for total in sums(definition.value) if isinstance(total.body, exp))


def _without_exp(definition: Definition) -> sympy.Expr:
    return definition.value.xreplace({power: power.args[0] for power in definition.value.atoms(exp)})


def _negated(total: SumOver) -> sympy.Expr:
    return SumOver(exp(-total.body.args[0]), *total.indices)


def softmaxes(model: Model) -> list[Definition]:
    """The nodes that are exp(z) over the sum of exp(z)."""
    return [
        definition
        for definition in model.definitions
        if isinstance(definition.value, sympy.Mul)
        and any(isinstance(total.body, exp) for total in definition.value.atoms(SumOver))
    ]
