"""A student's file in a process of its own: load it, call its functions, survive whatever it does."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from .child_process import MAX_OUTPUT, WATCH_GRACE, Child, ChildEnded, ChildProcess, Flooded, NoAnswer, spawn
from .errors import GradcheckError, UsageError
from .student.wire import LimitError, WireError, pack
from .student_answers import (
    CallResult,
    Ending,
    EndingKind,
    Loaded,
    Outcome,
    Rehearsed,
    Run,
    clean,
    read_call,
    read_loaded,
    read_rehearsed,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from .student.wire import Buffer

R = TypeVar("R", bound=Run)

CALL_TIMEOUT = 10.0  # seconds of wall clock
START_TIMEOUT = 60.0  # seconds; the first import of NumPy from a cold network disk can take half of it
EXIT_GRACE = 0.5  # seconds for the exit code of a child that closed its end
MAX_SOURCE = 16 << 20  # bytes
BATCH_CALLS = 500  # calls a message: enough to hide its cost
BATCH_BYTES = 16 << 20  # bytes a message, so that neither end holds more
SLOWEST = 3.0  # times its processor time a call may take by the clock
LEAST = 0.1  # seconds by the clock for a call that is made at all
MOST_HANGING = 3  # statements of a file that are left out one by one, each after a time limit; more are hopeless
NOT_STARTED = Ending(EndingKind.EXITED, "has not been started, or has been closed")


class StudentProcess:
    """Runs one student's file. What the file does, hangs, prints or kills comes back as a value, never as an exception.

    Every argument reaches a function as a fresh copy. After `TIMED_OUT` and `DIED` there is no process any more, and
    every call says so, until `restart` has started one and loaded the file again.

    Args:
        process: what `spawn` started earlier, to import NumPy there while the caller imports its own.
        timeout: seconds for the file, and for each call.
        start_timeout: seconds for Python and NumPy to start.
        launch: starts a process in another way, such as in a sandbox.
        patience: seconds of the clock for all calls together, after which, or after the first call that takes too
            long, nothing more is run. The limit of a call is then of processor time, and three times as much by the
            clock, so that a busy machine fails few. None where each call has its own limit, of the clock.

    >>> with StudentProcess() as student:
    ...     loaded = student.load("student.py", b"def double(x):\\n    return 2 * x")
    ...     student.call("double", [21]).value
    42
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes] | None = None,
        *,
        timeout: float = CALL_TIMEOUT,
        start_timeout: float = START_TIMEOUT,
        launch: Callable[[], Child] = lambda: ChildProcess(spawn()),
        patience: float | None = None,
    ) -> None:
        self.timeout = timeout
        self.start_timeout = start_timeout
        self._launch = launch
        self._patience = self._search_patience = patience
        self._child: Child | None = ChildProcess(process) if process is not None else None
        self._ending: Ending | None = None
        self._ready = False
        self._file: tuple[str, bytes] | None = None
        self._lenient = False
        self._avoided: list[list[Any]] = []
        self._definitions: list[str] = []
        self._request = 0
        self._earlier_output = ""
        self._gave_up = ""
        self.forbidden: dict[str, None] = {}
        """What the file and its functions tried besides computing; told by a sandbox."""
        self.starts = 0
        """How many processes there have been: what was told to an earlier one is forgotten."""

    def __enter__(self) -> StudentProcess:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Is there a process that can be called?"""
        return self._child is not None and self._ending is None

    @property
    def path(self) -> str:
        """The file that was loaded last."""
        return self._file[0] if self._file is not None else ""

    @property
    def output(self) -> str:
        """What the student's code printed, the first 64 KiB of each process, without control characters."""
        current = self._child.output.decode(errors="replace") if self._child else ""
        return self._earlier_output + clean(current.replace("\r\n", "\n"))

    def start(self) -> None:
        """Start the process, unless there is one; it gets ready while the caller goes on."""
        if self._child is None:
            self._child = self._launch()
            self.starts += 1

    def sibling(self, timeout: float) -> StudentProcess:
        """Another process for the same student's file, protected like this one."""
        patience = None if self._search_patience is None else max(self._search_patience, 0.0)
        other = StudentProcess(timeout=timeout, launch=self._launch, patience=patience)
        other._definitions = list(self._definitions)
        other._lenient, other._avoided = self._lenient, list(self._avoided)
        return other

    def close(self) -> None:
        """End the process and everything it started."""
        if self._child is not None:
            self._child.end()
            self._earlier_output = self.output
        self._child, self._ending, self._ready = None, None, False

    def load(
        self,
        path: str | os.PathLike[str],
        source: bytes | None = None,
        timeout: float | None = None,
        *,
        lenient: bool | None = None,
    ) -> Loaded:
        """Run the file as a module and describe its functions.

        Args:
            path: the file; what lies in its folder can be imported.
            source: its bytes, if they have been read already.
            timeout: seconds, in place of the process's own limit.
            lenient: run it statement by statement, and leave out those that fail or take too long; see
                `student.lenient`. None for as before, also in a sibling; at first a file runs as a whole.

        Raises:
            OSError: the file cannot be read.
            GradcheckError: no process could be started.
        """
        if source is None:
            with open(path, "rb") as file:
                source = file.read(MAX_SOURCE + 1)
        if self._file is not None:
            self.close()  # one process, one file: nothing of the last one may be left
        self._file = (os.path.abspath(path), source)
        self._lenient = self._lenient if lenient is None else lenient
        if len(source) > MAX_SOURCE:
            return Loaded(outcome=Outcome.REFUSED, refusal=f"the file has more than {MAX_SOURCE:,} bytes")
        if self._gave_up:
            return Loaded(outcome=Outcome.TIMED_OUT, refusal=self._gave_up)
        loaded = self._loaded(*self._file, timeout)
        for _ in range(MOST_HANGING if self._lenient else 0):
            place = _statement(loaded)
            if place is None or self._gave_up:
                break
            self._avoided.append(place)
            self.close()
            loaded = self._loaded(*self._file, timeout)
        if self._child is not None and self._definitions and self.alive:
            self._define(self._child, "\n".join(self._definitions))
        return loaded

    def _loaded(self, path: str, source: bytes, timeout: float | None) -> Loaded:
        child = self._ready_child()
        how = {"avoided": self._avoided} if self._lenient else {}
        child.ask(self._message("load", timeout, path=path, source=source, **how))
        return self._next(child, Loaded, read_loaded, timeout)

    def define(self, text: str) -> CallResult:
        """Add functions of ours to the student's module, also after every restart, and in siblings.

        Args:
            text: source of functions that call the student's; their names should begin with two underscores.
        """
        self._definitions.append(text)
        child = self._child
        if child is None or self._ending is not None:
            return CallResult(outcome=Outcome.DIED, ending=self._ending or NOT_STARTED)
        return self._define(child, text)

    def _define(self, child: Child, text: str) -> CallResult:
        child.ask(self._message("define", None, text=text))
        return self._next(child, CallResult, read_call, None)

    def restart(self) -> Loaded:
        """End the process, start a new one and load the same file again.

        Raises:
            UsageError: no file has been loaded.
        """
        if self._file is None:
            raise UsageError("restart() loads the same file again: call load() first.")
        return self.load(*self._file)

    def call(
        self,
        name: str,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> CallResult:
        """Call a function of the file once.

        Args:
            name: the function's name in the student's module.
            args, kwargs: NumPy arrays, numbers, text, None, and tuples, lists and dicts of them.
            timeout: seconds, in place of the process's own limit.

        Raises:
            UsageError: the arguments are too large to be sent.
        """
        return self.call_many(name, [args], kwargs, timeout)[0]

    def call_many(
        self,
        name: str,
        argument_lists: Sequence[Sequence[Any]],
        kwargs: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> list[CallResult]:
        """Call a function once with each list of arguments, and the same keywords; see `call_all`."""
        return self._calls([[name, list(args), {}] for args in argument_lists], timeout, kwargs=dict(kwargs or {}))

    def call_all(
        self,
        calls: Sequence[tuple[str, Sequence[Any], Mapping[str, Any]]],
        timeout: float | None = None,
        *,
        twice: bool = False,
    ) -> list[CallResult]:
        """Make calls of several functions, in few messages; the time limit is each call's own.

        Args:
            calls: the function's name, its arguments and its keywords.
            twice: make each call a second time; a result tells of it where it gave something else.

        Returns:
            One result for each call, in order; where the process did not survive, up to that call and no further.

        Raises:
            UsageError: the arguments of one call are too large to be sent.
        """
        return self._calls([[name, list(args), dict(named)] for name, args, named in calls], timeout, twice=twice)

    def _calls(
        self,
        calls: list[list[Any]],
        timeout: float | None,
        *,
        kwargs: dict[str, Any] | None = None,
        twice: bool = False,
    ) -> list[CallResult]:
        results: list[CallResult] = []
        for batch in _batches(calls):
            child = self._child
            if self._gave_up:
                return [*results, CallResult(outcome=Outcome.TIMED_OUT, refusal=self._gave_up)]
            if child is None or self._ending is not None:
                return [*results, CallResult(outcome=Outcome.DIED, ending=self._ending or NOT_STARTED)]
            message = self._message("call", timeout, calls=batch, kwargs=kwargs or {}, twice=twice)
            child.ask(message, len(batch))
            for _ in batch:
                results.append(self._next(child, CallResult, read_call, timeout))
                if self._ending is not None:
                    return results
        return results

    def rehearse(
        self,
        do: str,
        name: str,
        calls: Sequence[tuple[Sequence[Any], Mapping[str, Any]]],
        timeout: float,
        **fields: Any,
    ) -> Rehearsed:
        """Try edits of the file's source on a function, see `student.rehearsal`.

        Args:
            do: "watch" runs the function and tells what its lines set; "prepare" lists the edits of what ran, those
                of some `codes` and `lines` first; "try" runs them from `first` on for some `seconds`; "run" calls the
                function with those `edits` made.
            calls: arguments and keywords.
        """
        child = self._child
        if child is None or self._ending is not None:
            return Rehearsed(outcome=Outcome.DIED, ending=self._ending or NOT_STARTED)
        if self._search_patience is not None and self._search_patience <= 0:
            return Rehearsed(outcome=Outcome.TIMED_OUT, refusal="the search had taken too long")
        listed = [[list(args), dict(kwargs)] for args, kwargs in calls]
        began = time.monotonic()
        child.ask(self._message("rehearse", timeout, part=do, name=name, calls=listed, **fields))
        answer = self._next(child, Rehearsed, read_rehearsed, timeout)
        if self._search_patience is not None:
            self._search_patience -= time.monotonic() - began
        return answer

    def _ready_child(self) -> Child:
        """The running process, after its greeting: it has imported NumPy, so no call pays for that."""
        self.start()
        if self._child is None:
            raise GradcheckError("The process for the student's file could not be started.")
        if not self._ready:
            self._child.ask([])
            try:
                self._ready = self._child.next_answer(self.start_timeout)[0] == {"ready": 1}
            except (NoAnswer, ChildEnded, Flooded, WireError):
                self._ready = False
        if not self._ready:
            self.close()
            said = self.output.strip() or "it said nothing"
            raise GradcheckError(f"The process for the student's file did not start; is NumPy installed? {said[-500:]}")
        return self._child

    def _message(self, do: str, timeout: float | None, **fields: Any) -> list[Buffer]:
        self._request += 1
        request = {"id": self._request, "do": do, "timeout": self._limits(timeout)[0], **fields}
        try:
            return pack(request)
        except LimitError as error:
            raise UsageError(f"These arguments cannot be sent to the student's function: {error}.") from error

    def _limits(self, timeout: float | None) -> tuple[float, float | None]:
        """Seconds of the clock, and of processor time, for one call."""
        seconds = float(timeout or self.timeout)
        if self._patience is None:
            return seconds, None
        return min(SLOWEST * seconds, max(self._patience, LEAST)), seconds

    def _next(
        self,
        child: Child,
        kind: Callable[..., R],
        read: Callable[[dict[str, Any], list[Any]], R],
        timeout: float | None,
    ) -> R:
        """The next answer; whatever else comes, or does not come, ends the process and is told in its place."""
        clock, processor = self._limits(timeout)
        began = time.monotonic()
        try:
            message, converted = child.next_answer(clock + WATCH_GRACE, processor)
            if type(message) is not dict or message.get("id") != self._request:
                raise WireError("it answers another request")
            result = read(message, converted)
            self.forbidden |= dict.fromkeys(result.forbidden)
        except NoAnswer:
            result = kind(outcome=Outcome.TIMED_OUT)
        except ChildEnded:
            self._end(child, EndingKind.CLOSED, "closed the channel on which it answers", EXIT_GRACE)
            return kind(outcome=Outcome.DIED, ending=self._ending)
        except Flooded:
            self._end(child, EndingKind.FLOODED, f"printed more than {MAX_OUTPUT:,} bytes")
            return kind(outcome=Outcome.DIED, ending=self._ending)
        except WireError as error:
            self._end(child, EndingKind.FORGED, f"sent something that is no answer: {error}")
            return kind(outcome=Outcome.DIED, ending=self._ending)
        if self._patience is not None and not isinstance(result, Rehearsed):
            self._patience -= time.monotonic() - began
            if result.outcome is Outcome.TIMED_OUT:
                self._gave_up = "an earlier call had taken too long"
            elif self._patience <= 0:
                self._gave_up = "all calls together had taken too long"
        if result.outcome is Outcome.TIMED_OUT:
            self._end(child, EndingKind.TIMED_OUT, "was killed when its time was up")
            return replace(result, ending=self._ending)
        return result

    def _end(self, child: Child, kind: EndingKind, message: str, grace: float = 0.0) -> None:
        """End the process; an exit code of its own says more than what we saw of it."""
        code = child.end(grace)
        if code is None or kind is not EndingKind.CLOSED:
            self._ending = Ending(kind, message, code)
        elif code >= 0:
            self._ending = Ending(EndingKind.EXITED, f"ended itself with exit code {code}", code)
        else:
            self._ending = Ending(EndingKind.SIGNALLED, f"was ended by {_signal_name(-code)}", code)


def _statement(loaded: Loaded) -> list[Any] | None:
    """File and line of the module's statement in which a file hung; None where it did not, or could not tell."""
    if loaded.outcome is not Outcome.TIMED_OUT:
        return None
    places = [[frame.file, frame.line] for frame in loaded.stopped_at if frame.function == "<module>"]
    return places[-1] if places else None


def _signal_name(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
    reason = " (on most systems: out of memory)" if name == "SIGKILL" else ""
    return f"signal {number}, {name}{reason}"


def _batches(calls: list[list[Any]]) -> Iterator[list[list[Any]]]:
    """Cut the calls into messages of bounded size."""
    start = 0
    while start < len(calls):
        size = 1
        weight = _weight(calls[start])
        while start + size < len(calls) and size < BATCH_CALLS:
            weight += _weight(calls[start + size])
            if weight > BATCH_BYTES:
                break
            size += 1
        yield calls[start : start + size]
        start += size


def _weight(value: Any) -> int:
    """About how many bytes a value takes in a message; the least of an array keeps their number within its limit."""
    if isinstance(value, dict):
        return sum(_weight(item) for item in value.values())
    if isinstance(value, list | tuple):
        return sum(_weight(item) for item in value)
    if isinstance(value, str | bytes):
        return len(value) + 1
    return max(int(value.nbytes), 1 << 14) if hasattr(value, "nbytes") else 1 << 8
