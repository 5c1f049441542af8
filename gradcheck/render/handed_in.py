"""What a student's feedback says at its top: what was graded, and why nothing was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .characters import on_one_line

if TYPE_CHECKING:
    from checkers.grading.submission import Graded

# Names of files that are told; an archive may hold hundreds.
NAMED = 8

UNNAMED = "Your submission"
"""The title of a report without a file."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was graded.

    Attributes:
        facts: what and its value, such as ("Files", "a.py, b.py").
        refusal: why it was not graded; None for the usual case.
    """

    facts: tuple[tuple[str, str], ...]
    refusal: str | None = None

    @staticmethod
    def of(row: Graded) -> HandedIn:
        """What a row says of a submission, without anything on other ones or on the person."""
        names = [on_one_line(name) for name in row.files[:NAMED]]
        more = [f"and {len(row.files) - NAMED} more"] if len(row.files) > NAMED else []
        if row.files == (row.report.file,):  # the title says it
            names = []
        facts = {
            "Files" if len(row.files) > 1 else "File": ", ".join([*names, *more]),
            "Attempt": on_one_line(row.attempt),
            "Handed in": "late" if row.is_late else "",
        }
        return HandedIn(tuple((what, value) for what, value in facts.items() if value), row.refusal)
