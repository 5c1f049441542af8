"""What can be wrong with a formula that cannot be read or evaluated; each with its place or its reason."""

from __future__ import annotations

from checkers.errors import GradcheckError


class FormulaError(GradcheckError):
    """A formula cannot be read: what is wrong and where in the document."""

    def __init__(self, reason: str, start: int, end: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start
        self.end = max(end, start)


class UnknownMacroError(FormulaError):
    """A macro stands here that the document does not define and the grammar does not know."""

    def __init__(self, macro: str, start: int, end: int) -> None:
        super().__init__(f"the macro \\{macro} is not known here", start, end)
        self.macro = macro


class MeaningError(GradcheckError):
    """A formula can be read, but not evaluated: a symbol without a meaning, a derivative that nothing defines."""


class FitError(MeaningError):
    """Parts of a formula do not fit together: shapes, or an index that runs over something else."""


class TooMuchWorkError(GradcheckError):
    """What may be computed for one statement is used up; no `MeaningError`, as no other reading mends it."""


class IndexConflictError(FitError):
    """An index numbers one thing in one place and another thing in another."""
