"""What a student handed in, and what came of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from ..report import Report


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the learning platform knows them; "" for what it does not tell.

    Attributes:
        id: the platform's own number of the person (Canvas user id, Moodle identifier, Gradescope's :sid).
    """

    name: str
    id: str = ""
    email: str = ""
    section: str = ""


@dataclass(frozen=True)
class Source:
    """The files of one submission, in memory.

    Attributes:
        main: the file with the functions, one of `files`.
        files: (relative name with forward slashes, content), sorted by name.
    """

    main: str
    files: tuple[tuple[str, bytes], ...]

    @cached_property
    def sha256(self) -> str:
        """One hash of all names and contents: equal submissions are run once."""
        digest = hashlib.sha256()
        for text in (
            self.main.encode("utf-8", "surrogateescape"),
            *(part for name, content in self.files for part in (name.encode("utf-8", "surrogateescape"), content)),
        ):
            digest.update(len(text).to_bytes(8, "big") + text)
        return digest.hexdigest()

    @property
    def anonymous(self) -> Source:
        """The same, a single file under a name that every student's has: who wrote it does not make it another source.

        >>> Source("doejane.py", (("doejane.py", b"x = 1"),)).anonymous.main
        'submission.py'
        """
        stem = self.main.removesuffix(".py").encode("utf-8", "surrogateescape")
        if len(self.files) != 1 or re.search(rb"\b(?:import|from)\s+" + re.escape(stem), self.files[0][1]):
            return self  # other files, or the file itself, may import it by its name
        return Source("submission.py", (("submission.py", self.files[0][1]),))


class Refused(Exception):  # noqa: N818 - a result, not an error
    """A submission that is not run: a link, too large, no Python in it ...; the text names what and why."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's, or one group's, newest attempt.

    Attributes:
        name: what it is called in every output: unique within a run (not only by case), safe as a file's name.
        people: who handed it in; none where the folder's layout does not tell.
        read: gives the files when they are needed, so that 100,000 submissions need no memory. Raises Refused.
        attempt: which of several attempts it is, such as a time or a folder's name; "" for an only one.
        is_late: as the platform says.
        key: the platform's own name of the submission ("submission_123", a Moodle identifier ...); "" without one.
    """

    name: str
    read: Callable[[], Source]
    people: tuple[Person, ...] = ()
    attempt: str = ""
    is_late: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """The result of one submission.

    Attributes:
        files: names of its files; empty where they could not be read.
        sha256: of its source; "" where it could not be read.
        report: the full report, for the instructor. What was not run has a report too: every task "not-run".
        refusal: why it was not graded at all (refused when read, or a fault of ours); None for the usual case.
        seconds: how long grading it took, by the clock; of a repeated source that of its first run.
        same_as: name of the first submission with the same source, where there is an earlier one.
    """

    name: str
    files: tuple[str, ...]
    sha256: str
    report: Report
    refusal: str | None = None
    seconds: float = 0.0
    same_as: str | None = None
    people: tuple[Person, ...] = field(default=())
    attempt: str = ""
    is_late: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What all submissions of a run share.

    Attributes:
        exercise, title: id and title of the exercise.
        fingerprint: of the compiled exercise, so that a changed one is a new run.
        isolation: the level that was reached, such as "strong".
        layers: what protects the machine, in words, such as "Landlock".
        feedback_level: hint level of what students get.
    """

    exercise: str
    title: str
    fingerprint: str
    version: str
    seed: int
    isolation: str
    layers: tuple[str, ...] = ()
    feedback_level: int = 2
    submissions: int = 0
    started: str = ""
    finished: str = ""
