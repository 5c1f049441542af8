"""The rules by which gradient functions are recognised, one module each; every rule reads facts and yields units."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checkers.own_code.facts import Facts
from checkers.own_code.units import Unit

from . import (
    declared,
    derivatives,
    layer_classes,
    losses,
    model_classes,
    networks,
    output_layers,
    pairs,
    propagate,
    unrolled,
)

RULES: tuple[Callable[[Facts], Iterator[Unit]], ...] = (
    declared.find,
    model_classes.find,
    layer_classes.find,
    networks.find,
    propagate.find,
    output_layers.find,
    pairs.find,
    unrolled.find,
    losses.find,
    derivatives.find,
)
"""In this order; of two that read the same function, the first that can call it counts."""
