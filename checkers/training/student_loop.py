"""The training step as Python source: which of a student's functions are called, in which order, with what.

    def step(loop, X, Y, rate):
        z = model_forward(X, loop.parameters['w'], loop.parameters['b'])
        J = compute_cost(z, Y)
        ...

It runs in the student's process, where `checkers.student.training` moves the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..binding import Binding
from ..errors import UsageError
from ..returned import sort_out
from ..tasks import Argument, Form, Task
from .plan import RATES, Plan, is_update


@dataclass(frozen=True, slots=True)
class Called:
    """A student's function for a task.

    Attributes:
        function: its name in the student's module.
        binding: the order of its arguments.
        paths: output -> where it is in what the function returns, such as "[1]['dW']".
    """

    task: Task
    function: str
    binding: Binding
    paths: Mapping[str, str]


def called(task: Task, function: str, binding: Binding, value: Any) -> Called | None:
    """A function, and where its outputs are; None where one of them is not in what it returned.

    Args:
        value: what it returned once, for random arrays.
    """
    paths = {}
    for name, returned in sort_out(task, value).items():
        path = None if returned.array is None else _path(value, returned.array)
        if path is None:
            return None
        paths[name] = path
    return Called(task, function, binding, paths)


def _path(value: Any, array: Any) -> str | None:
    """Where an array is in a value; random arrays are all different."""
    if not isinstance(value, Mapping) and _is_array(value, array):
        return ""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, tuple | list):
        items = enumerate(value)
    for key, item in items:
        inner = _path(item, array)
        if inner is not None:
            return f"[{key!r}]{inner}"
    return None


def _is_array(value: Any, array: Any) -> bool:
    try:
        found = np.asarray(value)
    except ValueError:
        return False
    return found.dtype.kind in "biufc" and np.array_equal(found, array, equal_nan=True)


@dataclass(slots=True)
class _Writer:
    """Writes the step, one call after the other.

    Attributes:
        known: quantity or array of the model -> its text and the form that it has.
    """

    plan: Plan
    functions: Sequence[Called]
    known: dict[str, tuple[str, Form]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def call(self, one: Called) -> None:
        """Call a function, after those whose results it needs."""
        for name in one.task.arrays():
            self.need(name)
        result = f"r{len(self.lines)}"
        arguments = [self.argument(argument) for argument in one.binding.positional]
        arguments += [f"{keyword}={self.argument(argument)}" for keyword, argument in one.binding.keywords]
        self.lines.append(f"{result} = {one.function}({', '.join(arguments)})")
        for output in one.task.outputs:
            place = (result + one.paths[output.name], output.form)
            self.known.setdefault(output.quantity, place)
            self.known.setdefault(output.name, place)

    def need(self, name: str) -> None:
        """Compute an array of the model, if it is not there.

        Raises:
            UsageError: no function of the file does.
        """
        if name in self.known:
            return
        for one in self.functions:
            if any(output.quantity == name for output in one.task.outputs):
                self.call(one)
                return
        raise UsageError(f"no function of the file computes {name}, which training needs.")

    def argument(self, argument: Argument) -> str:
        """An argument as text."""
        if argument.literal is not None:
            return repr(argument.literal)
        if argument.members:
            return "{" + ", ".join(f"{one.name!r}: {self.argument(one)}" for one in argument.members) + "}"
        text, form = self.known[argument.array or argument.name]
        return text if form is argument.form else _in_form(text, form, argument.form)


def _in_form(text: str, form: Form, wanted: Form) -> str:
    """An expression for an array that has one form, in another."""
    plain = f"{text}.T" if form is Form.TRANSPOSED else f"{text}.reshape(-1)" if form is Form.COLUMN else text
    match wanted:
        case Form.TRANSPOSED:
            return f"{plain}.T"
        case Form.COLUMN:
            return f"{plain}.reshape(-1, 1)"
        case Form.LABELS:
            return f"{plain}.argmax(axis=-1)"
    return plain


def loop_source(plan: Plan, functions: Sequence[Called]) -> str:
    """Source of the step and of the functions that run it.

    The parameters are moved with the student's update function, where there is one.

    Args:
        functions: the student's functions that work, by task.

    Raises:
        UsageError: no function computes the gradients, or what they need.
    """
    names = [spec.name for spec in plan.parameters]
    forms = forms_of(plan.task)
    writer = _Writer(plan, functions)
    writer.known |= {plan.inputs.name: ("X", Form.PLAIN), plan.targets.name: ("Y", Form.PLAIN)}
    writer.known |= {name: (f"loop.parameters[{name!r}]", forms.get(name, Form.PLAIN)) for name in names}
    update = next((one for one in functions if is_update(one.task, names)), None)
    for name, value in plan.constants.items():
        writer.known[name] = ("rate" if name in RATES else repr(value), Form.PLAIN)
    cost = "None"
    if any(output.quantity == "J" for one in functions for output in one.task.outputs):
        writer.need("J")
        cost = writer.known["J"][0]
    for name in () if plan.is_update else names:
        writer.need(f"dJ/d{name}")
    if update is not None:
        writer.call(update)
        result = f"r{len(writer.lines) - 1}"
        writer.lines += [
            f"loop.put({output.name!r}, {result}{update.paths[output.name]})" for output in update.task.outputs
        ]
    else:
        for name in names:
            text, form = writer.known[f"dJ/d{name}"]
            wanted = forms.get(name, Form.PLAIN)
            gradient = text if form is wanted or Form.COLUMN in {form, wanted} else _in_form(text, form, wanted)
            writer.lines.append(f"loop.move({name!r}, {gradient}, rate)")
    body = "\n    ".join([*writer.lines, f"return {cost}"])
    return f"""
from _gradcheck_student.training import Loop as __gradcheck_Loop
def __gradcheck_step(loop, X, Y, rate):
    {body}
__gradcheck_loop = __gradcheck_Loop(__gradcheck_step, updates={update is not None})
__gradcheck_take = __gradcheck_loop.take
__gradcheck_begin = __gradcheck_loop.begin
__gradcheck_learn = __gradcheck_loop.learn
def __gradcheck_parameters():
    return __gradcheck_loop.parameters
def __gradcheck_steps():
    return __gradcheck_loop.steps
"""


def forms_of(task: Task) -> dict[str, Form]:
    """The form in which a task takes each array."""
    return dict(_forms(task.arguments))


def _forms(arguments: Iterable[Argument]) -> Iterator[tuple[str, Form]]:
    for argument in arguments:
        if argument.array is not None:
            yield argument.array, argument.form
        yield from _forms(argument.members)
