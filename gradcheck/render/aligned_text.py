"""Columns of text without trailing blanks: each row's cells may have several lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

Side = Literal["left", "right"]
Cell = Sequence[Text]


def aligned(rows: Iterable[Sequence[Cell]], sides: Sequence[Side], *, gap: int = 1, indent: int = 0) -> Iterator[Text]:
    """The lines of a table whose columns are as wide as their widest line.

    Args:
        sides: which side the lines of each column are moved to.
        gap: blanks after the first column; after the others there are two.
    """
    rows = list(rows)
    widths = [max((line.cell_len for row in rows for line in row[column]), default=0) for column in range(len(sides))]
    for row in rows:
        for cells in zip_longest(*row, fillvalue=Text()):
            yield _joined(cells, widths, sides, indent, gap)


def _joined(cells: Sequence[Text], widths: Sequence[int], sides: Sequence[Side], indent: int, gap: int) -> Text:
    line, position, start = Text(" " * indent), indent, indent
    for cell, width, side in zip(cells, widths, sides, strict=True):
        if cell.cell_len:
            place = start + (width - cell.cell_len if side == "right" else 0)
            line.append(" " * (place - position)).append_text(cell)
            position = place + cell.cell_len
        start += width + (2 if start > indent else gap)
    line.rstrip()
    return line


def wrapped(text: Text, width: int, console: Console) -> list[Text]:
    """A sentence in lines of at most `width`."""
    lines = list(text.wrap(console, max(width, 1)))
    for line in lines:
        line.rstrip()
    return lines
