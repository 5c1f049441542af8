"""Formulas as MathML: well-formed, and with the elements that browsers set."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from derivations import derive
from derivations.layout import Accent, Derivative, Exponential, Fraction, Indices, Letter, Number, Scripts, Total
from derivations.mathml import mathml
from derivations.models import MODELS
from derivations.notation import Notation
from derivations.typesetting import Typesetter

I, M = Letter("i"), Letter("m")  # noqa: E741
# The elements of MathML Core that we use, and how many children they must have.
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "msubsup": 3, "munderover": 3}


def tags(markup: str) -> list[str]:
    return [element.tag for element in ET.fromstring(markup).iter()]


def test_a_sum_has_its_bounds_under_and_over_the_sign() -> None:
    total = Total(I, Letter("n"), Scripts(Letter("L"), Indices((I,))))
    root = ET.fromstring(mathml(total))
    bounds = root.find(".//munderover")
    assert bounds is not None
    assert ["".join(part.itertext()) for part in bounds] == ["∑", "i=1", "n"]


def test_an_accent_stands_over_its_letter() -> None:
    assert tags(mathml(Letter("y", Accent.HAT))) == ["math", "mover", "mi", "mo"]


def test_layer_and_indices_are_set_together() -> None:
    assert "msubsup" in tags(mathml(Scripts(Letter("z"), Indices((I, M)), layer="1")))


def test_a_sign_may_stand_in_front() -> None:
    assert "".join(ET.fromstring(mathml(Letter("n"), before="=")).itertext()) == "=n"


def test_text_is_escaped() -> None:
    assert "<script>" not in mathml(Letter("<script>"))


@pytest.mark.parametrize(
    "layout",
    [
        Fraction(Number("1"), Letter("n")),
        Exponential(Letter("z")),
        Derivative(Letter("J"), Letter("z"), (Letter("L"),)),
    ],
    ids=["fraction", "exponential", "held derivative"],
)
def test_elements_have_the_children_they_need(layout: Fraction) -> None:
    _check_children(mathml(layout))


@pytest.mark.parametrize("name", MODELS)
def test_every_formula_of_every_model_is_well_formed(name: str) -> None:
    derivation = derive(MODELS[name].build())
    typesetter = Typesetter(Notation.of(derivation.model))
    for step in derivation.steps:
        for side in (step.quantity, *(equality.right for equality in step.equalities)):
            _check_children(mathml(typesetter.layout(side), before="="))


def _check_children(markup: str) -> None:
    for element in ET.fromstring(markup).iter():
        if element.tag in CHILDREN:
            assert len(element) == CHILDREN[element.tag], ET.tostring(element, encoding="unicode")
