"""The shapes of a document's quantities, inferred from how its definitions use them.

Every axis of every quantity is an unknown size; indices, products and sums say which sizes are the same. What stands
for a number, a vector or a matrix is guessed from the letters and corrected where a definition then makes no sense.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..evaluation.functions import is_elementwise, known_function
from ..faults import FitError, MeaningError
from ..grammar.lexicon import GREEK
from ..meaning.known_names import (
    COUNTERS,
    function_key,
    is_kronecker,
    may_be_function,
    require_transpose,
    special_name,
)
from ..meaning.symbols import Symbols
from ..meaning.usage import last_number
from ..renaming import summed_over_layers
from ..terms import (
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
from .quantity import Definition, FunctionDefinition, IndexDroppedError, Quantity, assign_axes
from .shape_algebra import entrywise, multiplied, union
from .sizes import Shape, Size


class Shapes:
    """Infers shapes; holds the quantities that are known so far."""

    def __init__(
        self,
        symbols: Symbols,
        functions: Mapping[str, FunctionDefinition],
        rank_of: Callable[[str, Name], int],
        size_names: set[str],
    ) -> None:
        self.symbols = symbols
        self.functions = functions
        self.rank_of = rank_of
        self.size_names = size_names
        self.quantities: dict[str, Quantity] = {}
        self.names: dict[str, Size] = {}
        self.defined: set[str] = set()
        self.taken: dict[str, Definition] = {}
        """Further definitions, taken because the first one makes no sense."""
        self.unsized: list[tuple[str, Size]] = []
        self.inside: set[str] = set()
        self.squeezed = 0
        self.numbers: frozenset[str] = frozenset()
        """Losses, which are numbers whatever their definitions look like."""
        self.examples: frozenset[str] = frozenset()
        self.dropped: frozenset[str] = frozenset()
        """Indices of examples that are left out where one example is meant."""
        self.declared: Mapping[str, tuple[str, ...]] = {}
        """The sizes of last axes by name, as the text declares them."""
        self.same: dict[str, Size] = {}
        self.unfit: list[tuple[Term, Term]] = []
        self._totals: dict[int, Size] = {}
        """The sizes of sums without limits that a divisor names, by the sum."""

    # Quantities -------------------------------------------------------------------------------------------------------

    def define(self, definition: Definition) -> None:
        """Infer the shape of a defined quantity.

        Raises:
            FitError, MeaningError: its right side makes no sense.
        """
        scope: dict[str, Size] = {letter: Size() for letter in definition.letters}
        shape = self.infer(definition.body, scope)
        known = self.quantities.get(definition.key)
        sizes: list[Size] = []
        letters: list[str] = []
        dropped: set[int] = set()
        for letter in sorted(set(shape.free) - set(definition.letters)):
            # An index that the left side leaves out.
            dropped.add(len(sizes))
            sizes.append(shape.free[letter])
            letters.append(letter)
        for letter in definition.letters:
            sizes.append(scope[letter])
            letters.append(letter)
            scope[letter].root().letters.add(letter)
        axes = shape.axes
        is_number = definition.key.rstrip("#") in self.numbers and definition.key not in self.functions
        if axes and is_number and all(size.root().value in {None, 1} for size in axes):
            # A loss is a number: what is left of it has one entry, or it is the loss of one example.
            if left_out := self.examples.intersection(*(size.root().letters for size in axes)):
                raise IndexDroppedError(min(left_out))
            for size in axes:
                size.root().value = 1
            axes = ()
            self.squeezed += 1
        sizes += axes
        letters += [""] * len(axes)
        if known is not None and definition.key not in self.defined:
            if len(known.sizes) != len(sizes):
                if len(known.sizes) > len(sizes) and known.letters and known.letters[0]:
                    raise IndexDroppedError(known.letters[0])
                raise FitError(f"{definition.key} is used with {len(known.sizes)} axes and defined with {len(sizes)}")
            for old, new in zip(known.sizes, sizes, strict=True):
                old.join(new)
        if not self._is_made_of_matrix(definition):
            dropped |= self._left_out(definition.key, letters)
        dropped |= {place for place, letter in enumerate(letters) if letter and letter in self.dropped}
        self.quantities[definition.key] = Quantity(definition.key, sizes, letters, dropped)
        self.defined.add(definition.key)

    def _is_made_of_matrix(self, definition: Definition) -> bool:
        """p_ik = softmax of s_ik, where s = h W is a matrix of all examples: then p alone is one, too."""
        for part in definition.body.walk():
            if isinstance(part, Name) and len(definition.letters) == 2:
                symbol = self.symbols.resolve(part)
                quantity = self.quantities.get(symbol.key)
                letters = tuple(index.base for index in symbol.indices if isinstance(index, Name))
                is_matrix = quantity is not None and symbol.key in self.defined and quantity.letters == ["", ""]
                if is_matrix and letters == definition.letters:
                    return True
        return False

    def leaf(self, key: str, name: Name, indices: tuple[Term, ...], *, columns: bool = False) -> Quantity:
        """A quantity that nothing defines: as many axes as it carries indices, and as its letter suggests."""
        if key not in self.quantities:
            rank = max(self.rank_of(key, name), len(indices))
            letters = [index.base if isinstance(index, Name) else "" for index in indices]
            open_axes = [""] * (rank - len(letters))
            letters = [*letters[1:], *open_axes, *letters[:1]] if columns else [*letters, *open_axes]
            if not indices and rank == 2 and (example := self._example_of(name)):
                letters[0] = example
            dropped = self._left_out(key, letters)
            is_entry = len(indices) == 1 and rank == 2 and key.startswith(name.base)
            if is_entry and (example := self._example_before(name)) not in {"", letters[0]}:
                letters, dropped = [example, letters[0]], {0}
            sizes = [Size() for _ in range(rank)]
            axes = () if columns else self.declared.get(key, ())
            if len(axes) <= rank:
                sizes[rank - len(axes) :] = [self.same.setdefault(name, Size()) for name in axes]
            self.quantities[key] = Quantity(key, sizes, letters, dropped)
        return self.quantities[key]

    def _example_of(self, name: Name) -> str:
        """n where the document writes x_n elsewhere, and x alone for one of these vectors."""
        words = self.symbols.usage.letter_pairs.get(name.base, set())
        return next(iter(words)) if name.base in {"x", "phi"} and len(words) == 1 and len(min(words)) == 1 else ""

    def _example_before(self, name: Name) -> str:
        """i where the document writes z_ij elsewhere, with an example i, and z_j for one of them."""
        words = self.symbols.usage.letter_pairs.get(name.base, set())
        return next((word[0] for word in sorted(words) if len(word) == 2 and word[0] in self.examples), "")

    def _left_out(self, key: str, letters: list[str]) -> set[int]:
        """x beside x_ij is the vector of one example, whose number is left out."""
        usage = self.symbols.usage
        base, accent = (key.split("^", maxsplit=1)[0], key.split("^")[1] if "^" in key else "")
        entries = len(letters) >= 2 and letters[0] in self.examples
        is_letter = len(base) == 1 or base in GREEK
        return {0} if entries and is_letter and base.islower() and usage.arity[base, accent][0] else set()

    # Terms ------------------------------------------------------------------------------------------------------------

    def infer(self, term: Term, scope: dict[str, Size], bound: Mapping[str, Shape] | None = None) -> Shape:
        """The shape of a term; letters in `scope` have known sizes, names in `bound` are a function's parameters."""
        rule: Callable[..., Shape] = _RULES.get(type(term), Shapes._dots)
        return rule(self, term, scope, bound or {})

    def _number(self, term: Number, scope: Any, bound: Any) -> Shape:
        return Shape()

    def _name(self, name: Name, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        symbol = self.symbols.resolve(name)
        if symbol.power is not None:
            self.infer(symbol.power, scope, bound)
        if symbol.key in bound:
            return self._indexed(bound[symbol.key], symbol.indices, scope)
        if not symbol.indices and (special := special_name(name, symbol.key, self)):
            return Shape(special=special)
        if symbol.key in {"e", "e!", "pi"} and symbol.key not in self.defined and not symbol.indices:
            return Shape()
        if len(symbol.indices) == 2 and is_kronecker(name, symbol.key, self):
            first, second = (self._index_size(index, scope) for index in symbol.indices)
            first.join(second)
            return Shape({i.base: scope[i.base] for i in symbol.indices if isinstance(i, Name) and i.base in scope})
        if not symbol.indices and self._is_letter(name, symbol.key, scope):
            scope.setdefault(name.base, Size())
            return Shape({name.base: scope[name.base]})
        if not symbol.indices and symbol.key in self.size_names and symbol.key not in self.quantities:
            return Shape()
        if symbol.key == name.base and not symbol.indices and (argument := self.symbols.usage.arguments.get(name.base)):
            # sigma alone is sigma of what it is called with elsewhere.
            return self.infer(Call(name, (argument,)), scope, bound)
        self._require_meaning(name, symbol.key, symbol.indices)
        quantity = self.leaf(symbol.key, name, symbol.indices, columns=symbol.columns)
        free: dict[str, Size] = {}
        axes: list[Size] = []
        for size, index in zip(
            quantity.sizes, assign_axes(quantity, symbol.indices, columns=symbol.columns), strict=True
        ):
            if index is None:
                axes.append(size)
            elif isinstance(index, str):
                scope.setdefault(index, size).join(size)
                free[index] = scope[index]
            else:
                free |= self._at(index, size, scope, bound)
        return Shape(free, tuple(axes))

    def _require_meaning(self, name: Name, key: str, indices: tuple[Term, ...]) -> None:
        """Words, and letters of numbered names, mean nothing that nobody says."""
        if key in self.quantities:
            return
        if (name.font == "text" and len(name.base) > 1) or (name.font == "blackboard" and name.base == "E"):
            raise MeaningError(f"nothing says what {name.base} is")
        letters = [index for index in indices if isinstance(index, Name)]
        if letters and name.base in self.symbols.usage.numbered_names and not self.symbols.usage.stacked.get(name.base):
            numbered = any(other.startswith(f"{name.base}_") for other in self.defined)
            if numbered and len(letters) == 1 and letters[0].base in "tlsk":
                raise MeaningError(f"which {name.base} is meant by the index {letters[0].base} is not said")

    def _is_letter(self, name: Name, key: str, scope: Mapping[str, Size]) -> bool:
        """Is this name an index that stands as a number, as in 1(k = y_i)?"""
        return key == name.base and key not in self.quantities and (
            key in scope or (self.symbols.usage.is_index(key) and key not in self.size_names
                             and (self.symbols.usage.tops[key] == 0 or key.rstrip("'") in COUNTERS))
        )  # fmt: skip

    def _index_size(self, index: Term, scope: dict[str, Size]) -> Size:
        if isinstance(index, Name) and not index.sub:
            symbol = self.symbols.resolve(index)
            quantity = self.quantities.get(symbol.key)
            if quantity is not None and index.base not in scope:
                quantity.is_label = True
                quantity.range = quantity.range or Size()
                return quantity.range
            return scope.setdefault(index.base, Size())
        if isinstance(index, Name):
            size = Size()
            self._at(index, size, scope, {})
            return size
        return Size()

    def _at(self, index: Term, size: Size, scope: dict[str, Size], bound: Mapping[str, Shape]) -> dict[str, Size]:
        """Put an index on an axis; the free indices that come of it."""
        if isinstance(index, Number):
            size.root().from_zero |= index.value == 0
            return {}
        if isinstance(index, Name):
            usage = self.symbols.usage
            key = self.symbols.resolve(index).key
            is_data = bool(index.sub) or (
                index.base not in scope
                and index.base in usage.tops
                and index.base in usage.label_bases | {"y", "c", "t"}
                and index.base not in usage.bound
            )
            if is_data:
                label = self.leaf(key, index, self.symbols.resolve(index).indices)
                label.is_label = True
                label.range = label.range or Size()
                label.range.join(size)
                words = usage.letter_pairs.get(index.base, set()) & self.examples
                if label.letters == [""] and words:
                    # y for y_i: the class of one example.
                    label.letters, label.dropped = [min(words)], {0}
                return self._name(index, scope, bound).free
            scope.setdefault(index.base, Size()).join(size)
            scope[index.base].root().letters.add(index.base)
            return {index.base: scope[index.base]}
        letters = [part for part in index.walk() if isinstance(part, Name)]
        for letter in letters:
            scope.setdefault(letter.base, Size()).join(size)
        return {letter.base: scope[letter.base] for letter in letters}

    def _indexed(self, shape: Shape, indices: tuple[Term, ...], scope: dict[str, Size]) -> Shape:
        """Entries of something: indices take its axes from the first."""
        if len(indices) > len(shape.axes):
            if not shape.axes:
                # An index on what already has its indices: x_i for the parameter x of f(x).
                return shape
            raise FitError("there are more indices than axes")
        free = dict(shape.free)
        for index, size in zip(indices, shape.axes, strict=False):
            free |= self._at(index, size, scope, {})
        return Shape(free, shape.axes[len(indices) :], shape.is_row)

    def _terms(self, term: Terms, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        shapes = [self.infer(part, scope, bound) for part in term.terms]
        out = shapes[0]
        for number, shape in enumerate(shapes[1:], 1):
            out = entrywise(out, shape, term.terms[:number], term.terms[number])
        return out

    def count(self, first: Term, count: int) -> None:
        """w_1 x_1 + w_2 x_2 + w_3 x_3: what 1 numbers in the first term has 3 entries."""
        counted = Size()
        counted.counted = count
        for name in first.walk():
            quantity = self.quantities.get(self.symbols.key(name)) if isinstance(name, Name) else None
            if quantity is not None and isinstance(name, Name):
                symbol = self.symbols.resolve(name)
                axes = assign_axes(quantity, symbol.indices, columns=symbol.columns)
                for size, index in zip(quantity.sizes, axes, strict=True):
                    if isinstance(index, Number) and index.value == 1:
                        counted.join(size)

    def _negative(self, term: Negative, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        return self.infer(term.body, scope, bound)

    def _product(self, term: Product, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        self._name_sizes(term, scope)
        groups: list[list[Shape]] = [[]]
        for number, factor in enumerate(term.factors):
            if number and term.signs[number - 1].is_elementwise:
                groups.append([])
            groups[-1].append(self.infer(factor, scope, bound))
            if number and term.signs[number - 1] is Times.OUTER:
                shape = groups[-1].pop()
                if len(shape.axes) == 2 and groups[-1]:
                    # Kronecker's product: a matrix of a size that no quantity has.
                    groups[-1][-1] = Shape(union(groups[-1][-1], shape), (Size(), Size()))
                else:
                    groups[-1].append(Shape(shape.free, shape.axes, True))
        shapes = []
        for group in groups:
            out = group[0]
            for shape in group[1:]:
                out = multiplied(out, shape)
            shapes.append(out)
        out = shapes[0]
        for shape in shapes[1:]:
            out = entrywise(out, shape)
        return out

    def _name_sizes(self, term: Product, scope: Mapping[str, Size]) -> None:
        """1/n before a sum over i without limits: n is the number of i."""
        self._name_summed(term)
        totals = [factor for factor in term.factors if isinstance(factor, Total) and factor.end is None]
        for factor in term.factors:
            below = factor.below if isinstance(factor, Quotient) else None
            if totals and isinstance(below, Name) and not below.sub and totals[0].indices:
                self.unsized.append((below.base, self._pending(totals[0])))

    def _name_summed(self, term: Product) -> None:
        """1/m before 1^T x: m is the number of entries of x."""
        below = term.factors[0].below if isinstance(term.factors[0], Quotient) else None
        if len(term.factors) != 3 or not isinstance(below, Name) or below.sub:
            return
        ones, summed = term.factors[1], term.factors[2]
        is_sum = isinstance(ones, Transposed) and isinstance(ones.body, Name) and ones.body.base == "1"
        if is_sum and isinstance(summed, Name):
            shape = self.infer(summed, {})
            self.unsized += [(below.base, size) for size in shape.axes[:1]]

    def _pending(self, total: Total) -> Size:
        return self._totals.setdefault(id(total), Size())

    def _quotient(self, term: Quotient, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        return entrywise(self.infer(term.above, scope, bound), self.infer(term.below, scope, bound))

    def _power(self, term: Power, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        base, exponent = self.infer(term.base, scope, bound), self.infer(term.exponent, scope, bound)
        return entrywise(base, exponent)

    def _transposed(self, term: Transposed, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        shape = self.infer(term.body, scope, bound)
        return Shape(shape.free, shape.axes[::-1], not shape.is_row if len(shape.axes) < 2 else False, shape.special)

    def _total(self, term: Total, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        by_layer = summed_over_layers(term, self.symbols)
        if by_layer is not None:
            return self.infer(by_layer, scope, bound)
        inner = dict(scope)
        letters = term.letters
        for letter in letters:
            inner[letter] = Size()
        if letters and id(term) in self._totals:
            inner[letters[0]].join(self._totals[id(term)])
        if isinstance(term.start, Number) and term.start.value == 0 and letters and not isinstance(term.end, Terms):
            inner[letters[0]].from_zero = True
        if isinstance(term.end, Number) and len(letters) == 1 and term.end.value == int(term.end.value):
            inner[letters[0]].counted = int(term.end.value)
        if (end := last_number(term)) is not None and letters:
            key = self.symbols.resolve(end).key
            if key in self.names:
                inner[letters[0]].join(self.names[key])
            else:
                self.names[key] = inner[letters[0]]
        if term.but is not None:
            self._condition(term.but, inner, bound)
        shape = self.infer(term.body, inner, bound)
        free = {letter: size for letter, size in shape.free.items() if letter not in letters}
        for letter, size in free.items():
            scope.setdefault(letter, size).join(size)
        if not letters:
            return Shape() if len(free) <= 1 or term.indices else Shape(dict(list(free.items())[:-1]))
        for letter in letters:
            inner[letter].root().letters.add(letter)
        return Shape(free, shape.axes, shape.is_row)

    def _derivative(self, term: Derivative, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        of = self.infer(term.of, scope, bound) if term.of is not None else Shape()
        out = of
        for by in term.by or self._parameters(term):
            shape = self.infer(by, scope, bound)
            out = Shape(union(out, shape), (*out.axes, *shape.axes))
        return out

    def _parameters(self, term: Derivative) -> tuple[Name, ...]:
        """What a nabla without a letter differentiates by, where it stands before a function."""
        of = term.of
        while isinstance(of, Derivative):
            of = of.of
        if isinstance(of, Call) and function_key(of.function, self.symbols) in self.functions:
            return tuple(argument for argument in of.arguments[:1] if isinstance(argument, Name))
        own = self.functions.get(function_key(of, self.symbols)) if isinstance(of, Name) else None
        return own.parameters if own is not None and len(own.parameters) == 1 else ()

    def _call(self, term: Call, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        if term.function.base == "~loss":
            return Shape()
        key = function_key(term.function, self.symbols)
        shapes = [self.infer(argument, scope, bound) for argument in term.arguments]
        if key in self.functions:
            return self._own_function(self.functions[key], shapes)
        if key in self.quantities:
            quantity = self._name(term.function, scope, bound)
            is_mention = all(isinstance(argument, (Name, Dots)) for argument in term.arguments)
            return quantity if is_mention or len(shapes) > 1 else multiplied(quantity, shapes[0])
        kind = known_function(term.function.base)
        if kind in _SHAPES_OF_RESULTS or (kind in {"max", "min"} and len(shapes) == 1):
            return _SHAPES_OF_RESULTS.get(kind, _number_of)(shapes[0])
        out = shapes[0]
        for shape in shapes[1:]:
            out = entrywise(out, shape)
        if kind and not is_elementwise(kind) and kind != "softmax":
            return _number_of(out)
        if not kind and len(shapes) == 1 and not may_be_function(term.function):
            return multiplied(self._name(term.function, scope, bound), out)
        indices = self.symbols.resolve(term.function).indices
        return self._indexed(out, indices, scope) if indices else out

    def _own_function(self, function: FunctionDefinition, shapes: list[Shape]) -> Shape:
        """The shape of a call of a function that the document defines."""
        if function.key in self.inside:
            raise MeaningError("this function is defined by itself")
        keys = (self.symbols.resolve(name).key for name in function.parameters)
        self.inside.add(function.key)
        try:
            return self.infer(function.body, {}, dict(zip(keys, shapes, strict=False)))
        finally:
            self.inside.discard(function.key)

    def _entries(self, term: Entries, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        require_transpose(term, self.symbols)
        return self._indexed(self.infer(term.body, scope, bound), term.indices, scope)

    def _cases(self, term: Cases, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        out: Shape | None = None
        for value, condition in term.branches:
            shape = self.infer(value, scope, bound)
            if condition is not None:
                shape = Shape(union(shape, self._condition(condition, scope, bound)), shape.axes)
            out = shape if out is None else entrywise(out, shape)
        return out or Shape()

    def _condition(self, condition: Condition, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        if condition.left is None or condition.right is None:
            return Shape()
        shape = entrywise(self.infer(condition.left, scope, bound), self.infer(condition.right, scope, bound))
        self._same_range(condition.left, condition.right, scope)
        if condition.also is not None:
            shape = entrywise(shape, self._condition(condition.also, scope, bound))
        return shape

    def _same_range(self, left: Term, right: Term, scope: dict[str, Size]) -> None:
        """k = y_i: y is a label, and numbers what k numbers."""
        sides = [part for part in (left, right) if isinstance(part, Name)]
        if len(sides) != 2:
            return
        letters = [name for name in sides if name.base in scope and not name.sub and not name.sup]
        if len(letters) == 2:
            scope[letters[0].base].join(scope[letters[1].base])
        elif len(letters) == 1:
            other = sides[0] if sides[1] is letters[0] else sides[1]
            quantity = self.quantities.get(self.symbols.resolve(other).key)
            if quantity is not None and quantity.key not in self.defined:
                quantity.is_label = True
                quantity.range = quantity.range or Size()
                quantity.range.join(scope[letters[0].base])

    def _indicator(self, term: Indicator, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        return self._condition(term.condition, scope, bound)

    def _norm(self, term: Norm, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        shape = self.infer(term.body, scope, bound)
        return Shape(shape.free)

    def _grid(self, term: Grid, scope: dict[str, Size], bound: Mapping[str, Shape]) -> Shape:
        raise MeaningError("a matrix written entry by entry is not checked")

    def _dots(self, term: Term, scope: Any, bound: Any) -> Shape:
        raise MeaningError("an ellipsis leaves open what stands there")


def _number_of(shape: Shape) -> Shape:
    return Shape(shape.free)


def _number_of_square(shape: Shape) -> Shape:
    if len(shape.axes) == 2:
        shape.axes[0].join(shape.axes[1])
    return Shape(shape.free)


def _diagonal(shape: Shape) -> Shape:
    axes = shape.axes
    return Shape(shape.free, (axes[0], axes[0]) if len(axes) == 1 else axes[:1])


_SHAPES_OF_RESULTS: dict[str, Callable[[Shape], Shape]] = {
    "tr": _number_of_square, "det": _number_of_square, "diag": _diagonal,
    "sum": _number_of, "mean": _number_of, "logsumexp": _number_of,
}  # fmt: skip

_RULES: dict[type, Callable[..., Shape]] = {
    Number: Shapes._number, Name: Shapes._name, Terms: Shapes._terms, Negative: Shapes._negative,
    Product: Shapes._product, Quotient: Shapes._quotient, Power: Shapes._power, Transposed: Shapes._transposed,
    Total: Shapes._total, Derivative: Shapes._derivative, Call: Shapes._call, Entries: Shapes._entries,
    Cases: Shapes._cases, Indicator: Shapes._indicator, Norm: Shapes._norm, Grid: Shapes._grid,
}  # fmt: skip
