"""What a function of an exercise takes and returns, in terms of a model's arrays.

Everything here is plain data: authors write it in exercise.py, the compiled exercise carries it, a check reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

AnyArray = NDArray[Any]


class Form(StrEnum):
    """How an array of the model looks in the student's hands."""

    PLAIN = "plain"
    TRANSPOSED = "transposed"
    """Samples are columns."""
    COLUMN = "column"
    """(k,) as (k, 1)."""
    LABELS = "labels"
    """One-hot rows as integer labels."""
    GIVEN = "given"
    """No array of a model: passed as it is."""

    def __repr__(self) -> str:
        return f"Form.{self.name}"

    def apply(self, array: AnyArray) -> AnyArray:
        """The model's array as the student sees it.

        >>> Form.LABELS.apply(np.array([[0.0, 1.0], [1.0, 0.0]]))
        array([1, 0])
        """
        match self:
            case Form.TRANSPOSED:
                return np.ascontiguousarray(np.asarray(array).T)
            case Form.COLUMN if np.ndim(array) == 1:
                return np.asarray(array).reshape(-1, 1)
            case Form.LABELS:
                return np.asarray(np.argmax(array, axis=-1))
        return np.asarray(array)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a task.

    Attributes:
        name: as declared; students may use synonyms.
        array: the model's array that is passed.
        members: of an argument that is a dict, its entries.
        literal: a fixed value that is passed in place of an array, such as "relu".
        optional: may a student's function do without it?
    """

    name: str
    array: str | None = None
    form: Form = Form.PLAIN
    members: tuple[Argument, ...] = ()
    literal: str | None = None
    optional: bool = False

    @property
    def is_optional(self) -> bool:
        """May a student's function do without it?"""
        return self.optional or self.literal is not None

    def arrays(self) -> tuple[str, ...]:
        """The model's arrays it carries."""
        return ((self.array,) if self.array else ()) + tuple(name for m in self.members for name in m.arrays())

    def value(self, values: dict[str, Any]) -> Any:
        """What is passed to the student, from the model's arrays."""
        if self.literal is not None:
            return self.literal
        if self.members:
            return {member.name: member.value(values) for member in self.members}
        if self.form is Form.GIVEN:
            return values[self.name]
        value = self.form.apply(values[self.array or self.name])
        return float(value) if np.ndim(value) == 0 else value


@dataclass(frozen=True, slots=True)
class Output:
    """One array that a task returns.

    Attributes:
        name: as shown to the student, such as "dW".
        quantity: the quantity of the model it must equal: a node's name, or "dJ/dW".
        form: how the student is to lay it out.
        group: of an output that is an entry of a returned dict, the dict's name.
    """

    name: str
    quantity: str
    form: Form = Form.PLAIN
    group: str | None = None

    @property
    def of(self) -> str:
        """What it is the gradient with respect to, or the value of."""
        numerator, slash, denominator = self.quantity.partition("/d")
        return denominator if slash and numerator.startswith("d") else self.quantity

    @property
    def is_derivative(self) -> bool:
        """Is it a derivative, not a value?"""
        return self.of != self.quantity


@dataclass(frozen=True, slots=True)
class Task:
    """A function that a student is to write.

    Attributes:
        arguments: in the declared order.
        outputs: in the declared order; entries of one returned dict follow each other and share their `group`.
        points: what it is worth.
        judged_by: the property that must hold of its result, see `checkers.properties`; None where the model's arrays
            are expected.
    """

    name: str
    arguments: tuple[Argument, ...]
    outputs: tuple[Output, ...]
    points: float = 1.0
    judged_by: str | None = None

    def arrays(self) -> tuple[str, ...]:
        """The model's arrays that its arguments carry."""
        return tuple(name for argument in self.arguments for name in argument.arrays())

    @property
    def signature(self) -> str:
        """How it is declared: model_forward(X, w, b) -> z."""
        returned: dict[str, None] = {}
        for output in self.outputs:
            returned[output.group or output.name] = None
        return f"{self.name}({', '.join(a.name for a in self.arguments)}) -> {', '.join(returned)}"
