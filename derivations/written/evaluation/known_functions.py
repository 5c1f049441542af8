"""The functions that derivations name: entry by entry, and those of whole vectors and matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..meaning.known_names import function_key, may_be_function
from ..terms import Call, Name, Number, Term
from .arithmetic import sum_of_entries
from .functions import ELEMENTWISE, factorial, known_function, open_function, sigmoid
from .indices import indexed
from .spelling import spelled
from .values import AnyArray, Value, apply, entrywise

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .known_world import World


def known_value(evaluation: Evaluation, kind: str, term: Call, indices: tuple[Term, ...]) -> Value:
    """The value of a function that is known by its name, or may be one by its letter.

    Args:
        kind: the known function that the name means, or "".
        indices: which entries of it are meant.
    """
    arguments = [evaluation.value(argument) for argument in term.arguments]
    out = _by_name(term.function, kind, arguments)
    if out is not None:
        return out
    one = arguments[0] if len(arguments) == 1 else None
    if kind in ELEMENTWISE and one is not None:
        return indexed(evaluation, apply(ELEMENTWISE[kind], one), indices)
    if kind == "softmax":
        return _softmax(evaluation, term, arguments[0], indices)
    if kind in {"max", "min"}:
        return _extreme(kind, arguments)
    whole = _OF_WHOLE_ARRAYS[kind](arguments[0]) if kind in _OF_WHOLE_ARRAYS else None
    if whole is not None:
        return whole
    entry_by_entry = None if kind else _unnamed(evaluation.world, term.function)
    if entry_by_entry is not None and one is not None:
        return indexed(evaluation, apply(entry_by_entry, one), indices)
    raise MeaningError(f"nothing says what {spelled(term.function)} is")


def _by_name(function: Name, kind: str, arguments: list[Value]) -> Value | None:
    """Factorials, inner products and logarithms to a base."""
    if function.base == "factorial" and len(arguments) == 1:
        return apply(factorial, arguments[0])
    if function.base == "inner" and len(arguments) == 2:
        return sum_of_entries(entrywise(np.multiply, *arguments))
    if kind == "log" and len(function.sub) == 1 and isinstance(function.sub[0], Number):
        base = np.log(function.sub[0].value)
        return apply(lambda array: ELEMENTWISE["log"](array) / base, arguments[0])
    return None


def named_openly(function: Name) -> bool:
    """May this letter, before brackets, be a function of which only a formula could say what it is?"""
    return may_be_function(function) and function.base != "sigma" and not known_function(function.base)


def is_open(world: World, function: Name) -> bool:
    """Is this a function that the document gives no formula for?"""
    key = function_key(function, world.symbols)
    is_known = key in world.functions or key in world.named_functions
    return named_openly(function) and not is_known and key not in world.quantities and key not in world.sizes


def _unnamed(world: World, function: Name) -> Callable[[AnyArray], AnyArray] | None:
    """What a letter stands for that nothing defines: sigma the logistic function, f any function."""
    if function.base == "sigma":
        return sigmoid
    if not may_be_function(function):
        return None
    # f beside f_1 and f_2 may be any of them: only where no f stands alone are they told apart.
    is_any = function.base in world.symbols.usage.called_alone
    return open_function(function.base if is_any else function_key(function, world.symbols))


def _trace(value: Value) -> Value:
    return Value(np.trace(value.array, axis1=-2, axis2=-1), value.axes) if value.rank == 2 else value


def _diagonal(value: Value) -> Value | None:
    """The diagonal of a matrix, or the matrix with this diagonal."""
    if value.rank == 1:
        return Value(value.array[..., :, None] * np.eye(value.shape[0]), value.axes)
    return Value(np.diagonal(value.array, axis1=-2, axis2=-1), value.axes) if value.rank == 2 else None


def _sum(value: Value) -> Value | None:
    return sum_of_entries(value) if value.rank else None


def _mean(value: Value) -> Value | None:
    axes = tuple(range(len(value.axes), value.array.ndim))
    return Value(value.array.mean(axis=axes), value.axes) if value.rank else None


def _log_sum_exp(value: Value) -> Value | None:
    if value.rank != 1:
        return None
    return Value(ELEMENTWISE["log"](np.exp(value.array).sum(axis=-1)), value.axes)


_OF_WHOLE_ARRAYS: dict[str, Callable[[Value], Value | None]] = {
    "tr": _trace, "diag": _diagonal, "sum": _sum, "mean": _mean, "logsumexp": _log_sum_exp,
}  # fmt: skip


def _softmax(evaluation: Evaluation, term: Call, value: Value, indices: tuple[Term, ...]) -> Value:
    """Softmax of a vector, of the rows or columns of a matrix, or of numbers along an index."""
    if value.rank:
        axis = -2 if value.rank == 2 and _samples_are_columns(evaluation, value) else -1
        return indexed(evaluation, Value(_normalised(value.array, axis), value.axes, value.is_row), indices)
    place = value.axes.index(_index_of_classes(evaluation, term.arguments[0], value))
    return Value(_normalised(value.array, place), value.axes)


def _normalised(array: AnyArray, axis: int) -> AnyArray:
    powers: AnyArray = np.exp(array - np.max(np.real(array), axis=axis, keepdims=True))
    shares: AnyArray = powers / powers.sum(axis=axis, keepdims=True)
    return shares


def _samples_are_columns(evaluation: Evaluation, value: Value) -> bool:
    """Known from the size that losses are averaged over."""
    samples = evaluation.world.samples
    return samples is not None and value.shape[1] == samples


def _index_of_classes(evaluation: Evaluation, argument: Term, value: Value) -> str:
    """The index along which softmax(z_k) is taken: the last one written, or the last one there is."""
    written = evaluation.world.symbols.resolve(argument).indices if isinstance(argument, Name) else ()
    letters = [index.base for index in written if isinstance(index, Name) and index.base in value.axes]
    free = letters or [axis for axis in value.axes if not axis.startswith("→")]
    if not free:
        raise MeaningError("softmax of a single number")
    return free[-1]


def _extreme(kind: str, arguments: list[Value]) -> Value:
    """The greatest or least of several values, entry by entry."""

    def chosen(a: AnyArray, b: AnyArray) -> AnyArray:
        first = np.real(a) >= np.real(b) if kind == "max" else np.real(a) <= np.real(b)
        return np.where(first, a, b)

    if len(arguments) == 1:
        raise MeaningError(f"{kind} does not say over what")
    out = arguments[0]
    for argument in arguments[1:]:
        out = entrywise(chosen, out, argument)
    return out
