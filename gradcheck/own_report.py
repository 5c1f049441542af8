"""The report on a file of no exercise: its gradients against its own forwards and losses."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from checkers.call_findings import forbidden_acts, problem_of
from checkers.own_code.facts import Facts, read_facts
from checkers.own_code.whole_file import check_own_code, units_of
from checkers.report import Report
from checkers.student.source import decode
from checkers.student_answers import FunctionInfo, Parameter
from checkers.task_check import Caller

from .catalogue import bundled
from .siblings import texts_beside
from .signatures import declared, fit
from .version import __version__

# The line that names a file's exercise, as every starter carries it.
MARKER = re.compile(rb"^#\s*gradcheck:\s*exercise\s+(\S+)", re.MULTILINE)

# A file that holds this part of an exercise, by names and arguments, is a submission to it, whatever else is in it.
MOSTLY = 0.62


def facts_of_no_exercise(path: Path, source: bytes, first_line: int = 1) -> Facts | None:
    """What a file says, where it belongs to no exercise and gradients are recognised in it.

    Args:
        first_line: what stands before this line counts as if it stood in a file beside it.
    """
    if MARKER.search(source):
        return None
    try:
        text = decode(source, str(path))
    except SyntaxError:
        return None
    facts = read_facts(text, texts_beside(path, text))
    if facts is not None and first_line > 1:
        facts = _own_from(facts, first_line)
    if facts is None or _coverage(facts) >= MOSTLY:
        return None
    return facts if next(units_of(facts), None) is not None else None


def _own_from(facts: Facts, line: int) -> Facts:
    """The same where only what begins at a line or after it is the file's own."""
    functions = {name: replace(one, is_own=one.is_own and one.line >= line) for name, one in facts.functions.items()}
    classes = {name: replace(one, is_own=one.is_own and one.line >= line) for name, one in facts.classes.items()}
    return replace(facts, functions=functions, classes=classes)


def _coverage(facts: Facts) -> float:
    """How much of an exercise the file's own functions are, of the one that they fit best."""
    functions = {
        one.name: FunctionInfo(one.name, tuple(Parameter(p.name, has_default=p.has_default) for p in one.parameters))
        for one in facts.own
    }
    return max((fit(declared(folder), functions).coverage for folder in bundled()), default=0.0)


def own_report(
    path: Path, source: bytes, facts: Facts, caller: Caller, seed: int, locate_budget: float
) -> Report | None:
    """The report on a file of no exercise; None where no gradient could be called, so that nothing was learnt."""
    loaded = caller.student.load(path, source)
    problem = problem_of(loaded, caller.timeout)
    found = check_own_code(facts, caller, seed, locate_budget)
    if not found.tasks and not found.left_alone:
        return None
    return Report(
        version=__version__,
        file=str(path),
        exercise=None,
        seed=seed,
        isolation="process",
        seconds=0.0,
        tasks=found.tasks,
        problems=(*(() if problem is None else (problem,)), *forbidden_acts(list(caller.student.forbidden))),
        output=caller.student.output,
        recognised=found.recognised,
        left_alone=found.left_alone,
    )
