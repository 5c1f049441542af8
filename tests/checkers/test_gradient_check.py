"""Right gradients pass in many styles, planted mistakes are found and named, and what cannot be told is undecided."""

from __future__ import annotations

import html

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.errors import ShapeError, UsageError
from checkers.findings import Verdict
from checkers.gradient_check import assert_gradient, check_gradient

A = np.random.default_rng(5).standard_normal((5, 4))
W = np.random.default_rng(6).standard_normal((4, 3))
w = np.array([0.5, -1.5, 2.5])


def codes(report):
    return [finding.code for finding in report.findings]


def quadratic(v):
    return np.sum(v**2) / 2


class Network:
    """A relu network small enough for a test, large enough that its first tensor is not measured entry by entry."""

    def __init__(self, seed, sizes=(20, 12, 5), batch=7, complex_step=True):
        rng = np.random.default_rng(seed)
        self.X, self.labels = rng.standard_normal((batch, sizes[0])), rng.integers(0, sizes[-1], batch)
        self.parameters = {
            "W1": rng.standard_normal(sizes[:2]) / np.sqrt(sizes[0]),
            "b1": np.zeros(sizes[1]),
            "W2": rng.standard_normal(sizes[1:]) / np.sqrt(sizes[1]),
            "b2": np.zeros(sizes[2]),
        }
        self.complex_step = complex_step

    def loss(self, p):
        Z1 = self.X @ p["W1"] + p["b1"]
        A1 = np.maximum(Z1, 0) if self.complex_step else (np.abs(Z1) + Z1) / 2
        Z2 = A1 @ p["W2"] + p["b2"]
        J = np.mean(np.log(np.sum(np.exp(Z2), axis=1)) - Z2[np.arange(len(Z2)), self.labels])
        return J if self.complex_step else float(J)

    def gradient(self, p):
        Z1 = self.X @ p["W1"] + p["b1"]
        A1 = np.maximum(Z1, 0)
        P = np.exp(A1 @ p["W2"] + p["b2"])
        P /= P.sum(axis=1, keepdims=True)
        P[np.arange(len(P)), self.labels] -= 1
        D2 = P / len(P)
        D1 = D2 @ p["W2"].T * (Z1 > 0)
        return {"W1": self.X.T @ D1, "b1": D1.sum(axis=0), "W2": A1.T @ D2, "b2": D2.sum(axis=0)}


# Right gradients


@pytest.mark.parametrize(
    ("f", "grad", "x"),
    [
        (quadratic, lambda v: v, w),
        (quadratic, w.copy(), w),
        (lambda v: v**3, lambda v: 3 * v**2, 2.0),
        (lambda u, v: np.sum(u) * v, lambda u, v: (np.full(3, v), np.sum(u)), (w, 2.0)),
        (lambda p: np.sum(p["W"]) * p["b"], lambda p: {"W": p["b"] + 0 * w, "b": np.sum(p["W"])}, {"W": w, "b": 2.0}),
        (lambda p: quadratic(p["W"]), lambda p: {"dW": p["W"]}, {"W": w}),
        (lambda p: quadratic(p["W"]) + p["b"], lambda p: (p["W"], 1.0), {"W": w, "b": 2.0}),
        (lambda layers: sum(quadratic(layer[0]) for layer in layers), lambda layers: layers, [(w,), (W,)]),
        (lambda v: np.sum(np.square(v)), lambda v: [2.0, 4.0], [1.0, 2.0]),
        (lambda v: np.sum(v**2, keepdims=True), lambda v: 2 * v, w),
        (quadratic, lambda v: v, np.ones((0, 2)).sum(axis=0)),
        (lambda u, v: quadratic(u), lambda u, v: (u, v), (w, np.zeros((0, 2)))),
    ],
    ids=[
        "array",
        "gradient-as-array",
        "number",
        "tuple",
        "dict",
        "d-before-the-key",
        "tuple-for-dict",
        "list-of-layers",
        "list-of-numbers",
        "one-number-in-an-array",
        "zeros",
        "empty-tensor",
    ],
)
def test_right_gradients_pass_in_every_structure(f, grad, x):
    report = check_gradient(f, grad, x)
    assert report.verdict is Verdict.RIGHT, str(report)
    assert not report.findings
    assert_gradient(f, grad, x)


@pytest.mark.parametrize("complex_step", [True, False], ids=["complex-step", "central"])
def test_right_relu_network_passes_on_every_seed(complex_step):
    for seed in range(20):
        network = Network(seed, complex_step=complex_step)
        report = check_gradient(network.loss, network.gradient, network.parameters, seed=seed)
        assert report.verdict is Verdict.RIGHT, str(report)
        assert report.tensors[0].method == ("complex step" if complex_step else "central difference")


def test_large_tensor_costs_tens_of_evaluations():
    x = np.random.default_rng(0).standard_normal(100_000)
    report = check_gradient(lambda v: np.sum(np.sin(v)), np.cos, x)
    assert report.verdict is Verdict.RIGHT
    assert report.evaluations < 40


@given(seed=st.integers(0, 10_000), power=st.integers(-9, 6))
@settings(max_examples=60, deadline=None)
def test_verdict_does_not_depend_on_the_scale_of_the_loss(seed, power):
    rng = np.random.default_rng(seed)
    x, scale = rng.standard_normal(40), 10.0**power
    right = check_gradient(lambda v: scale * np.sum(np.tanh(v)), scale * (1 - np.tanh(x) ** 2), x)
    assert right.verdict is Verdict.RIGHT, str(right)
    wrong = check_gradient(lambda v: scale * np.sum(np.tanh(v)), scale * (np.tanh(x) ** 2 - 1), x)
    assert codes(wrong) == ["sign-flipped"]


def test_same_seed_gives_the_same_report():
    network = Network(3)
    first, second = (check_gradient(network.loss, network.gradient, network.parameters, seed=7) for _ in range(2))
    assert first == second


# Planted mistakes


def planted(change):
    def of(network):
        def gradient(p):
            found = network.gradient(p)
            change(found)
            return found

        return gradient

    return of


def scale(name, factor):
    return planted(lambda g: g.update({name: factor * g[name]}))


def zero_one_unit(g):
    g["W1"][:, np.argmax(np.abs(g["b1"]))] = 0


MISTAKES = {
    "b1-times-n": (scale("b1", 7), "mean-missing", ("b1",)),
    "W2-twice-averaged": (scale("W2", 1 / 7), "mean-twice", ("W2",)),
    "b2-sign": (scale("b2", -1), "sign-flipped", ("b2",)),
    "W1-times-1.001": (scale("W1", 1.001), "factor", ("W1",)),
    "W1-twice": (scale("W1", 2.0), "factor", ("W1",)),
    "everything-times-1.01": (
        planted(lambda g: g.update({name: 1.01 * g[name] for name in g})),
        "factor",
        ("W1", "b1", "W2", "b2"),
    ),
    "one-unit-zeroed": (planted(zero_one_unit), "unknown", ("W1",)),
    "bias-missing": (planted(lambda g: g.pop("b2")), "not-implemented", ("b2",)),
    "nan": (
        planted(lambda g: g.update({"b1": g["b1"] / np.where(g["b1"] == g["b1"][0], np.nan, 1)})),
        "not-finite",
        ("b1",),
    ),
}


@pytest.mark.parametrize("complex_step", [True, False], ids=["complex-step", "central"])
@pytest.mark.parametrize("name", MISTAKES)
def test_planted_mistakes_are_found_and_named(name, complex_step):
    mistake, code, outputs = MISTAKES[name]
    for seed in range(5):
        network = Network(seed, complex_step=complex_step)
        report = check_gradient(network.loss, mistake(network), network.parameters, seed=seed)
        assert report.verdict is Verdict.WRONG, str(report)
        assert (report.findings[0].code, report.findings[0].outputs) == (code, outputs), str(report)
        assert [tensor.name for tensor in report.tensors if tensor.verdict is not Verdict.RIGHT] == list(outputs)


@pytest.mark.parametrize("complex_step", [True, False], ids=["complex-step", "central"])
@pytest.mark.parametrize("position", range(12))
def test_an_error_of_a_thousandth_in_one_entry_of_a_small_tensor_is_refused(position, complex_step):
    grad = np.exp(W)
    grad.flat[position] *= 1.001
    f = (lambda v: np.sum(np.exp(v))) if complex_step else (lambda v: float(np.sum(np.exp(v))))
    report = check_gradient(f, grad, W)
    assert report.verdict is Verdict.WRONG
    assert [entry.index for entry in report.tensors[0].wrong] == [np.unravel_index(position, W.shape)]


def test_an_error_of_a_thousandth_in_the_smallest_entry_is_refused():
    x = np.array([-8.0, 0.0, 5.0])  # exp(-8) is 2e-6 of exp(5)
    assert check_gradient(lambda v: np.sum(np.exp(v)), np.exp(x) * [1.001, 1, 1], x).verdict is Verdict.WRONG


@pytest.mark.parametrize("seed", range(10))
def test_one_flipped_entry_among_thousands_is_found_and_located(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((100, 60))
    grad = np.cos(x)
    index = tuple(int(i) for i in rng.integers(0, (100, 60)))
    grad[index] *= -1
    report = check_gradient(lambda v: np.sum(np.sin(v)), grad, x, seed=seed)
    assert report.verdict is Verdict.WRONG
    assert report.tensors[0].wrong[0].index == index
    assert report.tensors[0].wrong[0].expected == pytest.approx(np.cos(x)[index])


def test_smallest_error_found_is_found_and_not_promised_below():
    x = np.random.default_rng(0).standard_normal(5000)
    sure = check_gradient(lambda v: np.sum(np.sin(v)), np.cos, x).tensors[0].smallest_error_found
    for position in range(0, 5000, 500):
        grad = np.cos(x)
        grad[position] += 1.01 * sure
        assert check_gradient(lambda v: np.sum(np.sin(v)), grad, x).verdict is Verdict.WRONG


@pytest.mark.parametrize("wrong", [-2e-9, 2.02e-9, 0.0], ids=["sign", "1-percent", "zero"])
def test_tiny_gradients_get_no_free_pass(wrong):
    f = lambda v: 1e-9 * np.sum(v**2)  # noqa: E731
    assert check_gradient(f, lambda v: 2e-9 * v, w).verdict is Verdict.RIGHT
    assert check_gradient(f, lambda v: wrong * v, w).verdict is Verdict.WRONG


def test_tiny_slope_of_a_loss_of_ordinary_size_with_the_wrong_sign_is_refused():
    x = np.array([20.0, 21.0, 22.0])  # a saturated sigmoid: the loss is 3, its slopes are 1e-9
    slope = np.exp(-x) / (1 + np.exp(-x)) ** 2
    for f in (lambda v: np.sum(1 / (1 + np.exp(-v))), lambda v: float(np.sum(1 / (1 + np.exp(-v))))):
        assert codes(check_gradient(f, -slope, x)) == ["sign-flipped"]
        assert check_gradient(f, slope, x).verdict is not Verdict.WRONG


def test_transposed_gradients_are_named():
    square = A[:4]
    weights = np.arange(16.0).reshape(4, 4)
    report = check_gradient(lambda v: np.sum(weights * v**2), lambda v: 2 * (weights * v).T, square)
    assert codes(report) == ["transposed"]
    assert codes(check_gradient(quadratic, lambda v: v.T, A)) == ["transposed"]


def test_missing_sum_over_the_samples_is_named():
    f = lambda b: np.sum((A + b) ** 2) / 2  # noqa: E731
    report = check_gradient(f, lambda b: A + b, np.ones(4))
    assert codes(report) == ["sum-missing"]
    assert report.verdict is Verdict.WRONG


def test_wrong_shape_that_nothing_explains_shows_both_shapes():
    report = check_gradient(quadratic, np.ones((2, 2)), w)
    assert codes(report) == ["wrong-shape"]
    assert "(3,), but it is (2, 2)" in report.findings[0].message


def test_column_for_a_vector_is_a_note_when_the_values_agree_and_wrong_when_not():
    right = check_gradient(quadratic, lambda v: v[:, None], w)
    assert right.verdict is Verdict.RIGHT
    assert [finding.is_fault for finding in right.findings] == [False]
    wrong = check_gradient(quadratic, lambda v: -v[:, None], w)
    assert wrong.verdict is Verdict.WRONG
    assert codes(wrong) == ["sign-flipped", "wrong-shape"]


def test_l1_term_forgotten_in_the_gradient_is_found_though_complex_step_forgets_it_too():
    f = lambda v: np.sum(v**2) + 0.1 * np.sum(np.abs(v))  # noqa: E731
    assert check_gradient(f, lambda v: 2 * v, w).verdict is Verdict.WRONG
    assert check_gradient(f, lambda v: 2 * v + 0.1 * np.sign(v), w).verdict is Verdict.RIGHT


def test_claim_is_not_refused_by_a_complex_step_that_was_confirmed_less_well():
    """The term complex step loses is too small for a central difference to see beside an offset of 1e10."""
    f = lambda v: 1e10 + np.sum(v**2) + 1e-5 * np.sum(np.abs(v))  # noqa: E731
    report = check_gradient(f, lambda v: 2 * v + 1e-5 * np.sign(v), w)
    assert report.tensors[0].method == "complex step"
    assert report.verdict is Verdict.UNDECIDED, str(report)


# Kinks


def hinge(v):
    return np.sum(np.maximum(v, 0) * [1, 2, 3])


def test_point_on_a_kink_is_checked_beside_it_and_the_report_says_so():
    report = check_gradient(hinge, lambda v: (v > 0) * [1.0, 2, 3], np.zeros(3))
    assert report.verdict is Verdict.RIGHT
    assert any("f has a kink there" in sentence for sentence in report.not_checked)
    assert check_gradient(hinge, lambda v: (v < 0) * [1.0, 2, 3], np.zeros(3)).verdict is Verdict.WRONG


def test_point_on_a_kink_is_undecided_when_the_gradient_is_no_function():
    report = check_gradient(hinge, np.zeros(3), np.zeros(3))
    assert report.verdict is Verdict.UNDECIDED
    assert "kink" in report.tensors[0].reason


@given(seed=st.integers(0, 10_000), nearness=st.floats(-12, -2))
@settings(max_examples=80, deadline=None)
def test_right_gradient_next_to_a_kink_is_never_called_wrong(seed, nearness):
    rng = np.random.default_rng(seed)
    x = rng.choice([-1, 1], 50) * 10.0**nearness * rng.uniform(0.1, 10, 50)
    f = lambda v: float(np.sum(np.maximum(v, 0) + np.cos(v)))  # noqa: E731
    assert check_gradient(f, lambda v: (v > 0) - np.sin(v), x, seed=seed).verdict is not Verdict.WRONG


# What cannot be told


def test_cancellation_is_undecided_with_the_reason():
    f = lambda v: 1e8 + 1e-9 * np.sum(v**2)  # noqa: E731
    report = check_gradient(f, lambda v: 2e-9 * v, w)
    assert report.verdict is Verdict.UNDECIDED
    assert "f is 1e+08 with rounding errors near" in report.tensors[0].reason


@given(seed=st.integers(0, 10_000), size=st.sampled_from([2, 20, 60]))
@settings(max_examples=60, deadline=None)
def test_right_gradient_of_a_float32_loss_is_never_called_wrong(seed, size):
    rng = np.random.default_rng(seed)
    a, x = rng.standard_normal(size), rng.standard_normal(size)
    f = lambda v: 1.1 * float(np.sum(np.tanh(v.astype(np.float32) * a.astype(np.float32))))  # noqa: E731
    report = check_gradient(f, lambda v: 1.1 * a * (1 - np.tanh(a * v) ** 2), x, seed=seed)
    assert report.verdict is not Verdict.WRONG, str(report)
    flipped = check_gradient(f, lambda v: -1.1 * a * (1 - np.tanh(a * v) ** 2), x, seed=seed)
    assert flipped.verdict is Verdict.WRONG, str(flipped)


def test_float32_gradient_is_right_with_a_note():
    report = check_gradient(lambda v: np.sum(v**4), lambda v: (4 * v**3).astype(np.float32), A)
    assert report.verdict is Verdict.RIGHT
    assert codes(report) == ["low-precision"]
    report = check_gradient(lambda v: np.sum(v**4), lambda v: (4.04 * v**3).astype(np.float32), A)
    assert report.verdict is Verdict.WRONG


def test_errors_that_look_like_float32_are_a_note_but_not_in_one_entry_alone():
    noisy = np.exp(W) * (1 + 4e-6 * np.random.default_rng(0).uniform(-1, 1, W.shape))
    report = check_gradient(lambda v: np.sum(np.exp(v)), noisy, W)
    assert (report.verdict, codes(report)) == (Verdict.RIGHT, ["low-precision"])
    one = np.exp(W)
    one[0, 0] *= 1 + 4e-6
    assert check_gradient(lambda v: np.sum(np.exp(v)), one, W).verdict is Verdict.WRONG


def test_dropout_without_a_seed_is_undecided():
    rng = np.random.default_rng(0)
    report = check_gradient(lambda v: np.sum(v**2 * (rng.random(3) < 0.5)), lambda v: 2 * v, w)
    assert report.verdict is Verdict.UNDECIDED
    assert codes(report) == ["not-deterministic"]


def test_random_gradient_of_a_deterministic_loss_is_wrong():
    rng = np.random.default_rng(0)
    report = check_gradient(quadratic, lambda v: v * (rng.random(3) < 0.5), w)
    assert (report.verdict, codes(report)) == (Verdict.WRONG, ["not-deterministic"])


def test_loss_that_is_not_finite_is_undecided():
    report = check_gradient(lambda v: np.sum(v) * np.inf, lambda v: v, np.ones(2))
    assert (report.verdict, codes(report)) == (Verdict.UNDECIDED, ["not-finite"])


# Behaviour


def test_functions_that_change_their_input_are_noted_and_do_no_harm():
    def f(v):
        v *= 2
        return np.sum(v**2)

    def grad(v):
        v *= 8
        return v

    x = w.copy()
    report = check_gradient(f, grad, x)
    assert report.verdict is Verdict.RIGHT
    assert codes(report) == ["mutates-input", "mutates-input"]
    np.testing.assert_array_equal(x, w)


def test_integer_point_is_measured_in_float_and_a_truncating_gradient_is_named():
    x = np.array([1, 2, 4])
    f = lambda v: np.sum(v**2) / 3  # noqa: E731
    assert check_gradient(f, lambda v: v * 2 / 3, x).verdict is Verdict.RIGHT
    report = check_gradient(f, lambda v: (v * 2 / 3).astype(v.dtype), x)
    assert report.verdict is Verdict.WRONG
    assert (report.findings[0].code, report.findings[0].is_fault) == ("integer-dtype", True)


def test_float32_point_is_checked_in_float64_with_a_note():
    report = check_gradient(quadratic, lambda v: v, w.astype(np.float32))
    assert (report.verdict, codes(report)) == (Verdict.RIGHT, ["low-precision"])


def test_warnings_of_the_functions_under_probing_stay_inside():
    x = np.array([1e-8, 1.0])
    assert check_gradient(lambda v: np.sum(np.log(v)), lambda v: 1 / v, x).verdict is Verdict.RIGHT


# Calls that make no sense


def test_loss_that_is_no_number_is_refused_with_its_shape():
    with pytest.raises(ShapeError, match=r"one number, the loss, but it returns ndarray of shape \(3,\). Try its mean"):
        check_gradient(lambda v: v**2, lambda v: 2 * v, w)


@pytest.mark.parametrize("rtol", [0, 1.0, -1e-3])
def test_tolerance_that_can_never_be_met_is_refused(rtol):
    with pytest.raises(UsageError, match=r"Try rtol=1e-06"):
        check_gradient(quadratic, lambda v: v, w, rtol=rtol)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (np.array([1.0, np.nan]), "must be finite"),
        ({"W": w, "name": "W"}, "name must be an array of real numbers"),
        (np.zeros(0), "nothing to check"),
        (np.array([1j]), "real numbers"),
    ],
    ids=["nan", "text", "empty", "complex"],
)
def test_point_that_cannot_be_checked_is_refused(x, text):
    with pytest.raises(UsageError, match=text):
        check_gradient(lambda *_: 1.0, lambda v: v, x)


def test_function_that_is_none_is_refused():
    with pytest.raises(UsageError, match="f must be a function"):
        check_gradient(w, quadratic, w)


# The report


def test_assert_gradient_shows_the_whole_report_on_wrong_and_on_undecided():
    with pytest.raises(AssertionError, match="sign-flipped"):
        assert_gradient(quadratic, lambda v: -v, w)
    with pytest.raises(AssertionError, match="kink"):
        assert_gradient(hinge, np.zeros(3), np.zeros(3))


def test_truth_value_of_a_report_is_refused():
    report = check_gradient(quadratic, lambda v: v, w)
    with pytest.raises(TypeError, match=r"right, wrong or undecided.*report\.verdict"):
        bool(report)


def test_text_names_tensor_entry_and_what_was_not_checked():
    x = np.random.default_rng(0).standard_normal((8, 9))
    text = str(check_gradient(lambda W1, b: quadratic(W1) + b, lambda W1, b: (W1, -1.0), (x, 0.5)))
    assert "b: Every entry has the right size and the opposite sign. [sign-flipped]" in text
    assert "b: yours -1, measured +1" in text
    assert "W1: its 72 entries one by one" in text


def test_notebook_form_escapes_the_names_of_tensors():
    report = check_gradient(lambda p: quadratic(p["<W>"]), lambda p: {"<W>": -p["<W>"]}, {"<W>": w})
    page = report._repr_html_()
    assert "<W>" not in page
    assert html.escape("<W>") in page
    assert "sign-flipped" in page


@pytest.mark.parametrize("seed", [-1, 1.5, None])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(UsageError, match="seed must be a whole number from 0 on"):
        check_gradient(lambda w: float((w**2).sum()), lambda w: 2 * w, np.ones(3), seed=seed)
