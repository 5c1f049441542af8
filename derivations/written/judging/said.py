"""A condition where a document says it, and the conditions of one statement."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..source.document import Formula
from ..terms import Condition


class Place(StrEnum):
    """Where a condition stands, which says how far it holds."""

    BESIDE = "beside"
    """In the formula of a statement."""
    AFTER = "after"
    """Behind a statement, at the end of its sentence."""
    OPENING = "opening"
    """Before a statement, at the beginning of its sentence."""
    STANDING = "standing"
    """In a heading or on a line of its own: it holds for what follows."""


@dataclass(frozen=True, slots=True)
class Said:
    """A condition where the document says it; `formula` is the one that it stands in."""

    at: int
    condition: Condition
    formula: Formula

    @property
    def end(self) -> int:
        """Where its formula ends."""
        return self.formula.start + len(self.formula.text)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The conditions of one statement.

    Attributes:
        own: said in its own sentence.
        standing: said by a heading or on a line of its own before it.
        past: said in an earlier sentence: whether they are meant here is doubtful.
        itself: the statement read as a condition: L = -log p_c holds where c is the class.
    """

    own: tuple[Condition, ...] = ()
    standing: tuple[Condition, ...] = ()
    past: tuple[Condition, ...] = ()
    itself: tuple[Condition, ...] = ()
