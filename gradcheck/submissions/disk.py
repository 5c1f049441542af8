"""A folder on disk, read without following a link, also not one that appears while we read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from checkers.grading.submission import Refused

from .entries import Entry, Kind, is_noise, too_large
from .names import shown

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd  # not on Windows
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
# Not blocking: what was a file when we looked may be a pipe when we open it, and would wait for a writer for ever.
_FILE = (
    os.O_RDONLY | _NO_LINK | sum(getattr(os, flag, 0) for flag in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
)


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A folder below the one that was given; every folder on the way is opened without following a link.

    Attributes:
        root: the folder that was given.
        parts: the way from there to this one.
    """

    root: Path
    parts: tuple[str, ...] = ()

    def entries(self, most: int = sys.maxsize) -> list[Entry]:
        """What lies directly in it, sorted by name, without what is nobody's work; of more than `most` only some."""
        with self._opened() as folder, os.scandir(folder) as found:
            work = (entry for entry in found if not is_noise(entry.name))
            return sorted(map(_entry, islice(work, min(most, sys.maxsize - 1) + 1)), key=_by_name)

    def folder(self, name: str) -> DiskFolder:
        """A folder in it."""
        return DiskFolder(self.root, (*self.parts, name))

    def open(self, name: str, most: int) -> BinaryIO:
        """An ordinary file in it, with one name only, to be read."""
        with self._opened() as folder:
            place = folder if isinstance(folder, int) else None
            path = name if isinstance(folder, int) else os.path.join(folder, name)
            try:
                seen = os.stat(path, dir_fd=place, follow_symlinks=False)
                _check(name, seen, most)
                descriptor = os.open(path, _FILE, dir_fd=place)
            except OSError as error:
                raise Refused(f"{shown(name)} cannot be read: {error.strerror or error}.") from error
        opened = os.fstat(descriptor)
        if (opened.st_dev, opened.st_ino) != (seen.st_dev, seen.st_ino):
            os.close(descriptor)
            raise Refused(f"{shown(name)} was replaced while it was read.")
        return open(descriptor, "rb")

    @contextmanager
    def _opened(self) -> Iterator[int | str]:
        """A descriptor of the folder; where the system has none for folders, its path."""
        name = self.parts[-1] if self.parts else str(self.root)
        try:
            with _descended(self.root, self.parts) if _BY_DESCRIPTOR else _checked(self.root, self.parts) as folder:
                yield folder
        except OSError as error:
            raise Refused(f"{shown(name)} cannot be read: {error.strerror or error}.") from error


@contextmanager
def _descended(root: Path, parts: tuple[str, ...]) -> Iterator[int]:
    descriptor = os.open(root, _FOLDER)
    try:
        for part in parts:
            inner = os.open(part, _FOLDER | _NO_LINK, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _checked(root: Path, parts: tuple[str, ...]) -> Iterator[str]:
    path = root
    for part in parts:
        path /= part
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise Refused(f"{shown(part)} is not a folder any more.")
    yield str(path)


def _entry(found: os.DirEntry[str]) -> Entry:
    if found.is_file(follow_symlinks=False):
        return Entry(found.name, Kind.FILE)
    if found.is_dir(follow_symlinks=False):
        return Entry(found.name, Kind.FOLDER)
    return Entry(found.name, Kind.ODD, odd(found.stat(follow_symlinks=False).st_mode))


def _by_name(entry: Entry) -> str:
    return entry.name


def odd(mode: int) -> str:
    """What is wrong with an entry that is neither file nor folder, to follow its name."""
    if stat.S_ISLNK(mode):
        return "is a symbolic link, and links are not followed: hand in the file itself"
    kinds = {
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return f"is {kinds.get(stat.S_IFMT(mode), 'of an unknown kind')}, no ordinary file"


def _check(name: str, status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{shown(name)} {odd(status.st_mode)}.")
    # A hard link to another student's file, or to the solution, looks like a file of one's own. No download has them.
    if status.st_nlink > 1:
        raise Refused(
            f"{shown(name)} has {status.st_nlink} names on disk (hard links), so it may be somebody else's. "
            f"If you made the links yourself: copy the folder and grade the copy."
        )
    if status.st_size > most:
        raise too_large(name, status.st_size, most)
