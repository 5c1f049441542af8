"""The Python files of one submission, read within limits, or the reason why they are not."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from checkers.grading.submission import Refused, Source

from .archive import ZipFolder, opened
from .collection import Limits
from .entries import Entry, Folder, Kind, read, too_large
from .main_file import MainFile
from .names import alike, has_controls, is_device, shown
from .notebook import to_python


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry of a folder that somebody handed in.

    Attributes:
        name: what the file is called in the submission; "" for a folder whose content is meant.
    """

    folder: Folder
    entry: Entry
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`Submission.read` of one submission: what it consists of, and how to read that."""

    pieces: tuple[Piece, ...]
    main_file: MainFile
    limits: Limits

    def __call__(self) -> Source:
        """The files. Raises Refused."""
        with _walked(self.pieces, self.limits) as walk:
            files = _contents(walk, self.limits)
        code = {name: content for name, content in files.items() if name.lower().endswith(".py")}
        return Source(self.main_file(code), tuple(sorted(files.items())))


def names(pieces: tuple[Piece, ...], limits: Limits) -> Collection[str]:
    """The names of the Python files and notebooks of a submission; none of one that is refused."""
    try:
        with _walked(pieces, limits) as walk:
            return tuple(walk.files)
    except Refused:
        return ()


def is_python(name: str) -> bool:
    """Is it called as Python files and notebooks are?"""
    return name.lower().endswith((".py", ".ipynb"))


def is_data(name: str) -> bool:
    """Is it called as files of numbers are, which a module may read when it is imported?"""
    return name.lower().endswith((".csv", ".tsv", ".txt", ".dat", ".json", ".npy", ".npz"))


def is_zip(name: str) -> bool:
    """Is it called as a zip is?"""
    return name.lower().endswith(".zip")


@dataclass
class _Walk:
    """What was found on the way through a submission.

    Attributes:
        files: name in the submission -> where it lies.
        data: the same for files of numbers.
        zips: the same for zips.
        others: names of what is neither.
        seen: how many entries of any kind.
    """

    limits: Limits
    files: dict[str, tuple[Folder, str]] = field(default_factory=dict)
    data: dict[str, tuple[Folder, str]] = field(default_factory=dict)
    zips: dict[str, tuple[Folder, str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    seen: int = 0

    def visit(self, folder: Folder, entry: Entry, name: str, depth: int = 0) -> None:
        self.seen += 1
        if self.seen > self.limits.entries:
            raise Refused(f"There are more than {self.limits.entries:,} files and folders in it.")
        if entry.kind is Kind.ODD:
            raise Refused(f"{shown(name or entry.name)} {entry.why}.")
        if entry.kind is Kind.FOLDER:
            self.enter(folder.folder(entry.name), name, depth + 1)
        elif is_python(entry.name):
            self.files[_checked(name, self.limits)] = folder, entry.name
            if len(self.files) > self.limits.files:
                raise Refused(f"There are more than {self.limits.files} Python files in it.")
        elif is_zip(entry.name):
            self.zips[name] = folder, entry.name
        else:
            self.others.append(name)
            with suppress(Refused):  # under such a name no program could ask for it
                if is_data(entry.name) and len(self.data) < self.limits.files:
                    self.data[_checked(name, self.limits)] = folder, entry.name

    def enter(self, folder: Folder, name: str, depth: int) -> None:
        if depth > self.limits.depth + 1:
            raise Refused(f"{shown(name)} is too deep: at most {self.limits.depth} folders inside each other are read.")
        entries = folder.entries(self.limits.entries)
        if any(entry.name == "pyvenv.cfg" for entry in entries):  # a virtual environment, with thousands of files
            return
        for entry in entries:
            self.visit(folder, entry, f"{name}/{entry.name}" if name else entry.name, depth)


@contextmanager
def _walked(pieces: tuple[Piece, ...], limits: Limits) -> Iterator[_Walk]:
    """All Python files of a submission; those of its zip, as long as it is open, where there are none beside it."""
    walk = _Walk(limits)
    for piece in pieces:
        walk.visit(piece.folder, piece.entry, piece.name)
    if walk.files or not walk.zips:
        _check(walk)
        yield walk
        return
    if len(walk.zips) > 1:
        listed = ", ".join(shown(name) for name in sorted(walk.zips)[:3])
        raise Refused(f"There are {len(walk.zips)} zips in it ({listed}) and no Python file: which one is meant?")
    ((name, (folder, called)),) = walk.zips.items()
    with _seekable(folder, called, limits) as file:
        inner = _Walk(limits)
        inner.enter(opened(file, name, limits.entries, limits), "", 1)
        if not inner.files and inner.zips:
            raise Refused(f"{shown(next(iter(inner.zips)))} is a zip inside a zip, which is not opened.")
        _check(inner)
        yield inner


def _check(walk: _Walk) -> None:
    if not walk.files:
        held = ", ".join(shown(name) for name in sorted(walk.others)[:3])
        more = f" and {len(walk.others) - 3} more" if len(walk.others) > 3 else ""
        raise Refused(f"There is no Python file or notebook in it{f', only {held}{more}' if held else ''}.")
    seen: dict[str, str] = {}
    for name in walk.files:
        if (other := seen.setdefault(alike(name), name)) != name:
            raise Refused(f"{shown(other)} and {shown(name)} differ only in case: on many systems they are one file.")


def _seekable(folder: Folder, name: str, limits: Limits) -> BinaryIO:
    """A zip: on disk it is read here and there, whatever its size; one in a zip is unpacked to memory first."""
    if isinstance(folder, ZipFolder):
        return io.BytesIO(read(folder, name, limits.archive))
    return folder.open(name, sys.maxsize)


def _checked(name: str, limits: Limits) -> str:
    """A file's name in the submission, if it may be one on every system. Raises Refused."""
    parts = name.split("/")
    if any(0xD800 <= ord(sign) < 0xE000 for sign in name):
        raise Refused(f"{shown(name)} has a name that is not UTF-8.")
    if has_controls(name):
        raise Refused(f"{shown(name)} has control characters in its name.")
    if "\\" in name or re.match("[A-Za-z]:", name):
        raise Refused(f"{shown(name)} has a backslash or a drive letter in its name.")
    if len(name) > limits.name:
        raise Refused(f"{shown(name)} has a name of {len(name)} characters; at most {limits.name} are read.")
    if any(is_device(part) for part in parts):
        raise Refused(f"{shown(name)} is the name of a device on Windows: call it something else.")
    return name


def _contents(walk: _Walk, limits: Limits) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for name, (folder, called) in sorted(walk.files.items()):
        is_notebook = called.lower().endswith(".ipynb")
        content = read(folder, called, limits.total if is_notebook else limits.file)
        total += len(content)
        if total > limits.total:
            raise Refused(f"Its Python files have more than {limits.total:,} bytes together.")
        if is_notebook:
            content = to_python(content, name)
            if len(content) > limits.file:
                raise too_large(name, len(content), limits.file, "of code")
        files[_module(name, walk.files) if is_notebook else name] = content
    for name, (folder, called) in sorted(walk.data.items()):
        try:
            content = read(folder, called, min(limits.data, limits.total - total))
        except Refused:  # too large to travel with the code, and seldom needed by a gradient
            continue
        if alike(name) not in map(alike, files):
            files[name] = content
            total += len(content)
    return files


def _module(notebook: str, names: Collection[str]) -> str:
    """What a notebook is called as a Python file: hw.py; where there is a hw.py already, hw.ipynb.py."""
    name = f"{notebook[: -len('.ipynb')]}.py"
    return f"{notebook}.py" if alike(name) in map(alike, names) else name
