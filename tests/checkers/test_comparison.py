"""Which differences are mistakes and which are rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.comparison import compare

RIGHT = np.random.default_rng(0).standard_normal((5, 7))


def test_equal_arrays_are_right_without_a_map() -> None:
    comparison = compare(RIGHT.copy(), RIGHT)
    assert comparison.is_right
    assert comparison.entry_map() == ()
    assert comparison.worst() == ()


@given(st.integers(0, 4), st.integers(0, 6))
def test_a_tenth_of_a_percent_in_one_entry_is_refused(row: int, column: int) -> None:
    wrong = RIGHT.copy()
    wrong[row, column] *= 1.001
    comparison = compare(wrong, RIGHT)
    assert not comparison.is_right
    assert comparison.worst()[0].index == (row, column)
    assert "".join(comparison.entry_map()).count("x") == 1


def test_a_tiny_gradient_of_the_wrong_sign_is_refused() -> None:
    assert not compare(-1e-9 * RIGHT, 1e-9 * RIGHT).is_right


@pytest.mark.parametrize("seed", range(20))
def test_float32_code_is_right_with_low_precision(seed: int) -> None:
    a = np.random.default_rng(seed).standard_normal((5, 7))
    single = a.astype(np.float32)
    comparison = compare((single @ single.T).astype(float), a @ a.T)
    assert comparison.is_right
    assert comparison.is_low_precision == bool(comparison.wrong.any())


@pytest.mark.parametrize(
    "change",
    [lambda a: a * (1 + 3e-6), lambda a: a + 3e-6 * (np.arange(5) == 2)[:, None]],
    ids=["common factor", "one row"],
)
def test_small_errors_with_a_pattern_are_no_rounding(change) -> None:
    assert not compare(change(RIGHT), RIGHT).is_right


def test_nan_is_wrong() -> None:
    with_nan = RIGHT.copy()
    with_nan[2, 3] = np.nan
    comparison = compare(with_nan, RIGHT)
    assert not comparison.is_right
    assert comparison.worst()[0].index == (2, 3)


def test_a_zero_that_is_expected_to_be_zero_is_right() -> None:
    assert compare(np.zeros(3), np.zeros(3)).is_right
    assert not compare(np.full(3, 1e-3), np.zeros(3)).is_right
