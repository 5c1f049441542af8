"""The step that a mistake is made in, and what operators look at in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy

from checkers.compiled_exercise import Variant

from ..expressions import Adjoint, Entry, Index, SumOver, free_indices
from ..model import Model, Role
from ..numpy_source import variable
from ..program import Assignment, Program


@dataclass(frozen=True, slots=True)
class Written:
    """A step in NumPy's words, where index notation has none: rows in reverse, repeated labels.

    Attributes:
        inputs: quantities and sizes; the step's own name among them stands for the right value.
        lines: the body of the function, up to its return.
    """

    name: str
    inputs: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One step done wrongly: the steps that replace the right ones, and how to speak of it."""

    changed: dict[str, Assignment | Written]
    variant: Variant


@dataclass(frozen=True, slots=True)
class Site:
    """The step an operator looks at."""

    program: Program
    assignment: Assignment

    @property
    def name(self) -> str:
        """The step's name."""
        return self.assignment.name

    @property
    def value(self) -> sympy.Expr:
        """What the step should compute."""
        return self.assignment.value

    @property
    def model(self) -> Model:
        """The model the program belongs to."""
        return self.program.model

    @property
    def is_output(self) -> bool:
        """Does the function return it? Only then may its shape go wrong without an exception."""
        return self.name in self.program.outputs

    @property
    def is_derivative(self) -> bool:
        """Is it a derivative?"""
        return "/d" in self.name

    @property
    def steps_before(self) -> list[Assignment]:
        """The step itself and those that it is computed from."""
        names = self.needed(self.name)
        return [step for step in self.program.assignments if step.name in names]

    def needed(self, name: str) -> set[str]:
        """A step of the program and everything it is computed from."""
        by_name = {assignment.name: assignment for assignment in self.program.assignments}
        found: set[str] = set()
        waiting = [name]
        while waiting:
            step = by_name.get(waiting.pop())
            if step is not None and step.name not in found:
                found.add(step.name)
                waiting += [f"dJ/d{e.name}" if isinstance(e, Adjoint) else e.name for e in step.value.atoms(Entry)]
        return found

    @property
    def sample_sizes(self) -> list[sympy.Symbol]:
        """The sizes that the program divides by."""
        sizes = {
            power.base
            for assignment in self.program.assignments
            for power in assignment.value.atoms(sympy.Pow)
            if power.exp == -1 and power.base.is_Symbol
        }
        return sorted(sizes, key=str)

    def mistake(
        self,
        code: str,
        prior: float,
        message: str,
        hint: str,
        value: sympy.Expr,
        indices: tuple[Index, ...] | None = None,
    ) -> Mistake:
        """The step with another value."""
        changed = Assignment(self.name, self.assignment.indices if indices is None else indices, value)
        return self.mistake_of(code, prior, message, hint, changed)

    def mistake_of(self, code: str, prior: float, message: str, hint: str, *changed: Assignment | Written) -> Mistake:
        """Wrong steps, said of this one."""
        return Mistake({step.name: step for step in changed}, Variant(code, self.name, message, hint, prior))

    def written(self, inputs: tuple[str, ...], lines: tuple[str, ...]) -> Written:
        """The step in NumPy's words; {0}, {1} ... stand for the inputs."""
        names = [variable(name, self.model) for name in inputs]
        return Written(self.name, inputs, tuple(line.format(*names) for line in lines))


Operator = Callable[[Site], Iterator[Mistake]]


def terms(value: sympy.Expr) -> Iterator[tuple[sympy.Expr, sympy.Expr]]:
    """Each term of a sum of terms, with the rest."""
    if isinstance(value, sympy.Add):
        for term in value.args:
            yield term, value - term


def sums(value: sympy.Expr) -> list[SumOver]:
    """The sums in a value, in a fixed order."""
    return sorted(value.atoms(SumOver), key=str)


def is_term(value: sympy.Expr, total: SumOver) -> bool:
    """Is the sum a term of the value, scalar factors apart?"""
    return any(is_whole(term, total) for term in sympy.Add.make_args(value))


def is_whole(value: sympy.Expr, total: SumOver) -> bool:
    """Is the sum all of the value, scalar factors apart?"""
    return all(factor == total or not free_indices(factor) for factor in sympy.Mul.make_args(value))


def is_over_samples(index: Index, model: Model) -> bool:
    """Does the index run over the data, and over no parameter's axis?"""
    shapes = {
        role: {size for a in model.arrays.values() if a.role is role for size in a.shape or ()}
        for role in (Role.DATA, Role.PARAMETER)
    }
    noted = model.size_notes.get(index.size.name) == "samples"
    return noted or (bool(shapes[Role.PARAMETER]) and index.size in shapes[Role.DATA] - shapes[Role.PARAMETER])


def indices_of(expression: sympy.Expr) -> tuple[Index, ...]:
    """The free indices, by name."""
    return tuple(sorted(free_indices(expression), key=lambda index: index.name))


def penalty_strength(term: sympy.Expr, model: Model) -> Entry | None:
    """The constant in front of a penalty's term; None when it is none."""
    names = [entry for entry in term.atoms(Entry) if not isinstance(entry, Adjoint)]
    constants = [entry for entry in names if model.arrays[entry.name].role is Role.CONSTANT]
    others = [entry for entry in names if model.arrays[entry.name].role is not Role.CONSTANT]
    if len(constants) == 1 and others and all(model.arrays[e.name].role is Role.PARAMETER for e in others):
        return constants[0] if not term.has(Adjoint) else None
    return None
