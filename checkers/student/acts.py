"""What a student's code tries besides computing: told to the instructor, and harmless where it is an accident.

The kernel forbids such things (`confinement`); nothing here protects. Writing a file is the common accident: a plot or
an array saved at the end of a module. Inside the box it is kept in memory, and the module runs on.
"""

from __future__ import annotations

import builtins
import io
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_ACTS = 20
MAX_TEXT = 200  # characters of one act

FORBIDDEN = (
    "_thread.",
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
HARMLESS = frozenset(["os.chdir", "shutil.which", "socket.gethostname"])


class Acts:
    """Collects what Python's audit events tell, once a folder is said to be the submission's own."""

    def __init__(self) -> None:
        self.folder = ""
        self.told: dict[str, None] = {}
        self.libraries = tuple(
            {os.path.dirname(os.__file__), os.path.dirname(__file__), *(place for place in sys.path if place)}
        )
        sys.addaudithook(self._hear)
        self.written: dict[str, _Kept] = {}
        builtins.open = io.open = self._open(io.open)
        numpys: Any = getattr(np.lib, "_datasource", None)  # what np.savetxt and np.loadtxt open files with
        if numpys is not None:
            numpys._file_openers._file_openers[None] = io.open
        paths: Any = os.path
        paths.exists, paths.isfile = self._exists(paths.exists), self._exists(paths.isfile)
        os.mkdir = self._maker(os.mkdir)
        system: Any = os
        system.remove = system.unlink = self._remover(os.remove)
        system.rename, system.replace = self._mover(os.rename), self._mover(os.replace)

    def begin(self, folder: str) -> None:
        """What lies in this folder may be read freely."""
        self.folder = tempfile.tempdir = folder

    def take(self) -> list[str]:
        """What was tried since the last call of this."""
        told, self.told = list(self.told), {}
        return told

    def _tell(self, act: str) -> None:
        if len(self.told) < MAX_ACTS:
            self.told[act[:MAX_TEXT]] = None

    def _tell_outside(self, act: str, path: Any) -> None:
        """Tell what is done to a file, unless it is in the submission's own folder."""
        if not (os.path.abspath(os.fsdecode(path)) + os.sep).startswith(self.folder + os.sep):
            self._tell(f"{act} {path}")

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if not self.folder:
            return
        if event == "open":
            self._hear_open(*args)
        elif event in {"os.listdir", "os.scandir"}:
            self._hear_open(args[0], "r", 0)
        elif event.startswith(FORBIDDEN) and event not in HARMLESS:
            self._tell(event)

    def _hear_open(self, path: Any, mode: Any, flags: Any) -> None:
        if type(path) is not str or (type(mode) is str and set(mode) & set("wax+")):
            return
        if type(flags) is int and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._tell_outside("writing", path)
        elif not os.path.abspath(path).startswith(self.libraries):
            self._tell_outside("reading", path)

    def _open(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def open(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            name = _full(file)
            if name in self.written and not set(mode) & set("wx"):
                return self._reopened(name, mode, *args, **kwargs)
            if not name or name == os.devnull or not set(mode) & set("wax+"):
                return real(file, mode, *args, **kwargs)
            self._tell_outside("writing", file)
            self.written[name] = _Kept(self._before(name, mode, real))
            return self._reopened(name, mode, *args, **kwargs)

        return open

    def _before(self, name: str, mode: str, real: Callable[..., Any]) -> bytes:
        """What is in a file that is written on, and not anew."""
        if set(mode) & set("wx"):
            return b""
        try:
            with real(name, "rb") as file:
                return bytes(file.read())
        except FileNotFoundError:
            if "a" in mode:
                return b""
            raise

    def _reopened(
        self,
        name: str,
        mode: str,
        buffering: int = -1,
        encoding: str | None = None,
        errors: Any = None,
        newline: Any = None,
        **kwargs: Any,
    ) -> Any:
        kept = _Kept(self.written[name].content)
        self.written[name] = kept
        if "a" in mode:
            kept.seek(0, io.SEEK_END)
        return kept if "b" in mode else io.TextIOWrapper(kept, encoding or "utf-8", errors, newline)

    def _maker(self, real: Callable[..., None]) -> Callable[..., None]:
        def mkdir(path: Any, *args: Any, **kwargs: Any) -> None:
            try:
                real(path, *args, **kwargs)
            except (PermissionError, FileNotFoundError):  # the latter of a folder in one that was not made
                self._tell_outside("making the folder", path)

        return mkdir

    def _remover(self, real: Callable[..., None]) -> Callable[..., None]:
        def remove(path: Any, *args: Any, **kwargs: Any) -> None:
            if self.written.pop(_full(path), None) is None:
                real(path, *args, **kwargs)

        return remove

    def _mover(self, real: Callable[..., None]) -> Callable[..., None]:
        def move(source: Any, target: Any, *args: Any, **kwargs: Any) -> None:
            kept = self.written.pop(_full(source), None)
            if kept is None:
                real(source, target, *args, **kwargs)
            else:
                self.written[_full(target)] = kept

        return move

    def _exists(self, real: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def exists(path: Any) -> bool:
            return real(path) or _full(path) in self.written

        return exists


def _full(path: Any) -> str:
    """The whole path of what a file is called; "" for a descriptor."""
    return os.path.abspath(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else ""


class _Kept(io.BytesIO):
    """A file in memory, whose content outlives its closing."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(content)
        self._closed_with = content

    @property
    def content(self) -> bytes:
        """What has been written."""
        return self._closed_with if self.closed else self.getvalue()

    def close(self) -> None:
        if not self.closed:
            self._closed_with = self.getvalue()
        super().close()
