"""Dicts of arrays that a layer takes as one argument, such as parameters["Wax"]: their keys, and their shapes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from .facts import Function
from .inputs import Input, Length
from .roles import OPTIONS, Layout, Role, kind_of, layouts, plain, role_of

Shape = tuple[Length, ...]

# What a letter of a weight's name stands for: Wax, W_xh, Why, in the order in which values go through the cell.
LENGTHS: Mapping[str, str] = {"x": "D", "i": "D", "a": "H", "h": "H", "s": "H", "y": "C", "o": "C"}
ORDER = "DHC"
WEIGHT = re.compile(r"w([a-z])([a-z])?")
BIAS = re.compile(r"b[a-z]?")
GATES = frozenset("fiucgo")
FEWEST_GATES = 3


def held_arrays(forward: Sequence[Function], backward: Sequence[Function]) -> dict[str, tuple[str, ...]]:
    """The arguments of a forward that are dicts of arrays, with their keys as the texts of the functions tell.

    Args:
        forward: the function, and those that it calls.
        backward: the same of its backward, which may read weights that the forward does not.
    """
    found: dict[str, tuple[str, ...]] = {}
    for parameter in forward[0].parameters:
        name = parameter.name
        if parameter.has_default or role_of(name) in {Role.SETTINGS, Role.CACHE, Role.UPSTREAM}:
            continue
        keys = [key for one in forward for key in one.keys_of(name)]
        keys += [key for one in backward for key in one.keys_of(name) if role_of(key) in {Role.WEIGHTS, Role.BIAS}]
        if any(option_text(key) is None for key in keys):
            found[name] = tuple(dict.fromkeys(keys))
    return found


def option_text(key: str) -> str | None:
    """The source of what stands in such a dict beside the arrays, such as params["eps"]; None for an array."""
    return OPTIONS[plain(key)][0] if role_of(key) is Role.OPTION else None


def layouts_with_held(
    arrays: Sequence[str], keys: Sequence[str], ranks: Mapping[str, int], indices: Collection[str]
) -> Iterator[Layout]:
    """The layouts of a layer's arrays and of those in its dicts."""
    if keys and arrays:
        yield from _recurrent(arrays, keys, ranks)
    yield from layouts([*arrays, *keys], ranks, indices)


def _recurrent(arrays: Sequence[str], keys: Sequence[str], ranks: Mapping[str, int]) -> Iterator[Layout]:
    """A recurrent cell, or a sequence of steps: one input, states, and weights whose names tell what they connect."""
    x, *states = arrays
    gates = {match[1] for key in keys if (match := WEIGHT.fullmatch(plain(key))) and not match[2]} & GATES
    for is_column, bias in ((True, "column"), (False, "vector"), (False, "row")):
        shapes = {key: _held_shape(plain(key), is_column, bias, len(gates) >= FEWEST_GATES) for key in keys}
        if any(shape is None for shape in shapes.values()):
            return
        inputs: tuple[Shape, ...] = (("n", "D"), ("n", "D", "T"), ("n", "T", "D"), ("T", "n", "D"))
        if is_column:
            inputs = (("D", "n"), ("D", "n", "T"))
        state: Shape = ("H", "n") if is_column else ("n", "H")
        for shape in inputs:
            given: dict[str, Shape] = {x: shape, **dict.fromkeys(states, state)}
            given |= {key: one for key, one in shapes.items() if one is not None}
            if all(len(given[name]) == rank for name, rank in ranks.items() if name in given):
                yield Layout({name: Input(name, one, kind_of(name)) for name, one in given.items()})


def _held_shape(key: str, is_column: bool, bias: str, has_gates: bool) -> Shape | None:
    """The shape of a weight or a bias of a recurrent cell; None where its name does not tell."""
    if BIAS.fullmatch(key):
        length = "C" if key == "by" or (key == "bo" and not has_gates) else "H"
        return {"column": (length, 1), "vector": (length,), "row": (1, length)}[bias]
    match = WEIGHT.fullmatch(key)
    if match is None:
        return None
    first, second = match.groups()
    if second is None and has_gates and first in GATES:
        ends: tuple[str, str] = ("D+H", "H")
    elif second is None:
        ends = {"x": ("D", "H"), "y": ("H", "C"), "o": ("H", "C")}.get(first, ("H", "H"))
    elif first in LENGTHS and second in LENGTHS:
        low, high = sorted((LENGTHS[first], LENGTHS[second]), key=ORDER.index)
        ends = (low, high)
    else:
        return None
    return ends[::-1] if is_column else ends
