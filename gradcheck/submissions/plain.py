"""A folder without a platform's own names: a file, a zip or a folder for each student."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from checkers.grading.submission import Refused

from .entries import Entry, Folder, Kind, read
from .gather import Piece, is_python, is_zip
from .main_file import imported
from .recognised import Found, Layout, grouped

# The only names that say which attempt they are; a date or a plain number in a name may mean anything.
_ATTEMPT = re.compile(r"(?P<who>.+?)[ _-]attempt[ _-]?(?P<number>\d{1,6})", re.IGNORECASE | re.DOTALL)
_OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")


def recognised(root: Folder, entries: Sequence[Entry]) -> Layout:
    """A submission for every Python file, notebook, zip and folder."""
    layout = others(root, entries)
    kinds = {_kind(piece.entry) for found in layout.found for piece in found.pieces if piece.entry.kind is not Kind.ODD}
    words = [word for word in ("files", "zips", "folders") if word in kinds]
    return Layout(f"{' and '.join(words) or 'files'}, one for each student", layout.found, layout.passed_over)


def others(root: Folder, entries: Sequence[Entry]) -> Layout:
    """The same for what lies beside a platform's own files, so that nothing is lost."""
    has_files = any(entry.kind is Kind.FILE and is_python(entry.name) for entry in entries)
    passed_over = []
    attempts: list[tuple[tuple[str, bool], tuple[int, Entry]]] = []
    for entry in entries:
        if why := _not_one(root, entry, has_files):
            passed_over.append((entry.name, why))
            continue
        name = PurePath(entry.name).stem if entry.kind is not Kind.FOLDER else entry.name
        match = _ATTEMPT.fullmatch(name)
        # The file jane_attempt2.py and the folder jane are two submissions: only names that say so are compared.
        attempts.append(
            ((match["who"], True), (int(match["number"]), entry)) if match else ((entry.name, False), (-1, entry))
        )
    found = []
    for (who, _), group in grouped(attempts).items():
        *before, (number, entry) = sorted(group, key=lambda attempt: attempt[0])
        passed_over += [(old.name, f"an earlier attempt than {entry.name}") for _, old in before]
        found.append(_submission(root, entry, who, number))
    return Layout("", tuple(found), tuple(passed_over))


def holds_a_class(folder: Folder, entries: Sequence[Entry]) -> bool:
    """Is the only folder of a folder that of the class, not that of its only student?

    It is if it holds several folders or zips and no Python file beside them, or several Python files that do without
    each other.
    """
    python = [e.name for e in entries if e.kind is Kind.FILE and is_python(e.name)]
    if not python:
        return sum(e.kind is Kind.FOLDER or is_zip(e.name) for e in entries) > 1
    return len(python) > 1 and not _import_each_other(folder, python)


# A student's own folder has seldom more files; so many are read to see whether they belong together.
_FEW = 10


def _import_each_other(folder: Folder, names: Sequence[str]) -> bool:
    if len(names) > _FEW:
        return False
    try:
        used = {name: imported(read(folder, name, 2**20)) for name in names}
    except Refused:
        return False
    alone = [n for n in names if not any(PurePath(n).stem in words for other, words in used.items() if other != n)]
    return len(alone) <= 1


def _submission(root: Folder, entry: Entry, who: str, number: int) -> Found:
    name = "" if entry.kind is Kind.FOLDER else entry.name
    stem = PurePath(entry.name).stem if name else entry.name
    attempt = str(number) if number >= 0 else ""
    return Found(who if attempt else stem, (Piece(root, entry, name),), attempt=attempt)


def _not_one(root: Folder, entry: Entry, has_files: bool) -> str:
    """Why an entry is no submission; "" if it is one."""
    if entry.kind is Kind.FILE and not is_python(entry.name) and not is_zip(entry.name):
        return "" if entry.name.lower().endswith(_OTHER_ARCHIVES) else "not Python"
    if entry.kind is Kind.FOLDER and has_files and not _has_python(root.folder(entry.name)):
        return "a folder without a Python file"
    return ""


def _has_python(folder: Folder, depth: int = 3) -> bool:
    try:
        entries = folder.entries()
    except Refused:
        return True
    return any(
        entry.kind is Kind.ODD
        or is_python(entry.name)
        or is_zip(entry.name)
        or (entry.kind is Kind.FOLDER and (depth == 0 or _has_python(folder.folder(entry.name), depth - 1)))
        for entry in entries
    )


def _kind(entry: Entry) -> str:
    if entry.kind is Kind.FOLDER:
        return "folders"
    return "zips" if is_zip(entry.name) else "files"
