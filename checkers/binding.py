"""Which argument of a student's function is which argument of the task: by name where names tell, else by position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
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
    frozenset(["activation", "act", "activationfunction", "hiddenactivation nonlinearity nonlin actfn actfunc"]),
    frozenset(["da", "dout", "upstream", "delta", "gradout", "dupstream"]),
)

MOST_ORDERS = 6


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

    def arguments(self, values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """What is passed, from the values of the model's arrays."""
        return [a.value(values) for a in self.positional], {name: a.value(values) for name, a in self.keywords}


def bindings(task: Task, function: FunctionInfo) -> tuple[Binding, ...]:
    """The orders in which the task's arguments may be meant, likeliest first; none when their number does not fit."""
    if function.parameters == () and function.has_varkw and not function.has_varargs:
        return (_binding(task, function, {}, {argument.name: argument for argument in task.arguments}),)
    if function.parameters is None or (function.has_varargs and not function.parameters):
        orders = (dict(enumerate(order)) for order in _few_permutations(list(task.arguments)))
        return tuple(_binding(task, function, order, {}) for order in orders)
    positional = [p for p in function.parameters if p.kind is not ParameterKind.KEYWORD_ONLY]
    if function.has_varkw and len(positional) < sum(not argument.is_optional for argument in task.arguments):
        by_name = _by_name(positional, task.arguments)
        rest = {a.name: a for a in task.arguments if a not in by_name.values()}
        if len(by_name) == len(positional):
            return (_binding(task, function, by_name, rest),)
    keyword_only = [p for p in function.parameters if p.kind is ParameterKind.KEYWORD_ONLY]
    keywords = _by_name(keyword_only, task.arguments)
    if any(not p.has_default and p.name not in {keyword_only[n].name for n in keywords} for p in keyword_only):
        return ()
    remaining = tuple(a for a in task.arguments if a not in keywords.values())
    named = {keyword_only[place].name: argument for place, argument in keywords.items()}
    if function.has_varargs:
        orders = (_with_rest(order, remaining) for order in _orders(positional, remaining[: len(positional)]))
    else:
        orders = (order for order in _orders(positional, remaining))
    return tuple(dict.fromkeys(_binding(task, function, order, named) for order in orders))


def _orders(parameters: list[Parameter], arguments: tuple[Argument, ...]) -> Iterator[dict[int, Argument]]:
    """Place of a parameter -> argument: by name and the rest by position, then other orders of that rest."""
    by_name = _by_name(parameters, arguments)
    left = [a for a in arguments if a not in by_name.values()]
    free = [place for place in range(len(parameters)) if place not in by_name]
    required = [place for place in free if not parameters[place].has_default]
    needed = [argument for argument in left if not argument.is_optional]
    # Fill what is required, then parameters with a default as long as arguments are left that must be passed.
    # All of them where the student has a parameter for each.
    count = len(left) if len(free) == len(left) else max(len(required), len(needed))
    places = sorted((required + [place for place in free if place not in required])[:count])
    if len(required) > len(left) or len(places) < len(needed):
        return
    chosen = (needed + [argument for argument in left if argument.is_optional])[: len(places)]
    for order in _few_permutations(chosen):
        yield by_name | dict(zip(places, order, strict=True))


def _with_rest(order: dict[int, Argument], arguments: tuple[Argument, ...]) -> dict[int, Argument]:
    """What is left over for *args, in the declared order."""
    rest = [argument for argument in arguments if argument not in order.values()]
    return order | dict(enumerate(rest, start=len(order)))


def _few_permutations(arguments: list[Argument]) -> Iterator[tuple[Argument, ...]]:
    """All orders of a few; of many, only the declared one: too many would let chance decide."""
    if len(arguments) > 3:
        yield tuple(arguments)
        return
    yield from permutations(arguments)


def _by_name(parameters: list[Parameter], arguments: tuple[Argument, ...]) -> dict[int, Argument]:
    """Place of a parameter -> the argument it names, where that is beyond doubt."""
    found: dict[int, Argument] = {}
    for same in (_same_letters, _same_name, _same_meaning):
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
        if not any(_same_meaning(parameter.name, argument.name) for parameter in left)
    }


def _same_letters(name: str, declared: str) -> bool:
    return name == declared


def _same_name(name: str, declared: str) -> bool:
    return _plain(name) == _plain(declared)


def _same_meaning(name: str, declared: str) -> bool:
    return any(_plain(name) in group and _plain(declared) in group for group in SYNONYMS)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _binding(
    task: Task, function: FunctionInfo, order: Mapping[int, Argument], keywords: Mapping[str, Argument]
) -> Binding:
    positional = tuple(order[place] for place in sorted(order) if all(p in order for p in range(place)))
    skipped = {place: order[place] for place in order if place >= len(positional)}
    if skipped and function.parameters:
        # A parameter with a default stands between: pass what follows it by name.
        keywords = dict(keywords) | {function.parameters[place].name: argument for place, argument in skipped.items()}
    names = [argument.name for argument in positional] + [f"{n}={a.name}" for n, a in keywords.items()]
    declared = [argument.name for argument in task.arguments if not argument.is_optional]
    is_declared = [name for name in names if name in declared] == declared
    return Binding(positional, tuple(keywords.items()), f"{task.name}({', '.join(names)})", is_declared)
