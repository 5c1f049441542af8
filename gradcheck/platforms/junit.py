"""The rows of a run as one JUnit XML document: a suite a submission, a case a task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from gradcheck.grading.whole_file import whole_file
from gradcheck.render.characters import on_one_line, visible
from gradcheck.render.report_junit import suite_of

from .options import PlatformOptions, Written

if TYPE_CHECKING:
    from checkers.grading.submission import Graded, RunInfo

FILE = "junit.xml"


def write(info: RunInfo, rows: Iterable[Graded], out: Path, options: PlatformOptions) -> Written:
    """Write junit.xml; one suite is in memory at a time."""
    level = options.hint_level(info)
    with whole_file(out / FILE) as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name={quoteattr(info.exercise)}>\n')
        for row in rows:
            file.write(ET.tostring(suite(row, level), encoding="unicode") + "\n")
        file.write("</testsuites>\n")
    return Written((out / FILE,))


def suite(row: Graded, level: int) -> ET.Element:
    """The suite of one submission; one that was not graded has an error of its own."""
    name = on_one_line(row.name)
    element = suite_of(replace(row.report, file=row.name, seconds=row.seconds), name, hints=level)
    if row.refusal is not None:
        case = ET.Element("testcase", classname=name, name="submission")
        ET.SubElement(case, "error", message=on_one_line(row.refusal)).text = visible(row.refusal)
        element.insert(0, case)
        for count in ("tests", "errors"):
            element.set(count, str(1 + int(element.get(count, "0"))))
    ET.indent(element)
    return element
