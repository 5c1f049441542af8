import numpy as np
import pytest

from checkers import initialisers

# Means and standard deviations of 10^6 draws are known to about 1e-3 of the deviation; 5e-3 is five times that.
SHAPE = (400, 2500)
TOLERANCE = 5e-3


@pytest.fixture
def generator():
    return np.random.default_rng(0)


def assert_moments(draws, mean, std):
    assert draws.shape == SHAPE
    assert draws.mean() == pytest.approx(mean, abs=TOLERANCE * std)
    assert draws.std() == pytest.approx(std, rel=TOLERANCE)


def test_uniform_fills_the_interval_from_zero(generator):
    draws = initialisers.uniform(generator, SHAPE, high=0.01)
    assert_moments(draws, mean=0.005, std=0.01 / np.sqrt(12))
    assert draws.min() >= 0
    assert draws.max() < 0.01


def test_normal_takes_a_standard_deviation_not_a_variance(generator):
    assert_moments(initialisers.normal(generator, SHAPE, std=0.01), mean=0, std=0.01)


def test_fan_in_counts_rows(generator):
    assert_moments(initialisers.fan_in(generator, SHAPE), mean=0, std=1 / 20)


def test_he_is_root_two_times_fan_in(generator):
    assert_moments(initialisers.he(generator, SHAPE), mean=0, std=np.sqrt(2) / 20)


def test_fan_in_keeps_the_variance_of_a_layer_of_unit_inputs(generator):
    W = initialisers.fan_in(generator, (785, 64))
    X = generator.normal(size=(1000, 785))
    assert (X @ W).std() == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize(
    "draw",
    [
        lambda g: initialisers.uniform(g, (3, 2), 1.0),
        lambda g: initialisers.normal(g, (3, 2), 1.0),
        lambda g: initialisers.fan_in(g, (3, 2)),
        lambda g: initialisers.he(g, (3, 2)),
    ],
    ids=["uniform", "normal", "fan_in", "he"],
)
def test_two_layers_from_one_generator_differ_and_a_seed_repeats_them(draw):
    generator = np.random.default_rng(0)
    first, second = draw(generator), draw(generator)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, draw(np.random.default_rng(0)))
