"""Joining the journals of a class that was graded in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from checkers.errors import UsageError
from checkers.grading.journal import Journal
from checkers.grading.journal_reader import JournalReader
from checkers.grading.run_record import Absorbed, Run

from .run import CODEC, Shard

# So many names are read; the rest is counted.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """The parts in one journal.

    Attributes:
        notes: what the instructor should know, in sentences: parts that are missing or unfinished, repetitions.
    """

    journal: Journal
    run: Run
    notes: tuple[str, ...]


@contextmanager
def merged(out: Path, parts: Sequence[tuple[Path, JournalReader]]) -> Iterator[Joined]:
    """Join the last run of each part in a journal of its own, in `out`; joining twice changes nothing.

    Raises:
        UsageError: the parts were not graded in the same way.
    """
    runs = [journal.run() for _, journal in parts]
    _check_alike([(folder, run) for (folder, _), run in zip(parts, runs, strict=True)])
    notes = [*_missing_parts(runs)]
    total = sum(run.info.submissions for run in runs)
    with Journal(out, CODEC) as journal:
        journal.start(runs[0].key, replace(runs[0].info, submissions=total), runs[0].blank)
        for (folder, part), run in zip(parts, runs, strict=True):
            absorbed = journal.absorb(part, run)
            total -= len(absorbed.repeated)
            notes += _notes(folder, part.not_graded(run), absorbed)
        journal.expect(total)
        yield Joined(journal, journal.finish(), tuple(notes))


def _check_alike(runs: Sequence[tuple[Path, Run]]) -> None:
    first_folder, first = runs[0]
    for folder, run in runs[1:]:
        if differences := first.key.differences(run.key):
            raise UsageError(f"{folder} cannot be joined with {first_folder}: there {' and '.join(differences)}.")


def _missing_parts(runs: Sequence[Run]) -> Iterator[str]:
    shards = [Shard.parsed(run.shard) for run in runs if run.shard]
    for count in sorted({shard.count for shard in shards}):
        there = {shard.number for shard in shards if shard.count == count}
        if missing := [str(Shard(number, count)) for number in range(1, count + 1) if number not in there]:
            yield f"Parts that are missing: {', '.join(missing)}."


def _notes(folder: Path, not_graded: int, absorbed: Absorbed) -> Iterator[str]:
    if not_graded:
        yield f"{folder} is not finished: {not_graded} of its submissions have not been graded."
    if absorbed.repeated:
        names = ", ".join(absorbed.repeated[:NAMED])
        more = f" and {len(absorbed.repeated) - NAMED} more" if len(absorbed.repeated) > NAMED else ""
        yield f"{folder} repeats {len(absorbed.repeated)} names; what came first stands: {names}{more}."
    if absorbed.differing:
        yield f"{folder} has other results for {absorbed.differing} sources; what came first stands."
