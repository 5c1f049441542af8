"""Other letters for the quantities of a model: C for the cost J, W or theta for w, t for y, a for y-hat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from ..judging.comparison import compare
from ..judging.manner import Manner
from ..judging.readings import Read, names_on_line
from .kinds import Kind
from .symbols import LOSSES, WITHOUT_INDEX, Symbols

if TYPE_CHECKING:
    from .session import Session

_LETTERS: dict[str, tuple[str, ...]] = {
    "w": ("w", "W", "theta", "Theta", "beta"),
    "b": ("beta", "c"),
    "y": ("t", "T", "d", "y", "Y", "y^tilde", "Y^tilde"),
    "y^hat": ("p", "P", "a", "A", "h", "o", "s", "f", "q", "pi", "y^tilde", "Y^tilde", "y^bar", "p^hat", "t^hat"),
    "z": ("a", "s", "u", "o", "f", "h", "eta", "S", "U"),
    "J": LOSSES,
    "L": LOSSES,
}
"""For each quantity of the models, what else it is called."""

_SINGLE = {"y", "y^hat", "z"}
"""Quantities that no other letter means where their own stands in the document, too."""

# Ways to read letters that may be either of two quantities; each is tried on the whole document.
_MOST_WAYS = 8


def letters_of_model(session: Session) -> dict[str, str]:
    """Which quantity of the model is meant by a letter that neither it nor the document defines.

    Where two are possible, as for a, which is the output in one book and the logit in another, more of the document
    holds under the one that is meant.
    """
    symbols = session.symbols(0)
    model = _arities(session.reads[: session.given], symbols)
    own = _arities(session.reads[session.given :], symbols)
    roles = sorted((key for key in model if _role(key) in _LETTERS), key=lambda key: list(_LETTERS).index(_role(key)))
    choices = {
        key: found for key, arity in own.items() if key not in model and key not in session.kinds.known
        and (found := [other for other in roles if _may_be(key, arity, other, max(model[other])) and
                       not (_role(other) in _SINGLE and other in own)])
    }  # fmt: skip
    for key in model:
        if _role(key) == "L" and own.get(key) == {0} and "J" in model and "J" not in own:
            # L without an index: the loss of one example, or the cost.
            choices[key + WITHOUT_INDEX] = [key, "J"]
    ways = [dict(zip(choices, way, strict=True)) for way in product(*choices.values())][:_MOST_WAYS]
    ways = [way for way in ways if len(set(way.values())) == len(way)] or ways[:1]
    return max(ways, key=lambda way: _held(session, way)) if len(ways) > 1 else ways[0]


def _role(key: str) -> str:
    """What a key of a model stands for, whether its matrix is written with a capital or not."""
    return key if key in {"J", "L"} else "L" if key == "L#" else key[:1].lower() + key[1:]


def _may_be(key: str, arity: set[int], other: str, indices: int) -> bool:
    """May a letter be this quantity of the model? Of a numbered layer, a^(3), it is the output."""
    plain, role = re.sub(r"@\d+$", "", key).removesuffix("#"), _role(other)
    fits = arity == {indices} if role in {"J", "L"} else arity <= {0, indices}
    return fits and plain in _LETTERS.get(role, ()) and (role == "y^hat" or "@" not in key)


def _arities(reads: Sequence[Read], symbols: Symbols) -> dict[str, set[int]]:
    """How many indices each quantity carries."""
    found: dict[str, set[int]] = {}
    for read in reads:
        for side in (read.left, read.right):
            for name in names_on_line(side) if side is not None else ():
                if key := symbols.key(name):
                    found.setdefault(key, set()).add(len(symbols.resolve(name).indices))
    return found


def _held(session: Session, way: dict[str, str]) -> tuple[int, int]:
    """How many of the document's claims hold as they stand, read in this way, and how many have sides that fit."""
    session.usage.same_as = way
    session.worlds.clear()
    world = session.world(0, 0)
    claims = [
        read for number, read in enumerate(session.reads)
        if number >= session.given and session.kinds.of[number] is Kind.CLAIM
    ]  # fmt: skip
    outcomes = [
        [compare(world, read.left, read.right, Manner(example=example)) for example in (False, True)]
        for read in claims if read.left is not None and read.right is not None
    ]  # fmt: skip
    session.worlds.clear()
    held = sum(any(outcome.holds for outcome in both) for both in outcomes)
    return held, sum(plain.error is not None for plain, _ in outcomes)
