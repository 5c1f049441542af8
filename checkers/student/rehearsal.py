"""Trying edits of a student's source on living functions: each gets the code of the edited text, and its own back.

Which of the results is right is decided by who asked: nothing that is expected is known here.
"""

from __future__ import annotations

import ast
import time
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice, pairwise
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from .descriptions import described
from .edits import Edit, Scope, Source, edits
from .edits.combined import CHOICE, combined, expression_spans
from .precautions import Deadline, Guard, quiet, time_limit
from .survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

MOST_EDITS = 20_000  # of one function; enough for 200 lines, and no list that fills the memory
MOST_RESULTS = 400  # of one answer
PATIENCE = 3.0  # seconds for the function as it is
SHORTEST, LONGER = 0.05, 20.0  # an edit may take so many seconds, or so many times as long as the function as it is
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
        self._guard = Guard()
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
        with quiet():
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
        with quiet(), self._guarded():
            return self._try_from(first, call, seconds)

    def _try_from(self, first: int, call: Callable[[], Any], seconds: float) -> tuple[int, list[list[Any]]]:
        deadline = Deadline(seconds)
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
        self, places: Iterable[int], call: Callable[[], Any], deadline: Deadline | None = None
    ) -> dict[int, Any]:
        """What comes out with each of some edits alone; those of one function that change expressions run together."""
        deadline = deadline or Deadline(float("inf"))
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
        self, unit: _Unit, numbered: list[tuple[int, Edit]], call: Callable[[], Any], deadline: Deadline
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
        return [described(self.source, self.edits[place]) for place in places]

    def text_with(self, places: list[int]) -> bytes:
        """The whole source with some edits of the list made."""
        return self.source.with_edits([self.edits[place] for place in places], 0, len(self.source.data))

    def results(self, chosen: list[int], calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """What calls return with some edits of the list made, None for those that raise."""
        with quiet(), self._guarded(), self._edited([self.edits[place] for place in chosen]) as possible:
            return [_plain(self._result(call), DEPTH) if possible else None for call in calls]

    def run(self, chosen: list[Edit], call: Callable[[], Any]) -> Any:
        """What a call returns with some edits made; None when it raises."""
        with self._edited(chosen) as possible:
            return self._result(call) if possible else None

    def _result(self, call: Callable[[], Any]) -> Any:
        try:
            with time_limit(self.patience):
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
