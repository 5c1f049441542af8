"""From a formula's tokens to segments: lines joined, split at commas and words, chains at their relation signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .brackets import depth_change, is_balanced
from .layout import after_option, clean
from .tokens import Kind, Token

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
    "rightsquigarrow", "forall", "qquad", "quad", "hfill", "hfil", "dotfill", "Longleftrightarrow", "land", "wedge",
    "lor", "vee", "hookrightarrow",
}  # fmt: skip


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
    for number, (row, has_left) in enumerate(_rows(_without_array(clean(tokens)))):
        for before, piece in _split(row):
            segment = _relations(piece, before, number)
            if segment is None:
                continue
            if not segment.signs and found and before == "" and _continues(segment.sides[0], found[-1], number):
                last = found[-1]
                sides = (*last.sides[:-1], (*last.sides[-1], *segment.sides[0]))
                found[-1] = Segment(sides, last.signs, last.before, number)
                continue
            if segment.signs and not segment.sides[0] and found and found[-1].signs and not found[-1].sides[-1]:
                # A sign at the end of one line and again at the beginning of the next is one.
                last = found[-1]
                sides, signs = (*last.sides[:-1], *segment.sides[1:]), (*last.signs[:-1], *segment.signs)
                found[-1] = Segment(sides, signs, last.before, number)
                continue
            joined = before == "" and found and segment.signs and segment.sides[0] and number != found[-1].row
            if joined and not has_left and _continues(segment.sides[0], found[-1], number):
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


def _rows(tokens: Sequence[Token]) -> list[tuple[list[Token], bool]]:
    """The lines without their alignment signs, and whether each has a left side before the first: -a &= b.

    A bracket that is never closed does not hold a line open.
    """
    rows: list[list[Token]] = [[]]
    with_left: set[int] = set()
    balanced = is_balanced(tokens)
    depth = environments = 0
    place = 0
    while place < len(tokens):
        token = tokens[place]
        depth += depth_change(token, brackets=balanced)
        environments += (token.kind is Kind.BEGIN) - (token.kind is Kind.END)
        is_break = is_line_break(token)
        if is_break and depth <= 0:
            depth = 0
            rows.append([])
            is_starred = place + 1 < len(tokens) and tokens[place + 1].is_symbol("*")
            place = after_option(tokens, place + 1 + is_starred)
            continue
        if token.is_symbol("&") and depth <= 0:
            following = tokens[place + 1] if place + 1 < len(tokens) else None
            if following is not None and rows[-1] and _is_relation(following, tokens, place + 1):
                with_left.add(len(rows) - 1)
            if _begins_equation(rows[-1], tokens, place):
                rows[-1].append(Token(Kind.MACRO, "qquad", token.start, token.end))
        elif not (is_break and environments <= 0):
            rows[-1].append(token)
        place += 1
    return [(row, number in with_left) for number, row in enumerate(rows) if row]


def _without_array(tokens: list[Token]) -> list[Token]:
    """The lines of an array that is all of a formula and holds equations: an align by other means."""
    if (
        len(tokens) < 3
        or tokens[0].kind is not Kind.BEGIN
        or tokens[0].text != "array"
        or tokens[-1].kind is not Kind.END
    ):
        return tokens
    inside = tokens[1:-1]
    nested = any(token.kind in {Kind.BEGIN, Kind.END} for token in inside)
    equal = any(_is_relation(token, inside, place) for place, token in enumerate(inside))
    return inside if equal and not nested else tokens


def _begins_equation(row: Sequence[Token], tokens: Sequence[Token], place: int) -> bool:
    """Does this sign of alignment stand between two equations of one line, rather than at a relation sign?"""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None or not row or is_line_break(following) or following.is_symbol("&", "+", "-"):
        return False
    said = any(_is_relation(token, row, number) for number, token in enumerate(row))
    return said and not _is_relation(row[-1], row, len(row) - 1) and not _is_relation(following, tokens, place + 1)


def is_line_break(token: Token) -> bool:
    """Does a new line begin here?"""
    return token.is_macro("\\", "cr", "newline", "tabularnewline", "displaybreak")


def _remark_place(row: Sequence[Token]) -> int | None:
    """Where "(i = j)" begins that ends a line and says when it holds; not where it is the argument of something."""
    if not row or not row[-1].is_symbol(")"):
        return None
    begin = next((p for p in range(len(row) - 2, -1, -1) if row[p].is_symbol("(", ")")), None)
    if begin is None or not row[begin].is_symbol("(") or not 2 <= begin < len(row) - 2:
        return None
    inside = row[begin + 1 : -1]
    place = next((p for p, token in enumerate(inside) if token.is_symbol("=") or token.is_macro("neq", "ne")), 0)
    letters = [token for token in (inside[0], inside[min(place + 1, len(inside) - 1)]) if token.kind is Kind.LETTER]
    if not place or len(letters) < 2 or len(inside) > 8 or any(token.is_symbol(",", "+", "|") for token in inside):
        return None
    before, earlier = row[begin - 1], row[begin - 2]
    is_script = before.kind is Kind.LETTER and earlier.is_symbol("_", "^")
    is_number = before.kind is Kind.NUMBER and before.text != "1"
    is_group = before.kind is Kind.CLOSE and _closes_script(row[:begin])
    is_apart = before.is_symbol(")") or before.is_macro("quad", "qquad")
    return begin if is_script or is_number or is_group or is_apart else None


def _closes_script(tokens: Sequence[Token]) -> bool:
    """Is the group that ends here a subscript or superscript?"""
    depth = 0
    for place in range(len(tokens) - 1, 0, -1):
        depth += (tokens[place].kind is Kind.CLOSE) - (tokens[place].kind is Kind.OPEN)
        if depth == 0:
            return tokens[place - 1].is_symbol("_", "^")
    return False


def _split(row: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    """The row's pieces between commas, spaces, arrows and words, each with the words before it."""
    remark = _remark_place(row)
    yield from _pieces(row[:remark])
    if remark is not None:
        yield "", list(row[remark + 1 : -1])


def _pieces(row: Sequence[Token]) -> Iterator[tuple[str, list[Token]]]:
    balanced = is_balanced(row)
    depth, before, piece = 0, "", list[Token]()
    for place, token in enumerate(row):
        depth += depth_change(token, brackets=balanced)
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
    if not words or " " in words or words != token.text.strip():
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
    balanced = is_balanced(piece)
    depth, place = 0, 0
    while place < len(piece):
        token = piece[place]
        depth += depth_change(token, brackets=balanced)
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
    return Segment(tuple(map(_without_empty_braces, sides)), tuple(signs), before.lower(), row)


def _without_empty_braces(side: list[Token]) -> tuple[Token, ...]:
    """Without the {} that makes TeX space the operator after it as between two terms: {} + b."""
    begin = 0
    while _is_empty_group(side, begin) and not (begin + 2 < len(side) and side[begin + 2].is_symbol("_", "^")):
        begin += 2
    return tuple(side[begin:])


def _is_empty_group(tokens: Sequence[Token], place: int) -> bool:
    return [token.kind for token in tokens[place : place + 2]] == [Kind.OPEN, Kind.CLOSE]


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
