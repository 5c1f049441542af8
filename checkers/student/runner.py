"""The process of a student's file: `python -I runner.py [folder that holds NumPy ...]`.

Requests come on standard input, answers leave on what was standard output. Before any student code runs, both move to
private descriptors: the student's input is empty, and what it prints goes to standard error.
"""

import gc
import io
import os
import sys
from types import ModuleType

gc.disable()  # importing NumPy makes no garbage worth looking for


def _private_channel() -> tuple[int, int]:
    """Move the requests and answers away from descriptors 0 and 1; the copies are not inherited by programs."""
    requests, answers = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        msvcrt.setmode(requests, os.O_BINARY)
        msvcrt.setmode(answers, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _import_numpy() -> None:
    """Isolated mode sees no PYTHONPATH and no user site-packages: look there only where NumPy is nowhere else."""
    try:
        import numpy  # noqa: PLC0415
    except ImportError:
        sys.path.extend(sys.argv[1:])
        import numpy  # noqa: F401, PLC0415


def main() -> None:
    """Serve until the requests end; then leave at once, without the student's exit handlers."""
    requests, answers = _private_channel()
    _import_numpy()
    here = ModuleType("_gradcheck_student")  # not "checkers": a student's folder may hold a checkers.py
    here.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules[here.__name__] = here
    from _gradcheck_student import evidence, loop  # type: ignore[import-not-found] # noqa: PLC0415

    outputs = tuple(evidence.CountedOutput(number, "w", closefd=False) for number in (1, 2))
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", errors="backslashreplace", line_buffering=True)
        for raw in outputs
    )
    sys.dont_write_bytecode = True  # leave no __pycache__ in the student's folder
    sys.argv = [""]
    gc.enable()
    try:
        loop.serve(requests, answers, outputs)
    except BaseException as error:
        os.write(2, f"the process of the student's file cannot go on: {error!r}\n".encode(errors="replace"))
        os._exit(loop.GONE)
    os._exit(0)


if __name__ == "__main__":
    main()
