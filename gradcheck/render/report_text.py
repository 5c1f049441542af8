"""A report in the terminal: one line a function, then each mistake with its evidence, then what to do next."""

from __future__ import annotations

import shlex
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checkers.findings import Certainty, Verdict
from checkers.hints import DEFAULT, HintLevel, redact

from .characters import on_one_line, visible
from .figures import MARKS, points
from .figures import error as relative_error
from .grouping import TaskView, Told, arrange
from .text_evidence import STYLES, evidence, oracle_table, step_lines

if TYPE_CHECKING:
    from collections.abc import Collection

    from rich.console import Console, RenderableType

    from checkers.findings import Finding
    from checkers.report import Report, TaskReport

PRINTED_LINES_SHOWN = 12
"""How much of what the student's code printed is repeated: enough to find a print by."""

CERTAINTY_WORDS = {
    Certainty.PROVEN: "proven",
    Certainty.LIKELY: "likely",
    Certainty.AMBIGUOUS: "one of several that give these numbers",
    Certainty.OBSERVED: "",
}


def print_report(
    report: Report,
    console: Console,
    *,
    hints: int = DEFAULT,
    exercise: str | None = None,
    command: str | None = None,
) -> None:
    """Print a report at a hint level.

    Args:
        report: the full report; it is redacted here.
        console: where to; its width, colours and encoding are respected.
        hints: 0 to 3, see `checkers.hints`.
        exercise: what the user gave as --exercise, to be repeated in the command that shows more.
        command: what the user called, where that is not `gradcheck FILE`.
    """
    shown = redact(report, hints)
    views = arrange(shown)
    console.print()
    for problem in shown.problems:
        console.print(_indented(_finding_lines(problem, shown.file), 2))
        console.print()
    if shown.exercise is None:
        _print_recognised(shown, console)
    console.print(_indented([_summary(shown.tasks)], 2))
    for view in views:
        if view.has_details:
            _print_task(view, shown.file, console)
    _print_what_was_printed(shown.output, console)
    _print_ending(shown, _next_commands(shown, hints, exercise, command), console)


def sections(report: Report, names: Collection[str], *, hints: int = DEFAULT, width: int = 80) -> str:
    """What is said of some of the functions, each as if it stood alone; plain text, for a test that fails.

    Args:
        names: of the functions; what is said of the whole file stands before them.
        hints: 0 to 3, see `checkers.hints`.
        width: columns; the width of a terminal where nobody knows it.
    """
    text = StringIO()
    console = plain_console(text, width)
    shown = redact(report, hints)
    for problem in shown.problems:
        console.print(_indented([Text(), *_finding_lines(problem, shown.file)], 2))
    for task in shown.tasks:
        if task.name in names:
            (view,) = arrange(replace(shown, tasks=(task,)))
            _print_task(view, shown.file, console)
    return "\n".join(line.rstrip() for line in text.getvalue().strip("\n").splitlines())


def plain_console(file: StringIO, width: int) -> Console:
    """A console that writes plain text to a file, wherever it runs: inside a notebook, rich would display it."""
    from rich.console import Console  # noqa: PLC0415 (other reports are given theirs)

    return Console(
        file=file,
        width=width,
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        highlight=False,
        emoji=False,
    )


def _print_recognised(report: Report, console: Console) -> None:
    """How each function was understood, and which were left alone: what follows is worth as much as this."""
    heading = (
        "Recognised, and checked against their own forward or loss" if report.recognised else "Nothing was recognised"
    )
    console.print(Text(heading, style="bold"))
    for one in report.recognised:
        lines = [Text.assemble((on_one_line(one.name), "bold"), f"  {visible(one.rule)}")]
        lines += [Text(visible(said), style="dim") for said in (one.layout, *one.assumed) if said]
        console.print(_indented([lines[0], _indented(list(lines[1:]), 2)], 2))
    if report.left_alone:
        console.print(Text("Left alone", style="bold"))
    for left in report.left_alone:
        place = Text(f"  line {left.line}: {visible(left.reason)}", style="dim")
        console.print(_indented([Text.assemble((on_one_line(left.name), "bold"), place)], 2))
    console.print()


def quiet_line(report: Report) -> str:
    """The whole report in one line, without a line feed."""
    return (
        f"{on_one_line(report.file)}: {report.verdict}, {_score(report.score, report.max_score)} points, "
        f"{report.subject}, seed {report.seed}"
    )


def _score(score: float, max_score: float) -> str:
    return f"{points(score)} of {points(max_score)}"


def _indented(parts: list[RenderableType], columns: int) -> RenderableType:
    from rich.console import Group  # noqa: PLC0415 (a cheap name of a module that is loaded)

    return Padding(Group(*parts), (0, 0, 0, columns), expand=False)


def _mark(verdict: Verdict) -> Text:
    return Text(MARKS[verdict], style=STYLES[verdict])


def _summary(tasks: tuple[TaskReport, ...]) -> Table:
    table = Table.grid(padding=(0, 2))
    glances = [_outputs_at_a_glance(task) for task in tasks]
    for task, glance in zip(tasks, glances, strict=True):
        table.add_row(
            _mark(task.verdict),
            Text(on_one_line(task.name), style="bold"),
            Text(str(task.verdict), style=STYLES[task.verdict]),
            Text(_score(task.score, task.max_score), justify="right"),
            *([glance] if any(glances) else []),  # rich measures an empty last column too narrow
        )
    return table


def _outputs_at_a_glance(task: TaskReport) -> Text:
    """Which of several outputs are right: "✗ dW  ✓ db"."""
    text = Text()
    for output in task.outputs if len(task.outputs) > 1 else ():
        text.append(MARKS[output.verdict], style=STYLES[output.verdict]).append(f" {on_one_line(output.name)}  ")
    return text


def _print_task(view: TaskView, file: str, console: Console) -> None:
    task = view.task
    heading = Text.assemble("\n", _mark(task.verdict), " ", (on_one_line(task.name), "bold"))
    if task.line is not None:
        heading.append(f"  {on_one_line(file)}:{task.line}", style="dim")
    console.print(heading)
    if task.call is not None:
        console.print(_indented([Text(f"called as {on_one_line(task.call)}", style="dim")], 2))
    for told in view.faults:
        console.print(_indented(_told_lines(told, file), 2))
    for output in view.unexplained:
        console.print(_indented([*evidence(output), *oracle_table((output,))], 2))
    for note in view.notes:
        console.print(_indented([Text(), *_note_lines(note, file)], 2))


def _told_lines(told: Told, file: str) -> list[RenderableType]:
    lines: list[RenderableType] = [Text()]
    if told.told_in is None:
        lines += _finding_lines(told.finding, file)
    else:
        lines.append(Text(f"{told.finding.code}: the same mistake as in {on_one_line(told.told_in)} above"))
    for output in told.outputs:
        lines += evidence(output)
    for name, step in told.steps:
        lines += [Text(), *step_lines(name, step)]
    return lines + oracle_table(told.outputs)


def _note_lines(note: Finding, file: str) -> list[RenderableType]:
    first, *rest = _finding_lines(note, file)
    return [Text.assemble(("note  ", "cyan"), first) if isinstance(first, Text) else first, *rest]


def _finding_lines(finding: Finding, file: str) -> list[RenderableType]:
    """Heading, message, the edit that proves it, what to try, and what else gives the same numbers."""
    lines: list[RenderableType] = [_finding_heading(finding, file), Text(visible(finding.message))]
    if finding.fix is not None:
        lines += _edit_lines(finding)
    if finding.hint is not None:
        lines.append(Text.assemble(("Try: ", "bold"), visible(finding.hint)))
    return [*lines, *_alternative_lines(finding)]


def _alternative_lines(finding: Finding) -> list[RenderableType]:
    """What else gives the same numbers; beside a proof by name only."""
    if not finding.alternatives:
        return []
    if finding.certainty is Certainty.PROVEN:
        codes = ", ".join(alternative.code for alternative in finding.alternatives)
        return [Text(f"The same numbers come from {codes}.", style="dim")]
    told = {alternative.message: alternative for alternative in reversed(finding.alternatives)}
    return [
        Text(f"The same numbers come from {alternative.code}: {visible(alternative.message)}", style="dim")
        for alternative in finding.alternatives
        if told[alternative.message] is alternative and alternative.message != finding.message
    ]


def _finding_heading(finding: Finding, file: str) -> Text:
    style = STYLES[Verdict.WRONG] if finding.is_fault else "cyan"
    heading = Text.assemble((finding.code, f"bold {style}"))
    if finding.outputs:
        heading.append(f"  {', '.join(map(on_one_line, finding.outputs))}", style="bold")
    if finding.line is not None:
        heading.append(f"  {on_one_line(file)}:{finding.line}")
    if CERTAINTY_WORDS[finding.certainty]:
        heading.append(f"  {CERTAINTY_WORDS[finding.certainty]}", style="dim")
    return heading


def _edit_lines(finding: Finding) -> list[RenderableType]:
    removed = [] if finding.source is None else visible(finding.source).split("\n")
    lines: list[RenderableType] = [Text(f"  - {line}", style="red") for line in removed]
    lines += [Text(f"  + {line}", style="green") for line in visible(finding.fix or "").split("\n")]
    if finding.fix_relative_error is not None:
        left = relative_error(finding.fix_relative_error)
        lines.append(Text(f"  With this change it matches to {left}.", style="dim"))
    return lines


def _print_what_was_printed(output: str, console: Console) -> None:
    if not output.strip():
        return
    lines = visible(output.rstrip()).split("\n")
    more = len(lines) - PRINTED_LINES_SHOWN
    shown = lines[:PRINTED_LINES_SHOWN] + ([f"... and {more} more lines"] if more > 0 else [])
    console.print(Text("\nYour code printed", style="bold"))
    console.print(_indented([Text(line, style="dim") for line in shown], 2))


def _print_ending(report: Report, commands: list[tuple[str, str]], console: Console) -> None:
    score = Text.assemble("\n", (_score(report.score, report.max_score), "bold"), " points")
    score.append(f"  {report.subject}, seed {report.seed}", style="dim")
    console.print(score)
    for command, purpose in commands:
        line = Text.assemble("  ", (command, "cyan"), (f"  {purpose}", "dim"))
        if line.cell_len > console.width:
            line = Text(f"  {command}", style="cyan")
        console.print(line, soft_wrap=True)  # a command broken over two lines cannot be copied
    console.print()


def _next_commands(report: Report, hints: int, exercise: str | None, command: str | None) -> list[tuple[str, str]]:
    """What to run next: the explanation of the first mistake, and a report that shows more."""
    if report.verdict is Verdict.RIGHT:
        return []
    if report.left_alone and not report.tasks:
        call = f'gradcheck {shlex.quote(on_one_line(report.file))} --function "GRADIENT of FORWARD"'
        return [(call, "say what belongs together, and in which shapes")]
    faults = [*report.problems, *(finding for task in report.tasks for finding in task.findings)]
    commands = [
        (f"gradcheck explain {f.code}", "what this mistake is, and why it happens") for f in faults if f.is_fault
    ]
    if hints < HintLevel.SOLUTIONS:
        file = shlex.quote(on_one_line(report.file))
        given = "" if exercise is None else f" --exercise {shlex.quote(on_one_line(exercise))}"
        command = f"{command or f'gradcheck {file}{given}'} --seed {report.seed} --hints {hints + 1}"
        return [*commands[:1], (command, _WHAT_A_LEVEL_ADDS[HintLevel(hints + 1)])]
    return commands[:1]


_WHAT_A_LEVEL_ADDS = {
    HintLevel.MISTAKES: "what is wrong",
    HintLevel.PLACES: "where, and your values",
    HintLevel.SOLUTIONS: "the expected values and the fix",
}
