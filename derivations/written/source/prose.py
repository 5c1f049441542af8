"""The words of a document without its formulas: where sentences end, and which headings stand over what."""

from __future__ import annotations

import re

from .document import Document, Formula

_SENTENCE_END = re.compile(r"(?<!i\.e)(?<!e\.g)(?<!\bcf)(?<!\bresp)(?<!w\.r\.t)[.!?](?=[\s$\\*_)]|$)", re.M)
_PARAGRAPH = re.compile(r"(?P<last>[^\s$*_])[ \t$*_]*\n[ \t]*\n\s*(?![a-z])|\\item\b|\\par\b")
_HEADING = re.compile(r"^(?P<marks>#{1,6})[ \t].*$|\\(?P<name>chapter|(?:sub){0,2}section|paragraph)\*?\{", re.M)
_LEVELS = {"chapter": 0, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4}
_EMPHASIS = re.compile(
    r"(\*\*|__|(?<!\*)\*(?!\*)|\\(textbf|emph|textit|underline|paragraph|textsc)\*?\{)(?P<inside>[^*}\n]*)$"
)


# "First the rows of the wrong classes" has so many, with what sets it in another font.
MOST_WORDS_OF_LABEL = 8

# Stands for every character of a formula.
FORMULA = "\0"


class Prose:
    """A document's words, with marks for its formulas, so that places stay the same."""

    def __init__(self, document: Document) -> None:
        pieces, place = [], 0
        for formula in document.formulas:
            end = formula.start + len(formula.text)
            pieces += [document.text[place : formula.start], _blank(formula)]
            place = end
        self.text = "".join([*pieces, document.text[place:]])
        self.headings = [
            (match.start(), len(match["marks"]) if match["marks"] else _LEVELS[match["name"]])
            for match in _HEADING.finditer(self.text)
        ]

    def is_one_sentence(self, start: int, end: int) -> bool:
        """Does no sentence end between two places? A paragraph that ends with a colon or a comma goes on."""
        between = self.text[start:end]
        breaks = (match["last"] for match in _PARAGRAPH.finditer(between))
        return not _SENTENCE_END.search(between) and all(last is not None and last in ":," for last in breaks)

    def is_label(self, formula: Formula) -> bool:
        """Is a formula the end of a short sentence without another, at the beginning of a paragraph?

        First the rows of the wrong classes, j != y.
        """
        start, end = self.sentence_start(formula.start), formula.start + len(formula.text)
        said = self.text[start : formula.start]
        is_ended = self.text[end - 1] == "." or re.match(r"[$)}*_\\ ]*[.]", self.text[end : end + 8])
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        begins = not line.strip() or said.lstrip(" ").startswith("\n")
        return bool(is_ended) and begins and FORMULA not in said and len(said.split()) <= MOST_WORDS_OF_LABEL

    def sentence_start(self, place: int) -> int:
        """Where the sentence of a place begins."""
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text, 0, place)]
        ends += [match.end() for match in _PARAGRAPH.finditer(self.text, 0, place) if match["last"] not in {":", ","}]
        return max(ends, default=0)

    def sentence_end(self, place: int) -> int:
        """Where the sentence of a place ends."""
        ends = (match.end() for pattern in (_SENTENCE_END, _PARAGRAPH) for match in pattern.finditer(self.text, place))
        return min(ends, default=len(self.text))

    def level(self, place: int) -> int | None:
        """Of the heading over a place, which may stand in it; None where there is none."""
        return next((level for at, level in reversed(self.headings) if at <= place), None)

    def in_heading(self, place: int) -> bool:
        """Is this place in a heading?"""
        return any(at <= place < self._line_end(at) for at, _ in self.headings)

    def headings_between(self, start: int, end: int) -> list[int]:
        """The levels of the headings between two places."""
        return [level for at, level in self.headings if start <= at < end]

    def is_apart(self, formula: Formula) -> bool:
        """Does a formula stand in a heading, in emphasis that opens a paragraph, or at the end of a line?"""
        if self.in_heading(formula.start):
            return True
        line = self.text.rfind("\n", 0, formula.start) + 1
        end = formula.start + len(formula.text)
        opened = _EMPHASIS.search(self.text[line : formula.start].rstrip("$ "))
        if opened and re.match(r"[^\n]*?[*_}]", self.text[end:]):
            return True
        rest = self.text[end : self._line_end(end)]
        return not formula.is_display and not re.search(
            rf"[\w{FORMULA}]|,\W*$", rest.replace("\\)", "").replace("\\\\", "")
        )

    def _line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return end if end >= 0 else len(self.text)


def _blank(formula: Formula) -> str:
    """As many marks, and the point at the formula's end."""
    last = formula.text.rstrip()[-1:]
    return FORMULA * (len(formula.text) - 1) + ("." if last == "." else FORMULA)
