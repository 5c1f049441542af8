"""Powers: of e, of numbers entry by entry, and the inverse of a matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..faults import FitError, MeaningError
from ..terms import Name, Negative, Number, Power, Term
from .functions import power as power_of
from .values import Value, apply, entrywise

if TYPE_CHECKING:
    from .evaluation import Evaluation


# Above this condition number an inverse is rounding alone.
SINGULAR = 1e10


def power_value(evaluation: Evaluation, term: Power) -> Value:
    """A power; of a letter e that is no quantity, the exponential function."""
    base = term.base
    if isinstance(base, Name) and base.font == "constant":
        return apply(np.exp, evaluation.value(term.exponent))
    return raised(evaluation, evaluation.value(base), term.exponent)


def raised(evaluation: Evaluation, base: Value, exponent: Term) -> Value:
    """A value to a power."""
    if base.rank == 2 and isinstance(exponent, Negative) and isinstance(exponent.body, Number):
        if base.shape[0] != base.shape[1]:
            raise FitError("only a square matrix has an inverse")
        if (np.linalg.cond(np.real(base.array)) > SINGULAR).any():
            raise MeaningError("this matrix has no inverse on the probe")
        return Value(np.linalg.inv(base.array), base.axes)
    if isinstance(exponent, Name) and exponent.base in {"circ", "odot"}:
        raise MeaningError("this power is not read")
    power = evaluation.value(exponent)
    if isinstance(exponent, Number) and exponent.value == int(exponent.value):
        return apply(lambda array: array ** int(exponent.value), base)
    return entrywise(power_of, base, power)
