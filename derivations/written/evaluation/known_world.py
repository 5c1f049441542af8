"""Everything that has a value while terms are evaluated, and what depends on what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ..faults import MeaningError
from ..judging.manner import Flipped
from ..meaning.known_names import function_key
from ..meaning.symbols import Symbols
from ..terms import Call, Derivative, Name, Term
from ..worlds.quantity import Definition, FunctionDefinition, Quantity
from .values import AnyArray, Value
from .work import Work

# The base of a name that stands for the quantity whose key is its accent.
ITSELF = "~"

# Values that were computed before, or why there is none, with what was noted of them; by all that they depend on in one
# world.
Memory = dict[Hashable, tuple[Value | MeaningError, set[str]]]


@dataclass(slots=True)
class World:
    """Everything that has a value: sizes, arrays, definitions, functions.

    Attributes:
        arrays: of every quantity, the value on the probe.
        quantities: its axes, with known sizes.
        alternatives: further definitions of a quantity, for derivatives that the first one has no path for.
        loss: the quantity that dW and the like are derivatives of.
    """

    symbols: Symbols
    quantities: dict[str, Quantity]
    arrays: dict[str, AnyArray]
    definitions: dict[str, Definition]
    functions: dict[str, FunctionDefinition]
    named_functions: dict[str, str]
    sizes: dict[str, int]
    alternatives: dict[str, list[Definition]] = field(default_factory=dict)
    loss: str | None = None
    example_loss: str | None = None
    samples: int | None = None
    examples: frozenset[str] = frozenset()
    """Letters that number examples."""
    not_understood: frozenset[str] = frozenset()
    """The keys of what the document defines in a way that makes no sense here."""
    parameters: tuple[str, ...] = ()
    letters: dict[tuple[int, bool], tuple[Term, dict[str, int]]] = field(default_factory=dict)
    """The sizes of the indices in terms that were evaluated before, by the terms' identity."""
    slopes: Memory = field(default_factory=dict)
    """Derivatives that were evaluated before."""
    reached: dict[str, set[str]] = field(default_factory=dict)
    """What each quantity depends on, kept."""
    above: Mapping[str, float] = field(default_factory=dict)
    """Numbers that constants are greater than."""
    thresholds: tuple[float, ...] = ()
    """Numbers at which functions change their branch."""
    flipped: Flipped = Flipped.NOTHING
    """Which matrices are read with rows for columns."""
    work: Work = field(default_factory=Work)
    """What may still be computed, shared by the worlds of a document."""

    @property
    def defined(self) -> set[str]:
        """The keys of all that has a definition."""
        return set(self.definitions)


def without_example(world: World, name: Name) -> Name:
    """W for W^(i): the share that example i has in the derivative by a parameter, which itself has no examples."""
    symbol = world.symbols.resolve(name)
    if not name.sup or symbol.key not in world.parameters:
        return name
    return replace(name, sup=tuple(s for s in name.sup if not isinstance(s.body, Name) or s.body not in symbol.indices))


def with_argument(world: World, term: Term) -> Term:
    """sigma, which is a function, with the argument that it has elsewhere; any other term as it is."""
    if not isinstance(term, Name) or term.children or term.base in world.quantities:
        return term
    argument = world.symbols.usage.arguments.get(term.base)
    return Call(term, (argument,), span=term.span) if argument is not None else term


def keys_in(world: World, term: Term) -> set[str]:
    """The keys of all quantities that a term is made of; a function's parameters are none."""
    if isinstance(term, Name) and term.base == ITSELF:
        return {term.accent}
    if isinstance(term, Call):
        return _keys_in_function(world, term).union(*(keys_in(world, argument) for argument in term.arguments))
    keys: set[str] = set()
    if isinstance(term, Name):
        with suppress(MeaningError):
            keys.add(world.symbols.resolve(term).key)
    if isinstance(term, Derivative) and term.of is None and world.loss:
        keys.add(world.loss)
    return keys.union(*(keys_in(world, child) for child in term.children))


def _keys_in_function(world: World, call: Call) -> set[str]:
    own = world.functions.get(function_key(call.function, world.symbols))
    if own is None or (own.key in world.definitions and own.parameters == call.arguments):
        return keys_in(world, call.function)
    parameters = {world.symbols.resolve(name).key for name in own.parameters}
    return set() if _calls_itself(own, world) else keys_in(world, own.body) - parameters


def _calls_itself(own: FunctionDefinition, world: World) -> bool:
    """Does a function's body call it again?"""
    return any(
        isinstance(part, Call) and function_key(part.function, world.symbols) == own.key for part in own.body.walk()
    )


def dependencies(world: World, key: str, through: Mapping[str, Definition] | None = None) -> set[str]:
    """All quantities that one depends on, directly or through others."""
    if not through and key in world.reached:
        return world.reached[key]
    known: set[str] = set()
    waiting = [key]
    while waiting:
        current = waiting.pop()
        definition = (through or {}).get(current) or world.definitions.get(current)
        if definition is None:
            continue
        for used in keys_in(world, definition.body):
            if used not in known:
                known.add(used)
                waiting.append(used)
    if not through:
        world.reached[key] = known
    return known
