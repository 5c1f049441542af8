"""Reference training: every sample once an epoch, steps that are what they claim, runs that can be repeated."""

from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest

from checkers.errors import UsageError
from checkers.reference_mlp import ReferenceMLP
from checkers.training import run
from checkers.training.batches import mini_batches
from checkers.training.dataset import Dataset, Samples, one_hot
from checkers.training.divergence import divergence, reason
from checkers.training.history import Epoch, History, Score
from checkers.training.reference_learner import Layers, ReferenceLearner
from checkers.training.run import REPORT_EVERY, Pace, race, train
from checkers.training.settings import Settings


def blobs(count=90, classes=3, dtype=float):
    """Three clouds of points, easy to tell apart."""
    generator = np.random.default_rng(5)
    labels = np.arange(count) % classes
    centres = 3 * generator.standard_normal((classes, 4))
    X = centres[labels] + generator.standard_normal((count, 4))
    samples = Samples(X, one_hot(labels, classes)).as_type(dtype)
    return Dataset("blobs", samples.first(60), Samples(samples.X[60:], samples.Y[60:]), classes=True)


def learner(seed=0, dtype=float, **options):
    layers = Layers.drawn([4, 6, 3], "he", np.random.default_rng(seed), dtype=dtype)
    return ReferenceLearner(ReferenceMLP(options.pop("activation", "relu"), l2="full"), layers, **options)


class Recorder:
    """Learns nothing, and notes which samples it was given."""

    at_once = False

    def __init__(self):
        self.rows = []

    def learn(self, samples, batches, rate):
        self.rows += [list(batch) for batch in batches]
        return [1.0] * len(batches)

    def measure(self, samples, *, classes):
        return Score(1.0, 0.5)


@pytest.mark.parametrize("size", [1, 7, 60, 100])
def test_every_sample_is_used_once_an_epoch_and_the_order_changes(size):
    recorder = Recorder()
    train(recorder, blobs(), Settings(epochs=2, batch=size))
    used = [row for rows in recorder.rows for row in rows]
    first, second = used[:60], used[60:]
    assert sorted(first) == sorted(second) == list(range(60))
    assert first != second
    assert {len(rows) for rows in recorder.rows} <= {min(size, 60), 60 % size}


def test_an_epoch_that_takes_no_time_is_learnt_at_once_as_soon_as_that_is_known(monkeypatch):
    monkeypatch.setattr(run, "time", SimpleNamespace(perf_counter=count(0.0, 1e-6).__next__))
    calls = []

    class Counter(Recorder):
        def learn(self, samples, batches, rate):
            calls.append(len(batches))
            return super().learn(samples, batches, rate)

    train(Counter(), blobs(), Settings(epochs=3, batch=1))
    assert calls == [1, 2, 4, 8, 16, 29, 60, 60]


def test_pieces_become_smaller_where_they_take_longer_than_a_report_should():
    pace = Pace(100)
    pace.adapt(100, seconds=10 * REPORT_EVERY)
    assert pace.batches == 10
    pace.adapt(10, seconds=1000.0)
    assert pace.batches == 1


def test_a_run_can_be_repeated_and_another_seed_is_another_run():
    costs = [train(learner(), blobs(), Settings(epochs=3, seed=seed)).costs for seed in (1, 1, 2)]
    assert costs[0] == costs[1] != costs[2]


def test_without_shuffling_the_order_stays():
    recorder = Recorder()
    train(recorder, blobs(), Settings(epochs=2, batch=60, shuffle=False))
    assert recorder.rows == [list(range(60))] * 2


def test_a_step_moves_against_the_gradient_and_keeps_momentum():
    data, one = blobs(), learner(momentum=0.5, reg=0.1)
    before = one.layers.copy()
    first = one.network.gradients(before.weights, before.biases, data.train.X, data.train.Y, 0.1)
    one.step(data.train.X, data.train.Y, 0.2)
    between = one.layers.copy()
    np.testing.assert_allclose(between.weights[0], before.weights[0] - 0.2 * first.weights[0])
    second = one.network.gradients(between.weights, between.biases, data.train.X, data.train.Y, 0.1)
    cost = one.step(data.train.X, data.train.Y, 0.2)
    assert cost == second.loss
    velocity = -0.2 * second.weights[1] + 0.5 * -0.2 * first.weights[1]
    np.testing.assert_allclose(one.layers.weights[1], between.weights[1] + velocity)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh", "improved-sigmoid"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_learns_in_either_precision(activation, dtype):
    one = learner(dtype=dtype, activation=activation)
    history = train(one, blobs(dtype=dtype), Settings(epochs=30, batch=10, rate=0.3))
    assert history.last.test.accuracy > 0.9
    assert history.last.train.cost < 0.5 * history.epochs[0].train.cost
    assert {array.dtype for array in one.layers.arrays()} == {np.dtype(dtype)}


def test_measuring_in_pieces_is_measuring_at_once():
    data, one = blobs(count=2600), learner(reg=0.1)
    samples = Samples(np.vstack([data.train.X] * 40), np.vstack([data.train.Y] * 40))
    loss = one.network.loss_value(one.layers.weights, one.layers.biases, samples.X, samples.Y, 0.1)
    assert one.measure(samples, classes=True).cost == pytest.approx(loss, rel=1e-12)


def test_training_stops_early_where_the_test_cost_does_not_fall():
    history = train(Recorder(), blobs(), Settings(epochs=50, patience=3))
    assert history.last.number == 3


def test_a_rate_that_is_too_large_is_told_with_the_step():
    one = learner()
    history = train(one, blobs(), Settings(epochs=5, rate=1e6))
    found = divergence(history)
    assert found is not None
    assert 1 <= found.step <= len(history.costs)


def test_a_run_that_falls_does_not_diverge():
    assert divergence(train(learner(), blobs(), Settings(epochs=5))) is None


def test_the_first_step_after_which_it_never_came_back_counts():
    history = History(
        [1.0, 0.9, 1.2, 0.8, 3.0, 9.0], [Epoch(0, Score(1.0), Score(1.0)), Epoch(1, Score(9.0), Score(9.0))]
    )
    found = divergence(history)
    assert found is not None
    assert (found.step, found.epoch, found.is_finite) == (4, 1, True)


def test_where_no_batch_has_a_cost_divergence_is_told_in_epochs():
    costs = (1.0, 0.5, 3.0, float("inf"))
    epochs = [Epoch(number, Score(cost), Score(cost)) for number, cost in enumerate(costs)]
    ended = divergence(History([float("nan")] * 6, epochs))
    assert ended is not None
    assert (ended.step, ended.epoch, ended.is_finite) == (None, 3, False)
    grown = divergence(History([float("nan")] * 4, epochs[:3]))
    assert grown is not None
    assert (grown.step, grown.epoch, grown.is_finite) == (None, 2, True)


def test_the_reason_is_told_from_smaller_steps():
    def mends(rate):
        return 1.0, 0.5 if rate <= 0.1 else 2.0

    assert "too large: with a step taken at 0.1," in reason(mends, 1.0, "a step")
    assert "so the steps are to blame; with a step taken at 0.1," in reason(mends, 1.0, "a step", others_learn=True)
    assert "uphill" in reason(lambda rate: (1.0, 1.0 + rate), 0.05, "a step")
    assert reason(lambda rate: (1.0, float("nan")), 1.0, "a step") == ""


def test_several_learners_get_the_same_batches():
    recorders = {"a": Recorder(), "b": Recorder()}
    histories: dict[str, History] = {}
    race(recorders, blobs(), Settings(epochs=2), histories)
    assert recorders["a"].rows == recorders["b"].rows
    assert histories["a"].costs == histories["b"].costs


@pytest.mark.parametrize(
    "wrong",
    [{"epochs": 0}, {"batch": 0}, {"rate": 0.0}, {"rate": float("nan")}, {"momentum": 1.0}, {"patience": 0}],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        Settings(**wrong)


def test_an_empty_batch_is_refused():
    with pytest.raises(UsageError, match="from 1 up"):
        mini_batches(np.arange(3), 0)
