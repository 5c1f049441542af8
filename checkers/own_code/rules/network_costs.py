"""Costs of a network whose file has none: what its output and its gradient say of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownCost:
    """A cost as source, of the output `_p`, the labels `_v['Y']` and the number `_n` of samples; what is said of it."""

    text: str
    said: str


def known_costs(text: str) -> Sequence[KnownCost]:
    """The costs that a network may mean, likeliest first; none where nothing tells.

    Args:
        text: source of its forward and backward pass.
    """
    if "softmax" in text.lower():
        return _scaled("-np.sum(_v['Y'] * np.log(_p))", "softmax cross-entropy")
    if re.search(r"sigm|expit|np\.exp\(-", text):
        term = "_v['Y'] * np.log(_p) + (1 - _v['Y']) * np.log(1 - _p)"
        return _scaled(f"-np.sum({term})", "binary cross-entropy") + _squares()
    return _squares()


def _squares() -> list[KnownCost]:
    return _scaled("np.sum((_p - _v['Y']) ** 2)", "squared error") + _scaled(
        "0.5 * np.sum((_p - _v['Y']) ** 2)", "half the squared error"
    )


def _scaled(total: str, name: str) -> list[KnownCost]:
    said = "the file has no cost, so the {} was taken"
    return [
        KnownCost(f"{total} / _n", said.format(f"{name}, averaged over the samples,")),
        KnownCost(total, said.format(f"{name}, summed over the samples,")),
    ]
