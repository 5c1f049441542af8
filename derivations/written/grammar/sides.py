"""The grammar of one side of an equality: tokens become a tree of terms.

What no rule settles is left open as a `Reading`: how far a sum, a derivative sign or a logarithm without brackets
reaches. A statement is read in more than one way where that makes a difference. Letters, words and macros are read in
`atoms`, brackets and matrices in `enclosed`, fractions and derivatives in `derivatives`, sub- and superscripts in
`scripts`, functions in `calls`, conditions, cases and the limits of sums in `conditions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..faults import FormulaError
from ..rebuilding import standing_letters
from ..source.brackets import OPENING
from ..source.tokens import Kind, Token
from ..terms import Call, Condition, Dots, Name, Negative, Product, Quotient, Term, Terms, Times, Total
from . import atoms, calls, conditions, derivatives, scripts
from .cursor import Cursor, relation_places, unexpected
from .lexicon import TIMES, TOTALS
from .reading import READINGS, Reach, Reading
from .series import summed_series

__all__ = ["READINGS", "Parser", "Reach", "Reading", "parse_condition", "parse_side"]


def parse_side(tokens: Sequence[Token], reading: Reading | None = None) -> Term:
    r"""The term that one side of an equality says.

    Raises:
        FormulaError: it cannot be read; with the place and what was expected there.

    >>> from derivations.written.source.tokens import tokenise
    >>> parse_side(tokenise(r"\frac{\partial C}{\partial w}")).by[0].base
    'w'
    """
    parser = Parser(tokens, reading or Reading())
    term = parser.over() or parser.expression()
    if parser.is_next("."):
        return _range(parser, term)
    if not parser.at_end:
        raise unexpected(parser.peek)
    return term


def _range(parser: Parser, start: Term) -> Term:
    """1..n, the numbers from one to another."""
    dots = parser.next()
    if not parser.is_next("."):
        raise unexpected(dots)
    while parser.is_next("."):
        parser.next()
    end = parser.expression()
    if not parser.at_end:
        raise unexpected(parser.peek)
    return Call(Name("set", font="text"), (start, Dots(), end), span=(start.span[0], end.span[1]))


def parse_condition(tokens: Sequence[Token]) -> Condition | None:
    """The condition of a case; None where it is words only."""
    signs = [token for token in tokens if token.kind is not Kind.TEXT or "_" in token.text]
    return conditions.condition(Parser(signs, Reading()), signs)


class Parser(Cursor):
    """Reads terms under a reading."""

    def __init__(self, tokens: Sequence[Token], reading: Reading, depth: int = 0) -> None:
        super().__init__(tokens, depth)
        self.reading = reading

    def whole(self, tokens: Sequence[Token]) -> Term:
        """The term that all of these tokens say, inside this place.

        Raises:
            FormulaError: they say none, or something is left.
        """
        inner = Parser(tokens, self.reading, self.depth)
        body = inner.over() or inner.expression()
        if not inner.at_end:
            raise unexpected(inner.peek)
        return body

    def over(self) -> Term | None:
        r"""a \over b, a fraction of all that stands before and after; None where there is none."""
        parts = derivatives.at_over(self.tokens)
        if parts is None:
            return None
        self.place = len(self.tokens)
        return derivatives.divided(self, *parts, (self.tokens[0].start, self.tokens[-1].end))

    # Sums and products ------------------------------------------------------------------------------------------------

    def expression(self) -> Term:
        """Terms with plus and minus signs."""
        start = self.peek.start
        terms: list[Term] = []
        while not terms or self.is_next("+", "-"):
            terms.append(self._summand())
        terms = summed_series(terms)
        return terms[0] if len(terms) == 1 else Terms(tuple(terms), span=self.span_from(start))

    def _summand(self) -> Term:
        """A term with its signs."""
        begin, is_negative = self.peek.start, False
        while self.is_next("+", "-"):
            is_negative ^= self.next().text == "-"
        term = self.term()
        return Negative(term, span=(begin, term.span[1])) if is_negative else term

    def term(self) -> Term:
        """Factors with their signs; a slash divides what stands before it by the next factor."""
        start = self.peek.start
        factors: list[Term] = [self.factor()]
        signs: list[Times] = []
        while not self.at_end:
            if self.is_next("/"):
                self.next()
                below = self.signed_factor()
                factors[-1] = Quotient(factors[-1], below, span=(factors[-1].span[0], below.span[1]))
                continue
            if self._is_evaluation_bar():
                if len(factors) > 1:
                    raise FormulaError("how far this bar reaches is not read", self.peek.start, self.peek.end)
                factors[0] = self._evaluated(factors[0])
                continue
            sign = self._times()
            if sign is None and not self.starts_factor():
                break
            if sign is None:
                self._refuse_remark()
            factors.append(self.signed_factor() if sign is not None else self.factor())
            signs.append(sign or Times.JUXTAPOSED)
        return factors[0] if len(factors) == 1 else Product(tuple(factors), tuple(signs), span=self.span_from(start))

    def _refuse_remark(self) -> None:
        """s_i s_j (i != j) says when it holds; only after a product's sign is (z > 0) a factor of 1 or 0."""
        if self.is_next("("):
            end = self.matching(self.place)
            inside = self.tokens[self.place + 1 : end]
            if relation_places(inside):
                start = self.peek.start
                raise FormulaError("a condition stands in brackets here", start, self.tokens[end].end)

    def signed_factor(self) -> Term:
        """A factor that may have signs of its own, as after a product's sign."""
        begin, is_negative = self.peek.start, False
        while self.is_next("-", "+"):
            is_negative ^= self.next().text == "-"
        body = self.factor()
        return Negative(body, span=(begin, body.span[1])) if is_negative else body

    def _times(self) -> Times | None:
        token, following = self.peek, self.ahead()
        sign: Times | None = None
        if token.is_symbol("*"):
            sign = Times.STAR
        elif token.is_symbol(".") and following is not None and not following.is_symbol("."):
            sign = Times.DOT
        elif token.kind is Kind.MACRO:
            sign = TIMES.get(token.text)
        self.place += sign is not None
        return sign

    def starts_factor(self) -> bool:
        """Does a factor begin here that needs no sign before it?"""
        token = self.peek
        if token.kind in {Kind.LETTER, Kind.NUMBER, Kind.OPEN, Kind.TEXT, Kind.BEGIN}:
            return True
        if token.kind is Kind.MACRO:
            return token.text not in {"\\", "pm", "mp"}
        if token.is_symbol("|", "‖"):
            # An opening bar: one that closes again.
            return any(later.is_symbol(token.text) for later in self.tokens[self.place + 1 :])
        return token.kind is Kind.SYMBOL and token.text in OPENING

    def _is_evaluation_bar(self) -> bool:
        following = self.ahead()
        return self.is_next("|") and following is not None and following.is_symbol("_")

    def _evaluated(self, body: Term) -> Term:
        """f'(x)|_{x = a}: what stands before the bar, under a condition."""
        self.next()
        self.next()
        said = conditions.condition(self, self.script())
        span = self.span_from(body.span[0])
        if said is None:
            raise FormulaError("what this bar stands for is not said as x = a", *span)
        return Call(Name("at", font="text"), (body, said), span=span)

    # Factors ----------------------------------------------------------------------------------------------------------

    def factor(self) -> Term:
        """An atom with its scripts, or an operator with what it reaches."""
        self.deeper()
        token = self.peek
        if token.kind is Kind.MACRO and token.text in TOTALS and not self._is_plain_max():
            factor = self.total()
        elif token.is_macro("nabla"):
            factor = derivatives.gradient(self)
        elif derivatives.starts_inline(self):
            factor = derivatives.inline(self)
        else:
            factor = self.scripted(self.atom())
        self.depth -= 1
        return factor

    def _is_plain_max(self) -> bool:
        following = self.ahead()
        return self.peek.text == "max" and not (following is not None and following.is_symbol("_"))

    def scripted(self, base: Term) -> Term:
        """A base with the scripts that follow, called if it is a function with an argument."""
        return calls.called(self, scripts.scripted(self, base))

    def indices(self, tokens: Sequence[Token]) -> tuple[Term, ...]:
        """The indices of a subscript."""
        return scripts.indices(self, tokens)

    def atom(self, *, index: bool = False) -> Term:
        """A number, a name, a fraction, something in brackets; as an index, letters are never words."""
        self.deeper()
        atom = atoms.atom(self, index=index)
        self.depth -= 1
        return atom

    # Sums -------------------------------------------------------------------------------------------------------------

    def total(self) -> Term:
        """A sum with its limits, in either order, and what it reaches."""
        token = self.next()
        lower: list[Token] = []
        upper: list[Token] = []
        while self.is_next("_", "^"):
            if self.next().text == "_":
                lower = self.script()
            else:
                upper = self.script()
        indices, start, but = conditions.limits(self, lower)
        end = self.whole(upper) if upper else None
        body = self._summed(indices)
        return Total(TOTALS[token.text], indices, start, end, but, body, span=(token.start, body.span[1]))

    def _summed(self, indices: Sequence[Name]) -> Term:
        """What a sum reaches: one term; or, where it reaches on, all that follow it and belong to it."""
        begin = self.peek.start if not self.at_end else 0
        terms = [self.reached(Reach.TERM)]
        while self.reading.total is Reach.SIDE and self.is_next("+", "-"):
            # Sums that follow are read once more where they do not belong to it; reaching on they would take 2^n steps.
            ahead = Parser(self.tokens, replace(self.reading, total=Reach.TERM), self.depth)
            ahead.place = self.place
            following = ahead._summand()
            if not _belongs(following, terms[0], indices):
                break
            terms.append(following)
            self.place = ahead.place
        return terms[0] if len(terms) == 1 else Terms(tuple(terms), span=self.span_from(begin))

    def reached(self, reach: Reach) -> Term:
        """What an operator reaches that was taken just before.

        Raises:
            FormulaError: nothing follows.
        """
        if self.at_end:
            raise FormulaError("nothing stands after this operator", self.tokens[-1].start, self.tokens[-1].end)
        if reach is Reach.SIDE:
            return self.expression()
        if reach is Reach.NEAR:
            return self.signed_factor()
        begin, is_negative = self.peek.start, self.is_next("-")
        self.place += is_negative
        body = self.term()
        return Negative(body, span=(begin, body.span[1])) if is_negative else body


def _belongs(summand: Term, first: Term, indices: Sequence[Name]) -> bool:
    """May a sum without brackets reach this summand, too? It has the sum's index, as its first summand has.

    Where nothing carries an index, it names some of the same quantities, and has no sum of its own.
    """
    standing = standing_letters(summand)
    letters = standing_letters(first) & {name.base for name in indices}
    if letters:
        return not standing.isdisjoint(letters)
    return not standing.isdisjoint(standing_letters(first)) and not any(isinstance(t, Total) for t in summand.walk())
