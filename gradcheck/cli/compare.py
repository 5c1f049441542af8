"""`gradcheck compare RUN1 [RUN2]`."""

import re
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import UsageError

from .terminal import check_writable, print_with, write_document

if TYPE_CHECKING:
    from checkers.grading.journal_reader import JournalReader
    from checkers.grading.run_record import Run


class ComparisonFormat(StrEnum):
    """What a comparison can be written as."""

    TEXT = "text"
    JSON = "json"


def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="RUN1", help="An output folder of gradcheck grade; DIR@2 is its second run.", show_default=False
        ),
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="[RUN2]", help="Another; without it, the last two runs of the first one.", show_default=False
        ),
    ] = None,
    *,
    format: Annotated[
        ComparisonFormat, typer.Option("--format", "-f", help="How it is written.")
    ] = ComparisonFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it to this file.", show_default=False)
    ] = None,
) -> None:
    """List whose score changed between two grading runs, and why.

    Exit code: 0 done, whatever changed; 2 the call was wrong.
    """
    check_writable(output)
    from gradcheck.grading.compare import compare_runs, comparison_json, print_comparison

    with ExitStack() as stack:
        first = _opened(stack, before, is_alone=after is None)
        second = (first[0], first[0].run()) if after is None else _opened(stack, after)
        comparison = compare_runs(first[0].rows(first[1]), second[0].rows(second[1]), first[1].info, second[1].info)
    if format is ComparisonFormat.JSON:
        import json

        write_document(json.dumps(comparison_json(comparison), indent=2, ensure_ascii=False) + "\n", output)
    else:
        print_with(lambda console: print_comparison(comparison, console), output)


def _opened(stack: ExitStack, text: str, is_alone: bool = False) -> "tuple[JournalReader, Run]":
    """The journal of DIR or DIR@N, and its run of that number, or its last; of one that is alone, the last but one."""
    from gradcheck.grading.run import read_journal

    folder, number = Path(text), None
    numbered = re.fullmatch(r"(.+)@(\d+)", text)
    if numbered and not folder.exists():
        folder, number = Path(numbered[1]), int(numbered[2])
    journal = stack.enter_context(read_journal(folder))
    if number is not None or not is_alone:
        return journal, journal.run(number)
    if len(runs := journal.runs()) < 2:
        raise UsageError(f"{folder} has one run only: give the folder of another to compare it with.")
    return journal, runs[-2]
