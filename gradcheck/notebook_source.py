"""A notebook as one source to be loaded; each line leads back to its cell, and a cell that is no Python is left out."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from checkers.errors import UsageError
from checkers.grading.submission import Refused

from . import python2
from .submissions.notebook import cell_of, to_python

_HEAD = re.compile(r"^# In\[\d+\]$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SkippedCell:
    """A cell that does not parse.

    Attributes:
        cell: the number before it, as Jupyter shows it.
        line: in the cell, counted from 1.
        reason: what is wrong with it.
    """

    cell: int
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class NotebookSource:
    """The code of a notebook.

    Attributes:
        text: Python; magics, shell commands and cells that were left out are comments in it.
        skipped: the cells that were left out.
    """

    text: bytes
    skipped: tuple[SkippedCell, ...] = ()

    def place_of(self, line: int) -> tuple[int, int]:
        """The number of the cell that a line of the text stands in, and the line in it, both as Jupyter shows them.

        Raises:
            UsageError: the text has no such line.
        """
        cell = cell_of(self.text.decode(), line) if 0 < line <= self.text.count(b"\n") + 1 else None
        if cell is None:
            raise UsageError(f"The notebook's code has no line {line}.")
        return cell.number, cell.line


def source_of(path: str | os.PathLike[str], content: bytes, *, from_python2: bool = False) -> NotebookSource:
    r"""The code cells of a notebook, joined.

    Args:
        path: what messages call it.
        content: the file, JSON.
        from_python2: the cells hold Python 2 and are converted first, see `python2.converted`.

    Raises:
        UsageError: it is no notebook, or none in Python; or what converts Python 2 is not installed.

    >>> cells = '[{"cell_type": "code", "source": "%pylab\\nx = 1"}, {"cell_type": "code", "source": "y ="}]'
    >>> notebook = source_of("hw.ipynb", b'{"nbformat": 4, "cells": %s}' % cells.encode())
    >>> notebook.place_of(3), notebook.skipped
    ((1, 2), (SkippedCell(cell=2, line=1, reason='invalid syntax'),))
    """
    try:
        text = to_python(content, os.path.basename(path)).decode()
    except Refused as refusal:
        raise UsageError(str(refusal)) from None
    starts = [head.start() for head in _HEAD.finditer(text)]
    cells = _Cells(from_python2)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        cells.add(text[start:end])
    return NotebookSource("".join(cells.blocks).encode(), tuple(cells.skipped))


class _Cells:
    """The cells in their order: what one imports from __future__ holds for those after it."""

    def __init__(self, from_python2: bool) -> None:
        self.from_python2 = from_python2
        self.blocks: list[str] = []
        self.skipped: list[SkippedCell] = []
        self._future: set[str] = set()

    def add(self, block: str) -> None:
        """Add a cell, with its head."""
        if self.from_python2:
            with suppress(python2.NoPython2Error):  # what else it is will be seen
                block = self._converted(block)
        problem = _problem(block)
        if problem is not None:
            self.skipped.append(problem)
            self.blocks.append(_commented(block, range(1, block.count("\n") + 1)))
        else:
            self.blocks.append(self._without_future(block))

    def _converted(self, block: str) -> str:
        head = f"from __future__ import {', '.join(sorted(self._future))}\n" if self._future else ""
        return python2.converted(head + block)[len(head) :]

    def _without_future(self, block: str) -> str:
        """Such an import may stand first in a file only; Python 3 does all but one of them unasked."""
        lines: list[int] = []
        for node in ast.parse(block).body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._future |= {entry.name for entry in node.names}
                lines += range(node.lineno - 1, node.end_lineno or node.lineno)
        return _commented(block, lines)


def _problem(block: str) -> SkippedCell | None:
    """Why a cell cannot be run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of "\d" in a string
            compile(block, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        line, reason = error.lineno or 1, error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        line, reason = 1, str(error) or type(error).__name__
    else:
        return None
    cell = cell_of(block, line)
    old = python2.complaint(block)
    said = reason if old is None else old[1].removeprefix("is ")
    return None if cell is None else SkippedCell(cell.number, max(cell.line, 1), said)


def _commented(block: str, places: Collection[int]) -> str:
    """Some lines of a text as comments; its first is line 0."""
    lines = block.split("\n")
    return "\n".join(f"# {line}" if place in places and line else line for place, line in enumerate(lines))
