"""The notation in which a pairing is said: "bar(dout, cache) of foo(x: (N, D), w: (D, M), alpha = 0.1) wrt x, w".

pairing   CALL [of CALL] [wrt NAMES]
CALL      NAME [(ARGUMENT, ...)] [-> NAMES]
ARGUMENT  NAME [: ARRAY] [= PYTHON EXPRESSION]
ARRAY     [KIND] SHAPE [of CLASSES] | {NAME: ARRAY, ...} | upstream | cache | output
SHAPE     (N, D) | (2, 3*H, D+1) | N | ()
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from checkers.errors import UsageError
from checkers.own_code.declared import Call, Declaration, Meaning
from checkers.own_code.inputs import Input, Kind, Length
from checkers.own_code.roles import Role, role_of

KINDS: Mapping[str, Kind] = {
    "real": Kind.REAL,
    "int": Kind.LABELS,
    "labels": Kind.LABELS,
    "one-hot": Kind.ONE_HOT,
    "probabilities": Kind.PROBABILITIES,
    "binary": Kind.BINARY,
    "signs": Kind.SIGNS,
    "unit": Kind.UNIT,
    "positive": Kind.POSITIVE,
}
SCALARS = ("number", "scalar")
_NAME = r"[A-Za-z_]\w*"
_LENGTH = re.compile(rf"\d+|{_NAME}|\d+\s*\*?\s*{_NAME}|{_NAME}\s*[+-]\s*\d+")
_ARRAY = re.compile(
    rf"(?P<kind>[a-z]+(?:-[a-z]+)?(?=\s*\(|\s+of\b|\s*<|\s+{_NAME}|\s*$))?\s*(?P<shape>\([^()]*\)|[^\s<(]+)?"
    r"\s*(?:(?:<|of\b)\s*(?P<classes>\w+))?"
)
EXAMPLE = "bar(dout, cache) of foo(x: (N, D), w: (D, M))"


@dataclass(slots=True)
class _Said:
    """What the arguments of a pairing's functions say, of both together: a name means the same in both."""

    shapes: dict[str, Input | tuple[Input, ...]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)


def read_pairing(text: str, place: str) -> Declaration:
    """A pairing from its text.

    Args:
        place: where it stands; the text of an error begins with it.

    Raises:
        UsageError: it cannot be read.

    >>> found = read_pairing("bar(g, memo) of foo(x: (N, D), alpha = 0.1)", "here")
    >>> found.gradient.name, found.of.name, found.values
    ('bar', 'foo', {'alpha': '0.1'})
    """
    said = _Said()
    reader = _Reader(text, place)
    gradient = _call(reader, said)
    of = _call(reader, said) if reader.takes(r"of\b") else None
    wrt = reader.names() if reader.takes(r"(wrt|with respect to)\b") else ()
    reader.ends()
    return Declaration(place, gradient, of, wrt, said.shapes, said.values, said.meanings)


def read_call(text: str, place: str, declaration: Declaration) -> Declaration:
    """The declaration with what its function is the gradient of: "foo(x, w)".

    Raises:
        UsageError: it cannot be read.
    """
    said = _Said(dict(declaration.shapes), dict(declaration.values), dict(declaration.meanings))
    reader = _Reader(text, place)
    of = _call(reader, said)
    reader.ends()
    return replace(declaration, of=of, shapes=said.shapes, values=said.values, meanings=said.meanings)


def read_names(text: str, place: str) -> tuple[str, ...]:
    """Names with commas between them.

    Raises:
        UsageError: they are none.
    """
    reader = _Reader(text, place)
    found = reader.names()
    reader.ends()
    return found


def with_array(declaration: Declaration, name: str, text: str, place: str) -> Declaration:
    """The declaration with one more argument's shape, or its meaning.

    Raises:
        UsageError: the shape cannot be read, or is another one than was said before.
    """
    said = _Said(dict(declaration.shapes), dict(declaration.values), dict(declaration.meanings))
    _say_array(said, name, text, place)
    return replace(declaration, shapes=said.shapes, meanings=said.meanings)


def with_value(declaration: Declaration, name: str, text: str, place: str) -> Declaration:
    """The declaration with one more argument's value.

    Raises:
        UsageError: it is no expression, or another one than was said before.
    """
    said = _Said(values=dict(declaration.values))
    _say_value(said, name, text, place)
    return replace(declaration, values=said.values)


class _Reader:
    """Takes a text apart from the left."""

    def __init__(self, text: str, place: str) -> None:
        self.text, self.place, self.at = text, place, 0

    def takes(self, pattern: str) -> str:
        """What matches here, behind blanks; "" where nothing does."""
        match = re.compile(rf"\s*({pattern})").match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[1]

    def name(self) -> str:
        """A name, with dots for a method's."""
        found = self.takes(rf"{_NAME}(\.{_NAME})*")
        if not found:
            raise self.error("a name")
        return found

    def names(self) -> tuple[str, ...]:
        """Names with commas between them."""
        found = [self.name()]
        while self.takes(","):
            found.append(self.name())
        return tuple(found)

    def bracket(self) -> str | None:
        """What stands between a pair of round brackets that opens here; None where none does."""
        if not self.takes(r"\("):
            return None
        depth, start = 1, self.at
        for place in range(start, len(self.text)):
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(self.text[place], 0)
            if depth == 0:
                self.at = place + 1
                return self.text[start:place]
        raise UsageError(f"{self.place}: the bracket that opens at character {start} is never closed.")

    def ends(self) -> None:
        """Nothing may follow."""
        if self.text[self.at :].strip():
            raise self.error("`of FUNCTION(...)`, `-> NAMES`, `wrt NAMES` or the end")

    def error(self, expected: str) -> UsageError:
        """What was expected here, and what stands here."""
        rest = self.text[self.at :].strip()
        found = f"but `{rest}` stands there" if rest else "but the text ends"
        return UsageError(f"{self.place}: {expected} is expected after `{self.text[: self.at].strip()}`, {found}. "
                          f"It is written like {EXAMPLE}.")  # fmt: skip


def _call(reader: _Reader, said: _Said) -> Call:
    name = reader.name()
    inside = reader.bracket()
    arguments = None if inside is None else tuple(_argument(part, said, reader) for part in _parts(inside))
    return Call(name, arguments, reader.names() if reader.takes("->") else ())


def _argument(text: str, said: _Said, reader: _Reader) -> str:
    match = re.fullmatch(rf"\s*({_NAME})\s*(?::([^=]+))?(?:=(.+))?\s*", text, re.DOTALL)
    if match is None:
        raise UsageError(f"{reader.place}: `{text.strip()}` is no argument. Write `x`, `x: (N, D)` or `alpha = 0.1`.")
    name, array, value = match[1], match[2], match[3]
    if array is not None:
        _say_array(said, name, array, reader.place)
    if value is not None:
        _say_value(said, name, value, reader.place)
    return name


def _say_value(said: _Said, name: str, text: str, place: str) -> None:
    text = text.strip()
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise UsageError(
            f"{place}: the value of {name} is no Python expression: `{text}`. Write a value like 0.1 or 'relu'."
        ) from None
    if said.values.setdefault(name, text) != text:
        raise UsageError(f"{place}: {name} has two values, {said.values[name]} and {text}. Leave one out.")


def _say_array(said: _Said, name: str, text: str, place: str) -> None:
    text = text.strip()
    if text in list(Meaning):
        said.meanings[name] = Meaning(text)
        return
    found = read_array(name, text, place)
    if said.shapes.setdefault(name, found) != found:
        raise UsageError(f"{place}: {name} has two shapes, the second is `{text}`. Leave one out.")


def read_array(name: str, text: str, place: str) -> Input | tuple[Input, ...]:
    """An array, or the arrays of a dict, from its text.

    Raises:
        UsageError: it cannot be read.

    >>> read_array("y", "labels (N,) of C", "here").kind.value
    'labels'
    """
    if text.startswith("{") and text.endswith("}"):
        members = [part.partition(":") for part in _parts(text[1:-1])]
        return tuple(_one_array(key.strip().strip("'\""), inner.strip(), place) for key, _, inner in members)
    return _one_array(name, text, place)


def _one_array(name: str, text: str, place: str) -> Input:
    match = _ARRAY.fullmatch(text)
    word, shape = (match["kind"], match["shape"]) if match else (None, None)
    if word in SCALARS:
        word, shape = None, "()"
    elif word is not None and shape is None and word not in KINDS and not match["classes"]:  # type: ignore[index]
        word, shape = None, word  # a lower-case length: `b: m`
    if match is None or (word is not None and word not in KINDS) or (word is None and shape is None):
        raise _unreadable(name, text, place, word)
    kind = KINDS[word] if word else Kind.WEIGHTS if role_of(name) is Role.WEIGHTS else Kind.REAL
    lengths = tuple(_length(part, name, text, place) for part in _lengths(shape or "(N,)"))
    classes = _length(match["classes"], name, text, place) if match["classes"] else None
    if kind is Kind.LABELS and classes is None:
        raise UsageError(
            f"{place}: {name} holds whole numbers, but below which? Say `{name}: {word} {shape or '(N,)'} of C`."
        )
    if kind in {Kind.ONE_HOT, Kind.PROBABILITIES} and not lengths:
        raise UsageError(f"{place}: {name}: {word} needs an axis of classes. Write `{name}: {word} (N, C)`.")
    axis = lengths.index(classes) if classes in lengths else -1
    return Input(name, lengths, kind, classes if classes is not None else "C", axis)


def _unreadable(name: str, text: str, place: str, word: str | None) -> UsageError:
    close = get_close_matches(word or "", KINDS, 1)
    try_this = f"Did you mean `{close[0]}`?" if close else f"Kinds of array: {', '.join(KINDS)}."
    hint = try_this if word else f"Write `{name}: (N, D)`, `{name}: (N,)`, `{name}: number` or `{name}: labels of C`."
    return UsageError(f"{place}: the shape of {name} cannot be read: `{text}`. {hint}")


def _lengths(shape: str) -> list[str]:
    inside = shape[1:-1] if shape.startswith("(") else shape
    parts = [part.strip() for part in inside.split(",")]
    return parts[:-1] if parts[-1] == "" else parts


def _length(text: str, name: str, whole: str, place: str) -> Length:
    if not _LENGTH.fullmatch(text) or text == "0":
        raise UsageError(
            f"{place}: the shape of {name} cannot be read: `{text}` in `{whole}` is no length. "
            "A length is a letter, a number from 1 on, or like 4*H or D+1."
        )
    return int(text) if text.isdigit() else re.sub(rf"^(\d+)\*?({_NAME})$", r"\1*\2", re.sub(r"\s", "", text))


def _parts(text: str) -> Iterator[str]:
    """Cut at the commas outside of brackets and texts."""
    depth, start, quote = 0, 0, ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and not depth:
            yield text[start:place]
            start = place + 1
        else:
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
    if text[start:].strip():
        yield text[start:]
