"""Softmax: its sum, its Jacobian, and what is made of the probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy

from ..expressions import At, Delta, Entry, Index, SumOver, fresh, rename
from ..functions import Elementary, exp, log
from ..model import Definition, Model
from ..program import Assignment
from .site import Mistake, Site, Written, indices_of, sums

AXIS_HINT = "Each sample's probabilities sum to 1: which axis is that?"


@dataclass(frozen=True, slots=True)
class _Slip:
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
            for slip in _wrong_softmaxes(definition, site.model):
                mistake = site.mistake(slip.code, slip.prior, slip.message, slip.hint, definition.value)
                yield replace(mistake, changed=slip.changed)


def _wrong_softmaxes(definition: Definition, model: Model) -> Iterator[_Slip]:
    total = _total(definition)
    numerator, (bound,) = definition.value * total, total.indices
    name, indices = definition.name, definition.indices
    axis = next(index for index in indices if index.size == bound.size)

    def slip(code: str, prior: float, message: str, hint: str, value: sympy.Expr) -> _Slip:
        return _Slip(code, prior, message, hint, {name: Assignment(name, indices, value)})

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
    yield _Slip(
        "softmax-twice",
        3,
        "Softmax is applied twice.",
        "What comes out of softmax is a probability already.",
        {once: Assignment(once, indices, definition.value), name: Assignment(name, indices, again)},
    )
    classes = f"np.arange({name}.shape[-1])"
    chosen = f"return 1.0 * ({name}.argmax(axis=-1)[..., None] == {classes})"
    yield _Slip(
        "hard-argmax",
        2,
        "The likeliest class, as 0 and 1, stands where the probabilities belong.",
        "argmax has no slope: the gradient needs the probabilities themselves.",
        {name: Written(name, (name,), (chosen,))},
    )


def _shifted(definition: Definition, total: SumOver) -> Iterator[_Slip]:
    """The largest logit subtracted above the line only, or below it only."""
    entry = next(iter(total.body.atoms(Entry)))
    axis = entry.indices.index(total.indices[0])
    logits, name = entry.name, definition.name
    shift = f"{logits}.max(axis={axis}, keepdims=True)"
    for above, below, where in ((f" - {shift}", "", "above"), ("", f" - {shift}", "below")):
        powers = f"np.exp({logits}{below}).sum(axis={axis}, keepdims=True)"
        line = f"return np.exp({logits}{above}) / {powers}"
        for code in ("wrong-operand", "term-missing"):
            yield _Slip(
                code,
                1,
                f"The largest logit is subtracted {where} the line only.",
                "Subtract the row's largest logit once, before anything else is computed from the logits.",
                {name: Written(name, (logits,), (line,))},
            )


def _total(definition: Definition) -> SumOver:
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


# The Jacobian ---------------------------------------------------------------------------------------------------------


def jacobian(site: Site) -> Iterator[Mistake]:
    """The Jacobian of softmax itself: a case missing, an index, a factor or a sign of one."""
    deltas = sorted(site.value.atoms(Delta), key=str)
    if not deltas or not site.is_derivative:
        return
    delta, value = deltas[0], site.value
    first, second = delta.args
    both = "For equal indices the derivative is s_i (1 - s_i), for different ones -s_i s_j."
    off = value.xreplace({delta: sympy.S.Zero})
    yield site.mistake(
        "softmax-diagonal",
        3,
        "Only the diagonal of the Jacobian is there: the case of two different classes is missing.",
        "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.",
        value * delta,
    )
    for message, wrong, prior in (
        ("The diagonal of the Jacobian lacks its own term.", off, 1.0),
        ("The off-diagonal entries of the Jacobian have the wrong sign.", value * (2 * delta - 1), 1.0),
        ("The diagonal of the Jacobian is 1 - s_i s_i: the factor s_i of its first term is missing.", delta + off, 2.0),
        ("The whole Jacobian is divided once too little by the sum of the exponentials.", None, 1.0),
        ("The entries off the diagonal are missing their product: it is s_i on the diagonal only.", value - off, 1.0),
        ("The diagonal is s_i, without -s_i s_i.", value - off * delta, 1.0),
        ("The off-diagonal entries are s_i (1 - s_j).", (value - off) + (1 - delta) * _plain(off, first, second), 1.0),
    ):
        if wrong is not None:
            yield site.mistake("softmax-jacobian", prior, message, both, wrong)
    for kept, lost in ((first, second), (second, first)):
        same = rename(off, {lost: kept})
        yield site.mistake(
            "softmax-jacobian",
            2,
            f"Off the diagonal are squares of one probability, not products of two: {lost.name} is lost.",
            f"{both} np.outer multiplies each with each; * multiplies each with itself.",
            (value - off) + same,
        )
        yield site.mistake(
            "wrong-index",
            1,
            f"The index {kept.name} stands twice where {kept.name} and {lost.name} belong.",
            both,
            (value - off) + same,
        )
    for definition in softmaxes(site.model):
        yield from _with_powers(site, definition, off)


def _plain(off: sympy.Expr, first: Index, second: Index) -> sympy.Expr:
    """s_i (1 - s_j), from -s_i s_j."""
    entries = sorted(off.atoms(Entry), key=str)
    row = next((entry for entry in entries if first in entry.indices), entries[0])
    return row + off if second not in row.indices else off


def _with_powers(site: Site, definition: Definition, off: sympy.Expr) -> Iterator[Mistake]:
    """Exponentials in the place of probabilities, in one factor of the Jacobian or as a forgotten divisor."""
    total = _total(definition)
    numerator = definition.value * total
    hint = "Both factors are probabilities: the quotient rule divides by the square of the sum."
    for entry in sorted(site.value.atoms(Entry), key=str):
        if entry.name == definition.name:
            names = dict(zip(definition.indices, entry.indices, strict=True))
            power = rename(numerator, names)
            for wrong in (site.value.xreplace({entry: power}), (site.value - off) + off.xreplace({entry: power})):
                yield site.mistake(
                    "softmax-jacobian", 1, "The exponentials stand where the probabilities belong.", hint, wrong
                )
                yield site.mistake(
                    "wrong-operand", 0.5, "The exponentials stand where the probabilities belong.", hint, wrong
                )
    free = [index for index in total.atoms(Index) if index not in total.indices]
    if not free:
        index = fresh(total.indices[0], site.assignment.indices)
        whole = SumOver(rename(total.body, {total.indices[0]: index}), index)
        for wrong in (site.value * whole, site.value / whole):
            yield site.mistake(
                "softmax-jacobian",
                1,
                "The Jacobian is divided by another power of the sum than its square.",
                hint,
                wrong,
            )


def jacobian_through_softmax(site: Site) -> Iterator[Mistake]:
    """The derivative by the logits, y_hat - t in the end, with a part of the way through the Jacobian left out."""
    for definition in softmaxes(site.model):
        output = Entry(sympy.Symbol(definition.name), *site.assignment.indices)
        if site.name not in {f"dJ/d{entry.name}" for entry in definition.value.atoms(Entry)}:
            continue
        for factor in sympy.Mul.make_args(site.value):
            if not isinstance(factor, sympy.Add) or output not in factor.args:
                continue
            target = output - factor
            rest = site.value / factor
            yield site.mistake(
                "softmax-diagonal",
                3,
                "Only the diagonal of the softmax Jacobian was used.",
                "Every probability depends on every logit; the off-diagonal entries are -s_i s_j.",
                rest * (-target * (1 - output)),
            )
            missing = (
                "What comes from the loss is the derivative by the probabilities; the logits are one step further."
            )
            for code, prior in (("chain-factor-missing", 3), ("softmax-jacobian", 2)):
                yield site.mistake(
                    code,
                    prior,
                    "The softmax Jacobian is missing: it is the derivative by the probabilities.",
                    missing,
                    rest * (-target / output),
                )
            yield site.mistake(
                "softmax-jacobian",
                2,
                "The off-diagonal entries of the softmax Jacobian have the wrong sign.",
                "For different classes the derivative is -s_i s_j.",
                rest * (-target * (1 - output) - (1 - target) * output),
            )
            again = "y_hat - y is the derivative by the logits already: softmax and logarithm are both in it."
            yield site.mistake(
                "softmax-jacobian",
                3,
                "The derivative of softmax is there once more.",
                again,
                site.value * output * (1 - output),
            )
            elementwise = factor / (output * (1 - output))
            yield site.mistake(
                "softmax-jacobian", 1, "The loss is that of independent classes.", again, rest * elementwise
            )
            yield site.mistake(
                "softmax-jacobian",
                1,
                "The derivative by the probabilities is 1/y_hat, without the labels.",
                missing,
                rest * -output,
            )


# The logarithm on top -------------------------------------------------------------------------------------------------


def loss_of_probabilities(model: Model, definition: Definition) -> tuple[Definition, Assignment, sympy.Expr] | None:
    """A fused loss as -sum_k t_k log y_hat_k: the softmax it takes, the same loss by its probabilities, and t."""
    for probabilities in softmaxes(model):
        total = _total(probabilities)
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
    for slip in _wrong_softmaxes(definition, site.model):
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
