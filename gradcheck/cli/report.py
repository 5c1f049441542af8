"""`gradcheck report DIR`."""

from pathlib import Path
from typing import Annotated

import typer

from .run_outputs import (
    AssignmentOption,
    FeedbackOption,
    FillFeedbackOption,
    FormatOption,
    GradebookOption,
    HeaderOption,
    MetadataOption,
    ScaleOption,
    VisibilityOption,
    WorksheetOption,
    chosen_platforms,
    print_summary,
    write_all,
)


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The output folder of gradcheck grade.", show_default=False)
    ],
    *,
    run: Annotated[
        int | None,
        typer.Option(min=1, help="Number of the run, where the folder has several; the last.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line instead of the summary.")] = False,
    feedback: FeedbackOption = None,
    format: FormatOption = None,
    worksheet: WorksheetOption = None,
    fill_feedback: FillFeedbackOption = False,
    header: HeaderOption = None,
    gradebook: GradebookOption = None,
    assignment: AssignmentOption = None,
    visibility: VisibilityOption = "visible",
    metadata: MetadataOption = None,
    scale_to: ScaleOption = None,
) -> None:
    """Write all outputs of a grading run anew, from its journal; nothing is run.

    Exit code: 0 done, 2 the call was wrong, 3 some submissions could not be graded.
    """
    platforms = chosen_platforms(
        format,
        worksheet=worksheet,
        fill_feedback=fill_feedback,
        header=header,
        gradebook=gradebook,
        assignment=assignment,
        visibility=visibility,
        metadata=metadata,
        scale_to=scale_to,
        level=feedback,
    )
    from gradcheck.grading.run import read_journal

    with read_journal(folder) as journal:
        finished = write_all(journal, journal.run(run), feedback, platforms, quiet=quiet)
    print_summary(finished, quiet=quiet)
    raise typer.Exit(finished.exit_code)
