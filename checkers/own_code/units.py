"""What a rule recognises: a gradient function, the forward or loss it belongs to, and the ways to call the two."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from .inputs import SIZES, Input
from .roles import Role, role_of


class Nature(StrEnum):
    """What a gradient function gives."""

    LAYER = "vector-Jacobian product"
    """Of a forward function's value, with a given upstream gradient."""
    LOSS = "gradient of a loss"
    ELEMENTWISE = "derivative, entry by entry"


@dataclass(frozen=True, slots=True)
class Case:
    """One of several ways in which the same functions are used, all of which must be right.

    Attributes:
        label: "reg = 0.1", "activation = 'relu'"; "" where there is only one.
        options: source texts that the harness finds in the dict `o`, evaluated anew for each call.
        inputs: what is drawn at random.
        sizes: the sets of sizes that it is drawn at.
        is_optional: left out where the value cannot be computed so: not every affine layer takes images.
        strength: the option that weighs the regulariser, where its name does not tell.
    """

    label: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Input, ...] = ()
    sizes: tuple[Mapping[str, int], ...] = SIZES
    is_optional: bool = False
    strength: str = ""

    @property
    def regularisation(self) -> float:
        """The strength of the regulariser that it sets; 0 where there is none."""
        for name, text in self.options.items():
            if name == self.strength or role_of(name) is Role.REGULARISATION:
                with suppress(ValueError):
                    return float(text)
        return 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """A factor that some gradients may carry all together, by a convention of the field.

    Attributes:
        of: what the gradients are with respect to; a name that ends in * stands for all that begin so.
        size: the name of the size that they are divided by; multiplied by where `power` is 1.
        text: how it is told: "1/m is taken into dW and db".
        but: those that are not, whatever `of` says.
    """

    of: tuple[str, ...]
    size: str
    text: str
    power: int = -1
    but: tuple[str, ...] = ()

    def covers(self, name: str) -> bool:
        """Is the gradient with respect to `name` among them?"""
        return name not in self.but and any(
            name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in self.of
        )


@dataclass(frozen=True, slots=True)
class LossInputs:
    """Which inputs a loss is computed from, for telling which loss it is: see `known_losses`.

    Attributes:
        labels: the truth.
        scores: what it is compared with, before a softmax or a sigmoid; "" where it is data times weights.
        prediction: probabilities, or the predicted values.
        regularisation: the option that is the regulariser's strength; "" where there is none.
    """

    labels: str
    scores: str = ""
    prediction: str = ""
    data: str = ""
    weights: str = ""
    bias: str = ""
    regularisation: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a unit.

    Attributes:
        label: the layout, as told: "x (N, D), w (D, M), b (M,)".
        value: the body of a Python function of the options `o` and the inputs `v`, a dict of arrays, that returns what
            is differentiated: the layer's output, or the loss.
        gradient: the body of another one, with the upstream gradient `u` besides, that returns a pair: the same value
            again, and what the student's gradient function returned.
        setup: functions that both bodies may call.
        parameters: the body of a function of `o` and `v` that returns a dict of further arrays to differentiate with
            respect to, known only once an object has been made; "" where there are none. They are in `v` too.
        wrt: the inputs that the function gives gradients with respect to, in the order of its text; () where what is
            returned must tell.
        assumed: what was taken for granted.
        is_last_resort: tried only where no other reading runs, since less shows in it, such as with one sample alone.
        is_guess: counts only where it is right, or right in part with every shape as it should be.
        loss: which inputs its loss is computed from, where that is clear.
        usual: functions that every course has, such as sigmoid, which the file imports from a module that is not here.
    """

    label: str
    value: str
    gradient: str
    cases: tuple[Case, ...]
    setup: str = ""
    parameters: str = ""
    wrt: tuple[str, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    assumed: tuple[str, ...] = ()
    is_guess: bool = False
    is_last_resort: bool = False
    loss: LossInputs | None = None
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A gradient function, and all ways to read it.

    Attributes:
        name: of the function that computes gradients, or CLASS.METHOD.
        value_name: of what is differentiated, as a person would call it: "affine_forward", "the loss of softmax_loss".
        rule: by what it was recognised, one sentence.
        functions: names of the student's functions that take part.
        returned: texts that its return statements name, for telling gradients apart.
        known: the name of the known loss that its name promises, see `known_losses`.
        is_declared: somebody said so: nothing about it is a guess, so that a call that fails is told.
        names_gradients: it is said, too, what there must be gradients with respect to.
        hands_back: it returns the upstream gradient as it is, so that it is right behind a loss that takes its
            derivative in: it is wrong only where there is a loss whose gradient is right by probabilities.
        left_alone: why it was not checked, if it was not; "" where what failed tells.
        doubt: why it may be the gradient of something else, so that it counts only where it is right.
        rivals: the names of what it may be the gradient of, this unit's `value_name` among them.
    """

    name: str
    nature: Nature
    value_name: str
    rule: str
    line: int
    readings: tuple[Reading, ...]
    functions: tuple[str, ...] = ()
    returned: tuple[tuple[str, ...], ...] = ()
    known: str | None = None
    is_declared: bool = False
    names_gradients: bool = False
    hands_back: bool = False
    left_alone: str = ""
    doubt: str = ""
    rivals: tuple[str, ...] = ()
