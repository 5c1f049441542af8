"""Sizes that are not known yet, and the shapes that terms have of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from ..faults import FitError


class Size:
    """An unknown size; two that turn out to be the same are joined."""

    __slots__ = ("_same", "counted", "from_zero", "letters", "value")

    joined: ClassVar[list[tuple[Size, Size, set[str]]]] = []
    """Every joining in order, so that what a claim says of sizes can be taken back."""

    def __init__(self) -> None:
        self._same: Size | None = None
        self.value: int | None = None
        self.letters: set[str] = set()
        self.from_zero = False
        self.counted = 0
        """The last number of a sum that is written out, or that has a number for its limit."""

    @staticmethod
    def take_back(mark: int) -> None:
        """Undo all joinings after the first `mark`."""
        while len(Size.joined) > mark:
            size, other, letters = Size.joined.pop()
            size._same = None
            other.letters = letters

    def root(self) -> Size:
        """The one that stands for all that are the same."""
        size = self
        while size._same is not None:
            size = size._same
        return size

    def join(self, other: Size) -> None:
        """Say that two sizes are the same.

        Raises:
            FitError: they are known and differ.
        """
        first, second = self.root(), other.root()
        if first is second:
            return
        if first.value is not None and second.value is not None and first.value != second.value:
            raise FitError(f"sizes {first.value} and {second.value} do not fit")
        if first.value is None:
            first, second = second, first
        Size.joined.append((second, first, first.letters))
        second._same = first
        first.letters = first.letters | second.letters
        first.from_zero |= second.from_zero
        first.counted = max(first.counted, second.counted)


@dataclass(frozen=True, slots=True)
class Shape:
    """Free indices with their sizes, and the sizes of a vector or matrix."""

    free: dict[str, Size] = field(default_factory=dict)
    axes: tuple[Size, ...] = ()
    is_row: bool = False
    special: str = ""
