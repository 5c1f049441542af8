"""Where the formulas of a document stand: LaTeX, Markdown, notebooks and plain text with dollar signs."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from checkers.errors import UsageError

from .indented_code import Block, indented_code
from .macros import after_definition, macros_of, without_comments
from .tokens import Macro, brace_partners

_ENVIRONMENTS = (
    "equation", "align", "alignat", "gather", "multline", "eqnarray", "flalign", "displaymath", "math", "IEEEeqnarray",
)  # fmt: skip
_LOOSE = ("aligned", "split", "gathered", "alignedat")
_names = "|".join((*_ENVIRONMENTS, *_LOOSE))

_OPENER = re.compile(
    rf"""
    (?P<comment>(?<!\\)%[^\n]*)
  | \\verb\*?(?P<bar>[^a-zA-Z\s*])[^\n]*?(?P=bar)
  | \\begin\{{(?P<raw>verbatim\*?|lstlisting|minted|comment|Verbatim|tikzpicture)\}}
  | (?P<fence>^[ \t]*(?P<ticks>```+|~~~+)(?P<info>[^\n]*)\n)
  | (?P<code>(?P<tick>`+)(?:(?!`|\n[ \t]*\n).)+?(?P=tick)(?!`))
  | (?P<htmlcomment><!--)
  | \\\$
  | (?P<definition>\\(?:(?:re|provide)?newcommand|(?P<new>(?:re)?newenvironment)|[xge]?def)(?![A-Za-z]))
  | (?P<display>\$\$)
  | \$`(?P<github>[^`]+?)`\$
  | (?P<dollar>\$)
  | (?P<round>\\\\?\()
  | (?P<square>\\\\?\[(?!\d|\w+pt))
  | \\begin\{{(?P<environment>(?:{_names})\*?)\}}(?:\{{\d+\}}|\{{[rclRCL\s]+\}}(?=\s))?
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_MARKDOWN = {".md", ".markdown", ".mkd", ".rmd", ".qmd"}
_DOLLAR = re.compile(r"(?<![\\$])\$(?!\$)")
_INLINE = re.compile(r"(?:\\.|[^$\\])+", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula's LaTeX and where it begins in the document's text."""

    text: str
    start: int
    is_display: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its text, its formulas in order, its macros.

    Attributes:
        name: the file's name.
        text: of a notebook, its Markdown cells one after the other.
        cells: of a notebook, the offset at which each cell begins, and the cell's number, counted from 1.
    """

    name: str
    text: str
    formulas: tuple[Formula, ...]
    macros: Mapping[str, Macro]
    cells: tuple[tuple[int, int], ...] = ()
    _lines: tuple[int, ...] = field(default=(), repr=False)

    def position(self, offset: int) -> tuple[int, int]:
        """Line, counted from 1, and column, counted from 0; in a notebook, of the cell."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._lines, offset)
        column = offset - self._lines[line - 1]
        if self.cells:
            begin = self._cell(offset)[0]
            line -= bisect_right(self._lines, begin) - 1
        return line, column

    def cell(self, offset: int) -> int | None:
        """The number of the notebook's cell."""
        return self._cell(offset)[1] if self.cells else None

    def _cell(self, offset: int) -> tuple[int, int]:
        return self.cells[max(bisect_right(self.cells, offset, key=lambda cell: cell[0]) - 1, 0)]

    def lines_of(self, offsets: Iterable[int]) -> str:
        """Their lines in words, each once: "lines 3, 7"; in a notebook by cells."""
        found: dict[int | None, dict[str, None]] = {}
        for offset in offsets:
            found.setdefault(self.cell(offset), {})[str(self.position(offset)[0])] = None
        return "; ".join(
            ("" if cell is None else f"cell {cell}, ") + f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"
            for cell, lines in found.items()
        )

    def prose_before(self, formula: Formula) -> str:
        """The words between the formula before and this one."""
        number = bisect_left(self.formulas, formula.start, key=lambda other: other.start)
        before = self.formulas[number - 1] if number else None
        return self.text[before.start + len(before.text) if before else 0 : formula.start]


def read_document(name: str, text: str) -> Document:
    """Find the formulas of a document; what kind it is, is decided by its name and its beginning.

    Raises:
        UsageError: a notebook that is no notebook.

    >>> document = read_document("notes.md", "Let $z = wx$ and\\n$$L = z^2$$")
    >>> [(formula.text, document.position(formula.start)) for formula in document.formulas]
    [('z = wx', (1, 5)), ('L = z^2', (2, 2))]
    """
    suffix = PurePath(name).suffix.lower()
    text = text.removeprefix("\ufeff")
    cells: tuple[tuple[int, int], ...] = ()
    if suffix == ".ipynb" or (suffix not in {".tex", ".md"} and text.lstrip().startswith("{") and '"cells"' in text):
        text, cells = _notebook(name, text)
    text = _with_plain_line_ends(text)
    is_latex = suffix in {".tex", ".ltx", ".latex"} or r"\documentclass" in text or r"\begin{document}" in text
    is_markdown = not is_latex and (bool(cells) or suffix in _MARKDOWN)
    said = without_comments(text) if is_latex else text
    braces = brace_partners(said)
    lines = (0, *(match.end() for match in re.finditer("\n", text)))
    begins = [start for start, _ in cells] or [0]
    formulas = tuple(
        formula
        for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)
        for formula in _Formulas(text, begin, end, braces, is_latex=is_latex, is_markdown=is_markdown)
    )
    return Document(name, text, formulas, macros_of(said, braces), cells, lines)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(name: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The Markdown cells, one after the other, and where each begins."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        sources = [
            (number, "".join(map(str, source)) if isinstance(source := cell.get("source") or "", list) else str(source))
            for number, cell in enumerate(cells, 1)
            if isinstance(cell, dict) and cell.get("cell_type") == "markdown"
        ]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{name} is no notebook that can be read. Expected JSON with a list of cells.") from error
    pieces, starts, offset = [], [], 0
    for number, source in sources:
        starts.append((offset, number))
        pieces.append(_with_plain_line_ends(source) + "\n\n")
        offset += len(pieces[-1])
    return "".join(pieces), tuple(starts)


class _Formulas:
    """Finds the formulas of text[begin:end], one after the other."""

    def __init__(
        self, text: str, begin: int, end: int, braces: Mapping[int, int], *, is_latex: bool, is_markdown: bool
    ) -> None:
        self.text = text
        self.begin = begin
        self.end = end
        self.braces = braces
        self.is_latex = is_latex
        self.absent: set[str] = set()
        self.code = indented_code(text, begin, end) if is_markdown else ()
        self.blank_lines = [match.start() for match in _BLANK_LINE.finditer(text, begin, end)]
        self.dollars = [match.start() for match in _DOLLAR.finditer(text, begin, end)]

    def __iter__(self) -> Iterator[Formula]:
        position = self.begin
        if self.is_latex and (body := self.text.find(r"\begin{document}")) >= 0:
            position = max(position, body)
            after = self.text.find(r"\end{document}", position, self.end)
            self.end = after if after >= 0 else self.end
        while match := _OPENER.search(self.text, position, self.end):
            if (code := self._code_at(match.start())) is not None:
                position = code[1]
                continue
            formula, position = self._opened(match)
            if formula is not None and formula.text.strip():
                yield formula

    def _code_at(self, position: int) -> Block | None:
        """The line of code that this stands in."""
        number = bisect_right(self.code, position, key=lambda block: block[0]) - 1
        return self.code[number] if number >= 0 and position < self.code[number][1] else None

    def _opened(self, match: re.Match[str]) -> tuple[Formula | None, int]:
        """The formula that begins with this, if one does, and where to go on."""
        begin, end = match.span()
        if match["raw"]:
            return None, self._after(rf"\end{{{match['raw']}}}", end)
        if match["htmlcomment"]:
            return None, self._after("-->", end) if not self.is_latex else end
        if match["comment"] is not None:
            # In Markdown a percent sign is itself.
            return None, end if self.is_latex else begin + 1
        if match["fence"] or match["code"]:
            if self.is_latex:
                return None, begin + 1
            return self._fenced(match) if match["fence"] else (None, end)
        if match["definition"]:
            return None, after_definition(self.text, end, self.braces, bodies=2 if match["new"] else 1)
        if match["github"]:
            return Formula(match["github"], match.start("github"), False), end
        if match["display"]:
            return self._until("$$", end)
        if match["dollar"]:
            return self._inline(end)
        if match["round"] or match["square"]:
            return self._bracketed(match)
        if match["environment"]:
            return self._until(rf"\end{{{match['environment']}}}", end)
        return None, end

    def _bracketed(self, match: re.Match[str]) -> tuple[Formula | None, int]:
        is_doubled = match.group().startswith("\\\\")
        if is_doubled and self.is_latex:
            # A line break and a bracket.
            return None, match.start() + 2
        backslash = "\\\\" if is_doubled else "\\"
        close = backslash + (")" if match["round"] else "]")
        if is_doubled and not self._closes(close, match.end()):
            return None, match.end()
        formula, after = self._until(close, match.end())
        return (Formula(formula.text, formula.start, not match["round"]) if formula else None), after

    def _fenced(self, match: re.Match[str]) -> tuple[Formula | None, int]:
        """A block of code, or with the word math a formula."""
        begin = match.end()
        last_line = re.compile(rf"^[ \t]*{match['ticks']}[`~]*[ \t]*$", re.MULTILINE)
        closed = last_line.search(self.text, begin, self.end)
        end, after = closed.span() if closed else (self.end, self.end)
        is_maths = match["info"].strip().strip("{}").lower() in {"math", "latex", "katex"}
        return (Formula(self.text[begin:end], begin, True) if is_maths else None), after

    def _inline(self, begin: int) -> tuple[Formula | None, int]:
        inside = _INLINE.match(self.text, begin, self.end)
        end = inside.end() if inside else begin
        if inside is None or not self.text.startswith("$", end) or not self._is_maths(begin, end):
            return None, begin
        return Formula(inside.group(), begin, False), end + 1

    def _is_maths(self, begin: int, end: int) -> bool:
        """Not two prices in one sentence, "$5 and $6", nor what stands between two formulas."""
        body = self.text[begin:end]
        if self._paragraph_end(begin) < end:
            return False
        is_spaced = body[0].isspace() or body[-1].isspace()
        if is_spaced and self._has_odd_dollars(begin):
            return False
        if self.is_latex:
            return True
        after = self.text[end + 1 : end + 2]
        return not ((body[0].isdigit() and body[-1].isspace()) or (body[-1].isspace() and after.isdigit()))

    def _paragraph_end(self, begin: int) -> int:
        number = bisect_left(self.blank_lines, begin)
        return self.blank_lines[number] if number < len(self.blank_lines) else self.end

    def _has_odd_dollars(self, begin: int) -> bool:
        """With the one before `begin`, is there a dollar sign too many or too few in the rest of the paragraph?"""
        following = bisect_left(self.dollars, self._paragraph_end(begin)) - bisect_left(self.dollars, begin)
        return following % 2 == 0

    def _closes(self, close: str, begin: int) -> bool:
        """Does this closing stand anywhere after here? Once it does not, it never does."""
        if close in self.absent:
            return False
        if self.text.find(close, begin, self.end) < 0:
            self.absent.add(close)
            return False
        return True

    def _after(self, close: str, begin: int) -> int:
        return self.text.index(close, begin, self.end) + len(close) if self._closes(close, begin) else begin

    def _until(self, close: str, begin: int) -> tuple[Formula | None, int]:
        """The formula up to its end; one that is not ended goes to the next blank line."""
        paragraph = self._paragraph_end(begin)
        if not self._closes(close, begin):
            return Formula(self.text[begin:paragraph], begin, True), paragraph
        end = self.text.index(close, begin, self.end)
        if end > paragraph and self._is_odd(close, begin, end):
            return Formula(self.text[begin:paragraph], begin, True), paragraph
        return Formula(self.text[begin:end], begin, True), end + len(close)

    def _is_odd(self, close: str, begin: int, end: int) -> bool:
        """Does what would end this formula belong to a later one?"""
        if close == "$$":
            return self.text.count("$$", begin, self.end) % 2 == 0
        opening = {"]": r"\[", ")": r"\("}.get(close[-1], close.replace("end", "begin", 1))
        return self.text.find(opening, begin, end) >= 0
