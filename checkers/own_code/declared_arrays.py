"""The arrays that a declared pair is called with: those whose shape is said, and the usual ones for those left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .facts import Function
from .inputs import Input, Kind, Length
from .roles import LETTERS, Role, layouts, role_of

# Two sets of distinct primes, as `inputs.SIZES` has them, for letters in the order in which they are first named.
PRIMES = ((5, 7, 3, 11, 2, 13, 17), (7, 5, 11, 3, 2, 17, 13))
SPARE_LETTERS = "MKPQRSTUV"


@dataclass(frozen=True, slots=True)
class Arrays:
    """Arrays that go together.

    Attributes:
        guessed: the names of those whose shape was not said.
    """

    inputs: tuple[Input, ...]
    guessed: tuple[str, ...] = ()
    is_guess: bool = False

    @property
    def label(self) -> str:
        """In words: "x (N, D), y labels (N,) of C"."""
        return ", ".join(map(describe, self.inputs))

    @property
    def sizes(self) -> tuple[Mapping[str, int], ...]:
        """Two sets of sizes for the letters."""
        lengths = [length for one in self.inputs for length in (*one.shape, *_classes(one))]
        letters = list(dict.fromkeys(letter for length in lengths if (letter := letter_of(length))))
        found = []
        for primes in PRIMES:
            sizes = {letter: primes[place % len(primes)] for place, letter in enumerate(letters)}
            found.append(sizes | {text: _value(text, sizes) for text in lengths if isinstance(text, str)})
        return tuple(found)


def describe(one: Input) -> str:
    """One array in words."""
    plain = one.kind in {Kind.REAL, Kind.WEIGHTS}
    shape = f"({', '.join(map(str, one.shape))}{',' if len(one.shape) == 1 else ''})"
    kind = "" if plain else f" {one.kind}"
    return f"{one.name}{kind} {shape}{f' of {one.classes}' if one.kind is Kind.LABELS else ''}"


def letter_of(length: Length) -> str:
    """The letter in a length: H in 4*H; "" in a number."""
    match = re.search(r"[A-Za-z_]\w*", length) if isinstance(length, str) else None
    return match[0] if match else ""


def _classes(one: Input) -> tuple[Length, ...]:
    return (one.classes,) if one.kind is Kind.LABELS else ()


def _value(text: str, sizes: Mapping[str, int]) -> int:
    """4*H, D+1, N at some sizes; at least 1."""
    letter = letter_of(text)
    factor = re.match(r"(\d+)\*", text)
    added = re.search(r"[+-]\d+$", text)
    return max(1, (int(factor[1]) if factor else 1) * sizes[letter] + (int(added[0]) if added else 0))


def arrays_for(
    names: Sequence[str], said: Mapping[str, Input], value: Function, indices: Sequence[str] = ()
) -> Iterator[Arrays]:
    """The arrays that may be meant: one way where every shape is said, else the usual layouts that agree with it.

    Args:
        names: all arrays that what is differentiated is called with, in their order.
        said: those whose shape is known.
        value: the function that is differentiated.
        indices: those that hold whole numbers.
    """
    rest = [name for name in names if name not in said]
    if not rest:
        yield Arrays(tuple(said[name] for name in names))
        return
    labels = [name for name in rest if role_of(name) is Role.LABELS]
    others = [name for name in names if name not in labels and not (name in said and not said[name].kind.is_smooth)]
    seen = set()
    for layout in layouts(others, value.ranks, [name for name in indices if name in others]) if others else ():
        usual = {name: _renamed(one, LETTERS) for name, one in layout.arrays.items()}
        agreed = _agreeing(usual, said)
        if agreed is None:
            continue
        for truth in _labels(labels, agreed, said):
            inputs = tuple({**agreed, **said, **truth}[name] for name in names)
            if inputs not in seen:
                seen.add(inputs)
                yield Arrays(inputs, tuple(rest), layout.is_guess)


def _renamed(one: Input, letters: Mapping[str, Length]) -> Input:
    def renamed(length: Length) -> Length:
        letter = letter_of(length)
        if not isinstance(length, str) or letter not in letters:
            return {"4H": "4*H"}.get(length, length) if isinstance(length, str) else length
        new = letters[letter]
        return length.replace(letter, new) if isinstance(new, str) else new

    return replace(one, shape=tuple(map(renamed, one.shape)), classes=renamed(one.classes))


def _agreeing(usual: Mapping[str, Input], said: Mapping[str, Input]) -> dict[str, Input] | None:
    """A layout in the letters of what is said; None where the two disagree."""
    letters: dict[str, Length] = {}
    for name, one in said.items():
        if name not in usual:
            continue
        if len(one.shape) != len(usual[name].shape):
            return None
        for mine, yours in zip(usual[name].shape, one.shape, strict=True):
            if not isinstance(mine, str):
                if mine != yours:
                    return None
            elif letters.setdefault(mine, yours) != yours:
                return None
    spare = iter(letter for letter in SPARE_LETTERS if letter not in letters.values())
    for one in usual.values():
        for length in one.shape:
            if isinstance(length, str) and length not in letters:
                letters[length] = length if length not in letters.values() else next(spare)
    return {name: _renamed(one, letters) for name, one in usual.items()}


def _labels(names: Sequence[str], others: Mapping[str, Input], said: Mapping[str, Input]) -> Iterator[dict[str, Input]]:
    """The truth beside data and weights: values, 0 or 1, a class, one-hot."""
    if not names:
        yield {}
        return
    data = [one for one in others.values() if role_of(one.name) not in {Role.WEIGHTS, Role.BIAS}]
    first = next(iter([*data, *others.values(), *said.values()]))
    shape: tuple[Length, ...] = first.shape
    batch = next((one for one in shape if one in {"N", "n", "m", "B"}), shape[0] if shape else "N")
    classes = next((one for one in ("M", "C", "K") if any(one in other.shape for other in others.values())), "C")
    weights = next((one.shape for one in others.values() if role_of(one.name) is Role.WEIGHTS), None)
    truths: list[tuple[tuple[Length, ...], Kind]] = []
    if weights is None or len(weights) < 2:
        truths += [((batch,), Kind.REAL), ((batch,), Kind.BINARY), ((batch,), Kind.SIGNS)]
    elif 1 in weights:
        truths += [((batch, 1), Kind.REAL), ((batch,), Kind.REAL), ((1, batch), Kind.BINARY)]
    if weights is None or (len(weights) == 2 and 1 not in weights):
        columns = shape.index(batch) if batch in shape else 0
        rows = (batch, classes) if columns == 0 else (classes, batch)
        truths += [((batch,), Kind.LABELS), (rows, Kind.ONE_HOT), (rows, Kind.REAL)]
    is_prediction = any(role_of(one.name) in {Role.PREDICTION, Role.UNKNOWN} for one in data)
    alike = [(shape, Kind.REAL)]
    for lengths, kind in [*alike, *truths] if is_prediction or len(others) == 1 else [*truths, *alike]:
        axis = 0 if lengths == (classes, batch) else -1
        yield {name: Input(name, lengths, kind, classes, axis) for name in names}
