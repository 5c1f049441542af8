"""Starting weights by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from numpy.random import Generator

from .. import initialisers
from ..errors import UsageError
from .dataset import FloatArray

Initialiser = Callable[[Generator, tuple[int, int]], FloatArray]

INITIALISERS: dict[str, Initialiser] = {
    "uniform": partial(initialisers.uniform, high=0.01),
    "normal": partial(initialisers.normal, std=0.01),
    "fan-in": initialisers.fan_in,
    "he": initialisers.he,
}


def initialiser_called(name: str) -> Initialiser:
    """The initialiser of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in INITIALISERS:
        raise UsageError(f"there is no initialiser {name!r}; known are {', '.join(INITIALISERS)}.")
    return INITIALISERS[name]
