"""The model language: a loss reads in Python as it does on paper.

>>> m = Model("linear-regression", "Linear regression with mean squared error")
>>> n, p = m.sizes(n="samples", p="features")
>>> i, j = m.indices(i=n, j=p)
>>> x, y = m.data("x", n, p), m.data("y", n)
>>> w, b = m.parameter("w", p), m.parameter("b")
>>> z, L, J = m.node("z"), m.node("L"), m.loss("J")
>>> z[i] = Sum(w[j] * x[i, j], j) + b
>>> L[i] = (y[i] - z[i]) ** 2
>>> J[()] = Sum(L[i], i) / n
>>> m.definition("z").indices
(i,)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sympy

from checkers.errors import ModelError
from checkers.probes import Domain
from checkers.reference_oracle import NetworkSpec

from .expressions import Adjoint, Entry, Index, Shift, Sum, SumOver, avoid, free_indices, named_arrays

__all__ = ["Array", "Definition", "Domain", "Model", "Role", "Sum"]


class Role(StrEnum):
    """What an array is to the model."""

    DATA = "data"
    PARAMETER = "parameter"
    CONSTANT = "constant"
    NODE = "node"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Definition:
    """A named node: its value at its indices."""

    name: str
    indices: tuple[Index, ...]
    value: sympy.Expr

    @property
    def entry(self) -> Entry:
        """The left side, z[i, m]."""
        return Entry(sympy.Symbol(self.name), *self.indices)


class Array:
    """An array of a model: indexing it gives an entry, assigning to an entry of a node defines the node."""

    __slots__ = ("_model", "domain", "name", "note", "role", "shape")

    def __init__(
        self, model: Model, name: str, shape: tuple[sympy.Symbol, ...] | None, role: Role, domain: Domain, note: str
    ) -> None:
        self._model = model
        self.name = name
        self.shape = shape
        self.role = role
        self.domain = domain
        self.note = note

    def __getitem__(self, indices: Any) -> Any:
        """One entry; the sizes of the indices must be the sizes of the axes. An index may be a sum: x[i, h + a]."""
        indices = indices if isinstance(indices, tuple) else (indices,)
        if self.shape is None:
            raise ModelError(f"{self.name} is used before it is defined. Write {self.name}[...] = ... first.")
        if any(isinstance(index, sympy.Add) for index in indices) and len(indices) == len(self.shape):
            return self._window(indices, self.shape)
        sizes = tuple(index.size for index in indices)
        if sizes != self.shape:
            raise ModelError(
                f"{self.name} has the shape {_shape_text(self.shape)}, but {self.name}"
                f"[{', '.join(index.name for index in indices)}] has indices over {_shape_text(sizes)}."
            )
        return Entry(sympy.Symbol(self.name), *indices)

    def _window(self, indices: tuple[Any, ...], sizes: tuple[sympy.Symbol, ...]) -> sympy.Expr:
        """The entry at sums of indices, as a sum over the axis of which a `Shift` leaves one term."""
        places: list[Index] = []
        shifts: list[Shift] = []
        for index, size in zip(indices, sizes, strict=True):
            if isinstance(index, sympy.Add):
                shifts.append(self._model.shift(size, index))
                places.append(shifts[-1].place)
            else:
                places.append(index)
        return SumOver(sympy.Mul(self[tuple(places)], *shifts), *(shift.place for shift in shifts))

    def __setitem__(self, indices: Index | tuple[Index, ...], value: Any) -> None:
        """Define the node: z[i] = ..."""
        indices = indices if isinstance(indices, tuple) else (indices,)
        self._model.define(self, indices, sympy.sympify(value))


def _shape_text(sizes: tuple[sympy.Symbol, ...]) -> str:
    return "(" + ", ".join(str(size) for size in sizes) + ("," if len(sizes) == 1 else "") + ")"


class Model:
    """A scalar loss and the named nodes that lead to it, in index notation with symbolic sizes.

    Args:
        name: how users call it, such as "softmax-regression".
        title: one line for people.
    """

    def __init__(self, name: str, title: str = "") -> None:
        self.name = name
        self.title = title or name
        self.size_notes: dict[str, str] = {}
        self.arrays: dict[str, Array] = {}
        self.definitions: list[Definition] = []
        self.reaches: dict[str, tuple[str, str]] = {}
        """Sizes that windows reach over, and the two that they follow from."""
        self._indices: dict[str, Index] = {}
        self.network: NetworkSpec | None = None
        """The model as the reference MLP takes it, where it can."""

    def sizes(self, **notes: str) -> tuple[sympy.Symbol, ...]:
        """Declare sizes with a word on each: `n, p = m.sizes(n="samples", p="features")`."""
        self.size_notes |= notes
        return tuple(sympy.Symbol(name, integer=True, positive=True) for name in notes)

    def reach(self, name: str, start: sympy.Symbol, offset: sympy.Symbol, note: str = "") -> sympy.Symbol:
        """Declare the size that the sum of two indices runs over: `H = m.reach("H", P, A)` is P + A - 1."""
        self.reaches[name] = (start.name, offset.name)
        reach = f"{start} + {offset} − 1"
        return self.sizes(**{name: f"{note}, {reach}" if note else reach})[0]

    @property
    def free_sizes(self) -> tuple[str, ...]:
        """The sizes that follow from no others."""
        return tuple(name for name in self.size_notes if name not in self.reaches)

    def shift(self, size: sympy.Symbol, total: sympy.Add) -> Shift:
        """What puts h + a in the place of an index over the size that the two reach over.

        Raises:
            ModelError: they do not, or no index over that size was declared.
        """
        parts = {index.size.name: index for index in total.args if isinstance(index, Index)}
        wanted = self.reaches.get(size.name, ())
        if len(total.args) != 2 or set(parts) != set(wanted):
            raise ModelError(
                f"{total} does not run over {size}. Declare {size} = m.reach({size.name!r}, ...) with the sizes of the "
                f"two indices that are added."
            )
        place = next((index for index in self._indices.values() if index.size == size), None)
        if place is None:
            raise ModelError(f"{total} needs an index over {size}: declare one with m.indices.")
        return Shift(place, *(parts[name] for name in wanted))

    def indices(self, **sizes: sympy.Symbol) -> tuple[Index, ...]:
        """Declare indices with the size each runs over: `i, j = m.indices(i=n, j=p)`."""
        self._indices |= {name: Index(name, size) for name, size in sizes.items()}
        return tuple(self._indices[name] for name in sizes)

    def index(self, name: str) -> Index:
        """An index declared before."""
        return self._indices[name]

    def __getitem__(self, name: str) -> Any:
        """An array declared before; of a scalar, its one entry."""
        array = self.arrays[name]
        return array if array.shape != () or array.role is Role.LOSS else array[()]

    def data(self, name: str, *shape: sympy.Symbol, domain: str = "real", note: str = "") -> Any:
        """Declare a data array; its domain says which values it may take, and with it which facts hold."""
        return self._declare(name, shape, Role.DATA, Domain(domain), note)

    def parameter(self, name: str, *shape: sympy.Symbol, note: str = "") -> Any:
        """Declare a parameter, which the loss is differentiated with respect to; without a shape it is a scalar."""
        return self._declare(name, shape, Role.PARAMETER, Domain.REAL, note)

    def constant(self, name: str, domain: str = "positive", note: str = "") -> Any:
        """Declare a scalar that is neither data nor learnt, such as the strength of a regulariser."""
        return self._declare(name, (), Role.CONSTANT, Domain(domain), note)

    def node(self, name: str, note: str = "") -> Array:
        """Declare a named intermediate quantity, defined by assigning to its entries: `z[i] = ...`."""
        return self._add(Array(self, name, None, Role.NODE, Domain.REAL, note))

    def loss(self, name: str = "J", note: str = "") -> Array:
        """Declare the scalar loss, defined by `J[()] = ...`."""
        return self._add(Array(self, name, None, Role.LOSS, Domain.REAL, note))

    def add_update(self, node: str, weights: str, rate: str) -> None:
        """Tell the reference MLP that a node is weights - rate dJ/dweights."""
        if self.network is not None:
            self.network = replace(self.network, updates=(*self.network.updates, (node, weights, rate)))

    @staticmethod
    def derivative(entry: Entry) -> Adjoint:
        """The derivative of the loss with respect to an entry, for nodes such as W - rate dJ/dW."""
        return Adjoint(*entry.args)

    def define(self, array: Array, indices: tuple[Index, ...], value: sympy.Expr) -> None:
        """Record a node's definition after checking that it makes sense."""
        if array.shape is not None:
            raise ModelError(f"{array.name} is defined twice.")
        if array.role is Role.LOSS and indices:
            raise ModelError(f"The loss {array.name} must be a scalar: write {array.name}[()] = ...")
        if len(set(indices)) != len(indices):
            raise ModelError(f"{array.name} is defined with the same index twice.")
        self._check_free(array.name, indices, value)
        unknown = {name.removeprefix("dJ/d") for name in named_arrays(value)} - set(self.arrays)
        if unknown:
            raise ModelError(f"{array.name} uses {', '.join(sorted(unknown))}, which this model does not declare.")
        array.shape = tuple(index.size for index in indices)
        # A sum inside may bind a letter that stands on the left, as in s[i] = exp(z[i]) / Sum(exp(z[i]), i).
        self.definitions.append(Definition(array.name, indices, avoid(value, indices)))

    @staticmethod
    def _check_free(name: str, indices: tuple[Index, ...], value: sympy.Expr) -> None:
        left, right = set(indices), free_indices(value)
        extra = sorted(index.name for index in right - left)
        if extra:
            raise ModelError(
                f"{name}[{', '.join(index.name for index in indices)}]: the right side has the free index "
                f"{', '.join(extra)}, the left side has not. A sum over it is missing, or it stands for another index."
            )

    def definition(self, name: str) -> Definition:
        """The definition of a node."""
        for definition in self.definitions:
            if definition.name == name:
                return definition
        raise ModelError(f"{self.name} has no node {name}. Its nodes: {', '.join(d.name for d in self.definitions)}.")

    @property
    def loss_definition(self) -> Definition:
        """The definition of the loss."""
        losses = [d for d in self.definitions if self.arrays[d.name].role is Role.LOSS]
        if len(losses) != 1:
            raise ModelError(f"{self.name} must define exactly one loss; it defines {len(losses)}.")
        return losses[0]

    def ancestors(self, name: str) -> frozenset[str]:
        """All arrays that a node depends on, directly or through others."""
        known: set[str] = set()
        for definition in reversed(self.definitions):
            if definition.name == name or definition.name in known:
                known |= named_arrays(definition.value)
        return frozenset(known)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters, in the order of their declaration."""
        return tuple(name for name, array in self.arrays.items() if array.role is Role.PARAMETER)

    def _declare(self, name: str, shape: tuple[sympy.Symbol, ...], role: Role, domain: Domain, note: str) -> Any:
        array = self._add(Array(self, name, shape, role, domain, note))
        return array if shape else array[()]

    def _add(self, array: Array) -> Array:
        if array.name in self.arrays or array.name in self.size_notes:
            raise ModelError(f"{self.name} declares {array.name} twice.")
        self.arrays[array.name] = array
        return array
