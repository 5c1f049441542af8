"""The command: `gradcheck ...` and `python -m gradcheck ...`.

Start-up decides the order here. Only os and sys are imported at first; the current folder leaves sys.path before
anything else is imported, since a student's folder may hold numpy.py or checkers.py; the student's process is started
before the command line is parsed, so that both processes import NumPy at the same time; the process ends by `os._exit`,
which skips taking modules down one by one.
"""

import os
import sys

# Not from typing: that would be an import before the current folder has left sys.path.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from typing import NoReturn

FAULT_OF_OURS = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells count


def main() -> "NoReturn":
    """Run the command line and end the process with its exit code."""
    leave_current_folder()
    import gc  # noqa: PLC0415

    gc.disable()  # collecting never pays in a process this short: 3 % of its imports' time
    code = run(sys.argv[1:])
    flush()
    os._exit(code)


def leave_current_folder() -> None:
    """Take the current folder off sys.path, unless it holds this package itself or the standard library."""
    package_root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    kept = {package_root, os.path.dirname(os.path.abspath(os.__file__))}
    try:
        current = os.path.realpath(os.getcwd())
    except OSError:  # the current folder was removed: nothing can be imported from it
        current = None
    sys.path[:] = [entry for entry in sys.path if entry in kept or (entry and os.path.realpath(entry) != current)]


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; whatever goes wrong ends in a short text on standard error."""
    try:
        student = start_student(arguments)
        from .cli.app import run_command_line  # noqa: PLC0415

        return run_command_line(arguments, student)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return report_fault_of_ours(error)


def start_student(arguments: list[str]) -> "subprocess.Popen[bytes] | None":
    """Start the student's process if the command line looks like the check of a file; an unneeded one ends with us."""
    if not is_check(arguments):
        return None
    from checkers.child_process import spawn  # noqa: PLC0415

    return spawn()


def is_check(arguments: list[str]) -> bool:
    """Does the command line look like the check of a file? Only a guess, made before it is parsed.

    >>> is_check(["student.py"]), is_check(["check", "student.py"]), is_check(["-q", "student.py"])
    (True, True, True)
    >>> is_check(["build", "huber/exercise.py"]), is_check(["list"]), is_check(["student.py", "--help"])
    (False, False, False)
    """
    if "--help" in arguments or not any(argument.endswith(".py") for argument in arguments):
        return False
    first = arguments[0]
    return first == "check" or first.startswith("-") or first.endswith(".py")


def report_fault_of_ours(error: Exception) -> int:
    """Say in a few lines that gradcheck itself failed, and how to report it."""
    from .fault import describe, print_traceback  # noqa: PLC0415

    if os.environ.get("GRADCHECK_DEBUG"):
        print_traceback(error)
    print(describe(error), file=sys.stderr)
    return FAULT_OF_OURS


def flush() -> None:
    """Write out what is buffered; a reader that has gone away (`| head`) is no error."""
    from contextlib import suppress  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()


if __name__ == "__main__":
    main()
