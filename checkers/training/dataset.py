"""Samples to learn from, and samples to be measured on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..errors import ShapeError, UsageError

FloatArray = NDArray[np.float64]  # or float32: `as_type` says which


@dataclass(frozen=True, slots=True)
class Samples:
    """Inputs and what should come out.

    Attributes:
        X: shape (n, features).
        Y: shape (n, outputs): one-hot rows, or numbers.
    """

    X: FloatArray
    Y: FloatArray

    def __post_init__(self) -> None:
        if self.X.ndim != 2 or self.Y.ndim != 2 or len(self.X) != len(self.Y):
            raise ShapeError(
                f"X should be (n, features) and Y (n, outputs), but they are {self.X.shape}, {self.Y.shape}."
            )

    def __len__(self) -> int:
        return len(self.X)

    def first(self, count: int) -> Samples:
        """So many of them at most."""
        return Samples(self.X[:count], self.Y[:count])

    def as_type(self, dtype: DTypeLike) -> Samples:
        """The same samples in another precision; itself where it has it."""
        return Samples(self.X.astype(dtype, copy=False), self.Y.astype(dtype, copy=False))


@dataclass(frozen=True, slots=True)
class Dataset:
    """Samples for training and for testing.

    Attributes:
        name: how users call it.
        classes: is Y one-hot, so that accuracy has a meaning?
        features: names of the columns of X; empty where they are pixels.
        image: height and width of the pictures that the rows of X are.
        source: where the data come from.
    """

    name: str
    train: Samples
    test: Samples
    classes: bool
    features: tuple[str, ...] = ()
    image: tuple[int, int] | None = None
    source: str = ""

    def as_type(self, dtype: DTypeLike) -> Dataset:
        """The same data in another precision."""
        return replace(self, train=self.train.as_type(dtype), test=self.test.as_type(dtype))


def one_hot(labels: NDArray[np.generic], classes: int) -> FloatArray:
    """Row i is 1 in column labels[i] and 0 elsewhere.

    Raises:
        UsageError: a label is not a whole number from 0 to classes - 1.

    >>> one_hot(np.array([1, 0]), 3)
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    columns = np.arange(classes)
    if labels.ndim != 1 or not np.isin(labels, columns).all():
        raise UsageError(f"labels should be whole numbers from 0 to {classes - 1}, one for each sample.")
    rows: FloatArray = np.equal(labels[:, None], columns).astype(float)
    return rows
