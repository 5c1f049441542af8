"""Damaged and half-written formulas: a located message for each, and all else is still checked."""

from __future__ import annotations

import pytest

from checkers.findings import Verdict
from derivations.written import verify
from derivations.written.source.document import read_document
from derivations.written.source.statements import statements
from derivations.written.verdicts import CheckedStatement, Judgement

GIVEN = r"Let $z = w x + b$ and $L = (y - z)^2$. "


def last(text: str) -> CheckedStatement:
    return verify("notes.md", GIVEN + text).statements[-1]


def not_checkable(text: str, name: str = "notes.md") -> list[tuple[str, tuple[int, int]]]:
    """The reasons and places of what cannot be read."""
    checked = verify(name, text)
    return [
        (str(s.reason), (s.findings[0].line or 0, s.findings[0].column or 0))
        for s in checked.statements
        if s.judgement is Judgement.NOT_CHECKABLE
    ]


# A missing \partial ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "message", "meant"),
    [
        (
            r"\frac{L}{\partial z}",
            r"The \partial above is missing; read as \frac{\partial L}{\partial z}.",
            r"\frac{\partial L}{\partial z}",
        ),
        (
            r"\frac{\partial L}{z}",
            r"The \partial below is missing; read as \frac{\partial L}{\partial z}.",
            r"\frac{\partial L}{\partial z}",
        ),
    ],
)
def test_a_right_equality_without_a_partial_stays_right_and_carries_a_note(
    written: str, message: str, meant: str
) -> None:
    text = f"${written} = -2 (y - z)$"
    checked = verify("notes.md", GIVEN + text)
    statement = checked.statements[-1]
    (note,) = statement.findings
    assert statement.judgement is Judgement.RIGHT
    assert checked.verdict is Verdict.RIGHT
    assert (note.code, note.is_fault, note.message, note.fix) == ("derivative-lost", False, message, meant)
    begin = (GIVEN + text).index(written)
    assert (note.line, note.column, note.end_column) == (1, begin, begin + len(written))
    assert note.source == written


def test_the_note_of_a_wrong_equality_stands_after_the_mistake() -> None:
    statement = last(r"$\frac{L}{\partial z} = 2 (y - z)$")
    assert statement.judgement is Judgement.WRONG
    assert [finding.is_fault for finding in statement.findings] == [True, False]
    assert statement.first_wrong_of_chain


def test_each_missing_sign_is_noted_once() -> None:
    chain = r"$\frac{\partial L}{\partial w} = \frac{L}{\partial z} \frac{\partial z}{w} = -2 (y - z) x$"
    first, second = verify("notes.md", GIVEN + chain).statements[-2:]
    assert [note.source for note in first.findings] == [r"\frac{L}{\partial z}", r"\frac{\partial z}{w}"]
    assert second.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        r"$\frac{L}{w} = L / w$",
        r"$\frac{\partial}{\partial w} (w x) = x$",
        r"$\frac{\partial L}{\partial z} = -2 (y - z)$",
    ],
)
def test_quotients_and_operators_lack_no_sign(text: str) -> None:
    statement = last(text)
    assert (statement.judgement, statement.findings) == (Judgement.RIGHT, ())


# Formulas that are no statements --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "reason", "place"),
    [
        (r"$\frac{a$", "a.md", "the brace { is opened here and not closed", (1, 6)),
        ("Text\n$$\n\\frac{a}{b} + c}\n$$", "a.tex", "the brace } closes what was not opened", (3, 15)),
        (r"\[ \begin{cases} a & b \]", "a.tex", r"\begin{cases} is opened here and not closed", (1, 3)),
        (r"$\norm$", "a.md", "a macro lacks an argument here", (1, 1)),
    ],
    ids=["inline", "displayed", "environment", "macro"],
)
def test_a_broken_formula_without_a_relation_is_named_and_the_rest_is_checked(
    text: str, name: str, reason: str, place: tuple[int, int]
) -> None:
    checked = verify(name, f"{text}\n\n$2 + 2 = 4$ and $2 + 2 = 5$")
    broken, right, wrong = checked.statements
    assert (broken.judgement, broken.reason) == (Judgement.NOT_CHECKABLE, reason)
    assert (broken.findings[0].line, broken.findings[0].column) == place
    assert (right.judgement, wrong.judgement) == (Judgement.RIGHT, Judgement.WRONG)
    assert checked.counts["not-checkable"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $7.",
        "From $5-$7, {say} $6.",
        "Costs ${5 and $7 or $8.",
        "$(function(){ $ (this",
        r"$x_{ij}$, $\frac{a}{b}$",
    ],
    ids=["prices", "range", "brace", "code", "whole formulas"],
)
def test_what_is_no_damaged_formula_gives_no_message(text: str) -> None:
    assert not_checkable(f"{text}\n\n$2 + 2 = 4$") == []


def test_one_brace_over_two_lines_is_named_once() -> None:
    said = not_checkable(r"\[ \left( \frac{a}{b \\ + d} \right \\ + \sqrt{c \]", "a.tex")
    assert [place for _, place in said] == [(1, 18)]


def test_definitions_of_macros_are_no_formulas() -> None:
    text = (
        "\\newcommand{\\be}{\\begin{equation}}\n\\newcommand\\ee{\\end{equation}}\n"
        "\\newenvironment{eq}[1][2]{\\begin{align}}{\\end{align}}\n\\def\\bea#1{\\begin{align}}\n$2 + 2 = 4$"
    )
    document = read_document("a.tex", text)
    assert [formula.text for formula in document.formulas] == ["2 + 2 = 4"]


# Empty braces ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        r"$1 + \tanh{}(2) = \tanh(2) + 1{}$",
        r"\begin{align}2 + 2 &= 3 \\ &\quad {}+ 1 \\ {} &= 4 {}\end{align}",
        r"$2^{3} {}= 2 \cdot {} 4$",
        r"$2{}^3 = 8$",
    ],
)
def test_empty_braces_say_nothing(text: str) -> None:
    assert {s.judgement for s in verify("a.tex", text).statements} == {Judgement.RIGHT}


# Code in Markdown -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code:\n\n    $a = 1$\n    $b = 1$\n\n    $c = 1$\n\nText $d = 1$", ["d = 1"]),
        ("Code:\n\n\t$a = 1$\n\n    $$\n    b = 1\n    $$\n", []),
        ("A paragraph\n    goes on with $a = 1$", ["a = 1"]),
        ("- item\n\n    $a = 1$\n\n      $$b = 1$$\n", ["a = 1", "b = 1"]),
        ("1. item\n\n   text\n\n    $$a = 1$$\n\n2. item\n\n       $b = 1$", ["a = 1", "b = 1"]),
        ("- item\n\nText\n\n    $a = 1$", []),
        ("- item\n# Heading\n\n    $a = 1$", []),
        ("[^1]: a footnote\n\n    $a = 1$", ["a = 1"]),
        ("$$\n\n    a = 1\n\n$$", ["a = 1"]),
    ],
)
def test_code_that_is_indented_is_passed_over_but_not_what_a_list_holds(text: str, found: list[str]) -> None:
    document = read_document("a.md", text)
    assert [document.text[s.start : s.end] for s in statements(document)] == found


@pytest.mark.parametrize("name", ["a.tex", "a.txt", "standard input"])
def test_only_markdown_marks_code_by_its_indent(name: str) -> None:
    assert len(statements(read_document(name, "Text\n\n    $a = 1$"))) == 1


# What is not checked --------------------------------------------------------------------------------------------------


def test_what_is_passed_over_is_said_in_notes() -> None:
    text = (
        "$2 + 2 = 4 \\approx 5$, $a \\propto b$\n\n"
        "$$\\left\\{\\begin{array}{l}x + y = 1 \\\\ x = 2\\end{array}\\right.$$\n"
        "$x \\in S$, $x \\le 1$, $\\sum_{i \\approx j} i$\n\n$$\\begin{cases} x = 1 \\\\ y = 2 \\end{cases}$$"
    )
    assert verify("a.md", text).notes == (
        "Approximate relations are not checked: line 1.",
        "Systems of equations are not checked: lines 3, 6.",
    )
    assert verify("a.md", r"$f(x) = \begin{cases} x & x = 1 \\ 0 \end{cases}$").notes == ()


def test_an_unknown_macro_in_a_formula_without_a_relation_is_named_in_a_note() -> None:
    checked = verify("a.md", "Here\n\n$\\fraq{a}{b}$ and $\\aplha_i x$\n\n$$1 + \\fraq{a}{b}$$\n\n$2 + 2 = 4$")
    assert checked.verdict is Verdict.RIGHT
    assert checked.notes == (
        r"Formulas with the unknown macro \fraq are not checked: lines 3, 5.",
        r"Formulas with the unknown macro \aplha are not checked: line 3.",
    )


@pytest.mark.parametrize("text", [r"\odot", r"(\dagger)", r"\int f dx", r"\gdef\a{b}", r"\boldsymbol\theta_i", "50\\%"])
def test_known_macros_and_signs_alone_give_no_note(text: str) -> None:
    assert verify("a.md", f"${text}$ $2 + 2 = 4$").notes == ()


# Documents that would take too long -----------------------------------------------------------------------------------


def test_a_statement_that_takes_too_long_is_not_checkable_and_the_others_are_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counted in what is computed, so that no machine is too slow; nothing of it is remembered as a fault."""
    for limit in ("MOST_OF_STATEMENT", "LEAST_OF_STATEMENT"):
        monkeypatch.setattr(f"derivations.written.evaluation.work.{limit}", 20_000)
    text = GIVEN + r"$\frac{\partial}{\partial b} \left( L + L^2 + L^3 + L^4 + L^5 + L^6 + L^7 + L^8 \right) = 3 b$, "
    checked = verify("notes.md", text + r"$\frac{\partial L}{\partial z} = -2 (y - z)$")
    assert [(s.judgement, s.reason) for s in checked.statements[2:]] == [
        (Judgement.NOT_CHECKABLE, "it takes too long to evaluate"),
        (Judgement.RIGHT, None),
    ]


def test_arrays_that_would_not_fit_in_memory_are_not_computed() -> None:
    product = " ".join(f"z_{letter}" for letter in "ijklmnopq")
    statement = verify("notes.md", f"Let $z_i = 2 x_i$. Then ${product} = 2 {product} + x_i$").statements[-1]
    assert (statement.judgement, statement.reason) == (
        Judgement.NOT_CHECKABLE,
        "arrays of too many entries stand for it",
    )
