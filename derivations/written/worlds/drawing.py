"""Random arrays for what nothing defines, each in its domain, and the values of all that is defined."""

from __future__ import annotations

import re

import numpy as np

from checkers.probes import Domain

from ..evaluation import Evaluation, World, dependencies, keys_in
from ..evaluation.stored import definition_value
from ..evaluation.values import AnyArray
from ..faults import FitError, FormulaError, MeaningError
from ..meaning.draft import Draft
from ..meaning.known_names import PARAMETER
from ..terms import Call, Name, Number, Product, Term, Terms, Total
from .inference import examples_of
from .quantity import Definition, assign_axes
from .thresholds import around, is_constant_name


def fill(
    world: World,
    definitions: dict[str, Definition],
    draft: Draft,
    generator: np.random.Generator,
    *,
    positive: bool,
    mirrored: bool,
    turn: int | None = None,
) -> None:
    """Draw what nothing defines, and compute what is defined."""
    world.arrays.clear()
    world.slopes.clear()
    world.definitions.clear()
    world.definitions.update(definitions)
    one_hot = _one_hot_keys(draft)
    order = sorted(world.quantities.items(), key=lambda item: not item[1].is_label)
    for key, quantity in order:
        if key in definitions:
            continue
        shape = tuple(size.root().value or 1 for size in quantity.sizes)
        if quantity.is_label and quantity.range is not None:
            world.arrays[key] = generator.integers(1, (quantity.range.root().value or 2) + 1, shape).astype(float)
        else:
            world.arrays[key] = _drawn(key, shape, draft, one_hot, generator, positive=positive, mirrored=mirrored)
            if key in one_hot or draft.domains.get(key) is Domain.ONE_HOT:
                _share_labels(world, key)
    if turn is not None and draft.thresholds:
        _spread(world, draft, one_hot, turn, generator)
    for key, least in draft.above.items():
        if key in world.arrays:
            world.arrays[key] = world.arrays[key] + least
    for key, value in draft.given.items():
        if key in world.arrays:
            world.arrays[key] = np.full_like(world.arrays[key], value)
    for name in draft.bias_inputs:
        _set_to_one(world, name)
    for key in list(definitions):
        _compute(world, key, set())
    world.reached.clear()


def _set_to_one(world: World, name: Name) -> None:
    """The entries that this name has are 1."""
    symbol = world.symbols.resolve(name)
    quantity, array = world.quantities.get(symbol.key), world.arrays.get(symbol.key)
    if quantity is None or array is None or len(symbol.indices) > len(quantity.sizes):
        return
    places: list[slice | int] = []
    for size, index in zip(quantity.sizes, assign_axes(quantity, symbol.indices, columns=symbol.columns), strict=True):
        first = 0 if size.root().from_zero else 1
        place = int(index.value) - first if isinstance(index, Number) else None
        places.append(slice(None) if place is None else place)
        if place is not None and not 0 <= place < (size.root().value or 0):
            return
    array[tuple(places)] = 1.0


def _share_labels(world: World, key: str) -> None:
    """One-hot rows and the labels of the same samples say the same."""
    array = world.arrays[key]
    for other, quantity in world.quantities.items():
        labels = world.arrays.get(other)
        if not quantity.is_label or labels is None or quantity.range is None or array.ndim != labels.ndim + 1:
            continue
        if labels.shape == array.shape[:-1] and quantity.range.root().value == array.shape[-1]:
            world.arrays[key] = np.eye(array.shape[-1])[labels.astype(int) - 1]


def _compute(world: World, key: str, waiting: set[str]) -> None:
    """The value of a definition after those it needs."""
    if key in world.arrays or key not in world.definitions:
        return
    definition = world.definitions[key]
    world.reached.clear()
    if key in waiting:
        world.definitions.pop(key, None)
        return
    for used in keys_in(world, definition.body):
        if used != key:
            _compute(world, used, waiting | {key})
    try:
        with np.errstate(all="ignore"):
            value = definition_value(Evaluation(world), definition)
        quantity = world.quantities[key]
        if value.axes:
            raise FitError(f"{key} keeps the index {', '.join(value.axes)}")
        if value.array.ndim != len(quantity.sizes):
            raise FitError(f"{key} has another shape than it is used with")
        world.arrays[key] = np.asarray(value.array)
    except (MeaningError, FormulaError, ValueError, RecursionError):
        world.definitions.pop(key, None)


def _drawn(
    key: str,
    shape: tuple[int, ...],
    draft: Draft,
    one_hot: set[str],
    generator: np.random.Generator,
    *,
    positive: bool,
    mirrored: bool,
) -> AnyArray:
    domain = draft.domains.get(key)
    if domain is Domain.ONE_HOT or (domain is None and key in one_hot and shape):
        axis = draft.one_hot_axes.get(key, -1)
        axis = axis if -len(shape) <= axis < len(shape) else -1
        others = [size for place, size in enumerate(shape) if place != axis % len(shape)]
        labels = generator.integers(0, shape[axis], others)
        return np.moveaxis(np.eye(shape[axis])[labels], -1, axis)
    if domain is Domain.BINARY:
        return generator.integers(0, 2, shape).astype(float)
    if domain is Domain.SIGNS or (domain is None and key[0] in "yt" and not positive and _says_signs(draft.prose)):
        return np.where(generator.random(shape) < 0.5, -1.0, 1.0)
    if domain is Domain.COUNTS:
        return generator.poisson(2.0, shape).astype(float)
    is_constant = not shape and (len(key) > 1 or key in {"c", "d", "k", "p", "q", "s", "t"})
    if is_constant or positive or domain in {Domain.POSITIVE, Domain.UNIT, Domain.PROBABILITIES}:
        # Between 0 and 1, but away from both: a rate, a probability, a strength.
        return generator.uniform(0.2, 0.8, shape)
    # Sums over an axis stay of size 1, so that nothing saturates.
    return generator.normal(size=shape) * (0.6 if len(shape) > 1 else 0.9) * (-1 if mirrored else 1)


def _spread(world: World, draft: Draft, one_hot: set[str], turn: int, generator: np.random.Generator) -> None:
    """What is compared with thresholds lies on both sides of them, and so does what is computed of free quantities."""
    reached = frozenset().union(*(dependencies(world, key) for key in draft.compared & set(world.definitions)))
    reach = draft.thresholds[-1]
    for key in sorted((draft.compared | reached) & set(world.arrays)):
        array = world.arrays[key]
        is_any_number = key not in one_hot and key not in draft.domains and not world.quantities[key].is_label
        if not is_any_number or is_constant_name(key) or set(np.unique(array)) <= {-1.0, 0.0, 1.0}:
            continue
        if key in draft.compared:
            world.arrays[key] = around(draft.thresholds, array.shape, turn, generator)
        else:
            # Of a product of two as much, of a single factor so much: every other turn another of both is met.
            world.arrays[key] = array * (1 + reach) ** (0.5 if turn % 2 else 1.0)


def _says_signs(prose: str) -> bool:
    plain = prose.replace(" ", "").replace("\\", "").replace(",", "").replace("+", "").replace("{", "").replace("}", "")
    return "-11" in plain and ("in" in plain) and any(mark in plain for mark in ("in-11", "pm1", "in1-1", "-11"))


_ONE_HOT = re.compile(r"one[- ]?hot|(1|one)-of-\$?K", re.I)


def _one_hot_keys(draft: Draft) -> set[str]:
    """Targets of a cross-entropy: a sum over k of y_k times a logarithm, or a softmax in a text that says one-hot."""
    keys: set[str] = set()
    terms = [d.body for d in draft.definitions.values()]
    terms += [d.body for more in draft.alternatives.values() for d in more]
    says = _ONE_HOT.search(draft.prose)
    softmax = "softmax" in draft.prose.lower()
    for term in terms:
        for part in term.walk():
            if isinstance(part, Total):
                factors = _factors(part.body)
                if any(isinstance(f, Call) and f.function.base in {"log", "ln"} for f in factors):
                    _note_axes(draft, factors)
                    keys |= {k for f in factors if isinstance(f, Name) and f.base in TARGETS
                             and not f.accent and (k := draft.symbols.key(f)) not in draft.definitions}  # fmt: skip
    for left, right in draft.claims:
        if right == Number(1.0, "1") and isinstance(left, Total) and isinstance(left.body, Name):
            # The targets of one example sum to 1.
            keys |= {draft.symbols.key(left.body)} if left.body.base in TARGETS and not left.body.accent else set()
    keys |= _arguments_for_targets(draft)
    if (says or softmax) and not keys:
        for base in ("y", "t", "Y", "T", "Delta"):
            keys |= {base}
    return keys


def _arguments_for_targets(draft: Draft) -> set[str]:
    """y^(i) in L(a^(i), y^(i)), where L(a, y) is a sum of y_k times a logarithm."""
    keys: set[str] = set()
    for own, parameter, argument in draft.arguments():
        weights = {name.base for part in own.body.walk() if isinstance(part, Total) for name in _weights(part)}
        symbol = draft.symbols.resolve(argument)
        if parameter.base in weights and symbol.key not in draft.definitions:
            keys.add(symbol.key)
            if symbol.columns:
                draft.one_hot_axes[symbol.key] = 0
    return keys


def _weights(total: Total) -> list[Name]:
    """The factors of a logarithm under a sum."""
    factors = _factors(total.body)
    has_log = any(isinstance(f, Call) and f.function.base in {"log", "ln"} for f in factors)
    return [f for f in factors if isinstance(f, Name) and f.base.removeprefix(PARAMETER) in TARGETS] if has_log else []


def _note_axes(draft: Draft, factors: list[Term]) -> None:
    """Y_ki with examples i has its 1 along k, the first axis."""
    examples = examples_of(draft)
    for factor in factors:
        if isinstance(factor, Name) and len(factor.sub) == 2 and not factor.sup:
            letters = [index.base if isinstance(index, Name) else "" for index in factor.sub]
            if letters[1] in examples and letters[0] not in examples:
                draft.one_hot_axes[draft.symbols.key(factor)] = 0


TARGETS = {"y", "t", "p", "q", "d", "Y", "T", "Delta"}
"""Letters for targets."""


def _factors(term: Term) -> list[Term]:
    if isinstance(term, Product):
        return [inner for factor in term.factors for inner in _factors(factor)]
    if isinstance(term, Total) or (isinstance(term, Terms) and len(term.terms) == 1):
        return _factors(term.body if isinstance(term, Total) else term.terms[0])
    return [term]
