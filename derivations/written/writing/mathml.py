"""A term as presentation MathML, with the parts that stand in a piece of the document marked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby

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
    Script,
    Span,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)
from .brackets import is_bracket, is_hessian, is_sum, is_tall, needs_brackets, unfolded
from .events import event_of, plain
from .latex import latex
from .term_writer import TermWriter
from .text import GREEK, relation

_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙", "ddot": "¨", "check": "ˇ", "breve": "˘"}
_SIGNS = {
    Times.JUXTAPOSED: "&#x2062;", Times.DOT: "·", Times.STAR: "∗", Times.CROSS: "×", Times.HADAMARD: "⊙",
    Times.DIVIDED: "⊘", Times.OUTER: "⊗",
}  # fmt: skip
_TOTALS = {"sum": "<mo>∑</mo>", "prod": "<mo>∏</mo>", "max": '<mo movablelimits="false">max</mo>'}
_FENCES = {Raised.BARE: ("", ""), Raised.ROUND: ("(", ")"), Raised.SQUARE: ("[", "]")}
_D = '<mi mathvariant="normal">∂</mi>'
_THIN = '<mspace width="0.17em"></mspace>'


def mathml(left: Term | None, sign: str, right: Term, *, marked: Span | None = None) -> str:
    """An equality as a `math` element; without a sign its right side alone.

    Args:
        left: None where the line begins with its sign.
        marked: what stands in this piece of the document gets the class "marked".

    >>> mathml(None, "", Name("n"))
    '<math display="block"><mrow><mi>n</mi></mrow></math>'
    """
    writer = _Writer(marked)
    sides = ("" if left is None else writer.write(left), f"<mo>{escape(relation(sign))}</mo>" if sign else "")
    return f'<math display="block"><mrow>{"".join(sides)}{writer.write(right)}</mrow></math>'


def _row(*items: str) -> str:
    return f"<mrow>{''.join(items)}</mrow>"


def _fenced(body: str, *, tall: bool, fence: tuple[str, str] = ("(", ")")) -> str:
    """Brackets that grow only where there is something tall inside."""
    stretchy = "" if tall else ' stretchy="false"'
    return _row(f'<mo form="prefix"{stretchy}>{fence[0]}</mo>', body, f'<mo form="postfix"{stretchy}>{fence[1]}</mo>')


def _scripted(base: str, below: str, above: str) -> str:
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if below or above:
        return f"<msub>{base}{below}</msub>" if below else f"<msup>{base}{above}</msup>"
    return base


@dataclass(frozen=True, slots=True)
class _Writer(TermWriter[str]):
    marked: Span | None

    def write(self, term: Term) -> str:
        written = self.by_kind(term)
        start, end = term.span
        if self.marked and self.marked[0] <= start < end <= self.marked[1]:
            return f'<mrow class="marked">{written}</mrow>'
        return written

    def inside(self, term: Term, bracketed: bool) -> str:
        return _fenced(self.write(term), tall=is_tall(term)) if bracketed else self.write(term)

    # Names ------------------------------------------------------------------------------------------------------------

    def name(self, name: Name, transposed: str = "") -> str:
        if name.font == "probability":
            return f"<mtext>{escape(plain(event_of(name, latex), GREEK))}</mtext>"
        above = "".join(
            self.script(list(group), raised) for raised, group in groupby(name.sup, key=lambda script: script.raised)
        )
        return _scripted(
            self.letter(name), self.indices(name.sub), _row(above, transposed) if above or transposed else ""
        )

    def letter(self, name: Name) -> str:
        sign = GREEK.get(name.base, name.base.replace("'", "′"))
        variant = ""
        if (name.base, name.font) == ("1", "blackboard"):
            sign = "𝟙"
        elif name.font == "text":
            sign, variant = name.base, ' mathvariant="normal"' if len(name.base) == 1 else ""
        weight = ' style="font-weight: bold"' if name.font == "bold" else ""
        text = f"<mi{variant}{weight}>{escape(sign)}</mi>"
        if name.accent in _ACCENTS:
            text = f'<mover accent="true">{text}<mo stretchy="false">{_ACCENTS[name.accent]}</mo></mover>'
        prime = f'<mo scriptlevel="1">{"′" * name.primes}</mo>'
        return f"<msup>{text}{prime}</msup>" if name.primes else text

    def script(self, scripts: list[Script], raised: Raised) -> str:
        body = "<mo>,</mo>".join(self.write(script.body) for script in scripts)
        return body if raised is Raised.BARE else _fenced(body, tall=False, fence=_FENCES[raised])

    def indices(self, indices: tuple[Term, ...]) -> str:
        if not indices:
            return ""
        letters = all(isinstance(index, Name) and index.font != "text" for index in indices)
        return _row(("" if letters else "<mo>,</mo>").join(map(self.write, indices)))

    def entries(self, entries: Entries) -> str:
        plain = isinstance(entries.body, (Call, Norm, Grid)) or is_bracket(entries.body)
        return _scripted(self.inside(entries.body, not plain), self.indices(entries.indices), "")

    # Scripts on other things ------------------------------------------------------------------------------------------

    def based(self, term: Term) -> str:
        plain = isinstance(term, (Number, Call, Norm, Grid, Indicator)) or is_bracket(term)
        return self.inside(term, not (plain or (isinstance(term, Name) and not term.sup)))

    def transposed(self, transposed: Transposed) -> str:
        body = transposed.body
        if isinstance(body, Name) and all(script.raised is not Raised.BARE for script in body.sup):
            return self.name(body, "<mi>T</mi>")
        return f"<msup>{self.based(body)}<mi>T</mi></msup>"

    def power(self, power: Power) -> str:
        if isinstance(power.exponent, Number) and power.exponent.text == "1/2":
            return f"<msqrt>{self.write(power.base)}</msqrt>"
        return f"<msup>{self.based(power.base)}{self.write(power.exponent)}</msup>"

    # Sums and products ------------------------------------------------------------------------------------------------

    def terms(self, terms: Terms) -> str:
        if len(terms.terms) == 1:
            return self.inside(terms.terms[0], bracketed=True)
        items = []
        for place, term in enumerate(terms.terms):
            if place:
                items.append(f"<mo>{'−' if isinstance(term, Negative) else '+'}</mo>")
            if place and isinstance(term, Negative):
                items.append(self.negated(term))
            else:
                items.append(self.inside(term, is_sum(term)))
        return _row(*items)

    def negative(self, negative: Negative) -> str:
        return _row('<mo form="prefix">−</mo>', self.negated(negative))

    def negated(self, negative: Negative) -> str:
        return self.inside(negative.body, is_sum(negative.body) or isinstance(negative.body, Negative))

    def product(self, product: Product) -> str:
        factors, items = product.factors, []
        for place, factor in enumerate(factors):
            sign = product.signs[place - 1] if place else Times.JUXTAPOSED
            if place:
                if sign is Times.JUXTAPOSED and isinstance(factor, Number):
                    sign = Times.DOT
                wide = isinstance(factors[place - 1], (Quotient, Derivative, Call, Power)) or isinstance(
                    factor, (Call, Cases)
                )
                items.append(f"<mo>{_SIGNS[sign]}</mo>" + (_THIN if wide and sign is Times.JUXTAPOSED else ""))
            is_last, follows = place == len(factors) - 1, sign is not Times.JUXTAPOSED
            items.append(self.inside(factor, needs_brackets(factor, is_last=is_last, follows_sign=follows)))
        return _row(*items)

    def quotient(self, quotient: Quotient) -> str:
        return f"<mfrac>{self.write(quotient.above)}{self.write(quotient.below)}</mfrac>"

    def number(self, number: Number) -> str:
        return f"<mn>{escape(number.text.replace('{,}', ',').replace(chr(92) + ',', ','))}</mn>"

    # Operators --------------------------------------------------------------------------------------------------------

    def call(self, call: Call) -> str:
        arguments = "<mo>,</mo>".join(map(self.write, call.arguments))
        tall = any(map(is_tall, call.arguments))
        return _row(self.write(call.function), "<mo>&#x2061;</mo>", _fenced(arguments, tall=tall))

    def total(self, total: Total) -> str:
        below = "<mo>,</mo>".join(map(self.write, total.indices))
        if total.start is not None:
            below += f"<mo>=</mo>{self.write(total.start)}"
        if total.but is not None:
            only = total.start is None and total.indices == (total.but.left,)
            below = self.condition(total.but) if only else f"{below}<mo>,</mo>{self.condition(total.but)}"
        sign, body = _TOTALS[total.operator], self.inside(total.body, is_sum(total.body))
        if below and total.end is not None:
            sign = f"<munderover>{sign}{_row(below)}{self.write(total.end)}</munderover>"
        elif below:
            sign = f"<munder>{sign}{_row(below)}</munder>"
        elif total.end is not None:
            sign = f"<mover>{sign}{self.write(total.end)}</mover>"
        return _row(sign, body)

    def derivative(self, derivative: Derivative) -> str:
        of, names, form = unfolded(derivative)
        if of is None:
            return _row("<mi>d</mi>" if form == "named" else "<mo>∇</mo>", "<mo>,</mo>".join(map(self.write, names)))
        squared = "<mn>2</mn>" if is_hessian(derivative) else ""
        if form in {"nabla", "index"}:
            plain = isinstance(of, (Name, Call, Norm)) or is_bracket(of)
            sign = "<mo>∇</mo>" if form == "nabla" else _D
            by = "<mo>,</mo>".join(map(self.write, derivative.by))
            return _row(_scripted(sign, _row(by) if by else "", squared), self.inside(of, not plain))
        transposed = "<mi>T</mi>" if squared else ""
        below = [_row(_D, self.write(name)) for name in names[:-1]]
        below.append(_row(_D, _scripted(self.write(names[-1]), "", transposed)))
        sign = _D if len(names) == 1 else f"<msup>{_D}<mn>{len(names)}</mn></msup>"
        if form == "operator":
            body = self.write(of) if is_bracket(of) else _fenced(self.write(of), tall=is_tall(of), fence=("[", "]"))
            return _row(f"<mfrac>{sign}{_row(*below)}</mfrac>", body)
        return f"<mfrac>{_row(sign, self.inside(of, is_sum(of)))}{_row(*below)}</mfrac>"

    # Conditions -------------------------------------------------------------------------------------------------------

    def condition(self, condition: Condition) -> str:
        if condition.left is None or condition.right is None:
            return "<mtext>otherwise</mtext>"
        sign = f"<mo>{escape(relation(condition.sign))}</mo>"
        also = f"<mo>,</mo>{self.condition(condition.also)}" if condition.also else ""
        return _row(self.write(condition.left), sign, self.write(condition.right), also)

    def cases(self, cases: Cases) -> str:
        rows = "".join(
            f"<mtr><mtd>{self.write(value)}</mtd><mtd>"
            + (f"<mtext>if&#xa0;</mtext>{self.condition(condition)}" if condition else "<mtext>otherwise</mtext>")
            + "</mtd></mtr>"
            for value, condition in cases.branches
        )
        return _row('<mo form="prefix">{</mo>', f'<mtable class="cases">{rows}</mtable>')

    def indicator(self, indicator: Indicator) -> str:
        return _row("<mn>𝟙</mn>", _fenced(self.condition(indicator.condition), tall=False, fence=("[", "]")))

    def norm(self, norm: Norm) -> str:
        bar = "|" if norm.is_bar else "‖"
        body = _fenced(self.write(norm.body), tall=is_tall(norm.body), fence=(bar, bar))
        return _scripted(body, f"<mi>{escape(norm.order)}</mi>" if norm.order != "2" else "", "")

    def grid(self, grid: Grid) -> str:
        rows = "".join(f"<mtr>{''.join(f'<mtd>{self.write(entry)}</mtd>' for entry in row)}</mtr>" for row in grid.rows)
        return _fenced(f"<mtable>{rows}</mtable>", tall=True, fence=("[", "]"))

    def dots(self, _: Dots) -> str:
        return "<mo>…</mo>"
