"""What edits of a student's source run under: in silence, for a limited time, and without touching files."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1.0  # seconds of a round by the clock


class Deadline:
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


class Guard:
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


class TooLongError(BaseException):
    """An edit made a loop that does not end."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what takes longer, where the system has such a timer; elsewhere the parent ends the whole search."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def interrupt(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def quiet() -> Iterator[None]:
    """No printing and no warnings while edits are tried."""
    streams = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = _Silence()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.stdout, sys.stderr = streams
