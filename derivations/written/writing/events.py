"""Probabilities of events, which are one symbol: their text with the indices in their places."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..terms import Name, Term


def event_of(name: Name, write: Callable[[Term], str]) -> str:
    """The LaTeX of a probability, its indices as `write` writes them.

    >>> event_of(Name("P(y_#1 = 1)", sub=(Name("i"),), font="probability"), lambda term: "i")
    'P(y_i = 1)'
    """
    return re.sub(r"#(\d+)", lambda place: write(name.sub[int(place[1]) - 1]), name.base)


def plain(event: str, signs: dict[str, str]) -> str:
    r"""An event without macros and braces, on one line.

    >>> plain(r"P(y = 1 \mid x_{ij})", {})
    'P(y = 1 | x_ij)'
    """
    known = {"mid": "|", "neq": "≠", "ne": "≠", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "in": "∈"} | signs
    shown = re.sub(r"\\([A-Za-z]+)", lambda macro: known.get(macro[1], macro[1]), event)
    return " ".join(re.sub(r"[{}]", "", shown).split())
