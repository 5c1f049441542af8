"""Formulas on one line of text: ∂J/∂zᵢₘ = (1/n) (ŷᵢₘ − yᵢₘ), and the same in ASCII where a terminal has no Unicode.

Unicode has subscripts for some letters only. Whether a document writes zᵢₘ or z_im is decided once for
all its formulas, so that the two never stand side by side.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
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
    ends_open,
    parts,
)
from .notation import Notation
from .typesetting import Typesetter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .derivation import Step
    from .model import Model

_SUBSCRIPTS = dict(zip("aehijklmnoprstuvxβγρφχ0123456789=", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₀₁₂₃₄₅₆₇₈₉₌", strict=True))
_SUPERSCRIPTS = dict(
    zip(
        "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW0123456789()-−",
        "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻⁻",
        strict=True,
    )
)
_COMBINING = {Accent.HAT: "\u0302", Accent.BAR: "\u0304", Accent.TILDE: "\u0303"}
_BRACKETS = {Fence.ROUND: "()", Fence.SQUARE: "[]", Fence.BAR: "||"}
_LATIN = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi",
    "ψ": "psi", "ω": "omega",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How formulas are written on one line.

    Attributes:
        subscripts: zᵢₘ rather than z_im.
        ascii: only ASCII, for a terminal that cannot show more.
        bounds: sums say their range, as in Σᵢ₌₁ⁿ.
    """

    subscripts: bool = True
    ascii: bool = False
    bounds: bool = False


ASCII = TextStyle(subscripts=False, ascii=True)


def style_for(layouts: Iterable[Layout]) -> TextStyle:
    """Unicode with real subscripts where every index of every formula has one."""
    letters = {letter.text for layout in layouts for part in parts(layout) for letter in _index_letters(part)}
    return TextStyle(subscripts=all(len(letter) == 1 and letter in _SUBSCRIPTS for letter in letters))


def _index_letters(part: object) -> tuple[Letter, ...]:
    if isinstance(part, Total):
        return (part.index,)
    if isinstance(part, LetterSum):
        return part.first, part.second
    return tuple(one for one in part.letters if isinstance(one, Letter)) if isinstance(part, Indices) else ()


def unicode_text(layout: Layout, style: TextStyle | None = None) -> str:
    """A formula as one line of text; without a style, one that fits the formula."""
    return _Writer(style or style_for([layout])).write(layout)


def chain_text(step: Step, model: Model) -> str:
    """A step's equalities, one a line, aligned at their signs."""
    typesetter = Typesetter(Notation.of(model))
    style = style_for([typesetter.layout(definition.value) for definition in model.definitions])
    left, *rights = (
        unicode_text(typesetter.layout(side), style)
        for side in (step.quantity, *(equality.right for equality in step.equalities))
    )
    lines = dict.fromkeys(right for right in rights if right != left)
    width = sum(not unicodedata.combining(character) for character in left)
    return left + ("\n" + " " * width).join(f" = {line}" for line in lines)


@dataclass(frozen=True, slots=True)
class _Writer:
    style: TextStyle

    def write(self, layout: Layout) -> str:
        return _WRITERS[type(layout)](self, layout)

    @property
    def _d(self) -> str:
        return "d" if self.style.ascii else "∂"

    @property
    def _minus(self) -> str:
        return "-" if self.style.ascii else "−"

    def _letter(self, letter: Letter) -> str:
        primes = letter.primes * ("'" if self.style.ascii or not self.style.subscripts else "′")
        if self.style.ascii:
            accent = f"_{letter.accent}" if letter.accent else ""
            return _LATIN.get(letter.text, letter.text) + accent + primes
        accented = letter.text + _COMBINING.get(letter.accent, "")
        return unicodedata.normalize("NFC", accented) + primes

    def _indices(self, indices: Indices) -> str:
        if self.style.subscripts:
            return "".join(map(self._subscript, indices.letters))
        written = [
            f"{self._letter(one.first)}+{self._letter(one.second)}{self._minus}1"
            if isinstance(one, LetterSum)
            else self._letter(one)
            for one in indices.letters
        ]
        return "_" + ("," if any(letter.is_word for letter in indices.letters) else "").join(written)

    def _subscript(self, letter: Letter | LetterSum) -> str:
        if isinstance(letter, LetterSum):
            # Brackets, since no comma can stand as low as this.
            return f"₍{self._subscript(letter.first)}₊{self._subscript(letter.second)}₋₁₎"
        return _SUBSCRIPTS[letter.text] + "′" * letter.primes

    def _scripts(self, scripts: Scripts) -> str:
        text = self.write(scripts.base)
        if scripts.layer:
            text += scripts.layer if self.style.ascii else _raised(f"({scripts.layer})")
        if scripts.indices:
            text += self._indices(scripts.indices)
        return text + self._power(scripts.power) if scripts.power else text

    def _power(self, power: Layout) -> str:
        written = self.write(power)
        raised = "" if self.style.ascii else _raised(written)
        return raised or (f"^{written}" if isinstance(power, (Number, Letter)) else f"^({written})")

    def _fraction(self, fraction: Fraction) -> str:
        above, below = fraction.above, fraction.below
        if _is_short(above) and _is_short(below):
            return f"{self.write(above)}/{self.write(below)}"
        upper = isinstance(above, Fraction) or ends_open(above)
        lower = isinstance(below, (Terms, Product, Fraction))
        return f"{self._inside(above, upper)} / {self._inside(below, lower)}"

    def _inside(self, side: Layout, bracketed: bool) -> str:
        return f"({self.write(side)})" if bracketed else self.write(side)

    def _product(self, product: Product) -> str:
        text, factors = "", product.factors
        for place, factor in enumerate(factors):
            written = self.write(factor)
            if isinstance(factor, Fraction) and (place < len(factors) - 1 or _is_short(factor.below)):
                written = f"({written})"
            text += written if place == 0 else self._between(factors[place - 1], factor) + written
        return text

    def _between(self, left: Layout, right: Layout) -> str:
        """The sign of a product: a dot after dJ/dz, lest the next factor be read as part of its denominator."""
        if self.style.ascii:
            return " * "
        return " · " if isinstance(left, (Derivative, DerivativeOf)) or isinstance(right, Number) else " "

    def _terms(self, terms: Terms) -> str:
        text = ""
        for place, term in enumerate(terms.terms):
            sign = self._minus if term.negative else "+"
            if place:
                text += f" {sign} "
            elif term.negative:
                text += sign
            text += self.write(term.body)
        return text

    def _total(self, total: Total) -> str:
        sign = "sum" if self.style.ascii else "Σ"
        return f"{sign}{self._indices(Indices((total.index,)))}{self._range(total)} {self.write(total.body)}"

    def _range(self, total: Total) -> str:
        raised = _raised(self.write(total.size))
        return f"₌₁{raised}" if self.style.bounds and self.style.subscripts and raised else ""

    def _call(self, call: Call) -> str:
        name = self.write(call.function)
        written = ", ".join(self.write(argument) for argument in call.arguments)
        if call.bare and not (self.style.ascii and ends_open(call.arguments[0])):
            return f"{name} {written}"
        return f"{name}({written})"

    def _derivative(self, derivative: Derivative) -> str:
        held = ",".join(self._letter(letter) for letter in derivative.held)
        text = f"{self._d}{self.write(derivative.of)}/{self._d}{self.write(derivative.target)}"
        return f"{text}|_{held}" if held else text

    def _derivative_of(self, derivative: DerivativeOf) -> str:
        return f"{self._d}/{self._d}{self.write(derivative.target)} [{self.write(derivative.body)}]"

    def _indicator(self, indicator: Indicator) -> str:
        return f"1[{self.write(indicator.left)} {indicator.sign} {self.write(indicator.right)}]"

    def _bracketed(self, bracketed: Bracketed) -> str:
        return self.write(bracketed.body).join(_BRACKETS[bracketed.fence])

    def _exponential(self, exponential: Exponential) -> str:
        return f"exp({self.write(exponential.exponent)})"

    def _root(self, root: Root) -> str:
        return f"{'sqrt' if self.style.ascii else '√'}({self.write(root.body)})"

    def _number(self, number: Number) -> str:
        return number.text


_WRITERS: dict[type, Callable[[_Writer, Any], str]] = {
    Letter: _Writer._letter,
    Number: _Writer._number,
    Scripts: _Writer._scripts,
    Fraction: _Writer._fraction,
    Product: _Writer._product,
    Terms: _Writer._terms,
    Total: _Writer._total,
    Bracketed: _Writer._bracketed,
    Call: _Writer._call,
    Exponential: _Writer._exponential,
    Root: _Writer._root,
    Indicator: _Writer._indicator,
    Derivative: _Writer._derivative,
    DerivativeOf: _Writer._derivative_of,
}


def _is_short(side: Layout) -> bool:
    """May it stand at a slash without spaces or brackets, as in 2/n?"""
    return isinstance(side, (Letter, Number))


def _raised(text: str) -> str:
    """The text in superscript letters; empty when Unicode has not all of them."""
    return "".join(_SUPERSCRIPTS[letter] for letter in text) if all(letter in _SUPERSCRIPTS for letter in text) else ""
