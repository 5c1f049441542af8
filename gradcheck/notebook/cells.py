"""A cell as a text that can be checked in a process of its own: its definitions, and what they need of earlier cells.

Only imports, functions and classes are taken from cells. What else a cell does (train for an hour, plot, read data) is
done in the notebook and not again: of the names that are left, numbers, texts and arrays are taken from the notebook's
namespace as they are now.
"""

from __future__ import annotations

import ast
import builtins
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

LARGEST_ARRAY = 64 << 20  # bytes; copied to a file and read again, this costs a tenth of a second
LARGEST_TEXT = 10_000  # characters of a constant
ARRAYS = "arrays.npz"

_CELLS_IN_PYTHON = {"gradcheck", "time", "timeit", "capture", "prun"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was run: its number, and its text as Python."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of a composed text comes from; no cell for a line of ours."""

    cell: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A cell with what stands before it.

    Attributes:
        first_line: of the cell.
        names: of the functions and classes that the cell defines.
        left_behind: name -> type, of what functions use and what could not be taken along.
        places: where each line comes from.
    """

    text: str
    first_line: int
    names: frozenset[str]
    left_behind: Mapping[str, str]
    places: Sequence[Place]

    def place(self, line: int) -> Place:
        """Where a line comes from, counted from 1."""
        return self.places[line - 1] if 0 < line <= len(self.places) else Place(None, line)


@dataclass(frozen=True, slots=True)
class _Definition:
    """A statement of an earlier cell that defines a name."""

    name: str
    node: ast.stmt
    cell: Cell

    def lines(self) -> tuple[int, str]:
        """Its first line, and its text from there."""
        if isinstance(self.node, ast.Assign):  # other statements may stand on the same line
            return self.node.lineno, ast.unparse(self.node)
        decorators = getattr(self.node, "decorator_list", [])
        first = min(node.lineno for node in (self.node, *decorators))
        lines = self.cell.text.split("\n")[first - 1 : self.node.end_lineno]
        return first, "\n".join(lines)


@dataclass(slots=True)
class _Text:
    lines: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def add(self, text: str, cell: int | None = None, first: int = 1) -> None:
        for number, line in enumerate(text.split("\n")):
            self.lines.append(line)
            self.places.append(Place(cell, first + number))


def compose(cell: Cell, earlier: Iterable[Cell], namespace: Mapping[str, Any], folder: Path) -> Composed | None:
    """The text to check; None where the cell defines no function and no class.

    Args:
        cell: the one to check; it has been run.
        earlier: those that were run before it, the oldest first.
        namespace: the notebook's; what is no longer in it is not taken along.
        folder: where arrays are written, for the process that runs the text.
    """
    tree = parsed(cell.text)
    if tree is None:
        return None
    own = _defined(tree.body)
    if not any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in own.values()):
        return None
    definitions = {name: one for name, one in _definitions(earlier, namespace).items() if name not in own}
    kept = [node for node in tree.body if _is_definition(node)]
    used = _free_names([*kept, *(one.node for one in definitions.values())]) - set(own) - set(definitions)
    values = _Values(folder)
    before = _Text()
    for name in sorted(used - set(dir(builtins))):
        if name in namespace and (line := values.line(name, namespace[name])) is not None:
            before.add(line)
    values.save()
    for one in definitions.values():
        first, text = one.lines()
        before.add(text, one.cell.number, first)
    first_line = len(before.lines) + 1
    before.add(_only(kept, tree, cell.text), cell.number)
    names = frozenset(name for name, node in own.items() if isinstance(node, ast.FunctionDef | ast.ClassDef))
    return Composed("\n".join(before.lines) + "\n", first_line, names, values.left_behind, before.places)


def parsed(text: str) -> ast.Module | None:
    """A text's syntax tree; None where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def without_magic(text: str) -> str:
    r"""A cell as Python, where IPython has made a call of its magic: what the magic was given, on the same lines.

    >>> without_magic("get_ipython().run_cell_magic('time', '', 'def f(x):\\n    return x\\n')")
    '\ndef f(x):\n    return x\n'
    """
    tree = parsed(text)
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        return text
    match tree.body[0].value:
        case ast.Call(
            func=ast.Attribute(attr="run_cell_magic"),
            args=[ast.Constant(value=str(magic)), ast.Constant(), ast.Constant(value=str(body))],
        ) if magic in _CELLS_IN_PYTHON:
            return f"\n{body}"
    return text


# Definitions ----------------------------------------------------------------------------------------------------------


def _definitions(earlier: Iterable[Cell], namespace: Mapping[str, Any]) -> dict[str, _Definition]:
    """The last definition of each function and class that the notebook still has, in the order of the cells."""
    found: dict[str, _Definition] = {}
    for cell in earlier:
        tree = parsed(cell.text)
        for name, node in _defined(tree.body if tree else []).items():
            found.pop(name, None)
            if _is_live(node, namespace.get(name)):
                found[name] = _Definition(name, node, cell)
    return found


def _defined(body: Sequence[ast.stmt]) -> dict[str, ast.stmt]:
    """The names that statements bind for good, each with its last statement."""
    found: dict[str, ast.stmt] = {}
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = node
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                found |= {alias.asname or alias.name.partition(".")[0]: node for alias in aliases if alias.name != "*"}
    return {name: node for name, node in found.items() if _is_definition(node)}


def _is_definition(node: ast.stmt) -> bool:
    """Does it define something, and do nothing else?"""
    match node:
        case ast.FunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Lambda()):
            return True
        case ast.Try() | ast.If():
            parts = [*node.body, *node.orelse]
            if isinstance(node, ast.Try):
                parts += [*node.finalbody, *(part for handler in node.handlers for part in handler.body)]
            return all(_is_definition(part) or isinstance(part, ast.Pass) for part in parts)
    return False


def _is_live(node: ast.stmt, value: object) -> bool:
    """Is a definition of a function or a class still what its name stands for? Imports are taken from their values."""
    match node:
        case ast.ClassDef():
            return isinstance(value, type)
        case ast.FunctionDef() | ast.Assign():
            return callable(value)
    return False


def _only(kept: Sequence[ast.stmt], tree: ast.Module, text: str) -> str:
    """The text with `pass` for every statement that is not kept, line for line."""
    lines = [line.encode() for line in text.split("\n")]
    for node in reversed([node for node in tree.body if node not in kept]):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        head, tail = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        if first == last:
            lines[first] = head + b"pass" + tail
        else:
            lines[first : last + 1] = [head + b"pass", *[b""] * (last - first - 1), tail.lstrip()]
            if tail.lstrip().startswith(b";"):
                lines[last] = tail.lstrip()[1:].lstrip()
    return b"\n".join(lines).decode()


def _free_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Every name that is read anywhere in them; one that is bound inside as well does no harm."""
    return {part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name) and not _is_stored(part)}


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


# Values ---------------------------------------------------------------------------------------------------------------


class _Values:
    """Lines that give names the values that they have in the notebook."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / ARRAYS
        self.arrays: dict[str, Any] = {}
        self.left_behind: dict[str, str] = {}

    def line(self, name: str, value: Any) -> str | None:
        """The line for one name; None, and it is noted, where there is none."""
        if isinstance(value, ModuleType):
            return _importing(f"import {value.__name__} as {name}", name)
        if (home := _home(value)) is not None:
            module, original = home
            return _importing(f"from {module} import {original} as {name}", name)
        if _is_array(value) and value.nbytes <= LARGEST_ARRAY:
            self.arrays[name] = value
            return f"{name} = __import__('numpy').load({str(self.file)!r})[{name!r}][()]"
        if (constant := _constant(value)) is not None:
            return f"{name} = {constant}"
        self.left_behind[name] = type(value).__name__
        return None

    def save(self) -> None:
        if self.arrays:
            sys.modules["numpy"].savez(self.file, **self.arrays)


def _importing(statement: str, name: str) -> str:
    """An import that may fail: the other process has fewer folders to import from, and may not need it."""
    return f"try: {statement}\nexcept ImportError: {name} = None"


def _home(value: Any) -> tuple[str, str] | None:
    """The module and the name under which a function or class can be imported again; None for the notebook's own."""
    module, name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        module = next((at for at in ("numpy",) if getattr(sys.modules.get(at), str(name), None) is value), None)
    if module is None or getattr(sys.modules.get(module), str(name), None) is not value:
        return None
    return module, str(name)


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray | numpy.generic) and not value.dtype.hasobject


def _constant(value: Any) -> str | None:
    """How it is written, for what a text can hold."""
    try:
        text = repr(value)
        return text if len(text) <= LARGEST_TEXT and ast.literal_eval(text) == value else None
    except Exception:  # whatever a class of the notebook's own does in its __repr__
        return None
