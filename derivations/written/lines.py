"""From a formula's tokens to statements: layout taken out, lines joined, chains split at their relation signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .faults import FormulaError
from .tokens import Kind, Token, closing

_SIZES = {
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "bigm", "Bigm", "biggm", "Biggm",
}  # fmt: skip
_DROPPED = {
    "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", ",", ":",
    "!", " ", ">", "/", "thinspace", "negthinspace", "hfill", "hfil", "rm", "it", "null", "protect", "allowbreak",
    "mathstrut", "noindent", "par", "hline", "relax", "-", "centering", "small", "normalsize", "large", "sf", "em",
    "normalfont", "nobreak", "break", "medspace", "enspace", "thickspace", "qed", "qedhere", "allowdisplaybreaks",
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

OPENING = {"(": ")", "[": "]", "lbrace": "rbrace", "⟨": "⟩"}
CLOSING = {close: open_ for open_, close in OPENING.items()}

EQUALITIES = {"=", ":=", "=:", "equiv", "triangleq", "coloneqq", "coloneq", "leftarrow", "gets", "doteq", "eqqcolon",
              "longleftarrow", "Coloneqq", "colonequals", "overset="}  # fmt: skip
ASSIGNING = {":=", "triangleq", "coloneqq", "coloneq", "leftarrow", "gets", "longleftarrow", "Coloneqq", "colonequals"}
_OTHER_RELATIONS = {
    "approx", "sim", "simeq", "propto", "to", "rightarrow", "in", "notin", "le", "leq", "ge", "geq", "ne", "neq", "ll",
    "gg", "mapsto", "longrightarrow", "cong", "subset", "subseteq", "leqslant", "geqslant", "<", ">", "ni",
    "longmapsto",
}  # fmt: skip
_ARROWS = {
    "Rightarrow", "implies", "iff", "Leftrightarrow", "therefore", "because", "Longrightarrow", "leadsto", "Leftarrow",
    "rightsquigarrow", "forall", "qquad", "quad", "Longleftrightarrow", "land", "wedge", "lor", "vee", "hookrightarrow",
}  # fmt: skip


def clean(tokens: Sequence[Token]) -> list[Token]:
    """Tokens that mean something: without labels, numbering, sizes, colours, boxes and the like.

    A bracket or the inside of a box begins where its `\\left` or `\\boxed` does, so that places stay whole.
    """
    out: list[Token] = []
    place = 0
    while place < len(tokens):
        kept, after = _cleaned(tokens, place)
        if kept and after - place > 1 and tokens[place].kind is Kind.MACRO:
            kept = _stretched(kept, tokens[place].start, tokens[after - 1].end)
        out += kept
        place = after
    return out


def _cleaned(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """What is left of the token at this place, and where the next begins."""
    token = tokens[place]
    if token.kind in {Kind.BEGIN, Kind.END}:
        return _clean_environment(tokens, place)
    if token.kind is not Kind.MACRO:
        return [token], place + 1
    after = place + 1
    if token.text in _SIZES:
        return _sized(tokens, after)
    if token.text in _DROPPED:
        return [], after
    if token.text in _DROPPED_WITH_ARGUMENT:
        return [], _after_argument(tokens, after)
    if token.text in _COLOURED:
        return [], _after_argument(tokens, _after_option(tokens, after))
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


def checked_braces(tokens: Sequence[Token]) -> None:
    """Are all braces and environments closed, and none that was not opened?

    Raises:
        FormulaError: at the first that has no partner.
    """
    stack: list[Token] = []
    for token in tokens:
        if token.kind in {Kind.OPEN, Kind.BEGIN}:
            stack.append(token)
        elif token.kind in {Kind.CLOSE, Kind.END}:
            opened = stack.pop() if stack else None
            if opened is None or not _are_partners(opened, token):
                raise FormulaError(f"{_named(token)} closes what was not opened", token.start, token.end)
    if stack:
        raise FormulaError(f"{_named(stack[-1])} is opened here and not closed", stack[-1].start, stack[-1].end)


def _are_partners(opened: Token, closed: Token) -> bool:
    if opened.kind is Kind.OPEN or closed.kind is Kind.CLOSE:
        return opened.kind is Kind.OPEN and closed.kind is Kind.CLOSE
    return opened.text == closed.text


def _named(token: Token) -> str:
    return f"\\{token.kind}{{{token.text}}}" if token.kind in {Kind.BEGIN, Kind.END} else f"the brace {token.text}"


def _argument(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    if place >= len(tokens):
        return [], place
    if tokens[place].kind is not Kind.OPEN:
        return [tokens[place]], place + 1
    end = closing(list(tokens), place)
    return list(tokens[place + 1 : end]), end + 1


def _after_argument(tokens: Sequence[Token], place: int) -> int:
    return _argument(tokens, place)[1]


def _after_option(tokens: Sequence[Token], place: int) -> int:
    if place < len(tokens) and tokens[place].is_symbol("["):
        while place < len(tokens) and not tokens[place].is_symbol("]"):
            place += 1
        return place + 1
    return place


def _skip_arguments(tokens: Sequence[Token], place: int, environment: str) -> int:
    place = _after_option(tokens, place)
    return place if environment == "aligned" else _after_argument(tokens, place)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an equality, unread."""

    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """Where it begins in the document."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return max(token.end for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Segment:
    """Sides with relation signs between them, and the words that stand before.

    Attributes:
        sides: one more than signs; the first is empty where the segment begins with a sign.
        signs: relation signs, each with its place.
        before: words before it, such as "if" or "where".
    """

    sides: tuple[tuple[Token, ...], ...]
    signs: tuple[tuple[str, Token], ...]
    before: str = ""
    row: int = 0


def segments(tokens: Sequence[Token]) -> list[Segment]:
    """A formula's segments in order; a line that goes on with an operator is joined to the line before."""
    found: list[Segment] = []
    for number, row in enumerate(_rows(clean(tokens))):
        for before, piece in _split(row):
            segment = _relations(piece, before, number)
            if segment is None:
                continue
            if not segment.signs and found and before == "" and _continues(segment.sides[0], found[-1], number):
                last = found[-1]
                sides = (*last.sides[:-1], (*last.sides[-1], *segment.sides[0]))
                found[-1] = Segment(sides, last.signs, last.before, number)
                continue
            joined = before == "" and found and segment.signs and segment.sides[0] and number != found[-1].row
            if joined and _continues(segment.sides[0], found[-1], number):
                last = found[-1]
                sides = (*last.sides[:-1], (*last.sides[-1], *segment.sides[0]), *segment.sides[1:])
                found[-1] = Segment(sides, (*last.signs, *segment.signs), last.before, number)
                continue
            found.append(segment)
    return found


def _continues(side: Sequence[Token], last: Segment, row: int) -> bool:
    """Does this side go on with the last side of the line before?"""
    if row == last.row or not last.signs or not side:
        return False
    first = side[0]
    operator = first.is_symbol("+", "-", "*", "/") or first.is_macro("cdot", "times", "odot", "circ", "pm", "mp")
    return operator or not last.sides[-1]


def _rows(tokens: Sequence[Token]) -> list[list[Token]]:
    """The lines, without their alignment signs; a bracket that is never closed does not hold a line open."""
    rows: list[list[Token]] = [[]]
    balanced = _is_balanced(tokens)
    depth = environments = 0
    place = 0
    while place < len(tokens):
        token = tokens[place]
        depth += _depth_change(token, brackets=balanced)
        environments += {Kind.BEGIN: 1, Kind.END: -1}.get(token.kind, 0)
        is_break = is_line_break(token)
        if is_break and depth <= 0:
            depth = 0
            rows.append([])
            place = _after_option(tokens, place + 1)
            continue
        if not (token.is_symbol("&") and depth <= 0) and not (is_break and environments <= 0):
            rows[-1].append(token)
        place += 1
    return [row for row in rows if row]


def is_line_break(token: Token) -> bool:
    """Does a new line begin here?"""
    return token.is_macro("\\", "cr", "newline", "tabularnewline", "displaybreak")


def _is_balanced(tokens: Sequence[Token]) -> bool:
    """Are the brackets of the whole formula matched?"""
    stack: list[str] = []
    for token in tokens:
        if token.kind is Kind.SYMBOL and token.text in OPENING:
            stack.append(token.text)
        elif token.kind is Kind.SYMBOL and token.text in CLOSING and (not stack or stack.pop() != CLOSING[token.text]):
            return False
    return not stack


def _depth_change(token: Token, *, brackets: bool = True) -> int:
    if token.kind in {Kind.OPEN, Kind.BEGIN}:
        return 1
    if token.kind in {Kind.CLOSE, Kind.END}:
        return -1
    if brackets and token.kind is Kind.SYMBOL:
        return 1 if token.text in OPENING else -1 if token.text in CLOSING else 0
    return 0


def _split(row: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    """The row's pieces between commas, spaces, arrows and words, each with the words before it."""
    balanced = _is_balanced(row)
    depth, before, piece = 0, "", list[Token]()
    for place, token in enumerate(row):
        depth += _depth_change(token, brackets=balanced)
        is_word = token.kind is Kind.TEXT and _is_prose(token, row, place)
        if depth <= 0 and (is_word or _separates(token, row, place)):
            if piece:
                yield before, piece
                before, piece = "", []
            before = (before + " " + (token.text if is_word else "")).strip() if is_word else before
            if token.is_macro("forall"):
                before = "for"
            continue
        piece.append(token)
    if piece:
        yield before, piece


def _is_prose(token: Token, row: Sequence[Token], place: int) -> bool:
    """Is this text a remark, rather than a name such as softmax or loss?"""
    words = token.text.strip().strip("()[].,:; ")
    if place and row[place - 1].is_symbol("_", "^"):
        return False
    if not words or " " in words:
        return True
    if words.lower() in _REMARKS:
        return True
    following = row[place + 1] if place + 1 < len(row) else None
    return following is not None and following.kind is Kind.TEXT and token.text != token.text.strip()


_REMARKS = {
    "if", "when", "where", "with", "and", "for", "or", "since", "because", "as", "otherwise", "else", "so", "thus",
    "hence", "then", "by", "let", "now", "using", "i.e", "e.g", "also", "but", "therefore", "gives", "given", "is",
    "chain rule", "are", "the", "all", "case", "while", "which", "yields", "wrt", "from", "be", "so that", "using:",
}  # fmt: skip


def _separates(token: Token, row: Sequence[Token], place: int) -> bool:
    if token.kind is Kind.MACRO:
        if token.text in {"quad", "qquad"}:
            following = row[place + 1] if place + 1 < len(row) else None
            return not (following is not None and _is_relation(following, row, place + 1))
        return token.text in _ARROWS
    if token.is_symbol(";"):
        return True
    if token.is_symbol(":"):
        return not (place + 1 < len(row) and row[place + 1].is_symbol("=")) and not (
            place > 0 and row[place - 1].is_symbol("=")
        )
    if token.is_symbol(","):
        return True
    if token.is_symbol("."):
        return place == len(row) - 1 or row[place + 1].kind is Kind.TEXT or row[place + 1].is_macro("quad", "qquad")
    return False


def _is_relation(token: Token, row: Sequence[Token], place: int) -> bool:
    return (
        token.is_symbol("=")
        or (token.kind is Kind.MACRO and token.text in EQUALITIES)
        or (token.is_symbol(":") and place + 1 < len(row) and row[place + 1].is_symbol("="))
    )


def _relations(piece: Sequence[Token], before: str, row: int) -> Segment | None:
    """Split at relation signs that stand in no bracket."""
    while piece and (piece[-1].is_symbol(".", ",") or piece[-1].is_macro("quad", "qquad", ";")):
        piece = piece[:-1]
    sides: list[list[Token]] = [[]]
    signs: list[tuple[str, Token]] = []
    balanced = _is_balanced(piece)
    depth, place = 0, 0
    while place < len(piece):
        token = piece[place]
        depth += _depth_change(token, brackets=balanced)
        sign, length = _relation(piece, place) if depth <= 0 else ("", 1)
        if token.is_macro("quad", "qquad", ";"):
            place += 1
            continue
        if sign:
            # A doubled sign, "= \\ &=", is one.
            if not sides[-1] and signs:
                signs[-1] = (sign, piece[place])
            else:
                signs.append((sign, piece[place]))
                sides.append([])
        else:
            sides[-1].append(token)
        place += length
    if not any(sides) and not signs:
        return None
    return Segment(tuple(tuple(side) for side in sides), tuple(signs), before.lower(), row)


def _relation(piece: Sequence[Token], place: int) -> tuple[str, int]:
    token = piece[place]
    following = piece[place + 1] if place + 1 < len(piece) else None
    if token.is_symbol(":") and following is not None and following.is_symbol("="):
        return ":=", 2
    if token.is_symbol("="):
        if following is not None and following.is_symbol(":"):
            return "=:", 2
        return ("=", 2) if following is not None and following.is_symbol("=") else ("=", 1)
    if token.is_symbol("<"):
        is_arrow = following is not None and following.is_symbol("-") and not following.spaced
        return ("leftarrow", 2) if is_arrow else ("<", 1)
    if token.is_symbol(">"):
        return ">", 1
    if token.kind is Kind.MACRO and (token.text in EQUALITIES or token.text in _OTHER_RELATIONS):
        return token.text, 1
    if token.is_macro("not"):
        return "ne", 2
    return "", 1
