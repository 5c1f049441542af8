"""The list of a class: who people are, and who is missing."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checkers.errors import UsageError
from checkers.grading.submission import Person

from .names import shown
from .recognised import grouped

# What the columns are called, without case, by us, in Canvas' gradebook, Moodle's worksheet and Gradescope's roster.
_COLUMNS = {
    "name": ("name", "student", "full name", "student name"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
    "id": ("id", "user id", "identifier", "student id", "canvas id"),
    "sis_id": ("sis id", "sis user id", "sid", "id number"),
    "email": ("email", "email address", "e-mail", "mail"),
    "login": ("login", "sis login id", "login id", "username", "user name", "user"),
    "section": ("section", "sections", "group"),
}
_MEANING = {called: meaning for meaning, names in _COLUMNS.items() for called in names}
_IDENTIFYING = ("id", "sis_id", "email", "login", "name")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the roster; "" for what it does not tell."""

    name: str = ""
    id: str = ""
    sis_id: str = ""
    email: str = ""
    login: str = ""
    section: str = ""

    @property
    def person(self) -> Person:
        name = self.name or self.login or self.email or self.id or self.sis_id
        return Person(name, id=self.id or self.sis_id, email=self.email, section=self.section)

    def keys(self) -> Iterable[tuple[str, str]]:
        """What it can be found by: the kind of a key and its text."""
        for kind in ("id", "sis_id", "email", "login"):
            if text := str(getattr(self, kind)).casefold():
                yield kind, text
        if self.email:
            yield "mailbox", self.email.partition("@")[0].casefold()
        for name in _spellings(self.name):
            yield "name", name


@dataclass
class Roster:
    """Who is in the class, by everything they may be called; two of one name are found by nothing of that name."""

    rows: Sequence[_Row]
    found: set[_Row] = field(default_factory=set)

    def __post_init__(self) -> None:
        pairs = grouped((key, row) for row in self.rows for key in set(row.keys()))
        self._by_key: Mapping[tuple[str, str], _Row] = {key: rows[0] for key, rows in pairs.items() if len(rows) == 1}

    def known(self, person: Person) -> Person:
        """The person, with what the roster adds; the platform's own id stays.

        One whose id is one student's and whose name is another's stays as the platform says: a platform's numbers may
        be others than the roster's, and a name on a platform is what a student makes it.
        """
        rows = {
            self._row(person.id, "id", "sis_id", "login"),
            self._row(person.email, "email", "login"),
            self._row(person.name, "name", "login"),
        } - {None}
        (row, *conflict) = rows or {None}
        return person if row is None or conflict else self._filled(person, row)

    def called(self, name: str) -> Person | None:
        """Who hands in under a name: a login, an id, an email or its beginning, or the full name."""
        row = self._row(name, "login", "id", "sis_id", "email", "mailbox", "name")
        return None if row is None else self._filled(Person(""), row)

    def missing(self) -> tuple[Person, ...]:
        """Who was not asked for yet, in the roster's order."""
        return tuple(row.person for row in self.rows if row not in self.found)

    def _row(self, text: str, *kinds: str) -> _Row | None:
        if not text:
            return None
        keys = ((kind, _squashed(text) if kind == "name" else text.casefold()) for kind in kinds)
        return next((self._by_key[key] for key in keys if key in self._by_key), None)

    def _filled(self, person: Person, row: _Row) -> Person:
        self.found.add(row)
        theirs = row.person
        return replace(
            person,
            name=row.name or person.name or theirs.name,
            id=person.id or theirs.id,
            email=person.email or theirs.email,
            section=person.section or theirs.section,
        )


def read_roster(path: Path) -> Roster:
    """Read a roster.

    Args:
        path: CSV with a header, commas or semicolons, UTF-8. Of its columns those are read that are called name (or
            first name and last name), id, sis id, email, login or section, or as Canvas, Moodle and Gradescope say.

    Raises:
        UsageError: it cannot be read, or has no such column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"--roster {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"--roster {path} is not in UTF-8. Save it as CSV UTF-8.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        header, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, ValueError) as error:
        raise UsageError(f"--roster {path} is no CSV with a header: {error}.") from error
    columns = [_MEANING.get(re.sub(r"[\s_]+", " ", column.strip()).casefold(), "") for column in header]
    if not {*_IDENTIFYING, "last"} & set(columns):
        raise UsageError(
            f"--roster {path} has no column called name, id, email, sis id or login. "
            f"It has: {shown(', '.join(header), 200)}."
        )
    rows = [_row(dict(zip(columns, map(_clean, line), strict=False))) for line in lines]
    return Roster(tuple(dict.fromkeys(row for row in rows if _is_student(row))))


def _clean(cell: str) -> str:
    return "".join(sign for sign in cell if sign.isprintable()).strip()


def _row(cells: Mapping[str, str]) -> _Row:
    name = cells.get("name") or f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    # Moodle writes "Participant 1327627", in the site's language, for the number in its download.
    number = re.sub(r"^\D+ (\d+)$", r"\1", cells.get("id", ""))
    return _Row(
        name, number, cells.get("sis_id", ""), cells.get("email", ""), cells.get("login", ""), cells.get("section", "")
    )


def _is_student(row: _Row) -> bool:
    """Not an empty line, nor the line of Canvas' gradebook with the points, nor its test student."""
    is_canvas = row.name in ("Points Possible", "Student, Test")
    return any(getattr(row, kind) for kind in _IDENTIFYING) and not is_canvas


def _spellings(name: str) -> set[str]:
    """A name squashed as it stands, and with its parts in the other order: "Doe, Jane" and "Jane Doe"."""
    if not name:
        return set()
    last, comma, first = name.partition(",")
    if comma:
        return {_squashed(name), _squashed(f"{first} {last}")}
    *given, last = name.split(" ")
    return {_squashed(name), _squashed(f"{last} {' '.join(given)}")}


def _squashed(name: str) -> str:
    """Its letters and digits only, in small letters: what Canvas makes of a name."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name)).casefold()
