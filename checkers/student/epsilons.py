"""The small constants that keep a logarithm finite, made far smaller for a while."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["smaller"]

LARGEST = 1.001e-5  # a constant up to here is an epsilon, 10 ** -5 too, which is not quite 1e-5
SMALLEST = 1e-14  # one below makes no difference
SHRINKING = 1e-9
LOGARITHMS = frozenset(["log", "log2", "log10"])


@contextmanager
def smaller(names: tuple[str, ...]) -> Iterator[None]:
    """While it is entered, the functions of these names that take logarithms have far smaller epsilons."""
    kept = [(one, one.__code__, one.__defaults__, one.__kwdefaults__) for one in _living(names)]
    try:
        for function, code, defaults, by_name in kept:
            function.__code__ = code.replace(co_consts=tuple(map(_smaller, code.co_consts)))
            function.__defaults__ = defaults and tuple(map(_smaller, defaults))
            function.__kwdefaults__ = by_name and {name: _smaller(value) for name, value in by_name.items()}
        yield
    finally:
        for function, code, defaults, by_name in kept:
            function.__code__, function.__defaults__, function.__kwdefaults__ = code, defaults, by_name


@cache
def _living(names: tuple[str, ...]) -> list[FunctionType]:
    return [
        one
        for one in gc.get_objects()
        if type(one) is FunctionType and one.__name__ in names and LOGARITHMS & {*one.__code__.co_names}
    ]


def _smaller(value: Any) -> Any:
    if type(value) is CodeType:
        return value.replace(co_consts=tuple(map(_smaller, value.co_consts)))
    return value * SHRINKING if type(value) is float and SMALLEST < value <= LARGEST else value
