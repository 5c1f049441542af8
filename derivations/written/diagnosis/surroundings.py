"""What the mistake in a statement may have been drawn from: indices, sizes, quantities and factors of its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..evaluation import Evaluation, World
from ..evaluation.functions import known_function
from ..faults import MeaningError
from ..meaning.known_names import may_be_function
from ..rebuilding import free_letters, grouped, opened, renamed_indices, variables_of
from ..terms import (
    NOWHERE,
    Call,
    Derivative,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    Times,
    Total,
)
from .edit import Surroundings, is_slope

MOST_NAMES = 24
MOST_FACTORS = 8
MOST_SIZES = 5
MOST_FUNCTIONS = 4

_SCALARS = {"lambda", "alpha", "eta", "beta", "gamma", "mu", "rho", "tau", "epsilon"}
_STRENGTHS = {"lambda", "mu", "alpha", "beta", "gamma"}
"""Letters for the strength of a regulariser."""

_NO_ACTIVATIONS = {"log", "exp", "softmax", "max", "min", "sum", "mean", "tr", "diag", "det", "sqrt", "logsumexp"}


def surroundings(world: World, left: Term, right: Term, head: Term | None, others: Iterable[Term]) -> Surroundings:
    """What a mistake in this statement may have been drawn from."""
    here = [left, right] if head is None else [left, right, head]
    everything = [*here, *others]
    letters = _letters(world, here)
    free_left, free_right = (free_letters(side) & set(letters) for side in (left, right))
    names = _names(everything, world)
    scalars = tuple(name for name in names if not name.sub and name.base in _SCALARS and not shape_of(world, name))
    variables = _variables(left, head)
    return Surroundings(
        letters, tuple(sorted(free_right - free_left)), tuple(sorted(free_left - free_right)), _size_names(world),
        tuple(name for name in names if name not in scalars), scalars, _factors(everything), variables,
        any(_positional(world, part) for side in here for part in side.walk() if isinstance(part, Name)),
        slopes=_slopes(everything),
        dropped=_dropped(world, left),
        operands=_operands(world, left, names),
        inner=_inner(world, here, variables),
        penalties=_penalties(world, scalars, variables or _parameters(world, names)),
        terms=tuple(part.at(NOWHERE) for side in (left, head) if isinstance(side, Terms) for part in side.terms)[:4],
        functions=_functions(everything, world),
        shapes={name: shape_of(world, name) for name in names},
    )  # fmt: skip


def _letters(world: World, sides: list[Term]) -> dict[str, int]:
    """The indices of a statement, those under its sums as well, with their sizes."""
    evaluation = Evaluation(world)
    evaluation.learn_letters(*sides)
    for side in sides:
        for part in side.walk():
            if isinstance(part, Total):
                evaluation.learn_letters(part.body)
    return dict(evaluation.letters)


def _size_names(world: World) -> tuple[str, ...]:
    """One name for each size, those of the document first."""
    seen: dict[int, str] = {}
    for name, size in world.sizes.items():
        if not name.startswith("~"):
            seen.setdefault(size, name)
    return tuple(seen.values())[:MOST_SIZES]


def _names(terms: Iterable[Term], world: World) -> tuple[Name, ...]:
    """Names of quantities as the document writes them, once each."""
    found: dict[Name, None] = {}
    for term in terms:
        for part in term.walk():
            if isinstance(part, Name) and not part.primes and _key(world, part) in world.quantities:
                found[_without_power(world, part)] = None
    return tuple(found)[:MOST_NAMES]


def _key(world: World, name: Name) -> str:
    try:
        return world.symbols.resolve(name).key
    except MeaningError:
        return ""


def _without_power(world: World, name: Name) -> Name:
    power = world.symbols.resolve(name).power
    return replace(name, sup=tuple(script for script in name.sup if script.body != power), span=NOWHERE)


def shape_of(world: World, name: Name) -> tuple[int, ...]:
    """The sizes of what a name stands for, with its indices."""
    quantity = world.quantities.get(_key(world, name))
    return tuple(size.root().value or 0 for size in quantity.sizes) if quantity is not None else ()


def _positional(world: World, name: Name) -> bool:
    """Has it axes without an index: is it a vector or a matrix?"""
    try:
        symbol = world.symbols.resolve(name)
    except MeaningError:
        return False
    quantity = world.quantities.get(symbol.key)
    return quantity is not None and len(quantity.sizes) - len(quantity.dropped) > len(symbol.indices)


def _variables(left: Term, head: Term | None) -> tuple[Term, ...]:
    """What the statement differentiates by; of f'(z), its argument."""
    found = [*variables_of(left), *(variables_of(head) if head is not None else ())]
    for side in (left, head):
        if isinstance(side, Call) and side.function.primes:
            found += [argument for argument in side.arguments if isinstance(argument, Name)]
    return tuple(dict.fromkeys(found))


def _parameters(world: World, names: tuple[Name, ...]) -> tuple[Term, ...]:
    """What a nabla without a subscript may differentiate by."""
    return tuple(name for name in names if _key(world, name) in world.parameters and shape_of(world, name))[:2]


def _unplaced(terms: Iterable[Term], most: int) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(term.at(NOWHERE) for term in terms))[:most]


def _factors(terms: list[Term]) -> tuple[Term, ...]:
    """Derivatives that the document names."""
    return _unplaced(
        (part for term in terms for part in term.walk()
         if isinstance(part, Derivative) and part.form == "partial" and part.of is not None
         and not isinstance(part.of, (Terms, Product))),
        MOST_FACTORS,
    )  # fmt: skip


def _functions(terms: list[Term], world: World) -> tuple[Name, ...]:
    """Functions that the document calls by a letter."""
    calls = (part for term in terms for part in term.walk() if isinstance(part, Call) and len(part.arguments) == 1)
    found = (
        call.function.at(NOWHERE) for call in calls
        if may_be_function(call.function) and not call.function.primes and _key(world, call.function)
        and world.symbols.resolve(call.function).power is None
    )  # fmt: skip
    return tuple(dict.fromkeys(found))[:MOST_FUNCTIONS]


def _slopes(terms: list[Term]) -> tuple[Term, ...]:
    """What the document writes, or could write, for the derivative of an activation."""
    return _unplaced((slope for term in terms for part in term.walk() for slope in _slopes_of(part)), MOST_FACTORS + 4)


def _slopes_of(part: Term) -> Iterator[Term]:
    if is_slope(part):
        yield part
    if isinstance(part, Call) and not part.function.primes and not part.function.sup and len(part.arguments) == 1:
        kind = known_function(part.function.base)
        if kind not in _NO_ACTIVATIONS and isinstance(part.arguments[0], (Name, Product)):
            yield replace(part, function=replace(part.function, primes=1))
    if isinstance(part, Terms) and len(part.terms) == 2:
        one, other = part.terms
        if isinstance(one, Number) and one.value == 1 and isinstance(other, Negative):
            bracket = Terms((part,))
            if isinstance(other.body, (Name, Call)) and not (isinstance(other.body, Name) and other.body.sup):
                yield other.body
                yield Product((other.body, bracket), (Times.JUXTAPOSED,))
            yield bracket


def _differentiated(world: World, side: Term) -> Iterator[Term]:
    """What a side differentiates, as it is defined, with the side's own indices."""
    for part in side.walk():
        if not isinstance(part, Derivative) or part.of is None:
            continue
        yield part.of
        if isinstance(part.of, Name):
            try:
                symbol = world.symbols.resolve(part.of)
            except MeaningError:
                continue
            definition = world.definitions.get(symbol.key)
            if definition is not None:
                pairs = zip(definition.letters, symbol.indices, strict=False)
                letters = {letter: index.base for letter, index in pairs if isinstance(index, Name)}
                yield renamed_indices(definition.body, letters)


def _dropped(world: World, left: Term) -> tuple[Term, ...]:
    """Factors of the left side, or of what it differentiates."""
    found = [
        factor for side in (left, *_differentiated(world, left)) for part in side.walk() if isinstance(part, Product)
        for factor in part.factors if not isinstance(opened(factor), (Number, Derivative, Total))
    ]  # fmt: skip
    return _unplaced(map(grouped, found), MOST_FACTORS)


def _operands(world: World, left: Term, names: tuple[Name, ...]) -> tuple[Term, ...]:
    """What stands on the left under a power, and data."""
    found: list[Term] = []
    for side in (left, *_differentiated(world, left)):
        for part in side.walk():
            if isinstance(part, Power) and not isinstance(opened(part.base), Total):
                found.append(grouped(part.base))
            elif isinstance(part, Name) and any(isinstance(script.body, Number) for script in part.sup):
                found.append(replace(part, sup=()))
    data = [name for name in names if _key(world, name) not in world.definitions]
    defined = [name for name in names if name not in data and shape_of(world, name)]
    return _unplaced([*found, *data, *defined], MOST_FACTORS + 8)


def _inner(world: World, sides: list[Term], variables: tuple[Term, ...]) -> tuple[Term, ...]:
    """The derivatives of what functions and powers are taken of."""
    found: list[Term] = []
    bodies = [body for side in sides for body in _differentiated(world, side)]
    for term in (*sides, *bodies):
        for part in term.walk():
            if isinstance(part, Call):
                found += [argument for argument in part.arguments if not isinstance(argument, (Name, Number))]
            elif isinstance(part, Power) and not isinstance(part.base, (Name, Number)):
                found.append(part.base)
            elif isinstance(part, Name) and part.base == "e" and part.sup:
                found += [script.body for script in part.sup if not isinstance(script.body, (Name, Number))]
    derivatives = (Derivative(Terms((opened(inner),)), (by,), "operator") for inner in found for by in variables)
    return _unplaced(derivatives, MOST_FACTORS - 2)


def _penalties(world: World, scalars: tuple[Name, ...], variables: tuple[Term, ...]) -> tuple[Term, ...]:
    """lambda w, 2 lambda w, lambda w / n for what the left side differentiates by."""
    out: list[Term] = []
    sizes = _size_names(world)
    for scalar in scalars:
        for by in variables:
            if scalar.base in _STRENGTHS and isinstance(by, Name):
                plain = Product((scalar, by), (Times.JUXTAPOSED,))
                out += [plain, Product((Number(2.0, "2"), scalar, by), (Times.JUXTAPOSED,) * 2)]
                out += [Product((Quotient(scalar, Name(size)), by), (Times.JUXTAPOSED,)) for size in sizes]
    return tuple(out[:10])
