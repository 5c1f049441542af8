"""What running a student's code gave, as frozen values, read from answers that nobody vouches for.

    Run ─┬─ Loaded        the file was run: the functions it defines
         ├─ CallResult    one of them was called: its value, and what else it did
         └─ Rehearsed     edits of its source were tried: what came out with each

Each says with its `Outcome` how it ended; `error`, `refusal`, `ending` and `stopped_at` say more.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from .findings import FAMILY_OF
from .student.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 4000  # characters of a text; the student's process itself sends half of it at most

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Outcome(StrEnum):
    """How a piece of student code ended."""

    VALUE = "value"
    """It returned; a file: it ran to its end."""
    RAISED = "raised"
    """It raised an exception, SystemExit and KeyboardInterrupt included; `error` says which."""
    REFUSED = "refused"
    """It returned something that cannot be sent, or there is no such function; `refusal` says why."""
    TIMED_OUT = "timed-out"
    """Its time was up, and its process was killed; `stopped_at` says where it was, if it could still tell."""
    DIED = "died"
    """Its process ended or had to be ended; `ending` says how."""


class EndingKind(StrEnum):
    """Why there is no process any more."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    CLOSED = "closed"
    """It closed the channel on which it answers."""
    FORGED = "forged"
    """What it sent is no answer."""
    FLOODED = "flooded"
    """It printed without end."""
    TIMED_OUT = "timed-out"


class Origin(StrEnum):
    """Where a function of the student's module is defined."""

    FILE = "file"
    FOLDER = "folder"
    """In another file of the same folder."""
    ELSEWHERE = "elsewhere"
    """In a library."""


class ParameterKind(StrEnum):
    """How an argument may be passed."""

    POSITIONAL_ONLY = "positional-only"
    POSITIONAL = "positional"
    KEYWORD_ONLY = "keyword-only"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function; *args and **kwargs are not among them."""

    name: str
    kind: ParameterKind = ParameterKind.POSITIONAL
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class FunctionInfo:
    """A callable name of the student's module.

    Attributes:
        parameters: without self; None where the signature is not known (a library's function, a callable object).
        line: of its `def` or `class`, counted from 1; None for a library's.
        file: the student's file it is defined in, relative to the folder.
    """

    name: str
    parameters: tuple[Parameter, ...] | None
    line: int | None = None
    file: str | None = None
    origin: Origin = Origin.FILE
    is_class: bool = False
    has_varargs: bool = False
    has_varkw: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the student's own files: lines count from 1, columns from 0; no function for a syntax error."""

    file: str
    line: int
    function: str
    source: str
    column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception: its own type, the nearest type that Python itself defines, its text, and where it passed."""

    type: str
    builtin: str
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning, with the student's line that caused it and how often it came."""

    category: str
    message: str
    file: str | None
    line: int | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """How the process came to an end; `message` completes "the process ...". Signals have negative exit codes."""

    kind: EndingKind
    message: str
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """An argument that the call changed in place: its position or name, and where in it, such as "['W1']"."""

    argument: int | str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Converted:
    """An array of the value that was no plain array: where in the value, and the type it had."""

    path: tuple[str | int, ...]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is told of any piece of student code that was run."""

    outcome: Outcome
    error: Raised | None = None
    refusal: str | None = None
    ending: Ending | None = None
    stopped_at: tuple[Frame, ...] = ()
    printed: int = 0
    warnings: tuple[Warned, ...] = ()
    cpu_seconds: float | None = None
    forbidden: tuple[str, ...] = ()
    """What it tried besides computing, as far as Python tells; seen in a sandbox only."""

    @property
    def place(self) -> Frame | None:
        """The student's innermost line where it went wrong or hung; None where that is not known."""
        frames = self.error.frames if self.error else self.stopped_at
        return frames[-1] if frames else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A statement of the module that did not run to its end.

    Attributes:
        line, end_line: of the statement, counted from 1.
        reason: such as "FileNotFoundError: train.h5" or "stopped after 0.5 s".
        source: its first line.
        file: which it stands in, relative to the folder of the file that was loaded.
    """

    line: int
    end_line: int
    reason: str
    source: str
    file: str


@dataclass(frozen=True, slots=True)
class Provided:
    """A name that was right when the file was written and that Python or NumPy has no more.

    Attributes:
        line: where the file first uses it.
        name: such as "xrange", "np.float" or "past.builtins".
        instead: what stood in for it, such as "range".
    """

    line: int
    name: str
    instead: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded(Run):
    """The student's file was run; after an exception, `functions` are those defined before it.

    Attributes:
        compiled: False for a syntax error: nothing of the file has run.
        skipped, provided: of the file and those it imports, in the order in which they ran; of a lenient load only.
    """

    functions: tuple[FunctionInfo, ...] = ()
    compiled: bool = False
    skipped: tuple[Skipped, ...] = ()
    provided: tuple[Provided, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """What a second call gave: a value, or an exception."""

    value: Any
    error: Raised | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult(Run):
    """A function was called: what it returned and what it did besides.

    Attributes:
        value: None, bool, int, float, complex, str, bytes, NumPy scalars and plain arrays, in tuples, lists and dicts;
            a `wire.Opaque` stands for what cannot be sent.
        changed: the arguments it changed in place.
        converted: which arrays in the value were matrices, masked arrays or the like.
        again: what the same call gave when it was made once more, where that is something else.
    """

    value: Any = None
    again: Again | None = None
    changed: tuple[Changed, ...] = ()
    converted: tuple[Converted, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedEdit:
    """An edit of the student's source that gave something new.

    Attributes:
        place: in the list of edits.
        cost: how much it changes, less what speaks for it.
        result: the number of what came out; edits with the same number gave the same.
        value: what came out, with the first edit of its number; None with the others.
    """

    place: int
    cost: float
    result: int
    value: Any = None


@dataclass(frozen=True, slots=True)
class DescribedEdit:
    """What an edit changes; lines count from 1, columns from 0.

    Attributes:
        code: of the finding that it undoes.
        was, becomes: the text that changes.
        target: what the statement assigns to, such as "dZ"; "" where it assigns nothing.
        term: the term of a sum that changes, or the whole value.
        function: the name of the function that changes.
        source, fix: the statement, or its lines, before and after.
        line: where the change begins.
        place: line, column, last line and last column of `source`.
    """

    code: str
    cost: float
    was: str
    becomes: str
    target: str
    term: str
    function: str
    source: str
    fix: str
    line: int
    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed(Run):
    """What came of trying edits of the student's source.

    Attributes:
        first, reached: places in the list of edits: those that were listed, or tried.
        tried: those that gave something new.
        values: of calls with chosen edits made, None where one raised; or [line, name, value] of what lines have set.
        edits, text: the chosen edits, and the whole source with them.
        names: of the functions that ran.
    """

    first: int = 0
    reached: int = 0
    tried: tuple[TriedEdit, ...] = ()
    values: tuple[Any, ...] = ()
    edits: tuple[DescribedEdit, ...] = ()
    text: bytes = b""
    names: tuple[str, ...] = ()


def read_loaded(answer: dict[str, Any], _: object) -> Loaded:
    """The answer to a request to load.

    Raises:
        WireError: it is no such answer; so for all that follow.
    """
    return Loaded(
        **_run(answer),
        functions=_tuple(_function, _json(answer.get("functions", b"[]"))),
        compiled=_bool(answer.get("compiled", True)),
        skipped=_tuple(_skipped, _json(answer.get("skipped", b"[]"))),
        provided=_tuple(_provided, _json(answer.get("provided", b"[]"))),
    )


def read_call(answer: dict[str, Any], converted: list[tuple[tuple[str | int, ...], str]]) -> CallResult:
    """The answer to a request to call; `converted` as `wire.receive` gives it."""
    return CallResult(
        **_run(answer),
        value=answer.get("value"),
        again=_optional(_again, answer.get("again")),
        changed=_tuple(_changed, answer.get("changed", [])),
        converted=tuple(Converted(path[1:], clean(kind)) for path, kind in converted if path[:1] == ("value",)),
    )


def read_rehearsed(answer: dict[str, Any], _: object) -> Rehearsed:
    """The answer to a request to try edits."""
    told = _dict(answer.get("value") or {})
    return Rehearsed(
        **_run(answer),
        first=_count(told.get("first", 0)),
        reached=_count(told.get("reached", 0)),
        tried=_tuple(_tried, told.get("tried", [])),
        values=_tuple(lambda value: value, told.get("values", [])),
        edits=_tuple(_edit, told.get("edits", [])),
        text=_bytes(told.get("text", b"")),
        names=_tuple(_text, told.get("names", [])),
    )


def _tried(value: Any) -> TriedEdit:
    match value:
        case [int() as place, float() as cost, int() as result, outcome] if math.isfinite(cost):
            return TriedEdit(place, cost, result, outcome)
    raise WireError("the answer tells of an edit in an unknown form")


def _edit(value: Any) -> DescribedEdit:
    fields = _dict(value)
    names = ("was", "becomes", "target", "term", "function", "source", "fix")
    texts = {name: _text(fields.get(name)) for name in names}
    match fields.get("place"):
        case [int() as line, int() as column, int() as end_line, int() as end_column]:
            place = (line, column, end_line, end_column)
        case _:
            raise WireError("the answer places an edit in an unknown form")
    return DescribedEdit(
        code=_code(fields.get("code")),
        cost=_seconds(fields.get("cost")),
        line=_count(fields.get("line")),
        place=place,
        **texts,
    )


def _again(value: Any) -> Again:
    fields = _dict(value)
    return Again(fields.get("value"), _optional(_raised, fields.get("raised")))


def _json(value: Any) -> Any:
    try:
        return json.loads(_bytes(value))
    except (ValueError, RecursionError) as error:
        raise WireError("the answer holds something else where JSON belongs") from error


def _bytes(value: Any) -> bytes:
    if type(value) is not bytes:
        raise WireError(f"the answer holds a {type(value).__name__} where bytes belong")
    return value


def _code(value: Any) -> str:
    code = _text(value)
    if code not in FAMILY_OF:
        raise WireError("the answer names an unknown mistake")
    return code


def clean(text: str) -> str:
    """Text without control characters, which could repaint a terminal; newlines and tabs stay.

    >>> clean("a" + chr(27) + "[2Jb")
    'a\ufffd[2Jb'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def _run(answer: dict[str, Any]) -> dict[str, Any]:
    if "timed_out" in answer:
        return {"outcome": Outcome.TIMED_OUT, "stopped_at": _tuple(_frame, answer["timed_out"])}
    error = _optional(_raised, answer.get("raised"))
    refusal = _optional(_text, answer.get("refused"))
    return {
        "outcome": Outcome.RAISED if error else Outcome.REFUSED if refusal is not None else Outcome.VALUE,
        "error": error,
        "refusal": refusal,
        "printed": _count(answer.get("printed")),
        "warnings": _tuple(_warned, answer.get("warnings", [])),
        "cpu_seconds": _seconds(answer.get("cpu_seconds")),
        "forbidden": _tuple(_text, answer.get("forbidden", [])),
    }


def _function(value: Any) -> FunctionInfo:
    fields = _dict(value)
    return FunctionInfo(
        name=_text(fields.get("name")),
        parameters=_optional(lambda parameters: _tuple(_parameter, parameters), fields.get("parameters")),
        line=_optional(_count, fields.get("line")),
        file=_optional(_text, fields.get("file")),
        origin=_member(Origin, fields.get("origin")),
        is_class=_bool(fields.get("is_class")),
        has_varargs=_bool(fields.get("varargs")),
        has_varkw=_bool(fields.get("varkw")),
    )


def _skipped(value: Any) -> Skipped:
    fields = _dict(value)
    texts = {name: _text(fields.get(name)) for name in ("reason", "source", "file")}
    return Skipped(line=_count(fields.get("line")), end_line=_count(fields.get("end_line")), **texts)


def _provided(value: Any) -> Provided:
    fields = _dict(value)
    texts = {name: _text(fields.get(name)) for name in ("name", "instead", "file")}
    return Provided(line=_count(fields.get("line")), **texts)


def _parameter(value: Any) -> Parameter:
    match value:
        case [name, kind, has_default]:
            return Parameter(_text(name), _member(ParameterKind, kind), _bool(has_default))
    raise WireError("the answer describes a parameter in an unknown form")


def _frame(value: Any) -> Frame:
    fields = _dict(value)
    return Frame(
        file=_text(fields.get("file")),
        line=_count(fields.get("line")),
        function=_text(fields.get("function")),
        source=_text(fields.get("source")),
        column=_optional(_count, fields.get("column")),
        end_column=_optional(_count, fields.get("end_column")),
    )


def _raised(value: Any) -> Raised:
    fields = _dict(value)
    type_name, builtin, message = (_text(fields.get(key)) for key in ("type", "builtin", "message"))
    return Raised(type_name, builtin, message, _tuple(_frame, fields.get("frames")))


def _warned(value: Any) -> Warned:
    fields = _dict(value)
    category, message = _text(fields.get("category")), _text(fields.get("message"))
    file, line = _optional(_text, fields.get("file")), _optional(_count, fields.get("line"))
    return Warned(category, message, file, line, _count(fields.get("count")))


def _changed(value: Any) -> Changed:
    match value:
        case [str() as argument, path]:
            return Changed(clean(argument), _text(path))
        case [int() as argument, path] if type(argument) is not bool and argument >= 0:
            return Changed(argument, _text(path))
    raise WireError("the answer names a changed argument in an unknown form")


def _optional(read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)


def _tuple(read: Callable[[Any], T], value: Any) -> tuple[T, ...]:
    if type(value) is not list:
        raise WireError(f"the answer holds a {type(value).__name__} where a list belongs")
    return tuple(read(item) for item in value)


def _dict(value: Any) -> dict[Any, Any]:
    if type(value) is not dict:
        raise WireError(f"the answer holds a {type(value).__name__} where a dict belongs")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise WireError(f"the answer holds a {type(value).__name__} where text belongs")
    return clean(value[:LONGEST])


def _bool(value: Any) -> bool:
    if type(value) is not bool:
        raise WireError(f"the answer holds a {type(value).__name__} where true or false belongs")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise WireError("the answer holds something else where a count belongs")
    return value


def _seconds(value: Any) -> float:
    if type(value) is not float or not math.isfinite(value):
        raise WireError("the answer holds something else where seconds belong")
    return value


def _member(kind: type[E], value: Any) -> E:
    try:
        return kind(_text(value))
    except ValueError as error:
        raise WireError(f"the answer holds an unknown {kind.__name__}") from error
