"""What a training run records: cost, accuracy and test accuracy after each epoch, and what else it may have been."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..findings import Finding
from ..reference_mlp import ReferenceMLP
from .layers import Parameters
from .property import Fault, likely, seen, told, undecided

AnyArray = NDArray[Any]

NETWORK = ReferenceMLP("relu", "softmax")
KINDS = ("cost", "accuracy", "test_accuracy")
# Of a recorded number: what single precision, or 1e-8 within a logarithm, leaves.
SAME = 1e-5
RETURN_IT = 'Return the parameters and the dict history with the lists "cost", "accuracy" and "test_accuracy".'


@dataclass(frozen=True, slots=True)
class Moment:
    """The parameters before a step, and the rows that the step uses; none after the last step."""

    parameters: Parameters
    rows: tuple[int, ...]


def recorded(value: Any) -> tuple[Any, dict[str, Any]]:
    """The parameters, and the recorded lists by kind, from what `train_model` returned."""
    parts = (
        list(value.values()) if isinstance(value, Mapping) else list(value) if isinstance(value, list | tuple) else []
    )
    if isinstance(value, Mapping) and _by_kind(value):
        return next((part for part in parts if isinstance(part, Mapping)), value), _by_kind(value)
    for place, part in enumerate(parts):
        if isinstance(part, Mapping) and (history := _by_kind(part)):
            return next(iter(parts[:place] + parts[place + 1 :]), None), history
    if len(parts) == 1 + len(KINDS) and isinstance(parts[0], Mapping):
        return parts[0], dict(zip(KINDS, parts[1:], strict=True))
    return (parts[0] if parts else value), {}


def _by_kind(history: Mapping[Any, Any]) -> dict[str, Any]:
    """The entries by what their names say they are: by the declared names, or else the first of a kind."""
    lists = {str(key): numbers for key, numbers in history.items() if isinstance(numbers, list | tuple | np.ndarray)}
    found = {kind: lists[kind] for kind in KINDS if kind in lists}
    for name, numbers in lists.items():
        kind = _kind([word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)])
        if kind is not None:
            found.setdefault(kind, numbers)
    return found


TESTS = ("test", "val", "valid", "validation", "dev")
COSTS = ("cost", "loss", "objective", "error")
# Of one mini-batch or step, or another quantity altogether.
FINER = frozenset(["batch", "batches", "step", "steps", "iter", "iteration", "iterations", "rate", "per"])


def _kind(words: Sequence[str]) -> str | None:
    """What a list is that goes by a name of these words."""
    if FINER & set(words):
        return None
    is_test = any(word in TESTS or word.startswith("test") for word in words)
    if any("acc" in word for word in words):
        return "test_accuracy" if is_test else "accuracy"
    return "cost" if not is_test and any(cost in word for word in words for cost in COSTS) else None


def metric_faults(
    history: Mapping[str, Any], moments: Sequence[Moment] | None, given: Mapping[str, Any]
) -> dict[str, Fault]:
    """What was recorded wrongly, by kind.

    Args:
        moments: of the whole run; None where the way that the parameters took is not known.
    """
    found = {}
    for kind in KINDS:
        numbers = _numbers(history.get(kind), kind, given)
        if isinstance(numbers, Finding):
            found[kind] = told(numbers)
        elif moments is None:
            found[kind] = undecided(f"{kind}: the parameters are wrong, so what should be recorded is not known.")
        elif (fault := _fault(kind, numbers, moments, given)) is not None:
            found[kind] = fault
    return found


def _numbers(values: Any, kind: str, given: Mapping[str, Any]) -> list[float] | Finding:
    """One number for each epoch."""
    if values is None:
        return seen("wrong-shape", f'{kind}: the history has no list "{kind}".', RETURN_IT)
    try:
        entries = [np.asarray(value) for value in values]
    except (TypeError, ValueError):  # no list, or lists of different lengths
        entries = [np.zeros(0)]
    if any(entry.dtype.kind not in "biuf" or entry.size != 1 for entry in entries):
        return seen("wrong-shape", f"{kind}: it is no list of numbers.", RETURN_IT)
    numbers = np.array([float(entry.reshape(())) for entry in entries])
    epochs = given["epochs"]
    if len(numbers) == epochs + 1:
        numbers = numbers[1:]  # the first is from before the first epoch
    if len(numbers) != epochs:
        text = f"{kind}: {len(numbers)} numbers are recorded, where one for each of {epochs} epochs is asked for."
        return seen("wrong-shape", text, RETURN_IT)
    if not np.isfinite(numbers).all():
        return seen("not-finite", f"{kind}: a recorded number is not finite.")
    return [float(number) for number in numbers]


@dataclass(frozen=True, slots=True)
class _Set:
    """Samples, and how good parameters are on them."""

    X: AnyArray
    Y: AnyArray

    def outputs(self, parameters: Parameters) -> AnyArray:
        return NETWORK.forward(parameters.weights, parameters.biases, self.X).output

    def cost(self, parameters: Parameters) -> float:
        return NETWORK.loss_value(parameters.weights, parameters.biases, self.X, self.Y)

    def accuracy(self, parameters: Parameters) -> float:
        return float((self.outputs(parameters).argmax(axis=1) == self.Y.argmax(axis=1)).mean())


@dataclass(frozen=True, slots=True)
class _Epoch:
    """One epoch of a known path.

    Attributes:
        steps: the mini-batch of each step, and the parameters before it and after it.
        after: the parameters at its end.
    """

    steps: tuple[tuple[_Set, Parameters, Parameters], ...]
    after: Parameters
    training: _Set
    test: _Set


def _epochs(moments: Sequence[Moment], given: Mapping[str, Any]) -> list[_Epoch]:
    training, test = _Set(given["X"], given["Y"]), _Set(given["X_test"], given["Y_test"])
    steps = []
    for moment, following in pairwise(moments):
        rows = list(moment.rows)
        steps.append((_Set(given["X"][rows], given["Y"][rows]), moment.parameters, following.parameters))
    a_round = max(1, len(steps) // given["epochs"])
    rounds = [tuple(steps[at : at + a_round]) for at in range(0, len(steps), a_round)]
    return [_Epoch(one, one[-1][2], training, test) for one in rounds]


def _fault(kind: str, numbers: Sequence[float], moments: Sequence[Moment], given: Mapping[str, Any]) -> Fault | None:
    """Numbers that are not what their name says, and all that they may be."""
    epochs = _epochs(moments, given)
    known = numbers[-len(epochs) :]
    right, wrong = zip(*map(WAYS[kind], epochs[-len(known) :]), strict=True)
    if any(_same(known, [one[name] for one in right], rounded=True) for name in right[0]):
        return None
    names = [name for name in wrong[0] if _same(known, [one[name] for one in wrong])]
    others = {name: likely("wrong-metric", f"{kind}: what is recorded is {name}.", MEASURE) for name in names}
    ours, value = next(
        (a, b) for a, b in zip(known, (one["after"] for one in right), strict=True) if not _same([a], [b])
    )
    text = f"{kind}: {ours:.6g} is recorded where the parameters have {value:.6g}."
    return Fault(lambda: seen("wrong-metric", text, MEASURE), np.array(numbers[-1]), others)


def _same(ours: Sequence[float], theirs: Sequence[float], *, rounded: bool = False) -> bool:
    """Are the numbers the same, or what is left of them when they are rounded?"""
    return all(
        abs(a - b) <= SAME * max(abs(b), SAME) or (rounded and _is_rounded(a, b))
        for a, b in zip(ours, theirs, strict=True)
    )


FEWEST_DIGITS = 3  # of a number that somebody has rounded to print it


def _is_rounded(ours: float, exact: float) -> bool:
    """Is it the other number, rounded to so many digits?"""
    whole, _, decimals = repr(abs(ours)).partition(".")
    digits = (whole + decimals).lstrip("0")
    return len(digits) >= FEWEST_DIGITS and decimals.isdecimal() and round(exact, len(decimals)) == ours


Named = dict[str, float]
MEASURE = "Measure it on the whole set, with the parameters as they are after the epoch."


def _costs(epoch: _Epoch) -> tuple[Named, Named]:
    """What may be called the cost of an epoch, and what may not."""
    right = {"after": epoch.training.cost(epoch.after), **_means(epoch, _Set.cost)}
    distance = np.abs(epoch.training.Y - epoch.training.outputs(epoch.after))
    wrong = {
        "the mean absolute error of the probabilities": float(distance.mean()),
        "the sum of the absolute errors of a sample's probabilities, averaged": float(distance.sum(axis=1).mean()),
        "the mean squared error of the probabilities": float((distance**2).mean()),
        "the squared error of a sample's probabilities, averaged": float((distance**2).sum(axis=1).mean()),
        "the sum of the samples' costs, not their mean": len(epoch.training.X) * right["after"],
        "the negative of the cost": -right["after"],
        "the cost on the test set": epoch.test.cost(epoch.after),
        "the accuracy on the training set": epoch.training.accuracy(epoch.after),
    }
    for batch, before, after in epoch.steps[-1:]:
        wrong["the cost of the last mini-batch alone, before its step"] = batch.cost(before)
        wrong["the cost of the last mini-batch alone"] = batch.cost(after)
        total = sum(one.cost(parameters) for one, parameters, _ in epoch.steps)
        wrong["the sum of the mini-batches' costs, not their mean"] = total
        wrong["the sum of the mini-batches' costs, divided by the number of samples"] = total / len(epoch.training.X)
        wrong["the cost before the epoch"] = epoch.training.cost(epoch.steps[0][1])
    return right, wrong


def _accuracies(epoch: _Epoch) -> tuple[Named, Named]:
    value = epoch.training.accuracy(epoch.after)
    right = _and_percent({"after": value, **_means(epoch, _Set.accuracy)})
    wrong = {
        "the share of errors": 1 - value,
        "the number of samples, not their share": value * len(epoch.training.X),
        "the accuracy on the test set": epoch.test.accuracy(epoch.after),
    }
    return right, wrong | _of_batches(epoch)


def _test_accuracies(epoch: _Epoch) -> tuple[Named, Named]:
    value = epoch.test.accuracy(epoch.after)
    wrong = {
        "the accuracy on the training set": epoch.training.accuracy(epoch.after),
        "the share of errors": 1 - value,
        "the number of samples, not their share": value * len(epoch.test.X),
    }
    if epoch.steps:
        wrong["the accuracy before the epoch"] = epoch.test.accuracy(epoch.steps[0][1])
    return _and_percent({"after": value}), wrong | _of_batches(epoch)


def _of_batches(epoch: _Epoch) -> Named:
    """Accuracies on single mini-batches of the training set, the last one first."""
    found: Named = {}
    count = len(epoch.steps)
    for number, (batch, before, after) in reversed(list(enumerate(epoch.steps, 1))):
        what = f"the accuracy on mini-batch {number} of {count} of the training set"
        if number == count:
            what = "the accuracy on the last mini-batch of the training set"
        found[what] = batch.accuracy(after)
        found[f"{what}, before its step"] = batch.accuracy(before)
    return found


def _means(epoch: _Epoch, measure: Callable[[_Set, Parameters], float]) -> Named:
    """Means over the mini-batches of an epoch, with and without sizes: before or after each step, or after all."""
    found: Named = {}
    sizes = [len(batch.X) for batch, _, _ in epoch.steps]
    for when, states in {
        "before each step": [before for _, before, _ in epoch.steps],
        "after each step": [after for _, _, after in epoch.steps],
        "after the epoch": [epoch.after for _ in epoch.steps],
    }.items():
        values = [measure(batch, state) for (batch, _, _), state in zip(epoch.steps, states, strict=True)]
        found[f"mean, {when}"] = float(np.mean(values))
        found[f"weighted mean, {when}"] = float(np.average(values, weights=sizes))
    return found


def _and_percent(shares: Named) -> Named:
    return shares | {f"{name}, in percent": 100 * share for name, share in shares.items()}


WAYS = {"cost": _costs, "accuracy": _accuracies, "test_accuracy": _test_accuracies}
