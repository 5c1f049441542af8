"""What a student's function returned, sorted into the outputs that the task declares.

A tuple for a dict in the declared order, a dict for a tuple, dW for W as a key, a list of numbers for an array, and
more values than declared after the declared ones are all accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tasks import Output, Task

AnyArray = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Returned:
    """One output as the student returned it: an array, or why there is none."""

    array: AnyArray | None = None
    problem: str | None = None
    is_integer: bool = False
    is_single: bool = False


def sort_out(task: Task, value: Any) -> dict[str, Returned]:
    """The outputs of a task, from the value that its function returned."""
    groups = _groups(task.outputs)
    if len(groups) == 1:
        # A tuple that begins with the one declared value, or just that value.
        only = groups[0]
        is_first_of_more = _is_tuple_of_more(value, only) or (len(only) == 1 and _is_list_of_more(value))
        values = [value[0] if is_first_of_more else value]
    else:
        values = _spread(value, groups)
    found: dict[str, Returned] = {}
    for group, part in zip(groups, values, strict=True):
        found |= _outputs_of(group, part)
    return found


def _groups(outputs: tuple[Output, ...]) -> list[tuple[Output, ...]]:
    """Outputs that are returned as one value: the entries of a dict together, all others alone."""
    groups: list[tuple[Output, ...]] = []
    for output in outputs:
        if output.group and groups and groups[-1][0].group == output.group:
            groups[-1] = (*groups[-1], output)
        else:
            groups.append((output,))
    return groups


def _is_tuple_of_more(value: Any, group: tuple[Output, ...]) -> bool:
    if not isinstance(value, tuple) or not value:
        return False
    if len(group) > 1:
        return isinstance(value[0], Mapping) or _is_tuple_of_more(value[0], group)
    # Several numbers may be a vector, written as a tuple.
    return len(value) < SHORTEST or not all(isinstance(part, (int, float)) for part in value)


def _is_list_of_more(value: Any) -> bool:
    """Is it a list that begins with an array and goes on with something else, such as [Z, cache]?"""
    if not isinstance(value, list) or not value or not isinstance(value[0], np.ndarray) or value[0].ndim == 0:
        return False
    return any(not isinstance(part, np.ndarray) or part.shape != value[0].shape for part in value[1:])


MISSING = object()
# No axis of a probe is shorter, so a tuple of fewer numbers is no vector.
SHORTEST = 5


def _spread(value: Any, groups: list[tuple[Output, ...]]) -> list[Any]:
    """One value for each group, from a tuple, a list, or a dict with their names."""
    if isinstance(value, Mapping):
        return [_group_by_name(value, group) for group in groups]
    if isinstance(value, (tuple, list)):
        flat = list(value)
        if len(flat) < len(groups):
            flat += [MISSING] * (len(groups) - len(flat))
        # J, dW1, db1, ... where J and a dict are declared.
        declared = sum(len(group) for group in groups)
        if len(flat) >= declared > len(groups) and not any(isinstance(part, Mapping) for part in flat[:declared]):
            parts = iter(flat)
            return [tuple(next(parts) for _ in group) if len(group) > 1 else next(parts) for group in groups]
        return flat[: len(groups)]
    return [value, *[MISSING] * (len(groups) - 1)]


def _group_by_name(value: Mapping[Any, Any], group: tuple[Output, ...]) -> Any:
    """A group's value from a dict: under its own name, or its entries among the others."""
    if group[0].group is not None:
        found = _by_name(value, group[0].group, group[0].group)
        return value if found is MISSING else found
    found = _by_name(value, group[0].name, group[0].of)
    if found is MISSING and group[0].quantity == "J":
        return next((value[key] for key in value if str(key).lower() in {"loss", "cost"}), MISSING)
    return found


def _outputs_of(group: tuple[Output, ...], value: Any) -> dict[str, Returned]:
    if group[0].group is None:
        return {group[0].name: _as_array(value)}
    if isinstance(value, Mapping):
        return {output.name: _as_array(_by_name(value, output.name, output.of)) for output in group}
    if isinstance(value, (tuple, list)):
        return {
            output.name: _as_array(part) for output, part in zip(group, [*value, *[MISSING] * len(group)], strict=False)
        }
    if len(group) > 1 and value is not MISSING:
        problem = "is None" if value is None else f"belongs into a dict or a tuple, but {_described(value)} came back"
        return {output.name: Returned(problem=problem) for output in group}
    return {output.name: _as_array(value) for output in group}


def _by_name(mapping: Mapping[Any, Any], name: str, of: str) -> Any:
    """The entry called W1, or dW1, grad_W1 and the like."""
    plain = {str(key).replace("_", "").lower(): value for key, value in mapping.items()}
    bare = name.replace("_", "").lower()
    derivative = of.replace("_", "").lower()
    for key in (bare, f"d{bare}", f"grad{bare}", f"{bare}grad", f"d{derivative}", derivative, f"grad{derivative}"):
        if key in plain:
            return plain[key]
    # dL_dW1, gradient_W1, nabla_W1: whatever ends so, if only one does.
    ending = [value for key, value in plain.items() if len(bare) > 1 and key.endswith(bare)]
    return ending[0] if len(ending) == 1 else MISSING


def _as_array(value: Any, wanted: str = "an array") -> Returned:
    if value is MISSING:
        return Returned(problem="is not among what the function returned")
    if value is None:
        return Returned(problem="is None")
    if isinstance(value, Mapping):
        return Returned(problem=f"is a dict, where {wanted} belongs")
    try:
        array = np.asarray(value)
    except ValueError:
        return Returned(problem="is a list of parts with different lengths, not an array")
    if array.dtype.kind not in "biufc":
        return Returned(problem=f"is no number and no array of numbers, but {_described(value)}")
    is_single = array.dtype in (np.float32, np.float16, np.complex64)
    converted = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    return Returned(converted, is_integer=array.dtype.kind in "biu", is_single=is_single)


def _described(value: Any) -> str:
    kind = getattr(value, "type", None) or type(value).__name__
    return f"{kind}"
