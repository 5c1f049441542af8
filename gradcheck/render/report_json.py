"""A report as one strict JSON document, schema gradcheck/report/1: null where not known or hidden. And back again."""

from __future__ import annotations

import json
from typing import Any

from checkers.findings import Alternative, Certainty, Finding, Severity, Verdict
from checkers.hints import HintLevel, redact
from checkers.report import Entry, LeftAlone, Oracles, OutputReport, Recognised, Report, TaskReport

from .json_number import number

SCHEMA = "gradcheck/report/1"

JsonObject = dict[str, Any]

_ORACLES = ("derivation", "finite_difference", "reference")

# What stands in the document as it stands in a finding.
_PLAIN = ("code", "message", "hint", "step", "line", "column", "end_line", "end_column", "source", "fix")


def render(report: Report, *, hints: int) -> str:
    """The document, indented, ending in a line feed."""
    return json.dumps(as_json(report, hints=hints), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_json(report: Report, *, hints: int) -> JsonObject:
    """The document as a dict of what JSON knows: strings, finite numbers, booleans, lists, dicts and None."""
    shown = redact(report, hints)
    return {
        "schema": SCHEMA,
        "version": shown.version,
        "file": shown.file,
        "exercise": shown.exercise,
        "verdict": str(shown.verdict),
        "score": shown.score,
        "max_score": shown.max_score,
        "seed": shown.seed,
        "isolation": shown.isolation,
        "seconds": number(shown.seconds),
        "tasks": [_task(task, hints) for task in shown.tasks],
        "problems": [finding_as_json(problem) for problem in shown.problems],
        "output": shown.output,
        "recognised": [_recognised(one) for one in shown.recognised],
        "left_alone": [{"name": one.name, "line": one.line, "reason": one.reason} for one in shown.left_alone],
    }


def _recognised(one: Recognised) -> JsonObject:
    return {
        "name": one.name,
        "line": one.line,
        "of": one.value_name,
        "nature": one.nature,
        "rule": one.rule,
        "layout": one.layout,
        "assumed": list(one.assumed),
    }


def _task(task: TaskReport, hints: int) -> JsonObject:
    return {
        "name": task.name,
        "line": task.line,
        "verdict": str(task.verdict),
        "score": task.score,
        "max_score": task.max_score,
        "call": task.call,
        "outputs": [_output(output, hints) for output in task.outputs],
        "findings": None if hints == HintLevel.VERDICTS else [finding_as_json(finding) for finding in task.findings],
        "steps": dict(task.steps) if hints >= HintLevel.PLACES else None,
    }


def _output(output: OutputReport, hints: int) -> JsonObject:
    return {
        "name": output.name,
        "of": output.of,
        "verdict": str(output.verdict),
        "reason": output.reason,
        "shape": None if output.shape is None else list(output.shape),
        "relative_error": number(output.relative_error),
        "tolerance": number(output.tolerance),
        "entries": output.entries,
        "wrong_entries": output.wrong_entries,
        "worst": _entry(output.wrong[0]) if output.wrong else None,
        "wrong": None if hints == HintLevel.VERDICTS else [_entry(entry) for entry in output.wrong],
        "map": None if hints == HintLevel.VERDICTS else list(output.entry_map),
        "oracles": _oracles(output.oracles),
    }


def _entry(entry: Entry) -> JsonObject:
    return {"index": list(entry.index), "yours": number(entry.yours), "expected": number(entry.expected)}


def _oracles(oracles: Oracles) -> JsonObject:
    return {
        "derivation": number(oracles.derivation),
        "finite_difference": number(oracles.finite_difference),
        "reference": number(oracles.reference),
    }


def finding_as_json(finding: Finding) -> JsonObject:
    """A finding as a dict of what JSON knows."""
    return {
        "code": finding.code,
        "family": str(finding.family),
        "severity": str(finding.severity),
        "certainty": str(finding.certainty),
        "message": finding.message,
        "hint": finding.hint,
        "step": finding.step,
        "outputs": list(finding.outputs),
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "source": finding.source,
        "fix": finding.fix,
        "fix_relative_error": number(finding.fix_relative_error),
        "alternatives": [_alternative(alternative) for alternative in finding.alternatives],
    }


def _alternative(alternative: Alternative) -> JsonObject:
    return {"code": alternative.code, "family": str(alternative.family), "message": alternative.message}


def from_json(document: JsonObject) -> Report:
    """The report that `as_json(report, hints=3)` was made of; keys that are not known are passed over.

    Raises:
        ValueError: the document follows another schema.
        KeyError, TypeError: it is not whole.
    """
    if document.get("schema") != SCHEMA:
        raise ValueError(f"This is no report of schema {SCHEMA}: its schema is {document.get('schema')!r}.")
    return Report(
        version=document["version"],
        file=document["file"],
        exercise=document["exercise"],
        seed=document["seed"],
        isolation=document["isolation"],
        seconds=float(document["seconds"]),
        tasks=tuple(map(_read_task, document["tasks"])),
        problems=tuple(map(_read_finding, document["problems"])),
        output=document["output"],
        recognised=tuple(map(_read_recognised, document.get("recognised", ()))),
        left_alone=tuple(LeftAlone(one["name"], one["line"], one["reason"]) for one in document.get("left_alone", ())),
    )


def _read_recognised(one: JsonObject) -> Recognised:
    return Recognised(
        one["name"], one["line"], one["of"], one["nature"], one["rule"], one["layout"], tuple(one["assumed"])
    )


def _read_task(task: JsonObject) -> TaskReport:
    return TaskReport(
        name=task["name"],
        verdict=Verdict(task["verdict"]),
        score=task["score"],
        max_score=task["max_score"],
        line=task["line"],
        outputs=tuple(map(_read_output, task["outputs"])),
        findings=tuple(map(_read_finding, task["findings"])),
        call=task["call"],
        steps=tuple(task["steps"].items()),
    )


def _read_output(output: JsonObject) -> OutputReport:
    return OutputReport(
        name=output["name"],
        of=output["of"],
        verdict=Verdict(output["verdict"]),
        shape=None if output["shape"] is None else tuple(output["shape"]),
        relative_error=_read_number(output["relative_error"]),
        tolerance=_read_number(output["tolerance"]),
        entries=output["entries"],
        wrong_entries=output["wrong_entries"],
        wrong=tuple(map(_read_entry, output["wrong"])),
        entry_map=tuple(output["map"]),
        oracles=Oracles(**{name: _read_number(output["oracles"][name]) for name in _ORACLES}),
        reason=output["reason"],
    )


def _read_entry(entry: JsonObject) -> Entry:
    return Entry(tuple(entry["index"]), _read_number(entry["yours"]), _read_number(entry["expected"]))


def _read_finding(finding: JsonObject) -> Finding:
    return Finding(
        certainty=Certainty(finding["certainty"]),
        severity=Severity(finding["severity"]),
        outputs=tuple(finding["outputs"]),
        fix_relative_error=_read_number(finding["fix_relative_error"]),
        alternatives=tuple(Alternative(other["code"], other["message"]) for other in finding["alternatives"]),
        **{name: finding[name] for name in _PLAIN},
    )


def _read_number(value: float | str | None) -> float | None:
    return None if value is None else float(value)
