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


def _cleaned(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:  # noqa: PLR0912
    """What is left of the token at this place, and where the next begins."""
    token = tokens[place]
    if token.kind is Kind.BEGIN or token.kind is Kind.END:
        return _clean_environment(tokens, place)
    after = place + 1
    if token.kind is not Kind.MACRO:
        return [token], after
    if token.text in _SIZES:
        return _sized(tokens, after)
    if token.text in _DROPPED:
        return [], after
    if token.text in _DROPPED_WITH_ARGUMENT:
        is_starred = after < len(tokens) and tokens[after].is_symbol("*")
        return [], _after_argument(tokens, after + is_starred)
    if token.text == "parbox":
        # A box of words beside a line.
        return [], _after_argument(tokens, _after_argument(tokens, after_option(tokens, after)))
    if token.text in _COLOURED:
        return [], _after_argument(tokens, after_option(tokens, after))
    if token.text == "cancelto":
        return _unwrapped(tokens, _after_argument(tokens, after))
    if token.text in _STACKED:
        return _stacked(tokens, after)
    if token.text in _ANNOTATED:
        inside, after = _unwrapped(tokens, after)
        if after < len(tokens) and tokens[after].is_symbol(_ANNOTATED[token.text]):
            after = _after_argument(tokens, after + 1)
        return inside, after
    if token.text in _WRAPPERS:
        return _unwrapped(tokens, after)
    if token.text in _SIGNS:
        return [Token(Kind.SYMBOL, _SIGNS[token.text], token.start, token.end, token.spaced)], after
    return [token], after


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
