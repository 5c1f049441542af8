"""Files that are there in whole or not at all, and the folders for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from checkers.errors import UsageError


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Write UTF-8 text under another name beside `path`; it takes its place when the block ends without an error.

    Raises:
        UsageError: it cannot be written (no space, no permission ...); the text says why.
    """
    # Not made of path's own name, which may be as long as a name can be. One file is written at a time in a folder,
    # or several of different endings.
    temporary = path.with_name(f".{os.getpid()}{path.suffix}.part")
    try:
        with temporary.open("w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there.

    Raises:
        UsageError: it cannot be made; the text says why.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"The folder {path} cannot be made: {error.strerror or error}.") from error
