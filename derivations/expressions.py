"""Index notation as SymPy expressions: entries of arrays, sums over bound indices, Kronecker deltas.

SymPy holds these expressions and differentiates what is scalar in them; what SymPy gets wrong about indices is done
here: every index has a size, bound indices are renamed before they could capture a free one, and two expressions that
differ only in the names of bound indices have the same `canonical` form.

    Index            i, with its size n; i' is another index of the same size
    Entry            x[i, j], one entry of a named array; J, a scalar, is an entry without indices
    Shift            1 where an index is the sum of two: x[h + a] is the sum over u of x[u] Shift(u, h, a)
    SumOver          sum of a body over bound indices
    At               the body at the first or last value of an index, as a loop that overwrites leaves it
    Delta            1 where two indices of the same size are equal, else 0
    Adjoint          dJ/dz[i], the derivative of the loss with respect to one entry
    Partial          d(...)/dz[i], the derivative of an expression with respect to one entry of an array it names
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import count, permutations
from typing import Any

import sympy

from checkers.errors import ModelError


class Index(sympy.Symbol):
    """An index with the size it runs over: 0, 1, ..., size - 1.

    Two indices are the same when both their names and their sizes are.
    """

    __slots__ = ("size",)
    size: sympy.Symbol

    def __new__(cls, name: str, size: sympy.Symbol) -> Index:
        """An index called `name` over `size` values."""
        index: Index = sympy.Symbol.__xnew__(cls, name, integer=True)
        index.size = size
        return index

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.size), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (self.name, self.size.name)


class Entry(sympy.Expr):
    """One entry of a named array: Entry(name, i, j) is x[i, j]."""

    is_commutative = True
    is_real = True

    def __new__(cls, name: sympy.Symbol, *indices: Index) -> Entry:
        """The entry of the array called `name` at `indices`."""
        entry: Entry = sympy.Expr.__new__(cls, name, *indices)
        return entry

    @property
    def name(self) -> str:
        """The array's name."""
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Index, ...]:
        """Its indices, in the array's order of axes."""
        return tuple(self.args[1:])


class Adjoint(Entry):
    """dJ/dz[i, j]: the derivative of the loss with respect to one entry of the array `name`."""


class Delta(sympy.Expr):
    """Kronecker's delta: 1 where both indices are equal, else 0."""

    is_commutative = True
    is_real = True

    def __new__(cls, first: Index, second: Index) -> sympy.Expr:
        """1 if the two are the same index; indices of different size cannot be compared."""
        if first.size != second.size:
            raise ModelError(
                f"index {first.name} runs over {first.size}, but index {second.name} over {second.size}: "
                f"they cannot be equal. An index is used on the wrong axis of an array."
            )
        if first == second:
            return sympy.S.One
        pair = sorted((first, second), key=lambda index: index.name)
        return sympy.Expr.__new__(cls, *pair)

    def other(self, index: Index) -> Index:
        """The index that `index` is joined with."""
        first: Index = self.args[0]
        second: Index = self.args[1]
        return second if first == index else first


class Shift(sympy.Expr):
    """1 where an index is the sum of two others, else 0: what a window that slides over an array is made of."""

    is_commutative = True
    is_real = True

    def __new__(cls, place: Index, start: Index, offset: Index) -> Shift:
        """1 where `place` is `start` + `offset`; it runs over the sum of their sizes, less 1."""
        shift: Shift = sympy.Expr.__new__(cls, place, start, offset)
        return shift

    @property
    def place(self) -> Index:
        """The index that is the sum."""
        place: Index = self.args[0]
        return place

    @property
    def parts(self) -> tuple[Index, Index]:
        """The two that are added."""
        return self.args[1], self.args[2]


class IndexSum(sympy.Expr):
    """h + a in the place of an index, for readers: no array is stored with it."""

    def __new__(cls, start: Index, offset: Index) -> IndexSum:
        """The sum of two indices."""
        total: IndexSum = sympy.Expr.__new__(cls, start, offset)
        return total


class Binder(sympy.Expr):
    """A body in which indices are bound: their names matter to nobody outside."""

    is_commutative = True
    is_real = True

    @property
    def body(self) -> sympy.Expr:
        """What the indices are bound in."""
        return self.args[0]

    @property
    def indices(self) -> tuple[Index, ...]:
        """The bound indices."""
        return tuple(argument for argument in self.args[1:] if isinstance(argument, Index))

    def rebound(self, body: sympy.Expr, indices: Iterable[Index]) -> sympy.Expr:
        """The same with another body and other names."""
        rest = [argument for argument in self.args[1:] if not isinstance(argument, Index)]
        return self.func(body, *indices, *rest)


class At(Binder):
    """The body at one value of an index: 0 the first, -1 the last."""

    def __new__(cls, body: sympy.Expr, index: Index, place: int) -> At:
        """The body where `index` is `place`."""
        at: At = sympy.Expr.__new__(cls, body, index, sympy.Integer(place))
        return at

    @property
    def place(self) -> int:
        """0 or -1."""
        return int(self.args[2])


class SumOver(Binder):
    """The sum of a body over its bound indices, each over its whole size."""

    def __new__(cls, body: Any, *indices: Index) -> sympy.Expr:
        """The sum of `body` over `indices`; a sum in a sum is one sum over the indices of both."""
        body = sympy.sympify(body)
        if not indices:
            return body
        if body == 0:
            return sympy.S.Zero
        if isinstance(body, SumOver) and not set(body.indices) & set(indices):
            return sympy.Expr.__new__(cls, body.body, *indices, *body.indices)
        return sympy.Expr.__new__(cls, body, *indices)


class Partial(sympy.Expr):
    """The derivative of an expression with respect to one entry of an array it names; other named nodes are held."""

    is_commutative = True
    is_real = True

    def __new__(cls, of: sympy.Expr, target: Entry) -> Partial:
        """The derivative of `of` with respect to `target`."""
        partial: Partial = sympy.Expr.__new__(cls, of, target)
        return partial

    @property
    def of(self) -> sympy.Expr:
        """What is differentiated."""
        return self.args[0]

    @property
    def target(self) -> Entry:
        """The entry it is differentiated with respect to."""
        target: Entry = self.args[1]
        return target


def Sum(body: Any, *indices: Index) -> sympy.Expr:
    """The sum of `body` over one or more indices, as an author writes it: `Sum(w[j] * x[i, j], j)`.

    Raises:
        ModelError: no index is given, or the body does not depend on one of them (on paper that is a slip more often
            than a factor n).
    """
    body = sympy.sympify(body)
    if not indices:
        raise ModelError("Sum needs the indices it runs over, such as Sum(L[i], i).")
    for index in indices:
        if index not in free_indices(body):
            raise ModelError(f"Sum over {index.name}, but its body does not depend on {index.name}.")
    return SumOver(body, *indices)


@lru_cache(maxsize=50_000)
def free_indices(expression: sympy.Basic) -> frozenset[Index]:
    """The indices of an expression that no sum binds."""
    if isinstance(expression, Index):
        return frozenset((expression,))
    inside = frozenset[Index]().union(*(free_indices(argument) for argument in expression.args))
    return inside - set(expression.indices) if isinstance(expression, Binder) else inside


@lru_cache(maxsize=50_000)
def named_arrays(expression: sympy.Basic) -> frozenset[str]:
    """The names of the arrays an expression has entries of; an adjoint counts as "dJ/d" and the name."""
    if isinstance(expression, Adjoint):
        return frozenset((f"dJ/d{expression.name}",))
    if isinstance(expression, Entry):
        return frozenset((expression.name,))
    return frozenset[str]().union(*(named_arrays(argument) for argument in expression.args))


def fresh(index: Index, taken: Iterable[Index]) -> Index:
    """An index of the same size whose name is not taken: i', i'', ...

    >>> n = sympy.Symbol("n")
    >>> fresh(Index("i", n), [Index("i", n), Index("i'", n)]).name
    "i''"
    """
    names = {other.name for other in taken}
    letter = index.name.rstrip("'")
    return next(Index(letter + "'" * primes, index.size) for primes in count(0) if letter + "'" * primes not in names)


def rename(expression: sympy.Expr, names: Mapping[Index, Index]) -> sympy.Expr:
    """The expression with free indices replaced; bound indices step aside so that none is captured."""
    relevant = {old: new for old, new in names.items() if old != new and old in free_indices(expression)}
    if not relevant:
        return expression
    if isinstance(expression, Index):
        return relevant[expression]
    if isinstance(expression, Binder):
        taken = free_indices(expression) | set(relevant.values())
        for bound in expression.indices:
            if bound in relevant.values():
                relevant[bound] = fresh(bound, taken | set(expression.indices) | set(relevant.values()))
        indices = (relevant.get(bound, bound) for bound in expression.indices)
        return expression.rebound(rename(expression.body, relevant), indices)
    return rebuild(expression, [rename(argument, relevant) for argument in expression.args])


def rebuild(expression: sympy.Expr, arguments: list[Any]) -> sympy.Expr:
    """The same kind of expression with other arguments."""
    return expression.func(*arguments)


def avoid(expression: sympy.Expr, taken: Iterable[Index]) -> sympy.Expr:
    """The expression with every bound index renamed that is among `taken`."""
    taken = set(taken)
    if not isinstance(expression, Binder):
        if not expression.args or not expression.has(Binder):
            return expression
        return rebuild(expression, [avoid(argument, taken) for argument in expression.args])
    body = avoid(expression.body, taken)
    names: dict[Index, Index] = {}
    for bound in expression.indices:
        if bound in taken:
            names[bound] = fresh(bound, taken | free_indices(body) | set(expression.indices) | set(names.values()))
    indices = (names.get(bound, bound) for bound in expression.indices)
    return expression.rebound(rename(body, names), indices)


@lru_cache(maxsize=50_000)
def canonical(expression: sympy.Expr) -> sympy.Expr:
    """The expression with bound indices named by depth, so that equality up to their names is equality.

    >>> n = sympy.Symbol("n")
    >>> i, k, x = Index("i", n), Index("k", n), sympy.Symbol("x")
    >>> canonical(SumOver(Entry(x, i), i)) == canonical(SumOver(Entry(x, k), k))
    True
    """
    if not expression.args or isinstance(expression, Entry):
        return expression
    arguments = [canonical(argument) for argument in expression.args]
    if not isinstance(expression, Binder):
        return rebuild(expression, arguments)
    depth = 1 + _sum_depth(arguments[0])
    candidates = []
    for order in permutations(expression.indices):
        names = {old: Index(f"_{depth}_{place}", old.size) for place, old in enumerate(order)}
        candidates.append(expression.rebound(rename(arguments[0], names), names.values()))
    return min(candidates, key=sympy.default_sort_key) if len(candidates) > 1 else candidates[0]


def _sum_depth(expression: sympy.Expr) -> int:
    inside = max((_sum_depth(argument) for argument in expression.args), default=0)
    return inside + 1 if isinstance(expression, Binder) else inside


def size_of_tree(expression: sympy.Expr) -> int:
    """How long an expression is to read: its symbols, numbers and operations, an array's indices not counted."""
    if isinstance(expression, Adjoint):
        return 4  # it is a fraction, and sends the reader back to another step
    if isinstance(expression, Entry) or not expression.args:
        return 1
    if isinstance(expression, sympy.Rational):
        return 1
    return 1 + sum(size_of_tree(argument) for argument in expression.args if not isinstance(argument, Index))
