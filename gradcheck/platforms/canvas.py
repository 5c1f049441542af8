"""The gradebook CSV of Canvas: one column of an export filled, or a new file with that column only.

Source: instructure/canvas-lms, lib/gradebook_importer.rb. What its rules mean for us: a student it does not find
becomes a new student, a title without a known id a new assignment, and a cell that was emptied an erased grade. So
nobody without an id is written, and in an export no cell is touched but those with a score.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.errors import UsageError
from gradcheck.grading.whole_file import whole_file
from gradcheck.render.characters import on_one_line

from .csv_table import Table, decimal, guarded, number, read_table, written_row
from .options import LeftOut, PlatformOptions, Written
from .placing import Score, not_graded, one_each, score_of, unique

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, Person, RunInfo

FILE = "canvas.csv"

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")

_TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)

# Columns that Canvas computes; it passes them over on import.
_COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write canvas.csv, to be imported in the gradebook of the course."""
    del info
    left: list[LeftOut] = []
    scores = _scores(rows, options, left)
    if options.gradebook is None:
        return _written_anew(scores, left, out / FILE, options.assignment)
    return _filled(options.gradebook, options.assignment, scores, left, out / FILE)


def check(options: PlatformOptions) -> None:
    """Look whether the column is known that will be written.

    Raises:
        UsageError: it is not.
    """
    if options.gradebook is None:
        _new_column(options.assignment)
    else:
        _column(_read(options.gradebook).header(), options.gradebook, options.assignment)


def _scores(rows: Iterable[Graded], options: PlatformOptions, left: list[LeftOut]) -> Iterator[Score]:
    """The score of everybody who was graded; the others go to `left`."""
    for row in rows:
        if row.refusal is not None:
            left.append(not_graded(row))
        elif not row.people:
            left.append((row.name, "it is not known whose it is; give --roster"))
        else:
            yield from (score_of(row, options, person) for person in row.people)


def _written_anew(scores: Iterable[Score], left: list[LeftOut], path: Path, assignment: str | None) -> Written:
    column = _new_column(assignment)
    by_id = []
    for score in scores:
        if re.fullmatch(r"[0-9]+", score.person.id):
            by_id.append((score.person.id, score))
        else:
            left.append((score.name, f"{_called(score.person)} has no Canvas id"))
    placed, twice = one_each(by_id)
    with whole_file(path) as file:
        file.write(written_row((*HEADER, column)))
        for canvas_id, score in placed.items():
            name, section = (guarded(text) for text in (score.person.name, score.person.section))
            cells = (name, canvas_id, "", "", section, number(score.points))
            file.write(written_row(cells))
    return Written((path,), (*left, *twice))


def _filled(
    gradebook: Path,
    assignment: str | None,
    scores: Iterable[Score],
    left: list[LeftOut],
    path: Path,
) -> Written:
    table = _read(gradebook)
    column = _column(table.header(), gradebook, assignment)
    line_of_id, line_of_login = _lines(table, "ID"), _lines(table, "SIS Login ID")
    by_line = []
    for score in scores:
        line = line_of_id.get(score.person.id) or line_of_login.get(score.person.email.casefold())
        if line is None:
            left.append((score.name, f"{_called(score.person)} is not in the gradebook"))
        else:
            by_line.append((line, score))
    placed, twice = one_each(by_line)
    with whole_file(path) as file:
        file.write(table.filled({(line, column): number(score.points) for line, score in placed.items()}))
    unfilled = tuple(on_one_line(table.value(line, 0)) for line in line_of_id.values() if line not in placed)
    return Written((path,), (*left, *twice), unfilled, tuple(_notes(table, column, placed.values())))


def _new_column(assignment: str | None) -> str:
    if assignment is None or not _TITLE_AND_ID.fullmatch(assignment):
        raise UsageError(
            "Canvas makes a new assignment of a column whose id it does not know. Give --gradebook with the exported "
            "gradebook, or --assignment 'Title (id)' as the exported gradebook heads the column."
        )
    return assignment


def _read(gradebook: Path) -> Table:
    return read_table(gradebook, "--gradebook", ("ID", "Section"), "Export it from the gradebook of Canvas.")


def _lines(table: Table, column: str) -> dict[str, int]:
    """Which line has which value in a column; none where there is no such column."""
    if column not in table.header():
        return {}
    place = table.header().index(column)
    return unique({line: table.value(line, place).strip().casefold() for line in range(1, len(table.rows))})


def _column(header: tuple[str, ...], gradebook: Path, wanted: str | None) -> int:
    """The assignment's column."""
    first = header.index("Section") + 1
    columns = {number: title for number, title in enumerate(header) if number >= first and not _COMPUTED.search(title)}
    known = {number: title for number, title in columns.items() if _TITLE_AND_ID.fullmatch(title)}
    found = [number for number, title in columns.items() if wanted is not None and _is_called(title, wanted)]
    if wanted is None and len(known) == 1:
        found = list(known)
    if len(found) != 1:
        listing = "; ".join(on_one_line(title) for title in known.values()) or "none"
        how = "Say which" if wanted is None else f"{'Several are' if found else 'None is'} called {wanted!r}; say which"
        raise UsageError(f"--gradebook {gradebook}: {how} with --assignment. Its assignments: {listing}.")
    return found[0]


def _is_called(title: str, wanted: str) -> bool:
    match = _TITLE_AND_ID.fullmatch(title)
    return wanted == title or (match is not None and wanted in match.groups())


def _notes(table: Table, column: int, scores: Iterable[Score]) -> Iterator[str]:
    """Says where the assignment's points are not the exercise's."""
    top = range(1, min(4, len(table.rows)))
    possible = next((table.value(line, column) for line in top if "Points Possible" in table.value(line, 0)), "")
    points = decimal(possible)
    most = max((score.most for score in scores), default=None)
    if most is not None and points is not None and abs(points - most) > 0.005:
        yield (
            f"The assignment has {number(points)} points on Canvas, and full marks give {number(most)} here: "
            f"--scale-to {number(points)} makes them agree."
        )


def _called(person: Person) -> str:
    name = on_one_line(person.name or person.email) or "somebody without a name"
    return f"{name} ({on_one_line(person.id)})" if person.id else name
