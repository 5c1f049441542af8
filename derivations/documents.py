"""A derivation as a document: LaTeX, Markdown, a self-contained HTML page, or NumPy source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.errors import UsageError

from .html_document import html_document
from .latex_document import latex_document
from .markdown_document import markdown_document
from .numpy_source import gradient_source
from .presentation import Detail, Presentation, present

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .derivation import Derivation

_DOCUMENTS: dict[str, Callable[[Presentation], str]] = {
    "latex": latex_document,
    "markdown": markdown_document,
    "html": html_document,
}
FORMATS = (*_DOCUMENTS, "numpy")
"""The formats `render` writes."""


def render(derivation: Derivation, *, format: str, detail: Detail = "full", wrt: Sequence[str] | None = None) -> str:
    """A whole document.

    Args:
        format: "latex" for amsmath, "markdown" with LaTeX formulas, "html" for one page with MathML and no scripts, or
            "numpy" for Python source that computes the gradients.
        detail: "full" for every equality, "brief" for the main line of the argument.
        wrt: names of arrays whose gradients are shown with the steps they need; all parameters when None.

    Raises:
        UsageError: there is no such format, or wrt names an array that the derivation has no gradient of.
    """
    if format == "numpy":
        return gradient_source(derivation, wrt)
    if format not in _DOCUMENTS:
        raise UsageError(f"No format {format!r} for a derivation. Known: {', '.join(FORMATS)}.")
    return _DOCUMENTS[format](present(derivation, detail=detail, wrt=wrt))
