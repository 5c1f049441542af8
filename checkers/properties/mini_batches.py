"""`create_mini_batches(X, Y, batch_size, seed)`: every sample once, shuffled, each with its own target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from ..findings import Finding
from .property import SEED, Arguments, Fault, Property, likely, seen, told

AnyArray = NDArray[Any]
Batch = tuple[AnyArray, AnyArray]

RETURN_THEM = "Return a list of pairs: the rows of X and the rows of Y that belong to one mini-batch."
EACH_ONCE = "The starts range(0, n, batch_size) reach every sample; a slice ends by itself where the samples do."
ONE_ORDER = "Draw one permutation of the row numbers, and index X and Y with the same part of it."


def _questions(generator: Generator) -> Iterator[Cut]:
    """A remainder, none, fewer samples than a mini-batch holds, one sample a mini-batch."""
    for samples, size in ((23, 5), (20, 5), (6, 11), (7, 1), (31, 16)):
        labels = generator.permutation(np.arange(samples) % 3)
        yield Cut(
            {
                "X": generator.standard_normal((samples, 4)),
                "Y": np.eye(3)[labels],
                "batch_size": size,
                "seed": int(generator.integers(1, 10_000)),
            }
        )


MINI_BATCHES = Property(("X", "Y", "batch_size", SEED), ("batches",), _questions)


@dataclass(frozen=True, slots=True)
class Cut:
    """The mini-batches of given samples."""

    given: Arguments

    def faults(self, value: Any) -> dict[str, Fault]:
        """What is not as it should be, the gravest first."""
        batches = _read(value, self.given)
        found = batches if isinstance(batches, Finding) else _fault(batches, self.given)
        return {} if found is None else {"batches": told(found)}


def _read(value: Any, given: Mapping[str, Any]) -> list[Batch] | Finding:
    """Pairs of arrays."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple) and len(value) == 2 and _are_all_inputs(value[0], given):
        value = list(zip(*value, strict=False))  # the batches of X, and the batches of Y
    if not isinstance(value, list | tuple) or not value:
        return seen("wrong-shape", "batches: no list of mini-batches came back.", RETURN_THEM)
    found = []
    inputs, targets = given["X"].shape[1], given["Y"].shape[1]
    for number, part in enumerate(value, 1):
        pair = list(part.values()) if isinstance(part, Mapping) else part
        arrays = [_array(one) for one in pair[:2]] if isinstance(pair, list | tuple) else []
        if len(arrays) < 2 or arrays[0] is None or arrays[1] is None:
            return seen("wrong-shape", f"batches: mini-batch {number} is no pair of arrays.", RETURN_THEM)
        X, Y = arrays[0], arrays[1]
        if isinstance(part, Mapping) and X.shape[1:] == (targets,) and Y.shape[1:] == (inputs,):
            X, Y = Y, X  # a dict has no order
        if X.ndim == 2 and X.shape[1] != inputs and X.shape[0] == inputs:
            return seen("transposed", f"batches: samples are columns in mini-batch {number}.", "Samples are rows here.")
        if X.shape[1:] != (inputs,) or Y.shape[1:] != (targets,):
            text = f"batches: mini-batch {number} has arrays of the shapes {X.shape} and {Y.shape}."
            return seen("wrong-shape", text, RETURN_THEM)
        found.append((X, Y))
    return found


def _array(value: Any) -> AnyArray | None:
    """An array of real numbers; None for what is none."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        return None
    return array.astype(float) if array.dtype.kind in "biuf" else None


def _are_all_inputs(value: Any, given: Mapping[str, Any]) -> bool:
    """Is it a list of the batches of X alone? A pair has a batch of Y in the second place."""
    if not isinstance(value, list | tuple) or not value:
        return False
    arrays = [_array(one) for one in value]
    return all(array is not None and array.shape[1:] == given["X"].shape[1:] for array in arrays)


def _fault(batches: Sequence[Batch], given: Mapping[str, Any]) -> Finding | None:
    X, Y, size = given["X"], given["Y"], given["batch_size"]
    rows = [[_place(row, X) for row in batch] for batch, _ in batches]
    known = [number for batch in rows for number in batch]
    if None in known:
        return seen("wrong-data", "batches: there are rows in them that are no rows of X.", ONE_ORDER)
    order = [number for number in known if number is not None]
    return (
        _dropped(order, len(X), size)
        or _unpaired(batches, order, Y)
        or _sizes([len(batch) for batch in rows], len(X), size)
        or _unshuffled(order)
    )


# Single precision is as good.
ROUNDING = 1e-5


def _place(row: AnyArray, X: AnyArray) -> int | None:
    """Which row of X it is; None for none."""
    distances = np.abs(X - row).max(axis=1)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] <= ROUNDING else None


def _dropped(order: Sequence[int], samples: int, size: int) -> Finding | None:
    missing = samples - len(set(order))
    twice = sum(count > 1 for count in Counter(order).values())
    if missing == 0 and twice == 0:
        return None
    if missing == 0:
        return seen("wrong-data", f"batches: {twice} of {samples} samples are in several mini-batches.", EACH_ONCE)
    what = f"batches: {missing} of {samples} samples are in no mini-batch of {size}"
    if twice:
        return likely(
            "samples-dropped", f"{what}, and {twice} are in several: they are drawn with replacement.", ONE_ORDER
        )
    if missing == samples % size:
        return likely("samples-dropped", f"{what}: those that are left over after the full ones.", EACH_ONCE)
    return seen("samples-dropped", f"{what}.", EACH_ONCE)


def _unpaired(batches: Sequence[Batch], order: Sequence[int], Y: AnyArray) -> Finding | None:
    lengths = [(len(X), len(T)) for X, T in batches]
    uneven = next((place for place, (inputs, others) in enumerate(lengths, 1) if inputs != others), None)
    if uneven is not None:
        inputs, others = lengths[uneven - 1]
        text = f"batches: mini-batch {uneven} has {inputs} rows of X and {others} of Y."
        return seen("wrong-shape", text, RETURN_THEM)
    targets = np.concatenate([np.asarray(T, dtype=float) for _, T in batches])
    wrong = int(np.any(targets != Y[list(order)], axis=1).sum())
    if wrong == 0:
        return None
    text = f"batches: {wrong} of {len(Y)} samples have the target of another: X and Y are in different orders."
    return seen("labels-shifted", text, ONE_ORDER)


def _sizes(lengths: Sequence[int], samples: int, size: int) -> Finding | None:
    # 5, 5, 5, 4, 4 is as good as 5, 5, 5, 5, 3.
    if max(lengths) <= size and 0 not in lengths and len(lengths) == -(-samples // size):
        return None
    listing = ", ".join(map(str, lengths[:8])) + (", ..." if len(lengths) > 8 else "")
    empty = " An empty one has no mean." if 0 in lengths else ""
    text = f"batches: {samples} samples in mini-batches of {size} give sizes {listing}.{empty}"
    return seen("wrong-shape", text, EACH_ONCE)


# So many samples are shuffled into such an order once in more draws than are ever made.
MANY = 16


def _unshuffled(order: Sequence[int]) -> Finding | None:
    # From each to the next it is always as far, but for one leap: forwards, backwards, or from another start.
    if len(order) < MANY or len(set(np.diff(order))) > 2:
        return None
    return seen(
        "wrong-data", "batches: the samples are in the order in which they were given, not shuffled.", ONE_ORDER
    )
