"""A formula as tokens, macros expanded; the tokens are read by pylatexenc.

A token that came out of a macro stands where the macro was used.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from pylatexenc.latexwalker import LatexWalker, LatexWalkerError, ParsingState  # type: ignore[import-untyped]
from pylatexenc.macrospec import LatexContextDb  # type: ignore[import-untyped]

from ..faults import FormulaError

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
    r"""A macro of the document's own, or of a package.

    Attributes:
        arguments: how many it takes; with `default`, the first is optional and stands in square brackets.
        variants: other bodies, by the number of groups in braces that follow, and whether an option does: what
            \dv{x}, \dv{f}{x} and \dv[2]{f}{x} say.
    """

    arguments: int
    body: str
    default: str | None = None
    variants: Mapping[tuple[int, bool], str] = field(default_factory=dict, hash=False)


TEXT_MACROS = {
    "text", "textrm", "textit", "textbf", "textnormal", "textsf", "mbox", "hbox", "mathrm", "rm", "operatorname",
    "operatorname*", "mathsf", "mathit", "textup", "intertext", "texttt", "mathtt",
}  # fmt: skip
_UPRIGHT = {"mathrm", "mathsf", "mathit", "mathtt", "operatorname"}

# Plain Unicode, as it is typed or pasted, and what it says in LaTeX.
UNICODE = {
    "−": "-", "–": "-", "·": r"\cdot ", "×": r"\times ", "∂": r"\partial ", "∑": r"\sum ", "Σ": r"\sum ",
    "∇": r"\nabla ", "⊙": r"\odot ", "∘": r"\circ ", "⋅": r"\cdot ", "′": "'", "≠": r"\neq ", "≥": r"\ge ",
    "≤": r"\le ", "→": r"\to ", "←": r"\leftarrow ", "≈": r"\approx ", "∈": r"\in ", "∀": r"\forall ",
    "√": r"\sqrt ", "∥": r"\|", "‖": r"\|", "…": r"\ldots ", "⊤": r"\top ", "∗": "*", "∏": r"\prod ",
    "⇒": r"\Rightarrow ", "≡": r"\equiv ", "∞": r"\infty ", "≜": r"\triangleq ", "½": r"\frac12 ", "∝": r"\propto ",
    "±": r"\pm ", "𝟙": r"\mathbb{1}", "⊗": r"\otimes ", "’": "'", "⟨": r"\langle ", "⟩": r"\rangle ", "″": "''",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u200b": " ", "\ufeff": " ", "\u2061": " ", "\u2062": " ",
}  # fmt: skip
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "Γ": "Gamma", "Π": "prod", "ℓ": "ell",
}  # fmt: skip
UNICODE |= {letter: rf"\{name} " for letter, name in _GREEK.items()}

_ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱʲᵏˡᵐᵀᵗ", "0123456789+-()nijklmTt", strict=True))
_BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ᵢⱼₖₗₘₙₚₜₓ", "0123456789+-()ijklmnptx", strict=True))
_RAISED = re.compile(f"[{''.join(_ABOVE)}]+|[{''.join(_BELOW)}]+")
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&minus;": "-", "&nbsp;": " "}
_ENTITY = re.compile("|".join(_ENTITIES))

_THOUSANDS = re.compile(r"\d{1,3}((?:,|\{,\}|\\,)\d{3})+(?!\d)")
_COMMA = re.compile(r"\d+\{,\}\d+")
_DECIMAL = re.compile(r"\d+(\.\d+)?([eE]-?\d+(?![a-zA-Z\d]))?|\.\d+")


def tokenise(text: str, start: int = 0, macros: Mapping[str, Macro] | None = None) -> list[Token]:
    """The tokens of a formula that begins at `start` in its document.

    Raises:
        FormulaError: its macros have no end, or it is longer than any formula.

    >>> [token.text for token in tokenise(r"\\hat y_{12}", macros={})]
    ['hat', 'y', '_', '{', '12', '}']
    """
    typed = list(_read(text))
    if len(typed) > MOST_TOKENS:
        raise FormulaError("this is too long to be a formula", start, start + len(text))
    try:
        tokens = _Expansion(macros or {}).expand(typed)
    except FormulaError as fault:
        raise FormulaError(fault.reason, fault.start + start, fault.end + start) from fault
    return [Token(t.kind, t.text, t.start + start, t.end + start, t.spaced) for t in tokens] if start else tokens


# Nothing is special to pylatexenc but backslash, braces, dollar and percent: a dash is a dash.
_PLAIN_CONTEXT = LatexContextDb()


def _read(text: str) -> Iterator[Token]:
    """Tokens of the text: macros, braces and comments as pylatexenc reads them, digits joined to numbers."""
    walker = LatexWalker(text, latex_context=_PLAIN_CONTEXT, tolerant_parsing=True)
    state = walker.make_parsing_state()
    position = 0
    spaced = False
    while position < len(text):
        character = text[position]
        if character.isspace() or character == "~":
            position += 1
            spaced = True
            continue
        if character in "\\{}%$":
            tokens, position = _walked(walker, state, position, spaced)
        elif not character.isascii() or character == "&" or text[position + 1 : position + 2] in _ACCENTS:
            tokens, position = _translated(text, position, spaced)
        else:
            tokens, position = _plain(text, position, spaced)
        yield from tokens
        spaced = False


def _plain(text: str, position: int, spaced: bool) -> tuple[list[Token], int]:
    """A letter, a number or a sign, as it is typed."""
    character = text[position]
    kind, end = Kind.LETTER if character.isalpha() else Kind.SYMBOL, position + 1
    if character.isdecimal() or (character == "." and text[end : end + 1].isdecimal()):
        number = _THOUSANDS.match(text, position) or _COMMA.match(text, position) or _DECIMAL.match(text, position)
        kind, end = Kind.NUMBER, number.end() if number else end
    return [Token(kind, text[position:end], position, end, spaced)], end


def _translated(text: str, position: int, spaced: bool) -> tuple[list[Token], int]:
    """What a character outside ASCII, or an entity of HTML, says in LaTeX."""
    latex, end = _latex_of(text, position)
    if latex is None:
        return _plain(text, position, spaced)
    if not latex.strip():
        return [], end
    first, *rest = (replace(token, start=position, end=end) for token in _read(latex))
    return [replace(first, spaced=spaced), *rest], end


def _latex_of(text: str, position: int) -> tuple[str | None, int]:
    character = text[position]
    if entity := _ENTITY.match(text, position):
        return _ENTITIES[entity.group()], entity.end()
    if scripts := _RAISED.match(text, position):
        letters = scripts.group()
        if letters[0] in _ABOVE:
            return "^{" + "".join(_ABOVE[letter] for letter in letters) + "}", scripts.end()
        return "_{" + "".join(_BELOW[letter] for letter in letters) + "}", scripts.end()
    if (mark := text[position + 1 : position + 2]) in _ACCENTS:
        return rf"\{_ACCENTS[mark]}{{{character}}}", position + 2
    if character in UNICODE:
        return UNICODE[character], position + 1
    taken = unicodedata.normalize("NFD", character)
    if len(taken) == 2 and taken[1] in _ACCENTS:
        return rf"\{_ACCENTS[taken[1]]}{{{taken[0]}}}", position + 1
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and plain.isalnum():
        bold = unicodedata.name(character, "").startswith("MATHEMATICAL BOLD")
        inside = _GREEK.get(plain, "")
        inside = rf"\{inside} " if inside else plain
        return (rf"\mathbf{{{inside}}}" if bold else inside), position + 1
    return None, position + 1


def _walked(walker: LatexWalker, state: ParsingState, position: int, spaced: bool) -> tuple[list[Token], int]:
    """What begins with a backslash, a brace, a dollar or a percent sign."""
    try:
        token = walker.get_token(position, parsing_state=state)
    except LatexWalkerError:
        # A backslash at the very end.
        return [], len(walker.s)
    content, end = token.arg, token.pos + max(token.len, 1)
    match token.tok:
        case "macro" if content.rstrip("*") in TEXT_MACROS:
            return _text(walker.s, token.pos, end, content, spaced)
        case "macro":
            return [Token(Kind.MACRO, content, token.pos, token.pos + 1 + len(content), spaced)], end
        case "begin_environment":
            return [Token(Kind.BEGIN, content, token.pos, end, spaced)], end
        case "end_environment":
            return [Token(Kind.END, content, token.pos, end, spaced)], end
        case "brace_open":
            return [Token(Kind.OPEN, "{", token.pos, end, spaced)], end
        case "brace_close":
            return [Token(Kind.CLOSE, "}", token.pos, end, spaced)], end
        case "char":
            # \begin or \end without a name.
            return [Token(Kind.MACRO, content.lstrip("\\"), token.pos, end, spaced)], end
    return [], end


_TO_THE_BRACE = re.compile(r"\s*([A-Za-z]+)\s*(?=\})")


def _text(source: str, start: int, position: int, macro: str, spaced: bool) -> tuple[list[Token], int]:
    """Upright letters: one token, but formulas set upright are read as what they are."""
    if source.startswith("*", position):
        position += 1
    group = _group(source, position)
    if group is not None:
        inside, end = group
        if macro in _UPRIGHT and any(character in inside for character in "\\_^'"):
            return [], position
        return [Token(Kind.TEXT, inside, start, end, spaced)], end
    if macro == "rm":
        # {\rm in}: to the end of the group.
        word = _TO_THE_BRACE.match(source, position)
        return ([Token(Kind.TEXT, word[1], start, word.end(1), spaced)], word.end()) if word else ([], position)
    letter = source[position : position + 1]
    if letter.isalpha():
        return [Token(Kind.TEXT, letter, start, position + 1, spaced)], position + 1
    return [Token(Kind.MACRO, macro, start, start + 1 + len(macro), spaced)], position


def _group(text: str, position: int) -> tuple[str, int] | None:
    """The text of the group that begins here, and where it ends; None where there is none."""
    while position < len(text) and text[position].isspace():
        position += 1
    if position >= len(text) or text[position] != "{":
        return None
    end = closing_brace(text, position + 1)
    return None if end is None else (text[position + 1 : end], end + 1)


def closing_brace(text: str, position: int) -> int | None:
    """Where the group that was opened just before `position` closes; None where it does not."""
    depth = 1
    for match in _BRACE.finditer(text, position):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return None


def brace_partners(text: str) -> dict[int, int]:
    """Where each brace that is opened closes; one that is never closed is left out."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACE.finditer(text):
        if match.group() == "{":
            opened.append(match.start())
        elif match.group() == "}" and opened:
            partners[opened.pop()] = match.start()
    return partners


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _fitting(macro: Macro, tokens: Sequence[Token], place: int) -> Macro:
    """Of a macro with variants, the one for what follows."""
    if not macro.variants:
        return macro
    has_option = place < len(tokens) and tokens[place].is_symbol("[")
    end = place
    if has_option:
        end = next((p for p in range(place, len(tokens)) if tokens[p].is_symbol("]")), len(tokens) - 1) + 1
    groups = 0
    while end < len(tokens) and tokens[end].kind is Kind.OPEN and (groups + 1, has_option) in macro.variants:
        groups += 1
        end = closing(tokens, end) + 1
    body = macro.variants.get((groups, has_option))
    return macro if body is None else Macro(groups + has_option, body, "" if has_option else None)


@cache
def _body(text: str) -> tuple[Token, ...]:
    """The tokens of a macro's body, read once."""
    return tuple(_read(text))


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
            macro = _fitting(macro, tokens, place)
            arguments, place = self._arguments(macro, tokens, place)
            end = tokens[place - 1].end
            body = [replace(t, start=token.start, end=end) for t in _body(macro.body)]
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
                    here = tokens[place - 1]
                    arguments.append([replace(t, start=here.start, end=here.end) for t in _read(macro.default)])
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


def closing(tokens: Sequence[Token], place: int) -> int:
    """The place of the brace that closes the one at `place`.

    Raises:
        FormulaError: there is none.
    """
    depth = 0
    for end in range(place, len(tokens)):
        kind = tokens[end].kind
        depth += 1 if kind is Kind.OPEN else -1 if kind is Kind.CLOSE else 0
        if depth == 0:
            return end
    raise FormulaError("a brace { is opened here and not closed", tokens[place].start, tokens[place].end)


def script_end(tokens: Sequence[Token], place: int) -> int:
    """Where the subscript ends that begins here; the same place where none does."""
    if place >= len(tokens) or not tokens[place].is_symbol("_"):
        return place
    is_group = place + 1 < len(tokens) and tokens[place + 1].kind is Kind.OPEN
    return closing(tokens, place + 1) + 1 if is_group else min(place + 2, len(tokens))
