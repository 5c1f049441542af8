"""A checked derivation as JUnit XML: one test case a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from derivations.written.verdicts import Judgement

from .characters import on_one_line, visible
from .written_view import StatementView, views

if TYPE_CHECKING:
    from checkers.findings import Finding
    from derivations.written.verdicts import CheckedDerivation

_SHOWN = 70  # of a formula in a case's name: dashboards cut longer ones


def render(derivation: CheckedDerivation) -> str:
    """The document: a suite for the file, one case a statement."""
    judged = [_element(view, strict=derivation.strict) for view in views(derivation)]
    suite = ET.Element(
        "testsuite",
        name=on_one_line(derivation.document.name),
        tests=str(len(judged)),
        failures=str(judged.count("failure")),
        errors="0",
        skipped=str(judged.count("skipped")),
    )
    for view, element in zip(views(derivation), judged, strict=True):
        _add_case(suite, view, element)
    if derivation.notes:
        ET.SubElement(suite, "system-out").text = visible("\n".join(derivation.notes))
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def _element(view: StatementView, *, strict: bool) -> str:
    judgement = view.statement.judgement
    if judgement is Judgement.WRONG or (strict and judgement in {Judgement.CONVENTION, Judgement.NOT_CHECKABLE}):
        return "failure"
    return "skipped" if judgement is Judgement.NOT_CHECKABLE else ""


def _add_case(suite: ET.Element, view: StatementView, element: str) -> None:
    formula = on_one_line(view.formula().text)
    shown = formula if len(formula) <= _SHOWN else f"{formula[: _SHOWN - 1]}…"
    name = f"{view.where}, equality {view.statement.equality} of chain {view.statement.chain}: {shown}"
    case = ET.SubElement(suite, "testcase", classname=suite.attrib["name"], name=name)
    told = "\n\n".join(_told(view))
    if not element:
        if view.needs_attention:
            ET.SubElement(case, "system-out").text = visible(told)
        return
    message = view.fault.message if view.fault else view.statement.reason or view.headline
    problem = ET.SubElement(case, element, message=on_one_line(message))
    if view.fault:
        problem.set("type", view.fault.code)
    problem.text = visible(told)


def _told(view: StatementView) -> list[str]:
    parts = [view.headline, view.source.strip()]
    if view.reason is not None:
        parts.append(view.reason)
    parts += [_finding_text(finding) for finding in view.statement.findings]
    if view.correction_latex:
        parts.append(f"right would be: {view.correction_latex}")
    return parts


def _finding_text(finding: Finding) -> str:
    kind = finding.code if finding.is_fault else f"note, {finding.code}"
    return f"{kind}: {finding.message}" + (f"\nTry: {finding.hint}" if finding.hint else "")
