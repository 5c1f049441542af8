"""The parameters of a function as a flat list of named tensors, whatever structure they come in.

An array, a number, or tuples, lists and dicts of them, nested to any depth. A tuple at the top is the argument list of
the function; anything else is its one argument.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ParameterTree:
    """A structure of parameters and its tensors in reading order.

    Attributes:
        structure: what the user gave.
        names: one for each tensor: the argument's name, the dict's key, and "layers[0]" or "W[1]" further down.
        tensors: the arrays as given, never changed.
    """

    structure: Any
    names: tuple[str, ...]
    tensors: tuple[NDArray[Any], ...]

    @classmethod
    def of(cls, structure: Any, f: Callable[..., Any]) -> ParameterTree:
        """Read a structure; names of arguments come from the signature of f.

        >>> ParameterTree.of((np.ones(2), 3.0), lambda w, b: 0.0).names
        ('w', 'b')
        >>> ParameterTree.of({"W": np.ones(2), "layers": [1.0, np.ones(1)]}, print).names
        ('W', 'layers[0]', 'layers[1]')
        """
        if isinstance(structure, tuple):
            names = _argument_names(f, len(structure))
            pairs = [pair for item, name in zip(structure, names, strict=True) for pair in _leaves(item, name)]
        else:
            (name,) = _argument_names(f, 1)
            pairs = list(_leaves(structure, name, at_top=True))
        return cls(structure, tuple(name for name, _ in pairs), tuple(tensor for _, tensor in pairs))

    def call(self, function: Callable[..., Any], tensors: Sequence[NDArray[Any]]) -> Any:
        """Call a function with these tensors in place of the structure's own; a tuple is unpacked."""
        structure = _rebuilt(self.structure, iter(tensors))
        return function(*structure) if isinstance(structure, tuple) else function(structure)

    def match(self, gradient: Any) -> tuple[Any, ...]:
        """What the gradient holds for each tensor, None where it holds nothing.

        A dict may be answered by a dict with the same keys, or those with a d before them, or by a tuple in the
        same order.
        """
        return tuple(_matched(self.structure, gradient))


def is_branch(value: Any) -> bool:
    """Does the value hold tensors, rather than being one? A list of plain numbers is one."""
    if isinstance(value, list):
        return not all(isinstance(item, Number) for item in value)
    return isinstance(value, (tuple, Mapping))


def _leaves(value: Any, name: str, *, at_top: bool = False) -> Iterator[tuple[str, NDArray[Any]]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, str(key) if at_top else f"{name}[{key}]")
    elif is_branch(value):
        for position, item in enumerate(value):
            yield from _leaves(item, f"{name}[{position}]" if name else f"[{position}]")
    else:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise UsageError(
                f"{name} must be an array of real numbers, or a tuple, list or dict of such arrays, "
                f"but it is {type(value).__name__} of dtype {array.dtype}."
            )
        yield name, array


def _rebuilt(structure: Any, tensors: Iterator[NDArray[Any]]) -> Any:
    if isinstance(structure, Mapping):
        return {key: _rebuilt(item, tensors) for key, item in structure.items()}
    if is_branch(structure):
        items = [_rebuilt(item, tensors) for item in structure]
        return tuple(items) if isinstance(structure, tuple) else items
    return next(tensors)[()]  # [()] turns an array of shape () into a number, and leaves every other array as it is


def _matched(structure: Any, gradient: Any) -> Iterator[Any]:
    if not is_branch(structure):
        yield gradient[0] if isinstance(gradient, tuple) and len(gradient) == 1 else gradient
        return
    children = list(structure.values()) if isinstance(structure, Mapping) else list(structure)
    for child, item in zip(children, _items(structure, gradient, len(children)), strict=True):
        yield from _matched(child, item)


def _items(structure: Any, gradient: Any, count: int) -> list[Any]:
    if isinstance(structure, Mapping) and isinstance(gradient, Mapping):
        return [gradient.get(key, gradient.get(f"d{key}")) for key in structure]
    if isinstance(gradient, (tuple, list)) and len(gradient) == count:
        return list(gradient)
    return [gradient] if count == 1 and not isinstance(gradient, Mapping) else [None] * count


def _argument_names(f: Callable[..., Any], count: int) -> list[str]:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):  # a built-in without a readable signature
        parameters = {}.values()
    names = [parameter.name for parameter in parameters if parameter.kind in positional]
    if len(names) >= count:
        return names[:count]
    return ["x"] if count == 1 else [f"x[{position}]" for position in range(count)]
