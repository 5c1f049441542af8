"""The Jacobian of softmax, on its own and on the way from the loss to the logits."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

from ..expressions import Delta, Entry, Index, SumOver, fresh, rename
from ..model import Definition
from .site import Mistake, Site
from .softmax import softmaxes, total_of


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
        ("The entries off the diagonal are missing their product: it is s_i on the diagonal only.", value - off, 1.0),
        ("The diagonal is s_i, without -s_i s_i.", value - off * delta, 1.0),
        ("The off-diagonal entries are s_i (1 - s_j).", (value - off) + (1 - delta) * _plain(off, first, second), 1.0),
    ):
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
    total = total_of(definition)
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
