"""A Jupyter notebook's code as one Python file, with what leads from a line back to its cell.

Cells and their sources are all that is read. nbformat, which the tests compare with, refuses a notebook that lacks some
key it does not need, such as an empty "metadata", and a student would get no points for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from checkers.grading.submission import Refused

from .names import shown


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a notebook: the number before a cell as Jupyter shows it, "In [3]", and a line in it from 1."""

    number: int
    line: int


def to_python(content: bytes, name: str) -> bytes:
    r"""The code cells of a notebook, each headed by `# In[3]`; magics and shell commands become comments.

    Args:
        content: the notebook, of format 2, 3 or 4: JSON in UTF-8.
        name: what messages call it.

    Raises:
        Refused: it is no notebook, or none in Python.

    >>> cells = [{"cell_type": "code", "source": "%matplotlib inline\nx = 1"}]
    >>> print(to_python(json.dumps({"nbformat": 4, "cells": cells}).encode(), "hw.ipynb").decode())
    # In[1]
    # %matplotlib inline
    x = 1
    <BLANKLINE>
    """
    notebook = _loaded(content, name)
    language = _language(notebook)
    if not language.lower().startswith(("python", "ipython")):
        raise Refused(f"{shown(name)} is a notebook in {shown(language)}, not in Python.")
    cells = [cell for cell in _cells(notebook, name) if cell.get("cell_type") == "code"]
    texts = [_source(cell, name) for cell in cells]
    blocks = (f"# In[{number}]\n{_plain(text)}\n" for number, text in zip(_numbers(cells), texts, strict=True))
    return "\n".join(blocks).encode("utf-8", "replace")


_HEAD = re.compile(r"# In\[(\d+)\]")


def cell_of(text: str, line: int) -> Cell | None:
    r"""Which cell a line of a converted notebook stands in; None for a text that is none.

    >>> cell_of("# In[1]\nimport numpy as np\n\n# In[7]\nx = 1\ny = 2\n", 6)
    Cell(number=7, line=2)
    """
    lines = text.split("\n")[:line]
    for back, earlier in enumerate(reversed(lines)):
        if head := _HEAD.fullmatch(earlier):
            return Cell(int(head[1]), back)
    return None


def _loaded(content: bytes, name: str) -> dict[str, Any]:
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"{shown(name)} is no notebook that can be read: {shown(str(error), 200)}.") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise Refused(f"{shown(name)} is no notebook: it has no format number.")
    return notebook


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for key, entry in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and isinstance(part.get(entry), str):
            return str(part[entry])
    return "python"


def _cells(notebook: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Its cells; up to format 3 they lie in worksheets."""
    sheets = [notebook] if notebook["nbformat"] >= 4 else notebook.get("worksheets")
    lists = [sheet.get("cells") if isinstance(sheet, dict) else None for sheet in _list(sheets)]
    cells = [cell for cells in lists for cell in _list(cells)]
    if not lists or not all(isinstance(cell, dict) for cell in cells):
        raise Refused(f"{shown(name)} is no notebook: it has no list of cells.")
    return cells


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _source(cell: dict[str, Any], name: str) -> str:
    text = cell.get("source", cell.get("input"))
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        text = "".join(text)
    if not isinstance(text, str):
        raise Refused(f"{shown(name)} is no notebook: a code cell of it has no text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _numbers(cells: Sequence[dict[str, Any]]) -> Sequence[int]:
    """The numbers that Jupyter shows, where every cell has one of its own; else 1, 2, 3 ..."""
    shown_numbers = [cell.get("execution_count", cell.get("prompt_number")) for cell in cells]
    numbers = [number for number in shown_numbers if isinstance(number, int) and number >= 0]
    return numbers if len(set(numbers)) == len(cells) else range(1, len(cells) + 1)


# Cells that start like this hold Python all the same; other %%magics hold another language, or text for a file.
_PYTHON_CELLS = re.compile(r"%%(time|timeit|capture|prun|python3?|script python3?)\b")
_MAGIC = re.compile(r"\s*(?:[%!?]|get_ipython\(\)|[\w.]+\?\??\s*$)")


def _plain(text: str) -> str:
    """A cell's text with what only IPython understands as comments, line for line."""
    if text.lstrip().startswith("%%") and not _PYTHON_CELLS.match(text.lstrip()):
        return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    is_magic = False  # does this line go on with the magic of the last one?
    state = _State()
    for line in text.split("\n"):
        starts = not is_magic and state.starts_statement
        if is_magic or (starts and _MAGIC.match(line)):
            indent = line[: len(line) - len(line.lstrip())]
            # An indented one may be all there is in its block.
            yield f"{indent}pass  # {line.lstrip()}" if indent and starts else f"# {line}"
            is_magic = line.endswith("\\")
        elif starts and line.partition("=")[2].lstrip().startswith(("%", "!")):
            target, _, command = line.partition("=")
            yield f"{target}= None  # {command.lstrip()}"
        else:
            yield line
            state.read(line)


_TOKEN = re.compile(r'#.*|"""|\'\'\'|"(?:\\.|[^"\\])*"?|\'(?:\\.|[^\'\\])*\'?|[(\[{]|[)\]}]')


class _State:
    """Where the next line stands: inside brackets, a long string, after a backslash, or at a statement's start.

    A modulo at the start of a line is no magic there. Not Python's own parser: it can be made to crash.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.quotes = ""
        self.goes_on = False

    @property
    def starts_statement(self) -> bool:
        return not (self.depth or self.quotes or self.goes_on)

    def read(self, line: str) -> None:
        at = 0
        while True:
            if self.quotes:
                end = _closing(line, at, self.quotes)
                if end < 0:
                    return
                at, self.quotes = end, ""
            token = _TOKEN.search(line, at)
            if token is None:
                break
            at = token.end()
            if token[0] in ('"""', "'''"):
                self.quotes = token[0]
            elif token[0] in "([{":
                self.depth += 1
            elif token[0] in ")]}":
                self.depth = max(0, self.depth - 1)
        self.goes_on = line.endswith("\\")


def _closing(line: str, at: int, quotes: str) -> int:
    """Where a long string's closing quotes end; -1 when not in this line."""
    match = re.compile(rf"(?:\\.|[^\\])*?{quotes}").match(line, at)
    return match.end() if match else -1
