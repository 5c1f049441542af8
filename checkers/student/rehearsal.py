"""Trying edits of a student's source on living functions: each gets the code of the edited text, and its own back.

Which of the results is right is decided by who asked: nothing that is expected is known here.
"""

from __future__ import annotations

import ast
import io
import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, pairwise
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .edits import Edit, Scope, Source, edits
from .edits.combined import CHOICE, combined, expression_spans
from .survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

MOST_EDITS = 20_000  # of one function; enough for 200 lines, and no list that fills the memory
MOST_RESULTS = 400  # of one answer
PATIENCE = 3.0  # seconds for the function as it is
SHORTEST, LONGER = 0.05, 20.0  # an edit may take so many seconds, or so many times as long as the function as it is
LONGEST = 1.0  # seconds of a round by the clock
TOGETHER = 96  # edits that are compiled at once
LINE_BONUS = 0.15  # of edits where a wrong value was first seen
LARGEST = 1 << 20  # entries of an array in a result
DEPTH = 6  # of a result's containers


_Identity = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A piece of the source that is compiled alone: a function, or an assignment of the module.

    Attributes:
        head: what stands before it when it is compiled, so that its lines and names are as in the file.
        is_function: living functions get its code; else its value is assigned anew.
    """

    start: int
    end: int
    head: bytes
    is_function: bool


class _Deadline:
    """So many seconds of the process's own time, so that what is found does not hang on who else is busy.

    A function that sleeps or waits takes no such time: a second by the clock ends a round, too.
    """

    def __init__(self, seconds: float) -> None:
        self.own, self.clock = time.process_time() + seconds, time.monotonic() + max(seconds, LONGEST)

    @property
    def is_over(self) -> bool:
        """Is the time up?"""
        return time.process_time() > self.own or time.monotonic() > self.clock


class _Silence(io.StringIO):
    """A standard output for edits that are tried."""

    def write(self, text: str) -> int:
        return len(text)


class Rehearsal:
    """The edits of a student's file, and what comes out with them."""

    def __init__(self, text: str, path: str, module: ModuleType) -> None:
        self.source = Source(text)
        self.path = path
        self.module = module
        self.survey = Survey(path, module)
        self.edits: list[Edit] = []
        self.bonus: Mapping[str, float] = {}
        self.lines: frozenset[int] = frozenset()
        self._units = list(_units(self.source))
        self._expressions = expression_spans(self.source)
        self._guard = _Guard()
        self._living: dict[CodeType, list[FunctionType]] = {}
        self._codes: dict[_Unit, dict[_Identity, tuple[str, int, int]]] = {}
        self._seen: dict[Any, int] = {}
        self._told: set[Any] = set()
        self.patience = PATIENCE
        self._constants = {
            node.lineno: [target.id for target in node.targets if isinstance(target, ast.Name)]
            for node in self.source.tree.body
            if isinstance(node, ast.Assign)
        }

    def watch(self, call: Callable[[], Any]) -> list[list[Any]]:
        """Watch a call: the lines that set a value to something new, in their order, with name and value."""
        self.survey = Survey(self.path, self.module)
        self.patience = PATIENCE
        with _quiet():
            self.survey.watch(call)
            start = time.perf_counter()
            unchanged = _plain(self._result(call), DEPTH)
            self.patience = max(SHORTEST, LONGER * (time.perf_counter() - start))
        self._living |= self.survey.functions()
        self._seen, self._told = {_digest(unchanged): 0}, set()
        return self.survey.values

    def prepare(self, codes: Mapping[str, float], lines: Sequence[int]) -> tuple[int, int]:
        """Add the edits of what ran to the list, the likeliest first; their first and last place.

        Args:
            codes: code -> how much sooner edits of that code are tried.
            lines: where edits are tried sooner.
        """
        self.bonus, self.lines = codes, frozenset(lines)
        found: dict[tuple[int, int, str], Edit] = {}
        for edit in edits(self.source, self._scope_at):
            known = found.get((edit.start, edit.end, edit.text))
            if known is None or self._cost(edit) < self._cost(known):
                found[edit.start, edit.end, edit.text] = edit
            if len(found) >= MOST_EDITS:
                break
        first = len(self.edits)
        self.edits += sorted(found.values(), key=lambda edit: (self._cost(edit), edit.start))
        return first, len(self.edits)

    def _cost(self, edit: Edit) -> float:
        sooner = LINE_BONUS if self.lines and self.source.position(edit.start)[0] in self.lines else 0.0
        return round(edit.cost - self.bonus.get(edit.code, 0.0) - sooner, 6)

    def _scope_at(self, first: int, last: int) -> Scope | None:
        used = any(name in self.survey.names for name in self._constants.get(first, ()))
        return self.survey.scope_at(first, last) or (Scope() if used else None)

    def try_from(self, first: int, call: Callable[[], Any], seconds: float) -> tuple[int, list[list[Any]]]:
        """Run edits from a place in the list until time is up.

        Returns:
            Where it stopped, and for each edit that gave something else than the unchanged source its place, its cost,
            the number of its result, and the result itself where it is new.
        """
        with _quiet(), self._guarded():
            return self._try_from(first, call, seconds)

    def _try_from(self, first: int, call: Callable[[], Any], seconds: float) -> tuple[int, list[list[Any]]]:
        deadline = _Deadline(seconds)
        results: list[list[Any]] = []
        place = first
        while place < len(self.edits) and len(results) < MOST_RESULTS and not deadline.is_over:
            some = range(place, min(place + TOGETHER, len(self.edits)))
            outcomes = self._outcomes(some, call, deadline)
            for number in some:
                if number not in outcomes:
                    return number, results  # time is up
                value = outcomes[number]
                digest = _digest(value)
                known = self._seen.setdefault(digest, len(self._seen))
                if value is not None and known != 0:
                    told = value if digest not in self._told else None
                    self._told.add(digest)
                    results.append([number, self._cost(self.edits[number]), known, told])
            place = some.stop
        return place, results

    def _outcomes(
        self, places: Iterable[int], call: Callable[[], Any], deadline: _Deadline | None = None
    ) -> dict[int, Any]:
        """What comes out with each of some edits alone; those of one function that change expressions run together."""
        deadline = deadline or _Deadline(float("inf"))
        found: dict[int, Any] = {}
        together: dict[_Unit, list[tuple[int, Edit]]] = {}
        for place in places:
            edit = self.edits[place]
            unit = self._unit_of(edit)
            # A text with a lambda in it would stand there twice, and nothing told the two apart.
            may_be_many = (edit.start, edit.end) in self._expressions and "lambda" not in edit.text
            if unit is not None and unit.is_function and may_be_many:
                together.setdefault(unit, []).append((place, edit))
            elif not deadline.is_over or not found:
                found[place] = _plain(self.run([edit], call), DEPTH)
        for unit, numbered in together.items():
            found |= self._all_in_one(unit, numbered, call, deadline)
        return found

    def _all_in_one(
        self, unit: _Unit, numbered: list[tuple[int, Edit]], call: Callable[[], Any], deadline: _Deadline
    ) -> dict[int, Any]:
        names = vars(self.module)
        found: dict[int, Any] = {}
        changed: list[tuple[FunctionType, CodeType]] = []
        try:
            if self._install(unit, combined(self.source, numbered, unit.start, unit.end), changed):
                for place, _ in numbered:
                    if found and deadline.is_over:
                        break
                    names[CHOICE] = place
                    found[place] = _plain(self._result(call), DEPTH)
                return found
        finally:
            _restore(changed)
            names.pop(CHOICE, None)
        return {
            place: _plain(self.run([edit], call), DEPTH) for place, edit in numbered
        }  # one of them does not compile

    def described(self, places: list[int]) -> list[dict[str, Any]]:
        """Edits of the list as plain data: where, what stands there, and what it becomes."""
        return [_described(self.source, self.edits[place]) for place in places]

    def text_with(self, places: list[int]) -> bytes:
        """The whole source with some edits of the list made."""
        return self.source.with_edits([self.edits[place] for place in places], 0, len(self.source.data))

    def results(self, chosen: list[int], calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """What calls return with some edits of the list made, None for those that raise."""
        with _quiet(), self._guarded(), self._edited([self.edits[place] for place in chosen]) as possible:
            return [_plain(self._result(call), DEPTH) if possible else None for call in calls]

    def run(self, chosen: list[Edit], call: Callable[[], Any]) -> Any:
        """What a call returns with some edits made; None when it raises."""
        with self._edited(chosen) as possible:
            return self._result(call) if possible else None

    def _result(self, call: Callable[[], Any]) -> Any:
        try:
            with _time_limit(self.patience):
                return call()
        except BaseException:  # most edits make no sense
            return None

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        self._guard.is_up = True
        try:
            yield
        finally:
            self._guard.is_up = False

    @contextmanager
    def _edited(self, chosen: list[Edit]) -> Iterator[bool]:
        changed: list[tuple[FunctionType, CodeType]] = []
        assigned: dict[str, Any] = {}
        units: dict[_Unit | None, list[Edit]] = {}
        for edit in chosen:
            units.setdefault(self._unit_of(edit), []).append(edit)
        try:
            yield _apart(chosen) and all(self._apply(unit, e, changed, assigned) for unit, e in units.items())
        finally:
            _restore(changed)
            vars(self.module).update(assigned)

    def _unit_of(self, edit: Edit) -> _Unit | None:
        return next((u for u in self._units if u.start <= edit.start and edit.end <= u.end), None)

    def _apply(
        self,
        unit: _Unit | None,
        inside: list[Edit],
        changed: list[tuple[FunctionType, CodeType]],
        assigned: dict[str, Any],
    ) -> bool:
        if unit is None:
            return False
        text = self.source.with_edits(inside, unit.start, unit.end)
        return self._install(unit, text, changed) if unit.is_function else self._assign(unit, text, assigned)

    def _install(self, unit: _Unit, text: bytes, changed: list[tuple[FunctionType, CodeType]]) -> bool:
        """Give the living functions of a unit the code of another text; False when they cannot have it.

        Which code is whose is told by name and order, so both texts must define as many functions of each name.
        """
        try:
            old = self._codes_of(unit)
            new = _codes_in(compile(unit.head + text, self.path, "exec", dont_inherit=True))
            for code, functions in self._living.items():
                if _identity(code) in old:
                    name, place, count = old[_identity(code)]
                    if len(new[name]) != count:
                        return False
                    for function in functions:
                        changed.append((function, function.__code__))
                        function.__code__ = new[name][place]
        except (SyntaxError, ValueError, KeyError, RecursionError, MemoryError):
            return False  # ValueError: another number of free variables
        return True

    def _codes_of(self, unit: _Unit) -> dict[_Identity, tuple[str, int, int]]:
        """The codes of a unit as it is: name, place among those of the name, and how many they are."""
        if unit not in self._codes:
            text = self.source.data[unit.start : unit.end]
            codes_in = _codes_in(compile(unit.head + text, self.path, "exec", dont_inherit=True))
            self._codes[unit] = {
                _identity(code): (name, place, len(codes))
                for name, codes in codes_in.items()
                for place, code in enumerate(codes)
            }
        return self._codes[unit]

    def _assign(self, unit: _Unit, text: bytes, assigned: dict[str, Any]) -> bool:
        """Give the module's variables the values that another text assigns."""
        names = dict(vars(self.module))
        try:
            exec(compile(unit.head + text, self.path, "exec", dont_inherit=True), names)
        except Exception:
            return False
        for name, value in names.items():
            if name in vars(self.module) and vars(self.module)[name] is not value:
                assigned[name] = vars(self.module)[name]
                vars(self.module)[name] = value
        return True


def _units(source: Source) -> Iterator[_Unit]:
    """Functions and methods, outermost only, and assignments of the module."""

    def in_body(body: list[ast.stmt], head: bytes, first: int) -> Iterator[_Unit]:
        for node in body:
            line = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            start, end = source.starts[line - 1], source.span(node)[1]
            if isinstance(node, ast.FunctionDef):
                # An indented function is compiled inside of something that is as deep.
                lines = line - 1 - head.count(b"\n")
                yield _Unit(start, end, b"\n" * max(lines, 0) + head, True)
            elif isinstance(node, ast.ClassDef):
                yield from in_body(node.body, b"class " + node.name.encode() + b":\n", line)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and not head:
                lambdas = any(isinstance(part, ast.Lambda) for part in ast.walk(node))
                yield _Unit(start, end, b"\n" * (line - 1), lambdas)
            elif isinstance(node, ast.If | ast.Try | ast.With):
                for field in ("body", "orelse", "finalbody"):
                    yield from in_body(getattr(node, field, []), b"if True:\n", line)

    yield from in_body(source.tree.body, b"", 1)


def _restore(changed: list[tuple[FunctionType, CodeType]]) -> None:
    for function, code in reversed(changed):
        function.__code__ = code


def _apart(chosen: list[Edit]) -> bool:
    """Do no two edits touch the same text?"""
    ordered = sorted(chosen, key=lambda edit: edit.start)
    return all(one.end <= two.start for one, two in pairwise(ordered))


def _identity(code: CodeType) -> _Identity:
    """What tells a code of the unchanged text from all others, also of the same line: where its first parts stand."""
    return code.co_qualname, tuple(islice(code.co_positions(), 6))


def _codes_in(code: CodeType) -> dict[str, list[CodeType]]:
    """All codes within one, in the order of the text, by their full names."""
    found: dict[str, list[CodeType]] = {}
    waiting = [code]
    while waiting:
        one = waiting.pop(0)
        found.setdefault(one.co_qualname, []).append(one)
        waiting = [part for part in one.co_consts if isinstance(part, CodeType)] + waiting
    return found


class _Guard:
    """While it is up, changing a file, starting a program or opening a connection raises: an edit may do anything."""

    EVENTS = (
        "os.",
        "shutil.",
        "subprocess.",
        "socket.",
        "ftplib.",
        "smtplib.",
        "urllib.",
        "pty.",
        "winreg.",
        "webbrowser.",
    )
    HARMLESS = frozenset(
        ["os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.getxattr", "os.listxattr", "os.add_dll_directory"]
    )
    WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def __init__(self) -> None:
        self.is_up = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.is_up:
            return
        if event == "open":
            _, mode, flags = args
            if (mode is not None and set(str(mode)) & set("wax+")) or (type(flags) is int and flags & self.WRITING):
                raise PermissionError("files are not written while edits are tried")
        elif event.startswith(self.EVENTS) and event not in self.HARMLESS:
            raise PermissionError(f"no {event} while edits are tried")


class _TooLongError(BaseException):
    """An edit made a loop that does not end."""


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """End what takes longer, where the system has such a timer; elsewhere the parent ends the whole search."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """No printing and no warnings while edits are tried."""
    import warnings  # noqa: PLC0415

    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Silence()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout, sys.stderr = streams


def _plain(value: Any, depth: int) -> Any:
    """A result with nothing in it but arrays, numbers and containers of them; None for anything else."""
    kind = type(value)
    if kind is np.ndarray:
        return value if value.dtype.kind in "biufc" and value.size <= LARGEST else None
    if isinstance(value, np.generic) or kind in (int, float, bool, complex):
        return value
    if kind in (tuple, list) and depth:
        return kind(_plain(item, depth - 1) for item in value)
    if kind is dict and depth:
        return {key: _plain(item, depth - 1) for key, item in value.items() if type(key) in (str, int)}
    return None


def _digest(value: Any) -> Any:
    """Something to know a result again by."""
    kind = type(value)
    if kind is np.ndarray:
        return value.shape, value.dtype.str, blake2b(value.tobytes(), digest_size=16).digest()
    if kind in (tuple, list):
        return kind.__name__, *(_digest(item) for item in value)
    if kind is dict:
        return tuple((key, _digest(item)) for key, item in value.items())
    return repr(value)


def _described(source: Source, edit: Edit) -> dict[str, Any]:
    statement = _statement_of(source, edit)
    start, end = source.span(statement) if statement is not None else (edit.start, edit.end)
    if source.data.count(b"\n", start, end) or not (start <= edit.start and edit.end <= end):
        # Of a statement of many lines, the lines that change.
        start = source.data.rfind(b"\n", 0, edit.start) + 1
        start += len(source.data[start:]) - len(source.data[start:].lstrip(b" \t"))
        stop = source.data.find(b"\n", edit.end)
        end = len(source.data) if stop < 0 else stop
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    return {
        "code": edit.code,
        "cost": float(edit.cost),
        "becomes": edit.text,
        "target": _target(source, statement),
        "term": _term(source, edit),
        "function": _function(source, edit),
        "was": source.data[edit.start : edit.end].decode("utf-8", "replace"),
        "line": source.position(edit.start + _unchanged(source, edit))[0],
        "place": [line, column, end_line, end_column],
        "source": source.data[start:end].decode("utf-8", "replace").rstrip(),
        "fix": source.with_edits([edit], start, end).decode("utf-8", "replace").rstrip(),
    }


def _unchanged(source: Source, edit: Edit) -> int:
    """How many of its first bytes an edit leaves as they are; an edit of several places begins with the first."""
    pairs = zip(source.data[edit.start : edit.end], edit.text.encode(), strict=False)
    return next((place for place, (old, new) in enumerate(pairs) if old != new), 0)


def _enclosing(source: Source, edit: Edit) -> list[ast.AST]:
    """The nodes that hold the edit, outermost first."""
    found: list[ast.AST] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.expr | ast.stmt):
            start, end = source.span(node)
            if start <= edit.start and edit.end <= end:
                found.append(node)
    return found


def _term(source: Source, edit: Edit) -> str:
    """The term of a sum that changes, with the factors in front of its bracket; the whole value where it is no sum."""
    term: ast.expr | None = None
    factors: list[str] = []
    for node in _enclosing(source, edit):
        if isinstance(node, ast.stmt):
            term = getattr(node, "value", None)
        elif isinstance(node, ast.BinOp):
            inside = [side for side in (node.left, node.right) if _holds(source, side, edit)]
            other = node.left if inside == [node.right] else node.right
            if inside and isinstance(node.op, ast.Add | ast.Sub):
                term = inside[0]
            elif inside and isinstance(node.op, ast.Mult):
                factors.append(source.text(other))
    return " ".join([*factors, source.text(term)]) if isinstance(term, ast.expr) else ""


def _holds(source: Source, node: ast.expr, edit: Edit) -> bool:
    start, end = source.span(node)
    return start <= edit.start and edit.end <= end


def _function(source: Source, edit: Edit) -> str:
    """The name of the innermost function that changes."""
    names = [node.name for node in _enclosing(source, edit) if isinstance(node, ast.FunctionDef)]
    return names[-1] if names else ""


def _target(source: Source, statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        return source.text(statement.targets[0])
    return source.text(statement.target) if isinstance(statement, ast.AugAssign | ast.AnnAssign) else ""


def _statement_of(source: Source, edit: Edit) -> ast.stmt | None:
    """The smallest statement that holds the edit."""
    found: ast.stmt | None = None
    for node in ast.walk(source.tree):
        if isinstance(node, ast.stmt):
            start, end = source.span(node)
            if start <= edit.start and edit.end <= end:
                found = node  # ast.walk goes from the outside in
    return found
