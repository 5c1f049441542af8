"""A student's file, loaded to learn."""

from __future__ import annotations

from pathlib import Path

from checkers.call_findings import problem_of
from checkers.errors import UsageError
from checkers.student_answers import Loaded
from checkers.student_process import StudentProcess

from ..own_report import read_text


def load_file(student: StudentProcess, path: Path) -> Loaded:
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
