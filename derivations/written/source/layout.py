"""What of a formula is layout only, and how it is taken out: sizes, labels, colours, boxes, alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .tokens import Kind, Token, closing

_SIZES = {
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "bigm", "Bigm", "biggm", "Biggm",
}  # fmt: skip
_DROPPED = {
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", ",", ":",
    "!", " ", ">", "/", "thinspace", "negthinspace", "rm", "it", "null", "protect", "allowbreak",
    "mathstrut", "noindent", "par", "hline", "relax", "-", "centering", "small", "normalsize", "large", "sf", "em",
    "normalfont", "nobreak", "break", "medspace", "enspace", "thickspace", "qed", "qedhere", "allowdisplaybreaks",
    "blacksquare", "square", "Box", "checkmark", "qedsymbol",
    "mathrm", "mathsf", "mathit", "mathtt", "text", "textrm", "textit", "operatorname", "scriptscriptstyle",
}  # fmt: skip
_DROPPED_WITH_ARGUMENT = {
    "label", "tag", "tag*", "eqref", "ref", "color", "vspace", "hspace", "vspace*", "hspace*", "phantom", "hphantom",
    "vphantom", "cite", "footnote", "footnotemark", "hskip", "vskip", "raisebox", "require",
}  # fmt: skip
_WRAPPERS = {
    "underline", "boxed", "fbox", "cancel", "bcancel", "xcancel", "ensuremath", "mathop", "mathbin", "mathrel",
    "mathord", "emph", "smash", "hl", "framebox", "displaylines", "mathclap", "mathrlap", "mathllap",
}  # fmt: skip
_COLOURED = {"textcolor", "colorbox", "mathcolor"}
_ANNOTATED = {"underbrace": "_", "overbrace": "^", "underbracket": "_", "overbracket": "^"}
_STACKED = {"stackrel", "overset", "underset", "stackbin"}

LAYOUT_ENVIRONMENTS = {
    "equation", "align", "aligned", "alignat", "alignedat", "gather", "gathered", "split", "multline", "eqnarray",
    "flalign", "displaymath", "math", "IEEEeqnarray", "subequations", "multlined",
}  # fmt: skip
_ENVIRONMENT_ARGUMENTS = {"array", "alignat", "alignedat", "aligned", "IEEEeqnarray"}

_SIGNS = {
    "{": "lbrace", "}": "rbrace", "lbrace": "lbrace", "rbrace": "rbrace", "|": "‖", "Vert": "‖", "lVert": "‖",
    "rVert": "‖", "vert": "|", "lvert": "|", "rvert": "|", "lbrack": "[", "rbrack": "]", "langle": "⟨", "rangle": "⟩",
    "colon": ":", "lparen": "(", "rparen": ")", "ast": "*", "*": "*", "_": "_", "backslash": "\\", "prime": "'",
    "&": "and", "%": "%", "lt": "<", "gt": ">",
}  # fmt: skip


def clean(tokens: Sequence[Token]) -> list[Token]:
    """Tokens that mean something: without labels, numbering, sizes, colours, boxes and the like.

    A bracket or the inside of a box begins where its `\\left` or `\\boxed` does, so that places stay whole.
    """
    out: list[Token] = []
    place = 0
    begin: int | None = None
    while place < len(tokens):
        token = tokens[place]
        kept, after = _cleaned(tokens, place)
        if kept and after - place > 1 and token.kind is Kind.MACRO:
            kept = _stretched(kept, token.start, tokens[after - 1].end)
        if kept and begin is not None:
            kept, begin = _stretched(kept, begin, 0), None
        if not kept and after - place == 2 and token.is_macro("left"):
            begin = token.start
        if not kept and after - place == 2 and token.is_macro("right") and out:
            out[-1:] = _stretched(out[-1:], out[-1].start, tokens[after - 1].end)
        out += kept
        place = after
    return out


def _cleaned(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """What is left of the token at this place, and where the next begins."""
    token = tokens[place]
    if token.kind is Kind.BEGIN or token.kind is Kind.END:
        return _clean_environment(tokens, place)
    return _clean_macro(tokens, place) if token.kind is Kind.MACRO else ([token], place + 1)


def _clean_macro(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """What is left of a macro and its arguments."""
    token, name, after = tokens[place], tokens[place].text, place + 1
    if name in _SIZES:
        return _sized(tokens, after)
    if name in _STACKED:
        return _stacked(tokens, after)
    if name in _ANNOTATED:
        return _annotated(tokens, after, _ANNOTATED[name])
    if name in _WRAPPERS:
        return _unwrapped(tokens, after)
    if name == "cancelto":
        return _unwrapped(tokens, _after_argument(tokens, after))
    if name in _SIGNS:
        return [Token(Kind.SYMBOL, _SIGNS[name], token.start, token.end, token.spaced)], after
    dropped = _after_dropped(tokens, place)
    return ([token], after) if dropped is None else ([], dropped)


def _after_length(tokens: Sequence[Token], place: int) -> int:
    """Where a length without braces ends, such as -1.5mu."""
    place += place < len(tokens) and tokens[place].is_symbol("-", "+")
    place += place < len(tokens) and tokens[place].kind is Kind.NUMBER
    unit = "".join(token.text for token in tokens[place : place + 2] if token.kind is Kind.LETTER)
    return place + 2 if unit in {"mu", "em", "ex", "pt", "mm", "cm", "in"} else place


def _after_dropped(tokens: Sequence[Token], place: int) -> int | None:
    """Where a macro that says nothing ends, with those of its arguments that say nothing; None for other macros."""
    name, after = tokens[place].text, place + 1
    if name in _DROPPED:
        return after
    if name in _DROPPED_WITH_ARGUMENT:
        is_starred = after < len(tokens) and tokens[after].is_symbol("*")
        return _after_argument(tokens, after + is_starred)
    if name in {"kern", "mkern", "mskip"}:
        return _after_length(tokens, after)
    if name in _COLOURED:
        return _after_argument(tokens, after_option(tokens, after))
    if name == "parbox":
        # A box of words beside a line.
        return _after_argument(tokens, _after_argument(tokens, after_option(tokens, after)))
    return None


def _clean_environment(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """An environment that only lays out is dropped; a matrix or cases stay."""
    token, name = tokens[place], tokens[place].text.rstrip("*")
    kept = [] if name in LAYOUT_ENVIRONMENTS else [token]
    if token.kind is Kind.BEGIN and name in _ENVIRONMENT_ARGUMENTS:
        return kept, _skip_arguments(tokens, place + 1, name)
    return kept, place + 1


def _sized(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """The bracket after \\left, \\right or \\big; none where it is a dot."""
    if place >= len(tokens):
        return [], place
    if tokens[place].is_symbol("."):
        return [], place + 1
    is_bracket = tokens[place].kind is Kind.SYMBOL or tokens[place].text in _SIGNS
    return _cleaned(tokens, place) if is_bracket else ([], place)


def _unwrapped(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    inside, after = _argument(tokens, place)
    return clean(inside), after


def _annotated(tokens: Sequence[Token], place: int, sign: str) -> tuple[list[Token], int]:
    """What stands at a brace, without the remark beyond it."""
    inside, after = _unwrapped(tokens, place)
    has_remark = after < len(tokens) and tokens[after].is_symbol(sign)
    return inside, _after_argument(tokens, after + 1) if has_remark else after


def _stacked(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """What stands above or below a sign is a remark, but below a sum it is what the sum runs over."""
    upper, after = _argument(tokens, place)
    base, after = _unwrapped(tokens, after)
    if len(base) == 1 and base[0].is_macro("sum", "prod", "max", "min") and upper:
        start, end = upper[0].start, upper[-1].end
        lower = Token(Kind.SYMBOL, "_", start, start)
        opened, closed = Token(Kind.OPEN, "{", start, start), Token(Kind.CLOSE, "}", end, end)
        return [*base, lower, opened, *clean(upper), closed], after
    if len(base) == 1 and base[0].is_symbol("=") and "".join(token.text for token in upper).strip() in _SETTING:
        return [replace(base[0], kind=Kind.MACRO, text="coloneqq")], after
    return base, after


# What stands above an equals sign that sets or demands, and claims nothing.
_SETTING = {"def", "Def", "def.", "triangle", "Delta", "!", "set", "let", "wlog"}


def _stretched(tokens: list[Token], start: int, end: int) -> list[Token]:
    """The same tokens from `start` to `end`."""
    first, *rest = tokens
    tokens = [replace(first, start=min(first.start, start)), *rest]
    return [*tokens[:-1], replace(tokens[-1], end=max(tokens[-1].end, end))]


def _argument(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    if place >= len(tokens):
        return [], place
    if tokens[place].kind is not Kind.OPEN:
        return [tokens[place]], place + 1
    end = closing(list(tokens), place)
    return list(tokens[place + 1 : end]), end + 1


def _after_argument(tokens: Sequence[Token], place: int) -> int:
    return _argument(tokens, place)[1]


def after_option(tokens: Sequence[Token], place: int) -> int:
    """The place after an option in square brackets, if one stands here."""
    if place < len(tokens) and tokens[place].is_symbol("["):
        while place < len(tokens) and not tokens[place].is_symbol("]"):
            place += 1
        return place + 1
    return place


def _skip_arguments(tokens: Sequence[Token], place: int, environment: str) -> int:
    place = after_option(tokens, place)
    return place if environment == "aligned" else _after_argument(tokens, place)
