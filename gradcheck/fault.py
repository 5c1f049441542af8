"""What a user is told when gradcheck itself fails."""

import os
import sys
import traceback

from .version import __version__


def describe(error: Exception) -> str:
    """What failed, where in our code, and what to send with the report."""
    return (
        f"gradcheck {__version__} failed: {type(error).__name__}: {error}\n"
        f"  in {_place(error)}, Python {sys.version.split()[0]} on {sys.platform}\n"
        "This is a fault of gradcheck, not of your file. Please report it to whoever maintains your copy, with the\n"
        "command you ran, your file, and what the same command prints with GRADCHECK_DEBUG=1 set."
    )


def print_traceback(error: Exception) -> None:
    """Print where the error comes from, for the report."""
    traceback.print_exception(error)


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    last = frames[-1]
    folder, name = os.path.split(last.filename)
    return f"{os.path.basename(folder)}/{name}:{last.lineno}"
