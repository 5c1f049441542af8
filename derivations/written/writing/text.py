"""A term on one line of Unicode, ∂J/∂bₘ = Σᵢ₌₁ⁿ ∂J/∂zᵢₘ, with the place of every part, so that one can be marked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, groupby

from ...unicode_text import _SUBSCRIPTS, _SUPERSCRIPTS, TextStyle
from ..source.tokens import UNICODE
from ..terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Dots,
    Entries,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Raised,
    Span,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .brackets import is_bracket, is_hessian, is_sum, needs_brackets, unfolded
from .events import event_of, plain
from .term_writer import TermWriter

GREEK = {code.strip("\\ "): sign for sign, code in reversed(UNICODE.items()) if code[0] == "\\" and sign.isalpha()} | {
    "iota": "ι", "upsilon": "υ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "imath": "ı", "jmath": "ȷ",
    "hbar": "ħ", "Re": "ℜ",
}  # fmt: skip
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308",
           "check": "\u030c", "breve": "\u0306"}  # fmt: skip
RELATIONS = {
    "ne": "≠", "le": "≤", "ge": "≥", "in": "∈", ":=": ":=", "leftarrow": "←", "gets": "←", "longleftarrow": "←",
    "equiv": "≡", "triangleq": "≜", "coloneqq": ":=", "coloneq": ":=", "Coloneqq": ":=", "colonequals": ":=",
    "doteq": "≐", "eqqcolon": "=:", "overset=": "=",
}  # fmt: skip
_SIGNS = {
    Times.DOT: "·", Times.STAR: "*", Times.CROSS: "×", Times.HADAMARD: "⊙", Times.DIVIDED: "⊘", Times.OUTER: "⊗",
}  # fmt: skip
_LOWERED = _SUBSCRIPTS | {"+": "₊", "−": "₋", "(": "₍", ")": "₎", "′": "′", " ": ""}
# A subscript of a subscript, as in z_{i_m}, is the same pair of indices as in z_{im}.
_LOWERED |= {sign: sign for sign in _LOWERED.values()}
_TOTALS = {"sum": "Σ", "prod": "Π", "max": "max"}
_FONTS = {("1", "blackboard"): "𝟙", ("1", "bold"): "𝟏"}
_ASCII = {
    "−": "-", "∂": "d", "∇": "grad", "Σ": "sum", "Π": "prod", "′": "'", "…": "...", "√": "sqrt ", "‖": "||",
    "≠": "!=", "≤": "<=", "≥": ">=", "∈": "in", "←": "<-", "≡": "=", "≜": ":=", "≐": "=", "·": "*", "×": "x",
    "⊙": "(*)", "⊘": "(/)", "⊗": "(x)", "ᵀ": ".T", "²": "^2", "₁": "_1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Text, and where in it the parts stand that stand at these places of the document."""

    text: str = ""
    places: tuple[tuple[Span, int, int], ...] = ()

    def __add__(self, other: Line | str) -> Line:
        if isinstance(other, str):
            return Line(self.text + other, self.places)
        shift = len(self.text)
        moved = ((span, start + shift, end + shift) for span, start, end in other.places)
        return Line(self.text + other.text, (*self.places, *moved))

    def __radd__(self, other: str) -> Line:
        return Line(other) + self

    def at(self, span: Span) -> Line:
        """The same, as what stands there in the document."""
        return Line(self.text, (*self.places, (span, 0, len(self.text)))) if span[1] > span[0] else self

    def find(self, wanted: Span) -> tuple[int, int] | None:
        """Where the parts inside a piece of the document stand here, or else the smallest part round it."""
        inside = [(start, end) for span, start, end in self.places if wanted[0] <= span[0] and span[1] <= wanted[1]]
        if inside:
            return min(start for start, _ in inside), max(end for _, end in inside)
        around = [place for place in self.places if place[0][0] <= wanted[0] and wanted[1] <= place[0][1]]
        if not around:
            return None
        _, start, end = min(around, key=lambda place: place[0][1] - place[0][0])
        return start, end


def text_line(term: Term, style: TextStyle | None = None) -> Line:
    """A term on one line, with the places of its parts; without a style, one that fits it."""
    style = style or text_style([term])
    line = _Writer(style).write(term)
    return in_ascii(line) if style.ascii else line


def unicode(term: Term, style: TextStyle | None = None) -> str:
    r"""A term on one line of text.

    >>> from ..grammar.sides import parse_side
    >>> from ..source.tokens import tokenise
    >>> unicode(parse_side(tokenise(r"\frac1n \sum_{i=1}^n (\hat y_{im} - y_{im}) x_{ij}")))
    '(1/n) Σᵢ₌₁ⁿ (ŷᵢₘ − yᵢₘ) xᵢⱼ'
    """
    return text_line(term, style).text


def text_style(terms: Iterable[Term]) -> TextStyle:
    """Unicode with real subscripts where every index of every term has one."""
    writer = _Writer(TextStyle())
    names = [name for term in terms for name in term.walk() if isinstance(name, (Name, Entries, Total))]
    return TextStyle(subscripts=all(writer.can_lower(name) for name in names))


def relation(sign: str) -> str:
    """A relation sign as one writes it."""
    return RELATIONS.get(sign, sign)


def _joined(pieces: Iterable[Line], between: str) -> Line:
    line = Line()
    for place, piece in enumerate(pieces):
        line = line + (between if place else "") + piece
    return line


@dataclass(frozen=True, slots=True)
class _Writer(TermWriter[Line]):
    style: TextStyle

    def write(self, term: Term) -> Line:
        return self.by_kind(term).at(term.span)

    def inside(self, term: Term, bracketed: bool) -> Line:
        return "(" + self.write(term) + ")" if bracketed else self.write(term)

    # Names ------------------------------------------------------------------------------------------------------------

    def can_lower(self, term: Term) -> bool:
        """Has Unicode a subscript for all that stands below it?"""
        match term:
            case Name(sub=indices) | Entries(indices=indices) | Total(indices=indices):
                written = "".join(self.write(index).text for index in indices)
        return not written or bool(_in(written, _LOWERED))

    def name(self, name: Name) -> Line:
        if name.font == "probability":
            return Line(plain(event_of(name, lambda index: self.write(index).text), GREEK))
        outer = [script for script in name.sup if script.raised is not Raised.BARE]
        bare = [script for script in name.sup if script.raised is Raised.BARE]
        line = Line(self.letter(name))
        for raised, group in groupby(outer, key=lambda script: script.raised):
            body = _joined((self.write(script.body) for script in group), ",")
            line += self.raised("(" + body + ")" if raised is Raised.ROUND else "[" + body + "]")
        if name.sub:
            line += self.lowered(name.sub)
        return line + self.raised(_joined((self.write(script.body) for script in bare), ",")) if bare else line

    def letter(self, name: Name) -> str:
        primes = "′" * name.primes
        if self.style.ascii:
            accent = f"_{name.accent}" if name.accent else ""
            return name.base + accent + primes
        letter = _FONTS.get((name.base, name.font)) or GREEK.get(name.base, name.base.replace("'", "′"))
        if name.font == "text":
            letter = name.base
        return unicodedata.normalize("NFC", letter + ACCENTS.get(name.accent, "")) + primes

    def lowered(self, indices: tuple[Term, ...]) -> Line:
        written = [self.write(index) for index in indices]
        if self.style.subscripts:
            lines = [_replaced(line, _LOWERED) for line in written]
            if all(line is not None for line in lines):
                return _joined((line for line in lines if line is not None), "")
        single = all(len(line.text) == 1 for line in written)
        body = _joined(written, "" if single else ",")
        return "_" + body if single else "_{" + body + "}"

    def raised(self, body: Line) -> Line:
        line = None if self.style.ascii else _replaced(body, _SUPERSCRIPTS)
        if line is not None:
            return line
        simple = body.text.replace("′", "").isalnum() or body.text.startswith(("(", "["))
        return "^" + body if simple else "^(" + body + ")"

    def entries(self, entries: Entries) -> Line:
        plain = isinstance(entries.body, (Call, Norm, Grid)) or is_bracket(entries.body)
        return self.inside(entries.body, not plain) + self.lowered(entries.indices)

    # Scripts on other things ------------------------------------------------------------------------------------------

    def based(self, term: Term) -> Line:
        plain = isinstance(term, (Number, Call, Norm, Grid, Indicator, Entries)) or is_bracket(term)
        plain = plain or (isinstance(term, Name) and not any(s.raised is Raised.BARE for s in term.sup))
        return self.inside(term, not plain)

    def transposed(self, term: Transposed) -> Line:
        return self.based(term.body) + "ᵀ"

    def power(self, power: Power) -> Line:
        if isinstance(power.exponent, Number) and power.exponent.text == "1/2":
            return "√" + self.inside(power.base, not isinstance(power.base, (Name, Number)))
        return self.based(power.base) + self.raised(self.write(power.exponent))

    # Sums and products ------------------------------------------------------------------------------------------------

    def terms(self, terms: Terms) -> Line:
        if len(terms.terms) == 1:
            return "(" + self.write(terms.terms[0]) + ")"
        line = Line()
        for place, term in enumerate(terms.terms):
            if isinstance(term, Negative) and place:
                line = line + " − " + self.body(term).at(term.span)
            else:
                line = line + (" + " if place else "") + self.inside(term, is_sum(term))
        return line

    def negative(self, negative: Negative) -> Line:
        return "−" + self.body(negative)

    def body(self, negative: Negative) -> Line:
        return self.inside(negative.body, is_sum(negative.body) or isinstance(negative.body, Negative))

    def product(self, product: Product) -> Line:
        factors, line = product.factors, Line()
        for place, factor in enumerate(factors):
            is_last = place == len(factors) - 1
            sign = product.signs[place - 1] if place else Times.JUXTAPOSED
            bracketed = needs_brackets(factor, is_last=is_last, follows_sign=sign is not Times.JUXTAPOSED)
            if isinstance(factor, Quotient):
                bracketed = not is_last or self.is_short(factor.below)
            line = (
                line
                + (self.between(factors[place - 1], factor, sign) if place else "")
                + self.inside(factor, bracketed)
            )
        return line

    def between(self, left: Term, right: Term, sign: Times) -> str:
        """The sign; a dot after ∂J/∂z, lest the next factor be read as part of its denominator."""
        if sign is not Times.JUXTAPOSED:
            return f" {_SIGNS[sign]} "
        if self.style.ascii:
            return " * "
        return " · " if isinstance(left, Derivative) or isinstance(right, Number) else " "

    def is_short(self, term: Term) -> bool:
        return isinstance(term, (Name, Number))

    def quotient(self, quotient: Quotient) -> Line:
        above, below = quotient.above, quotient.below
        if self.is_short(above) and self.is_short(below):
            return self.write(above) + "/" + self.write(below)
        upper = (
            is_sum(above)
            or isinstance(above, (Quotient, Total, Negative))
            or (isinstance(above, Product) and any(isinstance(factor, (Total, Quotient)) for factor in above.factors))
        )
        lower = not (is_bracket(below) or isinstance(below, (Name, Number, Call, Norm, Power, Transposed)))
        return self.inside(above, upper) + " / " + self.inside(below, lower)

    def number(self, number: Number) -> Line:
        return Line(number.text.replace("{,}", ",").replace(r"\,", ","))

    # Operators --------------------------------------------------------------------------------------------------------

    def call(self, call: Call) -> Line:
        return self.write(call.function) + "(" + _joined(map(self.write, call.arguments), ", ") + ")"

    def total(self, total: Total) -> Line:
        below = _joined(map(self.write, total.indices), "" if self.style.subscripts else ",")
        if total.start is not None:
            below = below + "=" + self.write(total.start)
        if total.but is not None:
            only = total.start is None and total.indices == (total.but.left,)
            below = self.condition(total.but) if only else below + ", " + self.condition(total.but)
        upper = Line() if total.end is None else self.write(total.end)
        sign = _TOTALS[total.operator]
        return sign + self.limits(below, upper) + " " + self.inside(total.body, is_sum(total.body))

    def limits(self, below: Line, upper: Line) -> Line:
        lowered = _replaced(below, _LOWERED) if self.style.subscripts else None
        raised = _replaced(upper, _SUPERSCRIPTS) if not self.style.ascii else None
        if lowered is not None and raised is not None:
            return lowered + raised
        bottom = "_" + below if len(below.text) == 1 else "_{" + below + "}" if below.text else Line()
        top = "^" + upper if len(upper.text) == 1 else "^{" + upper + "}" if upper.text else Line()
        return bottom + (raised if raised is not None else top)

    def derivative(self, derivative: Derivative) -> Line:
        of, names, form = unfolded(derivative)
        if of is None:
            return ("d" if form == "named" else "∇") + _joined(map(self.write, names), ",")
        if form in {"nabla", "index"}:
            sign = ("∇²" if is_hessian(derivative) else "∇") if form == "nabla" else "∂"
            under = self.lowered(derivative.by) if derivative.by else Line()
            return sign + under + " " + self.inside(of, not isinstance(of, (Name, Call, Norm)) and not is_bracket(of))
        below = _joined(("∂" + self.write(name) for name in names), "") + ("ᵀ" if is_hessian(derivative) else "")
        sign = "∂" if len(names) == 1 else "∂²" if len(names) == 2 else f"∂^{len(names)}"
        if form == "operator":
            return sign + "/" + below + " " + (self.write(of) if is_bracket(of) else "[" + self.write(of) + "]")
        plain = isinstance(of, (Name, Call, Transposed)) or is_bracket(of)
        return sign + self.inside(of, not plain) + "/" + below

    # Conditions -------------------------------------------------------------------------------------------------------

    def condition(self, condition: Condition) -> Line:
        if condition.left is None or condition.right is None:
            return Line("otherwise")
        line = self.write(condition.left) + f" {relation(condition.sign)} " + self.write(condition.right)
        return line + ", " + self.condition(condition.also) if condition.also else line

    def cases(self, cases: Cases) -> Line:
        branches = (
            self.write(value) + (" if " + self.condition(condition) if condition else " otherwise")
            for value, condition in cases.branches
        )
        return "{" + _joined(branches, "; ") + "}"

    def indicator(self, indicator: Indicator) -> Line:
        return "1[" + self.condition(indicator.condition) + "]"

    def norm(self, norm: Norm) -> Line:
        bar = "|" if norm.is_bar else "‖"
        order = "" if norm.order == "2" else "₁" if norm.order == "1" else f"_{norm.order}"
        return bar + self.write(norm.body) + bar + order

    def grid(self, grid: Grid) -> Line:
        rows = (_joined(map(self.write, row), ", ") for row in grid.rows)
        return "[" + _joined(rows, "; ") + "]"

    def dots(self, _: Dots) -> Line:
        return Line("…")


def _in(text: str, signs: Mapping[str, str]) -> bool:
    return all(letter in signs for letter in text)


def _replaced(line: Line, signs: Mapping[str, str]) -> Line | None:
    """The line in other letters; None where one of them is not there."""
    return _respelt(line, [signs[letter] for letter in line.text]) if _in(line.text, signs) else None


def in_ascii(line: Line) -> Line:
    """The line spelt out; what has no spelling is a question mark."""
    return _respelt(line, [letter if letter.isascii() else _ASCII.get(letter, "?") for letter in line.text])


def _respelt(line: Line, letters: list[str]) -> Line:
    ends = [0, *accumulate(map(len, letters))]
    return Line("".join(letters), tuple((span, ends[start], ends[end]) for span, start, end in line.places))
