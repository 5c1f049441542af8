"""Which of a file's losses a gradient function belongs to: by their arguments first, then by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checkers.own_code.derivative_names import tokens
from checkers.own_code.facts import Function
from checkers.own_code.roles import plain
from checkers.own_code.strength import is_strength

LOSS_NAME = re.compile(
    r"(loss|cost|objective|nll|likelihood|energy|criterion|error|erro$|erreur|fehler|entropy|mse|least_?sq|hinge|logistic|regression"
    r"|perceptron|elastic|ridge|lasso|svm|softmax|penalty|risk|^bce|^j$|^f$|^fn$|^e$|^l$|verlies|perte|custo|coste|chyba)"
)
GRADIENT_NAME = re.compile(
    r"(grad|deriv|prime$|jacob|^d_?(l|j|e|w|loss|cost)|delta|nabla|ableitung|backward|backprop|dloss|dcost)"
)
NO_LOSS = re.compile(r"(hess|predict|accuracy|sigmoid|softmax$|score)")
# What measures a gradient, or how far one is off, is no loss, whatever its arguments are.
NUMERICAL = re.compile(r"(numeric|finite_?diff|differences?(_|$)|eval_?num)")
# The losses that a name tells apart; a cross-entropy may be that of a sigmoid or of a softmax.
KINDS = (
    ("squares", re.compile(r"mse|square|quadratic")),
    ("absolute", re.compile(r"mae|absolute")),
    ("logistic", re.compile(r"logi|logreg|logloss|sigmoid|bce|binary|nll|likelihood|entropy")),
    ("softmax", re.compile(r"softmax|multinomial|categorical|nll|likelihood|entropy")),
    ("hinge", re.compile(r"hinge|svm")),
    ("ridge", re.compile(r"ridge")),
    ("lasso", re.compile(r"lasso")),
    ("huber", re.compile(r"huber")),
)
MOST = 4  # losses that are tried
# Words that mark a loss or its gradient, and say nothing of which.
MARKS = frozenset(["loss", "cost", "gradient", "grad", "gradients", "grads", "derivative", "deriv", "function", "fn"])
_FILLERS = re.compile(
    r"(gradients?|grads?|derivative|deriv|derivadas?|prime|compute|calculate|calc|get|eval|loss|cost|function|fn|objective|fun|error)"
)


@dataclass(frozen=True, slots=True)
class PossibleLoss:
    """A loss that a gradient function may belong to.

    Attributes:
        doubt: why it may not be the one; "" where its name says that it is.
        rivals: the names of all losses among which it is not clear.
    """

    function: Function
    doubt: str = ""
    rivals: tuple[str, ...] = ()


def losses_of(gradient: Function, scope: Sequence[Function]) -> list[PossibleLoss]:
    """The losses that a gradient function may belong to, the likeliest first."""
    possible = [one for one in scope if _takes_the_same(gradient, one) and _may_be_loss(gradient, one)]
    possible.sort(
        key=lambda one: (
            len(_without(gradient, one)),
            -_likeness(gradient, one),
            not one.is_own,
            abs(one.line - gradient.line),
        )
    )
    del possible[MOST:]
    if not possible:
        return []
    if len(possible) == 1:
        return [PossibleLoss(possible[0], _doubt_of_one(gradient, possible[0], scope))]
    names = tuple(one.full_name for one in possible)
    doubt = f"which of {', '.join(names)} is its loss is not clear"
    is_clear = _likeness(gradient, possible[0]) > max(PLAIN, _likeness(gradient, possible[1]))
    first = PossibleLoss(possible[0], "" if is_clear else doubt, names)
    return [first, *(PossibleLoss(one, doubt, names) for one in possible[1:])]


def _takes_the_same(gradient: Function, one: Function) -> bool:
    """Has a loss the gradient's arguments, but for a regulariser's strength that the gradient may do without?"""
    missing = _without(gradient, one)
    is_alike = all(is_strength(one, name) for name in missing) and set(gradient.required) <= set(one.names)
    return bool(one.parameters) and is_alike


def _without(gradient: Function, one: Function) -> set[str]:
    return set(one.required) - set(gradient.names)


def _may_be_loss(gradient: Function, one: Function) -> bool:
    """Is it no gradient, none that uses this one, none that returns several things, and no loss of another kind?"""
    name = one.name.lower()
    if one.name == gradient.name or gradient.name in one.calls:
        return False
    if NO_LOSS.search(name) or GRADIENT_NAME.search(name) or NUMERICAL.search(name):
        return False
    if any(len(texts) > 1 for texts in one.returns) or not (one.returns or one.is_unfinished):
        return False
    kinds, others = kinds_of(gradient), kinds_of(one)
    return (not kinds or not others or bool(kinds & others)) and _likeness(gradient, one) > 0


PLAIN = 2  # the likeness of a loss of which nothing but its arguments says that the gradient is its


def _likeness(gradient: Function, one: Function) -> int:
    """How much the names say that the two belong together."""
    rank = PLAIN * bool(LOSS_NAME.search(one.name.lower())) + 3 * _are_namesakes(gradient.name, one.name)
    if not rank:
        return 0
    return rank + 2 * bool(kinds_of(gradient) & kinds_of(one)) + (_words(gradient) == _words(one))


def _doubt_of_one(gradient: Function, one: Function, scope: Sequence[Function]) -> str:
    """Why the only loss of the same arguments may not be meant: its name is of a kind, and others are there as well."""
    kinds = kinds_of(one)
    if not kinds or kinds_of(gradient):
        return ""
    for other in scope:
        if other in (one, gradient):
            continue
        other_kinds = kinds_of(other)
        if GRADIENT_NAME.search(other.name.lower()) and other_kinds & kinds:
            return f"{one.full_name} has the same arguments, but {other.full_name} is the gradient of that"
        if LOSS_NAME.search(other.name.lower()) and other_kinds and not other_kinds & kinds:
            return f"which of {one.full_name}, {other.full_name} is its loss is not clear"
    return ""


def kinds_of(function: Function) -> frozenset[str]:
    """The losses that a function's name speaks of."""
    name = plain(function.name)
    return frozenset(kind for kind, pattern in KINDS if pattern.search(name))


def _words(function: Function) -> frozenset[str]:
    return frozenset(tokens(function.name)) - MARKS


def _are_namesakes(gradient: str, value: str) -> bool:
    """hinge_gradient and hinge_cost; gradient and cost are none, having nothing in common."""
    one, other = _FILLERS.sub("", plain(gradient)), _FILLERS.sub("", plain(value))
    return bool(one) and one == other
