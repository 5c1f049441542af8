"""A student's file, loaded to learn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from checkers.call_findings import problem_of
from checkers.compiled_exercise import Case, LoadedExercise
from checkers.errors import UsageError
from checkers.student_answers import Loaded
from checkers.student_process import StudentProcess
from checkers.task_check import Caller, Probes, TaskRun, Wanted, run_tasks
from checkers.tasks import Task

from ..own_report import read_text


def tried(
    student: StudentProcess, path: Path, loaded: LoadedExercise, case: Case, tasks: Sequence[Task], seed: int
) -> list[TaskRun]:
    """Load a student's file, and call its functions for some tasks of a case on random arrays.

    What the functions keep of these calls is gone when they learn.

    Raises:
        UsageError: the file cannot be read or run.
    """
    known = {function.name: function for function in _loaded(student, path).functions}
    probes = Probes(loaded, seed)
    wanted = [
        Wanted(task, known[task.name], [probe for probe in probes.of(task.name) if probe.case is case])
        for task in tasks
        if task.name in known
    ]
    runs = run_tasks(wanted, Caller(student, student.timeout))
    student.restart()
    return [run for run in runs if run is not None]


def _loaded(student: StudentProcess, path: Path) -> Loaded:
    """Load a student's file.

    Raises:
        UsageError: it cannot be read or run.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    text = read_text(path, content)
    answer = student.load(path, text.source, lenient=text.notebook is not None)
    problem = problem_of(answer, student.timeout)
    if problem is not None and not answer.functions:
        raise UsageError(f"{path}: {problem.message}")
    return answer
