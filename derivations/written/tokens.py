"""A formula as tokens, macros expanded; the tokens are read by pylatexenc.

A token that came out of a macro stands where the macro was used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

from .faults import FormulaError

# Macros that expand to themselves, or to twice themselves, end here.
MOST_TOKENS = 20_000
DEEPEST_EXPANSION = 40


class Kind(StrEnum):
    """What a token is."""

    LETTER = "letter"
    NUMBER = "number"
    MACRO = "macro"
    OPEN = "{"
    CLOSE = "}"
    SYMBOL = "symbol"
    BEGIN = "begin"
    END = "end"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Token:
    """One token and its place; `text` is without the backslash. `spaced`: a space stands before it."""

    kind: Kind
    text: str
    start: int
    end: int
    spaced: bool = False

    def is_symbol(self, *texts: str) -> bool:
        """Is it one of these signs?"""
        return self.kind is Kind.SYMBOL and self.text in texts

    def is_macro(self, *texts: str) -> bool:
        """Is it one of these macros?"""
        return self.kind is Kind.MACRO and self.text in texts


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro of the document's own."""

    arguments: int
    body: str
    default: str | None = None


TEXT_MACROS = {
    "text", "textrm", "textit", "textbf", "textnormal", "textsf", "mbox", "hbox", "mathrm", "rm", "operatorname",
    "operatorname*", "mathsf", "mathit", "textup", "intertext", "texttt", "mathtt",
}  # fmt: skip

# Plain Unicode, as it is typed or pasted, and what it says in LaTeX.
UNICODE = {
    "−": "-", "–": "-", "·": r"\cdot ", "×": r"\times ", "∂": r"\partial ", "∑": r"\sum ", "Σ": r"\sum ",
    "∇": r"\nabla ", "⊙": r"\odot ", "∘": r"\circ ", "⋅": r"\cdot ", "′": "'", "≠": r"\neq ", "≥": r"\ge ",
    "≤": r"\le ", "→": r"\to ", "←": r"\leftarrow ", "≈": r"\approx ", "∈": r"\in ", "∀": r"\forall ",
    "√": r"\sqrt ", "∥": r"\|", "‖": r"\|", "…": r"\ldots ", "ᵀ": "^T ", "⊤": r"\top ", "∗": "*", "\u00a0": " ",
    "⇒": r"\Rightarrow ", "≡": r"\equiv ", "∞": r"\infty ", "²": "^2 ", "³": "^3 ", "ℓ": r"\ell ", "≜": r"\triangleq ",
    "ŷ": r"\hat y ", "Ŷ": r"\hat Y ", "½": r"\frac12 ", "∝": r"\propto ", "±": r"\pm ", "ℒ": r"\mathcal L ",
    "₀": "_0 ", "₁": "_1 ", "₂": "_2 ", "₃": "_3 ", "₄": "_4 ", "ᵢ": "_i ", "ⱼ": "_j ", "ₖ": "_k ", "ₗ": "_l ",
    "ₘ": "_m ", "ₙ": "_n ", "𝟙": r"\mathbb{1}", "⊗": r"\otimes ", "⁻": "^-", "¹": "^1 ", "ⁿ": "^n ", "ⁱ": "^i ",
    "\u2009": " ", "\u202f": " ", "\u200b": " ", "\ufeff": " ", "’": "'", "⟨": r"\langle ", "⟩": r"\rangle ",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "Γ": "Gamma",
}  # fmt: skip
UNICODE |= {letter: rf"\{name} " for letter, name in _GREEK.items()}

_THOUSANDS = re.compile(r"\d{1,3}((?:,|\{,\}|\\,)\d{3})+(?!\d)")
_DECIMAL = re.compile(r"\d+(\.\d+)?([eE]-?\d+)?(?![a-zA-Z])|\d+(\.\d+)?|\.\d+")


def tokenise(text: str, start: int = 0, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    """The tokens of a formula that begins at `start` in its document.

    Raises:
        FormulaError: the formula cannot be read as LaTeX, or its macros have no end.
    """
    return _Expansion(macros or {}).expand(list(_raw(text, start)))


def _raw(text: str, start: int) -> Iterator[Token]:
    """Tokens as pylatexenc reads them; digits joined to numbers, text groups to one token."""
    begin = 0
    for place, character in enumerate(text):
        if character in UNICODE:
            yield from _read(text[begin:place], start + begin)
            yield from (
                replace(token, start=start + place, end=start + place + 1) for token in _read(UNICODE[character], 0)
            )
            begin = place + 1
    yield from _read(text[begin:], start + begin)


def _read(text: str, start: int) -> Iterator[Token]:
    walker = LatexWalker(text, tolerant_parsing=True)
    position = 0
    while position < len(text):
        try:
            token = walker.get_token(position)
        except LatexWalkerError:
            return
        position = token.pos + max(token.len, 1)
        spaced = bool(token.pre_space)
        kind, content = token.tok, token.arg
        if kind == "comment":
            continue
        if kind == "char" and (content.isdigit() or (content == "." and text[token.pos + 1 : token.pos + 2].isdigit())):
            match = _THOUSANDS.match(text, token.pos) or _DECIMAL.match(text, token.pos)
            number = match.group() if match else content
            position = token.pos + len(number)
            read = Token(Kind.NUMBER, number, token.pos, position, spaced)
        elif kind == "macro" and content.rstrip("*") in TEXT_MACROS and (group := _group(text, position)) is not None:
            position = group[1]
            read = Token(Kind.TEXT, group[0], token.pos, position, spaced)
        elif kind == "macro":
            read = Token(Kind.MACRO, content, token.pos, token.pos + 1 + len(content), spaced)
        elif kind == "begin_environment":
            read = Token(Kind.BEGIN, content, token.pos, position, spaced)
        elif kind == "end_environment":
            read = Token(Kind.END, content, token.pos, position, spaced)
        elif kind == "brace_open":
            read = Token(Kind.OPEN, "{", token.pos, position, spaced)
        elif kind == "brace_close":
            read = Token(Kind.CLOSE, "}", token.pos, position, spaced)
        elif kind.startswith("mathmode"):
            continue
        elif kind == "specials":
            characters = content.specials_chars
            if characters == "~" or characters == "\n\n":
                continue
            for number, character in enumerate(characters):
                place = token.pos + number
                yield _placed(Token(Kind.SYMBOL, character, place, place + 1, spaced), start)
            continue
        elif content.isalpha():
            read = Token(Kind.LETTER, content, token.pos, position, spaced)
        else:
            read = Token(Kind.SYMBOL, content, token.pos, position, spaced)
        yield _placed(read, start)


def _placed(token: Token, start: int) -> Token:
    return replace(token, start=token.start + start, end=token.end + start)


def _group(text: str, position: int) -> tuple[str, int] | None:
    """The text of the group that begins here, and where it ends; None where there is none."""
    while position < len(text) and text[position].isspace():
        position += 1
    if position >= len(text) or text[position] != "{":
        return None
    depth = 0
    for place in range(position, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0) if text[place - 1] != "\\" else 0
        if depth == 0:
            return text[position + 1 : place], place + 1
    return None


@dataclass(frozen=True, slots=True)
class _Expansion:
    macros: Mapping[str, Macro]

    def expand(self, tokens: list[Token], depth: int = 0) -> list[Token]:
        if depth > DEEPEST_EXPANSION or len(tokens) > MOST_TOKENS:
            raise FormulaError("a macro here expands without end", tokens[0].start, tokens[-1].end)
        out: list[Token] = []
        place = 0
        while place < len(tokens):
            token = tokens[place]
            macro = self.macros.get(token.text) if token.kind is Kind.MACRO else None
            place += 1
            if macro is None:
                out.append(token)
                continue
            arguments, place = self._arguments(macro, tokens, place)
            end = tokens[place - 1].end
            body = [replace(t, start=token.start, end=end) for t in _raw(macro.body, 0)]
            out += self.expand(self._filled(body, arguments), depth + 1)
            if len(out) > MOST_TOKENS:
                raise FormulaError("a macro here expands without end", token.start, end)
        return out

    @staticmethod
    def _arguments(macro: Macro, tokens: list[Token], place: int) -> tuple[list[list[Token]], int]:
        arguments: list[list[Token]] = []
        for number in range(macro.arguments):
            if number == 0 and macro.default is not None:
                if place < len(tokens) and tokens[place].is_symbol("["):
                    end = next((p for p in range(place, len(tokens)) if tokens[p].is_symbol("]")), len(tokens) - 1)
                    arguments.append(tokens[place + 1 : end])
                    place = end + 1
                else:
                    arguments.append(list(_raw(macro.default, tokens[place - 1].start)))
                continue
            if place >= len(tokens):
                raise FormulaError("a macro lacks an argument here", tokens[-1].start, tokens[-1].end)
            end = closing(tokens, place) if tokens[place].kind is Kind.OPEN else place
            arguments.append(tokens[place + 1 : end] if end > place else [tokens[place]])
            place = end + 1
        return arguments, place

    @staticmethod
    def _filled(body: list[Token], arguments: list[list[Token]]) -> list[Token]:
        """The body with #1, #2 ... replaced."""
        filled: list[Token] = []
        place = 0
        while place < len(body):
            token = body[place]
            following = body[place + 1] if place + 1 < len(body) else None
            if token.is_symbol("#") and following is not None and following.kind is Kind.NUMBER:
                number, rest = int(following.text[0]), following.text[1:]
                filled += arguments[number - 1] if number <= len(arguments) else []
                if rest:
                    filled.append(replace(following, text=rest))
                place += 2
            else:
                filled.append(token)
                place += 1
        return filled


def closing(tokens: list[Token], place: int) -> int:
    """The place of the brace that closes the one at `place`.

    Raises:
        FormulaError: there is none.
    """
    depth = 0
    for end in range(place, len(tokens)):
        depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(tokens[end].kind, 0)
        if depth == 0:
            return end
    raise FormulaError("a brace { is opened here and not closed", tokens[place].start, tokens[place].end)
