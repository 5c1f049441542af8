"""Describe the functions of a student's module from their code objects, without running any of them."""

from __future__ import annotations

import re
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import CodeType

    from .evidence import StudentFiles

MAX_FUNCTIONS = 1000  # with every parameter, still within the elements of one message
MAX_PARAMETERS = 40
MAX_WRAPPERS = 32
HAS_VARARGS, HAS_VARKW = 0x04, 0x08  # CO_VARARGS and CO_VARKEYWORDS of code.co_flags
DEFINITION = re.compile(r"\s*(async\s+)?def\b")


def describe_module(module: ModuleType, files: StudentFiles) -> list[dict[str, Any]]:
    """Every callable name of the module, in order of definition: what was defined there, beside it, or in a library."""
    names = [name for name, value in list(vars(module).items()) if type(name) is str and callable(value)]
    names = [name for name in names if not name.startswith("__")]
    described = (_describe_safely(name, module, files) for name in names[:MAX_FUNCTIONS])
    return [description for description in described if description is not None]


def _describe_safely(name: str, module: ModuleType, files: StudentFiles) -> dict[str, Any] | None:
    try:
        return _describe(name, vars(module)[name], module, files)
    except BaseException:  # an object whose attributes raise: it is no function anybody could call
        return None


def _describe(name: str, value: Any, module: ModuleType, files: StudentFiles) -> dict[str, Any]:
    is_class = issubclass(type(value), type)
    function = _innermost(vars(value).get("__init__") if is_class else value)
    code = function.__code__ if function is not None else None
    filename = _file_of_class(value, module, files) if is_class else code and code.co_filename
    line = _line_of_class(name, filename, files) if is_class else code and _line_of_function(code, files)
    own = filename is not None and files.name_of(filename) is not None
    origin = "file" if filename == files.path else "folder" if own else "elsewhere"
    return {
        "name": name[:200],
        "is_class": is_class,
        "origin": origin,
        "line": line if own else None,
        "file": files.name_of(filename) if filename else None,
        **_parameters(function, is_class or issubclass(type(value), MethodType)),
    }


def _innermost(value: Any) -> FunctionType | None:
    """The plain function under decorators, bound methods and np.vectorize; None when there is none."""
    for _ in range(MAX_WRAPPERS):
        if issubclass(type(value), MethodType):
            value = value.__func__
        below = _below(value)
        if below is None:
            break
        value = below
    return value if type(value) is FunctionType else None


def _below(value: Any) -> Any:
    for attribute in ("__wrapped__", "pyfunc"):
        try:
            below = getattr(value, attribute, None)
        except Exception:
            continue
        if callable(below):
            return below
    return None


def _parameters(function: FunctionType | None, skip_first: bool) -> dict[str, Any]:
    if function is None:
        return {"parameters": None, "varargs": False, "varkw": False}
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    keyword_only = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    required = len(positional) - len(function.__defaults__ or ())
    described = [
        [name, "positional-only" if place < code.co_posonlyargcount else "positional", place >= required]
        for place, name in enumerate(positional)
    ]
    described = described[1:] if skip_first else described
    described += [[name, "keyword-only", name in (function.__kwdefaults__ or {})] for name in keyword_only]
    return {
        "parameters": described[:MAX_PARAMETERS],
        "varargs": bool(code.co_flags & HAS_VARARGS),
        "varkw": bool(code.co_flags & HAS_VARKW),
    }


def _line_of_function(code: CodeType, files: StudentFiles) -> int:
    """The line of `def`: the code's own first line is that of the first decorator."""
    first = code.co_firstlineno
    if not files.line(code.co_filename, first).lstrip().startswith("@"):
        return first
    candidates = range(first, first + 100)
    return next((line for line in candidates if DEFINITION.match(files.line(code.co_filename, line))), first)


def _file_of_class(kind: type, module: ModuleType, files: StudentFiles) -> str | None:
    if kind.__module__ == module.__name__:
        return files.path
    codes = (value.__code__ for value in vars(kind).values() if type(value) is FunctionType)
    return next((code.co_filename for code in codes), None)


def _line_of_class(name: str, filename: str | None, files: StudentFiles) -> int | None:
    if filename != files.path:
        return None
    opening = re.compile(rf"\s*class\s+{re.escape(name)}\b")
    lines = [number for number, line in enumerate(files.lines, 1) if opening.match(line)]
    return lines[-1] if lines else None
