"""Formulas as LaTeX for amsmath, and plain sentences made safe for LaTeX."""

from __future__ import annotations

import re
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
from .notation import GREEK

if TYPE_CHECKING:
    from collections.abc import Callable

_GREEK = {letter: "\\" + name for name, letter in GREEK.items()}
_OPERATORS = {"ln", "tanh", "cosh", "max"}
_ACCENTS = {Accent.HAT: r"\hat", Accent.BAR: r"\bar", Accent.TILDE: r"\tilde"}
_FENCES = {Fence.ROUND: ("(", ")"), Fence.SQUARE: ("[", "]"), Fence.BAR: (r"\lvert", r"\rvert")}
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "′": r"\ensuremath{'}", "−": r"\ensuremath{-}", "×": r"\ensuremath{\times}",
    "“": "``", "”": "''", "√": r"\ensuremath{\surd}",
}  # fmt: skip
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵏᵘⁿ]+")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵏᵘⁿ", "0123456789-kun")
_LATIN1 = {chr(code) for code in range(0xC0, 0x100)} - {"÷"}


def latex(layout: Layout) -> str:
    r"""A formula as LaTeX, without dollar signs.

    >>> latex(Fraction(Number("1"), Letter("n")))
    '\\frac{1}{n}'
    """
    return _WRITERS[type(layout)](layout)


def latex_words(sentence: str) -> str:
    """A sentence in which nothing is a command: for titles, rules and reasons."""
    raised = _RAISED.sub(lambda run: rf"\textsuperscript{{{run[0].translate(_LOWERED)}}}", sentence)
    return "".join(
        piece if place % 2 else "".join(map(_escaped, piece))
        for place, piece in enumerate(re.split(r"(\\textsuperscript\{\S+?\})", raised))
    )


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character in _GREEK:
        return rf"\ensuremath{{{_GREEK[character]}}}"
    # What an 8-bit TeX cannot set must not stop it.
    known = character.isprintable() and (character.isascii() or character in _LATIN1)
    return character if known else "?"


def _letter(letter: Letter) -> str:
    if letter.text in _GREEK:
        text = _GREEK[letter.text]
    else:
        text = rf"\mathrm{{{_word(letter.text)}}}" if letter.is_word else _word(letter.text)
    if letter.accent:
        text = f"{_ACCENTS[letter.accent]}{{{text}}}"
    return text + "'" * letter.primes


def _word(text: str) -> str:
    return text if text.isalnum() and text.isascii() else latex_words(text).replace("$", "")


def _number(number: Number) -> str:
    return number.text


def _scripts(scripts: Scripts) -> str:
    text = latex(scripts.base)
    if scripts.layer:
        text += f"^{{({scripts.layer})}}"
    if scripts.indices:
        text += f"_{{{_indices(scripts.indices)}}}"
    if scripts.power:
        text = f"{text}^{{{latex(scripts.power)}}}"
    return text


def _indices(indices: Indices) -> str:
    comma = ", " if any(letter.is_word for letter in indices.letters) else " "
    written = [
        f"{_letter(one.first)}+{_letter(one.second)}-1" if isinstance(one, LetterSum) else _letter(one)
        for one in indices.letters
    ]
    return comma.join(written) if any(len(letter) > 1 for letter in written) else comma.strip().join(written)


def _fraction(fraction: Fraction) -> str:
    return rf"\frac{{{latex(fraction.above)}}}{{{latex(fraction.below)}}}"


def _product(product: Product) -> str:
    text = latex(product.factors[0])
    for left, right in zip(product.factors, product.factors[1:], strict=False):
        text += _between(left, right) + latex(right)
    return text


def _between(left: Layout, right: Layout) -> str:
    if isinstance(right, Number):
        return r" \cdot "
    spaced = isinstance(left, (Derivative, DerivativeOf, Fraction, Exponential, Call)) or isinstance(right, Indicator)
    return r" \, " if spaced else " "


def _terms(terms: Terms) -> str:
    text = ""
    for place, term in enumerate(terms.terms):
        sign = ("- " if term.negative else "+ ") if place else ("-" if term.negative else "")
        text += (" " if place else "") + sign + latex(term.body)
    return text


def _total(total: Total) -> str:
    return rf"\sum_{{{_letter(total.index)}=1}}^{{{latex(total.size)}}} {latex(total.body)}"


def _bracketed(bracketed: Bracketed) -> str:
    return _fenced(_FENCES[bracketed.fence], latex(bracketed.body), bracketed.body)


def _fenced(fence: tuple[str, str], body: str, layout: object) -> str:
    """Brackets that grow only where there is something tall inside."""
    left, right = fence
    if is_tall(layout):
        return rf"\left{left} {body} \right{right}"
    gap = " " if left.startswith("\\") else ""
    return f"{left}{gap}{body}{gap}{right}"


def _call(call: Call) -> str:
    name = latex(call.function)
    if call.function.text in _OPERATORS:
        name = rf"\{call.function.text}"
    elif call.function.is_word:
        name = rf"\operatorname{{{_word(call.function.text)}}}"
    body = ", ".join(latex(argument) for argument in call.arguments)
    return f"{name} {body}" if call.bare else name + _fenced(_FENCES[Fence.ROUND], body, call.arguments)


def _exponential(exponential: Exponential) -> str:
    return f"e^{{{latex(exponential.exponent)}}}"


def _root(root: Root) -> str:
    return rf"\sqrt{{{latex(root.body)}}}"


def _indicator(indicator: Indicator) -> str:
    body = f"{latex(indicator.left)} {indicator.sign} {latex(indicator.right)}"
    return r"\mathbf{1}" + _fenced(_FENCES[Fence.SQUARE], body, (indicator.left, indicator.right))


def _derivative(derivative: Derivative) -> str:
    text = rf"\frac{{\partial {latex(derivative.of)}}}{{\partial {latex(derivative.target)}}}"
    held = ", ".join(_letter(letter) for letter in derivative.held)
    return rf"\left. {text} \right|_{{{held}}}" if held else text


def _derivative_of(derivative: DerivativeOf) -> str:
    body = _fenced(_FENCES[Fence.SQUARE], latex(derivative.body), derivative.body)
    return rf"\frac{{\partial}}{{\partial {latex(derivative.target)}}} {body}"


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
