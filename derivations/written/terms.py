"""What a written formula says, as a tree: names with scripts, products with their signs, sums, derivatives.

Nothing is decided here that the formula alone does not decide: whether a superscript is a power or the number of an
example, or which product a dot means, is left to `vocabulary` and `evaluation`. Every term knows its place in the
document, so that a mistake can be pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

Span = tuple[int, int]
"""Start and end in the document's text."""

NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Term:
    """Any part of a formula; terms are equal when they say the same, wherever they stand."""

    def at(self, span: Span) -> Any:
        """The same term at another place."""
        return replace(self, span=span)  # type: ignore[call-arg]

    @property
    def children(self) -> tuple[Term, ...]:
        """The terms directly inside."""
        return tuple(_terms_in(getattr(self, field.name) for field in fields(self)))

    def walk(self) -> Iterator[Term]:
        """This term and all inside it, outermost first."""
        yield self
        for child in self.children:
            yield from child.walk()


def _terms_in(values: Any) -> Iterator[Term]:
    for value in values:
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from _terms_in(value)


def span_field() -> Any:
    """A place, which is no part of what a term says."""
    from dataclasses import field

    return field(default=NOWHERE, compare=False, kw_only=True)


class Times(StrEnum):
    """How two factors are joined."""

    JUXTAPOSED = ""
    DOT = r"\cdot"
    STAR = "*"
    CROSS = r"\times"
    HADAMARD = r"\odot"
    DIVIDED = r"\oslash"
    OUTER = r"\otimes"

    @property
    def is_elementwise(self) -> bool:
        """Does it say so itself that entries meet entries?"""
        return self in {Times.HADAMARD, Times.DIVIDED}


class Raised(StrEnum):
    """In which brackets a superscript stands: only what is bare can be a power."""

    BARE = ""
    ROUND = "("
    SQUARE = "["


@dataclass(frozen=True, slots=True)
class Number(Term):
    """A number as typed."""

    value: float
    text: str
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Script:
    """A superscript and its brackets."""

    body: Term
    raised: Raised = Raised.BARE


@dataclass(frozen=True, slots=True)
class Name(Term):
    """A letter or a word with accent, primes and scripts.

    Attributes:
        base: the letter as LaTeX spells it without its backslash: "y", "lambda"; a word such as "softmax".
        accent: "hat", "bar", "tilde" or "".
        font: "bold", "blackboard" or "": a bold 1 is a vector of ones.
    """

    base: str
    accent: str = ""
    primes: int = 0
    sub: tuple[Term, ...] = ()
    sup: tuple[Script, ...] = ()
    font: str = ""
    span: Span = span_field()

    @property
    def children(self) -> tuple[Term, ...]:
        """Its scripts."""
        return (*self.sub, *(script.body for script in self.sup))


@dataclass(frozen=True, slots=True)
class Call(Term):
    """A function of arguments: exp(z), softmax(z), h(x)."""

    function: Name
    arguments: tuple[Term, ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Entries(Term):
    """Entries of something in brackets: (W^T x)_i."""

    body: Term
    indices: tuple[Term, ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Terms(Term):
    """A sum of terms."""

    terms: tuple[Term, ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Negative(Term):
    """Minus something."""

    body: Term
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Product(Term):
    """Factors, and between each two how they are joined."""

    factors: tuple[Term, ...]
    signs: tuple[Times, ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Quotient(Term):
    """A fraction."""

    above: Term
    below: Term
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Power(Term):
    """A power of something that is not a name, or of a name where nothing else is possible."""

    base: Term
    exponent: Term
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Transposed(Term):
    """The transpose."""

    body: Term
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Condition(Term):
    """left = right, <, >, or not equal, as in a case or an indicator; words only ("otherwise") have no sides."""

    left: Term | None
    sign: str
    right: Term | None
    also: Condition | None = None
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Total(Term):
    """A sum, product or maximum over indices.

    Attributes:
        indices: the letters bound; empty where the formula names none.
        start, end: the limits, None where not written.
        but: the condition on the index, as in k != i.
    """

    operator: str
    indices: tuple[Name, ...]
    start: Term | None
    end: Term | None
    but: Condition | None
    body: Term
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Derivative(Term):
    """The derivative of something with respect to names; `of` is None where the loss is meant (dW, nabla)."""

    of: Term | None
    by: tuple[Term, ...]
    form: str = "partial"
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Cases(Term):
    """Values, each under its condition; the last may have none."""

    branches: tuple[tuple[Term, Condition | None], ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """1 where the condition holds, else 0."""

    condition: Condition
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Norm(Term):
    """A norm or an absolute value; `order` is "1", "2" or "F"; a square is a power around it."""

    body: Term
    order: str
    is_bar: bool = False
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Grid(Term):
    """A matrix or vector written entry by entry."""

    rows: tuple[tuple[Term, ...], ...]
    span: Span = span_field()


@dataclass(frozen=True, slots=True)
class Dots(Term):
    """An ellipsis: what stands there is left to the reader."""

    span: Span = span_field()
