"""The end of a grading run: its outputs, the platforms' files, and the summary that is printed."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checkers.errors import UsageError

from .exit_codes import ExitCode
from .terminal import print_with, write_line

if TYPE_CHECKING:
    from rich.console import Console

    from checkers.grading.journal_reader import JournalReader
    from checkers.grading.run_record import Run
    from checkers.grading.submission import Graded
    from gradcheck.grading.class_statistics import ClassStatistics
    from gradcheck.platforms import PlatformOptions, Written

FormatOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="Write a platform's file too: canvas, github-classroom, gradescope, junit, moodle or prairielearn. "
        "May be given several times.",
        show_default=False,
    ),
]
FeedbackOption = Annotated[
    int | None,
    typer.Option(
        min=0, max=3, help="Hint level of what students get; the exercise's own if left out.", show_default=False
    ),
]
WorksheetOption = Annotated[
    Path | None,
    typer.Option(help="moodle: the grading worksheet as it was downloaded.", metavar="CSV", show_default=False),
]
FillFeedbackOption = Annotated[bool, typer.Option("--fill-feedback", help="moodle: fill the feedback column too.")]
HeaderOption = Annotated[
    list[str] | None,
    typer.Option(
        "--header",
        metavar="NAME=TEXT",
        help="moodle: what a column is called on a site in another language, such as Grade=Bewertung.",
        show_default=False,
    ),
]
GradebookOption = Annotated[
    Path | None, typer.Option(help="canvas: the gradebook as it was exported.", metavar="CSV", show_default=False)
]
AssignmentOption = Annotated[
    str | None,
    typer.Option(metavar="TITLE", help="canvas: the column to fill: title, id or 'Title (id)'.", show_default=False),
]
VisibilityOption = Annotated[
    str,
    typer.Option(
        metavar="WHEN",
        help="gradescope: when students see results: visible, after_due_date, after_published or hidden.",
    ),
]
MetadataOption = Annotated[
    Path | None,
    typer.Option(
        metavar="JSON",
        help="gradescope: what the container tells of the submission; its own file if left out.",
        show_default=False,
    ),
]
ScaleOption = Annotated[
    float | None,
    typer.Option(
        metavar="POINTS",
        help="Points that full marks give on the platform; the exercise's if left out.",
        show_default=False,
    ),
]

# So many names are read; the page for the instructor has them all.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Platforms:
    """The formats that were asked for, and what their writers are told."""

    names: tuple[str, ...]
    options: "PlatformOptions"


def chosen_platforms(
    formats: Sequence[str] | None,
    *,
    worksheet: Path | None = None,
    fill_feedback: bool = False,
    header: Sequence[str] | None = None,
    gradebook: Path | None = None,
    assignment: str | None = None,
    visibility: str = "visible",
    metadata: Path | None = None,
    scale_to: float | None = None,
    level: int | None = None,
) -> Platforms:
    """The platforms' options, looked at before anything is graded.

    Raises:
        UsageError: a format or a visibility is not known, a file does not exist, a header is no NAME=TEXT.
    """
    from difflib import get_close_matches

    from gradcheck.platforms import FORMATS, PlatformOptions, Visibility

    for name in formats or ():
        if name not in FORMATS:
            close = get_close_matches(name, FORMATS, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise UsageError(f"There is no format {name}.{meant} Known formats: {', '.join(FORMATS)}.")
    for option, file in {"--worksheet": worksheet, "--gradebook": gradebook}.items():
        if file is not None and not file.is_file():
            raise UsageError(f"{option} {file}: there is no such file.")
    if visibility not in list(Visibility):
        raise UsageError(f"--visibility takes {', '.join(Visibility)}; it is {visibility}.")
    headers = dict(_pair(text) for text in header or ())
    options = PlatformOptions(
        worksheet=worksheet,
        feedback=fill_feedback,
        headers=headers,
        gradebook=gradebook,
        assignment=assignment,
        visibility=Visibility(visibility),
        metadata=metadata or PlatformOptions().metadata,
        scale_to=scale_to,
        level=level,
    )
    if scale_to is not None and not 0 < scale_to < float("inf"):
        raise UsageError(f"--scale-to {scale_to:g}: full marks must give some points; give a number above 0.")
    return Platforms(tuple(dict.fromkeys(formats or ())), options)


@dataclass(frozen=True, slots=True)
class Finished:
    """A run whose outputs are written.

    Attributes:
        not_graded_yet: submissions that the run has not come to.
        written: what the platforms' writers say, by the format's name.
        unwritten: why a platform's file could not be written, by the format's name.
    """

    run: "Run"
    folder: Path
    statistics: "ClassStatistics"
    not_graded_yet: int
    written: "Mapping[str, Written]"
    unwritten: "Mapping[str, str]"

    @property
    def exit_code(self) -> ExitCode:
        """0 whatever the marks; 2 when a platform's file could not be written, 3 when some could not be graded."""
        from gradcheck.grading.class_statistics import Look

        if self.unwritten:
            return ExitCode.USAGE
        refused = self.statistics.looks[Look.REFUSED].count
        return ExitCode.NOT_JUDGED if refused or self.not_graded_yet else ExitCode.RIGHT


def write_all(
    journal: "JournalReader", run: "Run", level: int | None, platforms: Platforms, *, quiet: bool = False
) -> Finished:
    """Write every output of a run into its folder.

    Args:
        level: hint level of what students get; the run's when None.
    """
    import gc
    from dataclasses import replace

    from gradcheck.grading.class_statistics import ClassStatistics
    from gradcheck.grading.outputs import write_outputs
    from gradcheck.platforms import FORMATS

    from .progress import busy

    gc.enable()  # the entry module turns it off, for commands that are over in a moment
    info = run.info if level is None else replace(run.info, feedback_level=level)
    statistics = ClassStatistics()

    def rows() -> "Iterator[Graded]":
        nonlocal statistics
        statistics = ClassStatistics()
        for row in journal.rows(run):
            statistics.add(row)
            yield row

    with busy("Writing grades, feedback and the report ...", quiet=quiet):
        write_outputs(info, rows, journal.folder, level=info.feedback_level)
        written, unwritten = {}, {}
        for name in platforms.names:
            # One that cannot be written costs neither the others nor the summary.
            try:
                written[name] = FORMATS[name].write(info, journal.rows(run), journal.folder, platforms.options)
            except UsageError as error:
                unwritten[name] = str(error)
    return Finished(run, journal.folder, statistics, journal.not_graded(run), written, unwritten)


def print_summary(finished: Finished, *, quiet: bool = False) -> None:
    """How the class did, the mistakes it made most, who needs a look, and where the outputs are."""
    from gradcheck.render.characters import visible

    if quiet:
        write_line(_one_line(finished))
    else:
        print_with(lambda console: _print_tables(finished, console))
    for name, why in finished.unwritten.items():
        print(f"gradcheck: {name}: {visible(why)}", file=sys.stderr)


def _one_line(finished: Finished) -> str:
    statistics = finished.statistics
    counts = ", ".join(f"{count} {verdict}" for verdict, count in _counts(statistics))
    mean = f"mean {statistics.mean:.2f} of {statistics.max_score:g}; " if statistics.count else ""
    return f"{finished.run.info.exercise}: {counts or 'nothing handed in'}; {mean}{finished.folder / 'report.html'}"


def _counts(statistics: "ClassStatistics") -> "list[tuple[str, int]]":
    """How many ended how, those that could not be graded by themselves."""
    from checkers.findings import Verdict
    from gradcheck.grading.class_statistics import Look

    refused = statistics.looks[Look.REFUSED].count
    counts = {str(verdict): statistics.verdicts[verdict] for verdict in reversed(Verdict)}
    counts[str(Verdict.NOT_RUN)] -= refused
    return [(name, count) for name, count in [*counts.items(), ("not graded", refused)] if count]


def _print_tables(finished: Finished, console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from gradcheck.explanations import explanation, typeset
    from gradcheck.render.characters import on_one_line

    statistics = finished.statistics
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    for name, count in _counts(statistics):
        table.add_row(str(count), Text(name))
    if statistics.count:
        median = f"median {statistics.median:.2f}"
        table.add_row(f"{statistics.mean:.2f}", Text(f"points of {statistics.max_score:g} in the mean, {median}"))
    console.print()
    console.print(table)
    if statistics.mistakes:
        console.print("\nThe commonest mistakes")
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right")
        for mistake in statistics.mistakes[:NAMED]:
            table.add_row(
                str(mistake.members.count), Text(mistake.code), Text(typeset(explanation(mistake.code).title))
            )
        console.print(table)
    if statistics.needs_a_look:
        console.print(f"\nWho needs a look ({statistics.needs_a_look})")
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right")
        for look, group in statistics.looks.items():
            if group.count:
                names = ", ".join(map(on_one_line, group.names[:NAMED]))
                more = f" and {group.count - NAMED} more" if group.count > NAMED else ""
                table.add_row(str(group.count), Text(look), Text(names + more))
        console.print(table)
    console.print()
    files = list(_files(finished))
    width = max(len(name) for name, _ in files) + 2
    for name, path in files:
        console.print(Text(f"{name:<{width}}{path}"), soft_wrap=True)
    for name, written in finished.written.items():
        for note in _platform_notes(name, written):
            console.print(Text(on_one_line(note)))
    if finished.not_graded_yet:
        console.print(f"\n{finished.not_graded_yet} submissions have not been graded yet: run gradcheck grade again.")


def _files(finished: Finished) -> "Iterator[tuple[str, Path]]":
    yield "report", finished.folder / "report.html"
    yield "grades", finished.folder / "grades.csv"
    yield "feedback", finished.folder / "feedback"
    for name, written in finished.written.items():
        for file in written.files:
            yield name, file


def _platform_notes(name: str, written: "Written") -> "Iterator[str]":
    yield from (f"{name}: {note}" for note in written.notes)
    for left_out, what in ((written.left_out, "left out"), (written.unfilled, "rows without a score")):
        if left_out:
            first = ", ".join(": ".join(one) if isinstance(one, tuple) else one for one in left_out[:NAMED])
            more = f" and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
            yield f"{name}: {len(left_out)} {what}: {first}{more}"


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (equals and name.strip() and value.strip()):
        raise UsageError(f"--header takes NAME=TEXT, such as Grade=Bewertung; it is {text}.")
    return name.strip(), value.strip()
