"""From a path to the submissions in it."""

from __future__ import annotations

from collections.abc import Collection as Collected
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from checkers.errors import UsageError
from checkers.grading.submission import Person, Refused, Submission

from . import canvas, gather, gradescope, moodle, plain
from .archive import opened
from .collection import LIMITS, Collection, Limits
from .disk import DiskFolder
from .entries import Entry, Folder, Kind
from .gather import Piece, Reading, is_python, is_zip
from .main_file import Choose, MainFile
from .names import shown, unique
from .recognised import Found, Layout
from .roster import Roster, read_roster


def find_submissions(
    path: Path,
    *,
    main: str | None = None,
    choose: Choose | None = None,
    roster: Path | None = None,
    one: bool = False,
    limits: Limits = LIMITS,
) -> Collection:
    """All submissions in a folder, a zip or a file; their content is read when it is asked for.

    Args:
        path: a folder or a zip of Python files, notebooks, zips or folders, one for each student; the download of
            Canvas, Moodle or Gradescope, unpacked or not; or one Python file or notebook.
        main: name of the file with the functions, where a submission has several files; see `MainFile` for the rule
            without it.
        choose: finds that file, given the files; asked where `main` does not say it.
        roster: CSV with who is in the class.
        one: the folder is one submission, as in the container of a platform.

    Raises:
        UsageError: there is nothing to read, or the zip of the class, its metadata or the roster is broken.
    """
    path = Path(path)
    is_single = (one and path.is_dir()) or (path.is_file() and is_python(path.name))
    layout = _single(path) if is_single else _recognised(path, limits)
    if not layout.found:
        others = "".join(f" {shown(what)} is {why}." for what, why in layout.passed_over[:3])
        raise UsageError(f"{path} holds no submission: no Python file, notebook, zip or folder of a student.{others}")
    main_file = MainFile(main, choose, partial(_sample, layout.found, limits))
    people = None if roster is None else read_roster(roster)
    submissions = _named(layout.found, main_file, limits, people)
    return Collection(
        layout.name,
        tuple(submissions),
        tuple((shown(what), shown(why, 200)) for what, why in layout.passed_over),
        () if people is None else people.missing(),
    )


def _single(path: Path) -> Layout:
    path = path.resolve()
    folder = DiskFolder(path.parent)
    if path.is_dir():
        return Layout("a single folder", (Found(path.name, (Piece(folder, Entry(path.name, Kind.FOLDER), ""),)),))
    return Layout("a single file", (Found(path.stem, (Piece(folder, Entry(path.name, Kind.FILE), path.name),)),))


def _recognised(path: Path, limits: Limits) -> Layout:
    try:
        if path.is_dir():
            return _layout(DiskFolder(path.resolve()))
        if path.is_file() and is_zip(path.name):
            layout = _layout(opened(path, path.name, limits.class_entries, limits))
            return replace(layout, name=f"{layout.name}, in a zip")
    except Refused as error:
        raise UsageError(f"{path}: {error}") from error
    if not path.exists():
        raise UsageError(f"There is no {path}.")
    raise UsageError(f"{path} is neither a folder nor a zip, a Python file or a notebook.")


# A zip's own folder, the platform's, and one that somebody made for it.
_WRAPPINGS = 3


def _layout(root: Folder) -> Layout:
    """What a folder is, or the only folder in it, or the only one in that."""
    chain = [(root, root.entries())]
    while len(chain) <= _WRAPPINGS and (name := _only_folder(chain[-1][1])):
        inner = chain[-1][0].folder(name)
        try:
            chain.append((inner, inner.entries()))
        except Refused:
            break
    for folder, entries in chain:
        for recognised in (gradescope.recognised, moodle.recognised, canvas.recognised):
            if layout := recognised(folder, entries):
                return layout
    return plain.recognised(*next((inner for inner in chain[1:] if plain.holds_a_class(*inner)), chain[0]))


def _only_folder(entries: Sequence[Entry]) -> str | None:
    """The folder that wraps all the rest: there is no other, and nothing beside it that may be a submission."""
    folders = [entry for entry in entries if entry.kind is Kind.FOLDER]
    others = [entry for entry in entries if entry.kind is not Kind.FOLDER]
    is_wrapped = not any(entry.kind is Kind.ODD or is_python(entry.name) or is_zip(entry.name) for entry in others)
    return folders[0].name if len(folders) == 1 and is_wrapped else None


# So many submissions show which file's name is common to them.
_SAMPLE = 300


def _sample(found: Sequence[Found], limits: Limits) -> list[Collected[str]]:
    step = max(1, len(found) // _SAMPLE)
    return [names for one in found[::step] if (names := gather.names(one.pieces, limits))]


def _named(found: Sequence[Found], main_file: MainFile, limits: Limits, roster: Roster | None) -> list[Submission]:
    ordered = sorted(found, key=lambda one: (one.name, len(one.key), one.key))
    submissions = [
        Submission(
            name,
            Reading(one.pieces, main_file, limits),
            one.people if roster is None else _known(one, roster),
            one.attempt,
            one.is_late,
            one.key,
        )
        for name, one in zip(unique(one.name for one in ordered), ordered, strict=True)
    ]
    return sorted(submissions, key=lambda submission: submission.name)


def _known(found: Found, roster: Roster) -> tuple[Person, ...]:
    """With what the roster knows of its people; where the layout tells of none, of whom its name is."""
    if not found.people and (person := roster.called(found.name)):
        return (person,)
    return tuple(roster.known(person) for person in found.people)
