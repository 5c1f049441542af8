"""Where the wrong entries of an array lie, if that is easily said: a row, the diagonal, where z is negative."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .task_check import Probe
from .tasks import Output

BoolArray = NDArray[np.bool_]

# Rows that are listed one by one; more of them are no pattern that helps.
LISTED = 3


def where_wrong(wrong: BoolArray, output: Output, probe: Probe) -> str | None:
    """Such as "all in the last row"; None when there is no pattern, or every entry is wrong."""
    if wrong.all() or wrong.size < 2:
        return None
    return next((text for text, pattern in _patterns(wrong, output, probe) if np.array_equal(pattern, wrong)), None)


def _patterns(wrong: BoolArray, output: Output, probe: Probe) -> Iterator[tuple[str, BoolArray]]:
    """Patterns that a wrong array may show, each with its words."""
    for axis, what in enumerate({1: ("entry",), 2: ("row", "column")}.get(wrong.ndim, ())):
        others = tuple(other for other in range(wrong.ndim) if other != axis)
        hit = np.asarray(wrong.any(axis=others))
        places = np.nonzero(hit)[0]
        if len(places) == 1 < len(hit):
            yield f"all in {_place(int(places[0]), len(hit), what)}", wrong  # a part of a row is that row's
        elif wrong.ndim == 2 and len(places) <= LISTED and np.array_equal(hit, wrong.all(axis=others)):
            yield f"all in the {what}s {', '.join(map(str, places))}", wrong
    if wrong.ndim == 2 and wrong.shape[0] == wrong.shape[1]:
        diagonal = np.eye(len(wrong), dtype=bool)
        yield "those on the diagonal", diagonal
        yield "those off the diagonal", ~diagonal
    for name, array in probe.values.items():
        # What is negative is cut off by relu, and more often wrong than the rest.
        shown = np.asarray(output.form.apply(array)) if np.shape(array) and name != output.quantity else np.zeros(())
        if shown.shape == wrong.shape:
            named = "the argument of an activation or a loss" if name in probe.case.kinks else name
            yield f"those where {named} is negative", shown < 0
            yield f"those where {named} is positive", shown > 0


def _place(number: int, count: int, what: str) -> str:
    return {0: f"the first {what}", count - 1: f"the last {what}"}.get(number, f"{what} {number}")
