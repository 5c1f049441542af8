"""What a forward that returns nothing computes: self.output = x @ self.weights + self.biases."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .objects import NotMeantError, names, require
from .tools import arrays_of, first

# What the value of a forward is kept as; a z beside an a is what the activation was given.
OUTPUT = re.compile(r"^(y|a|h|result|activated|activations?|(\w+_)?out(put)?s?)$", re.IGNORECASE)


def output(model: Any, before: dict[str, Any], returned: Any, given: Any) -> Any:
    """The value of a forward: what it returned, or the one thing that it put on the object and was not given.

    Args:
        before: the arrays of the object before the call.
        given: the input; a forward keeps that as well.

    Raises:
        NotMeantError: several things may be meant, or there is none.
    """
    if returned is not None:
        return first(returned)
    changed = {
        path: array
        for path, array in arrays_of(model).items()
        if path not in before or not np.array_equal(before[path], array)
    }
    made = {path: array for path, array in changed.items() if not np.array_equal(array, given)}
    # An identity, as of a last layer for regression, makes nothing new.
    found = _outputs(made) or ([] if made else _outputs(changed)) or _different(made.values())
    require(found, "the forward returns nothing and keeps nothing")
    if len(found) > 1:
        raise NotMeantError("the forward returns nothing and keeps several arrays")
    return found[0]


def _outputs(arrays: dict[str, Any]) -> list[Any]:
    return _different(array for path, array in arrays.items() if OUTPUT.match(names(path)[-1].strip("_")))


def _different(arrays: Any) -> list[Any]:
    """The arrays without those that are the same again, as self.output = self.activation.output."""
    found: list[Any] = []
    for array in arrays:
        if not any(np.array_equal(array, other) for other in found):
            found.append(array)
    return found
