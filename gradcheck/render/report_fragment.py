"""A report as a piece of HTML inside another page, such as a notebook's: the page of `report_html`, its style shut in.

Not an iframe: it would need a height that nobody knows, GitHub and untrusted notebooks show nothing of one, and it does
not print. What is shown without the style is still all there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import report_html

if TYPE_CHECKING:
    from checkers.report import Report

NAME = "gradcheck-report"

# Three times the same class: JupyterLab's own rules for tables name up to two classes.
SCOPE = f".{NAME}" * 3

# A notebook has a theme of its own, whatever the reader's system is set to: JupyterLab and nbconvert, VS Code, Colab.
_DARK = ('[data-jp-theme-light="false"]', ".vscode-dark", ".vscode-high-contrast", "html[theme=dark]")

# What the notebook does to tables, paragraphs and code is undone first.
_FIRST = f"{SCOPE} * {{ all: revert; }}\n"
_LAST = f"{SCOPE} {{ margin: .5rem 0; padding: 1rem; border-radius: .6rem; }}\n"


def render(report: Report, *, hints: int) -> str:
    """The fragment at a hint level; every value in it is escaped, and nothing in it is taken for TeX by MathJax."""
    page = report_html.render(report, hints=hints)
    # Where every value is escaped, a tag is one of the template.
    sheet, content = _between(page, "<style>", "</style>"), _between(page, "<body>", "</body>")
    return (
        f'<div class="{NAME} tex2jax_ignore mathjax_ignore">\n'
        f"<style>{_FIRST}{scoped(sheet)}{_LAST}</style>{content}</div>\n"
    )


def _between(page: str, start: str, end: str) -> str:
    return page.partition(start)[2].partition(end)[0]


def scoped(sheet: str) -> str:
    r"""A style sheet of ours whose rules hold inside the fragment only.

    >>> print(scoped("body { margin: 0; }\nth, .a td { color: red; }").replace(SCOPE, "S"))
    S { margin: 0; }
    S th, S .a td { color: red; }
    """
    dark = re.compile(r"@media \(prefers-color-scheme: dark\) \{\s*:root (\{[^}]*\})\s*\}")
    sheet = dark.sub(lambda rule: f"{', '.join(_DARK)} {rule[1]}", sheet)
    return re.sub(r"[^{}]+(?=\{)", lambda found: _scoped_selectors(found[0]), sheet)


def _scoped_selectors(text: str) -> str:
    bare = text.strip()
    if bare.startswith("@"):
        return text
    return text.replace(bare, ", ".join(map(_scoped, bare.split(","))))


def _scoped(selector: str) -> str:
    selector = selector.strip()
    if selector in _DARK:
        return f"{selector} {SCOPE}"
    return SCOPE if selector in {":root", "body"} else f"{SCOPE} {selector}"
