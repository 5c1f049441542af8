"""Checking one student file: find its exercise, run it in a process of its own, compare, report."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checkers.call_findings import forbidden_acts, problem_of
from checkers.errors import NoExerciseError, UsageError
from checkers.exercise_check import check_exercise, not_run
from checkers.locate import DEFAULT_BUDGET
from checkers.report import Report
from checkers.student_answers import FunctionInfo, Loaded, Origin
from checkers.student_process import StudentProcess
from checkers.task_check import Caller, Probes

from .catalogue import ExerciseFolder, bundled, find
from .compiled import compiled
from .own_report import (
    Declared,
    facts_of_no_exercise,
    is_empty,
    left_alone_in_words,
    own_report,
    python2_report,
    read_text,
)
from .signatures import MARKER, Fit, Signature, declared, fit, may_be_submission
from .version import __version__

# An exercise that scores less than this part of the best one is not what the student meant.
CLOSE = 0.9


def check_file(
    path: str | os.PathLike[str],
    *,
    exercise: str | None = None,
    pairings: Sequence[str] = (),
    config: str | os.PathLike[str] | None = None,
    seed: int | None = None,
    timeout: float = 10.0,
    locate_budget: float = DEFAULT_BUDGET,
    python2: bool = False,
    known_losses: bool = False,
    student: StudentProcess | None = None,
) -> Report:
    """Check a student's file, against an exercise or against its own forwards and losses.

    Args:
        path: the file; it is run in a process of its own.
        exercise: the exercise's id or folder; found from the file when None: by its marker line, by the names of its
            functions, of their arguments, by their number, and last by a trial call. A file of no exercise is checked
            against its own forwards and losses, as far as these are recognised.
        pairings: what its gradient functions belong to, where the names do not say: "bar(dout, cache) of foo(x, w)";
            the notation stands in `gradcheck.pairing_notation`.
        config: a file that says the same, in place of the gradcheck.toml in the file's folder.
        seed: of the random probes; a fresh one when None. The same seed gives the same report.
        timeout: seconds that one call may take.
        locate_budget: seconds to look for the change that mends each wrong function; 0 for none.
        python2: convert a file that is Python 2, where that is safe.
        known_losses: of a file of no exercise: a loss that is the negative of a known one, or lacks its mean, is a
            fault, not only a note, also where its gradient fits.
        student: the process to use, if one has been started already; it is left running.

    Returns:
        A report with every declared task. A wrong gradient is a result, never an exception.

    Raises:
        UsageError: the file does not exist or cannot be read, there is no such exercise, or a pairing does not fit.
        NoExerciseError: the file fits no exercise, or several; the text lists them.
        ModelError, ProofError, OracleError: the exercise does not build.

    >>> from gradcheck import check_file
    >>> check_file("exercises/softmax_regression/solution.py").verdict
    <Verdict.RIGHT: 'right'>
    """
    return check_source(
        _read(Path(path)),
        path,
        exercise=exercise,
        pairings=pairings,
        config=config,
        seed=seed,
        timeout=timeout,
        locate_budget=locate_budget,
        python2=python2,
        known_losses=known_losses,
        student=student,
    )


def check_source(
    source: bytes,
    path: str | os.PathLike[str],
    *,
    exercise: str | None = None,
    pairings: Sequence[str] = (),
    config: str | os.PathLike[str] | None = None,
    seed: int | None = None,
    timeout: float = 10.0,
    locate_budget: float = DEFAULT_BUDGET,
    python2: bool = False,
    known_losses: bool = False,
    student: StudentProcess | None = None,
    first_line: int = 1,
) -> Report:
    """The same for a text that stands in no file, such as a notebook's cell with what earlier cells define.

    Args:
        source: the text.
        path: what it is called; it need not exist, but what lies in its folder can be imported.
        first_line: a file of no exercise is checked from this line on; what stands before is there to be called.

    The other arguments, the result and the errors are those of `check_file`.
    """
    started = time.perf_counter()
    if exercise is not None and (pairings or config is not None):
        raise UsageError(
            f"--exercise {exercise} says what every function is held against, so --function and --config say nothing. "
            "Leave one of them out."
        )
    text = read_text(Path(path), source, from_python2=python2)
    seed = _seed(seed)
    process = student or StudentProcess(timeout=timeout)
    left: tuple[str, ...] = ()
    try:
        if exercise is None:
            is_submission = any(may_be_submission(declared(one), _defined_in(text.source)) for one in bundled())
            report = python2_report(text, seed) if not is_submission else None
            said = Declared(tuple(pairings), Path(config) if config is not None else None)
            facts = facts_of_no_exercise(text, said, first_line) if report is None else None
            if facts is not None:
                report = own_report(text, facts, Caller(process, timeout), seed, locate_budget, known_losses)
            if report is not None and facts is not None and is_empty(report, facts):
                left, report = left_alone_in_words(report, text, first_line), None
            if report is not None:
                return replace(report, seconds=time.perf_counter() - started)
        loaded = process.load(path, text.source, lenient=text.notebook is not None)
        check = _Check(Path(path), text.source, loaded, Caller(process, timeout), seed, locate_budget, left)
        return check.report(exercise, started)
    finally:
        if student is None:
            process.close()


def _seed(seed: int | None) -> int:
    return secrets.randbelow(2**31) if seed is None else seed


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_dir() and not path.is_file():
            raise UsageError(f"{path} is no ordinary file: give a Python file.")
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise UsageError(f"{path} is a folder: give the student's Python file in it.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None


def report_on(student: Loaded, caller: Caller, probes: Probes, locate_budget: float = DEFAULT_BUDGET) -> Report:
    """The report on a file that has been loaded, against the exercise of the probes.

    Args:
        caller: calls the file's functions.
    """
    started = time.perf_counter()
    exercise = probes.loaded.exercise
    problem = problem_of(student, caller.timeout)
    if problem is not None and not student.functions:
        tasks = tuple(not_run(task, problem) for task in exercise.tasks)
    else:
        tasks = check_exercise(probes, student, caller, locate_budget)
    return Report(
        version=__version__,
        file=caller.student.path,
        exercise=exercise.id,
        seed=probes.seed,
        isolation="process",
        seconds=time.perf_counter() - started,
        tasks=tasks,
        problems=(*(() if problem is None else (problem,)), *forbidden_acts(list(caller.student.forbidden))),
        output=caller.student.output,
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """A file and how it is checked.

    Attributes:
        left_alone: what its functions are that may be gradients, and why they were not judged.
    """

    path: Path
    source: bytes
    student: Loaded
    caller: Caller
    seed: int
    locate_budget: float
    left_alone: tuple[str, ...] = ()

    def report(self, exercise: str | None, started: float) -> Report:
        probes = Probes(compiled(self._folder(exercise)), self.seed)
        report = report_on(self.student, self.caller, probes, self.locate_budget)
        return replace(report, file=str(self.path), seconds=time.perf_counter() - started)

    def _folder(self, exercise: str | None) -> ExerciseFolder:
        if exercise is not None:
            return find(exercise)
        if marker := MARKER.search(self.source):
            return find(marker[1].decode(errors="replace"))
        return self._by_functions()

    def _by_functions(self) -> ExerciseFolder:
        """By the names of functions and arguments and their number, then by a trial call of what comes close."""
        own = [function for function in self.student.functions if function.origin is not Origin.ELSEWHERE]
        functions = {function.name: function for function in own} or _defined_in(self.source)
        candidates = [(folder, declared(folder)) for folder in bundled()]
        fits = {folder: fit(signatures, functions) for folder, signatures in candidates}
        fits = {folder: fits[folder] for folder, signatures in candidates if may_be_submission(signatures, functions)}
        best = max((one.score for one in fits.values()), default=0.0)
        if best == 0:
            raise NoExerciseError(self._fits_none(candidates))
        whole = [folder for folder, one in fits.items() if one.is_whole]
        if len(whole) > 1:
            raise NoExerciseError(self._fits_several(whole))
        close = {folder: one for folder, one in fits.items() if one.score > CLOSE * best}
        return next(iter(close)) if len(close) == 1 else self._by_trial(close)

    def _by_trial(self, fits: Mapping[ExerciseFolder, Fit]) -> ExerciseFolder:
        """By how many outputs are arrays, by how many are right, and then by the names again."""
        scores = {}
        for folder, one in fits.items():
            reports = check_exercise(Probes(compiled(folder), self.seed), self.student, self.caller, locate_budget=0)
            arrays = sum(output.shape is not None for task in reports for output in task.outputs)
            scores[folder] = (arrays, sum(task.score for task in reports), one.score)
        best = [folder for folder, score in scores.items() if score == max(scores.values())]
        if len(best) > 1:
            raise NoExerciseError(self._fits_several(best))
        return best[0]

    def _fits_several(self, folders: Sequence[ExerciseFolder]) -> str:
        names = " and ".join(folder.id for folder in folders)
        return f"{self.path} fits {names} equally well. Say which: --exercise {folders[0].id}."

    def _fits_none(self, candidates: Sequence[tuple[ExerciseFolder, Sequence[Signature]]]) -> str:
        why = problem_of(self.student, self.caller.timeout)
        reason = f" {why.message}" if why and not self.student.compiled else ""
        if self.left_alone:
            left = "".join(f"\n  {text}" for text in self.left_alone)
            return (
                f"{self.path}: no gradient could be judged.{reason} Left alone:{left}\n"
                "Say what is the gradient of what with --function. Or, as the file has no function of any exercise, "
                f"which one it is with --exercise: {', '.join(folder.id for folder, _ in candidates)}."
            )
        known = "; ".join(f"{folder.id} ({', '.join(s.name for s in signatures)})" for folder, signatures in candidates)
        return (
            f"{self.path} has no function of any exercise.{reason} Say which exercise it is with --exercise. No "
            f"gradient was recognised in it either: say what is the gradient of what with --function. "
            f"Known exercises, with their functions: {known}."
        )


def _defined_in(source: bytes) -> dict[str, FunctionInfo | None]:
    """Names after `def` in a file that could not be run."""
    return dict.fromkeys((name.decode() for name in re.findall(rb"^def\s+([A-Za-z_]\w*)", source, re.MULTILINE)), None)
