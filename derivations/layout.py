"""A formula as it is set on paper, before any format: fractions, scripts, sums, brackets.

`typesetting` builds these trees from SymPy expressions; `unicode_text`, `latex` and `mathml` write them out. A tree
already has the order of terms and the brackets that algebra needs. Brackets that only one format needs, such as those
of a fraction on one line, are added by that format.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Accent(StrEnum):
    """What stands over a letter."""

    NONE = ""
    HAT = "hat"
    BAR = "bar"
    TILDE = "tilde"


class Fence(StrEnum):
    """The shape of a pair of brackets."""

    ROUND = "round"
    SQUARE = "square"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Letter:
    """A symbol: a single letter, set in italics, or a word, set upright.

    Attributes:
        primes: how many primes follow it; they belong to the name of an index.
    """

    text: str
    accent: Accent = Accent.NONE
    primes: int = 0

    @property
    def is_word(self) -> bool:
        """Is it a word rather than one letter?"""
        return len(self.text) > 1


@dataclass(frozen=True, slots=True)
class LetterSum:
    """Two letters added, in the place of an index; since all begin with 1, it is the sum less 1."""

    first: Letter
    second: Letter

    @property
    def is_word(self) -> bool:
        """It needs commas beside it, as a word does."""
        return True


@dataclass(frozen=True, slots=True)
class Number:
    """A number without a sign, in decimal digits."""

    text: str


@dataclass(frozen=True, slots=True)
class Indices:
    """The letters of a subscript."""

    letters: tuple[Letter | LetterSum, ...]


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with a layer number, a subscript and a power: z^{(1)}_{ik}, w_j^2.

    Attributes:
        layer: written in brackets as a superscript; never together with a power.
    """

    base: Layout
    indices: Indices | None = None
    layer: str = ""
    power: Layout | None = None


@dataclass(frozen=True, slots=True)
class Fraction:
    """above / below."""

    above: Layout
    below: Layout


@dataclass(frozen=True, slots=True)
class Product:
    """Factors side by side."""

    factors: tuple[Layout, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One summand with its sign."""

    negative: bool
    body: Layout


@dataclass(frozen=True, slots=True)
class Terms:
    """Summands, the first one's plus left out; a single negative one is a product with a minus."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over one index from 1 to a size; it reaches over the whole product that is its body."""

    index: Letter
    size: Layout
    body: Layout


@dataclass(frozen=True, slots=True)
class Bracketed:
    """A body in brackets."""

    body: Layout
    fence: Fence = Fence.ROUND


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one or more arguments, such as tanh(u); ln u needs no brackets."""

    function: Letter
    arguments: tuple[Layout, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Exponential:
    """e to a power."""

    exponent: Layout


@dataclass(frozen=True, slots=True)
class Root:
    """The square root of a body."""

    body: Layout


@dataclass(frozen=True, slots=True)
class Indicator:
    """1 where the condition holds, else 0."""

    left: Layout
    sign: str
    right: Layout


@dataclass(frozen=True, slots=True)
class Derivative:
    """The derivative of one named quantity with respect to another.

    Attributes:
        held: names of what is held fixed, where leaving that unsaid would read as the whole derivative.
    """

    of: Layout
    target: Layout
    held: tuple[Letter, ...] = ()


@dataclass(frozen=True, slots=True)
class DerivativeOf:
    """The derivative of a written-out expression: d/dz [ ... ]."""

    target: Layout
    body: Layout


Layout = (
    Letter
    | Number
    | Scripts
    | Fraction
    | Product
    | Terms
    | Total
    | Bracketed
    | Call
    | Exponential
    | Root
    | Indicator
    | Derivative
    | DerivativeOf
)


def parts(layout: object) -> Iterator[object]:
    """A node and everything in it, the node first."""
    yield layout
    if isinstance(layout, tuple):
        for item in layout:
            yield from parts(item)
    elif is_dataclass(layout):
        for field in fields(layout):
            yield from parts(getattr(layout, field.name))


def ends_open(layout: Layout) -> bool:
    """Would a factor written after it be read as part of it? So for a sum and for ln u."""
    match layout:
        case Total() | Call(bare=True):
            return True
        case Product(factors=factors):
            return ends_open(factors[-1])
        case Terms():
            return True
    return False


def is_tall(layout: object) -> bool:
    """Is there something in it that is taller than a letter, such as a fraction?"""
    return any(isinstance(part, (Fraction, Total, Derivative, DerivativeOf, Root)) for part in parts(layout))


def bracket(body: Layout) -> Bracketed:
    """The body in brackets of another shape than those directly inside: [a (b + c)]."""
    return Bracketed(body, Fence.SQUARE if _depth(body) % 2 else Fence.ROUND)


def _depth(layout: object) -> int:
    """How many brackets are nested in it."""
    if isinstance(layout, tuple):
        return max(map(_depth, layout), default=0)
    if not is_dataclass(layout):
        return 0
    inside = max((_depth(getattr(layout, field.name)) for field in fields(layout)), default=0)
    return inside + isinstance(layout, Bracketed)
