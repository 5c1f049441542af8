"""Formulas as presentation MathML, for browsers that set MathML Core."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from .layout import (
    Accent,
    Bracketed,
    Call,
    Derivative,
    DerivativeOf,
    Exponential,
    Fence,
    Fraction,
    Indicator,
    Indices,
    Layout,
    Letter,
    LetterSum,
    Number,
    Product,
    Root,
    Scripts,
    Terms,
    Total,
    is_tall,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_ACCENTS = {Accent.HAT: "^", Accent.BAR: "¯", Accent.TILDE: "~"}
_FENCES = {Fence.ROUND: ("(", ")"), Fence.SQUARE: ("[", "]"), Fence.BAR: ("|", "|")}
_THIN = '<mspace width="0.17em"></mspace>'
_INVISIBLE_TIMES = "<mo>&#x2062;</mo>"
_APPLY = "<mo>&#x2061;</mo>"
_D = '<mi mathvariant="normal">∂</mi>'


def mathml(layout: Layout, *, display: bool = True, before: str = "") -> str:
    """A formula as a `math` element.

    Args:
        display: fractions and sums in full size.
        before: a sign in front of it, such as "=".

    >>> mathml(Letter("n"), display=False)
    '<math><mi>n</mi></math>'
    """
    style = ' displaystyle="true"' if display else ""
    sign = f"<mo>{escape(before)}</mo>" if before else ""
    return f"<math{style}>{sign}{_set(layout)}</math>"


def _set(layout: Layout) -> str:
    return _WRITERS[type(layout)](layout)


def _row(*items: str) -> str:
    return f"<mrow>{''.join(items)}</mrow>"


def _letter(letter: Letter) -> str:
    text = f"<mi>{escape(letter.text)}</mi>"
    if letter.accent:
        text = f'<mover accent="true">{text}<mo stretchy="false">{_ACCENTS[letter.accent]}</mo></mover>'
    # At the size of a first script even inside a subscript, where it would be too small to see.
    prime = f'<mo scriptlevel="1">{"′" * letter.primes}</mo>'
    return f"<msup>{text}{prime}</msup>" if letter.primes else text


def _number(number: Number) -> str:
    return f"<mn>{escape(number.text)}</mn>"


def _scripts(scripts: Scripts) -> str:
    base = _set(scripts.base)
    above = _fenced(_FENCES[Fence.ROUND], f"<mn>{scripts.layer}</mn>", None) if scripts.layer else ""
    if scripts.power:
        above = _set(scripts.power)
    below = _indices(scripts.indices) if scripts.indices else ""
    if above and below:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if above or below:
        return f"<msup>{base}{above}</msup>" if above else f"<msub>{base}{below}</msub>"
    return base


def _indices(indices: Indices) -> str:
    between = "<mo>,</mo>" if any(letter.is_word for letter in indices.letters) else ""
    return _row(between.join(map(_index, indices.letters)))


def _index(index: Letter | LetterSum) -> str:
    if isinstance(index, LetterSum):
        return f"{_letter(index.first)}<mo>+</mo>{_letter(index.second)}<mo>−</mo><mn>1</mn>"
    return _letter(index)


def _fraction(fraction: Fraction) -> str:
    return f"<mfrac>{_set(fraction.above)}{_set(fraction.below)}</mfrac>"


def _product(product: Product) -> str:
    items = [_set(product.factors[0])]
    for left, right in zip(product.factors, product.factors[1:], strict=False):
        items += [_between(left, right), _set(right)]
    return _row(*items)


def _between(left: Layout, right: Layout) -> str:
    if isinstance(right, Number):
        return "<mo>·</mo>"
    wide = isinstance(left, (Derivative, DerivativeOf, Fraction, Exponential, Call))
    spaced = wide or isinstance(right, (Indicator, Call))
    return _INVISIBLE_TIMES + (_THIN if spaced else "")


def _terms(terms: Terms) -> str:
    items = []
    for place, term in enumerate(terms.terms):
        sign = "−" if term.negative else "+"
        if place:
            items.append(f"<mo>{sign}</mo>")
        elif term.negative:
            items.append('<mo form="prefix">−</mo>')
        items.append(_set(term.body))
    return _row(*items)


def _total(total: Total) -> str:
    below = _row(_letter(total.index), "<mo>=</mo>", "<mn>1</mn>")
    return _row(f"<munderover><mo>∑</mo>{below}{_set(total.size)}</munderover>", _set(total.body))


def _bracketed(bracketed: Bracketed) -> str:
    return _fenced(_FENCES[bracketed.fence], _set(bracketed.body), bracketed.body)


def _fenced(fence: tuple[str, str], body: str, layout: object) -> str:
    """Brackets that grow only where there is something tall inside."""
    stretchy = "" if is_tall(layout) else ' stretchy="false"'
    left, right = fence
    return _row(f'<mo form="prefix"{stretchy}>{left}</mo>', body, f'<mo form="postfix"{stretchy}>{right}</mo>')


def _call(call: Call) -> str:
    name = _letter(call.function)
    arguments = "<mo>,</mo>".join(_set(argument) for argument in call.arguments)
    if call.bare:
        return _row(name, _APPLY, _THIN, arguments)
    return _row(name, _APPLY, _fenced(_FENCES[Fence.ROUND], arguments, call.arguments))


def _exponential(exponential: Exponential) -> str:
    return f"<msup><mi>e</mi>{_set(exponential.exponent)}</msup>"


def _root(root: Root) -> str:
    return f"<msqrt>{_set(root.body)}</msqrt>"


def _indicator(indicator: Indicator) -> str:
    body = _row(_set(indicator.left), f"<mo>{escape(indicator.sign)}</mo>", _set(indicator.right))
    return _row("<mn>𝟏</mn>", _fenced(_FENCES[Fence.SQUARE], body, (indicator.left, indicator.right)))


def _derivative(derivative: Derivative) -> str:
    fraction = f"<mfrac>{_row(_D, _set(derivative.of))}{_row(_D, _set(derivative.target))}</mfrac>"
    if not derivative.held:
        return fraction
    held = "<mo>,</mo>".join(map(_letter, derivative.held))
    return _row(fraction, f'<msub><mo symmetric="true" minsize="2.4em" form="postfix">|</mo>{_row(held)}</msub>')


def _derivative_of(derivative: DerivativeOf) -> str:
    operator = f"<mfrac>{_D}{_row(_D, _set(derivative.target))}</mfrac>"
    return _row(operator, _fenced(_FENCES[Fence.SQUARE], _set(derivative.body), derivative.body))


_WRITERS: dict[type, Callable[[Any], str]] = {
    Letter: _letter,
    Number: _number,
    Scripts: _scripts,
    Fraction: _fraction,
    Product: _product,
    Terms: _terms,
    Total: _total,
    Bracketed: _bracketed,
    Call: _call,
    Exponential: _exponential,
    Root: _root,
    Indicator: _indicator,
    Derivative: _derivative,
    DerivativeOf: _derivative_of,
}
