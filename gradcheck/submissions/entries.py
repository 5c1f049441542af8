"""What a folder holds, on disk or in a zip, and what in it is nobody's work."""

from __future__ import annotations

import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Protocol

from checkers.grading.submission import Refused

from .names import shown


class Kind(Enum):
    """What an entry is; ODD ones are never opened."""

    FILE = "file"
    FOLDER = "folder"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a folder's listing.

    Attributes:
        why: what is wrong with an ODD one, to follow its name: "is a symbolic link ...".
    """

    name: str
    kind: Kind
    why: str = ""


class Folder(Protocol):
    """A folder on disk or in a zip."""

    def entries(self, most: int = sys.maxsize) -> list[Entry]:
        """What lies directly in it, sorted by name, without what is nobody's work; of more than `most` only some.

        Raises:
            Refused: it cannot be read.
        """

    def folder(self, name: str) -> Folder:
        """A folder in it."""

    def open(self, name: str, most: int) -> BinaryIO:
        """A file in it, to be read. Raises Refused: it is no ordinary file, or declares more than `most` bytes."""


# Raised while reading a zip that is cut off, damaged, or of a method or a version that zipfile does not know.
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
)


def read(folder: Folder, name: str, most: int) -> bytes:
    """A file's content.

    Raises:
        Refused: it is no ordinary file, cannot be read, is damaged, or has more than `most` bytes.
    """
    try:
        with folder.open(name, most) as file:
            content = file.read(most + 1)
    except OSError as error:
        raise Refused(f"{shown(name)} cannot be read: {error.strerror or error}.") from error
    except DAMAGED as error:
        raise Refused(f"{shown(name)} is damaged: {shown(str(error))}.") from error
    if len(content) > most:
        raise too_large(name, len(content), most, "or more")
    return content


def too_large(name: str, size: int, most: int, suffix: str = "") -> Refused:
    """What to raise for a file of more bytes than are read."""
    size_text = f"{size:,} bytes {suffix}".rstrip()
    return Refused(f"{shown(name)} is too large: {size_text}, and at most {most:,} are read.")


_SYSTEM = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini", "node_modules", "site-packages"}
_BACKUPS = (".pyc", ".pyo", ".swp", ".swo", ".bak", ".orig", ".tmp", "~")


def is_noise(name: str) -> bool:
    """Is it what systems and editors leave behind, and nobody's work? Hidden files are.

    >>> [name for name in (".DS_Store", "__MACOSX", "hw.py~", "#hw.py#", "hw.py") if not is_noise(name)]
    ['hw.py']
    """
    low = name.lower()
    is_hidden = low.startswith(".") and not low.startswith("..")
    return is_hidden or low in _SYSTEM or low.endswith(_BACKUPS) or (low[0] == "#" == low[-1])
