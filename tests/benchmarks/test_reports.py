"""The reports that are run again: data of CIFAR-10's layout, rows that can say no, the toy check."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from checkers.training.dataset import Dataset
from gradcheck.datasets import read_npz


def _loaded() -> ModuleType:
    """The benchmarks are no package that is installed."""
    spec = importlib.util.spec_from_file_location("reports", Path(__file__).parents[2] / "benchmarks" / "reports.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["reports"] = module
    spec.loader.exec_module(module)
    return module


reports = _loaded()
STEPS = 6


def made(images: int, centres: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Noisy pictures of ten classes in CIFAR-10's layout: (n, 32, 32, 3) and (n, 1), both uint8."""
    labels = generator.permutation(np.arange(images) % 10)
    pixels = 64 + 0.5 * centres[labels] + generator.normal(0, 30, (images, 32, 32, 3))
    return pixels.clip(0, 255).astype(np.uint8), labels[:, None].astype(np.uint8)


@pytest.fixture(scope="module")
def cifar10(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Made data of CIFAR-10's shape, easy to tell apart, through a file as `--cifar10` reads it."""
    generator = np.random.default_rng(3)
    centres = generator.integers(0, 256, (10, 32, 32, 3))
    (x_train, y_train), (x_test, y_test) = made(300, centres, generator), made(100, centres, generator)
    path = tmp_path_factory.mktemp("cifar") / "cifar10.npz"
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return read_npz(path).as_type(np.float32)


def accuracy(row: reports.Row) -> float:
    return float(row.ours.removesuffix(" %"))


def test_data_of_cifar10s_layout_are_one_row_an_image(cifar10: Dataset) -> None:
    assert cifar10.classes
    assert (cifar10.train.X.shape, cifar10.train.Y.shape, cifar10.test.Y.shape) == ((300, 3072), (300, 10), (100, 10))
    assert cifar10.train.X.dtype == np.float32
    assert 0.0 <= cifar10.train.X.min() < 0.1
    assert 0.9 < cifar10.train.X.max() <= 1.0


def test_pixels_are_centred_and_the_data_stay_as_they_are(cifar10: Dataset) -> None:
    before = cifar10.train.X.copy()
    centre = 255 * before.mean(axis=0)
    np.testing.assert_allclose(reports.centred(cifar10.train, centre).X.mean(axis=0), 0, atol=1e-3)
    np.testing.assert_array_equal(cifar10.train.X, before)


def test_two_layers_learn_and_more_with_tiny_weights_do_not(cifar10: Dataset) -> None:
    rows = list(reports.report_e_cifar(cifar10, STEPS))
    assert [row.quantity.split(", ", 1)[1] for row in rows] == [
        f"{depth} layers, {part}" for depth in (2, 4, 5, 6) for part in ("validation", "test")
    ]
    assert all(accuracy(row) > 90 for row in rows[:2])
    assert all(accuracy(row) < 20 for row in rows[2:])
    # These data are easier than CIFAR-10, so what the report got on it is not near.
    assert [row.near for row in rows[:2]] == [False, False]


def test_labels_that_say_nothing_are_not_learnt(cifar10: Dataset) -> None:
    shuffled = np.random.default_rng(0).permutation(cifar10.train.Y)
    data = replace(cifar10, train=replace(cifar10.train, Y=shuffled))
    row = next(iter(reports.report_e_cifar(data, STEPS)))
    assert accuracy(row) < 60


def test_the_toy_check_is_near_what_the_report_printed() -> None:
    rows = {row.quantity: row for row in reports.report_e()}
    assert [name for name, row in rows.items() if row.near is False] == []
    assert sum(row.near is True for row in rows.values()) == 5
