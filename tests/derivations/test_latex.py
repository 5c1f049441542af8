"""Formulas and sentences as LaTeX."""

from __future__ import annotations

import pytest
import sympy

from derivations import derive
from derivations.latex import latex, latex_words
from derivations.layout import (
    Accent,
    Bracketed,
    Call,
    Derivative,
    Fence,
    Fraction,
    Indicator,
    Indices,
    Layout,
    Letter,
    Number,
    Product,
    Scripts,
    Term,
    Terms,
    Total,
)
from derivations.models import MODELS
from derivations.notation import Notation
from derivations.typesetting import Typesetter

I, M = Letter("i"), Letter("m")  # noqa: E741
Z = Scripts(Letter("z"), Indices((I, M)))


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (Scripts(Letter("y", Accent.HAT), Indices((I, M))), r"\hat{y}_{im}"),
        (Scripts(Letter("W"), Indices((M, I)), layer="2"), r"W^{(2)}_{mi}"),
        (Scripts(Letter("margin"), Indices((I,))), r"\mathrm{margin}_{i}"),
        (Letter("λ"), r"\lambda"),
        (Derivative(Letter("J"), Z), r"\frac{\partial J}{\partial z_{im}}"),
        (
            Derivative(Letter("J"), Z, (Letter("L"),)),
            r"\left. \frac{\partial J}{\partial z_{im}} \right|_{L}",
        ),
        (Total(I, Letter("n"), Letter("b")), r"\sum_{i=1}^{n} b"),
        (Bracketed(Z, Fence.BAR), r"\lvert z_{im} \rvert"),
        (Bracketed(Fraction(Number("1"), Letter("n"))), r"\left( \frac{1}{n} \right)"),
        (Terms((Term(True, Letter("a")), Term(True, Letter("b")))), "-a - b"),
        (Call(Letter("ln"), (Letter("u"),), bare=True), r"\ln u"),
        (Call(Letter("clip"), (Letter("u"),)), r"\operatorname{clip}(u)"),
        (Indicator(Letter("u"), ">", Number("0")), r"\mathbf{1}[u > 0]"),
        (Product((Number("2"), Number("3"))), r"2 \cdot 3"),
        (Scripts(Letter("z"), Indices((Letter("m", primes=1),))), "z_{m'}"),
    ],
)
def test_formulas(layout: Layout, expected: str) -> None:
    assert latex(layout) == expected


def test_sentences_hold_no_command() -> None:
    hostile = r"\input{/etc/passwd} $x$ 100% a_b #1 ^^M ~ {x} & <b>"
    written = latex_words(hostile)
    assert r"\input" not in written
    for special in "$%_#&{}":
        assert special not in _without_escapes(written)


def _without_escapes(text: str) -> str:
    for name in ("textbackslash", "textasciicircum", "textasciitilde", "textless", "textgreater"):
        text = text.replace(rf"\{name}{{}}", "")
    for special in "$%_#&{}":
        text = text.replace("\\" + special, "")
    return text


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("tanh′ = 1 − tanh²", r"tanh\ensuremath{'} = 1 \ensuremath{-} tanh\textsuperscript{2}"),
        ("(uᵏ)′ = k uᵏ⁻¹ u′", r"(u\textsuperscript{k})\ensuremath{'} = k u\textsuperscript{k-1} u\ensuremath{'}"),
        ("σ", r"\ensuremath{\sigma}"),
        ("Größe", "Größe"),
        ("数", "?"),
    ],
)
def test_mathematics_in_sentences(sentence: str, expected: str) -> None:
    assert latex_words(sentence) == expected


@pytest.mark.parametrize("name", MODELS)
def test_braces_balance_in_every_formula(name: str) -> None:
    derivation = derive(MODELS[name].build())
    typesetter = Typesetter(Notation.of(derivation.model))
    for step in derivation.steps:
        for side in (step.quantity, *(equality.right for equality in step.equalities)):
            written = latex(typesetter.layout(side))
            assert _is_balanced(written), written
            assert written.count(r"\left") == written.count(r"\right")
            assert "+ -" not in written


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def test_a_symbol_without_a_role_is_set_as_a_letter() -> None:
    derivation = derive(MODELS["ridge"].build())
    assert latex(Typesetter(Notation.of(derivation.model)).layout(sympy.Symbol("u"))) == "u"
