"""Ending a statement of a student's file that takes too long, so that the file's other statements can run.

A timer's signal raises in the statement. Where there are no such timers, on Windows, a thread looks at the clocks and
asks the interpreter for the same. Neither ends one long call of compiled code: the parent's own limit does.
"""

from __future__ import annotations

import _thread
import signal
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType

SLOWEST = 3.0  # times its processor time a statement may take by the clock: it may wait, or the machine be busy
AGAIN = 0.01  # seconds until the next attempt, where `except:` caught the first
LOOK = 0.02  # seconds between two looks at the clocks; Windows itself counts in 16 ms


class StoppedError(BaseException):
    """A statement's time is up; no `except Exception` of the student's catches it."""


class Timer(Protocol):
    """Calls something in the main thread once some time is up, and again until it is set anew."""

    def set(self, seconds: float) -> float:
        """So many seconds of processor time from now, none for 0; what was left of the time set before."""


class Interruption:
    """Runs code under a time limit; code that such code runs in turn has a limit of its own.

    Args:
        make_timer: of a function that is called when the time is up.
    """

    def __init__(self, make_timer: Callable[[Callable[..., None]], Timer] | None = None) -> None:
        self._timer = (make_timer or default_timer)(self._stop)
        self._running: CodeType | None = None

    def run(self, code: CodeType, names: dict[str, Any], seconds: float) -> None:
        """Run a statement in a module.

        Raises:
            StoppedError: its time was up; and whatever else it raises.
        """
        outer, left = self._running, self._timer.set(0)
        self._running = code
        try:
            self._timer.set(seconds)
            exec(code, names)
        finally:
            self._timer.set(0)
            self._running = outer
            if outer is not None:
                self._timer.set(max(left, AGAIN))

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Raise, if the statement is still under way: a signal may come a moment late."""
        while frame is not None and self._running is not None:
            if frame.f_code is self._running:
                raise StoppedError
            frame = frame.f_back


class SignalTimer:
    """A timer of the system, of processor time, and one of the clock beside it."""

    def __init__(self, stop: Callable[..., None]) -> None:
        signal.signal(signal.SIGPROF, stop)
        signal.signal(signal.SIGALRM, stop)

    def set(self, seconds: float) -> float:
        """See `Timer`."""
        signal.setitimer(signal.ITIMER_REAL, SLOWEST * seconds, AGAIN)
        return signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)[0]


class ThreadTimer:
    """A thread that looks at the clocks; what the main thread waits for, it cannot end."""

    def __init__(self, stop: Callable[..., None]) -> None:
        signal.signal(signal.SIGINT, stop)
        self._times = 0
        self._own = 0.0

    def set(self, seconds: float) -> float:
        """See `Timer`."""
        left = max(self._own - time.process_time(), 0.0)
        self._times += 1
        self._own = time.process_time() + seconds if seconds else 0.0
        if seconds:
            _thread.start_new_thread(self._watch, (self._times, self._own, time.monotonic() + SLOWEST * seconds))
        return left

    def _watch(self, times: int, own: float, clock: float) -> None:
        while times == self._times:
            if time.process_time() > own or time.monotonic() > clock:
                _thread.interrupt_main()
            time.sleep(LOOK)


def default_timer(stop: Callable[..., None]) -> Timer:
    """What the system offers."""
    return SignalTimer(stop) if hasattr(signal, "setitimer") else ThreadTimer(stop)
