"""The grading worksheet of a Moodle assignment: the teacher's own file, with grades filled in.

Source: moodle, mod/assign/feedback/offline/importgradeslib.php and locallib.php. The import finds three columns by
their names in the site's language, the participant by the number at the end of the identifier, and passes over a grade
above the maximum without a word; so the file is never made anew, and such a grade is not written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.errors import UsageError
from checkers.grading.submission import Person
from gradcheck.grading.whole_file import whole_file
from gradcheck.render import figures
from gradcheck.render.characters import on_one_line

from . import plain_text
from .csv_table import Table, decimal, number, read_table
from .options import LeftOut, PlatformOptions, Written
from .placing import Score, not_graded, one_each, score_of, unique

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo

FILE = "moodle.csv"

HEADERS = ("Identifier", "Full name", "Group", "Grade", "Maximum Grade", "Feedback comments")
"""The columns we know, in English; a site in another language calls them otherwise."""

LONGEST_FEEDBACK = 20_000


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write moodle.csv: the worksheet with the cells of the grade, and of the feedback if wanted, filled."""
    sheet = _Worksheet.read(options)
    left: list[LeftOut] = []
    found: list[tuple[int, Score]] = []
    for row in rows:
        lines = sheet.lines_of(row)
        if row.refusal is not None:
            left.append(not_graded(row))
        elif isinstance(lines, str):
            left.append((row.name, lines))
        else:
            said = feedback(row, options.hint_level(info)) if options.feedback else ""
            found += [(line, score_of(row, options, Person(row.name), said)) for line in lines]
    placed, twice = one_each(found)
    above = [(score.name, why) for line, score in placed.items() if (why := sheet.is_above(line, score))]
    fitting = {line: score for line, score in placed.items() if not sheet.is_above(line, score)}
    with whole_file(out / FILE) as file:
        file.write(sheet.filled(fitting, options.feedback))
    return Written((out / FILE,), (*left, *twice, *above), sheet.unfilled(set(placed)), sheet.notes())


def check(options: PlatformOptions) -> None:
    """Look whether the worksheet is there and has its columns.

    Raises:
        UsageError: it has not.
    """
    _Worksheet.read(options)


def feedback(row: Graded, level: int) -> str:
    """What a student reads, as HTML without a quote: PHP reads a backslash before one as part of the text."""
    report = row.report
    parts = [f"{problem}\n" for problem in plain_text.of_problems(report, level)]
    for task in report.tasks:
        score = f"{figures.points(task.score)} of {figures.points(task.max_score)}"
        parts.append(f"{figures.MARKS[task.verdict]} {on_one_line(task.name)}: {task.verdict}, {score}")
        if said := plain_text.of_task(report, task, level):
            parts.append(f"\n{said}\n")
    text = plain_text.shortened("\n".join(parts).rstrip(), LONGEST_FEEDBACK)
    return f"<pre>{html.escape(text)}</pre>"


@dataclass(frozen=True, slots=True)
class _Worksheet:
    """The teacher's file.

    Attributes:
        columns: number of each column of `HEADERS` that it has.
        line_of: the line of each participant's number.
    """

    table: Table
    columns: dict[str, int]
    line_of: dict[str, int]

    @classmethod
    def read(cls, options: PlatformOptions) -> _Worksheet:
        """Read it, and find its columns under the names they have in the site's language."""
        if options.worksheet is None:
            raise UsageError(
                "Moodle takes back only the worksheet it made. Download the grading worksheet on the assignment's page "
                "of submissions, and give it with --worksheet FILE."
            )
        if unknown := [name for name in options.headers if name not in HEADERS]:
            raise UsageError(f"--header {unknown[0]}=...: known columns are {', '.join(HEADERS)}.")
        title = {name: options.headers.get(name, name) for name in HEADERS}
        needed = ["Identifier", "Grade", *(["Feedback comments"] if options.feedback else []), *options.headers]
        advice = "If the site is in another language, say what it calls the column: --header Grade=Bewertung."
        named = tuple(dict.fromkeys(title[name] for name in needed))
        table = read_table(options.worksheet, "--worksheet", named, advice)
        header = table.header()
        columns = {name: header.index(title[name]) for name in HEADERS if title[name] in header}
        identifiers = {line: table.value(line, columns["Identifier"]) for line in range(1, len(table.rows))}
        return cls(table, columns, unique({line: _last_number(text) for line, text in identifiers.items()}))

    def lines_of(self, row: Graded) -> list[int] | str:
        """The line of a submission, or the lines of its group, or why there is none.

        A group hands in under its own number, which may be a participant's too: there the name decides.
        """
        numbers = [_last_number(text) for text in (*(person.id for person in row.people), row.key)]
        names = [person.name for person in row.people] or [""]
        found = sorted({self.line_of[number] for number in numbers if number in self.line_of})
        mine = [line for line in found if any(_may_be_one(name, self._cell(line, "Full name")) for name in names)]
        groups = {_letters(name) for name in names} - {""}
        if lines := mine or [line for line in self.line_of.values() if _letters(self._cell(line, "Group")) in groups]:
            return lines
        if found:
            listed, handed_in = on_one_line(self._cell(found[0], "Full name")), on_one_line(names[0])
            return f"its number is {listed}'s in the worksheet, and its name {handed_in}"
        known = next(filter(None, numbers), None)
        return "its Moodle number is not known" if known is None else f"the worksheet has no participant {known}"

    def is_above(self, line: int, score: Score) -> str:
        """Why Moodle would pass over a grade; "" if it would not."""
        most = decimal(self._cell(line, "Maximum Grade"))
        if most is None or float(number(score.points)) <= most:
            return ""
        limit = number(most)
        return f"{number(score.points)} points are above the maximum grade {limit}; --scale-to {limit} makes them fit"

    def filled(self, scores: Mapping[int, Score], with_feedback: bool) -> str:
        """The file's text with the scores in their lines."""
        cells = {(line, self.columns["Grade"]): number(score.points) for line, score in scores.items()}
        if with_feedback:
            cells |= {(line, self.columns["Feedback comments"]): score.feedback for line, score in scores.items()}
        return self.table.filled(cells)

    def unfilled(self, filled: set[int]) -> tuple[str, ...]:
        """The participants for whom nothing was graded."""
        lines = [line for line in self.line_of.values() if line not in filled]
        return tuple(on_one_line(self._cell(line, "Full name") or self._cell(line, "Identifier")) for line in lines)

    def notes(self) -> tuple[str, ...]:
        """What could not be looked after."""
        if "Maximum Grade" in self.columns:
            return ()
        return ("The worksheet has no column Maximum Grade; Moodle passes over grades above it without a word.",)

    def _cell(self, line: int, name: str) -> str:
        return self.table.value(line, self.columns[name]) if name in self.columns else ""


def _last_number(text: str) -> str:
    """The number at the end: "Participant 132" is 132."""
    match = re.search(r"([0-9]+)\s*$", text)
    return match[1] if match else ""


def _letters(text: str) -> str:
    """A name for comparing: letters and digits only, since a folder's name lacks other signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


def _may_be_one(one: str, other: str) -> bool:
    """Can two writings of a name be the same person's?

    Only names in Latin letters without any word in common cannot: others may have been transliterated.

    >>> _may_be_one("Jose Muller", "José Müller"), _may_be_one("Group A", "Jane Doe"), _may_be_one("", "Jane Doe")
    (True, False, True)
    """
    first, second = (set(re.findall(r"[a-z0-9]+", _ascii(name))) for name in (one, other))
    return not first or not second or bool(first & second)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
