"""Cross-entropy: of wrong probabilities, another loss of the right ones, a number in the logarithm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy

from ..expressions import Entry, SumOver, fresh, rename
from ..functions import exp, log
from ..model import Definition, Model
from ..program import Assignment
from .site import Mistake, Site, Written, indices_of, sums
from .softmax import softmaxes, total_of, wrong_softmaxes

TWICE = "Softmax is applied to what is a probability already."


def loss_of_probabilities(model: Model, definition: Definition) -> tuple[Definition, Assignment, sympy.Expr] | None:
    """A fused loss as -sum_k t_k log y_hat_k: the softmax it takes, the same loss by its probabilities, and t."""
    for probabilities in softmaxes(model):
        total = total_of(probabilities)
        entry = next(iter(total.body.atoms(Entry)))
        logits = {e for e in definition.value.atoms(Entry) if e.name == entry.name}
        if isinstance(definition.value, sympy.Add) and definition.value.has(log) and logits:
            for part in sums(definition.value):
                if isinstance(part.body, exp) or len(part.indices) != 1:
                    continue
                inside = [e for e in part.body.atoms(Entry) if e.name == entry.name]
                if len(inside) == 1:
                    output = Entry(sympy.Symbol(probabilities.name), *inside[0].indices)
                    target = part.body / inside[0]
                    value = -SumOver(target * log(output), *part.indices)
                    return probabilities, Assignment(definition.name, definition.indices, value), target
        if isinstance(definition.value, sympy.Mul):
            for part in sums(definition.value):
                logarithms = sorted(part.body.atoms(log), key=str)
                if len(logarithms) == 1 and logarithms[0].args[0].has(sympy.Symbol(probabilities.name)):
                    same = Assignment(definition.name, definition.indices, definition.value)
                    return probabilities, same, part.body / logarithms[0]
    return None


def loss_by_wrong_probabilities(site: Site) -> Iterator[Mistake]:
    """The loss of probabilities that are themselves wrong, and the gradient of them where it is asked for too."""
    found = _by_probabilities(site)
    if found is None:
        return
    definition, loss, _ = found
    name = definition.name
    if name in site.program.inputs:
        lines = (f"powers = np.exp({name} - {name}.max())", "return powers / powers.sum(axis=-1, keepdims=True)")
        yield site.mistake_of(
            "softmax-twice",
            3,
            TWICE,
            "What comes out of softmax is a probability already.",
            Written(name, (name,), lines),
        )
        return
    for slip in wrong_softmaxes(definition, site.model):
        if slip.code in {"softmax-axis", "softmax-twice", "sum-range", "overwritten-not-accumulated", "term-sign"}:
            mistake = site.mistake(slip.code, slip.prior, slip.message, slip.hint, loss.value)
            yield replace(mistake, changed={site.name: loss, **slip.changed})


def wrong_cross_entropy(site: Site) -> Iterator[Mistake]:
    """Another loss of the same probabilities."""
    found = _by_probabilities(site)
    if found is None:
        return
    _, loss, target = found
    total = next(iter(sums(loss.value)))
    output = next(iter(total.body.atoms(log))).args[0]
    hint = "Cross-entropy is minus the logarithm of the probability of the right class."
    one = sympy.S.One
    for code, message, body in (
        ("wrong-loss", "The loss has no logarithm: it is minus the probability of the right class.", -target * output),
        ("wrong-loss", "The loss is the squared distance of probabilities and labels.", (output - target) ** 2),
        ("wrong-loss", "The loss has a term for every class, as if they were independent.",
         -(target * log(output) + (one - target) * log(one - output))),
        ("wrong-loss", "The loss has the wrong classes only.", -(one - target) * log(one - output)),
        ("wrong-loss", "The loss has the logarithm of all classes, not of the right one alone.", -log(output)),
    ):  # fmt: skip
        yield site.mistake(code, 2, message, hint, SumOver(body, *total.indices))
    yield from _shift_left(site)
    sample = next((index for index in site.assignment.indices if index in indices_of(target)), None)
    if sample is not None:
        other = fresh(sample, {*site.assignment.indices, *total.indices})
        body = -rename(target, {sample: other}) * log(output)
        for code in ("hadamard", "wrong-index"):
            yield site.mistake(
                code,
                2 if code == "hadamard" else 1,
                "Every sample's labels are multiplied with every sample's logarithms.",
                "Each sample has its own label: multiply entry by entry, or take one entry of each row.",
                SumOver(body, other, *total.indices),
            )


def _shift_left(site: Site) -> Iterator[Mistake]:
    """The largest logit subtracted in the logarithm of the sum, and not added again; or only outside of it."""
    for logarithm in sorted(site.value.atoms(log), key=str):
        total = logarithm.args[0]
        if isinstance(total, SumOver) and isinstance(total.body, exp):
            entry = next(iter(total.body.atoms(Entry)))
            largest = f"{entry.name}.max(axis={entry.indices.index(total.indices[0])})"
            names = (site.name, entry.name)
            for sign in ("-", "+"):
                yield site.mistake_of(
                    "term-missing",
                    2,
                    "The largest logit was subtracted in one place and is missing in the other.",
                    "ln sum exp(z) = max + ln sum exp(z - max): what is subtracted inside is added outside.",
                    Written(site.name, names, (f"return {site.name} {sign} {largest}",)),
                )


def large_epsilon(site: Site) -> Iterator[Mistake]:
    """A number inside a logarithm that is large enough to be seen."""
    found = _by_probabilities(site)
    value = found[1].value if found else site.value
    logarithms = sorted((part for part in value.atoms(log) if isinstance(part.args[0], Entry)), key=str)
    if not logarithms:
        return
    for power in range(2, 8):
        epsilon = sympy.Rational(1, 10**power)
        yield site.mistake(
            "wrong-loss",
            1,
            f"1e-{power:02d} is added inside the logarithm, which changes the loss.",
            "At most 1e-8 can be added unnoticed; better, take the loss from the logits.",
            value.xreplace({part: log(part.args[0] + epsilon) for part in logarithms}),
        )


def _by_probabilities(site: Site) -> tuple[Definition, Assignment, sympy.Expr] | None:
    definition = next((d for d in site.model.definitions if d.name == site.name), None)
    return loss_of_probabilities(site.model, definition) if definition else None
