"""What is said of a call that did not return: exceptions, timeouts, deaths; and of what a call did besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .findings import Certainty, Finding, Severity
from .student_answers import CallResult, EndingKind, Loaded, Outcome, Raised, Run

_CODE_OF_EXCEPTION = {
    "NameError": "undefined-name",
    "UnboundLocalError": "undefined-name",
    "NotImplementedError": "not-implemented",
    "MemoryError": "too-much-memory",
    "SyntaxError": "syntax",
    "IndentationError": "syntax",
    "TabError": "syntax",
}

_HINTS = {
    "undefined-name": "Check the spelling, and whether the name is defined before this line and in this function.",
    "not-implemented": "Write the function's body.",
    "too-much-memory": "Look for an array far larger than the inputs, such as an outer product of two long ones.",
    "syntax": "Look at the line, and at the one before it: a bracket or a colon may be missing.",
    "raises": "Print the shapes of the arrays in this line.",
    "times-out": "Look for a loop that never ends.",
}


LIBRARY_ERRORS = frozenset(["ImportError", "ModuleNotFoundError"])
# What Python makes of a system call that is refused: the second when a thread cannot be started.
REFUSALS = frozenset(["PermissionError", "RuntimeError"])
MOST_ACTS = 5


def failure(run: Run, what: str, timeout: float) -> Finding | None:
    """The finding for a run that did not end well; None for one that did.

    Args:
        what: what was run, such as "model_forward(X, W, b)" or "the file".
    """
    match run.outcome:
        case Outcome.TIMED_OUT if run.refusal is not None:
            return _finding("times-out", f"{what} was not run: {run.refusal}.", run)
        case Outcome.TIMED_OUT:
            return _finding("times-out", f"{what} did not end within {timeout:g} seconds.", run)
        case Outcome.DIED if run.ending is not None:
            code = (
                "too-much-memory"
                if run.ending.kind is EndingKind.SIGNALLED and run.ending.exit_code == -9
                else "raises"
            )
            return _finding(code, f"The process {run.ending.message} during {what}.", run)
        case Outcome.DIED:
            return _finding("raises", f"The process ended during {what}.", run)
        case Outcome.REFUSED:
            return _finding("raises", f"{what}: {run.refusal}.", run)
    return None if run.error is None else _exception(run.error, what, run)


def _exception(error: Raised, what: str, run: Run) -> Finding:
    code = _CODE_OF_EXCEPTION.get(error.builtin, "raises")
    if error.builtin == "SystemExit":
        return _finding("raises", f"{what} ended the program with sys.exit.", run)
    text = f"{error.type}: {error.message}" if error.message else error.type
    if error.builtin in LIBRARY_ERRORS:
        finding = _finding("raises", f"{what} raises {text}.", run)
        return replace(finding, hint="Is it installed where this runs? A gradient needs NumPy only.")
    if run.forbidden and error.builtin in REFUSALS:
        return _finding("forbidden", f"{what} tried what is not allowed while grading, and raises {text}.", run)
    if code == "not-implemented":
        return _finding(code, f"{what} is not written yet: it raises {error.type}.", run)
    if code == "syntax":
        return _finding(code, f"{what} is not valid Python 3: {error.message}.", run)
    return _finding(code, f"{what} raises {text}.", run)


def _finding(code: str, message: str, run: Run) -> Finding:
    place = run.place
    return Finding(
        code=code,
        message=message,
        certainty=Certainty.OBSERVED,
        hint=_HINTS.get(code),
        line=place.line if place else None,
        column=place.column if place else None,
        end_column=place.end_column if place else None,
        end_line=place.line if place and place.end_column is not None else None,
        source=place.source.strip() if place and place.source else None,
    )


def problem_of(loaded: Loaded, timeout: float) -> Finding | None:
    """The finding for a file that could not be run; None when it could."""
    return failure(loaded, "The file", timeout)


def forbidden_acts(acts: Sequence[str]) -> tuple[Finding, ...]:
    """A note on what a file tried besides computing; none where it tried nothing."""
    if not acts:
        return ()
    more = f" and {len(acts) - MOST_ACTS} more" if len(acts) > MOST_ACTS else ""
    message = f"It tried what has nothing to do with computing: {', '.join(acts[:MOST_ACTS])}{more}."
    return (Finding("forbidden", message, Certainty.OBSERVED, severity=Severity.NOTE),)


def side_effects(result: CallResult, names: tuple[str, ...]) -> list[Finding]:
    """Notes on what a call did besides returning a value."""
    changed = [
        (names[c.argument] if isinstance(c.argument, int) and c.argument < len(names) else str(c.argument)) + c.path
        for c in result.changed
    ]
    if not changed:
        return []
    return [
        Finding(
            code="mutates-input",
            message=f"The call changed its input in place: {', '.join(changed)}.",
            certainty=Certainty.OBSERVED,
            severity=Severity.NOTE,
            hint="Work on a copy, such as X.copy(), or write Z = Z - ... for Z -= ....",
        )
    ]
