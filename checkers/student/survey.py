"""Watching one call of a student's function: which lines run, with which names in scope, in which functions."""

from __future__ import annotations

import gc
import os
import sys
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .edits import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_ARRAYS = 24  # names a line is given to choose from
MOST_VALUES = 400  # arrays told of one call
MOST_EVENTS = 5000  # lines looked at for new values: loops over samples and features would be told at length
DEPTH = 2  # of what is reached from a name: params["W1"], self.params["W1"]
LARGEST = 4096  # entries of an array that is told
VALUES = (np.ndarray, dict, list, float, np.float64)
SKIPPED = frozenset(["_", "__", "__name__", "__file__"])


class Survey:
    """What ran of one file during calls."""

    def __init__(self, path: str, module: ModuleType) -> None:
        self.path = path
        self.module = module
        self._folder = os.path.dirname(path) + os.sep
        self.codes: dict[CodeType, None] = {}
        self.ran: set[str] = set()
        """The names of the functions that ran, of the file and of those beside it."""
        self._frames: dict[int, tuple[CodeType, dict[str, Any]]] = {}
        self._at_end: dict[CodeType, dict[str, Any]] = {}
        self._numpy = _numpy_name(vars(module))
        self.values: list[list[Any]] = []
        self._events = 0
        self._before: dict[int, tuple[int, dict[str, np.ndarray]]] = {}
        self._told: set[Any] = set()
        self.end = 0
        """The last line that ran."""

    def watch(self, call: Callable[[], Any]) -> None:
        """Run a call and note what runs; whatever it raises is its own matter."""
        sys.settrace(self._on_call)
        try:
            call()
        except BaseException:  # the call is judged elsewhere
            return
        finally:
            sys.settrace(None)
            if self.end:
                self.values.append([self.end, "", np.zeros(0)])

    def _on_call(self, frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename.startswith(self._folder):
            self.ran.add(frame.f_code.co_name)
        if frame.f_code.co_filename != self.path:
            return None
        self.codes[frame.f_code] = None
        self._before[id(frame)] = frame.f_lineno, _contents(self._names(frame))
        return self._on_line

    def _on_line(self, frame: FrameType, event: str, result: object) -> Any:
        if event == "line" and frame.f_lineno not in self._frames:
            self._frames[frame.f_lineno] = frame.f_code, dict(frame.f_locals)
        elif event == "return":
            self._at_end[frame.f_code] = dict(frame.f_locals)
            self._tell_changes(frame)
            self._tell(frame.f_lineno, _contents({"return": result}))
            self._before.pop(id(frame), None)
            self.end = frame.f_lineno
            return self._on_line
        self._tell_changes(frame)
        return self._on_line

    def _tell_changes(self, frame: FrameType) -> None:
        """Note what the line that ran last in this frame has changed."""
        self._events += 1
        if self._events > MOST_EVENTS:
            return
        line, before = self._before.get(id(frame), (frame.f_lineno, {}))
        now = _contents(self._names(frame))
        self._tell(line, {name: array for name, array in now.items() if _differ(array, before.get(name))})
        self._before[id(frame)] = frame.f_lineno, now

    def _names(self, frame: FrameType) -> dict[str, Any]:
        """The frame's own names, and those of the module's values that its code uses."""
        known = vars(self.module)
        used = (name for name in frame.f_code.co_names if type(known.get(name)) in VALUES)
        return {**{name: known[name] for name in used}, **frame.f_locals}

    def _tell(self, line: int, values: dict[str, np.ndarray]) -> None:
        for name, array in values.items():
            key = (line, array.shape, array.tobytes())
            if key not in self._told and len(self.values) < MOST_VALUES:
                self._told.add(key)
                self.values.append([line, name, array])

    def scope_at(self, first: int, last: int) -> Scope | None:
        """What could be named where these lines ran; None where none of them did."""
        line = next((line for line in range(first, last + 1) if line in self._frames), None)
        if line is None:
            return None
        code, names = self._frames[line]
        noted = _Noted()
        for name, value in names.items():
            if name not in SKIPPED and not name.startswith("."):
                noted.add(name, value, depth=DEPTH)
        for name, value in vars(self.module).items():
            if name not in names and not name.startswith("_") and isinstance(value, (float, np.ndarray)):
                noted.add(name, value, depth=0)
        functions = tuple(name for name, value in {**vars(self.module), **names}.items() if _takes_one(value))
        results = _Noted()
        for name, value in self._at_end.get(code, {}).items():
            results.add(name, value, depth=DEPTH)
        chosen = dict(list(noted.arrays.items())[:MOST_ARRAYS])
        return Scope(chosen, noted.counts(), functions, self._numpy, results.arrays)

    @property
    def names(self) -> set[str]:
        """The names that the code that ran looks up outside of itself."""
        return {name for code in self.codes for name in code.co_names}

    def functions(self) -> dict[CodeType, list[FunctionType]]:
        """The living functions of every code that ran or is part of one that did."""
        found: dict[CodeType, list[FunctionType]] = {}
        codes = list(self.codes)
        wanted = set(codes)
        for holder in gc.get_referrers(*codes) if codes else []:
            if type(holder) is FunctionType and holder.__code__ in wanted:
                found.setdefault(holder.__code__, []).append(holder)
        return found


class _Noted:
    """Expressions and what they are, gathered from values."""

    def __init__(self) -> None:
        self.arrays: dict[str, tuple[int, ...]] = {}
        self.values: dict[str, np.ndarray] = {}
        self._counts: dict[int, list[str]] = {}

    def counts(self) -> tuple[str, ...]:
        """Expressions for each whole number there is, the shortest of each."""
        return tuple(min(texts, key=len) for texts in self._counts.values())

    def add(self, name: str, value: Any, depth: int) -> None:
        """Note an expression, and what can be reached from it by a key, an attribute or an index."""
        kind = type(value)
        if kind is np.ndarray:
            self._add_array(name, value, depth)
        elif kind in (int, float) or isinstance(value, np.number):
            self._add_number(name, value)
        elif depth:
            for text, item in _parts(name, value, depth):
                self.add(text, item, depth - 1)

    def _add_array(self, name: str, value: np.ndarray, depth: int) -> None:
        self.arrays[name] = value.shape
        if value.dtype.kind in "fiub":
            self.values[name] = value
        if depth == DEPTH:
            for axis, length in enumerate(value.shape):
                self._counts.setdefault(length, []).append(f"{name}.shape[{axis}]")

    def _add_number(self, name: str, value: Any) -> None:
        self.arrays[name] = ()
        if isinstance(value, (int, np.integer)):
            self._counts.setdefault(int(value), []).append(name)
        else:
            self.values[name] = np.array(value)


def _parts(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """What a dict, a list or an object holds, with the expressions that reach it."""
    kind = type(value)
    if kind is dict:
        for key, item in list(value.items())[:MOST_ARRAYS]:
            if type(key) in (str, int):
                yield f'{name}["{key}"]' if type(key) is str and key.isidentifier() else f"{name}[{key!r}]", item
    elif kind in (tuple, list):
        known = (np.ndarray, dict, float, np.float64) if depth == DEPTH else (float, np.float64)
        for place, item in enumerate(value[:MOST_ARRAYS]):
            if type(item) in known:
                yield f"{name}[{place}]", item
    elif name == "self" and hasattr(value, "__dict__"):
        for key, item in list(vars(value).items())[:MOST_ARRAYS]:
            yield f"self.{key}", item


def _takes_one(value: Any) -> bool:
    """Is it one of the student's functions of one argument?"""
    return type(value) is FunctionType and value.__code__.co_argcount == 1 and not value.__code__.co_kwonlyargcount


def _contents(names: dict[str, Any]) -> dict[str, np.ndarray]:
    """Copies of the arrays and numbers that names reach, by the expressions that reach them."""
    noted = _Noted()
    for name, value in names.items():
        noted.add(name, value, depth=DEPTH)
    return {text: array.copy() for text, array in noted.values.items() if array.size <= LARGEST}


def _differ(one: np.ndarray, other: np.ndarray | None) -> bool:
    return other is None or one.shape != other.shape or one.tobytes() != other.tobytes()


def _numpy_name(names: dict[str, Any]) -> str:
    """How the file calls NumPy."""
    for name, value in names.items():
        if value is np:
            return f"{name}."
    return "" if names.get("sum") is np.sum else "np."
