"""Functions that may compute gradients and were not judged: which they are, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checkers.student_answers import CallResult, Outcome

from . import harness
from .check import Attempt
from .claims import is_gradient_name
from .derivative_names import base_of
from .facts import Facts, Function
from .roles import Role, role_of
from .rules.losses import LOSS_TEXT

LOOKS_LIKE_A_GRADIENT = re.compile(r"(backward|backprop|bprop|grad|deriv|prime$|propagate|jacobian)", re.I)
# Functions that measure gradients, or use them, and claim none.
NO_GRADIENT = re.compile(
    r"(numeric|numerical|check|approx|descent|update|clip|plot|test|print|eval|train|zero|optimi|sgd|step)", re.I
)
# What a single value is called that is a gradient; g and d alone may be anything.
IS_GRADIENT = re.compile(r"grad|jacob", re.I)


def look_like_gradients(facts: Facts) -> list[Function]:
    """The file's own functions and methods that compute gradients, to judge by their names."""
    return [
        function
        for function in _own(facts)
        if LOOKS_LIKE_A_GRADIENT.search(function.name)
        or (re.search("loss", function.name, re.I) and any(len(texts) > 1 for texts in function.returns))
    ]


def may_be_gradients(facts: Facts) -> list[Function]:
    """Those, and functions that are named as derivatives, or that return gradients, alone or beside a loss."""
    named = {function.full_name for function in look_like_gradients(facts)}
    others = list(facts.functions)
    return [
        function
        for function in _own(facts)
        if function.full_name in named or _is_derivative(function, others) or any(map(_has_gradient, function.returns))
    ]


def _own(facts: Facts) -> list[Function]:
    methods = [one for owner in facts.own_classes for one in owner.methods.values() if one.owner == owner.name]
    return [
        function
        for function in sorted([*facts.own, *methods], key=lambda one: one.line)
        if not NO_GRADIENT.search(function.name)
    ]


def _is_derivative(function: Function, others: Sequence[str]) -> bool:
    """d_relu; _KL_p beside _KL."""
    return bool(function.parameters) and (
        base_of(function.name, others) is not None or function.name.removesuffix("_p") in {*others} - {function.name}
    )


def _has_gradient(texts: Sequence[str]) -> bool:
    """J, grad; dU, dV, dW; theta_grad."""
    if len(texts) == 1:
        return IS_GRADIENT.search(texts[0]) is not None and texts[0].isidentifier()
    rest = [text for text in texts if not LOSS_TEXT.match(text.lower())]
    are_gradients = [is_gradient_name(text) for text in rest]
    return any(are_gradients) if len(rest) < len(texts) else all(are_gradients)


def reason(function: Function, attempt: Attempt | None) -> str:
    """Why a function was not judged.

    Args:
        attempt: how it was called; None where no rule knew how to.
    """
    if function.is_unfinished:
        return "it is not written yet"
    if attempt is None:
        return _unknown(function)
    if attempt.why_not:
        return attempt.why_not
    part, result = attempt.failed or ("", CallResult(outcome=Outcome.VALUE))
    if result.error is not None:
        text = f"{result.error.type}: {result.error.message}"
        return f"no way to call {'it' if part == harness.GRADIENT else 'what it belongs to'} was found ({text[:120]})"
    return "no way to call it was found"


def _unknown(function: Function) -> str:
    if not any(len(texts) > 1 and _has_gradient(texts) for texts in function.returns):
        return "no forward or loss that it belongs to was recognised"
    strange = [name for name in function.required if role_of(name) is Role.UNKNOWN]
    if not strange:
        return "it returns gradients, but no way to call it is known"
    return f"it returns gradients, but its arguments' names do not tell what they are: {', '.join(strange)}"
