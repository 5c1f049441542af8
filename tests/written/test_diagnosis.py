"""Every mistake is named, and its correction makes the line right."""

from __future__ import annotations

import pytest

from derivations.written import verify
from derivations.written.diagnosis.edit import Edit
from derivations.written.diagnosis.messages import _MESSAGES, LINE_BEFORE, hint, message
from derivations.written.terms import Name
from derivations.written.verdicts import CheckedStatement, Judgement

LINEAR = r"""
Let $z_i = \sum_{j=1}^p w_j x_{ij} + b$ for $n$ samples, $L_i = (z_i - y_i)^2$ and $J = \frac{1}{n} \sum_{i=1}^n L_i$.
"""
RIDGE = r"""
Let $z_i = \sum_{j=1}^p w_j x_{ij} + b$ and
$J = \frac{1}{n} \sum_{i=1}^n (z_i - y_i)^2 + \lambda \sum_{j=1}^p w_j^2$.
"""
TANH = r"""
Let $z_i = \sum_{j=1}^p w_j x_{ij} + b$, $h_i = \tanh(z_i)$ and $L_i = (h_i - y_i)^2$.
"""
SOFTMAX = r"""
Let $p_i = \frac{e^{z_i}}{\sum_{k=1}^K e^{z_k}}$ for $K$ classes.
"""
MATRICES = r"""
Let $Z = X W$ with a matrix $X$ of samples in rows, and $J = \frac{1}{2} \|Z - Y\|_F^2$.
"""

MISTAKES = [
    ("sign-flipped", LINEAR, r"\frac{\partial z_i}{\partial w_j}", r"-x_{ij}"),
    ("residual-reversed", LINEAR, r"\frac{\partial J}{\partial b}", r"\frac{2}{n} \sum_{i=1}^n (y_i - z_i)"),
    ("term-sign", LINEAR, r"\frac{\partial L_i}{\partial z_i}", r"2 z_i + 2 y_i"),
    (
        "sum-missing", LINEAR, r"\frac{\partial J}{\partial w_j}",
        r"\frac{\partial J}{\partial z_i} \frac{\partial z_i}{\partial w_j}",
    ),
    ("sum-extra", LINEAR, r"\frac{\partial z_i}{\partial w_j}", r"\sum_{j=1}^p x_{ij}"),
    ("sum-wrong-axis", LINEAR, r"\frac{\partial J}{\partial w_j}", r"\frac{2}{n} \sum_{j=1}^p (z_i - y_i) x_{ij}"),
    ("sum-range", LINEAR, r"\frac{\partial J}{\partial b}", r"\frac{2}{n} \sum_{i=2}^n (z_i - y_i)"),
    ("mean-missing", LINEAR, r"\frac{\partial J}{\partial w_j}", r"2 \sum_{i=1}^n (z_i - y_i) x_{ij}"),
    (
        "mean-twice", LINEAR, r"\frac{\partial J}{\partial w_j}",
        r"\frac{1}{n} \sum_{i=1}^n \frac{\partial J}{\partial z_i} \frac{\partial z_i}{\partial w_j}",
    ),
    ("wrong-count", LINEAR, r"\frac{\partial J}{\partial w_j}", r"\frac{1}{p} \sum_{i=1}^n 2 (z_i - y_i) x_{ij}"),
    ("factor", LINEAR, r"\frac{\partial L_i}{\partial z_i}", r"z_i - y_i"),
    ("wrong-power", LINEAR, r"\frac{\partial L_i}{\partial z_i}", r"2 (z_i - y_i)^2"),
    ("wrong-index", LINEAR, r"\frac{\partial z_i}{\partial w_j}", r"x_{ji}"),
    ("wrong-operand", LINEAR, r"\frac{\partial L_i}{\partial w_j}", r"2 (L_i - y_i) x_{ij}"),
    (
        "wrong-variable", LINEAR, r"\frac{\partial z_i}{\partial w_j}",
        r"\frac{\partial}{\partial b} \left( \sum_{k=1}^p w_k x_{ik} + b \right)",
    ),
    (
        "scope-of-operator", LINEAR, r"\frac{\partial z_i}{\partial b}",
        r"\frac{\partial}{\partial b} \sum_{j=1}^p (w_j x_{ij} + b)",
    ),
    ("chain-factor-missing", LINEAR, r"\frac{\partial L_i}{\partial w_j}", r"2 (z_i - y_i)"),
    ("activation-missing", TANH, r"\frac{\partial L_i}{\partial z_i}", r"2 (h_i - y_i)"),
    ("activation-derivative", TANH, r"\frac{\partial h_i}{\partial z_i}", r"1 - h_i"),
    ("softmax-diagonal", SOFTMAX, r"\frac{\partial p_i}{\partial z_j}", r"p_i (1 - p_j)"),
    ("regulariser-missing", RIDGE, r"\frac{\partial J}{\partial w_j}", r"\frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij}"),
    (
        "regulariser-factor", RIDGE, r"\frac{\partial J}{\partial w_j}",
        r"\lambda w_j + \frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij}",
    ),
    (
        "regulariser-sign", RIDGE, r"\frac{\partial J}{\partial w_j}",
        r"\frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij} - 2 \lambda w_j",
    ),
    (
        "regulariser-scaled", RIDGE, r"\frac{\partial J}{\partial w_j}",
        r"\frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij} + \frac{2 \lambda}{n} w_j",
    ),
    (
        "regulariser-form", RIDGE, r"\frac{\partial J}{\partial w_j}",
        r"\frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij} + 2 \lambda w_j^2",
    ),
    (
        "regulariser-on-bias", RIDGE, r"\frac{\partial J}{\partial b}",
        r"\frac{2}{n} \sum_{i=1}^n (z_i - y_i) + 2 \lambda b",
    ),
    ("transposed", MATRICES, r"\frac{\partial J}{\partial W}", r"X (Z - Y)"),
    ("hadamard", MATRICES, r"\frac{\partial J}{\partial W}", r"X^\top \odot (Z - Y)"),
]  # fmt: skip


def last(text: str) -> CheckedStatement:
    """What is said of the last statement of a document."""
    return verify("notes.md", text).statements[-1]


@pytest.mark.parametrize(("code", "before", "left", "right"), MISTAKES, ids=[mistake[0] for mistake in MISTAKES])
def test_a_mistake_is_named_and_its_correction_is_right(code: str, before: str, left: str, right: str) -> None:
    text = f"{before}\nThen ${left} = {right}$.\n"

    statement = last(text)

    assert statement.judgement is Judgement.WRONG
    finding = statement.findings[0]
    assert finding.code == code, finding
    assert finding.fix is not None
    mended = last(f"{before}\nThen ${left} = {finding.fix}$.\n")
    assert mended.judgement is Judgement.RIGHT, finding.fix


def test_two_mistakes_in_one_line_are_mended_together() -> None:
    right = r"\frac{1}{n} \sum_{i=1}^n 2 (y_i - z_i)"
    statement = last(rf"{LINEAR} Then $\frac{{\partial J}}{{\partial z_i}} = {right}$.")

    assert statement.judgement is Judgement.WRONG
    assert statement.findings[0].code in {"sum-extra", "residual-reversed"}
    mended = last(rf"{LINEAR} Then $\frac{{\partial J}}{{\partial z_i}} = {statement.findings[0].fix}$.")
    assert mended.judgement is Judgement.RIGHT


def test_a_right_line_after_a_wrong_one_is_told_that_the_line_before_is_wrong() -> None:
    wrong, right = (rf"\frac{{2}}{{n}} \sum_{{i=1}}^n ({term})" for term in ("y_i - z_i", "z_i - y_i"))
    statement = last(rf"{LINEAR} Then $\frac{{\partial J}}{{\partial b}} = {wrong} = {right}$.")

    assert statement.judgement is Judgement.WRONG
    assert "line before" in statement.findings[0].message


@pytest.mark.parametrize(
    ("before", "claim"),
    [
        (LINEAR, r"\frac{\partial J}{\partial w_j} = \frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij}"),
        (RIDGE, r"\frac{\partial J}{\partial b} = \frac{2}{n} \sum_{i=1}^n (z_i - y_i)"),
        (TANH, r"\frac{\partial L_i}{\partial z_i} = 2 (h_i - y_i) (1 - h_i^2)"),
        (SOFTMAX, r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)"),
        (MATRICES, r"\frac{\partial J}{\partial W} = X^\top (Z - Y)"),
    ],
    ids=["linear", "ridge", "tanh", "softmax", "matrices"],
)
def test_a_right_line_is_not_accused(before: str, claim: str) -> None:
    assert last(f"{before} Then ${claim}$.").judgement is Judgement.RIGHT


@pytest.mark.parametrize("right", [r"q_i", r"\frac{\partial J}{\partial w_j} q_i"], ids=["unknown", "tautology"])
def test_what_says_nothing_is_not_corrected(right: str) -> None:
    """A quantity of which nothing is said is no mistake; the left side itself is no correction."""
    assert last(rf"{LINEAR} Then $\frac{{\partial J}}{{\partial w_j}} = {right}$.").repaired is None


def test_the_same_document_gets_the_same_findings_twice() -> None:
    text = rf"{LINEAR} Then $\frac{{\partial J}}{{\partial w_j}} = 2 \sum_{{i=1}}^n (y_i - z_i) x_{{ij}}$."

    assert last(text).findings == last(text).findings


@pytest.mark.parametrize("code", sorted(_MESSAGES))
@pytest.mark.parametrize("note", ["", "extra", "extra 1/n", "1/n", "i", "p for n", "order", "inner", LINE_BEFORE])
def test_a_message_is_one_sentence_without_gaps(code: str, note: str) -> None:
    said = message(code, Edit(Name("x"), code, 1, (0, 0), note))

    assert said.endswith(".")
    assert said.count(".") == 1
    assert "  " not in said
    assert not {"{", "}"} & set(said)
    assert "extra" not in said
    assert hint(code)


def test_a_message_names_what_the_edit_knows() -> None:
    def said(code: str, note: str) -> str:
        return message(code, Edit(Name("x"), code, 1, (0, 0), note))

    assert said("sum-missing", "i") == "A sum over i is missing."
    assert said("mean-twice", "extra 1/n") == "There is a factor 1/n too many."
    assert said("wrong-count", "p for n") == "It is divided by the wrong size, p for n."
    assert said("wrong-index", "j") == "An index is wrong: j belongs here."


def test_two_mistakes_in_one_line_are_both_named() -> None:
    page = r"""
    Let $z_i = \sum_{j=1}^p w_j x_{ij} + b$ and $J = \frac1n \sum_{i=1}^n (y_i - z_i)^2$. Then
    \[ \frac{\partial J}{\partial z_i} = \frac1n \sum_{i=1}^n 2 (y_i - z_i) \]
    """
    statement = verify("notes.tex", page).statements[-1]
    assert [finding.code for finding in statement.findings] == ["sum-extra", "residual-reversed"]
    assert statement.findings[0].fix == r"\frac{1}{n} \cdot 2 (z_i - y_i)"
