"""Reading a common factor at two sets of sizes."""

from __future__ import annotations

import numpy as np
import pytest

from checkers.scale import Scale, common_factor, read

SIZES = [{"n": 5, "p": 7, "M": 11}, {"n": 7, "p": 11, "M": 5}]


@pytest.mark.parametrize(
    ("factors", "text"),
    [
        ([5.0, 7.0], "n"),
        ([0.2, 1 / 7], "1/n"),
        ([-2.0, -2.0], "-2"),
        ([5 / 7, 7 / 11], "n/p"),
        ([2 / 3, 2 / 3], "0.666667"),
        ([1 / 55, 1 / 35], "1/n M"),
        ([-10.0, -14.0], "-2 n"),
        ([0.04, 1 / 49], "1/n^2"),
    ],
)
def test_a_factor_reads_as_sizes(factors: list[float], text: str) -> None:
    scale = read(factors, SIZES)
    assert scale is not None
    assert scale.text == text


def test_factors_that_fit_no_reading_are_not_guessed() -> None:
    assert read([1.234, 2.345], SIZES) is None


def test_a_common_factor_needs_every_entry() -> None:
    right = np.random.default_rng(1).standard_normal((3, 4))
    assert common_factor(2.5 * right, right) == pytest.approx(2.5)
    bent = 2.5 * right
    bent[1, 1] *= 1.01
    assert common_factor(bent, right) is None
    assert common_factor(np.zeros((3, 4)), right) is None


def test_a_factor_that_people_write_is_told_from_one_that_they_do_not() -> None:
    assert Scale(2 / 3, ()).is_simple
    assert not Scale(0.7134, ()).is_simple
    assert Scale(-2.0, (("n", 1), ("p", -1))).at(SIZES[0]) == pytest.approx(-10 / 7)
