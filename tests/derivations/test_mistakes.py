"""The error model: one step of a derivation done wrongly gives the wrong numbers that students hand in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sympy.core.parameters import distribute

from checkers.compiled_exercise import ErrorModel
from checkers.findings import FAMILY_OF
from checkers.tasks import Output, Task
from checkers.wrong_steps import WrongSteps
from derivations import derive
from derivations.derivation import Derivation
from derivations.error_model import StepWriter
from derivations.evaluation import Environment, array_specs, probe
from derivations.expressions import Adjoint, Entry
from derivations.mistakes import Mistake, Written, mistakes
from derivations.models import MODELS
from derivations.numpy_source import function_source
from derivations.program import Assignment, Program, program, quantities

Outputs = tuple[NDArray[Any], ...]


@pytest.fixture(autouse=True)
def _as_in_the_compiler() -> Iterator[None]:
    with distribute(False):
        yield


class Setting:
    """A model's gradients on one probe, and what each mistake makes of them."""

    def __init__(
        self, name: str, options: dict[str, Any], outputs: tuple[str, ...] = (), given: tuple[str, ...] = ()
    ) -> None:
        with distribute(False):
            self.derivation: Derivation = derive(MODELS[name].build(**options))
            self.known = quantities(self.derivation)
            parameters = [f"dJ/d{parameter}" for parameter in self.derivation.model.parameters]
            self.outputs = outputs or tuple(parameters)
            self.given = given
            self.right: Program = program(self.derivation.model, self.known, self.outputs, given=given)
            self.mistakes = tuple(mistakes(self.right))
            self.writer = StepWriter(self.derivation.model)
        self.environment: Environment = probe(self.derivation.model, seed=11)
        self.arguments = tuple(spec.name for spec in array_specs(self.derivation.model)) + given
        self.expected = self.run(self.right)

    def array(self, name: str) -> Any:
        return self.environment.array(name)

    def adjoint(self, name: str) -> Any:
        return self.environment.adjoint(name)

    def run(self, wanted: Program) -> Outputs:
        source = function_source(wanted, "compute", self.arguments)
        namespace: dict[str, Any] = {"np": np}
        exec(source, namespace)
        with np.errstate(all="ignore"):
            computed = namespace["compute"](*(self.environment.array(name) for name in self.arguments))
        return tuple(map(np.asarray, computed)) if isinstance(computed, tuple) else (np.asarray(computed),)

    def wrong_program(self, mistake: Mistake) -> Program:
        changed = {name: step for name, step in mistake.changed.items() if isinstance(step, Assignment)}
        return program(self.derivation.model, self.known | changed, self.outputs, given=self.given)

    def outcome(self, mistake: Mistake) -> Outputs | None:
        """What comes out, computed step by step as a check does; None where NumPy would raise."""
        with distribute(False):
            wrong = [self.writer.step(step) for step in mistake.changed.values()]
            needed = {name: self.writer.step(assignment) for name, assignment in self.known.items()}
        values = {name: np.asarray(self.environment.array(name)) for name in self.arguments}
        model = ErrorModel(tuple(step for name, step in needed.items() if name not in self.given), tuple(wrong))
        task = Task("task", (), tuple(Output(name, name) for name in self.outputs))
        run = WrongSteps(model, task, values, self.environment.sizes).run(range(len(wrong)))
        with np.errstate(all="ignore"):
            arrays = [run.output(name) for name in self.outputs]
        found = tuple(array for array in arrays if array is not None)
        return found if len(found) == len(arrays) else None

    def of(self, code: str, step: str | None = None) -> list[Mistake]:
        """The mistakes of a code that change one step, or several when no step is given."""
        return [m for m in self.mistakes if m.variant.code == code and (step is None or list(m.changed) == [step])]

    def produces(self, code: str, *wanted: Any, step: str | None = None) -> bool:
        """Does one of the mistakes of a code give exactly these outputs?"""
        return any(same(found, wanted) for found in map(self.outcome, self.of(code, step)))


def same(ours: Outputs | None, theirs: tuple[Any, ...]) -> bool:
    return ours is not None and all(
        a.shape == np.shape(b) and np.allclose(a, b, rtol=1e-10, atol=1e-13) for a, b in zip(ours, theirs, strict=True)
    )


@lru_cache
def setting(name: str, outputs: tuple[str, ...] = (), given: tuple[str, ...] = (), **options: Any) -> Setting:
    return Setting(name, options, outputs, given)


EVERY = {
    "linear-regression": lambda: setting("linear-regression"),
    "ridge": lambda: setting("ridge"),
    "logistic-regression": lambda: setting("logistic-regression"),
    "softmax-regression": lambda: setting("softmax-regression"),
    "mlp": lambda: setting("mlp", l2="full"),
    "huber": lambda: setting("huber"),
    "multiclass-svm": lambda: setting("multiclass-svm"),
    "label-smoothing": lambda: setting("label-smoothing"),
    "batch-normalisation": lambda: setting("batch-normalisation"),
    "layer-normalisation": lambda: setting("layer-normalisation"),
}
WIDER = {
    **{name: (lambda name=name: setting(name)) for name in MODELS},
    **{f"mlp, {kind}": (lambda kind=kind: setting("mlp", activation=kind, layers=(4, 5, 6, 3)))
       for kind in ("relu", "sigmoid", "tanh", "improved-sigmoid")},
    "loss of softmax": lambda: setting("softmax-regression", outputs=("J",), given=("z",)),
    "loss through y_hat": lambda: setting("softmax-regression", outputs=("J",), given=("y_hat",), route="y-hat"),
    "softmax": lambda: setting("softmax-regression", outputs=("y_hat",), given=("z",)),
    "everything": lambda: setting("mlp", outputs=("z1", "a1", "y_hat", "J", "dJ/dW1", "dJ/dz1"), l2="full"),
}  # fmt: skip


@pytest.mark.parametrize("case", EVERY)
def test_every_mistake_speaks_of_what_happened_and_of_what_to_try(case: str) -> None:
    for mistake in EVERY[case]().mistakes:
        variant = mistake.variant
        assert variant.code in FAMILY_OF
        assert variant.prior > 0
        assert variant.step in {assignment.name for assignment in EVERY[case]().right.assignments}
        assert variant.message[0].isupper() or variant.message[0].isdigit() or variant.message.split()[0] in {
            *mistake.changed, *EVERY[case]().derivation.model.arrays
        }  # fmt: skip
        assert variant.message.endswith(".")
        assert variant.hint is not None
        assert variant.hint.endswith((".", "?"))


def _as_array(expression: Any) -> Any:
    """Adjoints as arrays of a name of their own, so that the evaluator takes the wrong ones and derives none."""
    import sympy

    return expression.xreplace({a: Entry(sympy.Symbol(f"dJ/d{a.name}"), *a.indices) for a in expression.atoms(Adjoint)})


def _evaluated(found: Setting, wrong: Program) -> Outputs:
    """What a program says, by the evaluator that knows nothing of NumPy source."""
    environment = probe(found.derivation.model, seed=11)
    for assignment in wrong.assignments:
        value = environment.evaluate(_as_array(assignment.value))
        environment.arrays[assignment.name] = environment._reordered(value, assignment.indices)
    return tuple(environment.array(name) for name in found.outputs)


@pytest.mark.parametrize(
    "case", [*EVERY, *(pytest.param(case, marks=pytest.mark.slow) for case in set(WIDER) - set(EVERY))]
)
def test_the_source_of_a_mistake_computes_exactly_the_mistake(case: str) -> None:
    """Nothing is repaired on the way: a sum that lacks its last term lacks it in NumPy too."""
    found = (EVERY.get(case) or WIDER[case])()
    shapes = {name: assignment.indices for name, assignment in found.known.items()}
    compared = 0
    for mistake in found.mistakes:
        steps = mistake.changed.values()
        if any(isinstance(step, Written) or step.indices != shapes.get(step.name, step.indices) for step in steps):
            continue  # axes of another size or order: there NumPy's broadcasting is part of the mistake
        outcome = found.outcome(mistake)
        compared += 1
        if outcome is None:
            continue  # NumPy would raise
        with np.errstate(all="ignore"):
            evaluated = _evaluated(found, found.wrong_program(mistake))
        if not all(np.all(np.isfinite(array)) for array in evaluated):
            continue  # exponentials of what a wrong activation made too large; the source shifts them
        for ours, theirs in zip(outcome, evaluated, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12, err_msg=str(mistake.variant))
    written = [m for m in found.mistakes if any(isinstance(step, Written) for step in m.changed.values())]
    assert compared > (len(found.mistakes) - len(written)) / 2


# Huber's slope is cut off: where every residual of a probe is far out, much changes nothing.
@pytest.mark.parametrize("case", [case for case in EVERY if case != "huber"])
def test_nearly_every_mistake_changes_an_output(case: str) -> None:
    found = EVERY[case]()
    idle = [mistake for mistake in found.mistakes if same(found.outcome(mistake), found.expected)]
    # relu: the slope at a is the slope at z; two flipped signs in a row are none; where y is 1, the margin is 1; inputs
    # and targets in the same other order are as good; no two samples may share a label.
    harmless = {"activation-argument", "sign-flipped", "factor", "sum-range", "precedence"}
    harmless |= {"wrong-data", "samples-dropped", "overwritten-not-accumulated"}
    if case == "multiclass-svm":  # slopes of 0 and 1 are their own squares, and the right class's margin has no slope
        harmless |= {"wrong-power", "chain-factor-missing", "term-sign"}

    assert {mistake.variant.code for mistake in idle} <= harmless
    assert len(idle) < len(found.mistakes) / 10


# The slips by name ----------------------------------------------------------------------------------------------------


def test_a_reversed_residual_negates_everything_downstream() -> None:
    s = setting("linear-regression")
    assert s.produces("residual-reversed", -s.expected[0], -s.expected[1], step="dJ/dz")
    assert s.produces("sign-flipped", -s.expected[0], s.expected[1], step="dJ/dw")


def test_a_missing_mean_multiplies_by_the_number_of_samples() -> None:
    for s in (setting("linear-regression"), setting("softmax-regression")):
        n = s.environment.sizes["n"]
        assert s.produces("mean-missing", *(n * output for output in s.expected))
        assert s.produces("mean-twice", *(output / n for output in s.expected), step="dJ/dz")


def test_the_mean_over_classes_too_divides_by_their_number() -> None:
    s = setting("softmax-regression")
    n, M = s.environment.sizes["n"], s.environment.sizes["M"]
    assert s.produces("wrong-count", *(output / M for output in s.expected))
    assert s.produces("wrong-count", *(output * n / M for output in s.expected))
    assert s.produces("wrong-count", *(output * n / (n - 1) for output in s.expected))


def test_a_missing_two_halves() -> None:
    s = setting("linear-regression")
    assert s.produces("factor", *(output / 2 for output in s.expected), step="dJ/dz")


def test_a_loop_that_overwrites_keeps_the_last_sample() -> None:
    s = setting("linear-regression")
    X, dz = s.array("X"), s.adjoint("z")
    assert s.produces("overwritten-not-accumulated", X[-1] * dz[-1], s.expected[1], step="dJ/dw")
    assert s.produces("sum-missing", s.expected[0], dz[0], step="dJ/db")
    assert s.produces("sum-range", X[:-1].T @ dz[:-1], s.expected[1], step="dJ/dw")
    assert s.produces("sum-range", s.expected[0], dz[1:].sum(), step="dJ/db")


def test_a_bias_gradient_without_its_sum_is_the_adjoint_itself() -> None:
    s = setting("softmax-regression")
    dz = s.adjoint("z")
    assert s.produces("sum-missing", s.expected[0], dz, step="dJ/db")
    assert s.produces("sum-wrong-axis", s.expected[0], dz.sum(axis=1), step="dJ/db")


def test_a_product_without_its_sum_is_an_elementwise_product() -> None:
    s = setting("linear-regression")
    assert s.produces("hadamard", s.array("X") * s.adjoint("z")[:, None], s.expected[1], step="dJ/dw")


def test_a_transposed_gradient_is_the_transpose() -> None:
    s = setting("softmax-regression")
    assert s.produces("transposed", s.expected[0].T, s.expected[1], step="dJ/dW")


def test_a_factor_without_brackets_reaches_the_first_term_only() -> None:
    s = setting("linear-regression", outputs=("dJ/dz",), given=("z",))
    z, y = s.array("z"), s.array("y")
    assert s.produces("precedence", 2 / len(y) * z - y)


def test_subtracting_a_column_from_a_vector_compares_all_with_all() -> None:
    s = setting("linear-regression", outputs=("J",), given=("z",))
    z, y = s.array("z"), s.array("y")
    assert s.produces("broadcast", np.mean((z[:, None] - y) ** 2))


def _network(activation: str) -> tuple[Setting, Any, Any, Any]:
    s = setting("mlp", activation=activation)
    return s, s.array("z1"), s.array("a1"), s.adjoint("z2") @ s.array("W2")


def _first_layer(s: Setting, dz1: Any) -> tuple[Any, ...]:
    return dz1.T @ s.array("X"), dz1.sum(axis=0), *s.expected[2:]


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "improved-sigmoid"])
def test_a_missing_activation_derivative_passes_the_gradient_through(activation: str) -> None:
    s, _, _, da1 = _network(activation)
    assert s.produces("activation-missing", *_first_layer(s, da1))


def test_a_slope_taken_at_the_wrong_place_is_that_slope() -> None:
    s, z1, a1, da1 = _network("sigmoid")
    again = 1 / (1 + np.exp(-a1))
    assert s.produces("activation-argument", *_first_layer(s, da1 * again * (1 - again)))
    assert s.produces("activation-argument", *_first_layer(s, da1 * z1 * (1 - z1)))
    s, z1, a1, da1 = _network("relu")
    assert s.produces("activation-argument", *_first_layer(s, da1 * (da1 > 0)))


def test_a_slope_that_is_itself_wrong_is_one_that_students_write() -> None:
    s, _, a1, da1 = _network("sigmoid")
    assert s.produces("activation-derivative", *_first_layer(s, da1 * a1))
    assert s.produces("activation-derivative", *_first_layer(s, da1 * (1 - a1**2)))
    s, _, a1, da1 = _network("improved-sigmoid")
    assert s.produces("activation-derivative", *_first_layer(s, da1 * (1 - a1**2)))
    assert s.produces("activation-derivative", *_first_layer(s, da1 * (1.7159 - a1**2 / 1.7159)))


def test_pre_activations_in_place_of_activations_change_the_weights_above() -> None:
    s, z1, _, _ = _network("tanh")
    dW2 = s.adjoint("z2").T @ z1
    assert s.produces("wrong-operand", s.expected[0], s.expected[1], dW2, s.expected[3], step="dJ/dW2")


def test_the_diagonal_of_the_softmax_jacobian_alone_is_recognised() -> None:
    s = setting("softmax-regression", outputs=("dJ/dz",), given=("z",))
    Y, y_hat = s.array("Y"), s.array("y_hat")
    assert s.produces("softmax-diagonal", -Y * (1 - y_hat) / len(Y))


def test_softmax_over_the_samples_and_softmax_twice_are_what_they_say() -> None:
    s = setting("softmax-regression", outputs=("y_hat",), given=("z",))
    z, y_hat = s.array("z"), s.array("y_hat")
    assert s.produces("softmax-axis", np.exp(z) / np.exp(z).sum(axis=0))
    assert s.produces("softmax-twice", np.exp(y_hat) / np.exp(y_hat).sum(axis=1, keepdims=True))


def test_the_regulariser_goes_wrong_in_its_own_ways() -> None:
    s = setting("ridge")
    (dw, db), w, b, rate = s.expected, s.array("w"), s.array("b"), s.array("lambda")
    n, penalty = s.environment.sizes["n"], 2 * rate * w

    assert s.produces("regulariser-missing", dw - penalty, db, step="dJ/dw")
    assert s.produces("regulariser-factor", dw - penalty / 2, db, step="dJ/dw")
    assert s.produces("regulariser-factor", dw + penalty, db, step="dJ/dw")
    assert s.produces("regulariser-sign", dw - 2 * penalty, db, step="dJ/dw")
    assert s.produces("regulariser-scaled", dw - penalty + penalty / n, db, step="dJ/dw")
    assert s.produces("regulariser-form", dw - penalty + penalty * w, db, step="dJ/dw")
    assert s.produces("regulariser-on-bias", dw, db + 2 * rate * b, step="dJ/db")


def test_the_same_slip_is_made_in_every_layer() -> None:
    s = setting("mlp", l2="full")
    dW1, db1, dW2, db2 = s.expected
    rate = s.array("lambda")
    both = dW1 - 2 * rate * s.array("W1"), db1, dW2 - 2 * rate * s.array("W2"), db2
    assert s.produces("regulariser-missing", *both)


def test_a_large_epsilon_in_a_logarithm_is_another_loss() -> None:
    s = setting("softmax-regression", outputs=("J",), given=("y_hat",), route="y-hat")
    Y, y_hat = s.array("Y"), s.array("y_hat")
    assert s.produces("wrong-loss", -np.mean((Y * np.log(y_hat + 1e-2)).sum(axis=1)))


def test_a_loss_that_is_not_one_is_recognised() -> None:
    s = setting("linear-regression", outputs=("J",), given=("z",))
    residual = s.array("y") - s.array("z")
    assert s.produces("not-a-loss", np.mean(np.abs(residual)))
    assert s.produces("not-a-loss", residual**2)


def test_a_slope_of_relu_at_its_value_is_no_mistake() -> None:
    s, _, _, da1 = _network("relu")
    right = _first_layer(s, da1 * (s.array("a1") > 0))
    assert s.produces("activation-argument", *right), "it is offered, and changes nothing"
    np.testing.assert_allclose(right[0], s.expected[0])


# Another loss, derived again ------------------------------------------------------------------------------------------


def test_a_wrong_loss_comes_with_the_gradient_that_belongs_to_it() -> None:
    s = setting("linear-regression", outputs=("J", "dJ/dz"), given=("z",))
    z, y, n = s.array("z"), s.array("y"), s.environment.sizes["n"]
    assert s.produces("wrong-loss", np.mean(np.abs(y - z)), np.sign(z - y) / n)
    assert s.produces("wrong-loss", np.mean((y - z) ** 4), 4 * (z - y) ** 3 / n)
    assert s.produces("wrong-loss", np.mean((y - z) ** 4), s.expected[1]), "and with the gradient left as it was"


def test_cross_entropy_goes_wrong_in_loss_and_gradient_alike() -> None:
    s = setting("softmax-regression", outputs=("J", "dJ/dz"), given=("z",))
    Y, p, n = s.array("Y"), s.array("y_hat"), s.environment.sizes["n"]
    d = 2 * (p - Y)
    squares = np.mean(((p - Y) ** 2).sum(axis=1))
    assert s.produces("wrong-loss", squares, (p * d - p * (p * d).sum(axis=1, keepdims=True)) / n)
    epsilon = -Y * p / (p + 1e-3)
    gradient = (epsilon - p * epsilon.sum(axis=1, keepdims=True)) / n
    assert s.produces("wrong-loss", -np.mean((Y * np.log(p + 1e-3)).sum(axis=1)), gradient)


# Softmax and labels ---------------------------------------------------------------------------------------------------


def test_softmax_goes_wrong_in_its_sum() -> None:
    s = setting("softmax-regression", outputs=("y_hat",), given=("z",))
    z, e = s.array("z"), np.exp(s.array("z"))
    shifted = np.exp(z - z.max(axis=1, keepdims=True))
    assert s.produces("softmax-axis", e / e.sum())
    assert s.produces("sum-missing", e)
    assert s.produces("wrong-operand", e - e.sum(axis=1, keepdims=True))
    assert s.produces("term-sign", 1 / e / (1 / e).sum(axis=1, keepdims=True))
    assert s.produces("sum-range", e / e[:, :-1].sum(axis=1, keepdims=True))
    assert s.produces("wrong-operand", shifted / e.sum(axis=1, keepdims=True))
    assert s.produces("hard-argmax", 1.0 * (z == z.max(axis=1, keepdims=True)))


def test_softmax_of_probabilities_that_are_given_is_softmax_twice() -> None:
    s = setting("softmax-regression", outputs=("J",), given=("y_hat",), route="y-hat")
    again = np.exp(s.array("y_hat")) / np.exp(s.array("y_hat")).sum(axis=1, keepdims=True)
    assert s.produces("softmax-twice", -np.mean((s.array("Y") * np.log(again)).sum(axis=1)))


def test_the_way_from_the_loss_to_the_logits_goes_wrong_in_its_own_ways() -> None:
    s = setting("softmax-regression", outputs=("dJ/dz",), given=("z",))
    Y, p, n = s.array("Y"), s.array("y_hat"), s.environment.sizes["n"]
    assert s.produces("chain-factor-missing", -Y / p / n)
    assert s.produces("softmax-jacobian", (p - Y) * p * (1 - p) / n)
    assert s.produces("term-missing", p / n)
    assert s.produces("softmax-twice", (np.exp(p) / np.exp(p).sum(axis=1, keepdims=True) - Y) / n)
    assert s.produces("wrong-power", (p - Y) ** 2 / n)


def test_labels_are_taken_from_the_wrong_place() -> None:
    s = setting("softmax-regression", outputs=("dJ/dz",), given=("z",))
    Y, p, n = s.array("Y"), s.array("y_hat"), s.environment.sizes["n"]
    y = Y.argmax(axis=1)
    columns, first = p.copy(), p.copy()
    columns[:, y] -= 1
    first[np.arange(n), 0] -= 1
    assert s.produces("wrong-index", columns / n)
    assert s.produces("wrong-index", first / n)
    assert s.produces("labels-shifted", (p - np.roll(Y, 1, axis=1)) / n)
    assert s.produces("wrong-data", (p - Y[::-1]) / n)
    assert s.produces("wrong-data", (p - y[:, None]) / n)


def test_every_label_with_every_logarithm_is_a_matrix_product() -> None:
    s = setting("softmax-regression", outputs=("J",), given=("z",))
    Y, p = s.array("Y"), s.array("y_hat")
    assert s.produces("hadamard", -np.sum(Y @ np.log(p).T) / len(Y))


# Activations on the way forward ---------------------------------------------------------------------------------------


def test_an_activation_is_another_one_or_lacks_its_brackets() -> None:
    s = setting("mlp", outputs=("a1",), given=("z1",), activation="sigmoid")
    z = s.array("z1")
    assert s.produces("precedence", 1 / 1 + np.exp(-z))
    assert s.produces("term-sign", 1 / (1 + np.exp(z)))
    assert s.produces("wrong-activation", np.tanh(z))
    s = setting("mlp", outputs=("a1",), given=("z1",), activation="tanh")
    z = s.array("z1")
    assert s.produces("precedence", np.exp(z) - np.exp(-z) / np.exp(z) + np.exp(-z))
    s = setting("mlp", outputs=("a1",), given=("z1",), activation="improved-sigmoid")
    assert s.produces("factor", 1.7259 * np.tanh(2 / 3 * s.array("z1")))
    s = setting("mlp", outputs=("a1",), given=("z1",), activation="relu")
    z = s.array("z1")
    assert s.produces("wrong-activation", np.where(z > 0, z, 0.01 * z))


@pytest.mark.parametrize("derivative", ["of what it should be", "of what it is"])
def test_a_wrong_activation_goes_on_into_every_gradient(derivative: str) -> None:
    s, z1, _, _ = _network("tanh")
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ s.array("W2").T + s.array("b2")
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    dz2 = (p - s.array("Y")) / len(p)
    slope = 1 - np.tanh(z1) ** 2 if derivative == "of what it should be" else a1 * (1 - a1)
    dz1 = dz2 @ s.array("W2") * slope
    assert s.produces("wrong-activation", dz1.T @ s.array("X"), dz1.sum(axis=0), dz2.T @ a1, dz2.sum(axis=0))


def test_a_slope_is_wrong_in_a_square_a_bracket_or_the_bias() -> None:
    s, z1, a1, da1 = _network("sigmoid")
    assert s.produces("activation-derivative", *_first_layer(s, da1 * a1 * (1 - a1**2)))
    assert s.produces("precedence", *_first_layer(s, da1 * a1 - a1))
    s, z1, a1, da1 = _network("relu")
    assert s.produces("activation-argument", *_first_layer(s, da1 * (z1 - s.array("b1") > 0)))
    assert s.produces("precedence", *_first_layer(s, 1.0 * (da1 * z1 > 0)))


# Chain and data -------------------------------------------------------------------------------------------------------


def test_the_chain_goes_on_from_another_adjoint_or_loses_a_factor() -> None:
    s, _, a1, da1 = _network("sigmoid")
    assert s.produces("wrong-adjoint", da1.T @ s.array("X"), *s.expected[1:], step="dJ/dW1")
    assert s.produces("chain-factor-missing", *_first_layer(s, da1 * a1))


def test_one_samples_term_times_their_number_is_no_sum() -> None:
    s = setting("linear-regression")
    X, dz = s.array("X"), s.adjoint("z")
    assert s.produces("sum-missing", len(X) * X[0] * dz[0], s.expected[1], step="dJ/dw")


def test_other_data_go_through_the_whole_function() -> None:
    s = setting("linear-regression")
    X, y, w, b = (s.array(name) for name in ("X", "y", "w", "b"))

    def gradients(X: Any, y: Any, count: int | None = None) -> tuple[Any, Any]:
        dz = 2 * (X @ w + b - y) / (count or len(y))
        return X.T @ dz, dz.sum()

    half = len(y) // 2
    assert s.produces("samples-dropped", *gradients(X[:half], y[:half]))
    assert s.produces("samples-dropped", *gradients(X[:-1], y[:-1], len(y)))
    assert s.produces("wrong-data", *gradients(X - X.mean(axis=0), y))
    assert s.produces("wrong-data", *gradients(X[::-1], y))
    assert s.produces("broadcast", *_crossed(X, X @ w + b, y))


def _crossed(X: Any, z: Any, y: Any) -> tuple[Any, Any]:
    """(n, 1) minus (n,): a residual for every pair."""
    residuals = z[:, None] - y
    return 2 * (X.T @ residuals).sum(axis=1) / len(y), 2 * residuals.sum() / len(y)


# Layers ---------------------------------------------------------------------------------------------------------------


class Normalised:
    """The arrays of a normalisation by hand, the statistics over one axis."""

    def __init__(self, found: Setting, axis: int) -> None:
        x, self.gamma, self.dout = (found.array(name) for name in ("x", "gamma", "dout"))
        self.count = x.shape[axis]
        self.deviation = np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5)
        self.x_hat = (x - x.mean(axis=axis, keepdims=True)) / self.deviation
        self.g = self.gamma * self.dout
        self.mean = self.g.mean(axis=axis, keepdims=True)
        self.part = self.x_hat * (self.g * self.x_hat).mean(axis=axis, keepdims=True)


NORMALISATIONS = [("batch-normalisation", 0), ("layer-normalisation", 1)]


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_a_mean_or_a_variance_is_taken_for_a_constant(name: str, axis: int) -> None:
    s = setting(name, outputs=("dJ/dx",))
    h = Normalised(s, axis)
    assert s.produces("term-missing", (h.g - h.part) / h.deviation, step="dJ/dx")
    assert s.produces("term-missing", (h.g - h.mean) / h.deviation, step="dJ/dc")
    assert s.produces("term-missing", h.g / h.deviation)


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_the_mean_in_a_normalisation_is_a_sum(name: str, axis: int) -> None:
    s = setting(name, outputs=("dJ/dx",))
    h = Normalised(s, axis)
    assert s.produces("mean-missing", (h.g - h.mean - h.count * h.part) / h.deviation, step="dJ/dc")
    assert s.produces("mean-missing", (h.g - h.count * h.mean - h.part) / h.deviation, step="dJ/dx")
    # Both sums: the gradient by the sum over c, which the part through std has not, is count times the mean's.
    assert s.produces("mean-missing", (h.g - h.count * h.mean - h.count * h.part) / h.deviation)


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_the_scale_is_forgotten_on_the_way_back(name: str, axis: int) -> None:
    s = setting(name, outputs=("dJ/dx",))
    h = Normalised(s, axis)
    mean, part = h.dout.mean(axis=axis, keepdims=True), (h.dout * h.x_hat).mean(axis=axis, keepdims=True)
    without = (h.dout - mean - h.x_hat * part) / h.deviation
    assert s.produces("chain-factor-missing", without)
    assert s.produces("wrong-index", h.gamma * without) is (axis == 1)


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_statistics_over_the_other_axis_make_the_other_layer(name: str, axis: int) -> None:
    h = Normalised(setting(name), 1 - axis)
    gradient = (h.g - h.mean - h.part) / h.deviation
    assert setting(name).produces("sum-wrong-axis", gradient, (h.dout * h.x_hat).sum(axis=0), setting(name).expected[2])
    forward = setting(name, outputs=("out",))
    assert forward.produces("sum-wrong-axis", h.gamma * h.x_hat + forward.array("beta"))


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_a_shift_or_a_scale_has_its_sum_over_the_wrong_axis(name: str, axis: int) -> None:
    s = setting(name)
    h = Normalised(s, axis)
    dx, dgamma, dbeta = s.expected
    assert s.produces("sum-wrong-axis", dx, dgamma, h.dout.sum(axis=1), step="dJ/dbeta")
    assert s.produces("sum-wrong-axis", dx, (h.dout * h.x_hat).sum(axis=1), dbeta, step="dJ/dgamma")


@pytest.mark.parametrize(("name", "axis"), NORMALISATIONS)
def test_normalised_values_lack_their_mean_their_root_or_their_scale(name: str, axis: int) -> None:
    s = setting(name, outputs=("out",))
    h = Normalised(s, axis)
    beta, c = s.array("beta"), h.x_hat * h.deviation
    assert s.produces("term-missing", h.gamma * s.array("x") / h.deviation + beta, step="x_hat")
    assert s.produces("wrong-power", h.gamma * c / h.deviation**2 + beta, step="x_hat")
    assert s.produces("chain-factor-missing", h.x_hat + beta, step="out")


def test_a_filter_is_turned_round() -> None:
    s = setting("convolution", outputs=("out", "dJ/dx"))
    x, w, dout = s.array("x"), s.array("w"), s.array("dout")
    turned = w[:, :, ::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    out = np.einsum("icrsad,fcad->ifrs", windows, turned) + s.array("b")[:, None, None]
    dx = np.zeros(x.shape)
    for r, c in np.ndindex(*dout.shape[2:]):
        dx[:, :, r : r + w.shape[2], c : c + w.shape[3]] += np.einsum("if,fcad->icad", dout[:, :, r, c], turned)

    assert s.produces("wrong-index", out, s.expected[1])
    assert s.produces("wrong-index", s.expected[0], dx)
