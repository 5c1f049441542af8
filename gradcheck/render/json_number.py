"""Numbers in a JSON document."""

from __future__ import annotations

import math


def number(value: float | None) -> float | str | None:
    """JSON has no word for nan and the infinities: they become strings.

    >>> number(0.5), number(float("-inf")), number(None)
    (0.5, '-inf', None)
    """
    if value is None:
        return None
    return float(value) if math.isfinite(value) else str(float(value))
