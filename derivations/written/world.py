"""From a document's definitions to numbers: shapes, distinct prime sizes, random arrays, values of all definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from checkers.probes import Domain

from .evaluation import ITSELF, Evaluation, World, dependencies, keys_in
from .evaluation.stored import definition_value
from .faults import FitError, FormulaError, MeaningError
from .lexicon import GREEK
from .shapes import (
    WEIGHTS,
    Definition,
    FunctionDefinition,
    IndexDroppedError,
    Shapes,
    Size,
    assign_axes,
)
from .symbols import LOSSES, Symbols
from .terms import Call, Name, Number, Product, Quotient, Term, Terms, Total, Transposed
from .usage import Usage, bare
from .values import AnyArray

PRIMES = (5, 7, 3, 11, 2, 13, 4, 6, 8, 9, 10, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25)
SAMPLES = (11, 13)
_DATA = {"x", "y", "t", "X", "Y", "T", "a", "phi", "Phi", "d", "o"}
_MOST_ATTEMPTS = 12

# Guesses of ranks that are tried for each definition that makes no sense at first; each infers the document once.
MOST_TRIALS = 60


@dataclass(slots=True)
class Draft:
    """What a document says about its quantities, before it has numbers.

    Drafts are equal when the same axes follow from them, whatever numbers are put in.

    Attributes:
        definitions: in order; one for each quantity.
        alternatives: what else a quantity is said to be.
        claims: other terms, from which the shapes of what nothing defines are learnt.
        domains: what data may be, by key.
        prose: all words of the document, in which "one-hot" and the like are looked for.
    """

    usage: Usage
    symbols: Symbols = field(compare=False)
    definitions: dict[str, Definition] = field(default_factory=dict)
    alternatives: dict[str, list[Definition]] = field(default_factory=dict)
    functions: dict[str, FunctionDefinition] = field(default_factory=dict)
    named_functions: dict[str, str] = field(default_factory=dict)
    vectors: set[str] = field(default_factory=set, compare=False)
    """What a matrix is multiplied with, or what is added to such a product."""
    one_hot_axes: dict[str, int] = field(default_factory=dict, compare=False)
    """Along which axis targets have their one 1, where it is not the last."""
    troubled: bool = field(default=True, compare=False)
    """Some definition makes no sense as the letters are read at first."""
    forced: dict[str, int] = field(default_factory=dict)
    """Ranks that are known."""
    given: dict[str, float] = field(default_factory=dict, compare=False)
    """Numbers that the document puts in for quantities."""
    bias_inputs: list[Name] = field(default_factory=list, compare=False)
    """Entries of the data that are always 1."""
    claims: list[tuple[Term, Term]] = field(default_factory=list)
    domains: dict[str, Domain] = field(default_factory=dict)
    prose: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """The ranks that were changed so that a draft makes most sense, and the indices found to be left out."""

    ranks: dict[str, int]
    dropped: set[str]


def best_guess(draft: Draft) -> Guess:
    """The ranks under which a draft makes most sense; they do not depend on the numbers drawn."""
    ranks: dict[str, int] = {}
    draft.vectors = _multiplied_by_matrices(draft)
    dropped: set[str] = set()
    best: tuple[float, Guess] | None = None
    for _ in range(_MOST_ATTEMPTS):
        shapes, failed, missing = _infer(draft, ranks, dropped)
        if missing - dropped:
            dropped |= missing
            continue
        if best is None:
            draft.troubled = bool(failed)
        score = _score(shapes, failed, ranks, draft)
        if best is None or score < best[0]:
            best = (score, Guess(ranks, set(dropped)))
        if not score:
            break
        change = _better_rank(draft, shapes, failed, ranks, dropped)
        if change is None:
            break
        ranks = change
    assert best is not None
    return best[1]


def build(draft: Draft, guess: Guess, seed: int = 0, *, positive: bool = False) -> World:
    """The world a document speaks of, on random arrays.

    Definitions that make no sense are left out; what depends on them then has no meaning, and is said so.
    """
    draft.vectors = _multiplied_by_matrices(draft)
    shapes, failed, _ = _infer(draft, guess.ranks, guess.dropped)
    _give_sizes(shapes)
    _learn_from_claims(draft, shapes)
    sizes = _sizes(shapes, draft)
    world = World(
        draft.symbols, shapes.quantities, {}, {}, draft.functions, draft.named_functions, sizes, draft.alternatives
    )
    definitions = {key: d for key, d in draft.definitions.items() if key not in failed and key in shapes.defined}
    world.definitions.update(definitions)
    _find_losses(world)
    for attempt in range(3):
        # The second of two probes is the first one mirrored, so that every number is met with both signs.
        mirrored = seed > 0 and seed % 2 == 0
        generator = np.random.default_rng(seed - mirrored + 1000 * attempt)
        _fill(world, definitions, draft, generator, positive=positive or attempt > 0, mirrored=mirrored)
        if all(np.isfinite(array).all() for array in world.arrays.values()):
            break
    _find_losses(world)
    world.examples = frozenset(_examples(draft) | set(draft.usage.raised))
    world.not_understood = frozenset(draft.definitions) - set(world.definitions)
    world.parameters = tuple(key for key in world.quantities if key not in world.definitions and looks_learnt(key))
    return world


def _multiplied_by_matrices(draft: Draft) -> set[str]:
    """x and b in W x + b: small letters without indices beside a capital one."""
    found: set[str] = set()
    terms = [d.body for d in draft.definitions.values()] + [side for pair in draft.claims for side in pair]
    for term in terms:
        for part in term.walk():
            if isinstance(part, Terms) and any(_matrix_product(t, draft) and not _is_prediction(t) for t in part.terms):
                found |= {
                    draft.symbols.key(name) for t in part.terms for name in _without_ones(t)
                    if name.base == "b" and not _has_letters(name)
                }  # fmt: skip
            if isinstance(part, Product):
                for first, second in zip(part.factors, part.factors[1:], strict=False):
                    if (
                        _is_matrix(first, draft)
                        and isinstance(second, Name)
                        and second.base.islower()
                        and not _has_letters(second)
                    ):
                        found.add(draft.symbols.key(second))
    return found - {""}


def _without_ones(term: Term) -> list[Name]:
    """b, also in b 1^T or 1 b^T."""
    factors = term.factors if isinstance(term, Product) and len(term.factors) == 2 else (term,)
    plain = [factor.body if isinstance(factor, Transposed) else factor for factor in factors]
    names = [factor for factor in plain if isinstance(factor, Name) and factor.base != "1"]
    return names if len(names) == 1 and len(plain) - len(names) == len(factors) - 1 else []


def _is_matrix(term: Term, draft: Draft) -> bool:
    term = bare(term.body) if isinstance(term, Transposed) else term
    if isinstance(term, Name) and term.base == "w" and "@" in draft.symbols.key(term) and not _has_letters(term):
        return "w" in draft.usage.vectors
    return (
        isinstance(term, Name) and term.base.isupper() and len(term.base) == 1 and not _has_letters(term)
        and term.base not in draft.usage.limits and term.base not in {"J", "L", "E", "C", "N", "T", "K", "M"}
    )  # fmt: skip


def _matrix_product(term: Term, draft: Draft) -> bool:
    """W x or X W, but not w^T X, to which a number is added."""
    if not isinstance(term, Product) or any(
        isinstance(f, Transposed) and not _is_matrix(f, draft) for f in term.factors
    ):
        return False
    return any(_is_matrix(factor, draft) for factor in term.factors)


def _is_prediction(term: Term) -> bool:
    """X w: one number for each example, to which one number is added."""
    factors = term.factors if isinstance(term, Product) else ()
    return len(factors) == 2 and all(isinstance(f, Name) for f in factors) and (
        isinstance(factors[0], Name)
        and factors[0].base not in WEIGHTS
        and isinstance(factors[1], Name)
        and factors[1].base.islower()
    )  # fmt: skip


def _has_letters(name: Name) -> bool:
    return any(isinstance(index, Name) and index.font != "text" for index in name.sub)


# Shapes ---------------------------------------------------------------------------------------------------------------


def _infer(
    draft: Draft, ranks: Mapping[str, int], dropped: set[str], below: float = np.inf
) -> tuple[Shapes, list[str], set[str]]:
    """Shapes under a guess of ranks; the definitions that failed, and the indices found to be left out.

    Where the definitions alone make no more sense than the score `below`, claims are not looked at.
    """
    limits = {key for key in draft.usage.limits if key not in draft.definitions}
    shapes = Shapes(draft.symbols, draft.functions, lambda key, name: _rank(key, name, draft, ranks, dropped), limits)
    _drop_axes(shapes, dropped)
    shapes.numbers = frozenset(
        {"J", "C", "E", "L", "l", "loss", "cost"} - _factors_of_products(draft) - draft.usage.vectors
    )
    examples = _examples(draft)
    shapes.examples = frozenset(examples | (set(draft.usage.raised) - {"l", "L"}))
    failed: list[str] = []
    missing: set[str] = set()
    for key in _in_order(draft):
        definition = draft.definitions[key]
        try:
            shapes.define(definition)
        except IndexDroppedError as error:
            missing.add(error.letter)
            failed.append(key)
        except (MeaningError, RecursionError):
            failed.append(key)
        missing |= _examples_not_written(definition.body)
    for name, size in shapes.unsized:
        if name not in shapes.names:
            shapes.names[name] = size
        else:
            try:
                shapes.names[name].join(size)
            except FitError:
                continue
    if _score(shapes, failed, ranks, draft) < below:
        shapes.unfit = _unfit_claims(draft, shapes)
    for key, definition in draft.definitions.items():
        if key in shapes.defined and (lost := _left_only(definition, shapes) & examples):
            missing |= lost
    return shapes, failed, missing


def _factors_of_products(draft: Draft) -> set[str]:
    """What is transposed or multiplied with a capital: a matrix, even where its letter is one for losses."""
    found: set[str] = set()
    for term in (d.body for d in draft.definitions.values()):
        for part in term.walk():
            if isinstance(part, Transposed) and isinstance(part.body, Name):
                found.add(draft.symbols.key(part.body))
            if isinstance(part, Product):
                names = [f for f in part.factors if isinstance(f, Name) and f.base.isupper() and not _has_letters(f)]
                found |= {draft.symbols.key(name) for name in names if len(names) > 1}
    return found


def _in_order(draft: Draft) -> list[str]:
    """Definitions after those they are made of; where they go round in a circle, as they stand."""
    order: dict[str, None] = {}

    def visit(key: str, waiting: frozenset[str]) -> None:
        if key in order or key in waiting or key not in draft.definitions:
            return
        for part in draft.definitions[key].body.walk():
            if isinstance(part, Name):
                visit(part.accent if part.base == ITSELF else draft.symbols.key(part), waiting | {key})
        order[key] = None

    for key in draft.definitions:
        visit(key, frozenset())
    return list(order)


def _unfit_claims(draft: Draft, shapes: Shapes) -> list[tuple[Term, Term]]:
    """Claims whose sides are not both numbers, both vectors or both matrices under these shapes."""
    unfit: list[tuple[Term, Term]] = []
    for left, right in draft.claims:
        mark, known, names = len(Size.joined), dict(shapes.quantities), dict(shapes.names)
        try:
            scope: dict[str, Size] = {}
            one, two = shapes.infer(left, scope), shapes.infer(right, scope)
            fits = len(one.axes) == len(two.axes) or bool(one.special or two.special) or isinstance(right, Number)
        except (FitError, IndexDroppedError):
            fits = False
        except (MeaningError, RecursionError):
            fits = True
        if not fits:
            unfit.append((left, right))
        Size.take_back(mark)
        for key in set(shapes.quantities) - set(known):
            del shapes.quantities[key]
        shapes.names = names
    return unfit


def _left_only(definition: Definition, shapes: Shapes) -> set[str]:
    """Indices of the left side that nothing on the right has."""
    scope = {letter: Size() for letter in definition.letters}
    try:
        shape = shapes.infer(definition.body, dict(scope))
    except MeaningError:
        return set()
    return set(definition.letters) - set(shape.free)


def _examples(draft: Draft) -> set[str]:
    """Letters that number examples: a mean or a sum of losses runs over them."""
    letters = set()
    for definition in draft.definitions.values():
        if definition.letters or definition.key[0] not in {base[0] for base in LOSSES}:
            continue
        for part in definition.body.walk():
            if isinstance(part, Total) and part.indices:
                letters.add(part.indices[0].base)
                break
    return letters


def _examples_not_written(body: Term) -> set[str]:
    """x in a sum over the inputs x of (y - a)^2, which do not carry it."""
    return {
        name.base for total in body.walk() if isinstance(total, Total)
        for name in total.indices if name == Name("x")
        and not any(name in part.children for part in total.body.walk() if isinstance(part, Name))
    }  # fmt: skip


def _drop_axes(shapes: Shapes, dropped: set[str]) -> None:
    """Data gets an axis for each index that is left out where it stands."""
    if not dropped:
        return
    original = shapes.leaf
    shapes.dropped = frozenset(dropped)

    def leaf(key: str, name: Name, indices: tuple[Term, ...], *, columns: bool = False):  # type: ignore[no-untyped-def]
        if key in shapes.quantities:
            return shapes.quantities[key]
        quantity = original(key, name, indices, columns=columns)
        if looks_learnt(key) or name.base not in _DATA:
            return quantity
        for letter in sorted(dropped - set(quantity.letters)):
            quantity.sizes.insert(0, Size())
            quantity.letters.insert(0, letter)
            quantity.dropped = {0, *(place + 1 for place in quantity.dropped)}
        for place, letter in enumerate(quantity.letters):
            if letter in dropped:
                quantity.dropped.add(place)
        return quantity

    shapes.leaf = leaf  # type: ignore[method-assign]


def looks_learnt(key: str) -> bool:
    """May this be a parameter, by its letter?"""
    return key[0] in "wWbBvVuU" or key.split("@", maxsplit=1)[0].split("_", maxsplit=1)[0] in {
        "theta",
        "Theta",
        "beta",
        "alpha",
        "gamma",
    }


def _rank(key: str, name: Name, draft: Draft, ranks: Mapping[str, int], dropped: set[str]) -> int:
    """How many axes a quantity has that nothing defines."""
    if key in draft.forced:
        return draft.forced[key]
    if key in ranks:
        return ranks[key]
    if key in draft.usage.labels_and_targets:
        return 0
    lettered = draft.usage.lettered.get((name.base, name.accent), 0)
    base = name.base
    if any(isinstance(index, Name) and index.base in draft.usage.fixed for index in name.sub):
        return 1 if base in draft.usage.vectors | draft.usage.one_of_vectors | draft.usage.bold else 0
    raised = sum(
        isinstance(script.body, Name) and script.body.font != "text" and not draft.usage.is_layer(script.body.base)
        for script in name.sup
    )
    if base in draft.usage.stacked and not name.sub:
        return 1
    if lettered:
        other = base.swapcase() if len(base) == 1 else ""
        also = draft.usage.lettered.get((other, name.accent), 0) if base.isupper() else 0
        most = max(lettered, also)
        named = base in draft.usage.bold_examples or base in draft.usage.one_of_vectors
        vector = named and not base.isupper() and lettered < 2
        if base == "W" and lettered == 1 and draft.usage.arity[base, name.accent][0]:
            return 2
        return most + raised + (1 if vector else 0)
    if base.isupper() and base in draft.usage.divisors:
        return 0
    if base.isupper() and len(base) == 1:
        also = draft.usage.lettered.get((base.lower(), name.accent), 0)
        if base in draft.usage.limits or (base in {"J", "C", "E", "L", "N", "K", "D"} and key not in draft.vectors):
            return also if base not in draft.usage.limits else 0
        return max(also, 2)
    if base == "w" and "@" in key and base in draft.usage.vectors:
        # (w^{l+1})^T delta: the weights of a layer, in a text that has no capitals.
        return 2
    if base in {"Theta", "Phi", "Delta"}:
        return 0 if base in draft.usage.compared else 2
    if (
        base in draft.usage.bold
        or key in draft.vectors
        or (base in draft.usage.vectors and (len(base) == 1 or base in GREEK) and base not in "b")
    ):
        return 1 + raised
    return raised


def _better_rank(
    draft: Draft, shapes: Shapes, failed: Sequence[str], ranks: dict[str, int], dropped: set[str]
) -> dict[str, int] | None:
    """One change of a rank, or two, that lets more definitions make sense."""
    suspects: list[str] = []
    bodies = [draft.definitions[key].body for key in failed] + [side for pair in shapes.unfit for side in pair]
    for body in bodies:
        names = {draft.symbols.key(part): part for part in body.walk() if isinstance(part, Name)}
        reached = [k for name in names for k in [name, *_leaves(draft, name)]]
        suspects += [
            k for k in reached
            if k and k in shapes.quantities and k not in draft.definitions
            and k not in suspects and not _is_number(k, draft)
        ]  # fmt: skip
    current = _score(shapes, failed, ranks, draft)
    trials = 0
    candidates: list[tuple[float, dict[str, int]]] = []
    for key in suspects[:14]:
        now = len(shapes.quantities[key].sizes) - len(shapes.quantities[key].dropped)
        for rank in (now + 1, now - 1, now + 2):
            if not 0 <= rank <= 3:
                continue
            trial = ranks | {key: rank}
            trials += 1
            if trials > MOST_TRIALS:
                return None
            tried, bad, _ = _infer(draft, trial, dropped)
            score = _score(tried, bad, trial, draft)
            if score < current:
                return trial
            candidates.append((score, trial))
    candidates.sort(key=lambda candidate: candidate[0])
    for _, first in candidates[:6]:
        for _, second in candidates[:8]:
            trial = first | second
            if len(trial) > len(first):
                trials += 1
                if trials > MOST_TRIALS:
                    return None
                tried, bad, _ = _infer(draft, trial, dropped, below=current)
                if _score(tried, bad, trial, draft) < current:
                    return trial
    return None


def score(draft: Draft) -> float:
    """How little sense a draft makes, before anything is tried to mend it."""
    shapes, failed, _ = _infer(draft, {}, set())
    return _score(shapes, failed, {}, draft)


def _is_number(key: str, draft: Draft) -> bool:
    """Names of sizes, and constants such as a rate, are numbers whatever stands beside them."""
    return key in draft.usage.limits or key in {
        "N",
        "n",
        "m",
        "K",
        "lambda",
        "alpha",
        "eta",
        "epsilon",
        "tau",
        "kappa",
        "mu",
        "rho",
    }


def _score(shapes: Shapes, failed: Sequence[str], ranks: Mapping[str, int], draft: Draft) -> float:
    """How little sense the shapes make: a definition that fails counts more than a claim, which may be wrong.

    A small letter for a matrix, or a capital for a vector, is possible but wants a reason.
    """
    odd = sum(
        1.2 for key, rank in ranks.items() if (rank >= 2 and key[0].islower()) or (rank == 1 and key[0].isupper())
    )
    odd += sum(1.5 for key, rank in ranks.items() if rank > max(2, draft.usage.lettered.get((key[0], ""), 0)))
    # What makes all definitions meaningful is not given up for two claims, which may both be wrong.
    change = 0.2 if draft.troubled else 2.2
    return 3 * len(failed) + len(shapes.unfit) + odd + change * len(ranks) + 0.6 * shapes.squeezed


def _leaves(draft: Draft, key: str, depth: int = 8) -> list[str]:
    """What a definition is made of in the end."""
    if key not in draft.definitions or not depth:
        return []
    used = [draft.symbols.key(part) for part in draft.definitions[key].body.walk() if isinstance(part, Name)]
    return [k for name in dict.fromkeys(used) for k in [name, *_leaves(draft, name, depth - 1)]]


def _learn_from_claims(draft: Draft, shapes: Shapes) -> None:
    """What only claims name gets its shape from them; a claim that does not fit teaches nothing."""
    for left, right in draft.claims:
        mark, known, names = len(Size.joined), set(shapes.quantities), set(shapes.names)
        try:
            scope: dict[str, Size] = {}
            one, two = shapes.infer(left, scope), shapes.infer(right, scope)
            if len(one.axes) == len(two.axes):
                for first, second in zip(one.axes, two.axes, strict=True):
                    first.join(second)
        except (MeaningError, FormulaError, RecursionError):
            Size.take_back(mark)
            continue
        for name in set(shapes.names) - names:
            if draft.usage.is_index(name):
                del shapes.names[name]
        if set(shapes.quantities) == known and set(shapes.names) == names:
            Size.take_back(mark)


def _give_sizes(shapes: Shapes) -> None:
    """A distinct prime for each size that has none; from the last axis, so that X^T X of samples in rows is regular."""
    given = {size.root().value for quantity in shapes.quantities.values() for size in quantity.sizes}
    for quantity in shapes.quantities.values():
        for size in quantity.sizes:
            root = size.root()
            if root.value is None and root.letters & shapes.examples:
                # More examples than features, as a normal equation needs it.
                root.value = next((prime for prime in SAMPLES if prime not in given), None)
                given.add(root.value)
    primes = (prime for prime in PRIMES if prime not in given)
    for quantity in shapes.quantities.values():
        for size in (*reversed(quantity.sizes), *([quantity.range] if quantity.range else [])):
            root = size.root()
            if root.value is None:
                root.value = next(primes, 26)
    for size in shapes.names.values():
        if size.root().value is None:
            size.root().value = next(primes, 26)


def _sizes(shapes: Shapes, draft: Draft) -> dict[str, int]:
    """The numbers that names of sizes stand for."""
    _give_sizes(shapes)
    sizes: dict[str, int] = {}
    for name, size in shapes.names.items():
        root = size.root()
        sizes[name] = (root.value or 1) - root.from_zero
    return sizes


# Numbers --------------------------------------------------------------------------------------------------------------


def _fill(
    world: World,
    definitions: dict[str, Definition],
    draft: Draft,
    generator: np.random.Generator,
    *,
    positive: bool,
    mirrored: bool,
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
    if (says or softmax) and not keys:
        for base in ("y", "t", "Y", "T", "Delta"):
            keys |= {base}
    return keys


def _note_axes(draft: Draft, factors: list[Term]) -> None:
    """Y_ki with examples i has its 1 along k, the first axis."""
    examples = _examples(draft)
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


def _find_losses(world: World) -> None:
    """What is differentiated, of one example and of all, and how many examples there are."""
    world.loss = _loss(world)
    world.example_loss = _example_loss(world)
    world.samples = _samples(world)


def _example_loss(world: World) -> str | None:
    """What the cost is the mean of: the loss of one example."""
    if world.loss is None:
        return None
    for part in world.definitions[world.loss].body.walk():
        if isinstance(part, Name):
            key = world.symbols.resolve(part).key
            if key in world.definitions and len(world.quantities[key].sizes) == 1 and key[0] in "LlCEJ":
                return key
        if isinstance(part, Call):
            key = world.symbols.resolve(part.function).key
            if key in world.definitions and len(world.quantities[key].sizes) == 1 and key[0] in "LlCEJ":
                return key
    return None


def _samples(world: World) -> int | None:
    """The number of examples: the size that the cost is divided by."""
    if world.loss is None:
        return None
    for key in (world.loss, *sorted(dependencies(world, world.loss) & set(world.definitions))):
        for part in world.definitions[key].body.walk():
            if isinstance(part, Quotient):
                for below in part.below.walk():
                    if isinstance(below, Name) and below.base in world.sizes:
                        return int(world.sizes[below.base])
    return None


def _loss(world: World) -> str | None:
    """What dW and the like are derivatives of: a scalar that nothing else is made of."""
    scalars = [key for key in world.definitions if not world.quantities[key].sizes]
    used = {k for key in world.definitions for k in keys_in(world, world.definitions[key].body)}
    ends = [key for key in scalars if key not in used] or scalars
    ranked = sorted(
        ends, key=lambda key: LOSSES.index(key.split("_")[0]) if key.split("_")[0] in LOSSES else len(LOSSES)
    )
    return ranked[0] if ranked else None
