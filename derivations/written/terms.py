"""What a written formula says, as a tree: names with scripts, products with their signs, sums, derivatives.

Nothing is decided here that the formula alone does not decide: whether a superscript is a power or the number of an
example, or which product a dot means, is left to `meaning` and `evaluation`. Every term knows its place in the
document, so that a mistake can be pointed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Self

Span = tuple[int, int]
"""Start and end in the document's text."""

NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Term:
    """Any part of a formula; terms are equal when they say the same, wherever they stand."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True)

    def at(self, span: Span) -> Self:
        """The same term at another place."""
        return replace(self, span=span)

    @property
    def children(self) -> tuple[Term, ...]:
        """The terms directly inside."""
        found: list[Term] = []
        for name in _field_names(self):
            _collect_terms(getattr(self, name), found)
        return tuple(found)

    def walk(self) -> Iterator[Term]:
        """This term and all inside it, outermost first."""
        waiting: list[Term] = [self]
        while waiting:
            term = waiting.pop()
            yield term
            waiting.extend(reversed(term.children))


_FIELD_NAMES: dict[type[Term], tuple[str, ...]] = {}
_PLAIN = {"str", "float", "int", "bool", "Span", "tuple[Times, ...]"}


def _field_names(term: Term) -> tuple[str, ...]:
    """The names of a term's parts that hold terms; looked up once a kind, because trees are walked often."""
    kind = type(term)
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(field.name for field in fields(term) if field.type not in _PLAIN)
    return _FIELD_NAMES[kind]


def _collect_terms(value: object, found: list[Term]) -> None:
    if isinstance(value, Term):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect_terms(item, found)


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
        font: "bold", "blackboard", "text" of a word, or "": a bold 1 is a vector of ones; "constant" of the e in e^z;
            "probability" of P(y_#1 = 1 | x_#1), which holds its indices by their numbers.
    """

    base: str
    accent: str = ""
    primes: int = 0
    sub: tuple[Term, ...] = ()
    sup: tuple[Script, ...] = ()
    font: str = ""

    @property
    def children(self) -> tuple[Term, ...]:
        """Its scripts."""
        return (*self.sub, *(script.body for script in self.sup))


@dataclass(frozen=True, slots=True)
class Call(Term):
    """A function of arguments: exp(z), softmax(z), h(x)."""

    function: Name
    arguments: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Entries(Term):
    """Entries of something in brackets: (W^T x)_i."""

    body: Term
    indices: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Terms(Term):
    """A sum of terms."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Negative(Term):
    """Minus something."""

    body: Term


@dataclass(frozen=True, slots=True)
class Product(Term):
    """Factors, and between each two how they are joined."""

    factors: tuple[Term, ...]
    signs: tuple[Times, ...]


@dataclass(frozen=True, slots=True)
class Quotient(Term):
    """A fraction."""

    above: Term
    below: Term


@dataclass(frozen=True, slots=True)
class Power(Term):
    """A power of something that is not a name, or of a name where nothing else is possible."""

    base: Term
    exponent: Term


@dataclass(frozen=True, slots=True)
class Transposed(Term):
    """The transpose."""

    body: Term


@dataclass(frozen=True, slots=True)
class Condition(Term):
    """left = right, <, >, or not equal, as in a case or an indicator; words only ("otherwise") have no sides."""

    left: Term | None
    sign: str
    right: Term | None
    also: Condition | None = None


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

    @property
    def letters(self) -> list[str]:
        """The indices that it runs over; of a sum over w of w^2, which runs over the entries of w, none."""
        return [name.base for name in self.indices if not name.sub and not _is_summed_itself(name, self.body)]


def _is_summed_itself(name: Name, body: Term) -> bool:
    """Does the letter of a weight stand in the body, and number nothing there?"""
    if name.base not in {"w", "W", "theta"}:
        return False
    names = [part for part in body.walk() if isinstance(part, Name)]
    stands = any(part.base == name.base and not part.sub for part in names)
    return stands and not any(name in part.children for part in names)


@dataclass(frozen=True, slots=True)
class Derivative(Term):
    r"""The derivative of something with respect to names; `of` is None where the loss is meant (dW, nabla).

    A second derivative is the derivative of a derivative: of d2L/(dw_j dw_k) the outer one is by w_j.

    Attributes:
        form: how it is written. "partial" and "operator", with what it reaches after it, for a fraction; "nabla";
            "named" for dW; "index" for \partial_k, where `by` holds the index only; "hessian" for the outer one of
            \nabla^2 J or of a second derivative by w and w^T: a matrix.
        missing: "above" or "below" where the sign was missing there, as in \frac{\partial C}{w}, and was put in.
    """

    of: Term | None
    by: tuple[Term, ...]
    form: str = "partial"
    missing: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Cases(Term):
    """Values, each under its condition; the last may have none."""

    branches: tuple[tuple[Term, Condition | None], ...]


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """1 where the condition holds, else 0."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Norm(Term):
    """A norm or an absolute value; `order` is "1", "2" or "F"; a square is a power around it."""

    body: Term
    order: str
    is_bar: bool = False


@dataclass(frozen=True, slots=True)
class Grid(Term):
    """A matrix or vector written entry by entry."""

    rows: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Dots(Term):
    """An ellipsis: what stands there is left to the reader."""


def primed_letter(term: Term) -> Term:
    """k' as an index is a letter of its own."""
    if isinstance(term, Name) and term.primes and not term.sup and term.font != "text":
        return replace(term, base=term.base + "'" * term.primes, primes=0)
    return term
