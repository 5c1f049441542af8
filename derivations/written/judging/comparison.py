"""Both sides of a statement evaluated and compared: the one place where numbers decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..evaluation import ITSELF, Evaluation, World, keys_in
from ..evaluation.conditions import holds
from ..evaluation.values import Value, entrywise, relative_difference
from ..faults import FitError, IndexConflictError, MeaningError
from ..meaning.known_names import function_key
from ..rebuilding import map_names
from ..terms import Call, Condition, Derivative, Name, Norm, Number, Term, Total, Transposed
from ..worlds.thresholds import around, branches, is_constant_name
from .manner import Manner
from .readings import names_on_line

# Both sides come from the same arrays by different ways: rounding, times the number of operations.
TOLERANCE = 1e-8


# Where a derivative stands inside a derivative, differences of fourth order are used.
NESTED_TOLERANCE = 1e-5


# What is said where no probe meets a condition.
NEVER_MET = "none of the numbers that are tried here meets the condition"


# Digits from which on a decimal is taken for a rounded number: 1.14393, but not 0.5.
LEAST_DIGITS = 4


# Single numbers that an identity of functions is tried on.
DRAWS = 7

# And as many in every interval between thresholds.
DRAWS_BETWEEN = 2


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two sides.

    Attributes:
        holds: are they equal?
        error: the relative difference, None where the sides do not even fit together.
        reason: why they do not fit, or cannot be evaluated.
        meaningless: something in them has no meaning here, so nothing can be said.
        opaque: an entry whose index does not fit was taken as any number.
        but_last: of the last layer, which has a definition of its own, it does not hold.
    """

    holds: bool
    error: float | None = None
    reason: str | None = None
    meaningless: bool = False
    opaque: bool = False
    but_last: bool = False
    conflict: bool = False
    """An index numbers different things in the two places where it stands."""
    infinite: bool = False
    """A side is infinite, or no number, on this probe."""
    partly: bool = False
    """The condition holds for some indices, and for others not."""
    vanishing: bool = False
    """A derivative is 0 on this probe."""
    unmet: bool = False
    """The condition holds nowhere on this probe."""
    under: Condition | None = None
    """A condition that is said before, under which it holds; whether it is still meant here is not said."""
    left: Value | None = None
    right: Value | None = None


def compare(
    world: World, left: Term, right: Term, manner: Manner | None = None, condition: Condition | None = None
) -> Comparison:
    """Evaluate both sides in one world and compare them."""
    evaluation = Evaluation(world, manner)
    partly = False
    try:
        if manner is not None and manner.pointwise:
            evaluation.bound = single_numbers(world, left, right)
        evaluation.learn_letters(left, right)
        if condition is not None and not mask(evaluation, condition).array.any():
            return Comparison(False, None, NEVER_MET, True, unmet=True)
        one = evaluation.value(left)
        two = evaluation.value(right)
        if (
            manner is not None
            and manner.pointwise
            and not (np.isfinite(one.array).all() and np.isfinite(two.array).all())
        ):
            # Logarithms and roots of single numbers want positive ones.
            evaluation.bound = single_numbers(world, left, right, positive=True)
            one, two = evaluation.value(left), evaluation.value(right)
        if condition is not None:
            here = mask(evaluation, condition)
            partly = not here.array.all()
            one, two = (_where(side, here) for side in (one, two))
        if not np.isfinite(one.array).all() or not np.isfinite(two.array).all():
            return Comparison(False, None, "its value is not finite on the probe", True, infinite=True)
        error = relative_difference(one, two)
        if error > TOLERANCE and (_vanishes(left, one) or _vanishes(right, two)):
            reason = "nothing says how one side depends on what it is differentiated by"
            return Comparison(False, error, reason, True, vanishing=True)
        if error <= TOLERANCE and _vanishes(left, one) and _vanishes(right, two):
            reason = "nothing says how both sides depend on what they are differentiated by"
            return Comparison(False, None, reason, True, vanishing=True)
    except IndexConflictError as fault:
        return Comparison(False, None, str(fault), conflict=True)
    except FitError as fault:
        return Comparison(False, None, str(fault))
    except MeaningError as fault:
        return Comparison(False, None, str(fault), True)
    except (RecursionError, np.linalg.LinAlgError, ValueError, IndexError, OverflowError, MemoryError) as fault:
        return Comparison(False, None, f"this cannot be evaluated ({fault})", True)
    tolerance = NESTED_TOLERANCE if "differences" in evaluation.notes else TOLERANCE
    is_equal = error <= tolerance or _rounded(left, right, one, two) or error <= _typed_precision(left, right)
    return Comparison(is_equal, error, opaque="opaque" in evaluation.notes, partly=partly, left=one, right=two)


def mask(evaluation: Evaluation, condition: Condition) -> Value:
    """1 where a condition holds, else 0."""
    evaluation.learn_letters(condition)
    return holds(evaluation, condition)


def _where(side: Value, here: Value) -> Value:
    """The side where a condition holds, elsewhere 0."""
    return entrywise(lambda value, one: np.where(one > 0, value, 0.0), side, here)


def _vanishes(side: Term, value: Value) -> bool:
    """Is a derivative zero for want of anything that it depends on?"""
    has_derivative = any(isinstance(p, Derivative) or (isinstance(p, Call) and p.function.primes) for p in side.walk())
    return has_derivative and not value.array.any()


def single_numbers(world: World, left: Term, right: Term, *, positive: bool = False) -> dict[str, Value]:
    """For an identity of functions of single numbers: a number for every letter.

    Raises:
        MeaningError: the statement speaks of indices, or of quantities that are made of others.
    """
    generator = np.random.default_rng(7 + positive)
    numbers: dict[str, Value] = {}
    arguments = _arguments(world, left) | _arguments(world, right)
    for side in (left, right):
        for part in side.walk():
            if isinstance(part, (Total, Transposed, Norm)) or _is_of_vectors(world, part):
                raise MeaningError("no identity of single numbers")
            if isinstance(part, Derivative) and isinstance(part.of, Name) and not is_function_name(world, part.of):
                raise MeaningError("no identity of single numbers")
    for side in (left, right):
        for name in names_on_line(side):
            symbol = world.symbols.resolve(name)
            if symbol.indices:
                raise MeaningError("no identity of single numbers")
            for key in _chosen(world, name, arguments):
                if key not in numbers:
                    is_strength = is_constant_name(key) and key not in arguments
                    drawn = _drawn(world.thresholds, generator, positive=positive or is_strength)
                    least = world.above.get(key, 0.0) if is_strength else 0.0
                    numbers[key] = Value(drawn.array + least, drawn.axes)
    if not numbers:
        numbers["~u"] = _drawn(world.thresholds, generator, positive=True)
    elif len(numbers) == 1:
        numbers["~u"] = next(iter(numbers.values()))
    return numbers


def _is_of_vectors(world: World, part: Term) -> bool:
    """A nabla, or a function that transposes what it is made of."""
    if isinstance(part, Derivative) and part.form in {"nabla", "hessian"}:
        return True
    name = part.function if isinstance(part, Call) else part
    own = world.functions.get(function_key(name, world.symbols)) if isinstance(name, Name) else None
    return own is not None and any(isinstance(inner, Transposed) for inner in own.body.walk())


def _chosen(world: World, name: Name, arguments: set[str]) -> set[str]:
    """The keys of what can be chosen where a name stands: none of a function and of a constant."""
    key = world.symbols.resolve(name).key
    if is_function_name(world, name) or name.base in {"e", "pi"}:
        return set()
    return {key} if key in arguments else _free_numbers(world, key)


def _arguments(world: World, side: Term) -> set[str]:
    """What functions are differentiated by: in d sigma / da, a is the argument, whatever else it may be."""
    names: list[Term] = []
    for part in side.walk():
        if isinstance(part, Derivative) and isinstance(part.of, Name) and is_function_name(world, part.of):
            names += part.by
        if isinstance(part, Call) and part.function.primes:
            names += part.arguments
    return {world.symbols.resolve(name).key for name in names if isinstance(name, Name)}


def _drawn(thresholds: tuple[float, ...], generator: np.random.Generator, *, positive: bool) -> Value:
    """Several numbers, on both sides of 0 and of every threshold, so that every branch of a function is met."""
    size = DRAWS + (DRAWS_BETWEEN * branches(thresholds) if thresholds else 0)
    if positive:
        return Value(generator.uniform(0.3, 0.9, size), ("~draw",))
    beyond = around(thresholds, (size - DRAWS,), 0, generator) if thresholds else np.zeros(0)
    return Value(np.concatenate([generator.normal(size=DRAWS), beyond]), ("~draw",))


def _free_numbers(world: World, key: str) -> set[str]:
    """What can be chosen in a quantity: itself, or for a = g(z) what z is."""
    definition = world.definitions.get(key)
    if definition is None:
        return {key}
    if definition.letters or any(isinstance(part, (Derivative, Total)) for part in definition.body.walk()):
        raise MeaningError("no identity of single numbers")
    used = {name for name in keys_in(world, definition.body) if name not in {"e", "e!", "pi"}}
    return set().union(*(_free_numbers(world, name) for name in used if name != key)) or {key}


def is_function_name(world: World, name: Name) -> bool:
    """Does this name stand for a function, with or without its argument?"""
    key = function_key(name, world.symbols)
    return key in world.functions or name.font == "text" or (name.base == "sigma" and key not in world.definitions)


def _typed_precision(left: Term, right: Term) -> float:
    """How far decimals that stand on one side only may be off: half of their last digit."""
    decimals = [
        {part.text: part.value for part in side.walk() if isinstance(part, Number) and "." in part.text}
        for side in (left, right)
    ]
    off = 0.0
    for text, value in {**decimals[0], **decimals[1]}.items():
        digits = len(text.replace(".", "").strip("0"))
        if (text in decimals[0]) != (text in decimals[1]) and digits >= LEAST_DIGITS and value:
            off = max(off, 0.6 * 10.0 ** -len(text.split(".")[1]) / abs(value))
    return off


def _rounded(left: Term, right: Term, one: Value, two: Value) -> bool:
    """Numbers alone may be given to a few digits."""
    if not isinstance(right, Number) or "." not in right.text or one.axes or one.rank:
        return False
    digits = len(right.text.split(".")[1])
    return abs(float(np.real(one.array)) - right.value) <= 0.5000001 * 10.0**-digits


def of_one_example(world: World, left: Term) -> Term | None:
    """The left side with the loss of one example for the cost."""
    if world.loss is None or world.example_loss is None:
        return None
    letters = tuple(Name(letter) for letter in world.quantities[world.example_loss].letters if letter)
    example = Name(ITSELF, accent=world.example_loss, sub=letters)
    changed = map_names(
        left, lambda name: example if name.base == world.loss and not name.sub and not name.sup else name
    )
    return changed if changed != left else None
