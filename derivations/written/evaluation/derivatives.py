"""Derivatives by quantities: by which, and with which axes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..faults import FitError, MeaningError
from ..judging.manner import Named
from ..meaning.known_names import function_key
from ..meaning.symbols import Symbol
from ..terms import Call, Derivative, Entries, Name, Number, Term, Terms, Transposed
from ..worlds.quantity import assign_axes
from ..worlds.sizes import Size
from .indices import IndexedAxes, indexed, is_letter
from .known_world import ITSELF, World, with_argument, without_example
from .paths import is_nested, require_path
from .quantities import as_row, is_flipped
from .spelling import spelled, spelled_key
from .values import AnyArray, Value, apply, entrywise, labelled, transpose
from .variation import by_argument, by_complex_step, by_differences, is_varied

if TYPE_CHECKING:
    from .evaluation import Evaluation


def derivative_value(evaluation: Evaluation, term: Derivative) -> Value:
    """A derivative in the layout that is meant."""
    if term.form in {"nabla", "hessian"} and not term.by:
        term = replace(term, by=_all_parameters(evaluation, term))
    if term.form == "index":
        (parameter,) = _all_parameters(evaluation, term)
        term = replace(term, by=(replace(parameter, sub=term.by),))
    value = evaluation.remembered(evaluation.world.slopes, term, lambda: plain_derivative(evaluation, term))
    manner = evaluation.manner
    if manner.numerator and value.rank == 1 and (term.of is None or not evaluation.value(term.of).rank):
        value = Value(value.array, value.axes, True)
    if manner.denominator and value.rank == 2 and term.of is not None and evaluation.value(term.of).rank == 1:
        return transpose(value)
    return value


def _all_parameters(evaluation: Evaluation, term: Derivative) -> tuple[Name]:
    r"""What a nabla without a subscript, or \partial_k, differentiates by: the one parameter that there is."""
    of = _innermost(term)
    if isinstance(of, Call) and isinstance(of.arguments[0], Name):
        return (of.arguments[0],)
    known = open_parameters(evaluation.world, term)
    if len(known) != 1:
        raise MeaningError("\\nabla does not say with respect to what")
    return (known[0],)


def open_parameters(world: World, term: Derivative) -> list[Name]:
    """What a nabla may differentiate by where it does not say by what: the parameters of a function, or all."""
    of = _innermost(term)
    if isinstance(of, Name) and (own := world.functions.get(function_key(of, world.symbols))) is not None:
        return list(own.parameters)
    return [Name(key) for key in world.parameters if world.quantities[key].sizes and "^" not in key]


def _innermost(term: Derivative) -> Term | None:
    """What a derivative, or a second one, is taken of."""
    return _innermost(term.of) if isinstance(term.of, Derivative) else term.of


def plain_derivative(evaluation: Evaluation, term: Derivative) -> Value:
    """The derivative, the axes of what is differentiated before those of the variable."""
    if term.of is None:
        return _named_derivative(evaluation, term)
    if len(term.by) != 1:
        raise MeaningError("a derivative with respect to several things at once is not checked")
    by = _without_brackets(term.by[0])
    if isinstance(by, Transposed):
        return transpose(plain_derivative(evaluation, replace(term, by=(by.body,))))
    if isinstance(by, Entries):
        return _by_entries(evaluation, term, by)
    variable = _variable(by)
    of = with_argument(evaluation.world, term.of)
    symbol = evaluation.world.symbols.resolve(variable)
    if symbol.power is not None:
        return _by_square(evaluation, term, variable, symbol.power)
    if symbol.key in evaluation.bound:
        # d sigma / da: sigma of a.
        if isinstance(of, Call) and of is not term.of:
            of = replace(of, arguments=(variable,))
        return by_argument(evaluation, of, symbol.key)
    symbol = _of_last_layer(evaluation, symbol, variable)
    require_path(evaluation, of, symbol.key, variable)
    differentiate = by_differences if is_nested(evaluation, of) or is_varied(evaluation) else by_complex_step
    slopes, directions = differentiate(evaluation, of, symbol.key)
    return _placed(evaluation, slopes, directions, symbol)


_SQUARED = {"sigma", "tau", "s", "nu", "omega"}
"""Letters for a standard deviation, whose square is a quantity of its own."""


def _by_square(evaluation: Evaluation, term: Derivative, variable: Name, power: Term) -> Value:
    """dl / d sigma^2, by the variance: dl / d sigma divided by 2 sigma."""
    root = replace(variable, sup=tuple(script for script in variable.sup if script.body != power))
    value = evaluation.value(root) if variable.base in _SQUARED and power == Number(2.0, "2") else None
    if value is None or value.rank:
        raise MeaningError(f"a derivative with respect to the power {spelled(variable)}")
    slope = plain_derivative(evaluation, replace(term, by=(root,)))
    return entrywise(np.divide, slope, apply(lambda array: 2 * array, value))


def _by_entries(evaluation: Evaluation, term: Derivative, by: Entries) -> Value:
    """dL / d(W_1)_ij: entries of the derivative by all of W_1."""
    whole = plain_derivative(evaluation, replace(term, by=(by.body,)))
    if term.of is not None and evaluation.value(term.of).rank:
        raise MeaningError("the derivative of a vector with respect to entries in brackets is not checked")
    return indexed(evaluation, whole, by.indices)


def _without_brackets(by: Term) -> Term:
    while isinstance(by, Terms) and len(by.terms) == 1:
        by = by.terms[0]
    return by


def _variable(by: Term) -> Name:
    """The name of what is differentiated by; a(z) is a."""
    if isinstance(by, Call):
        by = by.function
    if isinstance(by, Derivative):
        raise MeaningError("a derivative with respect to a derivative")
    if not isinstance(by, Name):
        raise MeaningError("a derivative with respect to something that is no single quantity is not checked")
    return by


def _of_last_layer(evaluation: Evaluation, symbol: Symbol, by: Name) -> Symbol:
    """The gradient with respect to a, where there are a^1 to a^L: with respect to the last."""
    quantities = evaluation.world.quantities
    if symbol.key in quantities:
        return symbol
    layers = [key for key in quantities if key.startswith(f"{symbol.key}@")]
    if not layers:
        raise MeaningError(f"nothing says what {spelled(by)} is")
    return replace(symbol, key=max(layers, key=lambda key: (len(key), key)))


def _named_derivative(evaluation: Evaluation, term: Derivative) -> Value:
    """dW or dZ: the derivative of the cost, or of the loss of one example."""
    world, named = evaluation.world, evaluation.manner.named
    by = term.by[0]
    if isinstance(by, Name) and (shared := without_example(evaluation.world, by)) != by:
        by, named = shared, Named.EXAMPLE
    loss = world.example_loss if named is Named.EXAMPLE else evaluation.manner.loss or world.loss
    if loss is None:
        raise MeaningError("no loss is known that this could be the derivative of")
    letters = tuple(Name(letter) for letter in world.quantities[loss].letters if letter)
    value = plain_derivative(evaluation, replace(term, of=Name(ITSELF, accent=loss, sub=letters), by=(by,)))
    learnt = isinstance(by, Name) and world.symbols.resolve(by).key in world.parameters
    if named is Named.MIXED and not learnt:
        return apply(lambda array: array * (world.samples or 1), value)
    return value


def _placed(evaluation: Evaluation, slopes: Value, directions: str, symbol: Symbol) -> Value:
    """The axis of directions as the variable's own axes, at its indices."""
    quantity = evaluation.world.quantities[symbol.key]
    array, others = _unfolded(slopes, directions, np.asarray(evaluation.world.arrays[symbol.key]).shape)
    written = assign_axes(quantity, symbol.indices, columns=symbol.columns, examples=evaluation.examples)
    axes = IndexedAxes([*others, *[None] * slopes.rank])
    for size, index in zip(quantity.sizes, written, strict=True):
        if index is None or isinstance(index, str):
            axes.labels.append(index)
        elif is_letter(index, evaluation):
            axes.labels.append(_letter(evaluation, symbol.key, index, size))
        else:
            axes.take_entry(index, size)
    out = axes.of(evaluation, array)
    if axes.labels[len(others) + slopes.rank :].count(None) == 2 and is_flipped(evaluation, symbol.key):
        out = Value(np.swapaxes(out.array, -1, -2), out.axes)
    return as_row(evaluation, out)


def _unfolded(slopes: Value, directions: str, shape: tuple[int, ...]) -> tuple[AnyArray, tuple[str, ...]]:
    """The slopes with the directions as last axes, in this shape, or zeros; and their other free axes."""
    if directions not in slopes.axes:
        zeros = np.zeros((int(np.prod(shape, dtype=int)), *slopes.array.shape))
        slopes = labelled(zeros, (directions, *slopes.axes, *[None] * slopes.rank))
    place = slopes.axes.index(directions)
    array = np.moveaxis(slopes.array, place, -1)
    return array.reshape((*array.shape[:-1], *shape)), slopes.axes[:place] + slopes.axes[place + 1 :]


def _letter(evaluation: Evaluation, key: str, index: Name, size: Size) -> str:
    known = evaluation.letters.get(index.base)
    if known is not None and known != size.root().value:
        raise FitError(f"the index {index.base} does not fit {spelled_key(key)}")
    return index.base
