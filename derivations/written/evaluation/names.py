"""What a name stands for: a quantity, a function's parameter, an index as a number, a size, a constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..faults import IndexConflictError, MeaningError
from ..meaning.known_names import function_key, is_kronecker, special_name
from ..terms import Call, Condition, Indicator, Name, Term
from .functions import known_function
from .indices import indexed
from .known_world import ITSELF, with_argument
from .powers import raised
from .quantities import any_number, quantity_value
from .spelling import spelled, spelled_key
from .values import Value, apply, labelled, number

if TYPE_CHECKING:
    from .evaluation import Evaluation

_CONSTANTS = {"e": np.e, "pi": np.pi}


def name_value(evaluation: Evaluation, name: Name) -> Value:
    """The value of a letter or word with its scripts."""
    if name.base == ITSELF:
        return quantity_value(evaluation, name.accent, name.sub)
    symbol = evaluation.world.symbols.resolve(name)
    value = _without_power(evaluation, name, symbol.key, symbol.indices, columns=symbol.columns)
    if symbol.power is None:
        return value
    quantities = evaluation.world.quantities
    if name.base == "e" and "e" not in quantities and symbol.key not in quantities:
        return apply(np.exp, evaluation.value(symbol.power))
    return raised(evaluation, value, symbol.power)


def _without_power(evaluation: Evaluation, name: Name, key: str, indices: tuple[Term, ...], *, columns: bool) -> Value:
    world = evaluation.world
    if key in evaluation.bound:
        return indexed(evaluation, evaluation.bound[key], indices)
    if evaluation.manner.pointwise and not indices and (value := _single_number(evaluation, name, key)) is not None:
        return value
    if not indices and (special := special_name(name, key, world)):
        return Value(np.asarray(1.0), special=special)
    if key in world.quantities:
        return quantity_value(evaluation, key, indices, columns=columns)
    if len(indices) == 2 and is_kronecker(name, key, world):
        if name.base == "delta" and _run_apart(evaluation, indices):
            raise MeaningError("nothing says what delta is")
        return evaluation.value(Indicator(Condition(indices[0], "=", indices[1])))
    if _is_defined_otherwise(evaluation, key):
        return _wrongly_numbered(evaluation, key, indices)
    if isinstance(called := with_argument(world, name), Call):
        return evaluation.value(called)
    plain = None if indices else _plain_number(evaluation, name, key)
    if plain is None:
        raise MeaningError(f"nothing says what {spelled(name)} is")
    return plain


def _run_apart(evaluation: Evaluation, indices: tuple[Term, ...]) -> bool:
    """Do two indices run over different ranges, as i and m of an error delta_im that nothing defines?"""
    letters = {index.base for index in indices if isinstance(index, Name) and not index.sub}
    return len({evaluation.letters[letter] for letter in letters & evaluation.letters.keys()}) > 1


def _single_number(evaluation: Evaluation, name: Name, key: str) -> Value | None:
    """Where letters are single numbers: of a function without its argument, or of a quantity by its definition."""
    if "~u" in evaluation.bound and _names_function(evaluation, name, key):
        # sigma for sigma(z): a function named without its argument.
        return evaluation.value(Call(name, (Name("~u"),)))
    definition = evaluation.world.definitions.get(key)
    return evaluation.value(definition.body) if definition is not None else None


def _names_function(evaluation: Evaluation, name: Name, key: str) -> bool:
    return (
        function_key(name, evaluation.world.symbols) in evaluation.world.functions
        or (name.base == "sigma" and key not in evaluation.world.quantities)
        or bool(known_function(name.base) and name.font == "text")
    )


def _is_defined_otherwise(evaluation: Evaluation, key: str) -> bool:
    """Is the same letter defined, numbered by another index?"""
    letter, bar, _ = key.partition("|")
    return bool(bar) and any(other.startswith(f"{letter}|") for other in evaluation.world.definitions)


def _wrongly_numbered(evaluation: Evaluation, key: str, indices: tuple[Term, ...]) -> Value:
    if evaluation.manner.any_number:
        return any_number(evaluation, key, indices)
    letter, index = key.split("|")[:2]
    raise IndexConflictError(f"the index {index} numbers something that {spelled_key(letter)} has not")


def _plain_number(evaluation: Evaluation, name: Name, key: str) -> Value | None:
    """An index as a number, a size or a constant."""
    if key == name.base and key in evaluation.letters:
        return labelled(np.arange(1.0, evaluation.letters[key] + 1), (key,))
    if key in evaluation.world.sizes:
        return number(evaluation.world.sizes[key])
    return number(_CONSTANTS[name.base]) if name.base in _CONSTANTS else None
