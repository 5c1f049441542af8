"""Reading a journal: its runs, and their results one after another."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

from ..errors import UsageError
from ..report import Report
from .run_record import Codec, Run, RunKey, refused_report
from .submission import Graded, Person, RunInfo

FILE = "journal.sqlite"
SCHEMA_VERSION = 1

J = TypeVar("J", bound="JournalReader")

# Unpacked reports that are kept for others with the same source.
KEPT_REPORTS = 64

_GRADED = """FROM submissions s LEFT JOIN results r ON r.run = s.run AND r.sha256 = s.sha256
WHERE s.run = ? AND (s.refusal IS NOT NULL OR r.sha256 IS NOT NULL)"""
_COUNT = f"SELECT count(*) {_GRADED}"
_FIRST = "(SELECT min(f.name) FROM submissions f WHERE f.run = s.run AND f.sha256 = s.sha256)"
_ROWS = f"""SELECT s.name, s.sha256, s.details, coalesce(s.refusal, r.refusal), r.report, r.seconds, {_FIRST}
{_GRADED} ORDER BY s.name"""


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """What SQLite complains of, in words that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise UsageError(_explained(error, path)) from error


def damaged(path: Path) -> str:
    """What to do about a journal that cannot be read."""
    return f"{path} is damaged. Move it away and grade again, or restore it from a backup."


def _explained(error: sqlite3.Error, path: Path) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return damaged(path)
    if code == sqlite3.SQLITE_FULL:
        return f"{path} cannot be written: the disk is full. What has been graded is safe; make room and go on."
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return f"{path} cannot be opened for writing: {error}. Choose another folder with --out."
    return f"{path}: {error}."


class JournalReader:
    """A journal, for reading; another process may be writing it.

    Args:
        folder: the output folder of a grading run.
        codec: how its reports are kept.

    Raises:
        UsageError: there is no journal, or it is damaged, or of a newer gradcheck.
    """

    def __init__(self, folder: Path, codec: Codec) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._codec = codec
        if not self.path.is_file():
            raise UsageError(f"{folder} holds no journal of a grading run ({FILE}).")
        with clear_errors(self.path):
            self._database = self._connect_to_read()
            self._check_version()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self: J) -> J:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def runs(self) -> tuple[Run, ...]:
        """All runs, the one that was used last at the end."""
        with clear_errors(self.path):
            return tuple(self._run(row) for row in self._database.execute("SELECT * FROM runs ORDER BY used"))

    def run(self, number: int | None = None) -> Run:
        """A run by its number; the one that was used last without it.

        Raises:
            UsageError: there is none.
        """
        found = [run for run in self.runs() if number in {None, run.number}]
        if not found:
            which = "a run" if number is None else f"a run {number}"
            raise UsageError(f"{self.path} has not {which}.")
        return found[-1]

    def rows(self, run: Run) -> Iterator[Graded]:
        """The results of a run by name, one after another; what has not been graded yet is left out."""
        cached: dict[str, Report] = {}
        for name, sha256, details, refusal, packed, seconds, first in self._select(_ROWS, (run.number,)):
            known = json.loads(details)
            if packed is None or refusal is not None:
                report = refused_report(run.blank, refusal or "")
            elif sha256 in cached:
                report = cached[sha256]
            else:
                report = cached[sha256] = self._unpacked(packed)
                if len(cached) > KEPT_REPORTS:
                    del cached[next(iter(cached))]
            yield Graded(
                name=name,
                files=tuple(known["files"]),
                sha256=sha256 or "",
                report=replace(report, file=known["main"]),
                refusal=refusal,
                seconds=seconds or 0.0,
                same_as=first if first not in {None, name} else None,
                people=tuple(Person(**person) for person in known["people"]),
                attempt=known["attempt"],
                is_late=known["is_late"],
                key=known["key"],
            )

    def not_graded(self, run: Run) -> int:
        """How many submissions of a run have no result yet."""
        with clear_errors(self.path):
            graded: int = self._database.execute(_COUNT, (run.number,)).fetchone()[0]
        return run.info.submissions - graded

    def copied(self, table: Literal["results", "submissions"], run: Run) -> Iterator[tuple[Any, ...]]:
        """What a table holds of a run, without the run's number, to be put into another journal."""
        return (row[1:] for row in self._select(f"SELECT * FROM {table} WHERE run = ?", (run.number,)))

    # Reading ----------------------------------------------------------------------------------------------------------

    def _connect_to_read(self) -> sqlite3.Connection:
        address = self.path.resolve().as_uri()
        database = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None)
        try:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            # A folder that cannot be written to has no place for the shared memory of WAL; nobody writes there either.
            database.close()
            database = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
        return database

    def _check_version(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise UsageError(f"{self.path} was written by a newer gradcheck. Use that one, or another --out.")

    def _select(self, query: str, values: tuple[object, ...]) -> Iterator[tuple[Any, ...]]:
        """Rows by a connection of their own: a reader that stops half-way holds nothing up."""
        with clear_errors(self.path), closing(self._connect_to_read()) as database:
            yield from database.execute(query, values)

    def _unpacked(self, packed: bytes) -> Report:
        try:
            return self._codec.unpacked(packed)
        except (zlib.error, ValueError, KeyError) as error:
            raise UsageError(damaged(self.path)) from error

    def _run(self, row: tuple[Any, ...]) -> Run:
        number, exercise, fingerprint, version, seed, settings, title, isolation, layers, level, blank = row[:11]
        shard, submissions, started, finished, _ = row[11:]
        key = RunKey(exercise, fingerprint, version, seed, settings)
        info = RunInfo(
            exercise=exercise,
            title=title,
            fingerprint=fingerprint,
            version=version,
            seed=seed,
            isolation=isolation,
            layers=tuple(json.loads(layers)),
            feedback_level=level,
            submissions=submissions,
            started=started,
            finished=finished,
        )
        return Run(number, key, info, self._unpacked(blank), shard)
