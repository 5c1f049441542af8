"""The race of training is between equals: all peers take the same steps."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from checkers.training.dataset import Samples, one_hot

FILE = Path(__file__).parents[2] / "benchmarks" / "training.py"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@pytest.fixture(scope="module")
def training():
    """The benchmarks are no package that is installed; this one sets the number of threads."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in THREADS:
            patch.setenv(variable, "1")
        spec = importlib.util.spec_from_file_location("benchmark_of_training", FILE)
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, spec.name, module)  # dataclasses look for their module
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def samples():
    generator = np.random.default_rng(3)
    return Samples(generator.random((300, 784)), one_hot(np.arange(300) % 10, 10)).as_type(np.float32)


def test_the_reference_and_its_peers_come_to_the_same_costs(training, samples):
    races = list(training.reference_races(samples, 2))
    assert races
    for race in races:
        assert len(race.costs[0]) == len(race.costs[1]) == 10
        assert race.difference < 1e-5


@pytest.mark.parametrize("number", [0, 1], ids=["softmax regression", "perceptron"])
def test_a_solution_and_its_plain_loop_come_to_the_same_costs(training, number):
    trial = training.trials("", "")[number]
    inner, whole = trial.races(2)
    assert whole.difference < 1e-12
    assert whole.ends[0] == pytest.approx(whole.ends[1], rel=1e-12)
    assert min(seconds for race in (inner, whole) for pair in race.times for seconds in pair) > 0


def test_a_race_of_unequals_or_one_that_is_too_slow_is_not_won(training):
    race = training.Race("", "float64", "", [(1.0, 1.0)], 1, ([2.0, 1.0], [2.0, 1.0]), (1.0, 1.0), 1.15)
    assert race.is_met
    assert not replace(race, times=[(1.2, 1.0)]).is_met
    assert replace(race, times=[(1.2, 1.0)], limit=None).is_met
    assert not replace(race, costs=([2.0, 1.0], [2.0, 1.001])).is_met
    assert not replace(race, costs=([2.0, float("nan")], [2.0, float("nan")])).is_met
