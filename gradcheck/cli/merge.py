"""`gradcheck merge OUT DIR...`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from checkers.errors import UsageError

from .run_outputs import FeedbackOption, chosen_platforms, print_summary, write_all
from .terminal import write_line


def merge(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to join them in.", show_default=False)],
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", help="The folders of the parts.", show_default=False)
    ],
    *,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line instead of the summary.")] = False,
    feedback: FeedbackOption = None,
) -> None:
    """Join the parts of a class that were graded apart (gradcheck grade --shard I/N).

    All must be of the same exercise, gradcheck, seed and settings. Exit code: 0 done, 2 the call was wrong, 3 some
    submissions could not be graded.
    """
    from gradcheck.grading.merging import merged
    from gradcheck.grading.run import read_journal

    if out.resolve() in {folder.resolve() for folder in folders}:
        raise UsageError(f"{out} is one of the parts; give the folder to join them in first.")
    with ExitStack() as stack:
        parts = [(folder, stack.enter_context(read_journal(folder))) for folder in folders]
        joined = stack.enter_context(merged(out, parts))
        for note in () if quiet else joined.notes:
            write_line(note)
        finished = write_all(joined.journal, joined.run, feedback, chosen_platforms(None), quiet=quiet)
    print_summary(finished, quiet=quiet)
    raise typer.Exit(finished.exit_code)
