"""What is told of student code that raised, warned or hung: type, text, and the places in the student's own files."""

from __future__ import annotations

import io
import linecache
import os
import sys
import warnings
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

from .wire import type_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, FrameType, TracebackType

    Place = tuple[CodeType, int, int]  # code, index of the instruction, line

MAX_MESSAGE = 2000  # characters of an exception's or a warning's text
MAX_LINE = 400  # characters of a source line
MAX_FRAMES = 16  # the innermost of a deep recursion say enough
MAX_WARNINGS = 100  # different ones of one call
MAX_OUTPUT = 8 << 20  # bytes of one call; past it the print itself raises, so that its line is known

SYNTAX_ERRORS = (SyntaxError, IndentationError, TabError)
# Warnings about how a library is written, not about numbers: told only when the student's own line causes them.
HOUSEKEEPING = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


# A student's folder may be one that Python or this package lies in; "-packages" is what pip installs.
LIBRARIES = (os.path.dirname(os.__file__) + os.sep, os.path.dirname(os.path.abspath(__file__)) + os.sep)


class OutputLimit(BaseException):
    """The student's code printed more than `MAX_OUTPUT` bytes."""


class StudentFiles:
    """The student's file and what lies in its folder: which code is theirs, and how its lines read."""

    def __init__(self, path: str, text: str = "") -> None:
        self.path = path
        self.folder = os.path.dirname(path)
        self.lines = text.split("\n")
        self.neighbours: dict[str, str] = {}
        """Files of the folders above that were imported, and how they are called."""

    def name_of(self, filename: str) -> str | None:
        """The file's name relative to the student's folder; None when it is a library's."""
        if filename == self.path:
            return os.path.basename(filename)
        if filename in self.neighbours:
            return self.neighbours[filename]
        inside = filename.startswith(self.folder + os.sep)
        foreign = filename.startswith(LIBRARIES) or "-packages" in filename
        return filename[len(self.folder) + 1 :] if inside and not foreign else None

    def line(self, filename: str, number: int) -> str:
        """One source line, without its line end."""
        if filename != self.path:
            return linecache.getline(filename, number).rstrip("\r\n")
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def frames(self, places: Iterable[Place]) -> list[dict[str, Any]]:
        """Those places that are in the student's files, the innermost `MAX_FRAMES`, outermost first."""
        own = [place for place in places if self.name_of(place[0].co_filename) is not None]
        return [self._frame(*place) for place in own[-MAX_FRAMES:]]

    def _frame(self, code: CodeType, instruction: int, line: int) -> dict[str, Any]:
        source = self.line(code.co_filename, line)
        _, end_line, start, end = next(islice(code.co_positions(), instruction // 2, None), (None,) * 4)
        one_line = end_line == line
        return {
            "file": self.name_of(code.co_filename),
            "line": line,
            "column": _characters(source, start) if one_line else None,
            "end_column": _characters(source, end) if one_line else None,
            "function": code.co_name[:200],
            "source": source[:MAX_LINE],
        }


def _characters(source: str, offset: int | None) -> int | None:
    """Python counts columns in UTF-8 bytes, people in characters."""
    return None if offset is None else len(source.encode(errors="replace")[:offset].decode(errors="replace"))


def traceback_places(traceback: TracebackType | None) -> Iterator[Place]:
    """Where an exception passed, outermost first."""
    while traceback is not None:
        yield traceback.tb_frame.f_code, traceback.tb_lasti, traceback.tb_lineno
        traceback = traceback.tb_next


def stack_places(frame: FrameType | None) -> list[Place]:
    """Where a running thread is, outermost first."""
    places = []
    while frame is not None:
        places.append((frame.f_code, frame.f_lasti, frame.f_lineno or 0))
        frame = frame.f_back
    return places[::-1]


def raised(error: BaseException, files: StudentFiles) -> dict[str, Any]:
    """What is told of an exception; no method of it but `__str__` runs, and that one guarded."""
    mro = type.__dict__["__mro__"].__get__(type(error))
    builtin = next(kind for kind in mro if type(kind) is type and kind.__module__ == "builtins")
    return {
        "type": type_name(error).rpartition(".")[2],
        "builtin": builtin.__name__[:200],
        "message": _message(error),
        "frames": files.frames(traceback_places(error.__traceback__)) + _syntax_frame(error, files),
    }


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and type(error) in SYNTAX_ERRORS:
        return str(error.msg)[:MAX_MESSAGE]  # without "(file, line 3)"
    try:
        return str.__str__(str(error))[:MAX_MESSAGE]
    except BaseException as second:
        return f"its text cannot be read: its __str__ raised {type_name(second)}"


def _syntax_frame(error: BaseException, files: StudentFiles) -> list[dict[str, Any]]:
    """The place of a syntax error, which no frame of its own tells; none when the line is not known."""
    if not isinstance(error, SyntaxError) or type(error) not in SYNTAX_ERRORS:
        return []
    if type(error.filename) is not str or type(error.lineno) is not int or error.lineno < 1:
        return []
    name = files.name_of(error.filename)
    known = type(error.offset) is int and error.offset > 0
    frame = {
        "file": name,
        "line": error.lineno,
        "column": error.offset - 1 if known and error.offset else None,
        "end_column": None,
        "function": "",
        "source": files.line(error.filename, error.lineno)[:MAX_LINE],
    }
    return [frame] if name is not None else []


class WarningsHeard:
    """Collects the warnings of one call instead of printing them; each different one once, with its count."""

    def __init__(self, files: StudentFiles) -> None:
        self.files = files
        self.counts: dict[tuple[str, str, str | None, int | None], int] = {}

    def listen(self) -> None:
        """Hear every warning; filters that the student's code sets itself stand before this one."""
        warnings.simplefilter("always")
        warnings.showwarning = self._hear

    def _hear(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if issubclass(category, HOUSEKEEPING) and self.files.name_of(filename) is None:
            return
        place = self._place(filename, lineno)
        key = (category.__name__[:200], str(message)[:MAX_MESSAGE], *place)
        if key in self.counts or len(self.counts) < MAX_WARNINGS:
            self.counts[key] = self.counts.get(key, 0) + 1

    def _place(self, filename: str, lineno: int) -> tuple[str | None, int | None]:
        """The student's innermost line: NumPy's own means and sums warn from inside NumPy."""
        name = self.files.name_of(filename)
        if name is not None:
            return name, lineno
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            name = self.files.name_of(frame.f_code.co_filename)
            if name is not None:
                return name, frame.f_lineno
            frame = frame.f_back
        return None, None

    def take(self) -> list[dict[str, Any]]:
        """The warnings heard since the last call of this."""
        counts, self.counts = self.counts, {}
        return [
            {"category": category, "message": message, "file": file, "line": line, "count": count}
            for (category, message, file, line), count in counts.items()
        ]


class CountedOutput(io.FileIO):
    """An output descriptor that knows how much was printed, and how much one call may print."""

    printed = 0
    allowed = MAX_OUTPUT

    def begin_call(self) -> None:
        """Every call may print as much as the first."""
        self.allowed = self.printed + MAX_OUTPUT

    def write(self, data: Any) -> int:
        """Write, count, and raise once the call has printed more than `MAX_OUTPUT`."""
        self.printed += len(data)
        if self.printed > self.allowed:
            raise OutputLimit(f"printed more than {MAX_OUTPUT:,} bytes")
        return super().write(data)
