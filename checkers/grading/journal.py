"""The journal of a grading run: one SQLite file in the output folder, in which every finished result stands at once.

A run is made by what decides its results (`RunKey`); results are kept by the hash of their source, so that the same
source is graded once however many handed it in. Each result is a transaction of its own: what was finished when the
process was killed is there when it starts again. Reports are kept whole, as compressed JSON.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..findings import Verdict
from ..report import Report
from .journal_reader import FILE, SCHEMA_VERSION, JournalReader, clear_errors, damaged
from .run_record import Absorbed, Codec, Known, Outcome, Run, RunKey, State
from .submission import RunInfo, Source, Submission

LOCK = "journal.lock"

_SCHEMA = """
CREATE TABLE runs (
    number INTEGER PRIMARY KEY, exercise TEXT, fingerprint TEXT, version TEXT, seed INTEGER, settings TEXT,
    title TEXT, isolation TEXT, layers TEXT, feedback_level INTEGER, blank BLOB,
    shard TEXT, submissions INTEGER, started TEXT, finished TEXT, used INTEGER,
    UNIQUE (exercise, fingerprint, version, seed, settings));
CREATE TABLE submissions (
    run INTEGER, name TEXT, sha256 TEXT, refusal TEXT, details TEXT, used INTEGER,
    PRIMARY KEY (run, name)) WITHOUT ROWID;
CREATE INDEX submissions_by_source ON submissions (run, sha256, name);
CREATE TABLE results (
    run INTEGER, sha256 TEXT, state TEXT, report BLOB, refusal TEXT, seconds REAL, isolation TEXT,
    verdict TEXT, score REAL,
    UNIQUE (run, sha256));
CREATE TABLE writer (description TEXT);
"""

# Weakest first: a run is as well protected as its least protected submission was.
_LEVELS = ("process", "weak", "good", "strong")


def _values(key: RunKey) -> tuple[object, ...]:
    return key.exercise, key.fingerprint, key.version, key.seed, key.settings


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _storable(text: str) -> str:
    """Names of files may hold bytes that are no text."""
    return text.encode("utf-8", "backslashreplace").decode()


class Journal(JournalReader):
    """A journal, for writing: one process at a time; a lock whose owner has died is free.

    Raises:
        UsageError: another process writes it; it is damaged; the folder cannot be written to, or the disk is full.
    """

    def __init__(self, folder: Path, codec: Codec) -> None:
        self.folder = folder
        self.path = folder / FILE
        self._codec = codec
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"The output folder {folder} cannot be made: {error.strerror or error}.") from error
        self._lock = self._locked()
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise
        self._current: Run | None = None

    def close(self) -> None:
        """Close the file and free the lock."""
        super().close()
        self._lock.close()

    def start(self, key: RunKey, info: RunInfo, blank: Report, shard: str = "") -> Run:
        """Go on with the run of this key, or begin one.

        Args:
            info: what the run shares otherwise; of an old run, submissions and feedback level become the new ones.
            blank: the report on a submission that is not run.
        """
        packed = self._codec.packed(blank)
        with self._writing():
            self._database.execute(
                """INSERT INTO runs (exercise, fingerprint, version, seed, settings, started, isolation, layers)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                (*_values(key), _now(), info.isolation, json.dumps(info.layers)),
            )
            self._database.execute(
                """UPDATE runs SET title = ?, feedback_level = ?, blank = ?, shard = ?, submissions = ?, finished = '',
                used = (SELECT 1 + coalesce(max(used), 0) FROM runs) WHERE (exercise, fingerprint, version, seed,
                settings) = (?, ?, ?, ?, ?)""",
                (info.title, info.feedback_level, packed, shard, info.submissions, *_values(key)),
            )
        self._current = self.run()
        self._used = self._database.execute("SELECT max(used) FROM runs").fetchone()[0]
        self._weaken(info.isolation, info.layers)
        return self._current

    def note(self, submission: Submission, source: Source | None, refusal: str | None = None) -> None:
        """Keep who handed in what, or why it is refused."""
        details = {
            "main": "" if source is None else source.main,
            "files": [] if source is None else [name for name, _ in source.files],
            "people": [asdict(person) for person in submission.people],
            "attempt": submission.attempt,
            "is_late": submission.is_late,
            "key": submission.key,
        }
        sha256 = None if source is None else source.anonymous.sha256
        refusal = None if refusal is None else _storable(refusal)
        with self._writing():
            self._database.execute(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?, ?)",
                (self._number, _storable(submission.name), sha256, refusal, json.dumps(details), self._used),
            )

    def known(self, sha256: str) -> Known | None:
        """What the journal has of a source."""
        with clear_errors(self.path):
            row = self._database.execute(
                "SELECT state, verdict, score FROM results WHERE run = ? AND sha256 = ?", (self._number, sha256)
            ).fetchone()
        return None if row is None else Known(State(row[0]), Verdict(row[1]), row[2])

    def record(self, sha256: str, outcome: Outcome, state: State = State.DONE) -> None:
        """Keep the result of a source; it is safe when this returns."""
        report = outcome.report
        columns = (outcome.seconds, outcome.isolation, report.verdict, report.score)
        self._write_result(sha256, state, self._codec.packed(report), None, *columns)
        self._weaken(outcome.isolation, outcome.layers)

    def settle(self, sha256: str, better: Outcome | None = None) -> None:
        """End the second run of what had timed out: the first result stands, or the better one takes its place."""
        if better is not None:
            self.record(sha256, better)
            return
        with self._writing():
            self._database.execute(
                "UPDATE results SET state = ? WHERE run = ? AND sha256 = ?", (State.DONE, self._number, sha256)
            )

    def fail(self, sha256: str, reason: str) -> None:
        """Keep that a source could not be graded."""
        self._write_result(sha256, State.FAILED, None, _storable(reason), 0.0, "", Verdict.NOT_RUN, 0.0)

    def mark_stale(self, name: str | None) -> int:
        """Have the source of a submission, or everything, graded again; the number of results that concerns."""
        query = "SELECT sha256 FROM results WHERE run = ?"
        values: list[object] = [self._number]
        if name is not None:
            query = "SELECT sha256 FROM submissions WHERE run = ? AND name = ?"
            values.append(name)
        with self._writing():
            done = self._database.execute(
                f"UPDATE results SET state = ? WHERE run = ? AND sha256 IN ({query})",
                (State.STALE, self._number, *values),
            )
            return done.rowcount

    def finish(self) -> Run:
        """Say that everything has been gone through; what is no longer handed in leaves the list, not the results."""
        with self._writing():
            self._database.execute("DELETE FROM submissions WHERE run = ? AND used != ?", (self._number, self._used))
            self._database.execute("UPDATE runs SET finished = ? WHERE number = ?", (_now(), self._number))
        self._current = self.run()
        return self._current

    def absorb(self, other: JournalReader, run: Run) -> Absorbed:
        """Take over the submissions and results of a run of another journal; where both have one, the finished one."""
        repeated, differing = [], 0
        with self._writing():
            for row in other.copied("results", run):
                differing += self._take_result(*row)
            for name, *columns, _ in other.copied("submissions", run):
                # One that stands here since an earlier time is only brought up to date.
                done = self._database.execute(
                    """INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
                    SET sha256 = excluded.sha256, refusal = excluded.refusal, details = excluded.details,
                    used = excluded.used WHERE used != excluded.used""",
                    (self._number, name, *columns, self._used),
                )
                if not done.rowcount:
                    repeated.append(name)
        self._weaken(run.info.isolation, run.info.layers)
        return Absorbed(tuple(repeated), differing)

    def expect(self, submissions: int) -> None:
        """Say how many submissions there are in all."""
        with self._writing():
            self._database.execute("UPDATE runs SET submissions = ? WHERE number = ?", (submissions, self._number))

    # Writing ----------------------------------------------------------------------------------------------------------

    @property
    def _run_now(self) -> Run:
        if self._current is None:
            raise ValueError("start a run first")
        return self._current

    @property
    def _number(self) -> int:
        return self._run_now.number

    def _locked(self) -> sqlite3.Connection:
        """A file that is locked as long as this process lives: SQLite has the locks of every system."""
        path = self.folder / LOCK
        with clear_errors(path):
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                lock.close()
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                raise UsageError(f"{self.folder} is in use: {self._writer()} is grading into it.") from None
        return lock

    def _writer(self) -> str:
        try:
            with closing(self._connect_to_read()) as database:
                description: str = database.execute("SELECT description FROM writer").fetchone()[0]
                return description
        except (sqlite3.Error, TypeError):
            return "another gradcheck"

    def _open(self) -> None:
        with clear_errors(self.path):
            self._database = sqlite3.connect(self.path, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            if self._database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise UsageError(damaged(self.path))
            self._check_version()
            with self._writing():
                if self._database.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _SCHEMA.split(";"):
                        self._database.execute(statement)
                    self._database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                self._database.execute("DELETE FROM writer")
                self._database.execute(
                    "INSERT INTO writer VALUES (?)", (f"process {os.getpid()} on {platform.node()}",)
                )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction."""
        with clear_errors(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _take_result(self, sha256: str, state: str, *columns: Any) -> bool:
        """Insert a result, or put it in the place of an unfinished one; did both finish, and differ?"""
        query = "SELECT state, verdict, score FROM results WHERE run = ? AND sha256 = ?"
        own = self._database.execute(query, (self._number, sha256)).fetchone()
        if own is None or (own[0] != State.DONE and state == State.DONE):
            self._insert_result(sha256, state, *columns)
        return own is not None and own[0] == state == State.DONE and own[1:] != columns[-2:]  # verdict and score

    def _write_result(self, sha256: str, state: State, *columns: object) -> None:
        with self._writing():
            self._insert_result(sha256, state, *columns)

    def _insert_result(self, sha256: str, state: str, *columns: object) -> None:
        places = ", ".join("?" * (3 + len(columns)))
        self._database.execute(
            f"INSERT OR REPLACE INTO results VALUES ({places})", (self._number, sha256, state, *columns)
        )

    def _weaken(self, isolation: str, layers: Sequence[str]) -> None:
        """Keep the weakest level that any submission ran under."""
        info = self._run_now.info
        if isolation not in _LEVELS or (
            info.isolation in _LEVELS and _LEVELS.index(isolation) >= _LEVELS.index(info.isolation)
        ):
            return
        with self._writing():
            self._database.execute(
                "UPDATE runs SET isolation = ?, layers = ? WHERE number = ?",
                (isolation, json.dumps(list(layers)), self._number),
            )
        self._current = replace(self._run_now, info=replace(info, isolation=isolation, layers=tuple(layers)))
