r"""Notes on derivative signs that were missing and put in, as in \frac{L}{\partial w}: judged as meant, and said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checkers.findings import Certainty, Finding, Severity

from ..judging.readings import parts_of
from ..source.document import Document
from ..terms import Derivative, Span
from ..verdicts import CheckedStatement
from ..writing.latex import latex


def with_notes(document: Document, statements: Iterable[CheckedStatement]) -> tuple[CheckedStatement, ...]:
    r"""The statements, each with a note for every derivative in it that lacks a sign; each of them is noted once.

    >>> from ..checking import verify
    >>> said = verify("notes.md", r"Let $L = w^2$. Then $\frac{L}{\partial w} = 2 w$.").statements[1]
    >>> str(said.judgement), said.findings[0].message
    ('right', 'The \\partial above is missing; read as \\frac{\\partial L}{\\partial w}.')
    """
    noted: set[Span] = set()
    return tuple(
        replace(statement, findings=(*statement.findings, *_notes(document, statement, noted)))
        for statement in statements
    )


def _notes(document: Document, statement: CheckedStatement, noted: set[Span]) -> Iterator[Finding]:
    for side in (statement.left, statement.right):
        for part in parts_of(side):
            if isinstance(part, Derivative) and part.missing and part.span not in noted:
                noted.add(part.span)
                yield _note(document, part)


def _note(document: Document, derivative: Derivative) -> Finding:
    start, end = derivative.span
    (line, column), (end_line, end_column) = document.position(start), document.position(end)
    meant = latex(derivative)
    message = rf"The \partial {derivative.missing} is missing; read as {meant}."
    return Finding(
        "derivative-lost", message, Certainty.OBSERVED, severity=Severity.NOTE, line=line, column=column,
        end_line=end_line, end_column=end_column, source=document.text[start:end], fix=meant,
    )  # fmt: skip
