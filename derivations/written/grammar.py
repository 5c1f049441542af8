"""The grammar of one side of an equality: tokens become a tree of terms.

What no rule settles is left open as a `Reading`: how far a sum, a derivative sign or a logarithm without brackets
reaches. A statement is read in more than one way where that makes a difference. Derivatives are read in `derivatives`,
sub- and superscripts in `scripts`, conditions, cases and the limits of sums in `conditions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import calls, conditions, derivatives, scripts
from .brackets import OPENING, depth_change
from .cursor import Cursor, at_signs, relation, relation_places, shown, unexpected
from .faults import FormulaError
from .lexicon import (
    ACCENTS,
    CASES,
    DOTS,
    FONTS,
    FRACTIONS,
    FUNCTIONS,
    GREEK,
    MATRICES,
    PREFIXED,
    SAME_LETTER,
    TIMES,
    TOTALS,
    TYPED_WORDS,
)
from .reading import READINGS, Reach, Reading
from .terms import (
    Call,
    Condition,
    Dots,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Span,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .tokens import Kind, Token

__all__ = [
    "ACCENTS", "FONTS", "FUNCTIONS", "GREEK", "PREFIXED", "READINGS", "Parser", "Reach", "Reading", "parse_condition",
    "parse_side",
]  # fmt: skip


def parse_side(tokens: Sequence[Token], reading: Reading | None = None) -> Term:
    r"""The term that one side of an equality says.

    Raises:
        FormulaError: it cannot be read; with the place and what was expected there.

    >>> from derivations.written.tokens import tokenise
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
        parts = _at_over(self.tokens)
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
            begin, is_negative = self.peek.start, False
            while self.is_next("+", "-"):
                is_negative ^= self.next().text == "-"
            term = self.term()
            terms.append(Negative(term, span=(begin, term.span[1])) if is_negative else term)
        return terms[0] if len(terms) == 1 else Terms(tuple(terms), span=self.span_from(start))

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

    # Atoms ------------------------------------------------------------------------------------------------------------

    def atom(self, *, index: bool = False) -> Term:
        """A number, a name, a fraction, something in brackets; as an index, letters are never words."""
        self.deeper()
        atom = self._atom(index=index)
        self.depth -= 1
        return atom

    def _atom(self, *, index: bool) -> Term:
        token = self.peek
        if token.kind is Kind.OPEN:
            return self._group(index=index)
        self.next()
        match token.kind:
            case Kind.NUMBER:
                return self._number(token)
            case Kind.LETTER:
                return Name(token.text, span=(token.start, token.end)) if index else self._letter(token)
            case Kind.TEXT:
                upright = (
                    derivatives.upright_differential(self, token) if derivatives.is_d(token) and not index else None
                )
                return upright or word(token.text, (token.start, token.end))
            case Kind.BEGIN:
                return self._environment(token)
            case Kind.MACRO:
                return self._macro(token)
            case Kind.SYMBOL:
                return self._symbol(token)
            case _:
                raise unexpected(token)

    def _number(self, token: Token) -> Term:
        if token.text == "1" and self.is_next("lbrace", "[", "_") and (said := conditions.indicator(self, token.start)):
            return said
        number = Number(value_of(token.text), token.text, span=(token.start, token.end))
        if self.is_next("%"):
            percent = self.next()
            return Quotient(number, Number(100.0, "100"), span=(token.start, percent.end))
        return number

    def _group(self, *, index: bool) -> Term:
        """What stands in braces, which say nothing."""
        start = self.peek.start
        inside = self.braced()
        span = self.span_from(start)
        if not inside:
            if self.at_end:
                raise FormulaError("these braces are empty, and nothing follows", *span)
            return self.factor()
        if parts := _at_over(inside):
            # An operator such as {d \over dx} takes what stands after the braces.
            return derivatives.divided(self, *parts, span)
        if index:
            indices = self.indices(inside)
            if len(indices) == 1:
                return indices[0]
        body = self.whole(inside)
        return body.at(span) if isinstance(body, (Name, Number)) else body

    def _letter(self, token: Token) -> Term:
        typed = self._typed_word()
        if typed:
            self.place += len(typed) - 1
            return word(typed, self.span_from(token.start))
        if token.text == "d" and derivatives.is_differential(self):
            return derivatives.differential(self, token)
        if token.text == "I" and self.is_next("lbrace", "[", "(") and (said := conditions.indicator(self, token.start)):
            return said
        return Name(token.text, span=(token.start, token.end))

    def _typed_word(self) -> str:
        """A word typed letter by letter: ln, exp, softmax, or anything of five letters and more."""
        begin = end = self.place - 1
        while end < len(self.tokens) and self.tokens[end].kind is Kind.LETTER and not (
            end > begin and self.tokens[end].spaced
        ):  # fmt: skip
            end += 1
        run = "".join(token.text for token in self.tokens[begin:end])
        typed = next((known for known in TYPED_WORDS if run.startswith(known)), "")
        return typed or (run if len(run) >= 5 else "")

    def _macro(self, token: Token) -> Term:
        here, name = (token.start, token.end), token.text
        if name in GREEK:
            return Name(SAME_LETTER.get(name, name), span=here)
        if name in ACCENTS:
            return self._accented(name, token)
        if name in FONTS:
            return self._in_font(name, token)
        if name in FRACTIONS:
            return derivatives.fraction(self, token)
        if name == "sqrt":
            return self._root(token)
        if name in FUNCTIONS or name in {"Tr", "arg"}:
            return Name(name.lower(), font="text", span=here)
        if name in DOTS:
            return Dots(span=here)
        if name in {"infty", "emptyset"}:
            raise FormulaError(f"{shown(token)} has no value here", *here)
        if name == "binom":
            raise FormulaError("binomials are not read", *here)
        raise FormulaError(f"the macro \\{name} is not known here", *here)

    def _root(self, token: Token) -> Term:
        if self.is_next("["):
            raise FormulaError("only square roots are read", token.start, self.peek.end)
        body = self.argument(token)
        return Power(body, Number(0.5, "1/2"), span=self.span_from(token.start))

    def argument(self, token: Token) -> Term:
        """The argument of a macro, in braces or not.

        Raises:
            FormulaError: there is none.
        """
        if self.at_end:
            raise FormulaError(f"{shown(token)} lacks its argument", token.start, token.end)
        if self.peek.kind is not Kind.OPEN:
            return self.atom()
        inside = self.braced()
        if not inside:
            raise FormulaError(f"{shown(token)} has an empty argument", token.start, self.last_end)
        return self.whole(inside)

    def _accented(self, name: str, token: Token) -> Term:
        body = self.argument(token)
        span = self.span_from(token.start)
        if isinstance(body, Transposed) and isinstance(body.body, Name):
            return Transposed(replace(body.body, accent=ACCENTS[name]), span=span)
        if not isinstance(body, Name):
            raise FormulaError(f"\\{name} stands over something that is no name", *span)
        return replace(body, accent=ACCENTS[name] or body.accent, span=span)

    def _in_font(self, name: str, token: Token) -> Term:
        font = FONTS[name]
        if name in {"bf", "cal"} and not self.at_end and self.peek.kind is not Kind.OPEN:
            return self._set_in(self.atom(), font, token)
        if not self.at_end and self.peek.kind is Kind.OPEN and font != "blackboard":
            begin = self.place
            letters = self.braced()
            text = "".join(letter.text for letter in letters)
            is_word = len(letters) > 1 and all(letter.kind is Kind.LETTER for letter in letters)
            if is_word and (text.lower() in FUNCTIONS or len(text) > 2):
                return word(text, self.span_from(token.start))
            self.place = begin
        return self._set_in(self.argument(token), font, token)

    def _set_in(self, body: Term, font: str, token: Token) -> Term:
        """The same name in a font; a bold or doubled 1 before a condition is an indicator."""
        span = self.span_from(token.start)
        text = body.text if isinstance(body, Number) else body.base if isinstance(body, Name) else ""
        if font and text in {"1", "I"} and (said := conditions.indicator(self, token.start)):
            return said
        if isinstance(body, Name):
            return replace(body, font=font or body.font, span=span)
        return Name(body.text, font=font, span=span) if font and isinstance(body, Number) else body

    def _symbol(self, token: Token) -> Term:
        if token.text in {"|", "‖"}:
            return self._bars(token)
        if token.is_symbol(".") and self.is_next("."):
            while self.is_next("."):
                self.next()
            return Dots(span=self.span_from(token.start))
        if token.text not in OPENING:
            raise unexpected(token)
        if token.text == "lbrace" and not self.at_end and self.peek.kind is Kind.BEGIN:
            return self._braced_cases(token)
        self.place -= 1
        inside = self.bracketed()
        span = self.span_from(token.start)
        if not inside:
            raise FormulaError("these brackets are empty", *span)
        if token.text == "lbrace" and scripts.is_range_next(self):
            # {x_i}_{i=1}^n, a set numbered by i.
            while self.is_next("_", "^"):
                self.next()
                self.script()
            return Call(
                Name("set", font="text"), conditions.listed(self, inside, ","), span=self.span_from(token.start)
            )
        return self._inside_brackets(token.text, inside, span)

    def _inside_brackets(self, opening: str, inside: list[Token], span: Span) -> Term:
        """A term in brackets; a list is a vector, a set or an inner product, a condition an indicator."""
        places = relation_places(inside)
        if places and (opening == "[" or (opening == "(" and _is_comparison(inside, places[0]))):
            said = conditions.condition(self, inside)
            if said is not None:
                return Indicator(said, span=span)
        separators = (",", ";", "|") if opening == "⟨" else (",", ";")
        if any(token.is_symbol(*separators) for token in inside) and len(at_signs(inside, *separators)) > 1:
            parts = conditions.listed(self, inside, *separators)
            if opening in {"(", "["}:
                return Grid((parts,), span=span)
            return Call(Name("inner" if opening == "⟨" else "set", font="text"), parts, span=span)
        # (y - z)^2 raises the bracket; a name in brackets is no name with scripts.
        return Terms((self.whole(inside),), span=span)

    def _bars(self, token: Token) -> Term:
        """|x|, ||x|| typed as two bars, or the norm."""
        is_doubled = token.text == "|" and self.is_next("|")
        begin = self.place + is_doubled
        depth = 0
        for end in range(begin, len(self.tokens)):
            other, following = self.tokens[end], self.tokens[end + 1] if end + 1 < len(self.tokens) else None
            depth += 1 if other.kind is Kind.OPEN or other.is_symbol(*OPENING) else 0
            depth -= 1 if other.kind is Kind.CLOSE or other.is_symbol(*OPENING.values()) else 0
            is_end = other.is_symbol(token.text) and end > begin
            if depth == 0 and is_end and not (is_doubled and not (following is not None and following.is_symbol("|"))):
                body = self.whole(self.tokens[begin:end])
                self.place = end + 1 + is_doubled
                is_bar = token.text == "|" and not is_doubled
                return Norm(body, "2", is_bar=is_bar, span=self.span_from(token.start))
        raise FormulaError("a bar is opened here and not closed", token.start, token.end)

    # Environments -----------------------------------------------------------------------------------------------------

    def _environment(self, token: Token) -> Term:
        """A matrix, or cases."""
        inside = self.environment(token)
        span = self.span_from(token.start)
        name = token.text.rstrip("*")
        if name in CASES:
            return conditions.cases(self, inside, span)
        if name in MATRICES:
            rows = [row for row in conditions.cells(inside) if any(row)]
            if not rows:
                raise FormulaError("this matrix is empty", *span)
            return Grid(tuple(tuple(self.whole(cell) for cell in row if cell) for row in rows), span=span)
        raise FormulaError(f"the environment {token.text} is not read here", token.start, token.end)

    def _braced_cases(self, token: Token) -> Term:
        r"""\left\{ \begin{array}...: cases by hand."""
        inside = self.environment(self.next())
        if self.is_next("rbrace"):
            self.next()
        return conditions.cases(self, inside, self.span_from(token.start))

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
        body = self.reached(self.reading.total)
        return Total(TOTALS[token.text], indices, start, end, but, body, span=(token.start, body.span[1]))

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


def _at_over(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]] | None:
    """What stands before and after \\over outside all brackets, if it stands here."""
    place = next((place for place, token in enumerate(tokens) if token.is_macro("over")), None)
    depth: int = 0
    for token in tokens[: place or 0]:
        depth += depth_change(token)
    if place is None or depth:
        return None
    above, below = list(tokens[:place]), list(tokens[place + 1 :])
    if not above or not below:
        raise FormulaError("this fraction has an empty part", tokens[place].start, tokens[place].end)
    return above, below


def value_of(text: str) -> float:
    """The value of a number as typed; a comma parts thousands, or before other than three digits, decimals.

    >>> value_of("1{,}000"), value_of("50,890"), value_of("0{,}5"), value_of("1e-3")
    (1000.0, 50890.0, 0.5, 0.001)
    """
    parts = text.replace("{,}", ",").replace(r"\,", ",").split(",")
    is_decimal = len(parts) == 2 and len(parts[1]) != 3
    return float(".".join(parts) if is_decimal else "".join(parts))


def word(text: str, span: Span) -> Term:
    """A name of several letters, such as softmax or loss; digits set as text are a number."""
    text = text.strip()
    if text.isdecimal():
        return Number(float(text), text, span=span)
    known = text.lower().replace("-", "").replace(" ", "")
    if text in {"d", "T"} or not text:
        return Name(text, span=span)
    return Name(known if known in FUNCTIONS else text, font="text", span=span)


def _is_comparison(tokens: Sequence[Token], place: int) -> bool:
    """(z > 0) is 1 or 0; (a = b) in round brackets is a remark, but (a == b) is not."""
    is_double = place + 1 < len(tokens) and tokens[place].is_symbol("=") and tokens[place + 1].is_symbol("=")
    return is_double or relation(tokens[place]) not in {"=", "in"}
