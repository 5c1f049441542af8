"""Where code stands in Markdown that is marked as such by four spaces only."""

from __future__ import annotations

import re

Block = tuple[int, int]
"""Start and end in the text."""

_LINE = re.compile(r"[^\n]+")
# What its own lines go on after, indented: items of a list, footnotes, definitions, boxes of remarks.
_ITEM = re.compile(r"(?:[-*+:]|\w{1,9}[.)])\s|\[\^[^\]]*\]:|!!!|\?\?\?")
CODE_INDENT = 4
ITEM_INDENT = 2  # of the narrowest item, "- a"


def indented_code(text: str, begin: int, end: int) -> tuple[Block, ...]:
    r"""Lines of text[begin:end] indented by four and more after an empty line; inside a list there are none.

    >>> [text[slice(*block)] for text in ["Code:\n\n    a = 1\n\nText"] for block in indented_code(text, 0, len(text))]
    ['    a = 1']
    >>> indented_code("- An item\n\n    goes on", 0, 21)
    ()
    """
    blocks: list[Block] = []
    is_list, is_code, last_end = False, True, begin
    for line in _LINE.finditer(text, begin, end):
        words = line.group().lstrip()
        if not words:
            continue
        indent = len(line.group().expandtabs(CODE_INDENT)) - len(words.expandtabs(CODE_INDENT))
        is_apart = text.count("\n", last_end, line.start()) > 1 or last_end == begin
        last_end = line.end()
        is_code = indent >= CODE_INDENT and not is_list and (is_apart or is_code)
        if is_code:
            blocks.append(line.span())
        elif _ITEM.match(words):
            is_list = True
        elif indent < ITEM_INDENT and (is_apart or words.startswith("#")):
            is_list = False
    return tuple(blocks)
