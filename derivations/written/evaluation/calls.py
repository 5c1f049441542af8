"""Functions of arguments: the document's own, brackets that are a factor, and known ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..faults import MeaningError
from ..meaning.known_names import function_key
from ..terms import Call, Condition, Dots, Name, Term
from ..worlds.quantity import FunctionDefinition
from .arithmetic import sum_of_entries
from .conditions import holds
from .functions import known_function, open_function
from .indices import indexed
from .known_functions import known_value
from .names import name_value
from .powers import raised
from .products import multiplied
from .quantities import quantity_value
from .spelling import spelled
from .stored import with_own_axes
from .values import Value, apply, entrywise, number, renamed, total
from .variation import primed_call_value
from .work import FUNCTION

if TYPE_CHECKING:
    from .evaluation import Evaluation

# The function that stands for a loss of which the document only says what it depends on.
ANY_LOSS = "~loss"


def call_value(evaluation: Evaluation, term: Call) -> Value:
    """The value of a function, or of what only looks like one: a product, or a quantity with what it depends on."""
    world, function = evaluation.world, term.function
    if function.primes and function.base not in world.symbols.usage.primed:
        return primed_call_value(evaluation, term)
    key = function_key(function, world.symbols)
    symbol = world.symbols.resolve(function)
    if symbol.power is not None:
        # log^2 x, tanh^2(z)
        return raised(
            evaluation, call_value(evaluation, replace(term, function=replace(function, sup=()))), symbol.power
        )
    own = world.functions.get(key)
    if _is_mention(evaluation, term, key, own):
        return quantity_value(evaluation, key, symbol.indices)
    if own is not None:
        return _own_value(evaluation, own, term, symbol.indices)
    if key in world.quantities and len(term.arguments) == 1:
        return _times_brackets(evaluation, term)
    if function.base == ANY_LOSS:
        return _any_loss_value(evaluation, term)
    if key in world.sizes and len(term.arguments) == 1:
        return _times_brackets(evaluation, term)
    if function.base == "delta" and len(term.arguments) == 2:
        return holds(evaluation, Condition(term.arguments[0], "=", term.arguments[1]))
    kind = world.named_functions.get(key) or known_function(function.base)
    return known_value(evaluation, kind, term, symbol.indices)


def _is_mention(evaluation: Evaluation, term: Call, key: str, own: FunctionDefinition | None) -> bool:
    """Is this a quantity, written with what it depends on, as C(w, b)?"""
    world = evaluation.world
    if key not in world.definitions and not (key in world.quantities and own is None and key in {"y", "t"}):
        return False
    if own is None:
        return all(isinstance(argument, (Name, Dots)) for argument in term.arguments)
    return own.parameters == term.arguments and key not in world.named_functions


def _times_brackets(evaluation: Evaluation, term: Call) -> Value:
    """n (y - z): a size or a quantity before brackets is a factor."""
    factor, brackets = name_value(evaluation, term.function), evaluation.value(term.arguments[0])
    return multiplied(evaluation, factor, brackets)


def _any_loss_value(evaluation: Evaluation, term: Call) -> Value:
    """A number that depends on every entry of what the loss is made of, and has no other property."""
    out = number(0.0)
    for place, argument in enumerate(term.arguments):
        value = evaluation.value(argument)
        free = tuple(axis for axis in value.axes if not axis.startswith("→"))
        lengths = [value.sizes[axis] for axis in free] + list(value.shape)
        weights = np.random.default_rng(place).normal(size=lengths)
        evaluation.world.work.spend(FUNCTION * value.array.size)
        weighted = entrywise(np.multiply, apply(open_function(ANY_LOSS), value), Value(weights, free))
        for axis in free:
            weighted = total(weighted, axis)
        out = entrywise(np.add, out, sum_of_entries(weighted))
    return out


def _own_value(evaluation: Evaluation, own: FunctionDefinition, term: Call, indices: tuple[Term, ...]) -> Value:
    """One of the document's own functions: its body, with the arguments for its parameters."""
    if len(own.parameters) != len(term.arguments):
        raise MeaningError(f"{spelled(term.function)} takes {len(own.parameters)} arguments")
    inner = evaluation.inside()
    inner.bound = {
        evaluation.world.symbols.resolve(name).key: evaluation.value(argument)
        for name, argument in zip(own.parameters, term.arguments, strict=True)
    }
    renames = {
        letter: index.base for letter, index in zip(own.letters, indices, strict=False) if isinstance(index, Name)
    }
    _learn_ranges(inner, own)
    value = inner.value(own.body)
    if own.letters and not indices and all(letter in value.axes for letter in own.letters):
        return with_own_axes(value, list(own.letters), None)
    return renamed(value, renames) if renames else indexed(evaluation, value, indices[len(own.letters) :])


def _learn_ranges(inner: Evaluation, own: FunctionDefinition) -> None:
    """How many values the indices in a function's body take: as many as the axes of its arguments."""
    for letter in own.letters:
        inner.letters.pop(letter, None)
    for part in own.body.walk():
        if isinstance(part, Name):
            _learn_of_parameter(inner, part)
    inner.learn_letters(own.body)


def _learn_of_parameter(inner: Evaluation, name: Name) -> None:
    symbol = inner.world.symbols.resolve(name)
    bound = inner.bound.get(symbol.key)
    if bound is not None:
        for index, size in zip(symbol.indices, bound.shape, strict=False):
            if isinstance(index, Name):
                inner.letters[index.base] = size
