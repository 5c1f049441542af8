"""What the writing leaves open about products, derivatives and layouts, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Flipped(StrEnum):
    """Which matrices are transposed, where a statement holds in another layout than the document's own."""

    NOTHING = ""
    EVERYTHING = "everything"
    DATA = "data"
    LEARNT = "learnt"


class Named(StrEnum):
    """What dW, dZ and the like are derivatives of."""

    COST = "cost"
    EXAMPLE = "example"
    """The loss of one example."""
    MIXED = "mixed"
    """dW of the mean, dZ of the sum, so that each column is the derivative of one example's loss."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How products and derivatives are read where the writing leaves it open.

    Attributes:
        entries: a product of two columns is one of entries, not a sum.
        contract: the factors of a chain rule are joined over all entries of what stands between them.
        sums: indices that stand twice in a product, and not on the left, are summed.
        opaque: an index that does not fit its quantity is left out: x_im is read as x_i.
        any_number: an entry whose index does not fit may be any number.
        example: quantities without the index of the example are those of one example.
        rows: vectors are rows.
        numerator: the derivative of a number with respect to a vector is a row.
        pointwise: letters are single numbers, for identities of functions.
        loss: what dW is a derivative of, where that is not the document's last loss.
    """

    entries: bool = False
    contract: bool = False
    sums: frozenset[str] = frozenset()
    opaque: bool = False
    denominator: bool = False
    named: Named = Named.COST
    example: bool = False
    rows: bool = False
    numerator: bool = False
    any_number: bool = False
    pointwise: bool = False
    loss: str = ""
