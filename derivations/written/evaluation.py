"""The value of a written term on random arrays; derivatives by complex step through the document's own definitions.

A derivative dA/dB means what the engine computes: B's array is varied in every entry at once, along an axis of
directions, and everything that depends on it is evaluated again. The error of a complex step is rounding alone (Squire
and Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 1998). A derivative inside a
derivative is differentiated by central differences of fourth order instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from typing import Any

import numpy as np

from .faults import FitError, IndexConflictError, MeaningError
from .functions import ELEMENTWISE, factorial, generic, known_function, sigmoid
from .functions import power as power_of
from .manner import Flipped, Manner, Named
from .shapes import (
    Definition,
    FunctionDefinition,
    Quantity,
    assign_axes,
    function_key,
    is_kronecker,
    may_be_function,
    special_name,
)
from .symbols import Symbols
from .terms import (
    Call,
    Cases,
    Condition,
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
    Times,
    Total,
    Transposed,
)
from .values import (
    AnyArray,
    Value,
    apply,
    entrywise,
    labelled,
    multiply,
    number,
    renamed,
    spread,
    take,
    total,
    transpose,
)

# So small that its square is lost against any number, so that truncation cannot be seen.
COMPLEX_STEP = 1e-30

# h of a fourth-order central difference: truncation h^4 balances rounding eps/h.
DIFFERENCE = 1e-3

# The base of a name that stands for the quantity whose key is its accent.
ITSELF = "~"

# The function that stands for a loss of which the document only says what it depends on.
ANY_LOSS = "~loss"

# More entries than this are not varied one by one.
MOST_ENTRIES = 400


@dataclass(slots=True)
class World:
    """Everything that has a value: sizes, arrays, definitions, functions.

    Attributes:
        arrays: of every quantity, the value on the probe.
        quantities: its axes, with known sizes.
        alternatives: further definitions of a quantity, for derivatives that the first one has no path for.
        einstein: the document declares that repeated indices are summed.
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
    parameters: tuple[str, ...] = ()
    letters: dict[tuple[int, bool], tuple[Term, dict[str, int]]] = field(default_factory=dict)
    """The sizes of the indices in terms that were evaluated before, by the terms' identity."""
    slopes: dict[tuple[Any, ...], Value] = field(default_factory=dict)
    """Derivatives that were evaluated before."""
    reached: dict[str, set[str]] = field(default_factory=dict)
    """What each quantity depends on, kept."""
    flipped: Flipped = Flipped.NOTHING
    """Which matrices are read with rows for columns."""

    @property
    def defined(self) -> set[str]:
        """The keys of all that has a definition."""
        return set(self.definitions)


class Evaluation:
    """Evaluates terms in one world; some arrays may be replaced, varied along axes of directions."""

    _fresh = count()

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
        self.depth: int = parent.depth + 1 if parent else 0
        if self.depth > 40:
            raise MeaningError("these definitions go round in a circle")

    # Entry points -----------------------------------------------------------------------------------------------------

    def value(self, term: Term) -> Value:
        """The value of a term.

        Raises:
            MeaningError: something in it has no meaning here; FitError when parts do not fit together.
        """
        rule = _RULES.get(type(term))
        if rule is None:
            raise MeaningError("this cannot be evaluated")
        return rule(self, term)

    @property
    def _examples(self) -> frozenset[str]:
        return self.world.examples if self.manner.example else frozenset()

    def learn_letters(self, *terms: Term) -> None:
        """Note how many values each index takes, from the quantities it stands on."""
        for term in terms:
            place = id(term), self.manner.example
            known = self.world.letters.get(place)
            if known is None:
                # The term is kept beside its letters, so that no other can take its place in memory.
                known = term, dict(reversed(list(self._letters_in(term, frozenset()))))
                self.world.letters[place] = known
            for letter, size in known[1].items():
                self.letters.setdefault(letter, size)

    def _letters_in(self, term: Term, bound: frozenset[str]) -> Any:
        if isinstance(term, Total):
            bound = bound | {name.base for name in term.indices}
            if isinstance(term.end, Name) and term.end.base in self.world.sizes:
                pass
        if isinstance(term, Name):
            try:
                symbol = self.world.symbols.resolve(term)
            except MeaningError:
                return
            quantity = self.world.quantities.get(symbol.key)
            if quantity is not None:
                try:
                    axes = assign_axes(quantity, symbol.indices, columns=symbol.columns, examples=self._examples)
                except MeaningError:
                    axes = []
                for size, index in zip(quantity.sizes, axes, strict=False):
                    value = size.root().value
                    if value is None:
                        continue
                    if isinstance(index, Name) and not index.sub and index.base not in bound:
                        yield index.base, value
                    elif isinstance(index, str) and index not in bound:
                        yield index, value
        for child in term.children:
            yield from self._letters_in(child, bound)

    # Names ------------------------------------------------------------------------------------------------------------

    def _number(self, term: Number) -> Value:
        return number(term.value)

    def _name(self, name: Name) -> Value:
        if name.base == ITSELF:
            return self._quantity(name.accent, name.sub)
        symbol = self.world.symbols.resolve(name)
        value = self._symbol(name, symbol.key, symbol.indices, columns=symbol.columns)
        if symbol.power is not None:
            if name.base == "e" and "e" not in self.world.quantities and symbol.key not in self.world.quantities:
                return apply(np.exp, self.value(symbol.power))
            return self._raised(value, symbol.power)
        return value

    def _symbol(self, name: Name, key: str, indices: tuple[Term, ...], *, columns: bool = False) -> Value:
        world = self.world
        if key in self.bound:
            return self._indexed(self.bound[key], indices)
        if self.manner.pointwise and not indices and "~u" in self.bound and self._names_function(name, key):
            # sigma for sigma(z): a function named without its argument.
            return self._call(Call(name, (Name("~u"),)))
        if self.manner.pointwise and not indices and key in world.definitions:
            return self.value(world.definitions[key].body)
        if not indices and (special := special_name(name, key, world)):
            return Value(np.asarray(1.0), special=special)
        if len(indices) == 2 and key not in world.quantities and is_kronecker(name, key, world):
            return self._compared(Condition(indices[0], "=", indices[1]))
        if key in world.quantities:
            return self._quantity(key, indices, columns=columns)
        if "|" in key and any(other.startswith(key.split("|", maxsplit=1)[0] + "|") for other in world.definitions):
            if self.manner.any_number:
                return self._any_number(key, indices)
            letters = key.split("|")[1]
            raise IndexConflictError(
                f"the index {letters} numbers something that {_plain(key.split('|', maxsplit=1)[0])} has not"
            )
        if not indices and key == name.base and key in self.letters:
            return labelled(np.arange(1.0, self.letters[key] + 1), (key,))
        if not indices and key in world.sizes:
            return number(world.sizes[key])
        if name.base == "e" and not indices:
            return number(np.e)
        if name.base == "pi" and not indices:
            return number(np.pi)
        raise MeaningError(f"nothing says what {_spelled(name)} is")

    def _names_function(self, name: Name, key: str) -> bool:
        plain = function_key(name, self.world.symbols)
        return (
            plain in self.world.functions
            or (name.base == "sigma" and key not in self.world.quantities)
            or bool(known_function(name.base) and name.font == "text")
        )

    def _quantity(self, key: str, indices: tuple[Term, ...], *, columns: bool = False) -> Value:  # noqa: PLR0912
        quantity = self.world.quantities.get(key)
        if quantity is None:
            raise MeaningError(f"nothing says what {_plain(key)} is")
        try:
            axes = assign_axes(quantity, indices, columns=columns, examples=self._examples)
        except FitError:
            if self.manner.opaque and len(indices) > len(quantity.sizes):
                self.notes.add("opaque")
                axes = list(indices[: len(quantity.sizes)])
            else:
                raise
        stored = self._stored(key)
        rank = len(quantity.sizes)
        directions = stored.axes
        labels: list[str | None] = []
        taken: list[tuple[int, Term]] = []
        for place, index in enumerate(axes):
            if isinstance(index, str):
                labels.append(index)
            elif isinstance(index, Name) and not self._is_data(index):
                size = quantity.sizes[place].root().value
                if index.base in self.letters and size is not None and self.letters[index.base] != size:
                    if self.manner.opaque:
                        # x_im where m numbers something else: x_i is meant.
                        self.notes.add("opaque")
                        labels.append(None)
                        continue
                    if self.manner.any_number:
                        return self._any_number(key, indices)
                    raise IndexConflictError(
                        f"the index {index.base} runs over {self.letters[index.base]} values elsewhere and over "
                        f"{size} in {_plain(key)}"
                    )
                labels.append(index.base)
            elif index is None:
                labels.append(None)
            else:
                fresh = f"~{next(self._fresh)}"
                labels.append(fresh)
                taken.append((place, index))
        out = labelled(stored.array, (*directions, *labels))
        for place, index in taken:
            self.from_zero = quantity.sizes[place].root().from_zero
            out = self._taken(out, labels[place] or "", index)
        if out.rank == 2 and self._is_flipped(key):
            out = transpose(out)
        if self.manner.rows and out.rank == 1:
            out = Value(out.array, out.axes, True)
        if rank - len([label for label in labels if label is not None]) > 4:
            raise FitError("too many axes")
        return out

    def _any_number(self, key: str, indices: tuple[Term, ...]) -> Value:
        """An entry whose index does not fit: any number, but the same each time."""
        letters = sorted({i.base for i in indices if isinstance(i, Name) and i.base in self.letters})
        generator = np.random.default_rng(sum(map(ord, key)))
        return Value(generator.normal(size=[self.letters[letter] for letter in letters]), tuple(letters))

    def _is_flipped(self, key: str) -> bool:
        flipped = self.world.flipped
        if flipped in {Flipped.NOTHING, Flipped.EVERYTHING}:
            return flipped is Flipped.EVERYTHING
        return (key in self.world.parameters) == (flipped is Flipped.LEARNT)

    def _is_data(self, index: Name) -> bool:
        """Is this index taken from data, as y in z_{y_i}?"""
        if index.sub:
            return True
        key = self.world.symbols.resolve(index).key
        quantity = self.world.quantities.get(key)
        return index.base not in self.letters and quantity is not None and (quantity.is_label or _is_one_hot(key))

    def _taken(self, value: Value, axis: str, index: Term) -> Value:
        """One entry along an axis: a fixed one, or one that data names."""
        if isinstance(index, Number):
            return take(value, axis, int(index.value) - (0 if self.from_zero else 1))
        size = value.sizes[axis]
        label = self._label(index, size) if isinstance(index, Name) else self.value(index)
        one_hot = (label.array[..., None] == np.arange(1, size + 1)) * 1.0
        selector = labelled(one_hot, (*label.axes, axis))
        product = entrywise(np.multiply, value, selector)
        return total(product, axis)

    def _label(self, index: Name, size: int) -> Value:
        """The number of an entry that data names; of one-hot rows, the place of the 1."""
        symbol = self.world.symbols.resolve(index)
        quantity = self.world.quantities.get(symbol.key)
        if quantity is None:
            raise MeaningError(f"nothing says what {_spelled(index)} is")
        value = self._quantity(symbol.key, symbol.indices)
        if value.rank == 1 and value.shape[0] == size:
            return Value(np.argmax(np.real(value.array), axis=-1) + 1.0, value.axes)
        if value.rank:
            raise FitError(f"{_spelled(index)} is no number of an entry")
        return Value(np.real(value.array), value.axes)

    def _indexed(self, value: Value, indices: tuple[Term, ...]) -> Value:
        """Entries of a vector or matrix by its axes from the first."""
        if not indices or not value.rank:
            return value
        if len(indices) > value.rank:
            raise FitError("there are more indices than axes")
        labels: list[str | None] = list(value.axes)
        taken: list[tuple[str, Term]] = []
        for index in indices:
            if isinstance(index, Name) and not self._is_data(index):
                labels.append(index.base)
                place = len(labels) - 1
                size = value.array.shape[place]
                if self.letters.setdefault(index.base, size) != size:
                    raise FitError(f"the index {index.base} does not run over this axis")
            else:
                labels.append(f"~{next(self._fresh)}")
                taken.append((labels[-1] or "", index))
        labels += [None] * (value.rank - len(indices))
        out = labelled(value.array, tuple(labels))
        for axis, index in taken:
            out = self._taken(out, axis, index)
        return Value(out.array, out.axes, value.is_row)

    def _stored(self, key: str) -> Value:
        """A quantity's array, its own axes last, after the axes of directions that reach it."""
        if key in self.changed:
            return self.changed[key]
        definition = self.through.get(key) or self.world.definitions.get(key)
        if self.changed and definition is not None and self._depends(key, definition):
            self.changed[key] = self._computed(definition)
            return self.changed[key]
        if key not in self.world.arrays:
            raise MeaningError(f"nothing says what {_plain(key)} is")
        return Value(self.world.arrays[key])

    def _computed(self, definition: Definition) -> Value:
        """A definition's right side, its axes in the quantity's order."""
        inner = Evaluation(replace(self.world, flipped=Flipped.NOTHING), None, None, self)
        inner.changed = self.changed
        inner.bound = {}
        inner.letters = {}
        quantity = self.world.quantities[definition.key]
        letters = [letter for letter in quantity.letters if letter]
        for letter, size in zip(quantity.letters, quantity.sizes, strict=True):
            if letter and (length := size.root().value):
                inner.letters[letter] = length
        inner.learn_letters(definition.body)
        value = inner.value(definition.body)
        if value.rank and len(letters) == len(quantity.sizes) and set(value.shape) == {1}:
            value = Value(value.array.reshape(value.array.shape[: len(value.axes)]), value.axes)
        return stored_value(value, letters, quantity)

    def _depends(self, key: str, definition: Definition) -> bool:
        """Does a quantity depend on one that is varied?"""
        return bool(dependencies(self.world, key, self.through) & {k for k in self.changed if k != key})

    # Sums and products ------------------------------------------------------------------------------------------------

    def _terms(self, term: Terms) -> Value:
        out = self.value(term.terms[0])
        for part in term.terms[1:]:
            out = entrywise(np.add, out, self.value(part))
        return out

    def _negative(self, term: Negative) -> Value:
        return apply(np.negative, self.value(term.body))

    def _product(self, term: Product) -> Value:
        if self.manner.sums and (letters := self.manner.sums & _repeated(term)):
            inner = Evaluation(self.world, replace(self.manner, sums=self.manner.sums - letters), None, self)
            inner.changed = self.changed
            out = inner.value(term)
            for letter in letters:
                out = total(out, letter) if letter in out.axes else out
            return out
        if self.manner.contract and (joined := self._chain(term)) is not None:
            return joined
        groups: list[list[tuple[Times, Value]]] = [[]]
        for place, factor in enumerate(term.factors):
            sign = term.signs[place - 1] if place else Times.JUXTAPOSED
            value = self.value(factor)
            if sign is Times.OUTER:
                value = Value(value.array, value.axes, True) if value.rank == 1 else value
            if sign.is_elementwise:
                if sign is Times.DIVIDED:
                    value = apply(np.reciprocal, value)
                groups.append([])
            groups[-1].append((sign, value))
        parts = []
        for group in groups:
            out = group[0][1]
            for sign, value in group[1:]:
                out = self._multiplied(out, value, sign)
            parts.append(out)
        out = parts[0]
        for part in parts[1:]:
            out = entrywise(np.multiply, out, part)
        return out

    def _multiplied(self, first: Value, second: Value, sign: Times) -> Value:
        entries = self.manner.entries
        try:
            return multiply(first, second, prefer_entries=entries)
        except FitError:
            # A dot or a star between arrays of one shape is a product of entries.
            fits = first.rank == second.rank and first.shape == second.shape
            if fits and (sign in {Times.DOT, Times.STAR} or entries):
                return entrywise(np.multiply, first, second)
            if entries and {first.rank, second.rank} == {1, 2}:
                return entrywise(np.multiply, first, second)
            raise

    def _chain(self, term: Product) -> Value | None:
        """A chain rule whose factors are joined over all entries of what stands between them: dA/dB dB/dC."""
        factors = term.factors
        links = [
            isinstance(one, Derivative) and isinstance(two, Derivative) and two.of is not None and one.by == (two.of,)
            for one, two in pairwise(factors)
        ]
        if not any(links):
            return None
        values = [self._plain_derivative(f) if isinstance(f, Derivative) else self.value(f) for f in factors]
        out = values[0]
        for place, (linked, value) in enumerate(zip(links, values[1:], strict=True)):
            if not linked:
                out = multiply(out, value)
                continue
            middle = factors[place + 1]
            assert isinstance(middle, Derivative)
            assert middle.of is not None
            rank = self.value(middle.of).rank
            axes, (one, two) = spread([out, value])
            first_rank, second_rank = out.rank, value.rank
            left = [*range(len(axes)), *[100 + n for n in range(first_rank)]]
            right = [*range(len(axes)), *[100 + first_rank - rank + n for n in range(rank)],
                     *[200 + n for n in range(second_rank - rank)]]  # fmt: skip
            if one.shape[len(one.shape) - rank :] != two.shape[len(axes) : len(axes) + rank]:
                return None
            sizes = [max(a, b) for a, b in zip(one.shape[: len(axes)], two.shape[: len(axes)], strict=True)]
            one = np.broadcast_to(one, (*sizes, *one.shape[len(axes) :]))
            two = np.broadcast_to(two, (*sizes, *two.shape[len(axes) :]))
            letters = "abcdefghijklmnopqrstuvwxyz"
            numbers = {n: letters[k] for k, n in enumerate(sorted({*left, *right}))}
            result = [*range(len(axes)), *left[len(axes) : len(left) - rank], *right[len(axes) + rank :]]
            spec = "".join(numbers[n] for n in left) + "," + "".join(numbers[n] for n in right) + "->"
            out = Value(np.einsum(spec + "".join(numbers[n] for n in result), one, two), axes)
        return out

    def _quotient(self, term: Quotient) -> Value:
        above, below = self.value(term.above), self.value(term.below)
        return entrywise(np.divide, above, below)

    def _power(self, term: Power) -> Value:
        if (
            isinstance(term.base, Name)
            and term.base.base == "e"
            and not term.base.sub
            and "e" not in self.world.quantities
        ):
            return apply(np.exp, self.value(term.exponent))
        return self._raised(self.value(term.base), term.exponent)

    def _raised(self, base: Value, exponent: Term) -> Value:
        if base.rank == 2 and isinstance(exponent, Negative) and isinstance(exponent.body, Number):
            if base.shape[0] != base.shape[1]:
                raise FitError("only a square matrix has an inverse")
            return Value(np.linalg.inv(base.array), base.axes)
        if isinstance(exponent, Name) and exponent.base in {"circ", "odot"}:
            raise MeaningError("this power is not read")
        power = self.value(exponent)
        if isinstance(exponent, Number) and exponent.value == int(exponent.value):
            return apply(lambda array: array ** int(exponent.value), base)
        return entrywise(power_of, base, power)

    def _transposed(self, term: Transposed) -> Value:
        return transpose(self.value(term.body))

    def _total(self, term: Total) -> Value:
        inner = Evaluation(self.world, self.manner, None, self)
        inner.changed = self.changed
        letters = [name.base for name in term.indices if not name.sub]
        for letter in letters:
            inner.letters.pop(letter, None)
        inner.learn_letters(term.body, *([term.but] if term.but is not None else []))
        end = self._limit(term.end, inner, letters)
        for letter in letters:
            if letter not in inner.letters and end is not None and len(letters) == 1:
                inner.letters[letter] = end
        body = inner.value(term.body)
        if not letters:
            letters = self._only_letter(body)
            if not letters and body.rank:
                summed = body.array.sum(axis=tuple(range(len(body.axes), body.array.ndim)))
                return Value(summed, body.axes)
        if term.but is not None:
            body = entrywise(np.multiply, body, inner._compared(term.but))
        for letter in letters:
            body = self._summed(term, body, letter, inner.letters.get(letter), end if len(letters) == 1 else None)
        return body

    def _only_letter(self, body: Value) -> list[str]:
        free = [axis for axis in body.axes if not axis.startswith("→")]
        if len(free) != 1 and not body.rank:
            raise MeaningError("the sum does not say over which index")
        return free[:1] if not body.rank else []

    def _limit(self, end: Term | None, inner: Evaluation, letters: list[str]) -> int | None:
        if end is None:
            return None
        if isinstance(end, Name) and letters:
            key = self.world.symbols.resolve(end).key
            if key not in self.world.sizes and key not in self.letters:
                # A size that nothing names yet: the whole range is meant.
                return inner.letters.get(letters[0])
            if key in self.letters and key not in self.world.sizes:
                if self.manner.any_number:
                    return inner.letters.get(letters[0])
                raise IndexConflictError(f"the sum ends at {key}, which is an index itself")
        value = self.value(end)
        return int(np.real(value.array)) if not value.axes and not value.rank else None

    def _summed(self, term: Total, body: Value, letter: str, size: int | None, end: int | None) -> Value:
        start = 1
        if isinstance(term.start, Number):
            start = int(term.start.value)
        if letter not in body.axes:
            times = end if end is not None else size
            if times is None:
                raise MeaningError(f"nothing in the sum over {letter} has this index, and nothing says how far it runs")
            if term.operator == "sum":
                return apply(lambda array: array * (times - max(start, 1) + 1), body)
            return body
        length = body.sizes[letter]
        if start == 0 and end is not None:
            start, end = 1, end + 1
        elif start == 1 and end == length - 1 and isinstance(term.end, Name):
            # theta_0 stands apart: the sum leaves it out.
            start, end = 2, length
        if end is not None and end > length:
            raise FitError(f"the sum runs to {end}, but {letter} has only {length} values")
        place = body.axes.index(letter)
        array = np.take(body.array, range(max(start - 1, 0), end if end is not None else length), axis=place)
        axes = body.axes[:place] + body.axes[place + 1 :]
        if term.operator == "prod":
            return Value(np.prod(array, axis=place), axes, body.is_row)
        if term.operator == "max":
            chosen = np.argmax(np.real(array), axis=place)
            return Value(np.take_along_axis(array, np.expand_dims(chosen, place), place).squeeze(place), axes)
        return Value(array.sum(axis=place), axes, body.is_row)

    # Derivatives ------------------------------------------------------------------------------------------------------

    def _derivative(self, term: Derivative) -> Value:
        if term.form in {"nabla", "hessian"} and not term.by:
            term = replace(term, by=self._all_parameters(term))
        value = self._known_derivative(term)
        if self.manner.numerator and value.rank == 1 and self._is_number(term.of):
            value = Value(value.array, value.axes, True)
        if value.rank == 2 and self.manner.denominator and term.of is not None and self.value(term.of).rank == 1:
            return transpose(value)
        return value

    def _is_number(self, of: Term | None) -> bool:
        return of is None or not self.value(of).rank

    def _known_derivative(self, term: Derivative) -> Value:
        """The derivative, kept for the next time where nothing is varied."""
        if self.changed or self.bound or self.through:
            return self._plain_derivative(term)
        key = (term, self.manner, tuple(sorted(self.letters.items())))
        known = self.world.slopes.get(key)
        if known is None:
            known = self._plain_derivative(term)
            if not self.through and not self.notes:
                self.world.slopes[key] = known
        return known

    def _all_parameters(self, term: Derivative) -> tuple[Term, ...]:
        """What a nabla without a subscript differentiates by: the one parameter that there is."""
        if isinstance(term.of, Call) and all(isinstance(argument, Name) for argument in term.of.arguments):
            return term.of.arguments[:1]
        known = [Name(key) for key in self.world.parameters if self.world.quantities[key].sizes]
        if len(known) != 1:
            raise MeaningError("\\nabla does not say with respect to what")
        return (known[0],)

    def _plain_derivative(self, term: Derivative) -> Value:  # noqa: PLR0912
        """The derivative, the axes of what is differentiated before those of the variable."""
        of: Term | None = term.of
        if of is None:
            return self._named_derivative(term)
        if len(term.by) != 1:
            raise MeaningError("a derivative with respect to several things at once is not checked")
        by = term.by[0]
        while isinstance(by, Terms) and len(by.terms) == 1:
            by = by.terms[0]
        if isinstance(by, Transposed):
            return transpose(self._plain_derivative(replace(term, by=(by.body,))))
        if isinstance(by, Call):
            by = by.function
        if isinstance(by, Derivative):
            raise MeaningError("a derivative with respect to a derivative")
        if not isinstance(by, Name):
            raise MeaningError("a derivative with respect to something that is no single quantity is not checked")
        symbol = self.world.symbols.resolve(by)
        if symbol.power is not None:
            raise MeaningError(f"a derivative with respect to the power {_spelled(by)}")
        if symbol.key in self.bound:
            return self._by_argument(of, symbol.key)
        if symbol.key not in self.world.quantities:
            layers = [key for key in self.world.quantities if key.startswith(f"{symbol.key}@")]
            if not layers:
                raise MeaningError(f"nothing says what {_spelled(by)} is")
            # The gradient with respect to a, where there are a^1 to a^L: with respect to the last.
            symbol = replace(symbol, key=max(layers))
        self._require_path(of, symbol.key, by)
        if self._is_nested(of) or any(np.iscomplexobj(value.array) for value in self.changed.values()):
            slopes, directions = self._by_differences(of, symbol.key)
        else:
            slopes, directions = self._by_complex_step(of, symbol.key)
        return self._placed(slopes, directions, symbol.key, symbol.indices, columns=symbol.columns)

    def _named_derivative(self, term: Derivative) -> Value:
        """dW or dZ: the derivative of the cost, or of the loss of one example."""
        world = self.world
        named = self.manner.named
        loss = world.example_loss if named is Named.EXAMPLE else world.loss
        if loss is None:
            raise MeaningError("no loss is known that this could be the derivative of")
        by = term.by[0]
        if named is Named.EXAMPLE and isinstance(by, Name):
            by = self._without_example(by)
        letters = tuple(Name(letter) for letter in world.quantities[loss].letters if letter)
        value = self._plain_derivative(replace(term, of=Name(ITSELF, accent=loss, sub=letters), by=(by,)))
        learnt = isinstance(by, Name) and world.symbols.resolve(by).key in world.parameters
        if named is Named.MIXED and not learnt:
            return apply(lambda array: array * (world.samples or 1), value)
        return value

    def _without_example(self, by: Name) -> Name:
        """w_1^(i) for what has no examples: the share of example i."""
        symbol = self.world.symbols.resolve(by)
        quantity = self.world.quantities.get(symbol.key)
        if quantity is not None and len(symbol.indices) > len(quantity.sizes) and by.sup:
            return replace(
                by, sup=tuple(s for s in by.sup if not isinstance(s.body, Name) or s.body not in symbol.indices)
            )
        return by

    def _is_nested(self, of: Term) -> bool:
        """Does a derivative stand inside, itself or in a definition?"""
        keys = {key for part in of.walk() if isinstance(part, Name) for key in self._keys(part)}
        reached = keys.union(*(dependencies(self.world, key, self.through) for key in keys))
        bodies = [of, *(self.world.definitions[key].body for key in reached if key in self.world.definitions)]
        return any(
            isinstance(part, Derivative) or (isinstance(part, (Name, Call)) and _primes(part))
            for body in bodies
            for part in body.walk()
        )

    def _keys(self, name: Name) -> set[str]:
        if name.base == ITSELF:
            return {name.accent}
        try:
            return {self.world.symbols.resolve(name).key}
        except MeaningError:
            return set()

    def _require_path(self, of: Term, key: str, by: Name) -> None:
        """What is differentiated must be said to depend on the variable, or be known not to."""
        if not isinstance(of, Name):
            return
        own = next(iter(self._keys(of)), "")
        if own == key or key in dependencies(self.world, own, self.through):
            return
        for alternative in self.world.alternatives.get(own, ()):
            used = keys_in(self.world, alternative.body)
            if key in used.union(*(dependencies(self.world, other, self.through) for other in used)):
                self.through[own] = alternative
                return
        for between in dependencies(self.world, own, self.through):
            for alternative in self.world.alternatives.get(between, ()):
                if key in keys_in(self.world, alternative.body):
                    self.through[between] = alternative
                    return
        if own not in self.world.definitions:
            raise MeaningError(f"nothing says how {_spelled(of)} depends on {_spelled(by)}")
        if key in self.world.definitions and own not in dependencies(self.world, key, self.through):
            raise MeaningError(f"nothing says how {_spelled(of)} depends on {_spelled(by)}")

    def _varied(self, arrays: dict[str, Value], through: Evaluation) -> Evaluation:
        inner = Evaluation(
            self.world,
            self.manner,
            {**{k: v for k, v in self.changed.items() if k in self._varied_keys}, **arrays},
            through,
        )
        inner._varied_keys = self._varied_keys | set(arrays)
        return inner

    _varied_keys: frozenset[str] = frozenset()
    from_zero = False

    def _base(self, key: str) -> AnyArray:
        stored = self._stored(key)
        if stored.axes:
            raise MeaningError("a derivative inside a derivative with respect to the same thing is not checked")
        return stored.array

    def _by_complex_step(self, of: Term, key: str) -> tuple[Value, list[str]]:
        array = self._base(key)
        axis = f"→{next(self._fresh)}"
        steps = COMPLEX_STEP * np.eye(max(array.size, 1)).reshape((max(array.size, 1), *array.shape))
        inner = self._varied({key: Value(array + 1j * steps, (axis,))}, self)
        value = inner.value(of)
        slopes = Value(np.imag(value.array) / COMPLEX_STEP, value.axes, value.is_row)
        return slopes, [axis]

    def _by_differences(self, of: Term, key: str) -> tuple[Value, list[str]]:
        array = np.real(self._base(key)).astype(float)
        if array.size > MOST_ENTRIES:
            raise MeaningError("a derivative inside a derivative of so many entries is not checked")
        self.notes.add("differences")
        slopes = []
        for place in range(max(array.size, 1)):
            flat = np.zeros(array.size)
            flat[place] = DIFFERENCE
            step = flat.reshape(array.shape)
            values = [self._varied({key: Value(array + times * step)}, self).value(of) for times in (-2, -1, 1, 2)]
            far, near = values[3].array - values[0].array, values[2].array - values[1].array
            slopes.append(np.real(8 * near - far) / (12 * DIFFERENCE))
        axis = f"→{next(self._fresh)}"
        out = labelled(np.stack(slopes), (axis, *values[0].axes, *[None] * values[0].rank))
        return out, [axis]

    def _placed(
        self, slopes: Value, directions: list[str], key: str, indices: tuple[Term, ...], *, columns: bool
    ) -> Value:
        """The axis of directions as the variable's own axes, at its indices."""
        axis = directions[0]
        quantity = self.world.quantities[key]
        shape = tuple(np.asarray(self.world.arrays[key]).shape)
        if axis not in slopes.axes:
            size = int(np.prod(shape, dtype=int))
            zeros = np.zeros((size, *slopes.array.shape))
            slopes = labelled(zeros, (axis, *slopes.axes, *[None] * slopes.rank))
        place = slopes.axes.index(axis)
        array = np.moveaxis(slopes.array, place, -1)
        others = slopes.axes[:place] + slopes.axes[place + 1 :]
        array = array.reshape((*array.shape[:-1], *shape))
        axes = assign_axes(quantity, indices, columns=columns, examples=self._examples)
        labels: list[str | None] = [*others, *[None] * slopes.rank]
        taken: list[tuple[str, Term]] = []
        plain = 0
        for axis_size, index in zip(quantity.sizes, axes, strict=True):
            if isinstance(index, str):
                labels.append(index)
            elif isinstance(index, Name) and not self._is_data(index):
                known = self.letters.get(index.base)
                if known is not None and known != axis_size.root().value:
                    raise FitError(f"the index {index.base} does not fit {_plain(key)}")
                labels.append(index.base)
            elif index is None:
                plain += 1
                labels.append(None)
            else:
                labels.append(f"~{next(self._fresh)}")
                taken.append((labels[-1] or "", index))
                self.from_zero = axis_size.root().from_zero
        out = labelled(array, tuple(labels))
        for name, index in taken:
            out = self._taken(out, name, index)
        if plain == 2 and self._is_flipped(key):
            out = Value(np.swapaxes(out.array, -1, -2), out.axes)
        return Value(out.array, out.axes, True) if self.manner.rows and out.rank == 1 else out

    def _by_argument(self, of: Term, key: str) -> Value:
        """The derivative with respect to a function's own parameter, entry by entry."""
        inner = Evaluation(self.world, self.manner, None, self)
        inner.changed = self.changed
        value = self.bound[key]
        inner.bound = {**self.bound, key: Value(value.array + 1j * COMPLEX_STEP, value.axes, value.is_row)}
        out = inner.value(of)
        return Value(np.imag(out.array) / COMPLEX_STEP, out.axes, out.is_row)

    # Functions --------------------------------------------------------------------------------------------------------

    def _call(self, term: Call) -> Value:
        function = term.function
        if function.primes:
            return self._function_derivative(term)
        key = function_key(function, self.world.symbols)
        symbol = self.world.symbols.resolve(function)
        own = self.world.functions.get(key)
        if symbol.power is not None:
            # log^2 x, tanh^2(z)
            plain = replace(function, sup=())
            return self._raised(self._call(replace(term, function=plain)), symbol.power)
        if own is not None:
            if (
                len(own.parameters) == len(term.arguments)
                and all(
                    parameter == argument for parameter, argument in zip(own.parameters, term.arguments, strict=True)
                )
                and key in self.world.quantities
                and key not in self.world.named_functions
            ):
                return self._quantity(key, symbol.indices)
            return self._own(own, term, symbol.indices)
        if key in self.world.quantities:
            if all(self._is_mention(argument) for argument in term.arguments) and key in self.world.definitions:
                return self._quantity(key, symbol.indices)
            if len(term.arguments) == 1:
                return self._multiplied(self._name(function), self.value(term.arguments[0]), Times.JUXTAPOSED)
        if function.base == ANY_LOSS:
            return self._any_loss(term)
        kind = self.world.named_functions.get(key) or known_function(function.base)
        if key in self.world.sizes and len(term.arguments) == 1:
            # n (y - z): a size before brackets is a factor.
            return self._multiplied(self._name(function), self.value(term.arguments[0]), Times.JUXTAPOSED)
        if function.base == "delta" and len(term.arguments) == 2:
            return self._compared(Condition(term.arguments[0], "=", term.arguments[1]))
        return self._known(kind, term, symbol.indices)

    def _any_loss(self, term: Call) -> Value:
        """A number that depends on every entry of what the loss is made of, and has no other property."""
        out = number(0.0)
        for place, argument in enumerate(term.arguments):
            value = self.value(argument)
            free = tuple(axis for axis in value.axes if not axis.startswith("→"))
            lengths = [value.sizes[axis] for axis in free] + list(value.shape)
            weights = np.random.default_rng(place).normal(size=lengths)
            weighted = entrywise(np.multiply, apply(generic, value), Value(weights, free))
            for axis in free:
                weighted = total(weighted, axis)
            summed = weighted.array.sum(axis=tuple(range(len(weighted.axes), weighted.array.ndim)))
            out = entrywise(np.add, out, Value(summed, weighted.axes))
        return out

    def _is_mention(self, argument: Term) -> bool:
        return isinstance(argument, Name)

    def _own(self, own: FunctionDefinition, term: Call, indices: tuple[Term, ...]) -> Value:
        if len(own.parameters) != len(term.arguments):
            raise MeaningError(f"{_spelled(term.function)} takes {len(own.parameters)} arguments")
        inner = Evaluation(replace(self.world, flipped=self.world.flipped), self.manner, None, self)
        inner.changed = self.changed
        inner.bound = {
            self.world.symbols.resolve(name).key: self.value(argument)
            for name, argument in zip(own.parameters, term.arguments, strict=True)
        }
        renames = {
            letter: index.base for letter, index in zip(own.letters, indices, strict=False) if isinstance(index, Name)
        }
        value = inner._bodied(own, renames)
        if own.letters and not indices:
            places = [letter for letter in own.letters if letter in value.axes]
            if len(places) == len(own.letters):
                return stored_value(value, list(own.letters), None)
        return renamed(value, renames) if renames else self._indexed(value, indices[len(own.letters) :])

    def _bodied(self, own: FunctionDefinition, renames: Mapping[str, str]) -> Value:
        for letter in own.letters:
            self.letters.pop(letter, None)
        parameters = dict(self.bound)
        for part in own.body.walk():
            if isinstance(part, Name):
                symbol = self.world.symbols.resolve(part)
                bound = parameters.get(symbol.key)
                if bound is not None:
                    for index, size in zip(symbol.indices, bound.shape, strict=False):
                        if isinstance(index, Name):
                            self.letters[index.base] = size
        self.learn_letters(own.body)
        return self.value(own.body)

    def _function_derivative(self, term: Call) -> Value:
        """f'(u), entry by entry."""
        if term.function.primes > 1:
            raise MeaningError("a second derivative of a function is not checked")
        if len(term.arguments) != 1:
            raise MeaningError("the derivative of a function of several arguments is not checked")
        argument = self.value(term.arguments[0])
        marker = Name("~argument")
        inner = Evaluation(self.world, self.manner, None, self)
        inner.changed = self.changed
        function = replace(term.function, primes=0)
        if np.iscomplexobj(argument.array):
            inner.bound = {**self.bound}
            self.notes.add("differences")
            slopes = []
            for times in (-2, -1, 1, 2):
                inner.bound["~argument"] = Value(argument.array + times * DIFFERENCE, argument.axes, argument.is_row)
                slopes.append(inner.value(Call(function, (marker,))))
            far, near = slopes[3].array - slopes[0].array, slopes[2].array - slopes[1].array
            return Value((8 * near - far) / (12 * DIFFERENCE), argument.axes, argument.is_row)
        inner.bound = {
            **self.bound,
            "~argument": Value(argument.array + 1j * COMPLEX_STEP, argument.axes, argument.is_row),
        }
        value = inner.value(Call(function, (marker,)))
        return Value(np.imag(value.array) / COMPLEX_STEP, value.axes, value.is_row)

    def _known(self, kind: str, term: Call, indices: tuple[Term, ...]) -> Value:  # noqa: PLR0912
        arguments = [self.value(argument) for argument in term.arguments]
        if term.function.base == "factorial" and len(arguments) == 1:
            return apply(factorial, arguments[0])
        if term.function.base == "inner" and len(arguments) == 2:
            product = entrywise(np.multiply, *arguments)
            return Value(product.array.sum(axis=tuple(range(len(product.axes), product.array.ndim))), product.axes)
        if kind == "log" and len(term.function.sub) == 1 and isinstance(term.function.sub[0], Number):
            base = np.log(term.function.sub[0].value)
            return apply(lambda array: ELEMENTWISE["log"](array) / base, arguments[0])
        if kind in ELEMENTWISE and len(arguments) == 1:
            return self._indexed(apply(ELEMENTWISE[kind], arguments[0]), indices)
        if kind == "softmax":
            return self._softmax(term, arguments[0], indices)
        first = arguments[0]
        if kind in {"max", "min"}:
            return self._extreme(kind, arguments)
        if kind == "tr":
            if first.rank != 2:
                return first
            return Value(np.trace(first.array, axis1=-2, axis2=-1), first.axes)
        if kind == "diag":
            if first.rank == 1:
                return Value(first.array[..., :, None] * np.eye(first.shape[0]), first.axes)
            if first.rank == 2:
                return Value(np.diagonal(first.array, axis1=-2, axis2=-1), first.axes)
        if kind in {"sum", "mean"} and first.rank:
            axes = tuple(range(len(first.axes), first.array.ndim))
            return Value(getattr(first.array, kind)(axis=axes), first.axes)
        if kind == "logsumexp" and first.rank == 1:
            return Value(ELEMENTWISE["log"](np.exp(first.array).sum(axis=-1)), first.axes)
        function = term.function
        if not kind and len(arguments) == 1:
            if function.base == "sigma":
                return self._indexed(apply(sigmoid, first), indices)
            if may_be_function(function):
                return self._indexed(apply(generic, first), indices)
        raise MeaningError(f"nothing says what {_spelled(function)} is")

    def _softmax(self, term: Call, value: Value, indices: tuple[Term, ...]) -> Value:
        if value.rank:
            axis = -1
            if value.rank == 2 and self._samples_last(value):
                axis = -2
            shifted = np.exp(value.array - np.max(np.real(value.array), axis=axis, keepdims=True))
            out = Value(shifted / shifted.sum(axis=axis, keepdims=True), value.axes, value.is_row)
            return self._indexed(out, indices)
        argument = term.arguments[0]
        named = self.world.symbols.resolve(argument).indices if isinstance(argument, Name) else ()
        letters = [index.base for index in named if isinstance(index, Name) and index.base in value.axes]
        plain = [axis for axis in value.axes if not axis.startswith("→")]
        axis_name = letters[-1] if letters else plain[-1] if plain else None
        if axis_name is None:
            raise MeaningError("softmax of a single number")
        place = value.axes.index(axis_name)
        shifted = np.exp(value.array - np.max(np.real(value.array), axis=place, keepdims=True))
        return Value(shifted / shifted.sum(axis=place, keepdims=True), value.axes)

    def _samples_last(self, value: Value) -> bool:
        """Are examples columns? Known from the size that losses are averaged over."""
        samples = self.world.sizes.get("~samples")
        return samples is not None and value.shape[1] == samples

    def _extreme(self, kind: str, arguments: list[Value]) -> Value:
        def chosen(a: AnyArray, b: AnyArray) -> AnyArray:
            first = np.real(a) >= np.real(b) if kind == "max" else np.real(a) <= np.real(b)
            return np.where(first, a, b)

        if len(arguments) == 1:
            raise MeaningError(f"{kind} does not say over what")
        out = arguments[0]
        for argument in arguments[1:]:
            out = entrywise(chosen, out, argument)
        return out

    def _entries(self, term: Entries) -> Value:
        return self._indexed(self.value(term.body), term.indices)

    # Conditions -------------------------------------------------------------------------------------------------------

    def _same_range(self, left: Term, right: Term) -> None:
        """i in delta_ii' runs over what i' runs over, where nothing else says it."""
        if isinstance(left, Name) and isinstance(right, Name):
            for one, other in ((left, right), (right, left)):
                unknown = one.base not in self.letters and not one.sub and one.base not in self.world.quantities
                if unknown and other.base in self.letters and not other.sub:
                    self.letters[one.base] = self.letters[other.base]

    def _compared(self, condition: Condition) -> Value:
        """1 where the condition holds, else 0."""
        if condition.left is None or condition.right is None:
            raise MeaningError("this condition is only words")
        self._same_range(condition.left, condition.right)
        left, right = self._side(condition.left, condition.right), self._side(condition.right, condition.left)
        compare = _COMPARISONS.get(condition.sign)
        if compare is None:
            raise MeaningError(f"a condition with {condition.sign} is not read")
        out = entrywise(lambda a, b: compare(np.real(a), np.real(b)) * 1.0, left, right)
        if condition.also is not None:
            out = entrywise(np.multiply, out, self._compared(condition.also))
        return out

    def _side(self, side: Term, other: Term) -> Value:
        """A side of a condition: an index as a number, a label, or any term."""
        if isinstance(side, Name):
            symbol = self.world.symbols.resolve(side)
            if not symbol.indices and side.base in self.letters and symbol.key == side.base:
                return labelled(np.arange(1.0, self.letters[side.base] + 1), (side.base,))
            quantity = self.world.quantities.get(symbol.key)
            if (
                quantity is not None
                and isinstance(other, Name)
                and other.base in self.letters
                and not quantity.is_label
            ):
                value = self._quantity(symbol.key, symbol.indices)
                if value.rank == 1 and value.shape[0] == self.letters[other.base]:
                    return Value(np.argmax(np.real(value.array), axis=-1) + 1.0, value.axes)
                return value
        return self.value(side)

    def _indicator(self, term: Indicator) -> Value:
        return self._compared(term.condition)

    def _cases(self, term: Cases) -> Value:
        out: Value | None = None
        left = number(1.0)
        for value, condition in term.branches:
            holds = (
                left
                if condition is None or condition.left is None
                else entrywise(np.multiply, left, self._compared(condition))
            )
            part = self._where(holds, self.value(value))
            out = part if out is None else entrywise(np.add, out, part)
            left = entrywise(np.subtract, left, holds)
        return out if out is not None else number(0.0)

    @staticmethod
    def _where(holds: Value, value: Value) -> Value:
        return entrywise(lambda a, b: np.where(np.real(a) > 0.5, b, 0.0), holds, value)

    def _norm(self, term: Norm) -> Value:
        value = self.value(term.body)
        if not value.rank:
            return apply(ELEMENTWISE["abs"], value)
        axes = tuple(range(len(value.axes), value.array.ndim))
        if term.order == "1":
            return Value(ELEMENTWISE["abs"](value.array).sum(axis=axes), value.axes)
        return Value(ELEMENTWISE["sqrt"]((value.array * value.array).sum(axis=axes)), value.axes)

    def _grid(self, term: Grid) -> Value:
        raise MeaningError("a matrix written entry by entry is not checked")

    def _dots(self, term: Dots) -> Value:
        raise MeaningError("an ellipsis leaves open what stands there")


_COMPARISONS: dict[str, Callable[[AnyArray, AnyArray], AnyArray]] = {
    "=": lambda a, b: np.abs(a - b) < 1e-9, "ne": lambda a, b: np.abs(a - b) >= 1e-9, "<": np.less, ">": np.greater,
    "le": np.less_equal, "ge": np.greater_equal,
}  # fmt: skip

_RULES: dict[type, Callable[[Any, Any], Value]] = {
    Number: Evaluation._number, Name: Evaluation._name, Terms: Evaluation._terms, Negative: Evaluation._negative,
    Product: Evaluation._product, Quotient: Evaluation._quotient, Power: Evaluation._power,
    Transposed: Evaluation._transposed, Total: Evaluation._total, Derivative: Evaluation._derivative,
    Call: Evaluation._call, Entries: Evaluation._entries, Cases: Evaluation._cases, Indicator: Evaluation._indicator,
    Norm: Evaluation._norm, Grid: Evaluation._grid, Dots: Evaluation._dots,
}  # fmt: skip


def stored_value(value: Value, letters: list[str], quantity: Quantity | None) -> Value:
    """A value with the axes of these letters as its first own axes, directions left as they are."""
    directions = [axis for axis in value.axes if axis not in letters]
    present = [letter for letter in letters if letter in value.axes]
    order = [value.axes.index(axis) for axis in (*directions, *present)]
    array = np.transpose(value.array, [*order, *range(len(value.axes), value.array.ndim)])
    if quantity is not None and len(present) < len(letters):
        # The right side is the same for all values of an index.
        sizes = {letter: size.root().value or 1 for letter, size in zip(quantity.letters, quantity.sizes, strict=True)}
        shape = list(array.shape)
        begin = len(directions)
        full = (
            shape[:begin]
            + [sizes[letter] if letter in present else 1 for letter in letters]
            + shape[begin + len(present) :]
        )
        array = array.reshape(full)
        wanted = shape[:begin] + [sizes[letter] for letter in letters] + shape[begin + len(present) :]
        array = np.broadcast_to(array, wanted)
    return Value(array, tuple(directions), value.is_row)


def keys_in(world: World, term: Term) -> set[str]:
    """The keys of all quantities that a term is made of; a function's parameters are none."""
    keys: set[str] = set()
    if isinstance(term, Name) and term.base == ITSELF:
        return {term.accent}
    if isinstance(term, Call):
        own = world.functions.get(function_key(term.function, world.symbols))
        if own is not None:
            parameters = {world.symbols.resolve(name).key for name in own.parameters}
            if not _defined_by_itself(own, world):
                keys |= keys_in(world, own.body) - parameters
        else:
            keys |= keys_in(world, term.function)
        return keys.union(*(keys_in(world, argument) for argument in term.arguments))
    if isinstance(term, Name):
        with suppress(MeaningError):
            keys.add(world.symbols.resolve(term).key)
    if isinstance(term, Derivative) and term.of is None and world.loss:
        keys.add(world.loss)
    return keys.union(*(keys_in(world, child) for child in term.children))


def _defined_by_itself(own: FunctionDefinition, world: World) -> bool:
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


def _repeated(term: Product) -> frozenset[str]:
    """Letters that index more than one factor of a product."""
    seen: dict[str, int] = {}
    for factor in term.factors:
        letters = {
            index.base
            for part in factor.walk()
            if isinstance(part, Name)
            for index in (*part.sub, *(script.body for script in part.sup))
            if isinstance(index, Name)
        }
        for letter in letters:
            seen[letter] = seen.get(letter, 0) + 1
    return frozenset(letter for letter, times in seen.items() if times > 1)


def _primes(part: Term) -> bool:
    return isinstance(part, Call) and part.function.primes > 0


def _is_one_hot(key: str) -> bool:
    return key[0] in {"y", "t", "c", "Y", "T"}


def _spelled(name: Name) -> str:
    text = f"{name.accent} {name.base}".strip()
    return text + "'" * name.primes


def _plain(key: str) -> str:
    return key.replace("^hat", "-hat").replace("@", "^").replace("^bar", "-bar")
