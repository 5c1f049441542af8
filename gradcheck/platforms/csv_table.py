"""A CSV file of a platform: single cells are replaced, and every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from checkers.errors import UsageError
from gradcheck.render.characters import on_one_line

BOM = "\ufeff"
DELIMITERS = ",;\t"

# A spreadsheet runs what begins so as a formula, in full-width letters too.
_FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells as they stand in the file, quotes included.

    Attributes:
        start: byte order mark, if there is one.
        rows: the lines.
        ends: what ends each line: "\\n", "\\r\\n", "\\r", or "" at the end of the file.
    """

    start: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[str, ...]

    def value(self, row: int, column: int) -> str:
        """What a cell says; "" for one that a short line lacks."""
        return unquoted(self.rows[row][column]) if column < len(self.rows[row]) else ""

    def header(self) -> tuple[str, ...]:
        """What the cells of the first line say."""
        return tuple(map(unquoted, self.rows[0]))

    def filled(self, cells: Mapping[tuple[int, int], str]) -> str:
        """The file's text with new values in some cells, by (row, column)."""
        lines = []
        for number, (row, end) in enumerate(zip(self.rows, self.ends, strict=True)):
            new = [self._written(cells.get((number, column)), cell) for column, cell in enumerate(row)]
            lines.append(self.delimiter.join(new) + end)
        return self.start + "".join(lines)

    def _written(self, value: str | None, old: str) -> str:
        """A new value in the old one's quotes, if it had any or needs them."""
        if value is None:
            return old
        needs_quotes = old.startswith('"') or any(sign in value for sign in f'{self.delimiter}"\r\n')
        return quoted(value) if needs_quotes else value


def read_table(path: Path, option: str, columns: tuple[str, ...], advice: str = "") -> Table:
    """Read a platform's file; it is delimited by the sign that gives it all of `columns`.

    Args:
        option: the option that named the file, for what is said of it.
        advice: what to try where a column is missing.

    Raises:
        UsageError: it cannot be read, is no UTF-8, lacks a column, or its lines differ in their number of cells.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{option} {path} cannot be read: {error.strerror or error}.") from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(
            f"{option} {path} is no UTF-8 text. Give the file as the platform wrote it: a spreadsheet program has "
            "changed it, or it is not a CSV file."
        ) from None
    return _parsed(text, f"{option} {path}", columns, advice)


def quoted(value: str) -> str:
    """A cell in quotes."""
    return '"' + value.replace('"', '""') + '"'


def unquoted(cell: str) -> str:
    """What a cell says.

    >>> unquoted('"Doe, Jane"'), unquoted("plain")
    ('Doe, Jane', 'plain')
    """
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def guarded(text: str) -> str:
    """A text from a student on one line, which no spreadsheet takes for a formula.

    >>> guarded("=1+1"), guarded("Doe, Jane")
    ("'=1+1", 'Doe, Jane')
    """
    line = on_one_line(text)
    return f"'{line}" if _FORMULA.match(line) else line


def written_row(values: tuple[str, ...]) -> str:
    """A line of a new file: commas, quotes where they are needed, a line feed."""
    needs_quotes = re.compile(r'[,;"\r\n]|^\s|\s$').search
    return ",".join(quoted(value) if needs_quotes(value) else value for value in values) + "\n"


def number(value: float) -> str:
    """Points as platforms show them: at most two decimals, a point, no exponent.

    >>> number(6.0), number(2 / 3), number(1234567.5)
    ('6', '0.67', '1234567.5')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def decimal(text: str) -> float | None:
    """A number with a point or a comma; None for anything else, such as the dash of an assignment without one.

    >>> decimal("10,00"), decimal(" 8 "), decimal("-")
    (10.0, 8.0, None)
    """
    text = text.strip().replace(",", ".")
    return float(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None


def _parsed(text: str, name: str, columns: tuple[str, ...], advice: str) -> Table:
    start = BOM if text.startswith(BOM) else ""
    text = text.removeprefix(BOM)
    ways = [(delimiter, backslash) for delimiter in DELIMITERS for backslash in (False, True)]
    readings = [table for way in ways if (table := _reading(text, *way)) is not None]
    if not readings:
        raise UsageError(f"{name} has a quote that is never closed, so it cannot be read as a table.")
    fitting = [table for table in readings if set(columns) <= set(table.header())]
    for table in fitting:
        if _is_even(table):
            return Table(start, table.delimiter, table.rows, table.ends)
    if fitting:
        raise UsageError(f"{name}: line {_uneven(fitting[0])} has not as many cells as the first line.")
    first = readings[0].header() if text else ()
    missing = " and ".join(repr(column) for column in columns if column not in first)
    header = ", ".join(map(on_one_line, first)) or "nothing"
    raise UsageError(f"{name} has no column {missing}; its first line is: {header}. {advice}".strip())


def _is_even(table: Table) -> bool:
    return all(len(row) == len(table.rows[0]) or row == ("",) for row in table.rows)


def _uneven(table: Table) -> int:
    uneven = next(n for n, row in enumerate(table.rows) if len(row) != len(table.rows[0]) and row != ("",))
    return 1 + sum(1 + sum(cell.count("\n") for cell in row) for row in table.rows[:uneven])


def _reading(text: str, delimiter: str, backslash: bool) -> Table | None:
    """One way to read the text: a quote within quotes is doubled, or behind a backslash, as PHP may write it.

    None where a quote is never closed.
    """
    # A single quote that ends no cell belongs to its text. Possessive, so that no file takes longer than its length.
    escaped = r"\\." if backslash else '""'
    plain = r'[^"\\]' if backslash else '[^"]'
    stray = rf'"(?![{delimiter}\r\n]|\Z)'
    cell = re.compile(
        rf'("(?:{plain}|{escaped}|""|{stray})*+"|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)', re.DOTALL
    )
    rows: list[tuple[str, ...]] = []
    ends: list[str] = []
    row: list[str] = []
    position = 0
    while match := cell.match(text, position):
        if match[1].startswith('"') and not match[1].endswith('"', 1):
            return None
        position = match.end()
        row.append(match[1])
        if match[2] != delimiter:
            rows.append(tuple(row))
            ends.append(match[2])
            row = []
            if position == len(text):
                break
    return Table("", delimiter, tuple(rows), tuple(ends))
