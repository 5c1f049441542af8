"""Mini-batches: in each epoch every sample is used once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError

IntArray = NDArray[np.intp]


def mini_batches(order: IntArray, size: int) -> list[IntArray]:
    """The samples cut into batches of `size`; what is left over makes a smaller last one.

    Args:
        order: numbers of the samples, in the order in which they are used.

    Raises:
        UsageError: the size is not positive.

    >>> mini_batches(np.arange(5), 2)
    [array([0, 1]), array([2, 3]), array([4])]
    """
    if size < 1:
        raise UsageError(f"a mini-batch of {size} samples holds nothing; give a size from 1 up.")
    return [order[start : start + size] for start in range(0, len(order), size)]
