"""What the command's exit code says; a public interface."""

from enum import IntEnum

from checkers.errors import GradcheckError, UsageError
from checkers.findings import Verdict


class ExitCode(IntEnum):
    """0 all right, 1 something is wrong, 2 the call was wrong, 3 nothing wrong but not all was judged, 70 our fault."""

    RIGHT = 0
    WRONG = 1
    USAGE = 2
    NOT_JUDGED = 3
    FAULT_OF_OURS = 70


_OF_VERDICT = {
    Verdict.RIGHT: ExitCode.RIGHT,
    Verdict.WRONG: ExitCode.WRONG,
    Verdict.UNDECIDED: ExitCode.NOT_JUDGED,
    Verdict.NOT_RUN: ExitCode.NOT_JUDGED,
}


def of_verdict(verdict: Verdict) -> ExitCode:
    """The exit code of a check that ended with this verdict."""
    return _OF_VERDICT[verdict]


def of_error(error: GradcheckError, *, exercise_in_question: bool = False) -> ExitCode:
    """The exit code for an error that was raised on purpose.

    Args:
        error: what was raised.
        exercise_in_question: the command judges an exercise, so that a wrong one is its result, not a wrong call.
    """
    if isinstance(error, UsageError) or not exercise_in_question:
        return ExitCode.USAGE
    return ExitCode.WRONG
