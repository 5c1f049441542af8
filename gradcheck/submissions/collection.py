"""What was found, and the limits that it was found within."""

from __future__ import annotations

from dataclasses import dataclass

from checkers.grading.submission import Person, Submission


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a submission is read; more than this is refused.

    Attributes:
        file: bytes of one Python file. The longest of 502 files of five courses had 40 kB.
        total: bytes of all Python files and notebooks of one submission together, and of one notebook: those hold
            pictures.
        data: bytes of one file of numbers that lies beside the code; a larger one is left out.
        files: Python files and notebooks in one submission.
        depth: folders inside each other.
        entries: files and folders of any kind in one submission; a data set of pictures is still within it.
        class_entries: files and folders in a zip with the whole class.
        archive: bytes of a student's zip that lies in a zip.
        name: characters of a file's name with its folders; Windows allows 260 with what leads to it.
        ratio: times that a zip may pack something smaller. Python packs 3 to 5 times smaller, a bomb up to 1,032.
    """

    file: int = 2**20
    total: int = 16 * 2**20
    data: int = 2**20
    files: int = 200
    depth: int = 8
    entries: int = 10_000
    class_entries: int = 500_000
    archive: int = 64 * 2**20
    name: int = 200
    ratio: int = 200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Collection:
    """All submissions of a class.

    Attributes:
        layout: what it was taken for, in words: "Canvas download".
        submissions: sorted by name. One that will be refused is among them: its `read` says why.
        passed_over: what is no submission, and why: an older attempt, a file that is not Python.
        missing: who is on the roster and handed nothing in.
    """

    layout: str
    submissions: tuple[Submission, ...]
    passed_over: tuple[tuple[str, str], ...] = ()
    missing: tuple[Person, ...] = ()
