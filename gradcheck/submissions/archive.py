"""A zip, read in memory and never unpacked."""

from __future__ import annotations

import io
import re
import stat
import struct
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from checkers.grading.submission import Refused

from .collection import Limits
from .disk import odd
from .entries import DAMAGED, Entry, Kind, is_noise, too_large
from .names import shown


@dataclass(slots=True)
class _Member:
    """A file (with its info) or a folder (with what is in it) of a zip.

    Attributes:
        why: what is wrong with it, to follow its name; such a one is never read.
    """

    info: zipfile.ZipInfo | None = None
    inside: dict[str, _Member] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ZipFolder:
    """A folder in a zip, or all of it."""

    archive: zipfile.ZipFile
    member: _Member
    ratio: int

    def entries(self, most: int = sys.maxsize) -> list[Entry]:
        """What lies directly in it, sorted by name, without what is nobody's work."""
        return [_entry(name, member) for name, member in sorted(self.member.inside.items()) if not is_noise(name)]

    def folder(self, name: str) -> ZipFolder:
        """A folder in it."""
        return ZipFolder(self.archive, self.member.inside[name], self.ratio)

    def open(self, name: str, most: int) -> BinaryIO:
        """A file in it, to be read: what it declares is checked here, what it holds by whoever reads it."""
        info = self.member.inside[name].info
        if info is None:
            raise Refused(f"{shown(name)} is a folder.")
        if info.flag_bits & 1:
            raise Refused(f"{shown(name)} is encrypted: hand it in without a password.")
        # Of the other methods zipfile unpacks a block whole, however large it comes out.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{shown(name)} is packed by a method that is not read: pack it as an ordinary zip.")
        if info.file_size > most:
            raise too_large(name, info.file_size, most)
        if info.file_size > max(_SMALL, self.ratio * info.compress_size):
            raise Refused(
                f"{shown(name)} looks like a zip bomb: {info.file_size:,} bytes packed into {info.compress_size:,}."
            )
        try:
            return cast(BinaryIO, self.archive.open(info))
        except (*DAMAGED, OSError) as error:
            raise Refused(f"{shown(name)} is damaged: {shown(str(error))}.") from error


# So few bytes harm nobody, however they were packed.
_SMALL = 64 * 2**10


def opened(file: BinaryIO | Path, name: str, most: int, limits: Limits) -> ZipFolder:
    """All of a zip as a folder.

    Args:
        file: a path, or the zip's bytes, to be kept open as long as the folder is used.
        name: what messages call it.
        most: entries that it may have.

    Raises:
        Refused: it is no zip, is damaged, or has too many entries.
    """
    try:
        # The directory's lines have 46 bytes and a name; a count alone may lie, and zipfile goes by the bytes.
        if isinstance(file, Path):
            with file.open("rb") as on_disk:
                count, length = _directory(on_disk)
        else:
            count, length = _directory(file)
        if count <= most and length <= most * _LONG_LINE:
            archive = zipfile.ZipFile(file)
            count = len(archive.infolist())
    except (*DAMAGED, OSError) as error:
        raise Refused(f"{shown(name)} is no zip, or a damaged one: {shown(str(error))}.") from error
    if count > most or length > most * _LONG_LINE:
        raise Refused(f"{shown(name)} has too many entries: {count:,}, and at most {most:,} are read.")
    root = _Member()
    for info in archive.infolist():
        _place(info, root)
    return ZipFolder(archive, root, limits.ratio)


# The record at the end of a zip, and the larger one with its locator where numbers do not fit (APPNOTE.TXT 4.3.14-16).
_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_LONG_LINE = 400


def _directory(file: BinaryIO) -> tuple[int, int]:
    """How many entries a zip says it has, and the bytes of its directory, before zipfile reads all of it."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 22 - 2**16))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise zipfile.BadZipFile("it has no directory at its end")
    count, length = struct.unpack_from("<HI", tail, at + 10)
    large = at - 20 - 56  # where zipfile looks for the large record: right before its locator
    if large >= 0 and tail[at - 20 : at - 16] == _LOCATOR64 and tail[large : large + 4] == _END64:
        count, length = struct.unpack_from("<QQ", tail, large + 32)
    file.seek(0)
    return int(count), int(length)


def _place(info: zipfile.ZipInfo, root: _Member) -> None:
    """Put an entry where its name says, or, if that is hostile, into the last folder on its way that is sane.

    So a way out of Jane's folder, jane/../bob/hw.py, is Jane's and nobody else's.
    """
    name = _decoded(info).replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        why = "is an absolute name" if name.startswith("/") else "has a drive letter in its name"
        root.inside[name] = _Member(why=why)
        return
    parts = [part for part in name.split("/") if part not in ("", ".")]
    for at, part in enumerate(parts):
        if why := _hostile(part):
            _folder(root, parts[:at]).inside["/".join(parts[at:])] = _Member(why=why)
            return
    if not parts:
        return
    place = _folder(root, parts[:-1])
    if name.endswith("/"):
        _folder(place, parts[-1:])
    elif parts[-1] in place.inside:
        place.inside[parts[-1]] = _Member(why="is in the zip twice")
    else:
        kind = stat.S_IFMT(info.external_attr >> 16)
        place.inside[parts[-1]] = _Member(info, why="" if kind in (0, stat.S_IFREG) else odd(kind))


def _folder(place: _Member, parts: list[str]) -> _Member:
    for part in parts:
        inner = place.inside.setdefault(part, _Member())
        if inner.info is not None or inner.why:
            inner = place.inside[part] = _Member(why=inner.why or "is both a file and a folder in the zip")
        place = inner
    return place


def _decoded(info: zipfile.ZipInfo) -> str:
    """An entry's name: macOS writes UTF-8 without saying so, which reads as code page 437."""
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _hostile(part: str) -> str:
    """What is wrong with a name, to follow it; "" for nothing."""
    if any(ord(sign) < 32 or sign == "\x7f" for sign in part):
        return "has control characters in its name"
    return "leads out of its folder (..)" if part == ".." else ""


def _entry(name: str, member: _Member) -> Entry:
    if member.why:
        return Entry(name, Kind.ODD, member.why)
    return Entry(name, Kind.FOLDER if member.info is None else Kind.FILE)
