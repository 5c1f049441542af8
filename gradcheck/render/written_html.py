"""A checked derivation as one self-contained HTML page: formulas in MathML, the source beside each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from derivations.written.writing.mathml import mathml

from .characters import on_one_line, visible
from .report_html import environment
from .report_text import CERTAINTY_WORDS
from .written_view import MARKS, NAMES, StatementView, counts_text, coverage_text, views

if TYPE_CHECKING:
    from derivations.written.verdicts import CheckedDerivation


def render(derivation: CheckedDerivation) -> str:
    """The page; every text in it is escaped, and the formulas are made of the terms that were read."""
    return (
        environment()
        .get_template("written.html")
        .render(
            derivation=derivation,
            title=on_one_line(derivation.document.name),
            views=views(derivation),
            names=NAMES,
            counts=counts_text(derivation),
            coverage=coverage_text(derivation),
            marks=MARKS,
            certainty=CERTAINTY_WORDS,
            formula=formula,
            correction=correction,
        )
    )


def formula(view: StatementView) -> Markup | None:
    """The equality with the wrong part marked; None where it could not be read."""
    statement = view.statement
    if statement.right is None:
        return None
    marked = view.marked(statement.findings[0]) if statement.findings else None
    return Markup(visible(mathml(statement.left, statement.sign, statement.right, marked=marked)))


def correction(view: StatementView) -> Markup | None:
    """The right side made right; None where it is not known as a term."""
    term = view.correction
    return None if term is None else Markup(visible(mathml(None, view.statement.sign, term)))
