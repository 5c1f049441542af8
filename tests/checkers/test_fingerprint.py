"""Wrong steps run by hand: what a mistake reaches, and when two mistakes are as near as each other."""

from __future__ import annotations

import numpy as np
import pytest

from checkers.compiled_exercise import ErrorModel, SourceStep, Variant
from checkers.fingerprint import Fingerprint, Observation
from checkers.tasks import Output, Task
from checkers.wrong_steps import WrongSteps

TASK = Task("double_and_add", (), (Output("d", "d"), Output("s", "s")))
DOUBLE = SourceStep("d", ("x",), "def step(x):\n    return 2 * x\n")
ADD = SourceStep("s", ("d", "n"), "def step(d, n):\n    return d.sum(axis=0) / n\n")


def step(name: str, inputs: tuple[str, ...], value: str) -> SourceStep:
    return SourceStep(name, inputs, f"def step({', '.join(inputs)}):\n    return {value}\n")


def variant(code: str, changed: tuple[int, ...], outputs: tuple[str, ...], group: int, prior: float = 1) -> Variant:
    return Variant(code, "d", f"This is {code}.", "Look again.", prior, changed, outputs, group)


def values(seed: int, n: int) -> dict[str, np.ndarray]:
    x = np.random.default_rng(seed).standard_normal((n, 7))
    return {"x": x, "d": 2 * x, "s": (2 * x).sum(axis=0) / n}


def observed(d: str, s: str) -> list[Observation]:
    """What a student returned, as expressions of x, d, s and n."""
    found = []
    for seed, n in ((1, 5), (2, 11)):
        known = values(seed, n)
        names = {**known, "n": n, "np": np}
        found.append(Observation(known, {"n": n}, {"d": np.asarray(eval(d, names)), "s": np.asarray(eval(s, names))}))
    return found


def fingerprint(model: ErrorModel, d: str, s: str) -> Fingerprint:
    return Fingerprint(model, TASK, observed(d, s))


def test_a_wrong_step_reaches_what_is_computed_from_it_and_nothing_else() -> None:
    model = ErrorModel((DOUBLE, ADD), (step("d", ("x",), "3 * x"), step("s", ("d",), "d.sum(axis=0)")))
    wrong = WrongSteps(model, TASK, {"x": np.ones((5, 7))}, {"n": 5})
    first, second = wrong.run([0]), wrong.run([1])
    assert first.output("d") == pytest.approx(3 * np.ones((5, 7)))
    assert first.output("s") == pytest.approx(3 * np.ones(7))
    assert second.output("d") == pytest.approx(2 * np.ones((5, 7)))
    assert second.output("s") == pytest.approx(10 * np.ones(7))


def test_a_wrong_step_that_takes_its_own_name_takes_the_right_value() -> None:
    model = ErrorModel((DOUBLE, ADD), (step("x", ("x",), "x[::-1]"), step("n", ("n",), "n - 1")))
    x = values(1, 5)["x"]
    wrong = WrongSteps(model, TASK, {"x": x}, {"n": 5})
    assert wrong.run([0]).output("d") == pytest.approx(2 * x[::-1])
    assert wrong.run([1]).output("s") == pytest.approx(2 * x.sum(axis=0) / 4)


def test_shapes_that_do_not_fit_give_no_output() -> None:
    model = ErrorModel((DOUBLE, ADD), (step("d", ("x",), "x[:3] + x"),))
    assert WrongSteps(model, TASK, {"x": np.ones((5, 7))}, {"n": 5}).run([0]).output("d") is None


def test_the_mistake_with_all_the_numbers_is_found_with_its_class_likeliest_first() -> None:
    wrong = (step("d", ("x",), "-2 * x"), step("d", ("x",), "3 * x"))
    variants = (
        variant("sign-flipped", (0,), ("d", "s"), 0, prior=1),
        variant("residual-reversed", (0,), ("d", "s"), 0, prior=4),
        variant("factor", (1,), ("d", "s"), 1),
    )
    found = fingerprint(ErrorModel((DOUBLE, ADD), wrong, variants), "-d", "-s").together(["d", "s"])
    assert found is not None
    assert found.is_clear
    assert [one.code for one in found.variants] == ["residual-reversed", "sign-flipped"]


def test_a_mistake_that_gives_one_output_is_not_one_that_gives_both() -> None:
    model = ErrorModel((DOUBLE, ADD), (step("d", ("x",), "-2 * x"),), (variant("sign-flipped", (0,), ("d", "s"), 0),))
    half = fingerprint(model, "-d", "1.5 * s")
    assert half.together(["d", "s"]) is None
    assert half.alone("d", "d") is not None
    assert half.alone("s", "s") is None


def test_two_mistakes_nearer_to_each_other_than_to_the_numbers_are_ambiguous() -> None:
    wrong = (step("d", ("x",), "3 * x"), step("d", ("x",), "(3 + 1e-6) * x"))
    model = ErrorModel((DOUBLE, ADD), wrong, (variant("a", (0,), ("d", "s"), 0), variant("b", (1,), ("d", "s"), 1)))
    between = fingerprint(model, "(3 + 4e-7) * x", "(3 + 4e-7) * x.sum(axis=0) / n").together(["d", "s"])
    exact = fingerprint(model, "3 * x", "3 * x.sum(axis=0) / n").together(["d", "s"])
    assert between is not None
    assert not between.is_clear
    assert exact is not None
    assert exact.is_clear
    assert [one.code for one in exact.variants] == ["a"]


def test_a_tiny_error_is_not_named_after_a_tiny_mistake() -> None:
    wrong = (step("d", ("x",), "2 * x + 2e-6"),)
    model = ErrorModel((DOUBLE, ADD), wrong, (variant("wrong-loss", (0,), ("d", "s"), 0),))
    assert fingerprint(model, "d + 1e-6", "s + 1e-6").together(["d", "s"]) is None
    assert fingerprint(model, "d + 2e-6", "s + 2e-6").together(["d", "s"]) is not None


def test_zeros_and_what_is_not_finite_are_no_mistake() -> None:
    wrong = (step("d", ("x",), "0 * x"), step("d", ("x",), "np.inf * x"))
    variants = (variant("a", (0,), ("d", "s"), 0), variant("b", (1,), ("d", "s"), 1))
    model = ErrorModel((DOUBLE, ADD), wrong, variants)
    assert fingerprint(model, "0 * d", "0 * s").together(["d", "s"]) is None
    assert fingerprint(model, "np.inf * d", "s").together(["d", "s"]) is None


def test_a_factor_on_top_of_a_mistake_is_read_at_both_sizes() -> None:
    wrong = (step("d", ("x",), "2 * abs(x)"),)
    model = ErrorModel((DOUBLE, ADD), wrong, (variant("sign-flipped", (0,), ("d", "s"), 0),))
    found = fingerprint(model, "2 * n * abs(x)", "2 * abs(x).sum(axis=0)").scaled(["d", "s"])
    assert found is not None
    assert (found[1].text, found[2]) == ("n", ("d", "s"))
    assert fingerprint(model, "1.234 * abs(x)", "1.234 * abs(x).sum(axis=0) / n").scaled(["d", "s"]) is None


def test_two_mistakes_are_found_together() -> None:
    wrong = (step("d", ("x",), "2 * abs(x)"), step("s", ("d",), "d.sum(axis=0)"), step("s", ("d",), "d[-1]"))
    variants = (
        variant("sign-flipped", (0,), ("d", "s"), 0),
        variant("mean-missing", (1,), ("s",), 1),
        variant("sum-missing", (2,), ("s",), 2),
    )
    model = ErrorModel((DOUBLE, ADD), wrong, variants)
    found = fingerprint(model, "2 * abs(x)", "2 * abs(x[-1])").pair(["d", "s"])
    assert found is not None
    assert {one.variants[0].code for one in found} == {"sign-flipped", "sum-missing"}
    assert fingerprint(model, "2 * abs(x)", "x[0]").pair(["d", "s"]) is None
