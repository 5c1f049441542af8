"""Canvas' "Download Submissions": all files of a class in one folder, called NAME[_LATE]_USER_ATTACHMENT_FILE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checkers.grading.submission import Person

from .entries import Entry, Folder, Kind
from .gather import Piece, is_python, is_zip
from .names import displayed
from .plain import others
from .recognised import Found, Layout, grouped

# As lib/content_zipper.rb of canvas-lms writes them. The first pair of numbers counts: what follows is the student's
# own file name, which may hold such a pair to pass for somebody else's.
_FILE = re.compile(
    r"(?:(?P<name>(?!anon_).+?)_)?(?:(?P<late>late)_)?(?P<user>[1-9]\d*|anon_[^\W_]+)_"
    r"(?:(?P<attachment>[1-9]\d{2,})_(?P<file>.+)|(?P<typed>text|link)\.html)",
    re.IGNORECASE | re.DOTALL,
)

# Of the files that may be submissions, so many must be called as Canvas calls them.
_SHARE = 2 / 3


@dataclass(frozen=True, slots=True)
class _Attachment:
    entry: Entry
    name: str
    user: str
    number: int
    file: str
    is_late: bool

    @property
    def repeats(self) -> str:
        """The name that Canvas numbered: hw.py for hw-1.py, when that was handed in again."""
        return re.sub(r"-\d{1,4}(?=\.\w+$)", "", self.file)


def recognised(root: Folder, entries: Sequence[Entry]) -> Layout | None:
    """The submissions of a Canvas download; None if it is none."""
    files = [entry for entry in entries if entry.kind is not Kind.FOLDER]
    attachments = [attachment for entry in files if (attachment := _attachment(entry))]
    numbers = [attachment.number for attachment in attachments if attachment.number]
    candidates = sum(is_python(entry.name) or is_zip(entry.name) for entry in files)
    if not numbers or len(set(numbers)) < len(numbers) or len(numbers) < _SHARE * candidates:
        return None
    theirs = {attachment.entry.name for attachment in attachments}
    rest = others(root, [entry for entry in entries if entry.name not in theirs])
    # A user has one name. Two for one number: somebody's name was made to look like another's number.
    names = grouped((attachment.user, attachment.name) for attachment in attachments)
    users = {user for user, called in names.items() if len(set(called)) == 1}
    found, passed_over = [], list(rest.passed_over)
    for (name, user), group in grouped(((a.name, a.user), a) for a in attachments).items():
        newest, older = _newest(group)
        passed_over += [(old.entry.name, f"handed in again as {new.entry.name}") for old, new in older]
        found.append(_submission(root, name, user if user in users else "", newest, bool(older)))
    return Layout("Canvas download", (*found, *rest.found), tuple(passed_over))


def _attachment(entry: Entry) -> _Attachment | None:
    match = _FILE.fullmatch(entry.name)
    if match is None:
        return None
    number = int(match["attachment"] or 0) if len(match["attachment"] or "") < 30 else 0
    file = match["file"] or f"{match['typed']}.html"
    return _Attachment(entry, match["name"] or "", match["user"], number, file, match["late"] is not None)


def _newest(group: Sequence[_Attachment]) -> tuple[list[_Attachment], list[tuple[_Attachment, _Attachment]]]:
    """Of files that were handed in again the last, and (older, newest) of the others.

    Canvas gives only the last attempt; older ones are here when downloads of several days lie in one folder. Without a
    hw.py, hw-1.py and hw-2.py may be two parts of one attempt, and both stay.
    """
    named = {attachment.file for attachment in group}
    newest, older = [], []
    for same in grouped((a.repeats if a.repeats in named else a.file, a) for a in group).values():
        *before, last = sorted(same, key=lambda a: a.number)
        newest.append(last)
        older += [(old, last) for old in before]
    return newest, older


def _submission(root: Folder, name: str, user: str, files: Iterable[_Attachment], was_repeated: bool) -> Found:
    files = list(files)
    number = "" if user.startswith("anon_") else user
    return Found(
        name or user,
        tuple(Piece(root, file.entry, called) for file, called in zip(files, _called(files), strict=True)),
        (Person(displayed(name or user), id=number),),
        key=user,
        attempt=max(files, key=lambda file: file.number).file if was_repeated else "",
        is_late=any(file.is_late for file in files),
    )


def _called(files: Sequence[_Attachment]) -> list[str]:
    """What the files were called before Canvas numbered them, so that they can import each other."""
    if sum(is_python(file.file) for file in files) == 1:
        return [file.file for file in files]
    before = [file.repeats for file in files]
    return before if len(set(before)) == len(before) else [file.file for file in files]
