"""What a journal keeps of a grading run: what decides its results, what each result is, and how reports are packed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from ..findings import Verdict
from ..report import Report
from .submission import RunInfo


class State(StrEnum):
    """What is still to be done with a result that the journal has."""

    DONE = "done"
    TIMED_OUT = "timed-out"
    """To be run once more when all others have been, since the machine may have been busy."""
    STALE = "stale"
    """To be graded again, as the instructor asked; it stands until then."""
    FAILED = "failed"
    """Could not be graded; the next run tries again."""


class Outcome(Protocol):
    """What grading one source gives."""

    @property
    def report(self) -> Report:
        """The full report."""

    @property
    def seconds(self) -> float:
        """By the clock."""

    @property
    def isolation(self) -> str:
        """The level under which it ran, such as "strong"."""

    @property
    def layers(self) -> tuple[str, ...]:
        """What protected the machine, in words."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How a report becomes text, and text a report."""

    encode: Callable[[Report], str]
    decode: Callable[[str], Report]

    def packed(self, report: Report) -> bytes:
        """The report as the journal keeps it."""
        # Level 1: three quarters of what level 6 saves, in a third of its time.
        return zlib.compress(self.encode(report).encode("utf-8", "surrogatepass"), 1)

    def unpacked(self, content: bytes) -> Report:
        """The report that was packed."""
        return self.decode(zlib.decompress(content).decode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class RunKey:
    """What decides the results of a run: with another one, everything is graded anew.

    Attributes:
        fingerprint: of the exercise's files.
        settings: those that change results, such as "timeout 10 s".
    """

    exercise: str
    fingerprint: str
    version: str
    seed: int
    settings: str = ""

    def differences(self, new: RunKey) -> tuple[str, ...]:
        """What is another in `new`, in words."""
        words = {
            "exercise": f"the exercise is {new.exercise}, not {self.exercise}",
            "fingerprint": "the exercise's files have changed",
            "version": f"gradcheck is {new.version}, not {self.version}",
            "seed": f"the seed is {new.seed}, not {self.seed}",
            "settings": f"the settings are {new.settings}, not {self.settings}",
        }
        changed = [name for name in words if getattr(self, name) != getattr(new, name)]
        if "exercise" in changed:
            changed.remove("fingerprint")
        return tuple(words[name] for name in changed)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a journal.

    Attributes:
        number: 1, 2 ..., in the order of their start.
        blank: the report on what was never run.
        shard: which part of the submissions it has, such as "2/4"; "" for all.
    """

    number: int
    key: RunKey
    info: RunInfo
    blank: Report
    shard: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A result that the journal has already."""

    state: State
    verdict: Verdict
    score: float


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What came of joining another journal.

    Attributes:
        repeated: names that both have; the first one stands.
        differing: how many sources both have graded, with other points or another verdict; the first one stands.
    """

    repeated: tuple[str, ...]
    differing: int


def refused_report(blank: Report, reason: str) -> Report:
    """The report on a submission that was not run: every task says why."""
    tasks = (replace(t, outputs=tuple(replace(o, reason=reason) for o in t.outputs)) for t in blank.tasks)
    return replace(blank, tasks=tuple(tasks))
