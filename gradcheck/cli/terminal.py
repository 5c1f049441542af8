"""How a command writes: to the terminal, to a pipe, or to a file that is whole or not there."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from checkers.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 100
"""Lines of more columns than this are hard to read, however wide the terminal."""


def print_with(printer: "Callable[[Console], None]", output: Path | None = None) -> None:
    """Let `printer` print to a console that fits the terminal, the pipe or the file it goes to.

    A pipe or a file gets no colour and no trailing spaces; a terminal that cannot encode a sign gets ASCII for all.
    """
    console = _console(output)
    with console.capture() as captured:
        printer(console)
    text = captured.get()
    if not console.is_terminal:
        text = "".join(f"{line.rstrip(' ')}\n" for line in text.splitlines())
    if output is None:
        _write_to_stream(text)
    else:
        write_file(text, output)


def write_line(text: str, output: Path | None = None) -> None:
    """Write one line as it is."""
    if output is None:
        _write_to_stream(f"{text}\n")
    else:
        write_file(f"{text}\n", output)


def write_document(text: str, output: Path | None) -> None:
    """Write a document for programs (JSON, HTML ...): UTF-8, whatever the terminal's encoding."""
    if output is not None:
        write_file(text, output)
        return
    _unless_the_reader_left(lambda: _write_bytes(text.encode("utf-8", "replace")))


def check_writable(output: Path | None, option: str = "--output") -> None:
    """Refuse a path that cannot be written to before any work is done.

    Args:
        option: by which it was given.

    Raises:
        UsageError: its folder does not exist, or it is a folder itself.
    """
    if output is None:
        return
    if output.is_dir():
        raise UsageError(f"{option} {output} is a folder; give a file in it.")
    if not output.parent.is_dir():
        raise UsageError(f"{option} {output}: the folder {output.parent} does not exist. Create it first.")


def write_file(text: str, output: Path) -> None:
    """Write a text to a file, whole or not at all.

    Raises:
        UsageError: the file cannot be written; the text says why.
    """
    write_content(text.encode("utf-8", "replace"), output)


def write_content(content: bytes, output: Path) -> None:
    """Write a file under a temporary name beside it and rename it, so that nobody ever reads half of it.

    Raises:
        UsageError: the file cannot be written; the text says why.
    """
    output = output.resolve()  # through a link, not over it
    temporary = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        if output.exists() and not output.is_file():
            # A device or a pipe takes the text; it must not be replaced by a file.
            output.write_bytes(content)
            return
        try:
            temporary.write_bytes(content)
            temporary.replace(output)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"--output {output} cannot be written: {error.strerror or error}.") from error


def _console(output: Path | None) -> "Console":
    from rich.console import Console

    if output is None:
        console = Console(highlight=False, emoji=False)
        return Console(highlight=False, emoji=False, width=min(console.width, WIDEST))
    from io import StringIO

    return Console(file=StringIO(), highlight=False, emoji=False, width=WIDEST, force_terminal=False)


def _write_to_stream(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        from gradcheck.render.characters import ascii_only

        text = ascii_only(text)
    _unless_the_reader_left(lambda: _write_text(text))


def _write_text(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _write_bytes(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _unless_the_reader_left(write: Callable[[], None]) -> None:
    """A reader that has gone away (`| head`) is no error, and the exit code stays what it is."""
    try:
        write()
    except BrokenPipeError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
