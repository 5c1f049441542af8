"""Data to train on: two small sets that come with the package, and .npz files of the form of MNIST's.

Auto MPG: 392 cars, 7 features, miles per gallon. Optical Recognition of Handwritten Digits: 1,797 images of 8 x 8
pixels, the test set of the original. Both are from the UCI Machine Learning Repository; see README.md beside this file.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checkers.errors import UsageError
from checkers.training.dataset import Dataset, FloatArray, Samples, one_hot

KEYS = ("x_train", "y_train", "x_test", "y_test")
WHERE = (
    "MNIST in this form is the mnist.npz of the Keras data sets; gradcheck does not fetch it. "
    "Without --data the 8x8 digits that come with gradcheck are used."
)
# Every fifth sample is kept for testing: both sets are in an order that means something (years, writers).
HELD_OUT = 5
MOST_CLASSES = 1000


def auto_mpg(*, scaled: bool = True) -> Dataset:
    """Auto MPG: miles per gallon of 392 cars from 7 features.

    Args:
        scaled: is every feature mapped to [0, 1]? As they come, they reach from 1 to 5,140.

    >>> auto_mpg().train.X.shape
    (314, 7)
    """
    with (resources.files(__name__) / "auto_mpg.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    table = np.array(rows, dtype=float)
    X, y = table[:, 1:], table[:, :1]
    if scaled:
        X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return _parted("auto-mpg", X, y, classes=False, features=tuple(header[1:]), source="UCI: Auto MPG")


def digits() -> Dataset:
    """Digits: 1,797 images of 8 x 8 pixels, from 0 to 1.

    >>> digits().train.X.shape
    (1438, 64)
    """
    with (resources.files(__name__) / "digits.npz").open("rb") as file, np.load(file) as arrays:
        X, Y = arrays["x"] / 16.0, one_hot(arrays["y"], 10)
    source = "UCI: Optical Recognition of Handwritten Digits"
    return _parted("digits", X, Y, classes=True, image=(8, 8), source=source)


BUNDLED: dict[str, Callable[[], Dataset]] = {"auto-mpg": auto_mpg, "digits": digits}


def load(name_or_path: str) -> Dataset:
    """A set that comes with the package, or an .npz file with x_train, y_train, x_test and y_test.

    Raises:
        UsageError: there is no such set or file, or the file does not hold what it should.
    """
    return BUNDLED[name_or_path]() if name_or_path in BUNDLED else read_npz(Path(name_or_path))


def read_npz(path: Path) -> Dataset:
    """Data from an .npz file.

    Whole numbers of at most 255 are pixels and divided by 255. Labels (n,) of whole numbers are classes; other targets
    are numbers to be predicted.

    Raises:
        UsageError: the file is missing, is no .npz file or does not hold what it should.
    """
    if not path.exists():
        raise UsageError(f"there is no file {path}, and no data set of that name ({', '.join(BUNDLED)}). {WHERE}")
    if not zipfile.is_zipfile(path):
        raise UsageError(f"{path} is no .npz file. {WHERE}")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            missing = [key for key in KEYS if key not in arrays.files]
            if missing:
                raise UsageError(f"{path} has {', '.join(arrays.files)}, but not {', '.join(missing)}. {WHERE}")
            found = {key: arrays[key] for key in KEYS}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UsageError(f"{path} cannot be read as an .npz file without pickled objects: {error}.") from error
    return _from_arrays(path, found)


def _from_arrays(path: Path, found: dict[str, NDArray[Any]]) -> Dataset:
    for part in ("train", "test"):
        x, y = found[f"x_{part}"], found[f"y_{part}"]
        if x.ndim < 2 or y.ndim < 1 or len(x) != len(y) or not x.size:
            raise UsageError(
                f"{path}: x_{part} has the shape {x.shape}, y_{part} {y.shape}: one row a sample is needed."
            )
        if x.dtype.kind not in "buif" or y.dtype.kind not in "buif":
            raise UsageError(f"{path}: x_{part} and y_{part} should be numbers, but they are {x.dtype} and {y.dtype}.")
        for name, array in ((f"x_{part}", x), (f"y_{part}", y)):
            if not np.isfinite(array).all():
                place = [int(number) for number in np.argwhere(~np.isfinite(array))[0]]
                raise UsageError(f"{path}: {name} has {array[tuple(place)]} at {place}. Leave such samples out.")
    shape = found["x_train"].shape[1:]
    if shape != found["x_test"].shape[1:]:
        raise UsageError(f"{path}: x_train has samples of shape {shape}, x_test of {found['x_test'].shape[1:]}.")
    train, test = found["y_train"], found["y_test"]
    classes = train.dtype.kind in "bui" and train.size == len(train)
    count = 1 + max(int(train.max()), int(test.max())) if classes else 0
    if count > MOST_CLASSES:
        raise UsageError(f"{path}: y_train reaches {count - 1}; more than {MOST_CLASSES} classes are not supported.")
    targets = [one_hot(y.reshape(-1), count) if classes else y.reshape(len(y), -1).astype(float) for y in (train, test)]
    return Dataset(
        path.stem,
        Samples(_pixels(found["x_train"]), targets[0]),
        Samples(_pixels(found["x_test"]), targets[1]),
        classes=classes,
        image=(shape[0], shape[1]) if len(shape) == 2 else None,
        source=str(path),
    )


def _pixels(x: NDArray[Any]) -> FloatArray:
    """One row a sample; pixels from 0 to 1 where they are bytes, in float32 to save memory."""
    is_bytes = x.dtype == np.uint8
    flat: FloatArray = x.reshape(len(x), -1).astype(np.float32 if is_bytes else float)
    if is_bytes:
        flat /= np.float32(255)  # in place: of 50,000 colour images, a copy takes 600 MB
    return flat


def _parted(
    name: str,
    X: FloatArray,
    Y: FloatArray,
    *,
    classes: bool,
    features: tuple[str, ...] = (),
    image: tuple[int, int] | None = None,
    source: str,
) -> Dataset:
    held_out = np.arange(len(X)) % HELD_OUT == HELD_OUT - 1
    return Dataset(
        name,
        Samples(X[~held_out], Y[~held_out]),
        Samples(X[held_out], Y[held_out]),
        classes=classes,
        features=features,
        image=image,
        source=source,
    )
