"""Checked derivations, made by hand, in every format."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from checkers.findings import Alternative, Certainty, Finding
from derivations.written import verify
from derivations.written.faults import FormulaError
from derivations.written.grammar.sides import parse_side
from derivations.written.source.document import read_document
from derivations.written.source.layout import clean
from derivations.written.source.statements import Statement, statements
from derivations.written.source.tokens import tokenise
from derivations.written.terms import Term
from derivations.written.verdicts import CheckedDerivation, CheckedStatement, Judgement
from gradcheck.render import written_html, written_json, written_junit
from gradcheck.render.written_text import print_derivation_check

TEXT = r"""\section{Softmax regression}
Let $z_{im} = \sum_j w_{mj} x_{ij} + b_m$ and
\begin{align}
  \frac{\partial J}{\partial b_m}
    &= \frac{\partial J}{\partial z_{im}} \frac{\partial z_{im}}{\partial b_m} \\
    &= \frac{1}{n} \sum_{i=1}^n (\hat y_{im} - y_{im}) \\
    &= \frac{1}{n} \sum_{i=1}^n q_{im}
\end{align}
$\nabla_W J = X^T (\hat Y - Y)$ and $a = \frac{b}{c$ and $2 + 2 = 4$.
"""


def read(side: Any) -> Term | None:
    try:
        return parse_side(side) if side else None
    except FormulaError:
        return None


def judged(statement: Statement, judgement: Judgement, **changes: Any) -> CheckedStatement:
    return CheckedStatement(
        statement.start,
        statement.end,
        statement.chain,
        statement.number,
        read(statement.left),
        read(statement.right),
        statement.sign,
        judgement,
        **changes,
    )


def sum_missing() -> Finding:
    source = r"\frac{\partial J}{\partial z_{im}} \frac{\partial z_{im}}{\partial b_m}"
    return Finding(
        "sum-missing",
        "The sum over the samples i is missing.",
        Certainty.PROVEN,
        hint="Ask what b_m reaches: every sample.",
        line=5,
        column=7,
        end_line=5,
        end_column=7 + len(source),
        source=source,
        fix=rf"\sum_{{i=1}}^n {source}",
        alternatives=(Alternative("free-index", "i is free on the right only"),),
    )


def derivation(text: str = TEXT, name: str = "report.tex", **changes: Any) -> CheckedDerivation:
    """One statement of every judgement, and a right one that does not follow."""
    document = read_document(name, text)
    found = statements(document)
    assert len(found) == 7
    repaired = parse_side(clean(tokenise(sum_missing().fix or "")))
    checked = (
        judged(found[0], Judgement.DEFINITION),
        judged(
            found[1],
            Judgement.WRONG,
            first_wrong_of_chain=True,
            relative_error=0.8,
            findings=(sum_missing(),),
            repaired=repaired,
        ),
        judged(found[2], Judgement.RIGHT, follows=False, relative_error=2e-16),
        judged(found[3], Judgement.NOT_CHECKABLE, reason="nothing says what q is"),
        judged(found[4], Judgement.CONVENTION, reason="right for columns, wrong for rows", relative_error=1e-16),
        judged(found[5], Judgement.NOT_CHECKABLE, reason="a brace { is opened here and not closed"),
        judged(found[6], Judgement.RIGHT, relative_error=0.0),
    )
    return replace(CheckedDerivation(document, checked, "softmax-regression"), **changes)


def printed(checked: CheckedDerivation, *, width: int = 80, encoding: str = "utf-8", verbose: bool = False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    console = Console(file=stream, width=width, highlight=False, emoji=False)
    print_derivation_check(checked, console, verbose=verbose)
    stream.seek(0)
    return stream.read()


# Text -----------------------------------------------------------------------------------------------------------------


def test_a_wrong_line_is_shown_with_carets_message_and_correction() -> None:
    lines = printed(derivation()).splitlines()
    place = next(number for number, line in enumerate(lines) if "sum-missing" in line)
    assert lines[place] == "✗ line 4  sum-missing  proven"
    formula, carets = lines[place + 1 : place + 3]
    assert formula == "    ∂J/∂bₘ = ∂J/∂zᵢₘ · ∂zᵢₘ/∂bₘ"
    assert formula[len(carets) - carets.count("^") :] == "∂J/∂zᵢₘ · ∂zᵢₘ/∂bₘ"
    assert carets.strip("^ ") == ""
    assert lines[place + 3 : place + 7] == [
        "    The sum over the samples i is missing.",
        "    Right would be",
        "      = Σᵢ₌₁ⁿ ∂J/∂zᵢₘ · ∂zᵢₘ/∂bₘ",
        rf"      {sum_missing().fix}",
    ]


@pytest.mark.parametrize("width", [24, 40, 60])
def test_carets_stand_under_the_marked_part_in_broken_lines_too(width: int) -> None:
    """Where a formula takes several lines, the parts with carets below make up the marked part."""
    lines = printed(derivation(), width=width).splitlines()
    marked = [
        formula[carets.index("^") : len(carets)].strip()
        for formula, carets in pairwise(lines)
        if carets.strip() and not carets.strip("^ ")
    ]
    assert " ".join(marked) == "∂J/∂zᵢₘ · ∂zᵢₘ/∂bₘ"


def test_a_hat_does_not_move_the_carets() -> None:
    text = "$a = \\tilde{x} + \\hat{q} + \\frac{1}{b}$"
    document = read_document("a.md", text)
    start = text.index(r"\frac")
    finding = Finding("factor", "m", Certainty.LIKELY, line=1, column=start, end_line=1, end_column=len(text) - 1)
    checked = CheckedDerivation(document, (judged(statements(document)[0], Judgement.WRONG, findings=(finding,)),))
    formula, carets = printed(checked).splitlines()[4:6]
    assert formula == "    a = x̃ + q̂ + 1/b"
    assert carets == " " * len("    a = x + q + ") + "^^^"


def test_all_that_is_not_plainly_right_gets_a_block() -> None:
    text = printed(derivation())
    assert "✓ line 6  right, but does not follow from the line before" in text
    assert "An earlier equality of this chain does not hold." in text
    assert "? not checkable: nothing says what q is\n    line 7  (1/n) Σᵢ₌₁ⁿ" in text
    assert "~ line 9  right for columns, wrong for rows" in text
    assert "2 + 2 = 4" not in text


def test_what_cannot_be_read_is_shown_as_it_stands() -> None:
    assert "    a = \\frac{b}{c\n    a brace { is opened here and not closed" in printed(derivation())


def test_the_end_counts_and_says_what_was_not_checked() -> None:
    text = " ".join(printed(derivation()).split())
    assert "2 right, 1 wrong, 1 right under a convention, 1 definition, 2 not checkable" in text
    assert "5 of 7 statements checked, 2 not checkable: lines 7, 9" in text
    assert "gradcheck explain sum-missing" in text


def test_verbose_shows_the_right_ones_in_a_line_each() -> None:
    text = printed(derivation(), verbose=True)
    assert "· line 2  definition  zᵢₘ = Σⱼ wₘⱼ xᵢⱼ + bₘ\n" in text
    assert "✓ line 9  right  2 + 2 = 4\n" in text


def test_what_is_not_checkable_for_one_reason_stands_together() -> None:
    checked = derivation()
    reason = "nothing says what q is"
    again = replace(checked.statements[4], judgement=Judgement.NOT_CHECKABLE, reason=reason)
    text = printed(replace(checked, statements=(*checked.statements[:4], again)))
    assert text.count(reason) == 1
    assert f"{reason}\n    line 7  (1/n) Σᵢ₌₁ⁿ (ŷᵢₘ − yᵢₘ) = (1/n) Σᵢ₌₁ⁿ qᵢₘ\n    line 9  ∇_W J = Xᵀ (Ŷ − Y)\n" in text


def test_verbose_keeps_the_order_of_the_document() -> None:
    text = printed(derivation(), verbose=True)
    places = [text.index(f"line {line}") for line in (2, 4, 6, 7, 9)]
    assert places == sorted(places)


def test_strict_is_said() -> None:
    assert "--strict" in printed(derivation(strict=True))
    assert "--strict" not in printed(derivation())


def test_a_terminal_without_unicode_gets_ascii() -> None:
    text = printed(derivation(), encoding="ascii", verbose=True)
    assert text.isascii()
    assert "dJ/db_m = dJ/dz_im * dz_im/db_m" in text


def test_no_line_is_wider_than_the_terminal_but_for_what_is_to_be_copied() -> None:
    for line in printed(derivation(), width=40).splitlines():
        assert len(line) <= 40 or "\\" in line or line.lstrip().startswith(("gradcheck", "--"))


HOSTILE = "\x1b[31m<script>alert(1)</script>]]>[red]\u202e"


def hostile() -> CheckedDerivation:
    checked = derivation(TEXT.replace("2 + 2 = 4", rf"\text{{{HOSTILE}}} = 4"), name=f"{HOSTILE}.tex", notes=(HOSTILE,))
    finding = replace(sum_missing(), message=HOSTILE, hint=HOSTILE, fix=HOSTILE, source=HOSTILE)
    last = replace(
        checked.statements[-1], judgement=Judgement.WRONG, findings=(finding,), reason=HOSTILE, reading=HOSTILE
    )
    return replace(checked, statements=(*checked.statements[:-1], last))


def test_what_a_student_writes_does_not_steer_the_terminal() -> None:
    text = printed(hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text


# Notes ----------------------------------------------------------------------------------------------------------------

MENDED = r"Let $L = z^2$. Then $\frac{L}{\partial z} = 2 z$. Also $\frac{a$. And $z \approx 1$."
NOTE = r"The \partial above is missing; read as \frac{\partial L}{\partial z}."
UNREAD = "the brace { is opened here and not closed"
PASSED = "Approximate relations are not checked: line 1."


def test_a_note_on_a_right_statement_is_in_the_text() -> None:
    text = printed(verify("a.md", MENDED))
    assert f"✓ line 1  right\n    ∂L/∂z = 2 z\n    ^^^^^\n    Note: {NOTE}\n" in text
    assert f"    \\frac{{a\n         ^\n    T{UNREAD[1:]}.\n" in text
    assert f"\n{PASSED}\n" in text
    assert "Right would be" not in text


def test_a_note_is_in_json_beside_the_verdict_right() -> None:
    document = json.loads(written_json.render(verify("a.md", MENDED)))
    right, broken = document["statements"][1:]
    (note,) = right["findings"]
    assert (right["verdict"], right["correction"], note["severity"], note["message"]) == ("right", None, "note", NOTE)
    assert (broken["verdict"], broken["reason"], broken["source"]) == ("not-checkable", UNREAD, r"\frac{a")
    assert document["notes"] == [PASSED]


def test_a_note_is_in_junit_and_fails_nothing() -> None:
    suite = ET.fromstring(written_junit.render(verify("a.md", MENDED)))
    right, broken = suite.findall("testcase")[1:]
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "1")
    assert f"note, derivative-lost: {NOTE}" in (right.findtext("system-out") or "")
    assert UNREAD in (broken.findtext("skipped") or "").lower()
    assert suite.findtext("system-out") == PASSED


def test_a_note_is_in_html() -> None:
    page = written_html.render(verify("a.md", MENDED))
    assert f"Note: {NOTE}" in page
    assert UNREAD[1:] in page
    assert PASSED in page


def test_under_strict_a_note_is_not_the_reason_of_a_failure() -> None:
    checked = replace(verify("a.md", MENDED), strict=True)
    noted = replace(checked.statements[1], judgement=Judgement.CONVENTION, reason="right for columns")
    suite = ET.fromstring(written_junit.render(replace(checked, statements=(noted,))))
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert (failure.get("message"), failure.get("type")) == ("right for columns", None)


# JSON -----------------------------------------------------------------------------------------------------------------

TOP = {"schema", "file", "model", "strict", "verdict", "counts", "coverage", "notes", "statements"}
STATEMENT = {
    "line", "column", "end_line", "end_column", "cell", "source", "chain", "equality", "first_wrong_of_chain",
    "follows", "verdict", "relative_error", "findings", "correction", "reason", "reading",
}  # fmt: skip


def test_json_has_all_keys_always() -> None:
    document = json.loads(written_json.render(derivation()))
    assert document.keys() == TOP
    assert document["schema"] == "gradcheck/derivation/1"
    assert all(statement.keys() == STATEMENT for statement in document["statements"])
    counts = {"statements": 7, "right": 2, "wrong": 1, "convention": 1, "definition": 1, "not-checkable": 2}
    assert document["counts"] == counts
    assert document["verdict"] == "wrong"


def test_json_of_a_wrong_statement() -> None:
    wrong = json.loads(written_json.render(derivation()))["statements"][1]
    assert (wrong["line"], wrong["column"], wrong["end_line"], wrong["end_column"]) == (4, 2, 5, 78)
    assert wrong["first_wrong_of_chain"] is True
    assert wrong["verdict"] == "wrong"
    (finding,) = wrong["findings"]
    assert (finding["code"], finding["family"], finding["certainty"]) == ("sum-missing", "sum", "proven")
    assert finding["fix"] == wrong["correction"] == sum_missing().fix


def test_json_has_no_word_for_nan() -> None:
    checked = derivation()
    last = replace(checked.statements[-1], relative_error=float("nan"))
    document = json.loads(written_json.render(replace(checked, statements=(last,))), parse_constant=pytest.fail)
    assert document["statements"][0]["relative_error"] == "nan"


def test_places_in_a_notebook_are_those_of_its_cell() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# Title\n\nwords"},
        {"cell_type": "code", "source": "x = 1"},
        {"cell_type": "markdown", "source": ["Here\n", "$a = b + c$"]},
    ]
    document = read_document("n.ipynb", json.dumps({"cells": cells}))
    finding = Finding("term-sign", "m", Certainty.PROVEN, line=2, column=9, end_line=2, end_column=10)
    checked = CheckedDerivation(document, (judged(statements(document)[0], Judgement.WRONG, findings=(finding,)),))
    statement = json.loads(written_json.render(checked))["statements"][0]
    assert (statement["cell"], statement["line"], statement["column"]) == (3, 2, 1)
    text = printed(checked)
    assert "cell 3, line 2" in text
    assert "    a = b + c\n            ^\n" in text


# JUnit and HTML -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("strict", "failures", "skipped"), [(False, 1, 2), (True, 4, 0)])
def test_junit_has_a_case_for_each_statement(strict: bool, failures: int, skipped: int) -> None:
    suite = ET.fromstring(written_junit.render(derivation(strict=strict)))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("7", str(failures), str(skipped))
    assert len(suite.findall("testcase")) == 7
    assert len(suite.findall("testcase/failure")) == failures
    failure = suite.findall("testcase")[1].find("failure")
    assert failure is not None
    assert failure.get("type") == "sum-missing"
    assert sum_missing().fix in (failure.text or "")


def test_junit_stays_xml_whatever_a_student_writes() -> None:
    assert len(ET.fromstring(written_junit.render(hostile())).findall("testcase")) == 7


def test_html_sets_formulas_marks_the_wrong_part_and_shows_the_source() -> None:
    page = written_html.render(derivation())
    assert page.count("<math") == 7  # six that could be read, and a correction
    assert page.count('class="marked"') >= 1
    assert r"a = \frac{b}{c" in page
    assert r"\sum_{i=1}^n \frac{\partial J}{\partial z_{im}}" in page
    assert "sum-missing" in page
    assert "right for columns, wrong for rows" in page


def test_html_needs_nothing_else_and_runs_nothing() -> None:
    page = written_html.render(hostile())
    assert "<script" not in page
    assert "src=" not in page
    assert "http://" not in page.replace("http-equiv", "")
    assert "\x1b" not in page
    body = page[page.index("<main") : page.index("</main>") + len("</main>")]
    ET.fromstring(body.replace("&#x2062;", "").replace("&#x2061;", ""))
