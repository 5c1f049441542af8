"""Training on an exercise: a right student learns what the reference learns, a wrong one is seen to."""

from pathlib import Path

import numpy as np
import pytest

from checkers.errors import UsageError
from checkers.training.settings import Settings
from gradcheck.training import Request, prepared, train

EXERCISES = Path(__file__).parents[2] / "exercises"
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
    done = train(Request(str(Path(__file__).parents[2] / "docs/examples/huber_regression")), Settings(epochs=20))
    (history,) = done.histories.values()
    assert history.last.train.cost < 0.5 * history.epochs[0].train.cost


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
        (Request("activations"), "no loss with parameters"),
        (Request("mlp", hidden=(1, 1, 1, 1, 1)), "it has"),
        (Request("mlp", mistake="nonsense"), "has no mistake 'nonsense'"),
        (Request("mlp", Path("not_there.py")), "cannot be read"),
        (Request("linear-regression", data="digits"), "numbers to be predicted"),
        (Request("mlp", start="zero"), "no initialiser"),
    ],
    ids=["untrainable", "layers", "mistake", "file", "data", "start"],
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
