"""What a document says about its quantities, before it has numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from checkers.probes import Domain

from ..terms import Call, Name, Term
from ..worlds.quantity import Definition, FunctionDefinition
from .known_names import PARAMETER, function_key
from .symbols import Symbols
from .usage import Usage


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
    axes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The sizes of last axes by name, as the text declares them."""
    given: dict[str, float] = field(default_factory=dict, compare=False)
    """Numbers that the document puts in for quantities."""
    bias_inputs: list[Name] = field(default_factory=list, compare=False)
    """Entries of the data that are always 1."""
    thresholds: tuple[float, ...] = field(default=(), compare=False)
    """Numbers at which functions change their branch."""
    above: dict[str, float] = field(default_factory=dict, compare=False)
    """Numbers that constants are greater than."""
    compared: frozenset[str] = field(default=frozenset(), compare=False)
    """The keys of what is compared with something."""
    claims: list[tuple[Term, Term]] = field(default_factory=list)
    domains: dict[str, Domain] = field(default_factory=dict)
    prose: str = ""
    is_scalar: bool = field(default=False, compare=False)
    """The text says that everything is a number."""
    runs: list[tuple[Term, int]] = field(default_factory=list, compare=False)
    """Terms that differ only in an index that counts 1, 2, 3: the first of them, and how many they are."""

    def arguments(self) -> Iterator[tuple[FunctionDefinition, Name, Name]]:
        """What definitions call functions with whose parameters are names of their own: these, and the argument."""
        for definition in self.definitions.values():
            for call in definition.body.walk():
                if not isinstance(call, Call):
                    continue
                own = self.functions.get(function_key(call.function, self.symbols))
                for parameter, argument in zip(own.parameters, call.arguments, strict=False) if own else ():
                    is_own = parameter.base.startswith(PARAMETER)
                    if own and is_own and isinstance(argument, Name) and self.symbols.key(argument):
                        yield own, parameter, argument
