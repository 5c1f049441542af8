"""A process that the zygote has forked, as its parent sees it: pipes, and a descriptor of the process itself."""

from __future__ import annotations

import os
import select
import signal
import time
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from ..child_process import KEPT_OUTPUT, MAX_OUTPUT, WATCH_GRACE, ChildEnded, Flooded, NoAnswer
from ..student.wire import Limits, receive

if TYPE_CHECKING:
    from ..student.wire import Buffer
    from .fork_server import ForkServer

LOOK = 0.1  # seconds between two looks at the processor time
SHORTEST_LOOK = 0.01  # seconds between two looks when the time is nearly up
WHERE = signal.SIGUSR1  # asks the process where it is
CHUNK = 1 << 16
# A right answer has some kilobytes, a slice of tried edits nearly a megabyte; all stay until it is graded.
RECEIVED = Limits(header=4 << 20, body=4 << 20)


class BoxedChild:
    """One forked process; see `child_process.Child`, whose methods it has. It needs no threads."""

    def __init__(self, server: ForkServer, folder: str) -> None:
        (their_requests, requests), (answers, their_answers), (output, their_output) = (os.pipe() for _ in range(3))
        theirs = [their_requests, their_answers, their_output]
        try:
            self._number, self._pidfd = server.fork(folder, theirs)
        except BaseException:
            for descriptor in (requests, answers, output):
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self._server = server
        self._requests, self._answers, self._output = requests, answers, output
        self._poll = select.poll()
        for descriptor in (answers, output, self._pidfd):
            self._poll.register(descriptor, select.POLLIN)
        for descriptor in (requests, answers, output):
            os.set_blocking(descriptor, False)
        self._outgoing: deque[memoryview] = deque()
        self._incoming = bytearray()
        self._kept = bytearray()
        self._printed = self._printed_before = 0
        self._answers_open = self._running = True
        self._code: int | None = None
        self._ended = False

    @property
    def output(self) -> bytes:
        """The first `KEPT_OUTPUT` bytes that were printed."""
        return bytes(self._kept)

    def ask(self, message: list[Buffer], answers: int = 1) -> None:
        """The message is written while waiting for its answers, however many."""
        self._outgoing.extend(memoryview(piece) for piece in message if len(piece))
        if self._outgoing:
            self._write()
        if self._outgoing:
            self._poll.register(self._requests, select.POLLOUT)

    def next_answer(self, timeout: float, cpu_timeout: float | None = None) -> Any:
        """Both limits hold."""
        clock = _Clock(timeout, cpu_timeout, self._pidfd)
        answer = receive(partial(self._read, clock), RECEIVED)
        self._printed_before = self._printed
        if answer is None:
            raise ChildEnded
        return answer

    def end(self, grace: float = 0.0) -> int | None:
        """Kill the process; its exit code if it ended by itself within so many seconds, else None."""
        if self._ended:
            return None
        self._ended = True
        waiting = select.poll()  # not select(), which knows no descriptors above 1023
        waiting.register(self._pidfd, select.POLLIN)
        by_itself = bool(waiting.poll(1000 * grace))
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        try:
            code = self._server.wait(self._number)
            with suppress(Flooded):
                self._drain()
        finally:
            for descriptor in (self._requests, self._answers, self._output, self._pidfd):
                os.close(descriptor)
        return code if by_itself else None

    # Pipes ------------------------------------------------------------------------------------------------------------

    def _read(self, clock: _Clock, count: int) -> bytes:
        """At most so many bytes of the answers; none when their end is closed."""
        while not self._incoming and self._answers_open:
            self._exchange(clock)
        taken = bytes(self._incoming[:count])
        del self._incoming[:count]
        return taken

    def _exchange(self, clock: _Clock) -> None:
        """Wait for something to happen, and take it."""
        for descriptor, event in self._poll.poll(1000 * clock.tick()):
            if descriptor == self._answers:
                self._take_answers()
            elif descriptor == self._output:
                self._drain()
            elif descriptor == self._requests:
                self._write() if event & select.POLLOUT else self._outgoing.clear()
                if not self._outgoing:
                    self._poll.unregister(self._requests)
            else:
                # It is dead; what it said last may still be in the pipe.
                self._poll.unregister(self._pidfd)
                self._take_answers()
                self._answers_open = False

    def _take_answers(self) -> None:
        with suppress(BlockingIOError):
            while chunk := os.read(self._answers, CHUNK):
                self._incoming += chunk
                if len(chunk) < CHUNK or len(self._incoming) > RECEIVED.body:
                    return
            self._answers_open = False

    def _write(self) -> None:
        try:
            while self._outgoing:
                written = os.write(self._requests, self._outgoing[0])
                self._outgoing[0] = self._outgoing[0][written:]
                if not self._outgoing[0]:
                    self._outgoing.popleft()
        except BlockingIOError:
            return
        except OSError:  # it is gone: reading tells how
            self._outgoing.clear()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while chunk := os.read(self._output, CHUNK):
                self._kept += chunk[: KEPT_OUTPUT - len(self._kept)]
                self._printed += len(chunk)
                if self._printed - self._printed_before > MAX_OUTPUT:
                    raise Flooded
                if len(chunk) < CHUNK:
                    return
            if not self._ended:
                self._poll.unregister(self._output)


class _Clock:
    """How long a call may still take, by the clock and by the time of the processor.

    When the time is up, the process is asked where it is; it has `WATCH_GRACE` seconds to tell.
    """

    def __init__(self, timeout: float, cpu_timeout: float | None, pidfd: int) -> None:
        self.start = time.monotonic()
        self.timeout, self.cpu_timeout, self.pidfd = timeout - WATCH_GRACE, cpu_timeout, pidfd
        self.used_before: float | None = None
        self.asked_at = float("inf")

    def tick(self) -> float:
        """Seconds to wait before the next look.

        Raises:
            NoAnswer: the time is up, and it did not tell where it is.
        """
        passed = time.monotonic() - self.start
        if passed - self.asked_at >= WATCH_GRACE:
            raise NoAnswer
        if self.asked_at > passed and (passed >= self.timeout or self._has_computed_enough(passed)):
            self.asked_at = passed
            with suppress(OSError):
                signal.pidfd_send_signal(self.pidfd, WHERE)
        return min(LOOK, max(self.timeout - passed, SHORTEST_LOOK))

    def _has_computed_enough(self, passed: float) -> bool:
        if self.cpu_timeout is None or passed < LOOK:
            return False
        used = processor_seconds(self.pidfd)
        if used is None:
            return False
        if self.used_before is None:
            self.used_before = used - passed  # before the first look it has used no more than has passed
        return used - self.used_before >= self.cpu_timeout


def processor_seconds(pidfd: int) -> float | None:
    """How long a process has computed; None when it is gone."""
    try:
        with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as file:
            number = next(int(line.split()[1]) for line in file if line.startswith("Pid:"))
        with open(f"/proc/{number}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, StopIteration, ValueError, IndexError):
        return None
