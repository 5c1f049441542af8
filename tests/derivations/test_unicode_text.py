"""Formulas on one line: consistent scripts, unambiguous products, and an ASCII form."""

from __future__ import annotations

import pytest

from derivations import derive
from derivations.layout import Accent, Derivative, Indices, Letter, Number, Product, Scripts, Total
from derivations.models import MODELS
from derivations.unicode_text import ASCII, TextStyle, chain_text, style_for, unicode_text

I, M, G = Letter("i"), Letter("m"), Letter("g")  # noqa: E741
Y_HAT = Letter("y", Accent.HAT)
DERIVATIVE = Derivative(Letter("J"), Scripts(Letter("z"), Indices((I, M))))


def entry(letter: Letter, *indices: Letter, layer: str = "") -> Scripts:
    return Scripts(letter, Indices(indices), layer)


@pytest.mark.parametrize(
    ("layout", "unicode", "ascii_text"),
    [
        (entry(Y_HAT, I, M), "ŷᵢₘ", "y_hat_im"),
        (entry(Letter("z"), I, M, layer="12"), "z⁽¹²⁾ᵢₘ", "z12_im"),
        (entry(Letter("z"), I, Letter("m", primes=1)), "zᵢₘ′", "z_im'"),
        (DERIVATIVE, "∂J/∂zᵢₘ", "dJ/dz_im"),
        (Product((DERIVATIVE, entry(Letter("x"), I))), "∂J/∂zᵢₘ · xᵢ", "dJ/dz_im * x_i"),
        (Product((Letter("λ"), Letter("b"))), "λ b", "lambda * b"),
        (Product((Number("2"), Number("1.7159"))), "2 · 1.7159", "2 * 1.7159"),
    ],
)
def test_unicode_and_ascii_forms(layout: Product, unicode: str, ascii_text: str) -> None:
    assert unicode_text(layout) == unicode
    assert unicode_text(layout, ASCII) == ascii_text


def test_one_index_without_a_subscript_letter_changes_all_of_them() -> None:
    both = [entry(Letter("z"), I, M), entry(Letter("a"), I, G)]
    style = style_for(both)
    assert [unicode_text(layout, style) for layout in both] == ["z_im", "a_ig"]


def test_an_index_of_several_letters_is_set_apart() -> None:
    assert unicode_text(entry(Letter("z"), I, Letter("row"))) == "z_i,row"


def test_sums_say_their_range_when_asked() -> None:
    total = Total(I, Letter("n"), entry(Letter("L"), I))
    assert unicode_text(total) == "Σᵢ Lᵢ"
    assert unicode_text(total, TextStyle(bounds=True)) == "Σᵢ₌₁ⁿ Lᵢ"
    assert unicode_text(Total(I, Letter("Q"), Letter("b")), TextStyle(bounds=True)) == "Σᵢ b"


@pytest.mark.parametrize("name", MODELS)
def test_no_formula_of_any_model_is_badly_written(name: str) -> None:
    derivation = derive(MODELS[name].build())
    for step in derivation.steps:
        chain = chain_text(step, derivation.model)
        for wrong in ("+ −", "+ -", "−−", "-1", "  =  ", "**", "(−1)", "Entry", "SumOver"):
            assert wrong not in chain
        assert chain.count("(") == chain.count(")")
        assert chain.count("[") == chain.count("]")


def test_a_chain_is_aligned_at_its_equals_signs() -> None:
    derivation = derive(MODELS["softmax-regression"].build())
    lines = chain_text(derivation.adjoint("W"), derivation.model).splitlines()
    assert lines == [
        "∂J/∂wₘⱼ = Σᵢ ∂J/∂zᵢₘ · ∂zᵢₘ/∂wₘⱼ",
        "        = Σᵢ ∂J/∂zᵢₘ · xᵢⱼ",
        "        = (1/n) Σᵢ (ŷᵢₘ − yᵢₘ) xᵢⱼ",
    ]
