"""Files that are whole or not there: written under a temporary name beside, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from checkers.errors import UsageError


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a file to write UTF-8 text to; nobody ever reads half of it, and an exception leaves what was there before.

    Raises:
        UsageError: the file cannot be written; the text says why.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with temporary.open("w", encoding="utf-8", errors="replace", newline="") as file:
                yield file
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
