"""A derivation as one self-contained HTML page: MathML, no scripts, light and dark."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .mathml import mathml
from .prose import polished, proof_text, rule_text, sentence_text, summary_of_proofs

if TYPE_CHECKING:
    from .layout import Layout
    from .presentation import Presentation


def html_document(shown: Presentation) -> str:
    """The page."""

    def words(sentence: str) -> Markup:
        return Markup(
            sentence_text(polished(sentence), shown.names, escape, lambda layout: mathml(layout, display=False))
        )

    return _environment().get_template("derivation.html").render(
        shown=shown, words=words, math=_math, proof=proof_text, rules=rule_text, summary=summary_of_proofs
    )  # fmt: skip


def _inline(layout: Layout) -> str:
    return mathml(layout, display=False)


def _math(layout: Layout, before: str = "", *, display: bool = True) -> Markup:
    return Markup(mathml(layout, display=display, before=before))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
