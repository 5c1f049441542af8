"""The report on a file of no exercise: its gradients against its own forwards and losses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from checkers.call_findings import forbidden_acts, problem_of
from checkers.errors import UsageError
from checkers.own_code.declared import Declaration
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

# Says what the gradients of the files in its folder belong to.
CONFIG = "gradcheck.toml"

# A file that holds this part of an exercise, by names and arguments, is a submission to it, whatever else is in it.
MOSTLY = 0.62


def facts_of_no_exercise(
    path: Path, source: bytes, pairings: Sequence[str] = (), config: Path | None = None
) -> Facts | None:
    """What a file says, where it belongs to no exercise and gradients are recognised in it, or declared.

    Args:
        pairings: pairs of a gradient and its function, as `--function` has them.
        config: in place of the gradcheck.toml beside the file.

    Raises:
        UsageError: what is declared cannot be read, or does not fit the file.
    """
    is_demanded = bool(pairings) or config is not None
    if MARKER.search(source) and not is_demanded:
        return None
    facts = _facts(path, source)
    if facts is None:
        if is_demanded:
            raise UsageError(f"{path} is no Python that can be read, so nothing can be said of its functions.")
        return None
    facts = replace(facts, declared=_declared_in(path, source, facts, pairings, config))
    if not facts.declared and _coverage(facts) >= MOSTLY:
        return None
    # All of them, so that whatever is declared wrongly is told before anything runs.
    units = list(units_of(facts)) if facts.declared else [*islice(units_of(facts), 1)]
    return facts if units else None


def _facts(path: Path, source: bytes) -> Facts | None:
    try:
        text = decode(source, str(path))
    except SyntaxError:
        return None
    return read_facts(text, texts_beside(path, text))


def _declared_in(
    path: Path, source: bytes, facts: Facts, pairings: Sequence[str], config: Path | None
) -> tuple[Declaration, ...]:
    """What is said of the file's functions; of one of which several things are said, the nearest to the command."""
    beside = path.parent / CONFIG
    is_decorated = b"gradient_of" in source
    if not (pairings or config or is_decorated or beside.is_file()):
        return ()
    from .pairing import from_config, from_decorators, from_texts  # noqa: PLC0415 (start-up: few files need it)

    said = list(from_texts(pairings))
    if config is not None or beside.is_file():
        said += from_config(config or beside, path, facts)
    said += from_decorators(path, facts) if is_decorated else ()
    first: dict[str, Declaration] = {}
    for one in said:
        first.setdefault(one.gradient.name, one)
    return tuple(first.values())


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
