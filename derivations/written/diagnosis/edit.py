"""A small change of a term, and what such a change may be drawn from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..terms import Call, Indicator, Name, Span, Term

SCALES = {
    "sign-flipped", "residual-reversed", "term-sign", "mean-missing", "mean-twice", "wrong-count", "factor",
    "factor-dropped",
}  # fmt: skip
WIDE = {
    "wrong-operand", "wrong-variable", "factor", "factor-dropped", "chain-factor-missing", "activation-missing",
    "activation-argument", "term-missing", "sum-range", "wrong-power", "regulariser-missing", "derivative-lost",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed term.

    Attributes:
        code: of the mistake that the change undoes.
        cost: small changes that people often need come first.
        span: the part of the formula that was changed.
        note: what was missing or too many, as LaTeX, such as "1/n", or the letter of a sum; "" where there is nothing
            to name. It begins with "extra" where what it names has to go.
        second: the change that was made after this one, where one alone does not make it right.
    """

    term: Term
    code: str
    cost: float
    span: Span
    note: str = ""
    second: Edit | None = None

    def then(self, second: Edit) -> Edit:
        """Both changes; the second was made in what the first one left."""
        return replace(self, term=second.term, cost=self.cost + second.cost, second=second)

    @property
    def is_scale(self) -> bool:
        """Does it multiply by a constant, or by a sign?"""
        return self.code in SCALES

    @property
    def is_wide(self) -> bool:
        """Does it bring in what does not stand there, or drop what does? That proves little where much is unclear."""
        return self.note == "extra" or (self.note != "layer" and self.code in WIDE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a mistake may have been drawn from.

    Attributes:
        letters: indices of the statement, with their sizes.
        missing: indices free on the right but not on the left; `lacking` the reverse.
        sizes: names of sizes.
        names: other quantities by rank and shape, as they are written in the document.
        scalars: constants, such as a rate or the strength of a regulariser.
        factors: derivatives that the document names, which may have been left out.
        slopes: what stands for the derivative of an activation: f'(z), a (1 - a), 1[z > 0].
        operands: what stands on the left under a power, and data.
        dropped: factors of what the left side differentiates.
        inner: what the functions of the statement are taken of.
        penalties: derivatives that a regulariser may have.
        variables: what the left side differentiates by.
        functions: those that the document calls by a letter.
        shapes: the sizes of a name's quantity, so that only like is put for like.
    """

    letters: dict[str, int]
    missing: tuple[str, ...]
    lacking: tuple[str, ...]
    sizes: tuple[str, ...]
    names: tuple[Name, ...]
    scalars: tuple[Name, ...]
    factors: tuple[Term, ...]
    variables: tuple[Term, ...]
    has_matrices: bool = False
    slopes: tuple[Term, ...] = ()
    operands: tuple[Term, ...] = ()
    dropped: tuple[Term, ...] = ()
    inner: tuple[Term, ...] = ()
    penalties: tuple[Term, ...] = ()
    terms: tuple[Term, ...] = ()
    functions: tuple[Name, ...] = ()
    shapes: dict[Name, tuple[int, ...]] | None = None

    def narrowed(self) -> Surroundings:
        """Without all that wide changes draw from."""
        return replace(
            self, names=(), scalars=(), factors=(), slopes=(), operands=(), dropped=(), inner=(), penalties=(), terms=()
        )

    def shape(self, name: Name) -> tuple[int, ...] | None:
        """The sizes of the quantity that a name stands for."""
        return (self.shapes or {}).get(name)


def is_slope(term: Term) -> bool:
    """f'(z), or 1 where z > 0."""
    return (isinstance(term, Call) and term.function.primes > 0) or isinstance(term, Indicator)
