"""Formulas on one line of text: ∂J/∂zᵢₘ = (1/n) (ŷᵢₘ − yᵢₘ), and the same in ASCII where a terminal has no Unicode.

Unicode has subscripts for some letters only. Whether a document writes zᵢₘ or z_im is decided once for all its formulas,
so that the two never stand side by side.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

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
    Number,
    Product,
    Scripts,
    Terms,
    Total,
    ends_open,
    parts,
)

_SUBSCRIPTS = dict(zip("aehijklmnoprstuvxβγρφχ0123456789=", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₀₁₂₃₄₅₆₇₈₉₌", strict=True))
_SUPERSCRIPTS = dict(
    zip("abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW0123456789()-−", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻⁻", strict=True)
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
    letters = {
        letter.text
        for layout in layouts
        for part in parts(layout)
        for letter in (part.letters if isinstance(part, Indices) else (part.index,) if isinstance(part, Total) else ())
    }
    return TextStyle(subscripts=all(len(letter) == 1 and letter in _SUBSCRIPTS for letter in letters))


def unicode_text(layout: Layout, style: TextStyle | None = None) -> str:
    """A formula as one line of text; without a style, one that fits the formula."""
    return _Writer(style or style_for([layout])).write(layout)


@dataclass(frozen=True, slots=True)
class _Writer:
    style: TextStyle

    def write(self, layout: Layout) -> str:
        match layout:
            case Letter():
                return self._letter(layout)
            case Number(text=text):
                return text
            case Scripts():
                return self._scripts(layout)
            case Fraction(above=above, below=below):
                return self._fraction(above, below)
            case Product(factors=factors):
                return self._product(factors)
            case Terms():
                return self._terms(layout)
            case Total():
                return self._total(layout)
            case Bracketed(body=body, fence=fence):
                return self.write(body).join(_BRACKETS[fence])
            case Call():
                return self._call(layout)
            case Exponential(exponent=exponent):
                return f"exp({self.write(exponent)})"
            case Indicator(left=left, sign=sign, right=right):
                return f"1[{self.write(left)} {sign} {self.write(right)}]"
            case Derivative():
                return self._derivative(layout)
            case DerivativeOf(target=target, body=body):
                return f"{self._d}/{self._d}{self.write(target)} [{self.write(body)}]"

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
            return "".join(_SUBSCRIPTS[letter.text] + "′" * letter.primes for letter in indices.letters)
        written = [self._letter(letter) for letter in indices.letters]
        return "_" + ("," if any(letter.is_word for letter in indices.letters) else "").join(written)

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

    def _fraction(self, above: Layout, below: Layout) -> str:
        if _is_short(above) and _is_short(below):
            return f"{self.write(above)}/{self.write(below)}"
        return f"{self._side(above)} / {self._side(below)}"

    def _side(self, side: Layout) -> str:
        """One side of a fraction, in brackets where it is more than one factor."""
        text = self.write(side)
        closed = isinstance(side, (Letter, Number, Scripts, Bracketed, Exponential, Indicator))
        return text if closed or (isinstance(side, Call) and not side.bare) else f"({text})"

    def _product(self, factors: tuple[Layout, ...]) -> str:
        text = ""
        for place, factor in enumerate(factors):
            written = self.write(factor)
            if isinstance(factor, Fraction) and (place < len(factors) - 1 or _is_short(factor.below)):
                written = f"({written})"
            text += written if place == 0 else self._between(factors[place - 1], factor) + written
        return text

    def _between(self, left: Layout, right: Layout) -> str:
        dotted = isinstance(left, (Derivative, DerivativeOf)) or isinstance(right, (Derivative, DerivativeOf))
        if dotted or (isinstance(right, Number) or self.style.ascii):
            return " * " if self.style.ascii else " · "
        return " "

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
        raised = _raised(self._letter(total.size))
        if not (self.style.bounds and self.style.subscripts and raised):
            return ""
        return f"₌₁{raised}"

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


def _is_short(side: Layout) -> bool:
    """May it stand at a slash without spaces or brackets, as in 2/n?"""
    return isinstance(side, (Letter, Number))


def _raised(text: str) -> str:
    """The text in superscript letters; empty when Unicode has not all of them."""
    return "".join(_SUPERSCRIPTS[letter] for letter in text) if all(letter in _SUPERSCRIPTS for letter in text) else ""
