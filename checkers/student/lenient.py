"""Running a student's file statement by statement: what fails or takes too long is left out, and told.

A file that trains a network when it is imported, or opens a data set that is not here, still defines its functions.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import os
import re
import time
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from . import bygone, evidence, neighbours, source
from .interruption import SLOWEST, Interruption, StoppedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, ModuleType

    Note = dict[str, Any]

EACH = 0.5  # seconds of processor time for one statement: arrays and small examples take less
TOGETHER = 2.0  # seconds for all of them, after which each has
LEAST = 0.05  # seconds: enough for what functions may need, such as a table of constants
MOST = 3.0  # seconds after which no more work is done
MAX_NOTES = 200
MAX_REASON = 300  # characters

_OUR_PACKAGE = re.compile(r"\b_above_student(\.above)*(\.student)?\.")  # what `source.prepare_module` calls the folders
FUTURE = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class LenientRun:
    """Runs the student's file and those it imports; keeps what was left out, and what was stood in for.

    Args:
        avoided: names of files and lines of statements that are not to be run, since they hung.
    """

    def __init__(self, files: evidence.StudentFiles, avoided: list[list[Any]]) -> None:
        self.files = files
        self.avoided = {(name, line) for name, line in avoided}
        self.skipped: list[Note] = []
        self.provided: list[Note] = []
        self._interruption = Interruption()
        self._modules: dict[str, ModuleType] = {}
        self._spent = 0.0
        self._numpy_names = bygone.restore_numpy()

    def run_file(self, text: str, code: CodeType, module: ModuleType) -> None:
        """Run the student's own file, compiled already."""
        path = self.files.path
        tree = _tree(text, path)
        self._modules[path] = module
        neighbours.install(path, tree, module.__package__ or "", self._run_neighbour)
        bygone.install_modules()
        self._run(_File(path, os.path.basename(path), text, tree, code), vars(module))

    def _run_neighbour(self, path: str, content: bytes, module: ModuleType) -> None:
        """A file that is imported by a second name is the same module."""
        known = self._modules.setdefault(path, module)
        if known is not module:
            vars(module).update({name: value for name, value in vars(known).items() if name[:2] != "__"})
            return
        name = self.files.name_of(path) or os.path.relpath(path, self.files.folder)
        self.files.neighbours[path] = name
        text = source.decode(content, path)
        file = _File(path, name, text, _tree(text, path), source.compile_source(text, path))
        self._run(file, vars(module))

    def _run(self, file: _File, names: dict[str, Any]) -> None:
        file.names = names
        names["__builtins__"] = {**vars(builtins), **bygone.BUILTINS}
        for place, statement in enumerate(file.tree.body):
            if place and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # compiled alone, a text would become the module's docstring
            for part in _parts(statement):
                self._run_statement(file, part, names)
        for line, name, instead in bygone.used(file.tree, self._numpy_names):
            if len(self.provided) < MAX_NOTES:
                self.provided.append({"file": file.name, "line": line, "name": name, "instead": instead})

    def _run_statement(self, file: _File, statement: ast.stmt, names: dict[str, Any]) -> None:
        """Run a statement; of `from a import b, c`, where a holds no b, what can be run."""
        try:
            self._run_part(file, statement, names)
        except StoppedError:
            raise  # the time of what imports this file is up
        except BaseException as error:
            entries = list(_entries(statement)) if type(error) is ImportError else []
            if len(entries) < 2:
                self._note(file, statement, error)
            else:
                for entry in entries:
                    self._run_statement(file, entry, names)

    def _run_part(self, file: _File, part: ast.stmt, names: dict[str, Any]) -> None:
        if any((file.name, line) in self.avoided for line in range(part.lineno, (part.end_lineno or part.lineno) + 1)):
            raise _NotRunError("not run: it does not come to an end")
        code = compile(ast.Module([part], []), file.path, "exec", file.flags, dont_inherit=True)
        if _is_import(part):
            exec(code, names)  # a library may take seconds; a neighbour's statements have limits of their own
        elif _is_definition(part):
            self._define(file, part, code, names)
        elif self._spent > MOST:
            raise _NotRunError(f"not run: what stands before it had taken {MOST:g} s")
        else:
            own, clock = time.process_time(), time.monotonic()
            try:
                self._run_within(min(EACH, max(LEAST, TOGETHER - self._spent)), code, names)
            finally:
                # What waits may take `SLOWEST` times as long as what computes, and counts accordingly.
                self._spent += max(time.process_time() - own, (time.monotonic() - clock) / SLOWEST)

    def _define(self, file: _File, part: ast.stmt, code: CodeType, names: dict[str, Any]) -> None:
        """Run a definition; for a base class or a decorator that could not be imported, something empty stands in."""
        missing = _bases_and_decorators(part)
        while True:
            try:
                return self._run_within(EACH, code, names)
            except NameError as error:
                if error.name not in missing:
                    raise
                instead = missing.pop(error.name)
                names[error.name] = _EmptyBase if instead == "an empty class" else _unchanged
                if len(self.provided) < MAX_NOTES:
                    self.provided.append(
                        {"file": file.name, "line": part.lineno, "name": error.name, "instead": instead}
                    )

    def _run_within(self, seconds: float, code: CodeType, names: dict[str, Any]) -> None:
        try:
            self._interruption.run(code, names, seconds)
        except StoppedError:
            raise _NotRunError(f"stopped after {seconds:.2g} s") from None

    def _note(self, file: _File, statement: ast.stmt, error: BaseException) -> None:
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            # Whatever that would have brought along, NumPy is what most such modules pass on.
            file.names.setdefault("np", np)
        line = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))])
        note = {
            "file": file.name,
            "line": line,
            "end_line": statement.end_lineno or line,
            "reason": self._reason(error)[:MAX_REASON],
            "source": file.lines[line - 1].strip()[: evidence.MAX_LINE],
        }
        if len(self.skipped) < MAX_NOTES:
            self.skipped.append(note)

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, _NotRunError):
            return str(error)
        told = evidence.raised(error, self.files)
        text = _OUR_PACKAGE.sub("", str(told["message"]).partition("\n")[0])
        if isinstance(error, OSError) and type(error.filename) is str:
            text = error.filename
        if isinstance(error, SystemExit) and error.code is None:
            text = ""
        return f"{told['type']}: {text}" if text else str(told["type"])


class _EmptyBase:
    """In place of a base class that is in a file that is not here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        return


def _unchanged(function: Any = None, *args: Any, **kwargs: Any) -> Any:
    """In place of a decorator that is not here: it changes nothing, whether or not it has arguments of its own."""
    return function if callable(function) else _unchanged


def _bases_and_decorators(statement: ast.stmt) -> dict[str, str]:
    """The names that a definition needs to be made at all, and what may stand in for them."""
    found: dict[str, str] = {}
    for node in [statement, *(getattr(statement, "body", []) if isinstance(statement, ast.ClassDef) else [])]:
        for decorator in getattr(node, "decorator_list", []):
            found |= {part.id: "nothing" for part in ast.walk(decorator) if isinstance(part, ast.Name)}
    if isinstance(statement, ast.ClassDef):
        found |= {base.id: "an empty class" for base in statement.bases if isinstance(base, ast.Name)}
    return found


class _NotRunError(Exception):
    """A statement was not run, or not to its end; the text says why."""


class _File:
    """One file that is run: its path, what it is called, its lines, its tree, the flags of its __future__ imports."""

    def __init__(self, path: str, name: str, text: str, tree: ast.Module, code: CodeType) -> None:
        self.path, self.name, self.tree = path, name, tree
        self.lines = text.split("\n")
        self.names: dict[str, Any] = {}
        self.flags = code.co_flags & FUTURE


def _tree(text: str, path: str) -> ast.Module:
    tree = compile(text, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    return cast(ast.Module, tree)


def _parts(statement: ast.stmt) -> Iterator[ast.stmt]:
    """`import a, b` as two statements: one of them may fail alone."""
    if isinstance(statement, ast.Import):
        yield from _entries(statement)
    else:
        yield statement


def _entries(statement: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(statement, ast.Import):
        for entry in statement.names:
            yield ast.copy_location(ast.Import([entry]), statement)
    elif isinstance(statement, ast.ImportFrom):
        for entry in statement.names:
            yield ast.copy_location(ast.ImportFrom(statement.module, [entry], statement.level), statement)


def _is_import(statement: ast.stmt) -> bool:
    """Does it import and define, and nothing else? Also in `try` and `if`, as where a library may be missing."""
    match statement:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Try():
            blocks = [statement.body, statement.orelse, statement.finalbody, *(h.body for h in statement.handlers)]
        case ast.If():
            blocks = [statement.body, statement.orelse]
        case _:
            return False
    inside = [part for block in blocks for part in block]
    return any(_is_import(part) for part in inside) and all(_is_harmless(part) for part in inside)


def _is_harmless(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(ast.Call(ast.Name("print"))):
            return True
    return _is_definition(statement) or _is_import(statement)


def _is_definition(statement: ast.stmt) -> bool:
    """A function, a class, or a value that is written down: it runs whatever has run before."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Pass():
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=value) | ast.Expr(value=value) if value is not None:
            working = (ast.Call, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.BinOp, ast.Await)
            return not any(isinstance(node, working) for node in ast.walk(value))
    return False
