"""The shapes of a document's quantities: ranks are guessed until as much as possible of the document makes sense."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..evaluation import ITSELF
from ..faults import FitError, FormulaError, MeaningError
from ..meaning.draft import Draft
from ..meaning.symbols import LOSSES
from ..terms import Name, Number, Product, Term, Total, Transposed
from .quantity import Definition, IndexDroppedError
from .ranks import has_letters, looks_learnt, multiplied_by_matrices, rank_of
from .shapes import Shapes
from .sizes import Size

PRIMES = (5, 7, 3, 11, 2, 13, 4, 6, 8, 9, 10, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25)
SAMPLES = 11
_DATA = {"x", "y", "t", "X", "Y", "T", "a", "phi", "Phi", "d", "o", "z", "s", "h", "f"}
_MOST_ATTEMPTS = 12

# Guesses of ranks that are tried for each definition that makes no sense at first; each infers the document once.
MOST_TRIALS = 60


@dataclass(frozen=True, slots=True)
class Guess:
    """The ranks that were changed so that a draft makes most sense, and the indices found to be left out."""

    ranks: dict[str, int]
    dropped: set[str]


def best_guess(draft: Draft) -> Guess:
    """The ranks under which a draft makes most sense; they do not depend on the numbers drawn."""
    ranks: dict[str, int] = {}
    draft.vectors = multiplied_by_matrices(draft)
    dropped: set[str] = set()
    best: tuple[float, Guess] | None = None
    for _ in range(_MOST_ATTEMPTS):
        shapes, failed, missing = infer(draft, ranks, dropped)
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


def infer(
    draft: Draft, ranks: Mapping[str, int], dropped: set[str], below: float = math.inf
) -> tuple[Shapes, list[str], set[str]]:
    """Shapes under a guess of ranks; the definitions that failed, and the indices found to be left out.

    Where the definitions alone make no more sense than the score `below`, claims are not looked at.
    """
    limits = {key for key in draft.usage.limits if key not in draft.definitions}
    shapes = Shapes(draft.symbols, draft.functions, lambda key, name: rank_of(key, name, draft, ranks), limits)
    _drop_axes(shapes, dropped)
    shapes.declared = draft.axes
    shapes.numbers = frozenset(
        {"J", "C", "E", "L", "l", "loss", "cost"} - _factors_of_products(draft) - draft.usage.vectors
    )
    examples = examples_of(draft)
    shapes.examples = frozenset(examples | (set(draft.usage.raised) - {"l", "L"}))
    failed, missing = _define_all(draft, shapes)
    for first, count in draft.runs:
        shapes.count(first, count)
    _name_sizes(shapes)
    _name_by_limits(shapes)
    if _score(shapes, failed, ranks, draft) < below:
        shapes.unfit = _unfit_claims(draft, shapes)
    for key, definition in draft.definitions.items():
        if key in shapes.defined and (lost := _left_only(definition, shapes) & examples):
            missing |= lost
    return shapes, failed, missing


def _define_all(draft: Draft, shapes: Shapes) -> tuple[list[str], set[str]]:
    """Infer every definition; those that make no sense, and the indices found to be left out."""
    failed: list[str] = []
    missing: set[str] = set()
    for key in _in_order(draft):
        missing |= _examples_not_written(draft.definitions[key].body)
        try:
            shapes.define(draft.definitions[key])
        except IndexDroppedError as error:
            missing.add(error.letter)
            failed.append(key)
        except (MeaningError, RecursionError):
            if not any(_makes_sense(shapes, alternative) for alternative in draft.alternatives.get(key, ())):
                failed.append(key)
    return failed, missing


def _makes_sense(shapes: Shapes, alternative: Definition) -> bool:
    """Take a further definition where the first one makes none."""
    try:
        shapes.define(alternative)
    except (MeaningError, RecursionError):
        return False
    shapes.taken[alternative.key] = alternative
    return True


def _name_sizes(shapes: Shapes) -> None:
    """The names that sums without limits and declarations give to sizes; such a name is no number of its own."""
    declared = [(name, size) for name, size in shapes.same.items() if len(name) == 1]
    for name, size in (*shapes.unsized, *declared):
        if name not in shapes.defined and name in shapes.quantities and not shapes.quantities[name].sizes:
            del shapes.quantities[name]
        shapes.size_names.add(name)
        if name not in shapes.names:
            shapes.names[name] = size
            continue
        try:
            shapes.names[name].join(size)
        except FitError:
            continue


def _name_by_limits(shapes: Shapes) -> None:
    """j runs to d wherever a sum says how far: what it numbers has d entries, where no definition says so."""
    named = {size.root() for size in shapes.names.values()}
    for size in [size for quantity in shapes.quantities.values() for size in quantity.sizes]:
        ends = {end for letter in size.root().letters for end in shapes.symbols.usage.ends.get(letter, ())}
        if len(ends) == 1 and size.root() not in named and not size.root().value and (end := min(ends)) in shapes.names:
            size.join(shapes.names[end])


def _factors_of_products(draft: Draft) -> set[str]:
    """What is transposed or multiplied with a capital: a matrix, even where its letter is one for losses."""
    found: set[str] = set()
    for term in (d.body for d in draft.definitions.values()):
        for part in term.walk():
            if isinstance(part, Transposed) and isinstance(part.body, Name):
                found.add(draft.symbols.key(part.body))
            if isinstance(part, Product):
                names = [f for f in part.factors if isinstance(f, Name) and f.base.isupper() and not has_letters(f)]
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


def examples_of(draft: Draft) -> set[str]:
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
        # X holds all examples itself.
        is_whole = key[0].isupper() and len(quantity.sizes) == 2
        for letter in sorted(dropped - set(quantity.letters)) if not is_whole else ():
            quantity.sizes.insert(0, Size())
            quantity.letters.insert(0, letter)
            quantity.dropped = {0, *(place + 1 for place in quantity.dropped)}
        for place, letter in enumerate(quantity.letters):
            if letter in dropped:
                quantity.dropped.add(place)
        return quantity

    shapes.leaf = leaf  # type: ignore[method-assign]


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
            tried, bad, _ = infer(draft, trial, dropped)
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
                tried, bad, _ = infer(draft, trial, dropped, below=current)
                if _score(tried, bad, trial, draft) < current:
                    return trial
    return None


def score(draft: Draft) -> float:
    """How little sense a draft makes, before anything is tried to mend it."""
    shapes, failed, _ = infer(draft, {}, set())
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


def learn_from_claims(draft: Draft, shapes: Shapes) -> None:
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


def give_sizes(shapes: Shapes) -> None:
    """A distinct prime for each size that has none; from the last axis, so that X^T X of samples in rows is regular."""
    given = {size.root().value for quantity in shapes.quantities.values() for size in quantity.sizes}
    sizes = (size.root() for quantity in shapes.quantities.values() for size in quantity.sizes)
    samples = next((size for size in sizes if size.value is None and size.letters & shapes.examples), None)
    if samples is not None:
        # More examples than features, as a normal equation needs it.
        samples.value = SAMPLES
        given.add(SAMPLES)
    _give_counted(shapes)
    primes = (prime for prime in PRIMES if prime not in given)
    for quantity in shapes.quantities.values():
        for size in (*reversed(quantity.sizes), *([quantity.range] if quantity.range else [])):
            root = size.root()
            if root.value is None:
                root.value = next(primes, 26)
    for size in shapes.names.values():
        if size.root().value is None:
            size.root().value = next(primes, 26)


def _give_counted(shapes: Shapes) -> None:
    """The sizes that only numbers tell: of w and x in w_1 x_1 + w_2 x_2, or in a sum that ends at 3."""
    named = {size.root() for size in shapes.names.values()}
    for size in (size.root() for quantity in shapes.quantities.values() for size in quantity.sizes):
        if size.value is None and size.counted > 1 and size not in named:
            size.value = size.counted + size.from_zero


def sizes_of(shapes: Shapes, draft: Draft) -> dict[str, int]:
    """The numbers that names of sizes stand for."""
    give_sizes(shapes)
    sizes: dict[str, int] = {}
    for name, size in shapes.names.items():
        root = size.root()
        sizes[name] = (root.value or 1) - root.from_zero
    return sizes
