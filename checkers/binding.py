"""Which argument of a student's function is which argument of the task: by name where names tell, else by position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any

from .student_answers import FunctionInfo, Parameter, ParameterKind
from .tasks import Argument, Task

# Names that students use for the same thing, lower case and without underscores.
SYNONYMS: tuple[frozenset[str], ...] = (
    frozenset(
        [
            "y",
            "ytrue",
            "target",
            "targets",
            "t",
            "label",
            "labels",
            "truth",
            "actual",
            "real",
            "realvalues",
            "expected",
            "onehot",
            "ytrain",
            "ybatch",
        ]
    ),
    frozenset(
        [
            "z",
            "zhat",
            "yhat",
            "ypred",
            "ypredicted",
            "pred",
            "preds",
            "prediction",
            "predictions",
            "predicted",
            "output",
            "outputs",
            "logits",
            "scores",
            "score",
            "probs",
            "probabilities",
            "al",
        ]
    ),
    frozenset(["x", "inputs", "input", "data", "features", "xtrain", "xtraindata", "xbatch", "samples", "images"]),
    frozenset(["w", "weights", "weight", "theta"]),
    frozenset(["b", "bias", "biases", "intercept"]),
    frozenset(["dw", "gradw", "grad", "gradient", "wgrad", "dweights", "gradweights", "weightsgrad"]),
    frozenset(["db", "gradb", "bgrad", "dbias", "gradbias"]),
    frozenset(["learningrate", "lr", "alpha", "eta", "rate", "stepsize", "lrate"]),
    frozenset(
        [
            "reg",
            "lambda",
            "lam",
            "lmbda",
            "lmbd",
            "lambd",
            "l2",
            "regularization",
            "regularisation",
            "regstrength",
            "l2reg",
            "weightdecay",
        ]
    ),
    frozenset(["mu", "momentum", "beta", "rho"]),
    frozenset(["v", "velocity", "vel", "previous", "vprev", "vw"]),
    frozenset(["parameters", "params", "weightsandbiases"]),
    frozenset(
        [
            "activation",
            "act",
            "activationfunction",
            "hiddenactivation",
            "hidden",
            "nonlinearity",
            "nonlin",
            "actfn",
            "actfunc",
            "activationfn",
            "activationtype",
            "activationname",
        ]
    ),
    frozenset(["da", "dout", "upstream", "delta", "gradout", "dupstream"]),
)

# 24 orders cost milliseconds; more are not likelier meant, and cost a student whose function is wrong for good.
MOST_PERMUTED = 4


@dataclass(frozen=True, slots=True)
class Binding:
    """How a student's function is called.

    Attributes:
        positional: the task's argument for each positional parameter that is filled, in the student's order.
        keywords: the task's argument for each keyword-only parameter that is filled.
        text: "compute_cost(y, z)": in the task's names.
        is_declared: is it the order of the handout?
    """

    positional: tuple[Argument, ...]
    keywords: tuple[tuple[str, Argument], ...]
    text: str
    is_declared: bool

    @property
    def passed(self) -> tuple[Argument, ...]:
        """Every argument that the function gets."""
        return (*self.positional, *(argument for _, argument in self.keywords))

    def arguments(self, values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """What is passed, from the values of the model's arrays."""
        return [a.value(values) for a in self.positional], {name: a.value(values) for name, a in self.keywords}


def bindings(task: Task, function: FunctionInfo) -> tuple[Binding, ...]:
    """The orders in which the task's arguments may be meant, likeliest first; none when their number does not fit."""
    hidden = function.parameters is None
    found: dict[Binding, None] = {}
    for order in _orders(task.arguments, _places(function, len(task.arguments)), hidden or function.has_varkw):
        binding = _binding(task, order)
        if binding is not None:
            found[binding] = None
    return tuple(found)


STAR = "*"


def _places(function: FunctionInfo, most: int) -> list[Parameter]:
    """Where an argument can go: the positional parameters, what *args may take, the keyword-only parameters."""
    parameters = function.parameters or ()
    keyword_only = [p for p in parameters if p.kind is ParameterKind.KEYWORD_ONLY]
    positional = [p for p in parameters if p.kind is not ParameterKind.KEYWORD_ONLY]
    has_star = function.has_varargs or function.parameters is None
    rest = [Parameter(STAR, ParameterKind.POSITIONAL_ONLY, has_default=True)] * most if has_star else []
    return [*positional, *rest, *keyword_only]


# What is passed: by parameter, in the student's order, and to **kwargs by its declared name.
Order = list[tuple[Parameter, Argument | None]]


def _orders(arguments: tuple[Argument, ...], places: list[Parameter], has_varkw: bool) -> Iterator[Order]:
    """By name where names tell, the rest by position: as many as have a place, first in the declared order."""
    by_name = _by_name(places, arguments)
    left = sorted((a for a in arguments if a not in by_name.values()), key=lambda a: a.is_optional)
    needed = 0 if has_varkw else sum(not argument.is_optional for argument in left)
    required = [place for place, p in enumerate(places) if place not in by_name and not p.has_default]
    defaults = [place for place, p in enumerate(places) if place not in by_name and p.has_default]
    for count in range(len(left), max(len(required), needed) - 1, -1):
        rest: Order = [(Parameter(a.name, ParameterKind.KEYWORD_ONLY), a) for a in left[count:]] if has_varkw else []
        for chosen in combinations(defaults, count - len(required)):
            filled = sorted([*required, *chosen])
            for order in _few_permutations(left[:count]):
                at = by_name | dict(zip(filled, order, strict=True))
                yield [(parameter, at.get(place)) for place, parameter in enumerate(places)] + rest


def _few_permutations(arguments: list[Argument]) -> Iterator[tuple[Argument, ...]]:
    """All orders of a few; of many, only the declared one: too many would let chance decide."""
    if len(arguments) > MOST_PERMUTED:
        yield tuple(arguments)
        return
    yield from permutations(arguments)


def _by_name(parameters: list[Parameter], arguments: tuple[Argument, ...]) -> dict[int, Argument]:
    """Place of a parameter -> the argument it names, where that is beyond doubt."""
    found: dict[int, Argument] = {}
    for same in (_same_letters, _same_name, same_meaning):
        for place, parameter in enumerate(parameters):
            if place in found:
                continue
            meant = [a for a in arguments if a not in found.values() and same(parameter.name, a.name)]
            rivals = [
                p
                for other, p in enumerate(parameters)
                if other not in found and len(meant) == 1 and same(p.name, meant[0].name)
            ]
            if len(meant) == 1 and len(rivals) == 1:
                found[place] = meant[0]
    return _without_doubtful(found, parameters)


def _without_doubtful(found: dict[int, Argument], parameters: list[Parameter]) -> dict[int, Argument]:
    """The names that tell, less those that another name tells better: beside t for the target, y is the prediction."""
    left = [parameter for place, parameter in enumerate(parameters) if place not in found]
    return {
        place: argument
        for place, argument in found.items()
        if not any(same_meaning(parameter.name, argument.name) for parameter in left)
    }


def _same_letters(name: str, declared: str) -> bool:
    return name == declared


def _same_name(name: str, declared: str) -> bool:
    return _plain(name) == _plain(declared)


def same_meaning(name: str, declared: str) -> bool:
    """Do students use both names for the same thing?"""
    return any(_plain(name) in group and _plain(declared) in group for group in SYNONYMS)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _binding(task: Task, order: Order) -> Binding | None:
    """The call that an order stands for; None when Python knows no such call."""
    positional: list[Argument] = []
    keywords: list[tuple[str, Argument]] = []
    has_gap = False
    for parameter, argument in order:
        if argument is None:
            # A parameter with a default stands between: what follows it is passed by name.
            has_gap = True
        elif parameter.kind is ParameterKind.KEYWORD_ONLY or (has_gap and parameter.kind is ParameterKind.POSITIONAL):
            keywords.append((parameter.name, argument))
        elif has_gap:
            return None
        else:
            positional.append(argument)
    names = [argument.name for argument in positional] + [f"{name}={argument.name}" for name, argument in keywords]
    declared = [argument.name for argument in task.arguments if not argument.is_optional]
    is_declared = [name for name in names if name in declared] == declared
    return Binding(tuple(positional), tuple(keywords), f"{task.name}({', '.join(names)})", is_declared)
