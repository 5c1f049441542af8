"""The report on a file of no exercise: its gradients against its own forwards and losses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from checkers.call_findings import forbidden_acts, problem_of
from checkers.compiled_exercise import LoadedExercise
from checkers.errors import UsageError
from checkers.findings import Certainty, Finding, Severity
from checkers.own_code.declared import Declaration
from checkers.own_code.facts import Facts, read_facts
from checkers.own_code.left_alone import look_like_gradients, may_be_gradients
from checkers.own_code.whole_file import check_own_code, units_of
from checkers.report import Report
from checkers.student.source import decode
from checkers.student_answers import FunctionInfo, Loaded, Parameter
from checkers.task_check import Caller

from . import python2
from .catalogue import bundled
from .compiled import compiled
from .notebook_source import NotebookSource, source_of
from .siblings import texts_beside
from .signatures import EXACTLY, MARKER, MOSTLY, declared, fit, has_the_names
from .version import __version__

CONFIG = "gradcheck.toml"  # says what the gradients of the files in its folder belong to
MOST_NOTES = 8  # on statements that were left out; a script can hold hundreds


@dataclass(frozen=True, slots=True)
class StudentText:
    """A student's file as Python text.

    Attributes:
        source: what is run.
        notebook: the cells it was put together from.
    """

    path: Path
    source: bytes
    notebook: NotebookSource | None = None

    @property
    def text(self) -> str | None:
        """The text; None where it cannot be decoded."""
        try:
            return decode(self.source, str(self.path))
        except SyntaxError:
            return None


def read_text(path: Path, content: bytes, *, from_python2: bool = False) -> StudentText:
    """A Python file, or a notebook's cells one after the other; Python 2 made Python 3 where that is asked for.

    Raises:
        UsageError: it is no notebook, or no Python 2, or what converts it is not installed.
    """
    if path.suffix == ".ipynb":
        notebook = source_of(path, content, from_python2=from_python2)
        return StudentText(path, notebook.text, notebook)
    if from_python2:
        return StudentText(path, python2.converted(decode(content, str(path))).encode())
    return StudentText(path, content)


def python2_report(student: StudentText, seed: int) -> Report | None:
    """What is said of a file that is Python 2; None where it is none."""
    text = student.text
    said = python2.complaint(text) if text is not None and read_facts(text) is None else None
    if said is None:
        return None
    line, message = said
    hint = "Mend it for Python 3, or let it be converted where that is safe: gradcheck FILE --python2."
    finding = Finding("syntax", f"Line {line} {message}.", Certainty.OBSERVED, hint, line=line)
    return Report(__version__, str(student.path), None, seed, "process", 0.0, (), (finding,))


@dataclass(frozen=True, slots=True)
class Declared:
    """What the caller says of a file's gradients.

    Attributes:
        pairings: pairs of a gradient and its function, as `--function` has them.
        config: in place of the gradcheck.toml beside the file.
    """

    pairings: tuple[str, ...] = ()
    config: Path | None = None

    def __bool__(self) -> bool:
        return bool(self.pairings) or self.config is not None


NOTHING_DECLARED = Declared()


def facts_of_no_exercise(student: StudentText, said: Declared = NOTHING_DECLARED, first_line: int = 1) -> Facts | None:
    """What a file says, where it belongs to no exercise and gradients are recognised in it, or declared.

    Args:
        said: what the caller says; what the file and the gradcheck.toml beside it say comes on top.
        first_line: what stands before this line counts as if it stood in a file beside it.

    Raises:
        UsageError: what is declared cannot be read, or does not fit the file.
    """
    text = student.text
    if not said and (text is None or MARKER.search(student.source)):
        return None
    facts = read_facts(text, texts_beside(student.path, text)) if text is not None else None
    if facts is not None and first_line > 1:
        facts = _own_from(facts, first_line)
    if facts is None:
        if said:
            raise UsageError(f"{student.path} is no Python that can be read, so nothing can be said of its functions.")
        return None
    facts = replace(facts, declared=_declared_in(student, facts, said))
    # All of them, so that whatever is declared wrongly is told before anything runs.
    gradients = (
        {unit.name for unit in units_of(facts)}
        or {one.full_name for one in look_like_gradients(facts)}
        or {one.full_name for one in may_be_gradients(facts)}
    )
    return facts if gradients and (facts.declared or not _is_submission(facts, gradients)) else None


def _declared_in(student: StudentText, facts: Facts, said: Declared) -> tuple[Declaration, ...]:
    """What is said of the file's functions; of one of which several things are said, the nearest to the command."""
    beside = student.path.parent / CONFIG
    is_decorated = b"gradient_of" in student.source
    if not (said or is_decorated or beside.is_file()):
        return ()
    from .pairing import from_config, from_decorators, from_texts  # noqa: PLC0415 (start-up: few files need it)

    found = list(from_texts(said.pairings))
    if said.config is not None or beside.is_file():
        found += from_config(said.config or beside, student.path, facts)
    found += from_decorators(student.path, facts) if is_decorated else ()
    first: dict[str, Declaration] = {}
    for one in found:
        first.setdefault(one.gradient.name, one)
    return tuple(first.values())


def _own_from(facts: Facts, line: int) -> Facts:
    """The same where only what begins at a line or after it is the file's own."""
    functions = {name: replace(one, is_own=one.is_own and one.line >= line) for name, one in facts.functions.items()}
    classes = {name: replace(one, is_own=one.is_own and one.line >= line) for name, one in facts.classes.items()}
    return replace(facts, functions=functions, classes=classes)


def _is_submission(facts: Facts, gradients: Collection[str]) -> bool:
    """Is a file one to an exercise: most of its functions are there, or all gradients of the file are as declared?"""
    functions: dict[str, FunctionInfo | None] = {
        one.name: FunctionInfo(one.name, tuple(Parameter(p.name, has_default=p.has_default) for p in one.parameters))
        for one in facts.own
    }
    for folder in bundled():
        signatures = declared(folder)
        as_declared = {one.name for one in signatures if one.likeness(functions) >= EXACTLY}
        if fit(signatures, functions).coverage >= MOSTLY or as_declared.issuperset(gradients):
            return True
        if has_the_names(signatures, {*functions, *facts.assigned}):
            return True
    return False


def own_report(
    student: StudentText,
    facts: Facts,
    caller: Caller,
    seed: int,
    locate_budget: float,
    known_losses_only: bool = False,
) -> Report:
    """The report on a file of no exercise."""
    loaded = caller.student.load(student.path, student.source, lenient=True)
    problem = problem_of(loaded, caller.timeout)
    found = check_own_code(facts, caller, seed, locate_budget, _derivation, known_losses_only)
    report = Report(
        version=__version__,
        file=str(student.path),
        exercise=None,
        seed=seed,
        isolation="process",
        seconds=0.0,
        tasks=found.tasks,
        problems=(
            *(() if problem is None else (problem,)),
            *_notes_on_loading(loaded, student),
            *forbidden_acts(list(caller.student.forbidden)),
        ),
        output=caller.student.output,
        recognised=found.recognised,
        left_alone=found.left_alone,
    )
    return report if student.notebook is None else _with_cells(report, student.notebook)


def is_empty(report: Report, facts: Facts) -> bool:
    """Was nothing judged in a file in which nothing is called a gradient?"""
    named = {one.full_name for one in look_like_gradients(facts)}
    return not report.tasks and not any(left.name in named for left in report.left_alone)


def left_alone_in_words(report: Report, student: StudentText, first_line: int = 1) -> tuple[str, ...]:
    """The functions that may be gradients and were not judged: where each stands, and why.

    Args:
        first_line: of the text that is checked; lines are counted from it.
    """
    return tuple(
        f"{one.name}, {_place(one.line, student.notebook, first_line)}: {one.reason}" for one in report.left_alone
    )


def _place(line: int, notebook: NotebookSource | None, first_line: int) -> str:
    if notebook is None:
        return f"line {line - first_line + 1}"
    cell, line_in_cell = notebook.place_of(line)
    return f"cell {cell}, line {line_in_cell}"


def _derivation(exercise: str) -> LoadedExercise | None:
    """The compiled exercise of this id."""
    return next((compiled(folder) for folder in bundled() if folder.id == exercise), None)


def _notes_on_loading(loaded: Loaded, student: StudentText) -> Iterator[Finding]:
    """What of the file did not run, and what stood in for names that are gone."""
    for skipped in loaded.skipped[:MOST_NOTES]:
        place = "" if skipped.file == student.path.name else f" of {skipped.file}"
        code = "times-out" if skipped.reason.startswith(("stopped", "not run")) else "raises"
        message = f"Line {skipped.line}{place} was left out: {skipped.reason}."
        line = None if place else skipped.line
        yield Finding(code, message, Certainty.OBSERVED, severity=Severity.NOTE, line=line)
    if len(loaded.skipped) > MOST_NOTES:
        more = len(loaded.skipped) - MOST_NOTES
        yield Finding("raises", f"{more} more statements were left out.", Certainty.OBSERVED, severity=Severity.NOTE)
    for one in loaded.provided:
        message = f"{one.name} is not here: {one.instead} stood in for it."
        yield Finding("undefined-name", message, Certainty.OBSERVED, severity=Severity.NOTE, line=one.line)
    for cell in student.notebook.skipped if student.notebook else ():
        message = f"Cell {cell.cell} was left out: {cell.reason}."
        yield Finding("syntax", message, Certainty.OBSERVED, severity=Severity.NOTE)


def _with_cells(report: Report, notebook: NotebookSource) -> Report:
    """The report with each place in words of cells, too; lines are those of all code cells joined."""

    def told(finding: Finding) -> Finding:
        if finding.line is None:
            return finding
        cell, line = notebook.place_of(finding.line)
        return replace(finding, message=f"{finding.message} (cell {cell}, line {line})")

    tasks = tuple(replace(task, findings=tuple(map(told, task.findings))) for task in report.tasks)
    return replace(report, tasks=tasks, problems=tuple(map(told, report.problems)))
