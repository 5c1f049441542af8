"""Bundled data are whole, and what is wrong with a file is said."""

import numpy as np
import pytest

from checkers.errors import UsageError
from gradcheck.datasets import auto_mpg, digits, load


def test_auto_mpg_has_392_cars_scaled_or_not():
    scaled, raw = auto_mpg(), auto_mpg(scaled=False)
    assert len(scaled.train) + len(scaled.test) == 392
    assert scaled.features == ("cylinders", "displacement", "horsepower", "weight", "acceleration", "year", "origin")
    assert min(scaled.train.X.min(), scaled.test.X.min()) == 0.0
    assert max(scaled.train.X.max(), scaled.test.X.max()) == 1.0
    assert max(raw.train.X.max(), raw.test.X.max()) == 5140.0


def test_digits_has_1797_images_of_ten_classes():
    data = digits()
    assert len(data.train) + len(data.test) == 1797
    assert data.train.Y.sum(axis=0).min() > 100
    assert data.train.Y.sum() == len(data.train)
    assert (data.train.X.min(), data.train.X.max()) == (0.0, 1.0)


def npz(path, **changes):
    arrays = {
        "x_train": np.full((6, 2, 3), 255, np.uint8),
        "y_train": np.array([0, 1, 2, 0, 1, 2], np.uint8),
        "x_test": np.zeros((2, 2, 3), np.uint8),
        "y_test": np.array([2, 0], np.uint8),
    } | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return str(path)


def test_images_of_bytes_become_numbers_from_0_to_1_and_labels_rows(tmp_path):
    data = load(npz(tmp_path / "small.npz"))
    assert data.train.X.shape == (6, 6)
    assert data.image == (2, 3)
    assert data.train.X.max() == 1.0
    assert data.train.Y.tolist()[:3] == np.eye(3).tolist()


def test_numbers_to_be_predicted_stay_numbers(tmp_path):
    data = load(npz(tmp_path / "numbers.npz", y_train=np.linspace(0, 1, 6), y_test=np.zeros(2)))
    assert not data.classes
    assert data.train.Y.shape == (6, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"y_test": None}, "not y_test"),
        ({"y_train": np.zeros(5, np.uint8)}, "one row a sample"),
        ({"x_test": np.zeros((2, 7), np.uint8)}, "x_test of"),
        ({"x_train": np.array(["a"] * 6).reshape(6, 1)}, "should be numbers"),
        ({"y_train": np.array([0, 1, 2, 0, 1, -1])}, "whole numbers from 0"),
        ({"y_train": np.array(3)}, "one row a sample"),
        ({"x_train": np.zeros((6, 0))}, "one row a sample"),
        ({"y_test": np.array([0.5, np.nan])}, r"y_test has nan at \[1\]"),
    ],
    ids=["key", "rows", "features", "text", "negative", "no rows", "no features", "nan"],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, changes, said):
    with pytest.raises(UsageError, match=said):
        load(npz(tmp_path / "wrong.npz", **changes))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"hello"], ids=["empty", "cut", "text"])
def test_a_file_that_is_no_npz_is_refused(tmp_path, content):
    path = tmp_path / "no.npz"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"no\.npz"):
        load(str(path))


def test_objects_are_never_unpickled(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, x_train=np.array([{}, {}]), y_train=[0, 1], x_test=[[0.0]], y_test=[0])
    with pytest.raises(UsageError, match="pickle"):
        load(str(path))


def test_an_unknown_name_says_what_there_is_and_where_mnist_is_from():
    with pytest.raises(UsageError, match=r"auto-mpg, digits.*MNIST"):
        load("mnist.npz.not.here")
