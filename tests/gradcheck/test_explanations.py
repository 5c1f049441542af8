import ast
import re

import pytest

from checkers.errors import UsageError
from checkers.findings import CODES_BY_FAMILY, FAMILY_OF
from gradcheck.explanations import explanation, explanations


def test_every_code_is_explained_and_nothing_else():
    assert list(explanations()) == list(FAMILY_OF)


@pytest.mark.parametrize("code", list(FAMILY_OF))
def test_an_explanation_is_whole_and_short(code):
    found = explanation(code)
    assert found.title.endswith(".")
    assert len(found.title) < 75
    for text in (found.means, found.why, found.fix):
        assert text.rstrip(")").endswith((".", "else", "before.")), text
        assert 20 < len(text) < 480
    assert (found.wrong is None) or found.right is not None


@pytest.mark.parametrize("code", [code for code in FAMILY_OF if explanations()[code].right is not None])
def test_the_right_code_is_python(code):
    right = explanation(code).right
    assert right is not None
    ast.parse(right if not re.match(r"(for|while|def) .*:$", right) else f"{right}\n    pass")


def test_a_pair_shows_two_different_fragments():
    assert all(e.wrong != e.right for e in explanations().values() if e.wrong is not None)


def test_underscores_and_capitals_are_accepted():
    assert explanation("Softmax_Axis").code == "softmax-axis"


def test_a_misspelt_code_is_answered_with_the_closest():
    with pytest.raises(UsageError, match="Did you mean sign-flipped"):
        explanation("sign-fliped")


def test_a_family_is_answered_with_its_codes():
    with pytest.raises(UsageError, match="sign-flipped, residual-reversed, term-sign"):
        explanation("sign")


def test_a_code_wins_over_the_family_of_the_same_name():
    assert explanation("unknown").code in CODES_BY_FAMILY[explanation("unknown").family]
