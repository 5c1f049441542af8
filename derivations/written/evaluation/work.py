"""How much may be computed: counted, not timed, so that a verdict is the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf

from ..faults import TooMuchWorkError

# In entries of arrays. A statement of a usual page takes up to 20 million, a page 40; 100 million are about a second.
MOST_OF_STATEMENT = 100_000_000
MOST_OF_DOCUMENT = 300_000_000

# What every statement has, whatever those before it took.
LEAST_OF_STATEMENT = 5_000_000

# What the evaluation of one term costs beside its entries.
TERM = 500


# What a function such as tanh costs for one entry, in entries that are added or multiplied.
FUNCTION = 10


@dataclass(slots=True)
class Work:
    """What may still be computed of a document, and of the statement that is judged; no limit holds outside of one."""

    of_document: float = MOST_OF_DOCUMENT
    of_statement: float = inf

    @contextmanager
    def limited(self) -> Iterator[None]:
        """While one statement is judged."""
        self.of_statement = max(LEAST_OF_STATEMENT, min(MOST_OF_STATEMENT, self.of_document))
        try:
            yield
        finally:
            self.of_statement = inf

    def spend(self, entries: int) -> None:
        """Count a term of so many entries.

        Raises:
            TooMuchWorkError: more than may be.
        """
        self.of_document -= entries + TERM
        self.of_statement -= entries + TERM
        if self.of_statement < 0:
            raise TooMuchWorkError("it takes too long to evaluate")
