"""From wrong numbers to findings: every mistake of the error model is named, and nothing is named by chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from checkers.compiled_exercise import ErrorModel, LoadedExercise, Variant
from checkers.diagnosis import diagnose
from checkers.findings import Certainty, Finding
from checkers.returned import Returned
from checkers.task_check import Probe, TaskRun, Trial, judge
from checkers.wrong_steps import WrongSteps
from gradcheck.catalogue import find
from gradcheck.compiled import compiled

Arrays = dict[str, np.ndarray]
EVERY = ("activations", "linear-regression", "mlp", "softmax-regression", "two-layer-net", "update-rules")
SEED = 777


@cache
def exercise(name: str) -> LoadedExercise:
    return compiled(find(name))


@cache
def probes(name: str, number: int, task_name: str) -> tuple[Probe, ...]:
    """The probes of one task of one case, at both sets of sizes."""
    case = exercise(name).exercise.cases[number]
    task = next(task for task in case.tasks if task.name == task_name)
    drawn = (exercise(name).probe(case, sizes, SEED + place) for place, sizes in enumerate(case.sizes))
    return tuple(Probe(case, task, sizes, values) for sizes, values in zip(case.sizes, drawn, strict=True))


def places(names: tuple[str, ...] = EVERY) -> Iterator[tuple[str, int, str]]:
    for name in names:
        for number, case in enumerate(exercise(name).exercise.cases):
            for task in case.tasks:
                yield name, number, task.name


@cache
def errors(name: str, number: int, task: str) -> ErrorModel:
    return exercise(name).load_errors(number, task)


def right(probe: Probe) -> Arrays:
    return {output.name: probe.expected(output) for output in probe.task.outputs}


def findings(name: str, number: int, task: str, answer: Callable[[Probe], Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What is said of a function that returns these arrays."""
    trials = []
    for probe in probes(name, number, task):
        arrays = answer(probe)
        returned = {
            key: Returned(np.asarray(array, dtype=float), is_integer=np.asarray(array).dtype.kind == "i")
            for key, array in arrays.items()
        }
        judged = tuple(judge(output, returned[output.name], probe.expected(output)) for output in probe.task.outputs)
        trials.append(Trial(probe, SimpleNamespace(warnings=()), judged))  # type: ignore[arg-type]
    loaded = replace(exercise(name), load_errors=lambda case, named: errors(name, case, named))
    run = TaskRun(trials[0].probe.task, SimpleNamespace(name=task, line=1), None, trials)  # type: ignore[arg-type]
    return diagnose(run, loaded)


def wrong(variant: Variant, name: str, number: int, task: str) -> Callable[[Probe], Arrays]:
    """A function that makes the mistake."""
    model = errors(name, number, task)

    def answer(probe: Probe) -> Arrays:
        with np.errstate(all="ignore"):
            run = WrongSteps(model, probe.task, probe.values, probe.sizes).run(variant.changed)
            found = {output.name: run.output(output.name) for output in probe.task.outputs}
        return {key: np.zeros(0) if array is None else np.asarray(array, dtype=float) for key, array in found.items()}

    return answer


def variant_of(code: str, name: str, task: str, step: str | None = None, number: int = 0) -> Variant:
    variants = errors(name, number, task).variants
    return next(v for v in variants if v.code == code and step in {None, v.step})


def codes(found: tuple[Finding, ...]) -> set[str]:
    return {code for one in found for code in (one.code, *(other.code for other in one.alternatives))}


def confident(found: tuple[Finding, ...]) -> list[str]:
    return [one.message for one in found if one.certainty is Certainty.LIKELY and one.code != "unknown"]


# Every mistake is named -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow if n in {"mlp", "two-layer-net", "update-rules"} else ()) for n in EVERY],
)
def test_every_mistake_of_the_error_model_is_named(name: str) -> None:
    unnamed = []
    for place in places((name,)):
        task = probes(*place)[0].task
        groups = {variant.group: variant for variant in errors(*place).variants}
        for variant in groups.values():
            found = findings(*place, wrong(variant, *place))
            if found and variant.code not in codes(found):
                unnamed.append((task.name, variant.message, [one.message for one in found]))
    assert unnamed == []


def test_a_mistake_in_single_precision_is_still_named() -> None:
    place = ("softmax-regression", 0, "model_backward")
    answer = wrong(variant_of("residual-reversed", "softmax-regression", "model_backward"), *place)
    found = findings(*place, lambda probe: {key: np.float32(array) for key, array in answer(probe).items()})
    assert [(one.code, one.certainty) for one in found] == [("residual-reversed", Certainty.LIKELY)]


def test_noise_of_a_millionth_of_the_largest_entry_is_no_mistake() -> None:
    generator = np.random.default_rng(4)

    def noisy(probe: Probe) -> Arrays:
        return {
            key: array + 1e-6 * np.abs(array).max() * generator.uniform(-1, 1, array.shape)
            for key, array in right(probe).items()
        }

    assert findings("two-layer-net", 0, "loss", noisy) == ()


# Two things at once ---------------------------------------------------------------------------------------------------


def test_a_sign_and_a_missing_mean_are_two_findings() -> None:
    def answer(probe: Probe) -> Arrays:
        return {key: -probe.sizes["n"] * array for key, array in right(probe).items()}

    found = findings("linear-regression", 0, "model_backward", answer)
    assert [one.code for one in found] == ["sign-flipped", "mean-missing"]
    assert {one.message for one in found} == {"dw and db are -1 n times what they should be."}


def test_a_factor_that_nobody_writes_is_said_and_not_explained() -> None:
    (found,) = findings("softmax-regression", 0, "softmax", lambda probe: {"y_hat": 1.2345 * right(probe)["y_hat"]})
    assert (found.code, found.certainty) == ("factor", Certainty.AMBIGUOUS)


def test_integers_that_cut_off_are_called_so() -> None:
    place = ("softmax-regression", 0, "cross_entropy_gradient")
    (found,) = findings(*place, lambda probe: {"dZ": (10 * right(probe)["dZ"]).astype(int)})
    assert found.code == "integer-dtype"


def test_a_mistake_times_a_factor_is_both() -> None:
    place = ("two-layer-net", 0, "loss")
    answer = wrong(variant_of("activation-missing", "two-layer-net", "loss"), *place)

    def tripled(probe: Probe) -> Arrays:
        return {key: array if key == "J" else 3 * array for key, array in answer(probe).items()}

    assert {"activation-missing", "factor"} <= codes(findings(*place, tripled))


def test_two_mistakes_are_two_findings() -> None:
    place = ("two-layer-net", 0, "loss")
    first = variant_of("activation-missing", "two-layer-net", "loss", "dJ/dz1")
    second = variant_of("regulariser-missing", "two-layer-net", "loss", "dJ/dW1")
    both = Variant("", "", "", "", 1, (*first.changed, *second.changed))
    found = findings(*place, wrong(both, *place))
    assert {one.code for one in found} == {"activation-missing", "regulariser-missing"}


# Nothing is named by chance -------------------------------------------------------------------------------------------


def gaussian(array: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return generator.standard_normal(array.shape)


def noisy(array: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(array * (1 + 0.1 * generator.standard_normal(array.shape)))


def permuted(array: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    return np.asarray(generator.permutation(array.ravel()).reshape(array.shape))


def count_named(disturb: Callable[[np.ndarray, np.random.Generator], np.ndarray], count: int) -> list[list[str]]:
    """What is named of so many disturbed right results, over all bundled exercises."""
    generator = np.random.default_rng(20231)
    everywhere = list(places())
    named = []
    for _ in range(count):
        place = everywhere[generator.integers(len(everywhere))]
        found = findings(*place, lambda probe: {key: disturb(a, generator) for key, a in right(probe).items()})
        named += [confident(found)] if confident(found) else []
    return named


@pytest.mark.parametrize(("disturb", "allowed"), [(gaussian, 0.0), (noisy, 0.01), (permuted, 0.01)])
def test_random_arrays_are_not_named(
    disturb: Callable[[np.ndarray, np.random.Generator], np.ndarray], allowed: float
) -> None:
    named = count_named(disturb, 30)
    assert len(named) <= 30 * allowed, named


@pytest.mark.slow
@pytest.mark.parametrize(("disturb", "allowed"), [(gaussian, 0.0), (noisy, 0.01), (permuted, 0.01)])
def test_of_a_thousand_random_arrays_none_is_named_and_at_most_one_in_a_hundred_that_is_near_right(
    disturb: Callable[[np.ndarray, np.random.Generator], np.ndarray], allowed: float
) -> None:
    named = count_named(disturb, 1000)
    assert len(named) <= 1000 * allowed, named


def mixed(count: int) -> list[list[str]]:
    """What is named of so many mixes of two mistakes."""
    generator = np.random.default_rng(20231)
    everywhere = list(places())
    named: list[list[str]] = []
    tried = 0
    while tried < count:
        place = everywhere[generator.integers(len(everywhere))]
        variants = errors(*place).variants
        first, second = (variants[generator.integers(len(variants))] for _ in range(2))
        share = generator.uniform(0.2, 0.8)
        one, other = wrong(first, *place), wrong(second, *place)
        shapes = [{key: a.shape for key, a in answer(probes(*place)[0]).items()} for answer in (one, other)]
        if first.group == second.group or shapes[0] != shapes[1]:
            continue
        tried += 1
        found = findings(*place, partial(_mix, one, other, share))
        named += [confident(found)] if confident(found) else []
    return named


def _mix(one: Callable[[Probe], Arrays], other: Callable[[Probe], Arrays], share: float, probe: Probe) -> Arrays:
    first, second = one(probe), other(probe)
    return {key: share * array + (1 - share) * second[key] for key, array in first.items()}


@pytest.mark.slow
def test_of_a_thousand_mixes_of_two_mistakes_at_most_one_in_a_hundred_is_named() -> None:
    named = mixed(1000)
    assert len(named) <= 10, named


def test_mixes_of_two_mistakes_are_not_named() -> None:
    assert mixed(15) == []


# What is said ---------------------------------------------------------------------------------------------------------


def test_outputs_in_each_others_place_are_called_so() -> None:
    def exchanged(probe: Probe) -> Arrays:
        expected = right(probe)
        return {"w": expected["v"], "v": expected["w"]}

    (found,) = findings("update-rules", 0, "momentum_update", exchanged)
    assert found.code == "wrong-operand"
    assert found.message == "w is what v should be and v is what w should be."


def test_a_step_with_all_signs_turned_is_a_sign_and_not_a_residual() -> None:
    (found,) = findings("update-rules", 0, "sgd_update", lambda probe: {"w": -right(probe)["w"]})
    assert found.code == "sign-flipped"
    assert "residual-reversed" not in codes((found,))


def test_the_diagonal_of_a_jacobian_without_its_factor_is_no_matter_of_brackets() -> None:
    number = len(exercise("activations").exercise.cases) - 1

    def answer(probe: Probe) -> Arrays:
        s = np.exp(probe.values["z"]) / np.exp(probe.values["z"]).sum()
        return {"jacobian": np.eye(len(s)) - np.outer(s, s)}

    (found,) = findings("activations", number, "softmax_jacobian", answer)
    assert found.code == "softmax-jacobian"


def test_names_of_arrays_keep_their_capitals() -> None:
    place = ("mlp", 2, "model_backward")
    variant = next(v for v in errors(*place).variants if v.code == "wrong-operand")
    for one in findings(*place, wrong(variant, *place)):
        assert ": the" in one.message or ": a1" in one.message or ": A" not in one.message


@pytest.mark.parametrize(
    ("rows", "columns", "text"),
    [
        (slice(-1, None), slice(None), "all in the last row"),
        (slice(None), slice(0, 1), "all in the first column"),
        (slice(2, 3), slice(1, 3), "all in row 2"),
        (slice(1, 3), slice(None), "all in the rows 1, 2"),
    ],
)
def test_where_unknown_entries_lie_is_said(rows: slice, columns: slice, text: str) -> None:
    generator = np.random.default_rng(8)

    def answer(probe: Probe) -> Arrays:
        dZ = right(probe)["dZ"].copy()
        dZ[rows, columns] = generator.standard_normal(dZ[rows, columns].shape)
        return {"dZ": dZ}

    (found,) = findings("softmax-regression", 0, "cross_entropy_gradient", answer)
    assert found.code == "unknown"
    assert text in found.message


def test_entries_that_are_wrong_where_an_argument_is_negative_are_said_to_be() -> None:
    generator = np.random.default_rng(8)

    def answer(probe: Probe) -> Arrays:
        dZ, Z = right(probe)["dZ"], probe.values["Z"]
        return {"dZ": np.where(Z < 0, generator.standard_normal(Z.shape), dZ)}

    (found,) = findings("activations", 0, "relu_backward", answer)
    assert "those where Z is negative" in found.message


def test_outputs_of_which_the_same_is_unknown_share_one_finding() -> None:
    generator = np.random.default_rng(8)
    (found,) = findings(
        "two-layer-net",
        0,
        "loss",
        lambda probe: {key: gaussian(array, generator) if array.ndim else array for key, array in right(probe).items()},
    )
    assert found.outputs == ("W1", "b1", "W2", "b2")
    assert found.message.startswith("W1, b1, W2 and b2: every entry is wrong")


def test_zeros_are_called_zeros() -> None:
    (found,) = findings(
        "softmax-regression", 0, "cross_entropy_gradient", lambda probe: {"dZ": np.zeros_like(right(probe)["dZ"])}
    )
    assert (found.code, found.message) == ("unknown", "dZ is 0 everywhere, and should not be.")


@pytest.mark.parametrize(
    ("loss", "code"),
    [
        (lambda z, y: np.mean(y - z), "not-a-loss"),
        (lambda z, y: y - z, "not-a-loss"),
        (lambda z, y: (y - z) ** 2, "not-a-loss"),
        (lambda z, y: np.mean(np.abs(y - z)), "not-a-loss"),
        (lambda z, y: np.sqrt(np.mean((y - z) ** 2)), "wrong-loss"),
        (lambda z, y: np.sum((y - z) ** 2), "mean-missing"),
        (lambda z, y: np.mean((y - z) ** 2) / 2, "factor"),
        (lambda z, y: np.mean(y - z**2), "precedence"),
    ],
    ids=["mean residual", "residual", "each sample", "absolute", "root", "sum", "half", "brackets"],
)
def test_what_a_cost_function_returns_instead_is_said(loss: Callable[[Any, Any], Any], code: str) -> None:
    found = findings(
        "linear-regression", 0, "compute_cost", lambda probe: {"J": loss(probe.values["z"], probe.values["y"])}
    )
    assert found[0].code == code


def test_a_logarithm_without_its_minus_is_a_sign() -> None:
    def answer(probe: Probe) -> Arrays:
        return {"J": np.asarray(np.mean(np.log((probe.values["Y"] * probe.values["y_hat"]).sum(axis=1))))}

    assert findings("softmax-regression", 0, "cross_entropy", answer)[0].code == "sign-flipped"
