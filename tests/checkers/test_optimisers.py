import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.optimisers import momentum_step, sgd_step

finite = st.floats(-100, 100)


@given(finite, finite, st.floats(0, 1))
def test_momentum_of_zero_is_plain_gradient_descent(w, dw, rate):
    w, dw = np.array([w]), np.array([dw])
    stepped, v = momentum_step(w, dw, v=np.ones(1), rate=rate, mu=0.0)
    np.testing.assert_array_equal(stepped, sgd_step(w, dw, rate))
    np.testing.assert_array_equal(v, -rate * dw)


@pytest.mark.parametrize("mu", [0.5, 0.9])
def test_velocity_under_a_constant_gradient_tends_to_rate_over_one_minus_mu(mu):
    w, v, dw = np.zeros(2), np.zeros(2), np.array([1.0, -2.0])
    for _ in range(500):
        w, v = momentum_step(w, dw, v, rate=0.1, mu=mu)
    np.testing.assert_allclose(v, -0.1 * dw / (1 - mu))


def test_position_is_the_sum_of_the_velocities():
    generator = np.random.default_rng(0)
    w, v, travelled = np.zeros(3), np.zeros(3), np.zeros(3)
    for _ in range(10):
        w, v = momentum_step(w, generator.normal(size=3), v, rate=0.1, mu=0.9)
        travelled += v
    np.testing.assert_allclose(w, travelled)


def test_gradient_descent_finds_the_minimum_of_a_parabola():
    w = np.array([5.0, -3.0])
    for _ in range(200):
        w = sgd_step(w, 2 * (w - 1), rate=0.1)
    np.testing.assert_allclose(w, 1)


def test_arguments_are_left_as_they_are():
    w, dw, v = np.ones(2), np.ones(2), np.ones(2)
    sgd_step(w, dw, rate=0.1)
    momentum_step(w, dw, v, rate=0.1, mu=0.9)
    for array in (w, dw, v):
        np.testing.assert_array_equal(array, np.ones(2))
