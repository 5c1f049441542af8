"""The parent's end of the process that runs a student's file: start it, ask it, stop all of it.

`spawn` comes before everything else in a command, so this module imports neither NumPy nor anything slow.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .student.wire import Buffer

RUNNER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "student", "runner.py")
KEPT_OUTPUT = 64 << 10  # bytes; the beginning of what was printed says enough
MAX_OUTPUT = 16 << 20  # bytes between two answers; the child itself stops a print at half of it
WATCH_GRACE = 0.5  # seconds for the child to tell where it hangs, before it is killed unasked
LOOK = 0.1  # seconds between two looks whether the child still runs
THREAD_GRACE = 0.5  # seconds for what is still in the pipes of a child that has ended

# One BLAS thread: a probe is small, and CPU time is then the call's own. Agg: a plot opens no window.
ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    **dict.fromkeys(
        (
            "BLIS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ),
        "1",
    ),
}


def spawn() -> subprocess.Popen[bytes]:
    """Start a process that imports NumPy and then waits for a student's file; it ends when its input does."""
    return subprocess.Popen(
        [sys.executable, "-I", RUNNER, *_numpy_folders()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, **ENVIRONMENT},
        **_own_group(),
    )


def _own_group() -> dict[str, Any]:
    """What makes the process and all it starts one group, to be killed as a whole."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _numpy_folders() -> list[str]:
    return [folder for folder in sys.path if folder and os.path.isdir(os.path.join(folder, "numpy"))]


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its whole group; no error when they are gone already.

    A descendant that made a session of its own has left the group: only a sandbox that forbids forking stops that.
    """
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        process.kill()


class ChildEnded(Exception):  # noqa: N818 - an ending is no error
    """The child closed its end before it answered."""


class NoAnswer(Exception):  # noqa: N818 - as above
    """The time for an answer is up."""


class Flooded(Exception):  # noqa: N818 - as above
    """The child printed more than `MAX_OUTPUT`."""


class Child(Protocol):
    """A process that runs a student's file, as its parent sees it."""

    @property
    def output(self) -> bytes:
        """The first `KEPT_OUTPUT` bytes that were printed."""

    def ask(self, message: list[Buffer], answers: int = 1) -> None:
        """Send a message to which so many answers are expected; an empty one only waits for them."""

    def next_answer(self, timeout: float, cpu_timeout: float | None = None) -> Any:
        """The next answer: a value and the arrays converted in it, as `wire.receive` gives them.

        Args:
            timeout: seconds by the clock.
            cpu_timeout: seconds of the child's processor time, where that can be seen from outside.

        Raises:
            NoAnswer: none came in time.
            ChildEnded: the child closed its end, or is gone.
            Flooded: it was killed because it printed too much.
            WireError: what came is not a message.
        """

    def end(self, grace: float = 0.0) -> int | None:
        """Kill the child and all it started; its exit code if it ended by itself within so many seconds, else None."""


class ChildProcess:
    """One running child: messages go in and come out, its output is kept, and it ends with everything it started.

    The pipes are read by threads, as no system but POSIX can wait for a pipe with a time limit. A thread that is stuck
    in a pipe is left behind: it ends when the pipe does.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        from queue import SimpleQueue  # noqa: PLC0415 - after the child has been started

        self.process = process
        self._jobs: SimpleQueue[tuple[list[Buffer], int] | None] = SimpleQueue()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._kept = bytearray()
        self._printed = 0
        self._printed_before = 0
        self._flooded = False
        self._ended = False
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._exchange, self._drain)]
        for thread in self._threads:
            thread.start()

    @property
    def output(self) -> bytes:
        """See `Child`, as for the other methods."""
        return bytes(self._kept)

    def ask(self, message: list[Buffer], answers: int = 1) -> None:
        """The message is sent by a thread."""
        self._jobs.put((message, answers))

    def next_answer(self, timeout: float, cpu_timeout: float | None = None) -> Any:
        """Only the clock counts: not every system tells how much processor time another process took."""
        answer = self._wait_for_answer(timeout)
        if self._flooded:
            raise Flooded
        if isinstance(answer, Exception):
            raise answer
        self._printed_before = self._printed
        return answer

    def _wait_for_answer(self, timeout: float) -> Any:
        """Wait, looking now and then whether the child still runs: what it forked may hold its pipes open."""
        from queue import Empty  # noqa: PLC0415 - as above

        deadline = time.monotonic() + timeout
        gone = False
        while True:
            left = deadline - time.monotonic()
            try:
                return self._answers.get(timeout=min(max(left, 0.0), LOOK))
            except Empty:
                if gone:
                    return ChildEnded()
                if left <= 0:
                    return NoAnswer()
                gone = self.process.poll() is not None  # its last answer may still be in the pipe

    def end(self, grace: float = 0.0) -> int | None:
        """What is stuck in a pipe is left behind."""
        code = None
        if self._ended:
            return code
        self._ended = True
        with suppress(subprocess.TimeoutExpired):
            code = self.process.wait(grace)
        kill_tree(self.process)
        self.process.wait()
        self._jobs.put(None)
        deadline = time.monotonic() + THREAD_GRACE
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return code

    def _exchange(self) -> None:
        """Send messages and read their answers, never more of them than were asked for."""
        from .student.wire import receive, write  # noqa: PLC0415 - after the child has been started

        with _pipe(self.process.stdin) as requests, _pipe(self.process.stdout) as answers:
            read = partial(os.read, answers.fileno())
            for message, count in iter(self._jobs.get, None):
                with suppress(OSError):  # the child is gone: reading tells how
                    write(requests.fileno(), message)
                for _ in range(count):
                    try:
                        answer: Any = receive(read) or ChildEnded()
                    except Exception as error:
                        answer = error
                    self._answers.put(answer)
                    if isinstance(answer, Exception):
                        return

    def _drain(self) -> None:
        """Keep the beginning of what is printed, count the rest, and kill a child that prints without end."""
        with _pipe(self.process.stderr) as output:
            while chunk := os.read(output.fileno(), 1 << 16):
                self._kept += chunk[: KEPT_OUTPUT - len(self._kept)]
                self._printed += len(chunk)
                if self._printed - self._printed_before > MAX_OUTPUT and not self._flooded:
                    self._flooded = True
                    kill_tree(self.process)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the process has no pipes: start it with spawn()")
    return stream
