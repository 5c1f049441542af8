"""Moodle's "Download all submissions": NAME_NUMBER_assignsubmission_file, a folder or in front of a file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checkers.grading.submission import Person

from .entries import Entry, Folder, Kind
from .gather import Piece
from .names import displayed
from .plain import others
from .recognised import Found, Layout, grouped

# As mod/assign/classes/downloader.php writes them; older ones end the folder's name in "_". The default group has no
# number. The first "assignsubmission" counts: underscores of a name become spaces, and what follows is the student's.
_NAME = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d{1,18}))?_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)


def recognised(root: Folder, entries: Sequence[Entry]) -> Layout | None:
    """The submissions of a Moodle download; None if it is none."""
    matches = {entry.name: match for entry in entries if (match := _match(entry))}
    if not matches:
        return None
    theirs = [entry for entry in entries if entry.name in matches]
    rest = others(root, [entry for entry in entries if entry.name not in matches])
    groups = grouped((_owner(matches[entry.name]), entry) for entry in theirs)
    is_blind = len(groups) > 1 and len({name for name, _ in groups}) == 1
    found, passed_over = [], list(rest.passed_over)
    for (name, number), group in groups.items():
        files = [entry for entry in group if matches[entry.name]["plugin"] == "file"]
        typed = [entry for entry in group if matches[entry.name]["plugin"] != "file"]
        if files:
            passed_over += [(entry.name, "typed into Moodle, no file") for entry in typed]
        called = f"{name} {number}" if number and (is_blind or name.lower() == "participant") else name
        pieces = tuple(Piece(root, entry, matches[entry.name]["file"] or "") for entry in files or typed)
        found.append(Found(called, pieces, (Person(displayed(called), id=number),), key=number))
    return Layout("Moodle download", (*found, *rest.found), tuple(passed_over))


def _match(entry: Entry) -> re.Match[str] | None:
    match = _NAME.fullmatch(entry.name)
    # A folder has no file's name after it, a file must have one.
    is_one = match is not None and (entry.kind is Kind.ODD or (entry.kind is Kind.FILE) == bool(match["file"]))
    return match if is_one else None


def _owner(match: re.Match[str]) -> tuple[str, str]:
    return match["name"].replace("_", " "), match["number"] or ""
