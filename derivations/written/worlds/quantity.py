"""What a document defines: quantities with their axes, and functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..faults import FitError, MeaningError
from ..terms import Name, Term
from .sizes import Size


@dataclass(slots=True)
class Quantity:
    """A quantity's axes; `letters` are the indices it is defined with, "" where an axis has none."""

    key: str
    sizes: list[Size]
    letters: list[str]
    dropped: set[int] = field(default_factory=set)
    """Axes whose index is usually not written."""
    is_label: bool = False
    """Its values number the entries of something else; `sizes` has that size at the end of `range`."""
    range: Size | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """A quantity's definition: its indices by letter, and its right side."""

    key: str
    letters: tuple[str, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function of the document's own."""

    key: str
    parameters: tuple[Name, ...]
    letters: tuple[str, ...]
    body: Term


class IndexDroppedError(MeaningError):
    """A quantity is used with an index that its definition leaves out."""

    def __init__(self, letter: str) -> None:
        super().__init__(f"the index {letter} is left out in one place and written in another")
        self.letter = letter


def assign_axes(
    quantity: Quantity, indices: tuple[Term, ...], *, columns: bool = False, examples: frozenset[str] = frozenset()
) -> list[Term | str | None]:
    """Which index, implied index or None each axis of a quantity takes where it stands with these indices.

    Raises:
        FitError: there are more indices than axes.
    """
    rank, given = len(quantity.sizes), len(indices)
    if columns and 0 < given <= rank:
        # x^(i) is column i of X.
        return [*indices[1:], *[None] * (rank - given), indices[0]]
    if given > rank:
        extra = indices[0]
        if isinstance(extra, Name):
            raise IndexDroppedError(extra.base)
        raise FitError(f"{quantity.key} has {rank} indices, not {given}")
    if given == rank:
        return list(indices)
    numbered = bool(indices) and isinstance(indices[0], Name) and indices[0].base in examples
    is_matrix = rank >= 2 and not given and quantity.key[0].isupper()
    if examples and quantity.letters and quantity.letters[0] in examples and not numbered and not is_matrix:
        return [quantity.letters[0], *indices, *[None] * (rank - 1 - given)]
    dropped = sorted(quantity.dropped)
    kept = [place for place in range(rank) if place not in quantity.dropped]
    if dropped and given <= len(kept) and not _names_dropped(quantity, indices):
        out: list[Term | str | None] = [None] * rank
        for place in dropped:
            out[place] = quantity.letters[place]
        for place, index in zip(kept, indices, strict=False):
            out[place] = index
        return out
    letters = [index.base if isinstance(index, Name) else "" for index in indices]
    if given and not _may_stand(letters[0], quantity.sizes[0]):
        for start in range(1, rank - given + 1):
            if all(letter in quantity.sizes[start + n].root().letters for n, letter in enumerate(letters)):
                implied: list[Term | str | None] = [quantity.letters[place] or None for place in range(start)]
                return [*implied, *indices, *[None] * (rank - start - given)]
    return [*indices, *[None] * (rank - given)]


def _names_dropped(quantity: Quantity, indices: tuple[Term, ...]) -> bool:
    letters = {quantity.letters[place] for place in quantity.dropped}
    return any(isinstance(index, Name) and index.base in letters for index in indices)


def _may_stand(letter: str, size: Size) -> bool:
    known = size.root().letters
    return not letter or not known or letter in known
