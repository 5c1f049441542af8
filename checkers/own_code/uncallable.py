"""What is said of a declared pair that could not be called: with which shapes it was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from checkers.call_findings import failure
from checkers.findings import Certainty, Finding
from checkers.student_answers import CallResult, Outcome

from . import harness
from .claims import as_array
from .units import Reading, Unit


def uncallable(
    unit: Unit, reading: Reading, sizes: Mapping[str, int], part: str, result: CallResult | None, timeout: float
) -> tuple[Finding, bool]:
    """The finding, and whether the gradient function is wrong: all shapes were said, and only it fails.

    Args:
        sizes: at which it was called.
        part: of the harness: what failed.
        result: what the call gave; None where calls succeeded, but in shapes that nobody said and that tell nothing.
        timeout: seconds that a call may take.
    """
    if result is None:
        message = f"In no usual layout of its arguments is any gradient of {unit.name} right."
        hint_of_none = "Say the shapes, as in `x: (N, D)`."
        return Finding("unknown", message, Certainty.OBSERVED, hint_of_none, line=unit.line), False
    name = unit.name if part == harness.GRADIENT else unit.value_name
    shapes = "Compare these shapes with those that the line needs, and those that were declared."
    guessed = next((said for said in reading.assumed if said.endswith("was not said")), "")
    known = "the usual shapes" if guessed else "the declared shapes"
    letters = ", ".join(f"{letter} = {size}" for letter, size in sizes.items() if letter.isidentifier())
    called = f"It was called with {known} {reading.label or 'and no array'}{f' at {letters}' if letters else ''}."
    hint: str | None = f"T{guessed[1:]}: say it, as in `x: (N, D)`." if guessed else None
    failed = failure(result, name, timeout) if result.outcome is not Outcome.VALUE else None
    if failed is not None:
        message = f"{failed.message} {called}"
        finding = Finding(
            failed.code,
            message,
            Certainty.OBSERVED,
            (hint or shapes) if failed.code == "raises" else failed.hint,
            line=failed.line or unit.line,
            source=failed.source,
        )
        is_own = part == harness.GRADIENT and result.error is not None and result.place is not None
        return finding, is_own and not reading.assumed
    if part == harness.GRADIENT:
        message, try_this = _of_gradient(unit, result.value)
    else:
        message, try_this = _of_value(name, result.value)
    return Finding("wrong-shape", f"{message} {called}", Certainty.OBSERVED, hint or try_this, line=unit.line), False


def _of_value(name: str, value: Any) -> tuple[str, str]:
    array = as_array(value)
    if array is None or not array.size:
        return f"{name} returns no numbers.", "Say what is what in it, as in `foo(x) -> cache, out`."
    if not np.all(np.isfinite(array)):
        return f"{name} is not finite on random arrays.", "Say what its arguments hold: `x: positive (N,)`."
    return f"{name} returns an array of shape {array.shape}, and one number is expected.", "Declare one number."


def _of_gradient(unit: Unit, value: Any) -> tuple[str, str]:
    returned = value[1] if isinstance(value, tuple) and len(value) == 2 else None
    if returned is None:
        return f"{unit.name} returns None.", "Return the gradient."
    array = as_array(returned)
    shape = f"an array of shape {array.shape}" if array is not None else "no arrays of numbers"
    return (
        f"{unit.name} returns {shape}, and it is not clear which gradient that is.",
        "Say with respect to what: `wrt w`, or name what comes back: `-> dx, dw`.",
    )
