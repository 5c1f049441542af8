import ast

import numpy as np
import pytest

from checkers.errors import UsageError
from checkers.findings import CODES_BY_FAMILY, FAMILY_OF, Family
from gradcheck.explanations import Example, explanation, explanations, family_named, run, typeset

CODES = list(FAMILY_OF)
WITH_NUMBERS = [code for code in CODES if explanations()[code].example.shows is not None]
WITH_LOSS = [code for code in CODES if explanations()[code].example.loss is not None]
MATHEMATICS = set(Family) - {Family.DATA, Family.CODE, Family.SHAPE, Family.NUMERICS, Family.BEHAVIOUR, Family.UNKNOWN}


def names(example: Example) -> dict[str, object]:
    """What the setup of an example defines."""
    found: dict[str, object] = {"np": np, "sigmoid": np.tanh, "softmax": np.exp}
    exec(example.setup, found)
    return found


# What the numbers of a pair must say: w the wrong value, r the right one, s what the setup defines.
RELATIONS = {
    "sign-flipped": lambda w, r, s: np.allclose(w, -r),
    "residual-reversed": lambda w, r, s: np.allclose(w, -r),
    "term-sign": lambda w, r, s: np.isclose(w[0], r[0]) and np.allclose(w[1:], -r[1:]),
    "sum-extra": lambda w, r, s: np.allclose(w, r.sum()),
    "sum-wrong-axis": lambda w, r, s: w.shape == (4,) and r.shape == (3,) and np.allclose(w, 0),
    "sum-range": lambda w, r, s: np.allclose(r - w, s["dz"][0] * s["X"][0]),
    "overwritten-not-accumulated": lambda w, r, s: np.allclose(w, s["dz"][-1] * s["X"][-1]),
    "mean-missing": lambda w, r, s: np.allclose(w, s["n"] * r),
    "mean-twice": lambda w, r, s: np.allclose(w, r / s["n"]),
    "wrong-count": lambda w, r, s: np.allclose(w, r / s["Y"].shape[1]),
    "factor": lambda w, r, s: np.allclose(w, r / 2),
    "wrong-power": lambda w, r, s: np.allclose(w / r, s["z"] - s["y"]) and (w > 0).all(),
    "activation-missing": lambda w, r, s: np.allclose(w * (s["Z1"] > 0), r),
    "wrong-activation": lambda w, r, s: np.allclose(w + r, s["z"]) and not np.allclose(w, r),
    "softmax-diagonal": lambda w, r, s: np.isclose(r.sum(), 0) and not np.isclose(w.sum(), 0),
    "softmax-jacobian": lambda w, r, s: np.isclose(r.sum(), 0) and not np.isclose(w.sum(), 0),
    "softmax-axis": lambda w, r, s: np.allclose(r, 1) and not np.allclose(w, 1),
    "softmax-twice": lambda w, r, s: np.isclose(w.sum(), 1) and w.max() < np.e / (np.e + 2) < r.max(),
    "term-missing": lambda w, r, s: np.isclose(r.sum(), 0) and not np.isclose(w.sum(), 0),
    "regulariser-missing": lambda w, r, s: np.allclose(w - r, -2 * s["reg"] * s["w"]),
    "regulariser-factor": lambda w, r, s: np.allclose(w - r, -s["reg"] * s["w"]),
    "regulariser-on-bias": lambda w, r, s: np.isclose(w - r, 2 * s["reg"] * s["b"]),
    "regulariser-sign": lambda w, r, s: np.allclose(w - r, -4 * s["reg"] * s["w"]),
    "regulariser-scaled": lambda w, r, s: np.allclose(w - r, 2 * s["reg"] * s["w"] * (1 / s["n"] - 1)),
    "regulariser-form": lambda w, r, s: np.allclose(w - r, 2 * s["reg"] * (np.sum(s["w"]) - s["w"])),
    "wrong-loss": lambda w, r, s: np.allclose(w, r / 2),
    "not-a-loss": lambda w, r, s: np.ndim(w) == 1 and np.ndim(r) == 0,
    "samples-dropped": lambda w, r, s: len(w) < len(r) == len(s["x"]),
    "labels-shifted": lambda w, r, s: set(np.round((w - r) * s["n"]).ravel()) == {-1, 0, 1},
    "hard-argmax": lambda w, r, s: set(w.ravel() * s["n"]) <= {-1, 0, 1} and not w[0].any(),
    "wrong-distribution": lambda w, r, s: np.isclose(r, s["variance"], rtol=0.1) and w < r / 10,
    "same-initial-weights": lambda w, r, s: np.array_equal(*w) and not np.array_equal(*r),
    "not-implemented": lambda w, r, s: w is None,
    "undefined-name": lambda w, r, s: w.startswith("NameError"),
    "missing-function": lambda w, r, s: w.startswith("NameError"),
    "wrong-signature": lambda w, r, s: w.startswith("TypeError"),
    "raises": lambda w, r, s: w.startswith("ValueError"),
    "syntax": lambda w, r, s: w.startswith("SyntaxError"),
    "wrong-shape": lambda w, r, s: w == r[::-1] != r,
    "broadcast": lambda w, r, s: w.shape == (2, 2) and r.shape == (2,) and not r.any(),
    "overflow": lambda w, r, s: np.isnan(w).any() and np.isclose(r.sum(), 1),
    "not-finite": lambda w, r, s: np.isnan(w) and np.isfinite(r),
    "low-precision": lambda w, r, s: r == 0 < w < 1e-7,
    "integer-dtype": lambda w, r, s: w.dtype.kind == "i" and r.dtype.kind == "f",
    "unstable": lambda w, r, s: np.isinf(w) and np.isfinite(r),
    "mutates-input": lambda w, r, s: np.array_equal(r, s["P"]) and not np.array_equal(w, s["P"]),
    "not-deterministic": lambda w, r, s: w.any() and not r.any(),
    "keeps-state": lambda w, r, s: w[0] == r[0] == r[1] != w[1],
    "too-much-memory": lambda w, r, s: w == 300 * r,
    "free-index": lambda w, r, s: w.ndim == r.ndim + 1 and np.allclose(w.sum(axis=0), r),
    "factor-dropped": lambda w, r, s: np.allclose(w * s["alpha"], r),
    "arithmetic": lambda w, r, s: r == s["W1"].size + s["W2"].size and r - w == 64,
    "undefined-symbol": lambda w, r, s: w.startswith("NameError"),
}


def agree(first, second):
    return not isinstance(first, str) and np.shape(first) == np.shape(second) and np.allclose(first, second, atol=1e-7)


def test_every_code_is_explained_and_nothing_else():
    assert list(explanations()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_an_explanation_is_whole_and_short(code):
    found = explanation(code)
    assert found.title.endswith(".")
    assert len(found.title) < 75
    for text in (found.means, found.why, found.numbers, found.fix):
        assert text.endswith(".")
        assert 20 < len(text) < 330
        assert text.count("`") % 2 == 0
    assert found.means.count(". ") == 0, "what happened is said in one sentence"


@pytest.mark.parametrize("code", [code for code in CODES if FAMILY_OF[code] in MATHEMATICS])
def test_a_mistake_of_mathematics_is_shown_on_paper(code):
    paper = explanation(code).paper
    assert paper is not None
    assert paper[0] != paper[1]


@pytest.mark.parametrize("code", CODES)
def test_the_code_of_an_example_is_python_and_fits_a_terminal(code):
    example = explanation(code).example
    for text in (example.setup, example.right, *([] if code == "syntax" else [example.wrong])):
        ast.parse(text)
        assert max(map(len, text.splitlines()), default=0) <= 76
    assert example.wrong != example.right


def test_only_what_cannot_be_run_is_not_run():
    assert set(CODES) - set(WITH_NUMBERS) == {"times-out", "forbidden"}


@pytest.mark.parametrize("code", WITH_NUMBERS)
def test_the_versions_of_an_example_differ_as_the_code_says(code):
    example = explanation(code).example
    outcome = run(example)
    assert not isinstance(outcome.right, str), outcome.right
    if code not in RELATIONS:
        assert not agree(outcome.wrong, outcome.right)
    else:
        with np.errstate(all="ignore"):
            assert RELATIONS[code](outcome.wrong, outcome.right, names(example))


@pytest.mark.parametrize("code", WITH_LOSS)
def test_central_differences_agree_with_the_right_version_and_not_with_the_wrong_one(code):
    outcome = run(explanation(code).example)
    assert agree(outcome.right, outcome.measured)
    assert not agree(outcome.wrong, outcome.measured)


def test_every_example_without_a_loss_has_a_relation():
    assert set(WITH_NUMBERS) - set(WITH_LOSS) <= {*RELATIONS, "wrong-metric"}


def test_underscores_and_capitals_are_accepted():
    assert explanation("Softmax_Axis").code == "softmax-axis"


@pytest.mark.parametrize(
    ("misspelt", "meant"), [("sign-fliped", "sign-flipped"), ("Mean_mising", "mean-missing"), ("sofmax", "softmax")]
)
def test_a_misspelt_code_or_family_is_answered_with_the_closest(misspelt, meant):
    with pytest.raises(UsageError, match=f"Did you mean {meant}"):
        explanation(misspelt)


def test_a_code_wins_over_the_family_of_the_same_name():
    assert family_named("unknown") is None
    assert explanation("unknown").code in CODES_BY_FAMILY[Family.UNKNOWN]


def test_code_in_a_sentence_is_not_typeset():
    assert typeset("the sum of `x_i - sum_i` over sum_i") == "the sum of x_i - sum_i over Σᵢ"


@pytest.mark.parametrize("code", ["sum-missing", "times-out", "raises", "free-index"])
def test_the_command_shows_the_example_and_its_judge(run_command, code):
    done = run_command("explain", code, env={"COLUMNS": "80"})
    assert done.returncode == 0
    assert ("central differences" in done.stdout) == (code in WITH_LOSS)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_a_family_is_answered_with_its_codes_and_titles(run_command):
    done = run_command("explain", "sign")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()[1:4]] == list(CODES_BY_FAMILY[Family.SIGN])
    assert explanation("term-sign").title in done.stdout
    assert "sum-missing" not in done.stdout
