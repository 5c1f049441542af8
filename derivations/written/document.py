"""Where the formulas of a document stand: LaTeX, Markdown, notebooks and plain text with dollar signs."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from checkers.errors import UsageError

from .tokens import Macro, closing_brace

_ENVIRONMENTS = (
    "equation", "align", "alignat", "gather", "multline", "eqnarray", "flalign", "displaymath", "math", "IEEEeqnarray",
)  # fmt: skip
_LOOSE = ("aligned", "split", "gathered", "alignedat")
_names = "|".join((*_ENVIRONMENTS, *_LOOSE))

_FORMULA = re.compile(
    rf"""
    (?P<comment>(?<!\\)%[^\n]*)
  | \\verb\*?(?P<bar>[^a-zA-Z\s*]).*?(?P=bar)
  | \\begin\{{(?P<raw>verbatim\*?|lstlisting|minted|comment|Verbatim|tikzpicture)\}}.*?\\end\{{(?P=raw)\}}
  | (?P<fence>^(?P<ticks>```+|~~~+)[^\n]*\n.*?(?:^(?P=ticks)[ \t]*$|\Z))
  | (?P<code>(?P<tick>`+)(?!\$)(?:(?!`).)+?(?P=tick)(?!`))
  | (?P<htmlcomment><!--.*?-->)
  | \\\$
  | \$\$(?P<display>.+?)\$\$
  | \$`(?P<github>[^`]+?)`\$
  | (?P<dollar>\$)(?P<inline>(?:\\.|[^$\\])+?)\$
  | \\\\?\((?P<round>.+?)\\\\?\)
  | \\\\?\[(?P<square>(?!\d|\w+pt).+?)\\\\?\]
  | \\begin\{{(?P<environment>(?:{_names})\*?)\}}(?P<body>.*?)\\end\{{(?P=environment)\}}
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_GROUPS = ("display", "github", "inline", "round", "square", "body")

_MACRO = re.compile(
    r"\\(?:re|provide)?newcommand\*?\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*\{"
    r"|\\[xge]?def\s*\\(?P<def>[A-Za-z]+)(?P<hashes>(?:\#\d)*)\s*\{"
    r"|\\DeclareMathOperator\*?\s*\{?\s*\\(?P<operator>[A-Za-z]+)\s*\}?\s*\{"
)


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
        return self.cells[max(bisect_right([start for start, _ in self.cells], offset) - 1, 0)]

    def prose_before(self, formula: Formula) -> str:
        """The words between the formula before and this one."""
        begin = 0
        for other in self.formulas:
            if other.start >= formula.start:
                break
            begin = other.start + len(other.text)
        return self.text[begin : formula.start]


def read_document(name: str, text: str) -> Document:
    """Find the formulas of a document; what kind it is, is decided by its name and its beginning.

    Raises:
        UsageError: a notebook that is no notebook.

    >>> document = read_document("notes.md", "Let $z = wx$ and\\n$$L = z^2$$")
    >>> [(formula.text, document.position(formula.start)) for formula in document.formulas]
    [('z = wx', (1, 5)), ('L = z^2', (2, 2))]
    """
    suffix = PurePath(name).suffix.lower()
    cells: tuple[tuple[int, int], ...] = ()
    if suffix == ".ipynb" or (suffix not in {".tex", ".md"} and text.lstrip().startswith("{") and '"cells"' in text):
        text, cells = _notebook(name, text)
    is_latex = suffix in {".tex", ".ltx", ".latex"} or r"\documentclass" in text or r"\begin{document}" in text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = (0, *(match.end() for match in re.finditer("\n", text)))
    formulas = tuple(_formulas(text, is_latex=is_latex))
    return Document(name, text, formulas, _macros(text, is_latex=is_latex), cells, lines)


def _notebook(name: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    try:
        cells = json.loads(text)["cells"]
        sources = [
            (number, "".join(cell["source"]) if isinstance(cell["source"], list) else str(cell["source"]))
            for number, cell in enumerate(cells, 1)
            if cell.get("cell_type") == "markdown"
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{name} is no notebook that can be read: {error}. Expected JSON with a list of cells.") from error
    pieces, starts, offset = [], [], 0
    for number, source in sources:
        starts.append((offset, number))
        pieces.append(source + "\n\n")
        offset += len(pieces[-1])
    return "".join(pieces), tuple(starts)


def _formulas(text: str, *, is_latex: bool) -> Iterator[Formula]:
    position = 0
    if is_latex and (begin := text.find(r"\begin{document}")) >= 0:
        position = begin
    while match := _FORMULA.search(text, position):
        position = match.end()
        if match["comment"] is not None and not is_latex:
            # In Markdown a percent sign is itself.
            position = match.start() + 1
            continue
        if (match["fence"] or match["code"]) and is_latex:
            position = match.start() + 1
            continue
        group = next((group for group in _GROUPS if match[group] is not None), None)
        if group is None:
            continue
        if group == "inline" and not _is_maths(match, text, is_latex=is_latex):
            position = match.start() + 1
            continue
        if is_latex and group in {"round", "square"} and match.group().startswith("\\\\"):
            # A line break and a bracket.
            position = match.start() + 2
            continue
        yield Formula(match[group], match.start(group), group not in {"inline", "round", "github"})


_BLANK_LINE = re.compile(r"\n\s*\n")


def _is_maths(match: re.Match[str], text: str, *, is_latex: bool) -> bool:
    """Not two prices in one sentence: "$5 and $6"."""
    body = match["inline"]
    if _BLANK_LINE.search(body):
        return False
    if is_latex:
        return True
    after = text[match.end() : match.end() + 1]
    return not ((body[0].isdigit() and body[-1].isspace()) or (body[-1].isspace() and after.isdigit()))


def _macros(text: str, *, is_latex: bool) -> dict[str, Macro]:
    macros: dict[str, Macro] = {}
    text = re.sub(r"(?<!\\)%[^\n]*", lambda match: " " * len(match.group()), text) if is_latex else text
    for match in _MACRO.finditer(text):
        end = closing_brace(text, match.end())
        if end is None:
            continue
        body = text[match.end() : end]
        if match["operator"]:
            macros[match["operator"]] = Macro(0, rf"\operatorname{{{body}}}")
        elif match["def"]:
            macros[match["def"]] = Macro(len(match["hashes"]) // 2, body)
        else:
            macros[match["name"]] = Macro(int(match["count"] or 0), body, match["default"])
    return PHYSICS | macros if r"{physics}" in text else _KNOWN | macros


# What the package physics defines, and derivative macros that courses write; a document's own go before.
_PARTIAL = Macro(2, r"\frac{\partial #1}{\partial #2}")
PHYSICS = {"pdv": _PARTIAL, "dv": Macro(2, r"\frac{d #1}{d #2}"), "norm": Macro(1, r"\|#1\|"), "abs": Macro(1, r"|#1|")}
_KNOWN = {"pdv": _PARTIAL, "norm": Macro(1, r"\|#1\|"), "R": Macro(0, r"\mathbb{R}"), "diff": Macro(0, r"\partial")}
