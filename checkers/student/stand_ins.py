"""Stand-ins for libraries that draw or show progress, also where they are installed: a gradient needs no plot.

`import matplotlib.pyplot as plt` stands at the top of many a submission. Whatever is asked of a stand-in is there and
does nothing: no window opens, no picture is written, and nobody waits half a second for the import. A library that
computes has none: to imitate it would make wrong code look right.
"""

from __future__ import annotations

import sys
from _frozen_importlib import ModuleSpec  # importlib.machinery imports a dozen others
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DRAWING = frozenset(["IPython", "matplotlib", "mpl_toolkits", "plotly", "seaborn", "tqdm"])


class Nothing:
    """Has every attribute, can be called with anything, and is empty."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return KNOWN.get(name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing comes of it."""
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        return

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *error: object) -> None:
        return


class Progress(Nothing):
    """A progress bar that is not drawn: it goes through what it was given."""

    def __init__(self, items: Iterable[Any] = (), *args: Any, **kwargs: Any) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)


def subplots(nrows: int = 1, ncols: int = 1, *args: Any, **kwargs: Any) -> tuple[Nothing, Any]:
    """A figure, and its axes in an array where there are several."""
    if nrows * ncols == 1:
        return NOTHING, NOTHING
    axes = np.empty((nrows, ncols), dtype=object)
    axes.fill(NOTHING)
    return NOTHING, axes if kwargs.get("squeeze") is False else axes.squeeze()


def plot(*args: Any, **kwargs: Any) -> list[Nothing]:
    """One line, which is often unpacked."""
    return [NOTHING]


def hist(*args: Any, **kwargs: Any) -> tuple[Nothing, Nothing, Nothing]:
    """Counts, edges and bars."""
    return NOTHING, NOTHING, NOTHING


def trange(stop: int, *args: Any, **kwargs: Any) -> Progress:
    """A progress bar of a range."""
    return Progress(range(stop))


def gradient_of(*args: Any, **kwargs: Any) -> Any:
    """The decorator of ours that leaves a function as it is."""
    return lambda function: function


NOTHING = Nothing()
KNOWN: dict[str, Any] = {
    "gradient_of": gradient_of,
    "hist": hist,
    "plot": plot,
    "subplots": subplots,
    "tqdm": Progress,
    "trange": trange,
}


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return KNOWN.get(name, NOTHING)


class _StandIns:
    """Asked first, so that what is installed is not used."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self.names:
            return None
        return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        return


def install(with_ours: bool = False) -> None:
    """From now on, importing such a library works.

    Args:
        with_ours: so does importing this package, whose decorator may stand in a file of no exercise.
    """
    sys.meta_path.insert(0, _StandIns(DRAWING | {"gradcheck"} if with_ours else DRAWING))
