"""How an author writes an exercise: its model, and the functions that students are to write.

    Exercise("huber-regression", model, [
        Task("model_forward", "X, w, b", "z"),
        Task("compute_cost", "z, y", "J"),
        Task("model_backward", "X, y, w, b", "dJ/dw, dJ/db", points=2),
    ])

Arguments and outputs are named by the model's arrays; "dw = dJ/dw" gives an output another name than "dw".
`transposed`, `column`, `labels`, `mapping` and `choice` say how an array looks in the student's hands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checkers import tasks as task_data
from checkers.errors import ModelError
from checkers.findings import FAMILY_OF
from checkers.hints import DEFAULT as DEFAULT_LEVEL
from checkers.hints import HintLevel
from checkers.properties.known import PROPERTIES
from checkers.properties.property import SEED
from checkers.tasks import Argument, Form, Output

from .model import Model, Role


@dataclass(frozen=True, slots=True)
class Shaped:
    """An array, a quantity or a group of them in the form a student meets it in."""

    name: str
    array: str
    form: Form = Form.PLAIN
    members: tuple[Shaped, ...] = ()
    literal: str | None = None


Piece = str | Shaped


def transposed(array: str, name: str | None = None) -> Shaped:
    """The array with samples in columns: `transposed("X")` passes X of shape (p, n)."""
    return _shaped(array, name, Form.TRANSPOSED)


def column(array: str, name: str | None = None) -> Shaped:
    """A one-dimensional array as a column: (k,) as (k, 1)."""
    return _shaped(array, name, Form.COLUMN)


def labels(name: str, of: str) -> Shaped:
    """One-hot rows as integer labels: `labels("y", of="Y")`."""
    return Shaped(name, of, Form.LABELS)


def mapping(name: str, members: Sequence[Piece] | Mapping[str, Piece]) -> Shaped:
    """A dict of several: `mapping("grads", {"W1": "dJ/dW1"})`, or a list where each goes by its own name."""
    pairs = members.items() if isinstance(members, Mapping) else ((None, member) for member in members)
    return Shaped(name, "", members=tuple(_named(key, member) for key, member in pairs))


def choice(name: str, value: str) -> Shaped:
    """A fixed value, such as the activation's name; a student's function may do without the argument."""
    return Shaped(name, "", literal=value)


def Task(
    name: str,
    arguments: str | Iterable[Piece],
    returns: str | Iterable[Piece],
    points: float = 1.0,
    *,
    judged_by: str | None = None,
) -> task_data.Task:
    """A function that students are to write.

    Args:
        arguments: "X, w, b", or a list of names and shaped arrays.
        returns: "z", "dJ/dw, dJ/db", or a list; several are returned as a tuple.
        points: what the function is worth.
        judged_by: a property that must hold of the result, in place of a model's arrays: "initial-weights",
            "mini-batches", "predictions" or "training-run". The arguments are then the property's.

    Raises:
        ModelError: the function is not declared as it should be; the text says how.

    >>> Task("model_backward", "X, y, w, b", "dJ/dw, dJ/db").signature
    'model_backward(X, y, w, b) -> dw, db'
    """
    outputs = [output for piece in _pieces(returns) for output in _outputs(piece)]
    if not outputs:
        raise ModelError(f"{name} returns nothing, so there is nothing to check.")
    if not name.isidentifier():
        raise ModelError(f"{name!r} cannot be the name of a function.")
    if not 0 <= points < float("inf"):
        raise ModelError(f"{name}: points={points!r} should be a number from 0 up.")
    taken = tuple(_argument(piece) for piece in _pieces(arguments))
    if len({argument.name for argument in taken}) < len(taken):
        raise ModelError(f"{name} takes the same argument twice: {', '.join(argument.name for argument in taken)}.")
    if judged_by is not None:
        taken = tuple(
            replace(argument, array=None, form=Form.GIVEN, optional=argument.name == SEED) for argument in taken
        )
        _check_property(name, taken, outputs, judged_by)
    return task_data.Task(name, taken, tuple(outputs), float(points), judged_by)


def _check_property(name: str, taken: Sequence[Argument], outputs: Sequence[Output], judged_by: str) -> None:
    if judged_by not in PROPERTIES:
        raise ModelError(f"{name}: there is no property {judged_by!r}. Known: {', '.join(PROPERTIES)}.")
    wanted = PROPERTIES[judged_by]
    for what, declared, known in (
        ("takes", [argument.name for argument in taken], wanted.arguments),
        ("returns", [output.name for output in outputs], wanted.outputs),
    ):
        if sorted(declared) != sorted(known):
            raise ModelError(
                f"{name}: what is judged by {judged_by} {what} {', '.join(known)}; declared are {', '.join(declared)}."
            )


def _pieces(pieces: str | Iterable[Piece]) -> list[Shaped]:
    if isinstance(pieces, str):
        pieces = [piece.strip() for piece in pieces.split(",") if piece.strip()]
    return [_named(None, piece) for piece in pieces]


def _named(name: str | None, piece: Piece) -> Shaped:
    if isinstance(piece, Shaped):
        return replace(piece, name=name or piece.name)
    left, equals, right = (part.strip() for part in piece.partition("="))
    return _shaped(right, name or left, Form.PLAIN) if equals else _shaped(left, name, Form.PLAIN)


def _shaped(array: str, name: str | None, form: Form) -> Shaped:
    _, slash, denominator = array.partition("/d")
    return Shaped(name or (f"d{denominator}" if slash else array), array, form)


def _argument(piece: Shaped) -> Argument:
    members = tuple(_argument(member) for member in piece.members)
    return Argument(piece.name, piece.array or None, piece.form, members, piece.literal)


def _outputs(piece: Shaped) -> list[Output]:
    if piece.members:
        return [replace(output, group=piece.name) for member in piece.members for output in _outputs(member)]
    return [Output(piece.name, piece.array, piece.form)]


@dataclass(frozen=True, slots=True)
class Case:
    """One model of an exercise and the tasks it is checked by.

    Attributes:
        model: None where properties judge all the tasks.
        label: what tells it from the exercise's other cases, such as "sigmoid, 2 layers".
    """

    model: Model | None
    tasks: tuple[task_data.Task, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A loss and the functions that students write for it.

    Args:
        id: how users call it, such as "softmax-regression".
        model: its model; None when `cases` are given, or properties judge all the tasks.
        tasks: its functions.
        cases: several models that the same functions must handle.
        partial_credit: family of a mistake -> the part of the points that an output keeps which it makes wrong:
            {"sign": 0.5, "scale": 0.5}. A family that is not named leaves nothing.
        feedback: hint level of what students get when a class is graded, 0 to 3.
        given: names of functions that the starter has ready: no mistake is looked for in them.

    Raises:
        ModelError: a task names an array or quantity that its model does not have, or there is no such family.
    """

    id: str
    model: Model | None = None
    tasks: Sequence[task_data.Task] = ()
    cases: tuple[Case, ...] = field(default=())
    partial_credit: Mapping[str, float] = field(default_factory=dict)
    feedback: int = int(DEFAULT_LEVEL)
    given: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.model is not None or self.tasks:
            object.__setattr__(self, "cases", (*_split(self.model, self.tasks), *self.cases))
        if not self.cases or not all(case.tasks for case in self.cases):
            raise ModelError(f"The exercise {self.id} has no tasks.")
        object.__setattr__(self, "cases", tuple(_with_loss_called_j(case) for case in self.cases))
        self._check_policy()
        for case in self.cases:
            names = [task.name for task in case.tasks]
            if len(set(names)) < len(names):
                raise ModelError(f"{self.id} declares a task twice: {', '.join(names)}.")
            for task in case.tasks:
                if case.model is not None:
                    self._check_names(case.model, task)
                elif task.judged_by is None:
                    raise ModelError(f"{self.id}: the task {task.name} has no model.")

    def _check_policy(self) -> None:
        for family, part in self.partial_credit.items():
            if family not in FAMILY_OF.values():
                known = ", ".join(sorted(set(FAMILY_OF.values())))
                raise ModelError(f"{self.id}, partial_credit: there is no family {family!r}. Known: {known}.")
            if not 0 <= part <= 1:
                raise ModelError(f"{self.id}, partial_credit: {family} keeps {part!r}; give a part from 0 to 1.")
        if self.feedback not in set(HintLevel):
            raise ModelError(f"{self.id}: feedback={self.feedback!r} is no hint level; give 0, 1, 2 or 3.")

    def _check_names(self, model: Model, task: task_data.Task) -> None:
        unknown = [name for name in task.arrays() if name not in model.arrays]
        unknown += [o.of for o in task.outputs if o.of not in model.arrays]
        if unknown:
            raise ModelError(
                f"{self.id}, task {task.name}: the model {model.name} has no {', '.join(dict.fromkeys(unknown))}. "
                f"It has {', '.join(model.arrays)}."
            )


def _split(model: Model | None, tasks: Sequence[task_data.Task]) -> list[Case]:
    """The tasks of a model, and those that properties judge."""
    of_model = tuple(task for task in tasks if model is not None and task.judged_by is None)
    others = tuple(task for task in tasks if task not in of_model)
    return [Case(one, some) for one, some in ((model, of_model), (None, others)) if some]


def _with_loss_called_j(case: Case) -> Case:
    """The case with dC/dw written dJ/dw, as programs call adjoints whatever the loss is called."""
    if case.model is None:
        return case
    losses = [name for name, array in case.model.arrays.items() if array.role is Role.LOSS]
    prefix = f"d{losses[0]}/d" if losses else "dJ/d"

    def renamed(output: Output) -> Output:
        if output.quantity.startswith(prefix):
            return replace(output, quantity="dJ/d" + output.of)
        return output

    named = (replace(task, outputs=tuple(map(renamed, task.outputs))) for task in case.tasks)
    return replace(case, tasks=tuple(named))


def exercise_from(namespace: Mapping[str, Any], where: str) -> Exercise:
    """The one exercise that an exercise.py defines.

    Raises:
        ModelError: it defines none, or more than one.
    """
    found = {id(value): value for value in namespace.values() if isinstance(value, Exercise)}
    if len(found) != 1:
        raise ModelError(f"{where} must define one Exercise at its top level; it defines {len(found)}.")
    return next(iter(found.values()))
