"""Names that were right where a file was written: of Python 2, of the modules that bridged to it, of earlier NumPys, of
CuPy, which is NumPy on a graphics card."""

from __future__ import annotations

import ast
import builtins
import functools
import io
import itertools
import math
import pickle
import queue
import sys
from _frozen_importlib import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .stand_ins import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BUILTINS: dict[str, Any] = {
    "basestring": str,
    "long": int,
    "raw_input": input,
    "reduce": functools.reduce,
    "unichr": chr,
    "unicode": str,
    "xrange": range,
}

# What NumPy itself told to write instead, when it announced that a name would go.
NUMPY: dict[str, str] = {
    "Inf": "inf",
    "Infinity": "inf",
    "NINF": "-inf",
    "NaN": "nan",
    "PINF": "inf",
    "alltrue": "all",
    "asscalar": "ndarray.item",
    "bool": "bool",
    "complex": "complex",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float": "float",
    "float_": "float64",
    "in1d": "isin",
    "infty": "inf",
    "int": "int",
    "mat": "asmatrix",
    "math": "the module math",
    "object": "object",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "sometrue": "any",
    "str": "str",
    "trapz": "trapezoid",
    "unicode_": "str_",
}


def _in1d(one: Any, other: Any, **options: Any) -> Any:
    return np.isin(np.ravel(one), other, **options)


_OWN: dict[str, Any] = {
    "NINF": -np.inf,
    "asscalar": lambda array: np.asarray(array).item(),
    "in1d": _in1d,
    "math": math,
    **{name: getattr(builtins, name) for name in ("bool", "complex", "float", "int", "object", "str")},
}


def restore_numpy() -> frozenset[str]:
    """Give NumPy the names that it has no more; which those are."""
    added = [name for name in NUMPY if name not in vars(np) and (name in _OWN or NUMPY[name] in vars(np))]
    for name in added:
        setattr(np, name, _OWN[name] if name in _OWN else vars(np)[NUMPY[name]])
    return frozenset(added)


def _old_div(one: Any, other: Any) -> Any:
    """Division as Python 2 had it: whole numbers give a whole number."""
    whole = all(isinstance(number, (int, np.integer)) for number in (one, other))
    return one // other if whole else one / other


def _nothing(*_: object, **__: object) -> None:
    """What would install names does not need to: they are there."""


def _views() -> dict[str, Any]:
    """Functions in place of the methods of a dict that Python 2 had."""
    return {
        "iteritems": lambda table, **_: iter(table.items()),
        "iterkeys": lambda table, **_: iter(table.keys()),
        "itervalues": lambda table, **_: iter(table.values()),
        "viewitems": lambda table: table.items(),
        "viewkeys": lambda table: table.keys(),
        "viewvalues": lambda table: table.values(),
    }


def _python_3() -> dict[str, Any]:
    return {name: value for name, value in vars(builtins).items() if not name.startswith("_")}


def _moves() -> dict[str, Any]:
    return {
        **_python_3(),
        **BUILTINS,
        "StringIO": io.StringIO,
        "cPickle": pickle,
        "cStringIO": io.StringIO,
        "filterfalse": itertools.filterfalse,
        "queue": queue,
        "zip_longest": itertools.zip_longest,
    }


def _six() -> dict[str, Any]:
    kinds = {"integer_types": (int,), "string_types": (str,), "text_type": str, "binary_type": bytes}
    return {"PY2": False, "PY3": True, "print_": print, **kinds, **_views()}


def _cupy() -> dict[str, Any]:
    """NumPy's functions under the same names, and what CuPy has besides to move arrays."""
    ours = {"cuda": NOTHING, "get_default_memory_pool": NOTHING, "get_default_pinned_memory_pool": NOTHING}
    parts = {"fft": np.fft, "linalg": np.linalg, "random": np.random}  # NumPy may not have loaded these yet
    moves = {"asnumpy": np.asarray, "get_array_module": lambda *_: np, "scatter_add": np.add.at}
    return {**vars(np), **parts, **ours, **moves}


# The name of a module that may be missing -> what it holds.
MODULES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "StringIO": lambda: {"StringIO": io.StringIO},
    "__builtin__": lambda: {**_python_3(), **BUILTINS},
    "cPickle": lambda: dict(vars(pickle)),
    "cStringIO": lambda: {"StringIO": io.StringIO},
    "cupy": _cupy,
    "cupyx": lambda: {"scatter_add": np.add.at},
    "future": dict,
    "future.builtins": _python_3,
    "future.standard_library": lambda: {"install_aliases": _nothing, "install_hooks": _nothing},
    "future.utils": _views,
    "past": dict,
    "past.builtins": lambda: {**_python_3(), **BUILTINS},
    "past.utils": lambda: {"old_div": _old_div},
    "six": _six,
    "six.moves": _moves,
}


class _Bygone:
    """Asked after all others, so that what is installed is used."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname not in MODULES:
            return None
        return ModuleSpec(fullname, self, is_package=fullname in ("future", "past", "six"))  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return ModuleType(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update({name: value for name, value in MODULES[module.__name__]().items() if name[:2] != "__"})


def install_modules() -> None:
    """From now on, importing such a module works."""
    sys.meta_path.append(_Bygone())


def used(tree: ast.Module, numpy_names: frozenset[str]) -> Iterator[tuple[int, str, str]]:
    """The line where a file first uses each such name, the name, and what stands in for it.

    Args:
        numpy_names: those that NumPy was given.
    """
    found: dict[str, tuple[int, str]] = {}
    own, aliases = _bound(tree), _aliases(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in BUILTINS and name not in own:
                instead = "functools.reduce" if name == "reduce" else BUILTINS[name].__name__
                _add(found, name, node.lineno, instead)
            case ast.Attribute(value=ast.Name(id=alias), attr=name) if alias in aliases and name in numpy_names:
                _add(found, f"{alias}.{name}", node.lineno, NUMPY[name])
            case ast.Import():
                for entry in node.names:
                    _add_module(found, entry.name, node.lineno)
            case ast.ImportFrom(module=str() as name, level=0):
                _add_module(found, name, node.lineno)
    for name, (line, instead) in sorted(found.items(), key=lambda item: item[1]):
        yield line, name, instead


def _add(found: dict[str, tuple[int, str]], name: str, line: int, instead: str) -> None:
    found[name] = min(found.get(name, (line, instead)), (line, instead))


def _add_module(found: dict[str, tuple[int, str]], name: str, line: int) -> None:
    root = sys.modules.get(name.partition(".")[0])
    if root is not None and name in MODULES and isinstance(getattr(root.__spec__, "loader", None), _Bygone):
        _add(found, name, line, "NumPy" if name in {"cupy", "cupyx"} else "names of Python 3")


def _bound(tree: ast.Module) -> set[str]:
    """The names that a file gives a meaning of its own, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=alias):
                names.add(alias or name.partition(".")[0])
    return names


def _aliases(tree: ast.Module) -> set[str]:
    """How a file calls NumPy."""
    imports = (entry for node in ast.walk(tree) if isinstance(node, ast.Import) for entry in node.names)
    return {entry.asname or entry.name for entry in imports if entry.name == "numpy"}
