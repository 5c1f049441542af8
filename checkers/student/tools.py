"""What the functions that call a student's code for us need: in the student's process, beside the student's module."""

from __future__ import annotations

import random
from functools import partial
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .precautions import quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = [
    "along",
    "arrays_of",
    "begin",
    "beside_labels",
    "cache_of",
    "entrywise",
    "first",
    "fresh",
    "gather",
    "instance",
    "lend",
    "mean_of",
    "number",
    "objective",
    "one_by_one",
    "part_and_rest",
    "placed",
    "plain_number",
    "quiet",
    "set_array",
    "several",
    "shortest_fitting",
    "split",
    "split_loss",
    "total",
    "unrolled",
    "value_of",
    "with_bias_unit",
]

MOST_PARAMETERS = 100  # in one vector: at the small sizes that are drawn
DEPTH = 4  # of what is reached from an object: self.layers[0].params["W"]
NO_HOLDERS = (type, ModuleType, FunctionType, MethodType, partial)
MOST = 400  # arrays of one object


def begin() -> None:
    """Every call draws the same random numbers."""
    random.seed(0)
    np.random.seed(0)


def first(returned: Any) -> Any:
    """What a forward function computes, where it returns a cache besides."""
    return returned[0] if isinstance(returned, tuple) and returned else returned


def value_of(value: Any) -> Any:
    """A copy of a value that the student's code may still change; a matrix as an array."""
    if isinstance(value, (np.ndarray, np.generic, int, float, list)):
        return np.array(value)
    return value


def beside_labels(prediction: Any, labels: Any) -> Any:
    """A prediction as it is, if there is a label for each of its numbers.

    Raises:
        ValueError: it has another size, so that it is no prediction of these: (n, H) hidden units beside (n, 1) labels.
    """
    if np.size(prediction) != np.size(labels):
        raise ValueError(f"{np.shape(prediction)} does not predict labels {np.shape(labels)}")
    return prediction


def split_loss(returned: Any) -> tuple[Any, Any]:
    """A loss, and what is returned beside it: from (loss, gradient), (gradient, loss), (loss, dW, db), (grads, cost).

    Raises:
        TypeError: there is no single number in it.
    """
    parts = list(returned) if isinstance(returned, (tuple, list)) else [returned]
    for place, part in enumerate(parts):
        if _is_single(part):
            rest = parts[:place] + parts[place + 1 :]
            return part, rest[0] if len(rest) == 1 else tuple(rest)
    raise TypeError("no single number is returned, so there is no loss")


def _is_single(value: Any) -> bool:
    if isinstance(value, (bool, str, dict)) or value is None:
        return False
    return isinstance(value, (int, float, np.generic)) or (isinstance(value, np.ndarray) and value.size == 1)


def gather(value: Any) -> Any:
    """The same value with copies of its arrays, lists of arrays included; objects are left out."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, dict):
        return {key: gather(item) for key, item in value.items() if type(key) in (str, int)}
    if isinstance(value, (list, tuple)):
        items = [gather(item) for item in value]
        return tuple(items) if type(value) is tuple else items
    return value if isinstance(value, (int, float, complex, str, np.generic, type(None))) else None


def arrays_of(owner: Any) -> dict[str, np.ndarray]:
    """The arrays that an object holds, by the text that reaches them: "w", "ws[0]", "params['W1']", "layers[1].b"."""
    found: dict[str, np.ndarray] = {}
    for path, array in _reached(owner, "", DEPTH, set()):
        if len(found) < MOST:
            found.setdefault(path, array)
    return found


def _reached(value: Any, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            yield from _parts(enumerate(value.flat), path, depth, seen)
        elif value.dtype.kind in "biuf":
            yield path, np.array(value)
        return
    if isinstance(value, (float, np.floating)) and path:
        yield path, np.array(value)
        return
    if not depth or id(value) in seen:
        return
    if isinstance(value, dict):
        yield from _parts(value.items(), path, depth, seen | {id(value)})
    elif isinstance(value, (list, tuple)):
        yield from _parts(enumerate(value), path, depth, seen | {id(value)})
    elif hasattr(value, "__dict__") and not isinstance(value, NO_HOLDERS):
        names = [(name, item) for name, item in vars(value).items() if type(name) is str]
        for name, item in names:
            yield from _reached(item, f"{path}.{name}" if path else name, depth - 1, seen | {id(value)})


def _parts(items: Any, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, np.ndarray]]:
    for key, item in items:
        if type(key) in (str, int):
            yield from _reached(item, f"{path}[{key!r}]", depth - 1, seen)


def set_array(owner: Any, path: str, value: Any) -> None:
    """Put an array where `arrays_of` found one.

    Raises:
        AttributeError, KeyError, IndexError, TypeError: nothing can be put there.
    """
    names = {"owner": owner, "value": float(value) if np.ndim(value) == 0 else np.array(value)}
    exec(f"owner{'' if path.startswith('[') else '.'}{path} = value", names)


def objective(value: Any, inputs: dict[str, Any], upstream: Any, name: str, moved: Any) -> np.ndarray:
    """The sum of a function's value times the upstream gradient, for each value of one input; nan if it raises."""
    found, upstream = np.full(len(moved), np.nan), np.asarray(upstream)
    with quiet():
        for place, item in enumerate(moved):
            given = {key: np.array(one) if isinstance(one, np.ndarray) else one for key, one in inputs.items()}
            given[name] = np.array(item) if np.ndim(item) else float(item)
            begin()
            try:
                result = np.asarray(value(given), dtype=float)
                if result.shape == upstream.shape or result.size == upstream.size == 1:
                    found[place] = (result.reshape(upstream.shape) * upstream).sum()
            except Exception:  # it may leave its domain beside the point
                continue
    return found


def several(returned: Any, count: int) -> Any:
    """The first values that a forward function returns: one as it is, several as one row of numbers."""
    if count == 1:
        return first(returned)
    return np.concatenate([np.ravel(one) for one in returned[:count]])


def placed(returned: Any, places: Sequence[int]) -> tuple[Any, ...]:
    """Those of the things that a forward function returns which stand at some places."""
    return tuple(returned[place] for place in places)


def split(upstream: Any, returned: Any, count: int) -> list[Any]:
    """The upstream gradient of each of the values that `several` joins."""
    if count == 1:
        return [upstream]
    sizes = [np.size(one) for one in returned[:count]]
    parts = np.split(upstream, np.cumsum(sizes)[:-1])
    return [part.reshape(np.shape(one)) for part, one in zip(parts, returned, strict=False)]


def cache_of(returned: Any, values: int = 1) -> Any:
    """What a forward function returns besides its values: one thing, or several as a tuple; None where nothing is."""
    if not isinstance(returned, tuple) or len(returned) <= values:
        return None
    return returned[values] if len(returned) == values + 1 else returned[values:]


def plain_number(value: Any) -> Any:
    """An array without axes as the number it holds: a student's b = 0.0 is no array."""
    return float(value) if np.ndim(value) == 0 else value


def fresh(values: Mapping[str, Any]) -> dict[str, Any]:
    """Copies, since the student's functions may change what they are given; what has no axes is a number.

    A number that stands in an array would be changed by `total = b; total += x`, which no student's b = 0.0 is.
    """
    copies = {name: np.array(value) for name, value in values.items()}
    return {
        name: copy if copy.ndim else int(copy) if copy.dtype.kind in "iu" else copy[()] for name, copy in copies.items()
    }


def part_and_rest(returned: Any, place: int) -> tuple[Any, Any]:
    """A loss that stands at a known place, and what is returned beside it.

    Raises:
        TypeError: there are not several things.
    """
    if not isinstance(returned, (tuple, list)) or len(returned) <= place:
        raise TypeError("a loss and a gradient are expected")
    rest = [part for position, part in enumerate(returned) if position != place]
    return returned[place], rest[0] if len(rest) == 1 else tuple(rest)


def unrolled(returned: Any) -> Any:
    """The gradient of a vector of parameters; of several arrays that it was cut into, one behind the other.

    Raises:
        TypeError: no numbers are returned.
    """
    parts = returned if isinstance(returned, tuple) else (returned,)
    return np.concatenate([_numbers(part).ravel() for part in parts])


def shortest_fitting(gradient: Callable[[Any], Any]) -> Any:
    """A vector as long as the gradient that comes back for it: the shortest with which a function runs.

    Raises:
        ValueError: there is none.
    """
    for length in range(2, MOST_PARAMETERS + 1):
        try:
            if unrolled(gradient(np.linspace(-0.5, 0.5, length))).size == length:
                return np.zeros(length)
        except (ValueError, IndexError):  # it is too short, or too long
            continue
    raise ValueError("no vector of parameters is as long as its gradient")


def instance(kind: Any) -> Any:
    """An object whose methods can be called: made without arguments, or not initialised where it needs some."""
    try:
        return kind()
    except TypeError:
        return object.__new__(kind)


def sigmoid(z: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + np.exp(-np.asarray(z)))


def softmax(z: Any) -> Any:
    """Probabilities in columns."""
    exponentials = np.exp(z - np.max(z, axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)


USUAL = {"sigmoid": sigmoid, "softmax": softmax}


def lend(module: dict[str, Any], names: Sequence[str]) -> None:
    """Give a module functions that it has not, until the next call; what was lent before is taken back."""
    for name, function in USUAL.items():
        if module.get(name) is function:
            del module[name]
        if name in names:
            module.setdefault(name, function)


def _numbers(value: Any) -> np.ndarray:
    array = np.array(value)
    if array.dtype.kind not in "biuf":
        raise TypeError("no numbers are returned")
    return array


def number(value: Any) -> Any:
    """A single number.

    Raises:
        TypeError: it is none.
    """
    array = _numbers(value)
    if array.size != 1:
        raise TypeError("no single number is returned")
    return array.reshape(())


def total(value: Any) -> Any:
    """A loss, or the sum of the losses of the samples or entries."""
    return _numbers(value).sum()


def mean_of(value: Any) -> Any:
    """The mean of the samples' losses, where one is returned for each.

    Raises:
        TypeError: it is one number already.
    """
    array = _numbers(value)
    if array.size == 1:
        raise TypeError("the loss is one number already")
    return array.sum() / len(array)


def entrywise(function: Callable[[Any], Any], at: np.ndarray) -> np.ndarray:
    """The values of a function that is applied entry by entry.

    Raises:
        TypeError: an entry of the value depends on others than its own.
    """
    value = _numbers(function(np.array(at)))
    moved = np.array(at)
    moved.flat[::2] *= 1.19
    again = _numbers(function(moved))
    if value.shape != np.shape(at) or not np.allclose(value.flat[1::2], again.flat[1::2], equal_nan=True):
        raise TypeError("this is no function that is applied entry by entry")
    return value


def one_by_one(function: Callable[..., Any], *arrays: np.ndarray) -> np.ndarray:
    """A function of plain numbers, applied to all entries.

    Raises:
        TypeError: it takes whole arrays, and so may do more than that.
    """
    try:
        function(*[np.array(array) for array in arrays])
    except Exception:
        flat = [function(*map(float, point)) for point in zip(*(array.flat for array in arrays), strict=True)]
        return np.reshape([float(np.squeeze(value)) for value in flat], arrays[0].shape)
    raise TypeError("the function takes arrays")


def along(jacobian: Any, upstream: np.ndarray) -> np.ndarray:
    """A Jacobian, or one for each sample, times an upstream gradient.

    Raises:
        TypeError: it is no Jacobian.
    """
    matrix, length = _numbers(jacobian), upstream.shape[-1]
    if matrix.shape == (upstream.size, upstream.size) and upstream.size > 1:
        return np.asarray(matrix.T @ upstream.ravel()).reshape(upstream.shape)
    if upstream.ndim == 2 and matrix.shape == (len(upstream), length, length):
        return np.asarray(np.einsum("nij,ni->nj", matrix, upstream))
    raise TypeError("no Jacobian is returned")


def with_bias_unit(units: Any, axis: int) -> Any:
    """A layer's units, and before them one that is always 1, by which the next layer has its bias."""
    return np.insert(units, 0, 1.0, axis=axis)
