"""What each code means, for people: the texts behind `gradcheck explain`, kept in explanations.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from checkers.errors import UsageError
from checkers.findings import CODES_BY_FAMILY, FAMILY_OF, Family


@dataclass(frozen=True, slots=True)
class Explanation:
    """One mistake explained.

    Attributes:
        title: the mistake in one line.
        means: what was done, and what it does to the numbers.
        why: how people come to do it.
        fix: what to do.
        paper: how it looks in a derivation; None where it cannot be seen there.
        wrong, right: a pair of code fragments; None where no short pair says it.
    """

    code: str
    title: str
    means: str
    why: str
    fix: str
    paper: str | None = None
    wrong: str | None = None
    right: str | None = None

    @property
    def family(self) -> Family:
        """The family of the code."""
        return FAMILY_OF[self.code]


@cache
def explanations() -> dict[str, Explanation]:
    """All explanations by code."""
    texts = tomllib.loads((Path(__file__).parent / "explanations.toml").read_text(encoding="utf-8"))
    return {
        code: Explanation(code=code, **{key: text.strip("\n") for key, text in entry.items()})
        for code, entry in texts.items()
    }


def explanation(code: str) -> Explanation:
    """The explanation of one code.

    Raises:
        UsageError: there is none; the text names the closest codes, or those of the family of that name.
    """
    found = explanations().get(code.replace("_", "-").lower())
    if found is not None:
        return found
    if code in list(Family):
        raise UsageError(f"{code} is a family. Its codes: {', '.join(CODES_BY_FAMILY[Family(code)])}.")
    close = get_close_matches(code, FAMILY_OF, n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(f"There is no code {code}.{meant} gradcheck explain lists all codes.")
