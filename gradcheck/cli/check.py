"""`gradcheck check FILE`, for short `gradcheck FILE`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exit_codes import of_verdict
from .terminal import check_writable, print_with, write_document, write_line

if TYPE_CHECKING:
    from checkers.report import Report


class ReportFormat(StrEnum):
    """What a report can be written as."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    JUNIT = "junit"


def check(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The Python file or notebook to check.", show_default=False)
    ],
    *,
    exercise: Annotated[
        str | None,
        typer.Option(
            "--exercise",
            "-e",
            metavar="ID|PATH",
            help="The exercise; found from the file if left out.",
            show_default=False,
        ),
    ] = None,
    function: Annotated[
        list[str] | None,
        typer.Option(
            "--function",
            metavar="PAIRING",
            help='What a function is the gradient of, where names do not say: "bar(dout, cache) of foo(x: (N, D))", '
            '"grad(w, X, y) of cost(w, X, y) wrt w", "f(W, X, y) -> loss, dW". May be repeated.',
            show_default=False,
        ),
    ] = None,
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="CALL", help="The forward or loss of a --function, apart.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Read pairings here, not in gradcheck.toml beside FILE.", show_default=False),
    ] = None,
    format: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="How the report is written.")
    ] = ReportFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the report to this file.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of the random probes; a fresh one if left out.", show_default=False)
    ] = None,
    hints: Annotated[
        int,
        typer.Option(
            min=0, max=3, help="0 verdicts; 1 also what is wrong; 2 also where; 3 also expected values and the fix."
        ),
    ] = 2,
    timeout: Annotated[float, typer.Option(help="Seconds one call of a function may take.")] = 10.0,
    locate_budget: Annotated[
        float,
        typer.Option(
            "--locate-budget", min=0, help="Seconds to look for the line, and the change that mends it, per function."
        ),
    ] = 2.0,
    python2: Annotated[
        bool, typer.Option("--python2", help="Convert a file that is Python 2, line by line, where that is safe.")
    ] = False,
    known_losses: Annotated[
        bool,
        typer.Option(
            "--known-losses",
            help="Of a file of no exercise: a loss that is the negative of a known one, say, is a fault, not a note.",
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="One line instead of the whole report.")] = False,
) -> None:
    """Check a file of gradients.

    Every function of the exercise that the file holds is run, and every entry of what it returns is compared.
    Exit code: 0 all right, 1 something is wrong, 2 the call was wrong, 3 something could not be judged.
    """
    check_writable(output)
    if output is not None and output.exists() and file.exists() and output.samefile(file):
        raise typer.BadParameter("this would overwrite the file that is checked.", param_hint="--output")
    if not timeout > 0:
        raise typer.BadParameter(
            f"a call needs some time: {timeout:g} s is not more than 0. Try 10.", param_hint="--timeout"
        )
    from checkers.student_process import StudentProcess
    from gradcheck.file_check import check_file

    student = StudentProcess(context.obj, timeout=timeout)
    try:
        report = check_file(
            file,
            exercise=exercise,
            pairings=_pairings(function or [], of or []),
            config=config,
            seed=seed,
            timeout=timeout,
            locate_budget=locate_budget,
            python2=python2,
            known_losses=known_losses,
            student=student,
        )
    finally:
        student.close()
    write_report(report, format, hints=hints, output=output, quiet=quiet, exercise=exercise)
    raise typer.Exit(of_verdict(report.verdict))


def _pairings(functions: list[str], ofs: list[str]) -> list[str]:
    if not (functions or ofs):
        return []
    from gradcheck.pairing import joined

    return joined(functions, ofs)


def write_report(
    report: "Report",
    format: ReportFormat,
    *,
    hints: int,
    output: Path | None = None,
    quiet: bool = False,
    exercise: str | None = None,
) -> None:
    """Write a report in one of the formats, to a file or to standard output."""
    if format is not ReportFormat.TEXT:
        write_document(_document(report, format, hints), output)
        return
    from gradcheck.render.report_text import print_report, quiet_line

    if quiet:
        write_line(quiet_line(report), output)
    else:
        print_with(lambda console: print_report(report, console, hints=hints, exercise=exercise), output)


def _document(report: "Report", format: ReportFormat, hints: int) -> str:
    if format is ReportFormat.JSON:
        from gradcheck.render import report_json

        return report_json.render(report, hints=hints)
    if format is ReportFormat.MARKDOWN:
        from gradcheck.render import report_markdown

        return report_markdown.render(report, hints=hints)
    if format is ReportFormat.HTML:
        from gradcheck.render import report_html

        return report_html.render(report, hints=hints)
    from gradcheck.render import report_junit

    return report_junit.render(report, hints=hints)
