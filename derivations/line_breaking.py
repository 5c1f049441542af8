"""Breaking a formula of one line into several: before a plus or minus where there is one, else before a factor."""

from __future__ import annotations

from unicodedata import combining

_OPENING, _CLOSING = "([", ")]"
_SIGNS = "+−-="


def formula_lines(formula: str, width: int) -> list[str]:
    """The formula in lines of at most `width` characters, as long as it has spaces to break at.

    >>> formula_lines("(1/n) Σᵢ Lᵢ + λ Σⱼ wⱼ²", 16)
    ['(1/n) Σᵢ Lᵢ', '+ λ Σⱼ wⱼ²']
    """
    lines = []
    while _length(formula) > width:
        place = _best_break(formula, width)
        if place is None:
            break
        lines.append(formula[:place])
        formula = formula[place + 1 :]
    return [*lines, formula]


def _length(text: str) -> int:
    return sum(not combining(character) for character in text)


def _best_break(formula: str, width: int) -> int | None:
    """The space to break at: before a sign of the outer terms if possible, in few brackets, as late as possible."""
    best: tuple[tuple[bool, int, int], int] | None = None
    depth = 0
    for place, character in enumerate(formula):
        depth += (character in _OPENING) - (character in _CLOSING)
        if character != " " or place == 0 or (_length(formula[:place]) > width and best):
            continue
        before_sign = formula[place + 1] in _SIGNS and formula[place + 2 : place + 3] == " "
        after_sign = formula[place - 1] in _SIGNS
        rank = (before_sign and depth <= 1, -depth - after_sign, place)
        if best is None or rank > best[0]:
            best = rank, place
    return best[1] if best else None
