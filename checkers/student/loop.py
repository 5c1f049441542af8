"""The loop that answers requests about one student's file: load it, describe it, call its functions.

It knows two descriptors and nothing of who started it. Whatever the student's code does, short of ending the process or
writing to these descriptors, becomes part of an answer.
"""

from __future__ import annotations

import _thread
import io
import json
import os
import sys
import time
from contextlib import suppress
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, Any

import numpy as np

from . import evidence, signatures, source, stand_ins, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType, ModuleType

    from .acts import Acts
    from .lenient import LenientRun
    from .rehearsal import Rehearsal

    Message = dict[str, Any]

PROTOCOL = 1
MAX_CHANGES = 100
MOST_YIELDED = 10_000  # items of a generator that are waited for
MAX_KEPT = wire.MAX_BODY  # bytes of a value that is compared with that of the second call
PLACE = wire.MAX_BODY / wire.MAX_ITEMS  # bytes that one element counts as
POLL = 0.2  # seconds between two looks of the watch at the clock and at the parent
OURS = "<gradcheck>"  # the file name of code that is defined in the student's module: no line of it is the student's
GONE = 3  # exit code when the parent is gone or its descriptors are closed


def serve(requests: int, answers: int) -> None:
    """Answer requests until their stream ends."""
    session = Session(answers, count_output())
    session.watch.start()
    answer_all(session, requests)


def answer_all(session: Session, requests: int) -> None:
    """Greet, and answer requests until their stream ends."""
    session.pid = os.getpid()
    session.send({"ready": PROTOCOL})
    while (received := wire.receive(partial(os.read, requests))) is not None:
        session.answer(received[0])


def count_output() -> tuple[evidence.CountedOutput, ...]:
    """Standard output and error that count what is printed."""
    outputs = tuple(evidence.CountedOutput(number, "w", closefd=False) for number in (1, 2))
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors="backslashreplace", line_buffering=True)
        for raw in outputs
    )
    return outputs


class Session:
    """One student's file, and what has been seen of it."""

    def __init__(
        self, answers: int, outputs: tuple[evidence.CountedOutput, ...] = (), acts: Acts | None = None
    ) -> None:
        self.acts = acts
        self.pid = os.getpid()
        self.answers = answers
        self.outputs = outputs
        self.files = evidence.StudentFiles("")
        self.heard = evidence.WarningsHeard(self.files)
        self.module: ModuleType | None = None
        self.rehearsal: Rehearsal | None = None
        self.lock = _thread.allocate_lock()
        self.sent = 0
        self.watch = Watch(self)

    def answer(self, request: Message) -> None:
        """Do what one request asks, and send its answer or answers."""
        match request["do"]:
            case "load":
                self._send(request, self._load(request))
            case "define":
                self._send(request, self._observe(request, lambda: self._define(request["text"])))
            case "call":
                for name, args, kwargs in request["calls"]:
                    self._send(request, self._call(request, name, args, {**request["kwargs"], **kwargs}))
            case "rehearse":
                answer = self._observe(request, lambda: self._rehearse(request))
                self._send(request, {**answer, "forbidden": []})  # edits are ours

    def send(self, message: Message) -> None:
        """Send one message; a value that cannot travel is refused in its place."""
        try:
            packed = wire.pack(message)
        except BaseException as error:  # a limit, or the student's own class at work
            reason = str(error) if isinstance(error, wire.LimitError) else "the value cannot be read"
            packed = wire.pack({**message, "value": None, "refused": reason})
        with self.lock:
            self.sent += 1
            wire.write(self.answers, packed)

    def send_unless_sent(self, sent: int, message: Message) -> None:
        """Send, unless there was an answer since there had been so many."""
        packed = wire.pack(message)
        with self.lock:
            if self.sent == sent:
                wire.write(self.answers, packed)

    def _send(self, request: Message, answer: Message) -> None:
        self.send({"id": request["id"], **answer})

    def _load(self, request: Message) -> Message:
        path = request["path"]
        self.files = evidence.StudentFiles(path)
        self.heard = evidence.WarningsHeard(self.files)
        compiled = False
        run: LenientRun | None = None

        def load() -> None:
            nonlocal compiled, run
            text = source.decode(request["source"], path)
            self.files.lines = text.split("\n")
            code = source.compile_source(text, path)
            compiled = True
            if "avoided" in request:
                from . import lenient, neighbours  # noqa: PLC0415 - only files of no exercise need it

                self.module = source.prepare_module(path, neighbours.ABOVE)
                run = lenient.LenientRun(self.files, request["avoided"])
                run.run_file(text, code, self.module)
            else:
                self.module = source.prepare_module(path)
                exec(code, vars(self.module))

        stand_ins.install(with_ours="avoided" in request)
        self.heard.listen()
        _enter_folder(self.files.folder)
        answer = self._observe(request, load)
        functions = signatures.describe_module(self.module, self.files) if self.module else []
        # As JSON, since nothing in it needs more, and a hundred values one by one take half a millisecond.
        told = {"functions": functions}
        if run is not None:
            told |= {"skipped": run.skipped, "provided": run.provided}
        lists = {name: json.dumps(items).encode() for name, items in told.items()}
        return {**answer, "value": None, "compiled": compiled, **lists}

    def _define(self, text: str) -> None:
        """Add functions of ours to the student's module, from which they call the student's."""
        if self.module is not None:
            exec(compile(text, OURS, "exec", dont_inherit=True), vars(self.module))

    def _call(self, request: Message, name: str, args: list[Any], kwargs: dict[str, Any]) -> Message:
        function = vars(self.module).get(name) if self.module else None
        if not callable(function):
            return {**self._observe(request, lambda: None), "refused": f"there is no function {name}", "changed": []}
        given, named = _duplicate(args), _duplicate(kwargs)  # kwargs are shared by the calls of one request
        answer = self._observe(request, lambda: _drained(function(*given, **named)))
        pairs = {**dict(enumerate(zip(args, given, strict=True))), **{key: (kwargs[key], named[key]) for key in named}}
        changed = [[key, path] for key, pair in pairs.items() for path in _changed_places(*pair)]
        answer["changed"] = changed[:MAX_CHANGES]
        if request["twice"] and "raised" not in answer:
            self._call_again(request, answer, lambda: _drained(function(*_duplicate(args), **_duplicate(kwargs))))
        return answer

    def _call_again(self, request: Message, answer: Message, action: Callable[[], Any]) -> None:
        """The same call once more; what it gives is told only where it is not the same."""
        try:
            first = answer["value"] = _duplicate(answer["value"], [MAX_KEPT])  # the function may have kept it
        except (wire.LimitError, MemoryError, RecursionError):
            return  # it cannot be sent either, which is told
        second = self._observe(request, action)
        if "raised" in second or _changed_places(first, second["value"]):
            answer["again"] = {key: second[key] for key in ("value", "raised") if key in second}

    def _rehearse(self, request: Message) -> Message:
        """Try edits of the student's source, see `rehearsal`."""
        from . import rehearsal  # noqa: PLC0415 - only what is wrong needs it

        if self.module is None:
            return {}
        if self.rehearsal is None:
            self.rehearsal = rehearsal.Rehearsal("\n".join(self.files.lines), self.files.path, self.module)
        names = vars(self.module)
        calls = [partial(self._plain_call, names, request["name"], *call) for call in request["calls"]]
        match request["part"]:
            case "watch":
                return {"values": self.rehearsal.watch(calls[0]), "names": sorted(self.rehearsal.survey.ran)}
            case "prepare":
                first, last = self.rehearsal.prepare(request["codes"], request["lines"])
                return {"first": first, "reached": last}
            case "try":
                reached, tried = self.rehearsal.try_from(request["first"], calls[0], request["seconds"])
                return {"reached": reached, "tried": tried}
        chosen = request["edits"]
        values, described = self.rehearsal.results(chosen, calls), self.rehearsal.described(chosen)
        return {"values": values, "edits": described, "text": self.rehearsal.text_with(chosen)}

    @staticmethod
    def _plain_call(names: dict[str, Any], name: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return _drained(names[name](*_duplicate(args), **_duplicate(kwargs)))

    def _observe(self, request: Message, action: Callable[[], Any]) -> Message:
        """Run the student's code, and tell what came of it."""
        printed, limit = self._printed(), sys.getrecursionlimit()
        for output in self.outputs:
            output.begin_call()
        answer: Message = {"value": None}
        self.watch.arm(request["id"], request["timeout"])
        start = time.process_time()
        try:
            answer["value"] = action()
        except BaseException as error:
            answer["raised"] = evidence.raised(error, self.files)
        if os.getpid() != self.pid:
            os._exit(0)  # a process that the student's code forked came back through the call
        answer["cpu_seconds"] = time.process_time() - start
        self.watch.disarm()
        sys.setrecursionlimit(limit)
        answer["printed"] = self._printed() - printed
        told = {"warnings": self.heard.take(), "forbidden": self.acts.take() if self.acts else []}
        return {**answer, **{name: found for name, found in told.items() if found}}

    def _printed(self) -> int:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # closed, replaced or full: the student's own doing
                continue
        return sum(output.printed for output in self.outputs)


class Watch:
    """A thread that tells where a call hangs when its time is up, and ends the process when its parent is gone."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.deadline = float("inf")
        self.request = 0
        self.sent = 0
        self.main = _thread.get_ident()
        self.parent = os.getppid()

    def start(self) -> None:
        """Begin to watch."""
        _thread.start_new_thread(self._run, ())

    def arm(self, request: int, seconds: float) -> None:
        """A call begins."""
        self.request, self.sent = request, self.session.sent
        self.deadline = time.monotonic() + seconds

    def disarm(self) -> None:
        """A call has ended."""
        self.deadline = float("inf")

    def _run(self) -> None:
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                self.disarm()
                self._tell()
            if sys.platform != "win32" and os.getppid() != self.parent:
                os._exit(GONE)
            time.sleep(min(POLL, max(left, 0.005)))

    def _tell(self) -> None:
        self.tell_place(sys._current_frames().get(self.main))

    def tell_place(self, frame: FrameType | None) -> None:
        """Answer the running request with the place where it is."""
        told = {"id": self.request, "timed_out": self.session.files.frames(evidence.stack_places(frame))}
        self.session.send_unless_sent(self.sent, told)


def _enter_folder(folder: str) -> None:
    """Data files are looked for beside the student's file, from wherever gradcheck was started."""
    with suppress(OSError):
        os.chdir(folder)


def _drained(value: Any) -> Any:
    """What a generator yields, as a list, if it ends: a function of mini-batches may be one."""
    if type(value) not in (GeneratorType, zip, map, filter, enumerate):
        return value
    items: list[Any] = []
    left: float = wire.MAX_BODY
    for item in value:
        items.append(item)
        left -= _size(item)
        if left < 0 or len(items) > MOST_YIELDED:
            return value
    return items


def _size(value: Any) -> float:
    """Bytes that a value has at least, as it counts in a message."""
    if type(value) in (list, tuple):
        return sum(map(_size, value))
    return value.nbytes if type(value) is np.ndarray else PLACE


def _duplicate(value: Any, left: list[float] | None = None) -> Any:
    """A copy of an argument as it came off the wire, or of a value that could travel.

    Args:
        left: of a value that may be endless, how much may still be copied.

    Raises:
        LimitError: it is more.
    """
    if left is not None:
        left[0] -= value.nbytes if type(value) is np.ndarray else PLACE
        if left[0] < 0:
            raise wire.LimitError("the value is too large to travel")
    if type(value) is dict:
        return {key: _duplicate(item, left) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)([_duplicate(item, left) for item in value])
    return value.copy() if type(value) is np.ndarray else value


def _changed_places(before: Any, after: Any) -> list[str]:
    try:
        return list(_changes(before, after, ""))
    except BaseException:  # the student's own object was put there, and will not be compared
        return [""]


def _changes(before: Any, after: Any, path: str) -> Iterator[str]:
    """The places of an argument that a call changed: "" for the whole, "['W1']" for an entry of a dict."""
    if type(before) is not type(after):
        yield path
    elif type(before) is dict:
        if list(before) != list(after):
            yield path
        for key in before:
            if key in after:
                yield from _changes(before[key], after[key], f"{path}[{key!r}]")
    elif type(before) in (list, tuple):
        if len(before) != len(after):
            yield path
        for place, (old, new) in enumerate(zip(before, after, strict=False)):
            yield from _changes(old, new, f"{path}[{place}]")
    elif type(before) is np.ndarray:
        if (before.shape, before.dtype) != (after.shape, after.dtype) or before.tobytes() != after.tobytes():
            yield path
    elif before is not after and before != after:
        yield path
