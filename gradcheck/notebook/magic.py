"""The magics: `%%gradcheck` runs a cell and checks its gradients, `%gradcheck FILE` checks a file."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from checkers.errors import GradcheckError, NoExerciseError

from .cells import Cell, Composed, compose, without_magic

if TYPE_CHECKING:
    from checkers.findings import Finding
    from checkers.report import Report, TaskReport

MISSING = "%load_ext gradcheck needs IPython: pip install 'gradcheck[jupyter]'"


def register(shell: Any) -> None:
    """Make the magics known to a shell.

    Args:
        shell: IPython's InteractiveShell, or Jupyter's.

    Raises:
        GradcheckError: IPython is not installed.
    """
    try:
        import IPython  # noqa: F401, PLC0415 (an extra)
    except ImportError:
        raise GradcheckError(MISSING) from None
    shell.register_magic_function(partial(gradcheck, shell), "line_cell", "gradcheck")


def gradcheck(shell: Any, line: str, cell: str | None = None) -> None:
    """Check gradients.

    %%gradcheck [--exercise ID] [--hints N] [--seed N] [--quiet]
        above a cell: run it, and check the gradient functions that it defines in a process of their own, against the
        forwards and losses in it and in earlier cells, or against an exercise.

    %gradcheck FILE [--exercise ID] [--hints N] [--seed N] [--quiet]
        check a file.
    """
    try:
        options = _options(line, is_cell=cell is not None)
        if options is None:
            return
        if cell is None:
            _show(*_checked_file(options), options)
        elif _ran(shell, line, cell):
            _show(*_checked_cell(shell, line, cell, options), options)
    except GradcheckError as error:
        print(f"gradcheck: {error}", file=sys.stderr)


# Options --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Options:
    file: str | None
    exercise: str | None
    hints: int
    seed: int | None
    quiet: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _refusal(f"{message}. Usage: {' '.join(self.format_usage().split()[1:])}")


def _refusal(text: str) -> Exception:
    """What the shell prints as one line, and takes for a failed cell: the cell was not run."""
    from IPython.core.error import UsageError  # noqa: PLC0415 (an extra)

    return UsageError(text)


def _options(line: str, *, is_cell: bool) -> _Options | None:
    """What the line of a magic says; None where it asked for help."""
    parser = _Parser(prog="%%gradcheck" if is_cell else "%gradcheck", add_help=False, allow_abbrev=False)
    if not is_cell:
        parser.add_argument("file", metavar="FILE")
    parser.add_argument("--exercise", "-e", metavar="ID")
    parser.add_argument("--hints", type=int, choices=range(4), default=2, metavar="N")
    parser.add_argument("--seed", type=int, metavar="N")
    parser.add_argument("--quiet", "-q", action="store_true")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise _refusal(f"{line}: {error}.") from None
    if {"--help", "-h"} & set(words):
        print(gradcheck.__doc__)
        return None
    given = parser.parse_args(words)
    if given.seed is not None and given.seed < 0:
        raise _refusal(f"--seed {given.seed}: a seed is not less than 0.")
    return _Options(getattr(given, "file", None), given.exercise, given.hints, given.seed, given.quiet)


# Running a cell -------------------------------------------------------------------------------------------------------


def _ran(shell: Any, line: str, cell: str) -> bool:
    """Run a cell as if it had no magic. Did it end well?

    Raises:
        Exception: what the cell raised, for which the shell then prints the cell's own traceback: so this cell counts
            as failed, and what runs a whole notebook stops here.
    """
    shown: list[list[str]] = []
    print_traceback = shell._showtraceback
    shell._showtraceback = lambda kind, error, lines: shown.append(lines)
    try:
        result = shell.run_cell(_with_its_first_line(line, cell), store_history=False)
    finally:
        shell._showtraceback = print_traceback
    error = result.error_before_exec or result.error_in_exec
    if error is not None and shown:
        raise _as_shown(error, shown[-1])
    return bool(result.success)


def _with_its_first_line(line: str, cell: str) -> str:
    """With the magic's line as a comment, so that its lines are counted as they are shown."""
    return cell if cell.lstrip().startswith("%%") else f"# %%gradcheck {line}\n{cell}"


def _as_shown(error: BaseException, lines: list[str]) -> BaseException:
    """An error that the shell prints as these lines, which hold no line of ours."""
    kind = type(error)
    if isinstance(error, SyntaxError) or not hasattr(error, "__dict__"):
        # The shell has a way of its own with these.
        kind = type(kind.__name__, (Exception,), {})
        error = kind(str(error))
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
    return error


# Checking -------------------------------------------------------------------------------------------------------------


def _checked_file(options: _Options) -> tuple[Report, list[str]]:
    from gradcheck.file_check import check_file  # noqa: PLC0415 (NumPy, when there is something to check)

    return check_file(options.file or "", exercise=options.exercise, seed=options.seed), []


def _checked_cell(shell: Any, line: str, cell: str, options: _Options) -> tuple[Report, list[str]]:
    from gradcheck.file_check import check_source  # noqa: PLC0415 (as above)

    *before, _ = shell.user_ns["In"]  # the last one is this cell; the shell's count is of the next one in some versions
    number = len(before)
    text = without_magic(shell.transform_cell(_with_its_first_line(line, cell)))
    with tempfile.TemporaryDirectory(prefix="gradcheck-") as folder:
        composed = compose(Cell(number, text), _earlier(before), shell.user_ns, Path(folder))
        if composed is None:
            raise NoExerciseError("this cell defines no function, so there is nothing to check.")
        path = Path.cwd() / f"cell_{number}.py"
        try:
            report = check_source(
                composed.text.encode(),
                path,
                exercise=options.exercise,
                seed=options.seed,
                first_line=composed.first_line,
            )
        except NoExerciseError as error:
            raise NoExerciseError(str(error).replace(str(path), "This cell")) from None
    behind = [f"{name} ({kind})" for name, kind in composed.left_behind.items()]
    said = [f"Not taken along, since it is no number, text or array: {', '.join(behind)}."] if behind else []
    return _in_the_cell(report, composed, number), said


def _earlier(texts: list[str]) -> list[Cell]:
    return [Cell(number, without_magic(text)) for number, text in enumerate(texts) if text]


def _in_the_cell(report: Report, composed: Composed, number: int) -> Report:
    """The report on the functions of the cell, in lines of the cell."""
    tasks = [task for task in report.tasks if task.name.partition(".")[0] in composed.names] or report.tasks
    return replace(
        report,
        file=f"In[{number}]",
        tasks=tuple(_task(task, composed, number) for task in tasks),
        problems=tuple(_finding(problem, composed, number) for problem in report.problems),
        recognised=tuple(replace(one, line=composed.place(one.line).line) for one in report.recognised),
        left_alone=tuple(replace(one, line=composed.place(one.line).line) for one in report.left_alone),
    )


def _task(task: TaskReport, composed: Composed, number: int) -> TaskReport:
    findings = tuple(_finding(finding, composed, number) for finding in task.findings)
    return replace(task, findings=findings, line=None if task.line is None else _line(composed, task.line, number))


def _line(composed: Composed, line: int, number: int) -> int | None:
    place = composed.place(line)
    return place.line if place.cell == number else None


def _finding(finding: Finding, composed: Composed, number: int) -> Finding:
    """A finding in an earlier cell says so in its message: its line counts in no file that the report knows."""
    if finding.line is None:
        return finding
    place = composed.place(finding.line)
    if place.cell == number:
        end = finding.end_line
        return replace(finding, line=place.line, end_line=None if end is None else end - finding.line + place.line)
    message = finding.message if place.cell is None else f"{finding.message} (In[{place.cell}], line {place.line})"
    return replace(finding, message=message, line=None, column=None, end_line=None, end_column=None)


# Showing --------------------------------------------------------------------------------------------------------------


def _show(report: Report, said: list[str], options: _Options) -> None:
    """Show a report as HTML, and as text where there is only a terminal."""
    from gradcheck.render.report_text import quiet_line  # noqa: PLC0415 (as above)

    for sentence in said:
        print(sentence)
    if options.quiet:
        print(quiet_line(report))
        return
    from IPython.display import display  # noqa: PLC0415 (an extra)

    from gradcheck.render.report_fragment import render  # noqa: PLC0415 (as above)

    html = render(report, hints=options.hints)
    bundle = {"text/html": html, "text/plain": _text(report, options)}
    display(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types for it


def _text(report: Report, options: _Options) -> str:
    from io import StringIO  # noqa: PLC0415

    from gradcheck.render.report_text import plain_console, print_report  # noqa: PLC0415

    text = StringIO()
    console = plain_console(text, 80)
    print_report(report, console, hints=options.hints, command=_command(options))
    return "\n".join(line.rstrip() for line in text.getvalue().strip("\n").splitlines())


def _command(options: _Options) -> str:
    """The magic as it was given, to be repeated."""
    exercise = "" if options.exercise is None else f" --exercise {shlex.quote(options.exercise)}"
    return ("%%gradcheck" if options.file is None else f"%gradcheck {shlex.quote(options.file)}") + exercise
