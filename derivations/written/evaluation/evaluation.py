"""Terms evaluated in one world: what holds meanwhile, and which rule is whose."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from ..faults import MeaningError
from ..judging.manner import Manner
from ..terms import (
    Call,
    Cases,
    Derivative,
    Dots,
    Entries,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    Total,
    Transposed,
)
from ..worlds.quantity import Definition
from . import arithmetic, calls, conditions, derivatives, indices, names, powers, products, sums
from .index_ranges import index_ranges
from .known_world import Memory, World
from .values import Value

# Definitions inside definitions, sums and functions: no derivation nests so deeply, one that defines a letter by itself
# does without end.
DEEPEST = 40


class Evaluation:
    """Evaluates terms in one world; some arrays may be replaced, varied along axes of directions.

    Attributes:
        manner: how products and derivatives are read where the writing leaves it open.
        changed: arrays that stand for those of the world, and what was computed from them; shared with all inside.
        letters: how many values each index takes.
        bound: the values of letters that stand for no quantity here: a function's parameters in its body.
        through: definitions taken instead of the first ones, for a derivative that has no path through those.
        notes: how the value was come by, shared with all inside: "differences", "opaque"; "columns" and "chain" where a
            product was met that the manners `entries` and `contract` read otherwise.
        kept: for terms whose values are asked for again and again, by their identity, the values that were computed.
        varied: the quantities that derivatives vary here.
    """

    def __init__(
        self,
        world: World,
        manner: Manner | None = None,
        changed: Mapping[str, Value] | None = None,
        parent: Evaluation | None = None,
    ) -> None:
        self.world = world
        self.manner = manner or Manner()
        self.changed: dict[str, Value] = dict(changed or {})
        self.letters: dict[str, int] = dict(parent.letters) if parent else {}
        self.bound: dict[str, Value] = dict(parent.bound) if parent else {}
        self.through: dict[str, Definition] = dict(parent.through) if parent else {}
        self.notes: set[str] = parent.notes if parent else set()
        self.kept: Mapping[int, Memory] = parent.kept if parent else {}
        self.varied: frozenset[str] = frozenset()
        self.depth: int = parent.depth + 1 if parent else 0
        if self.depth > DEEPEST:
            raise MeaningError("these definitions go round in a circle")

    def value(self, term: Term) -> Value:
        """The value of a term.

        Raises:
            MeaningError: something in it has no meaning here; FitError when parts do not fit together.
        """
        memory = self.kept.get(id(term))
        return self._computed(term) if memory is None else self.remembered(memory, (), lambda: self._computed(term))

    def _computed(self, term: Term) -> Value:
        rule = _RULES.get(type(term))
        if rule is None:
            raise MeaningError("this cannot be evaluated")
        value = rule(self, term)
        self.world.work.spend(value.array.size)
        return value

    def remembered(self, memory: Memory, what: Hashable, compute: Callable[[], Value]) -> Value:
        """A value with what was noted of it, or why there is none, from the memory; put there where it is new.

        Only where nothing is varied, bound or taken through another definition: the rest of what a value depends on are
        the manner and the letters.
        """
        if self.changed or self.bound or self.through:
            return compute()
        key = (what, self.manner, tuple(sorted(self.letters.items())))
        noted, count = self.notes, len(self.letters)
        if key not in memory:
            self.notes = set()
            try:
                found: Value | MeaningError = compute()
            except MeaningError as fault:
                found = fault
            finally:
                own, self.notes = self.notes, noted
            known = found, own
            if not self.through and len(self.letters) == count:
                memory[key] = known
        else:
            known = memory[key]
        noted |= known[1]
        if isinstance(known[0], MeaningError):
            raise known[0].with_traceback(None)
        return known[0]

    def learn_letters(self, *terms: Term) -> None:
        """Note how many values each index takes, from the quantities it stands on."""
        for term in terms:
            for letter, size in index_ranges(self.world, term, by_example=self.manner.example).items():
                self.letters.setdefault(letter, size)

    def inside(self, manner: Manner | None = None, world: World | None = None) -> Evaluation:
        """For a part: the same arrays are changed, but letters and bound names are its own."""
        inner = Evaluation(world or self.world, manner or self.manner, None, self)
        inner.changed = self.changed
        inner.varied = self.varied
        return inner

    def with_varied(self, arrays: Mapping[str, Value]) -> Evaluation:
        """These arrays varied, and those that derivatives outside vary; what was computed of them is computed anew."""
        kept = {key: value for key, value in self.changed.items() if key in self.varied}
        inner = Evaluation(self.world, self.manner, {**kept, **arrays}, self)
        inner.varied = self.varied | set(arrays)
        return inner

    @property
    def examples(self) -> frozenset[str]:
        """The letters whose axis is left out, where quantities are those of one example."""
        return self.world.examples if self.manner.example else frozenset()


_RULES: dict[type, Callable[[Evaluation, Any], Value]] = {
    Number: arithmetic.number_value, Name: names.name_value, Terms: arithmetic.terms_value,
    Negative: arithmetic.negative_value, Product: products.product_value, Quotient: arithmetic.quotient_value,
    Power: powers.power_value, Transposed: arithmetic.transposed_value, Total: sums.total_value,
    Derivative: derivatives.derivative_value, Call: calls.call_value, Entries: indices.entries_value,
    Cases: conditions.cases_value, Indicator: conditions.indicator_value, Norm: arithmetic.norm_value,
    Grid: arithmetic.grid_value, Dots: arithmetic.dots_value,
}  # fmt: skip
