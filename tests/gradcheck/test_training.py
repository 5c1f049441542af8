"""Training on an exercise: a right student learns what the reference learns, a wrong one is seen to."""

from pathlib import Path

import numpy as np
import pytest

from checkers.errors import UsageError
from checkers.findings import Verdict
from checkers.reference_mlp import ReferenceMLP
from checkers.training.reference_learner import Layers
from checkers.training.settings import Settings
from gradcheck import check_file
from gradcheck.training import Request, prepared, train

EXERCISES = Path(__file__).parents[2] / "exercises"
HUBER = Path(__file__).parents[2] / "docs/examples/huber_regression"
FAILS_ON_MANY = """
right_backward = model_backward
def model_backward(X, Y, W, b):
    if len(X) > 20:
        raise KeyError("large")
    return right_backward(X, Y, W, b)
"""
SHORT = Settings(epochs=2, rate=0.2)


@pytest.mark.parametrize("name", ["linear_regression", "softmax_regression", "mlp", "two_layer_net"])
def test_a_solution_learns_what_the_reference_learns(name):
    done = train(Request(name, EXERCISES / name / "solution.py"), SHORT)
    reference, student = done.histories.values()
    assert student.last.train.cost == pytest.approx(reference.last.train.cost, rel=1e-9)
    assert student.costs == pytest.approx(reference.costs, rel=1e-9)
    assert reference.last.train.cost < reference.epochs[0].train.cost
    assert not done.divergences


IN_PLACE = """
right_update = backward_update
def backward_update(X, Y, W1, W2, learning_rate):
    W1[:], W2[:] = right_update(X, Y, W1, W2, learning_rate)
    return W1, W2
"""


@pytest.mark.parametrize(
    ("momentum", "tail"), [(0.0, ""), (0.9, ""), (0.9, IN_PLACE)], ids=["", "momentum", "in place"]
)
def test_a_function_that_takes_the_whole_step_is_trained(tmp_path, momentum, tail):
    file = tmp_path / "update.py"
    file.write_text((EXERCISES / "update_rules/solution.py").read_text() + tail)
    done = train(Request("update-rules", file), Settings(epochs=2, momentum=momentum))
    reference, student = done.histories.values()
    assert done.sizes == (65, 32, 10)
    assert (done.data.train.X[:, -1] == 1).all()
    assert student.stopped is None
    assert student.last.train.cost == pytest.approx(reference.last.train.cost, rel=1e-9)
    assert reference.last.train.cost < 0.95 * reference.epochs[0].train.cost
    np.testing.assert_allclose(done.first_weights["update.py"], done.first_weights["reference"], rtol=1e-9)


def test_a_mistake_is_planted_in_the_whole_step():
    slow = train(Request("update-rules", mistake="mean-twice"), SHORT)
    reference, mistaken = slow.histories.values()
    assert reference.last.train.cost < mistaken.last.train.cost < mistaken.epochs[0].train.cost
    uphill = train(Request("update-rules", mistake="residual-reversed"), Settings(epochs=3, rate=0.5))
    assert "uphill" in uphill.divergences["residual-reversed"].reason


def test_a_step_that_goes_wrong_without_a_cost_is_told_in_epochs(tmp_path):
    file = tmp_path / "uphill.py"
    text = (EXERCISES / "update_rules/solution.py").read_text()
    file.write_text(text.replace("return w - learning_rate * dw", "return w + learning_rate * dw"))
    found = train(Request("update-rules", file), Settings(epochs=3, rate=0.5)).divergences["uphill.py"]
    assert (found.step, found.epoch) == (None, 1)
    assert "uphill" in found.reason


def test_momentum_carries_on_the_steps_of_a_students_own_update():
    solution = EXERCISES / "linear_regression/solution.py"
    done = train(Request("linear-regression", solution), Settings(epochs=3, rate=0.01, momentum=0.9))
    reference, student = done.histories.values()
    assert student.costs == pytest.approx(reference.costs, rel=1e-9)


def test_momentum_and_single_precision_reach_the_student():
    settings = Settings(epochs=2, rate=0.05, momentum=0.9)
    request = Request("mlp", EXERCISES / "mlp/solution.py", hidden=(8, 6), activation="sigmoid", dtype="float32")
    reference, student = train(request, settings).histories.values()
    assert student.last.train.cost == pytest.approx(reference.last.train.cost, rel=1e-3)


def test_parameters_are_fetched_once_after_a_step_and_never_kept_beyond_the_next():
    request = Request("softmax-regression", EXERCISES / "softmax_regression/solution.py")
    with prepared(request, SHORT) as (trained, learners, _):
        student, samples = learners["solution.py"], trained.data.train
        before = student.parameters()
        assert student.parameters() is before
        student.learn(samples, [np.arange(30)], 0.1)
        after = student.parameters()
        assert not np.array_equal(after["W"], before["W"])
        student.begin(before)
        np.testing.assert_array_equal(student.parameters()["W"], before["W"])


def test_an_exercise_without_a_network_trains_on_its_own_gradients():
    done = train(Request(str(HUBER)), Settings(epochs=20))
    (history,) = done.histories.values()
    assert history.last.train.cost < 0.5 * history.epochs[0].train.cost


@pytest.mark.parametrize(
    ("request_", "sizes"),
    [
        (Request("mlp", hidden=(24, 16, 12), activation="tanh", dtype="float32"), (64, 24, 16, 12, 10)),
        (Request("mlp", activation="improved-sigmoid"), (64, 32, 10)),
        (Request("two-layer-net", hidden=()), (64, 10)),
        (Request("linear-regression", hidden=(8,)), (7, 8, 1)),
    ],
    ids=["deeper", "activation", "shallower", "of a linear model"],
)
def test_the_reference_alone_learns_layers_that_no_case_has(request_, sizes):
    done = train(request_, Settings(epochs=2, rate=0.05))
    (history,) = done.histories.values()
    assert done.sizes == sizes
    assert done.activation == (request_.activation or "relu" if len(sizes) > 2 else None)
    assert done.first_weights["reference"].shape == sizes[:2]
    assert history.last.train.cost < 0.9 * history.epochs[0].train.cost
    assert done.step_sizes is not None
    assert done.step_sizes.central.min() < (1e-2 if request_.dtype == "float32" else 1e-6)


def test_a_deep_network_at_a_rate_that_is_too_large_is_told_so():
    found = train(Request("mlp", hidden=(16, 16, 16)), Settings(epochs=2, rate=1e3)).divergences["reference"]
    assert "the rate is too large" in found.reason


def test_drawn_layers_are_the_first_weights_of_the_case():
    request, network = Request("mlp", hidden=(6, 5)), ReferenceMLP()
    settings = Settings(epochs=1, rate=1e-300)  # nothing moves
    layers = Layers.drawn((64, 6, 5, 10), "he", np.random.default_rng(settings.seed))
    done = train(request, settings)
    np.testing.assert_array_equal(done.first_weights["reference"], layers.weights[0])
    (history,) = done.histories.values()
    samples = done.data.test
    cost = network.loss_value(layers.weights, layers.biases, samples.X, samples.Y)
    assert history.last.test.cost == pytest.approx(cost, rel=1e-12)


MARGIN = '''"""A linear classifier whose scores are called s, without a task for its loss."""

from gradcheck import Exercise, Model, Sum, Task, relu

m = Model("margin", "Multi-class support vector machine")
n, p, M = m.sizes(n="samples", p="features", M="classes")
i, j, k, c = m.indices(i=n, j=p, k=M, c=M)
X, Y = m.data("X", n, p), m.data("Y", n, M, domain="one-hot")
W, s, margin, J = m.parameter("W", p, M), m.node("s"), m.node("margin"), m.loss("J")
s[i, k] = Sum(X[i, j] * W[j, k], j)
margin[i, k] = 1 + s[i, k] - Sum(Y[i, c] * s[i, c], c)
J[()] = Sum((1 - Y[i, k]) * relu(margin[i, k]), i, k) / n
exercise = Exercise("margin", m, [Task("gradient", "X, Y, W", "dJ/dW")])
'''


def test_neither_a_function_for_the_cost_nor_a_name_for_the_scores_is_needed(tmp_path):
    (tmp_path / "exercise.py").write_text(MARGIN)
    (history,) = train(Request(str(tmp_path)), Settings(epochs=3, rate=0.05)).histories.values()
    assert history.last.train.cost < 0.2 * history.epochs[0].train.cost
    assert history.last.test.accuracy > 0.85
    assert history.costs[0] > history.costs[-1] > 0


def test_a_planted_sign_leads_uphill_and_a_mean_taken_twice_is_slow():
    flipped = train(Request("softmax-regression", mistake="sign-flipped"), SHORT)
    assert "uphill" in flipped.divergences["sign-flipped"].reason
    slow = train(Request("softmax-regression", mistake="mean-twice"), SHORT)
    reference, mistaken = slow.histories.values()
    assert reference.last.train.cost < mistaken.last.train.cost < mistaken.epochs[0].train.cost


def test_features_that_are_not_scaled_need_a_smaller_rate():
    done = train(Request("linear-regression", scaled=False), Settings(epochs=1))
    assert "scaled to about 1" in done.divergences["reference"].reason


def test_a_mistake_that_changes_shapes_stops_with_both_shapes():
    done = train(Request("two-layer-net", mistake="hadamard"), SHORT)
    stopped = done.histories["hadamard"].stopped
    assert stopped is not None
    assert "and W1 (64, 32)" in stopped.finding.message
    assert done.histories["reference"].last.number == 2


def test_a_function_that_fails_in_training_leaves_the_reference_running(tmp_path):
    text = (EXERCISES / "softmax_regression/solution.py").read_text()
    file = tmp_path / "fails.py"
    file.write_text(text + FAILS_ON_MANY)
    done = train(Request("softmax-regression", file), SHORT)
    stopped = done.histories["fails.py"].stopped
    assert stopped is not None
    assert stopped.step == 1
    assert "KeyError" in stopped.finding.message
    assert done.histories["reference"].last.number == 2


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (Request("activations"), "cannot be trained"),
        (Request("mlp", Path("not_read.py"), hidden=(1, 1, 1)), "it has 1 hidden layer of relu, .* network takes any"),
        (Request("mlp", mistake="sign-flipped", activation="tanh"), "it has 1 hidden layer of relu"),
        (Request(str(HUBER), hidden=(8,)), "it has no hidden layer.$"),
        (Request("mlp", hidden=(8, 8, 8), activation="softplus"), "known are relu, sigmoid, tanh, improved-sigmoid"),
        (Request("softmax-regression", activation="tanh"), "there are none. Try --hidden"),
        (Request("mlp", mistake="nonsense"), "has no mistake 'nonsense'"),
        (Request("mlp", Path("not_there.py")), "cannot be read"),
        (Request("linear-regression", data="digits"), "whole numbers are taken for classes"),
        (Request("mlp", start="zero"), "no initialiser"),
    ],
    ids=[
        "untrainable",
        "file's layers",
        "mistake's layers",
        "no network",
        "activation",
        "no layer",
        "mistake",
        "file",
        "data",
        "start",
    ],
)
def test_a_request_that_makes_no_sense_is_refused(request_, said):
    with pytest.raises(UsageError, match=said):
        train(request_, SHORT)


def test_an_interrupted_run_keeps_what_was_learnt():
    def stop(name, progress, history):
        if len(history.epochs) > 2:
            raise KeyboardInterrupt

    done = train(Request("softmax-regression"), Settings(epochs=50), stop)
    assert done.interrupted
    assert done.histories["reference"].last.number == 2
    assert np.isfinite(done.first_weights["reference"]).all()


# A training loop of one's own -----------------------------------------------------------------------------------------

TRAINING = Path(__file__).parents[2] / "exercises" / "training"


def test_a_students_own_loop_learns_beside_the_reference():
    done = train(Request("training", TRAINING / "right" / "legacy_generator.py", hidden=(12,)), Settings(epochs=4))
    reference, student = done.histories.values()
    assert done.sizes == (64, 12, 10)
    assert student.epochs[0].train == reference.epochs[0].train
    assert student.last.test.accuracy == pytest.approx(reference.last.test.accuracy, abs=0.05)
    assert set(done.first_weights) == {"reference", "legacy_generator.py"}
    assert len(student.costs) == len(reference.costs)


def test_a_loop_that_drops_samples_learns_less():
    done = train(Request("training", TRAINING / "wrong" / "first_batch_only.py"), Settings(epochs=3))
    reference, student = done.histories.values()
    assert student.last.train.cost > 2 * reference.last.train.cost


def test_a_loop_that_climbs_is_told_with_its_first_epoch():
    done = train(Request("training", TRAINING / "wrong" / "uphill.py"), Settings(epochs=2))
    assert "uphill: with the first epoch taken" in done.divergences["uphill.py"].reason


@pytest.mark.parametrize(
    ("request_", "settings", "said"),
    [
        (Request("training", TRAINING / "starter.py"), Settings(), "has no train_model"),
        (Request("training", TRAINING / "solution.py"), Settings(momentum=0.9), "no momentum"),
        (Request("training", mistake="sign-flipped"), Settings(), "no loss of its own"),
        (Request("training", activation="tanh"), Settings(), "have relu"),
    ],
)
def test_what_makes_no_sense_for_a_loop_is_said(request_, settings, said):
    with pytest.raises(UsageError, match=said):
        train(request_, settings)


CLIMBS_THEN_ENDS = """
right_backward, calls = model_backward, []
def model_backward(X, Y, W, b):
    calls.append(1)
    if len(calls) > 150:
        import os
        os._exit(3)
    return tuple(-300 * gradient for gradient in right_backward(X, Y, W, b))
"""


def test_a_process_that_ends_after_the_cost_has_grown_leaves_what_was_learnt(tmp_path):
    solution = (EXERCISES / "softmax_regression" / "solution.py").read_text(encoding="utf-8")
    path = tmp_path / "ends.py"
    path.write_text(solution + CLIMBS_THEN_ENDS, encoding="utf-8")
    done = train(Request("softmax-regression", path), Settings(epochs=5))
    reference, student = done.histories.values()
    assert reference.last.number == 5
    assert student.stopped is not None
    assert student.last.train.cost > 10 * reference.last.train.cost


def test_a_loop_that_raises_is_told_with_its_step(tmp_path):
    path = tmp_path / "raises.py"
    text = (TRAINING / "solution.py").read_text(encoding="utf-8")
    tired = 'if seed == 2 and len(X) > 100:\n        raise ValueError("tired")\n    '
    first = "parameters = dict(parameters)"
    path.write_text(text.replace(first, tired + first), encoding="utf-8")
    (_, student) = train(Request("training", path), Settings(epochs=4)).histories.values()
    assert student.last.number == 2
    assert student.stopped is not None
    assert student.stopped.step == 2 * 48 + 1


def test_complex_gradients_move_nothing(tmp_path):
    solution = (EXERCISES / "softmax_regression" / "solution.py").read_text(encoding="utf-8")
    path = tmp_path / "complex.py"
    times_i = "def model_backward(X, Y, W, b):\n    return tuple(1j * d for d in right(X, Y, W, b))\n"
    path.write_text(f"{solution}\nright = model_backward\n{times_i}", encoding="utf-8")
    (_, student) = train(Request("softmax-regression", path), Settings(epochs=1)).histories.values()
    assert student.stopped is not None
    assert "real numbers" in student.stopped.finding.message
    assert check_file(path, seed=1).verdict is Verdict.WRONG


def test_layers_that_no_memory_holds_are_refused():
    with pytest.raises(UsageError, match="memory"):
        train(Request("mlp", hidden=(10**13,)), Settings(epochs=1))
