"""What a student's code tries besides computing: told to the instructor, and harmless where it is an accident.

The kernel forbids such things (`confinement`); nothing here protects. Writing a file is the common accident: a plot or
an array saved at the end of a module. Inside the box the writing goes nowhere and the module runs on.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from collections.abc import Callable
from typing import Any

MAX_ACTS = 20
MAX_TEXT = 200  # characters of one act

FORBIDDEN = (
    "os.exec",
    "os.fork",
    "os.kill",
    "os.link",
    "os.posix_spawn",
    "os.putenv",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.unsetenv",
    "os.utime",
    "os.ch",  # chmod, chown, chflags
    "ctypes.",
    "gc.get_",
    "pty.",
    "shutil.",
    "socket.",
    "subprocess.",
    "syslog.",
    "webbrowser.",
)
HARMLESS = frozenset(["os.chdir", "socket.__new__", "shutil.which"])


class Acts:
    """Collects what Python's audit events tell, while it is on.

    Args:
        folder: what lies in it is the submission's own, to be read freely.
        nowhere: a descriptor of the null device, open for writing.
    """

    def __init__(self, folder: str, nowhere: int) -> None:
        self.folder = folder
        self.nowhere = nowhere
        self.told: dict[str, None] = {}
        self.libraries = tuple({os.path.dirname(os.__file__), *(place for place in sys.path if place)})
        sys.addaudithook(self._hear)
        builtins.open = io.open = self._opener(io.open)
        os.mkdir = self._maker(os.mkdir)

    def take(self) -> list[str]:
        """What was tried since the last call of this."""
        told, self.told = list(self.told), {}
        return told

    def _tell(self, act: str) -> None:
        if len(self.told) < MAX_ACTS:
            self.told[act[:MAX_TEXT]] = None

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._hear_open(*args)
        elif event.startswith(FORBIDDEN) and event not in HARMLESS:
            self._tell(event)

    def _hear_open(self, path: Any, mode: Any, flags: Any) -> None:
        if type(path) is not str or (type(mode) is str and set(mode) & set("wax+")):
            return
        full = os.path.normpath(os.path.join(self.folder, path))
        if not full.startswith((self.folder, *self.libraries)):
            self._tell(f"reading {path}")

    def _opener(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            try:
                return real(file, mode, *args, **kwargs)
            except PermissionError:
                if not set(mode) & set("wax+"):
                    raise
                self._tell(f"writing {file}")
                harmless = mode.replace("x", "w").replace("a", "w")
                return real(os.dup(self.nowhere), harmless, *args, **kwargs)

        return open

    def _maker(self, real: Callable[..., None]) -> Callable[..., None]:
        def mkdir(path: Any, *args: Any, **kwargs: Any) -> None:
            try:
                real(path, *args, **kwargs)
            except PermissionError:
                self._tell(f"making the folder {path}")

        return mkdir
