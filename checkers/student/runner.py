"""The process of a student's file: `python -I runner.py [folder that holds NumPy ...]`.

Or, for a class, the process that forks one for each submission: `python -I -S runner.py --zygote SOCKET LAYERS FOLDER`.

Requests come on standard input, answers leave on what was standard output. Before any student code runs, both move to
private descriptors: the student's input is empty, and what it prints goes to standard error.
"""

import gc
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


def _import_numpy(folders: list[str]) -> None:
    """Isolated mode sees no PYTHONPATH and no user site-packages: look there only where NumPy is nowhere else."""
    try:
        import numpy  # noqa: PLC0415
    except ImportError:
        sys.path.extend(folders)
        import numpy  # noqa: F401, PLC0415


def main() -> None:
    """Serve until the requests end; then leave at once, without the student's exit handlers."""
    zygote = sys.argv[1:2] == ["--zygote"]
    channel = (0, 0) if zygote else _private_channel()
    _import_numpy(sys.argv[4:] if zygote else sys.argv[1:])
    here = ModuleType("_gradcheck_student")  # not "checkers": a student's folder may hold a checkers.py
    here.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules[here.__name__] = here
    sys.dont_write_bytecode = True  # leave no __pycache__ in the student's folder
    arguments, sys.argv = sys.argv, [""]
    if zygote:
        from _gradcheck_student import zygote as fork_server  # type: ignore[import-not-found] # noqa: PLC0415

        fork_server.main(int(arguments[2]), arguments[3])
    from _gradcheck_student import loop  # noqa: PLC0415

    gc.enable()
    try:
        loop.serve(*channel)
    except BaseException as error:
        os.write(2, f"the process of the student's file cannot go on: {error!r}\n".encode(errors="replace"))
        os._exit(loop.GONE)
    os._exit(0)


if __name__ == "__main__":
    main()
