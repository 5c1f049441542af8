"""What writes a term, by its kind."""

from __future__ import annotations

from typing import Generic, TypeVar

from ..terms import Term

Written = TypeVar("Written")


class TermWriter(Generic[Written]):
    """Writes each kind of term by the method named after it, as `ast.NodeVisitor` does: a Product by `product`."""

    __slots__ = ()

    def by_kind(self, term: Term) -> Written:
        """What the method for this kind of term makes of it."""
        written: Written = getattr(self, type(term).__name__.lower())(term)
        return written
