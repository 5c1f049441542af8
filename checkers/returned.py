"""What a student's function returned, sorted into the outputs that the task declares.

A tuple for a dict in the declared order, a dict for a tuple, dW for W as a key, a list of numbers for an array,
gradients by layer or by kind, and more values than declared are all accepted: of the ways to read what came back, the
first that finds every output counts, and where none does, the likeliest says what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .binding import same_meaning
from .student_answers import clean
from .tasks import Output, Task

AnyArray = NDArray[Any]
Group = tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """One output as the student returned it: an array, or why there is none."""

    array: AnyArray | None = None
    problem: str | None = None
    is_integer: bool = False
    is_single: bool = False


def sort_out(task: Task, value: Any) -> dict[str, Returned]:
    """The outputs of a task, from the value that its function returned."""
    likeliest: dict[str, Returned] = {}
    for reading in _readings(value, _groups(task.outputs)):
        found = {output.name: _as_array(reading[output.name]) for output in task.outputs}
        if all(one.array is not None for one in found.values()):
            return found
        likeliest = likeliest or found
    return likeliest


def how_to_return(task: Task) -> str:
    """What the handout declares, as a hint: "Return J and the dict grads with the keys W1 and b1, in this order."."""
    parts = []
    for group in _groups(task.outputs):
        keys = [output.name for output in group]
        parts.append(f"a dict {group[0].group} with the keys {_listing(keys)}" if group[0].group else keys[0])
    return f"Return {_listing(parts)}{', in this order' if len(parts) > 1 else ''}."


def _listing(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _groups(outputs: tuple[Output, ...]) -> list[Group]:
    """Outputs that are returned as one value: the entries of a dict together, all others alone."""
    groups: list[Group] = []
    for output in outputs:
        if output.group and groups and groups[-1][0].group == output.group:
            groups[-1] = (*groups[-1], output)
        else:
            groups.append((output,))
    return groups


# Readings -------------------------------------------------------------------------------------------------------------

MISSING = object()
# No axis of a probe is shorter, so fewer numbers are no vector and fewer rows no matrix.
SHORTEST = 5


def _readings(value: Any, groups: list[Group]) -> Iterator[dict[str, Any]]:
    """The value of each output, likeliest reading first."""
    spread = _spread_of_one(value, groups[0]) if len(groups) == 1 else _spread(value, groups)
    for parts in spread:
        for entries in product(*(list(_entries(part, group)) for part, group in zip(parts, groups, strict=True))):
            yield {name: part for one in entries for name, part in one.items()}


def _spread_of_one(value: Any, group: Group) -> Iterator[list[Any]]:
    """Just the declared value, or the first of more."""
    if _has_fields(value):
        yield [_group_by_name(_fields(value), group)]
    if not isinstance(value, (tuple, list)) or not value:
        yield [value]
        if isinstance(value, Mapping):
            yield [_group_by_name(value, group)]
        return
    if group[0].group is not None:
        yield from ([value[0]], [value]) if isinstance(value[0], Mapping) else ([value], [value[0]])
        return
    is_vector = isinstance(value, list) and all(_is_number(part) for part in value)
    if is_vector or (isinstance(value, list) and isinstance(value[0], (list, tuple))):
        yield [value]
        return
    several = len(value) >= SHORTEST and group[0].quantity != "J"
    yield from ([value], [value[0]]) if several else ([value[0]], [value])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, complex, np.generic)) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _spread(value: Any, groups: list[Group]) -> Iterator[list[Any]]:
    """One value for each group, from a tuple, a list, or a dict with their names."""
    if isinstance(value, Mapping) or _has_fields(value):
        yield [_group_by_name(_fields(value), group) for group in groups]
    if isinstance(value, Mapping):
        inner = (part for part in value.values() if isinstance(part, Mapping))
        yield from ([_group_by_name(part, group) for group in groups] for part in inner)  # {"grads": {"dW": ..}}
        return
    if not isinstance(value, (tuple, list)):
        yield [value, *[MISSING] * (len(groups) - 1)]
        return
    missing = [MISSING] * len(groups)
    # J, dW1, db1, ... where J and a dict are declared.
    declared = sum(len(group) for group in groups)
    if len(value) >= declared > len(groups) and not any(isinstance(part, Mapping) for part in value[:declared]):
        parts = iter(value)
        yield [tuple(next(parts) for _ in group) if len(group) > 1 else next(parts) for group in groups]
    yield [*value, *missing][: len(groups)]
    before_last = len(groups) - 1
    if groups[-1][0].group and len(value) > len(groups):
        yield [*value[:before_last], value[before_last:]]  # J, (dW1, db1), (dW2, db2)
    for place, part in enumerate(value):
        if isinstance(part, Mapping) or _has_fields(part):
            # The names tell, wherever the dict stands: grads, J for J, grads, or a dict for all.
            others = iter([*value[:place], *value[place + 1 :], *missing])
            yield [part if group[0].group else next(others) for group in groups]
            yield [_group_by_name(_fields(part), group) for group in groups]
    for part in value:
        if _is_short(part) and len(part) >= len(groups):
            yield from _spread(part, groups)  # (dW, db), cache or J, (dW, db)


def _is_short(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and len(value) < SHORTEST


def _entries(value: Any, group: Group) -> Iterator[dict[str, Any]]:
    """The value of each output of a group."""
    if group[0].group is None:
        yield {group[0].name: value}
        return
    if isinstance(value, Mapping) or _has_fields(value):
        yield {output.name: _by_name(_fields(value), output) for output in group}
    if isinstance(value, (tuple, list)):
        yield dict(zip((output.name for output in group), [*value, *[MISSING] * len(group)], strict=False))
    yield from _by_layer(value, group)
    if isinstance(value, (tuple, list)) and value and isinstance(value[0], (tuple, list, Mapping)):
        yield from _entries(value[0], group)  # (dW1, db1), cache
    if len(group) > 1 and value is not MISSING and not isinstance(value, (tuple, list, Mapping)):
        problem = "is None" if value is None else f"belongs into a dict or a tuple, but {_described(value)} came back"
        yield {output.name: Returned(problem=problem) for output in group}
        return
    yield {output.name: value if value is MISSING or len(group) == 1 else MISSING for output in group}


# By layer -------------------------------------------------------------------------------------------------------------


def _by_layer(value: Any, group: Group) -> Iterator[dict[str, Any]]:
    """W1, b1, W2, b2 from one part for each layer, {"layer1": {"W": .., "b": ..}, ..}, or one for each letter."""
    names = [re.fullmatch(r"(\D+?)_?(\d+)", output.name) for output in group]
    numbers = [match and match[2] for match in names]
    layers = len(set(numbers))
    # Of the first layer: W1, b1.
    kinds = [output for output, number in zip(group, numbers, strict=True) if number == numbers[0]]
    if None in names or len(group) != layers * len(kinds):
        return
    rows = _each_layer(value, layers)
    by_row = [_each_kind(row, kinds) for row in rows]
    columns = _each_kind(value, kinds)
    by_column = zip(*(_each_layer(column, layers) for column in columns), strict=False)
    for table in (by_row, [list(row) for row in by_column]):
        flat = [part for row in table for part in row]
        if len(flat) == len(group) and all(
            len({_rank(part) for part in kind}) == 1 for kind in zip(*table, strict=True)
        ):
            yield dict(zip((output.name for output in group), flat, strict=True))


def _each_layer(value: Any, count: int) -> list[Any]:
    """One part for each layer, by the numbers that the keys end in, or by position; [] where there are others."""
    if isinstance(value, Mapping):
        numbered = {int(match[0]): part for key, part in value.items() if (match := re.search(r"\d+$", str(key)))}
        first = min(numbered, default=0)
        wanted = range(first, first + count)
        return [numbered[n] for n in wanted] if first in {0, 1} and set(numbered) == set(wanted) else []
    if not isinstance(value, (tuple, list)):
        return []
    parts = value[1:] if value and value[0] is None else value  # a list that counts from 1
    return list(parts) if len(parts) == count else []


def _each_kind(value: Any, kinds: Sequence[Output]) -> list[Any]:
    """What belongs to each letter of one layer: by name, or by position."""
    if isinstance(value, Mapping) or _has_fields(value):
        letters = [Output(re.sub(r"_?\d+$", "", o.name), re.sub(r"_?\d+$", "", o.quantity)) for o in kinds]
        parts = [_by_name(_fields(value), letter) for letter in letters]
        return [] if any(part is MISSING for part in parts) else parts
    return list(value) if isinstance(value, (tuple, list)) and len(value) == len(kinds) else []


def _rank(value: Any) -> int:
    """Number of axes longer than 1: 2 for weights, 1 for a bias, in a column or not."""
    if _holds_other_than_numbers(value):
        return -1
    try:
        return sum(length > 1 for length in np.shape(value))
    except ValueError:
        return -1


# By name --------------------------------------------------------------------------------------------------------------


def _has_fields(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _fields(value: Any) -> Mapping[Any, Any]:
    """A dict as it is; of a named tuple, its fields."""
    return value if isinstance(value, Mapping) else dict(zip(value._fields, value, strict=True))


def _group_by_name(value: Mapping[Any, Any], group: Group) -> Any:
    """A group's value from a dict: under its own name, or its entries among the others."""
    if group[0].group is None:
        return _by_name(value, group[0])
    found = _by_name(value, Output(group[0].group, group[0].group))
    inner = [part for part in value.values() if isinstance(part, Mapping)]
    if found is MISSING and len(inner) == 1 and _by_name(value, group[0]) is MISSING:
        return inner[0]
    return value if found is MISSING else found


# What a loss is called, in lower case.
LOSSES = frozenset(["loss", "cost", "error", "objective", "l"])


def _by_name(mapping: Mapping[Any, Any], output: Output) -> Any:
    """The entry called W1, or dW1, grad_W1 and the like; the gradient where W1 and dW1 are both there."""
    plain = {_plain(str(key)): value for key, value in mapping.items()}
    bare, of = _plain(output.name), _plain(output.of)
    marked = [f"d{of}", f"grad{of}", f"{of}grad", f"d{bare}", f"grad{bare}", f"{bare}grad"]
    for key in [*marked, bare, of] if output.is_derivative else [bare, of, *marked]:
        if key in plain:
            return plain[key]
    # dL_dW1, gradient_W1, nabla_W1: whatever ends so, if only one does; weights for W, loss for J.
    for alike in (
        [value for key, value in plain.items() if len(bare) > 1 and key.endswith(bare)],
        [value for key, value in plain.items() if same_meaning(key, bare) or same_meaning(key, of)],
        [value for key, value in plain.items() if output.quantity == "J" and key in LOSSES],
    ):
        if len(alike) == 1:
            return alike[0]
    return MISSING


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


# Arrays ---------------------------------------------------------------------------------------------------------------


# Probes have some hundred entries, their outer products some ten thousand.
LARGEST = 1_000_000


def _as_array(value: Any, wanted: str = "an array") -> Returned:
    if isinstance(value, Returned):
        return value
    if value is MISSING:
        return Returned(problem="is not among what the function returned")
    if value is None:
        return Returned(problem="is None")
    if isinstance(value, Mapping):
        return Returned(problem=f"is a dict, where {wanted} belongs")
    if _holds_other_than_numbers(value):  # before NumPy makes one wide array of a long text and many short ones
        return Returned(problem=f"is no number and no array of numbers, but {_described(value)}")
    try:
        array = np.asarray(value)
    except ValueError:
        return Returned(problem="is a list of parts with different lengths, not an array")
    if array.dtype.kind not in "biufc":
        return Returned(problem=f"is no number and no array of numbers, but {_described(value)}")
    if array.size > LARGEST:
        return Returned(np.broadcast_to(np.nan, array.shape))  # its shape is all that will be said of it
    is_single = array.dtype in (np.float32, np.float16, np.complex64)
    converted = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    return Returned(converted, is_integer=array.dtype.kind in "biu", is_single=is_single)


def _holds_other_than_numbers(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_other_than_numbers, value))
    return not isinstance(value, np.ndarray | np.generic | int | float | complex)


def _described(value: Any) -> str:
    return clean(str(getattr(value, "type", None) or type(value).__name__))
