"""A checked derivation as one strict JSON document, schema gradcheck/derivation/1: null where not known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .json_number import number
from .written_view import StatementView, views

if TYPE_CHECKING:
    from checkers.findings import Alternative, Finding
    from derivations.written.verdicts import CheckedDerivation

SCHEMA = "gradcheck/derivation/1"

JsonObject = dict[str, Any]


def render(derivation: CheckedDerivation) -> str:
    """The document, indented, ending in a line feed."""
    return json.dumps(as_json(derivation), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_json(derivation: CheckedDerivation) -> JsonObject:
    """The document as a dict of what JSON knows."""
    return {
        "schema": SCHEMA,
        "file": derivation.document.name,
        "model": derivation.model,
        "strict": derivation.strict,
        "verdict": str(derivation.verdict),
        "counts": derivation.counts,
        "coverage": derivation.coverage,
        "notes": list(derivation.notes),
        "statements": [_statement(view) for view in views(derivation)],
    }


def _statement(view: StatementView) -> JsonObject:
    statement = view.statement
    return {
        "line": view.place[0],
        "column": view.place[1],
        "end_line": view.end_place[0],
        "end_column": view.end_place[1],
        "cell": view.cell,
        "source": view.source,
        "chain": statement.chain,
        "equality": statement.equality,
        "first_wrong_of_chain": statement.first_wrong_of_chain,
        "follows": statement.follows,
        "verdict": str(statement.judgement),
        "relative_error": number(statement.relative_error),
        "findings": [_finding(finding) for finding in statement.findings],
        "correction": view.correction_latex,
        "reason": statement.reason,
        "reading": statement.reading,
    }


def _finding(finding: Finding) -> JsonObject:
    return {
        "code": finding.code,
        "family": str(finding.family),
        "severity": str(finding.severity),
        "certainty": str(finding.certainty),
        "message": finding.message,
        "hint": finding.hint,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "source": finding.source,
        "fix": finding.fix,
        "alternatives": [_alternative(alternative) for alternative in finding.alternatives],
    }


def _alternative(alternative: Alternative) -> JsonObject:
    return {"code": alternative.code, "family": str(alternative.family), "message": alternative.message}
