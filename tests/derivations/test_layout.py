"""Formulas are set in the order of a textbook, not in SymPy's."""

from __future__ import annotations

import pytest
import sympy
from sympy.core.parameters import distribute

from derivations.expressions import Adjoint, Delta, Entry, Index, Partial, SumOver
from derivations.functions import absolute, exp, improved_sigmoid, log, logcosh, relu, sigmoid, softplus, step, tanh
from derivations.layout import Bracketed, Derivative, Fence, Fraction, Number, Terms, ends_open
from derivations.line_breaking import formula_lines
from derivations.model import Model, Sum
from derivations.notation import Notation, read_name
from derivations.typesetting import Typesetter, decimal
from derivations.unicode_text import unicode_text

MODEL = Model("sample", "A sample")
n, p, M = MODEL.sizes(n="samples", p="features", M="classes")
i, j, m, l = MODEL.indices(i=n, j=p, m=M, l=M)  # noqa: E741
x, y = MODEL.data("x", n, p), MODEL.data("y", n)
w, b, W = MODEL.parameter("w", p), MODEL.parameter("b"), MODEL.parameter("W", M, p)
lam, reg = MODEL.constant("lambda"), MODEL.constant("reg")
z, L, J = MODEL.node("z"), MODEL.node("L"), MODEL.loss("J")
z[i] = Sum(w[j] * x[i, j], j) + b
L[i] = (y[i] - z[i]) ** 2
J[()] = Sum(L[i], i) / n + lam * Sum(w[j] ** 2, j) + reg * b**2
TYPESETTER = Typesetter(Notation.of(MODEL))
by_z, by_loss = Adjoint(sympy.Symbol("z"), i), Adjoint(sympy.Symbol("L"), i)


def text(expression: sympy.Expr) -> str:
    return unicode_text(TYPESETTER.layout(sympy.sympify(expression)))


def entry(name: str, *indices: Index) -> Entry:
    return Entry(sympy.Symbol(name), *indices)


def undistributed(build: object) -> sympy.Expr:
    with distribute(False):
        return build()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (y[i] - z[i], "yᵢ − zᵢ"),
        (-y[i] + z[i], "zᵢ − yᵢ"),
        (1 - z[i], "1 − zᵢ"),
        (z[i] - 1, "zᵢ − 1"),
        (-z[i] - y[i], "−yᵢ − zᵢ"),
        (Sum(w[j] * x[i, j], j) + b, "Σⱼ wⱼ xᵢⱼ + b"),
        (lam * Sum(w[j] ** 2, j) + Sum(L[i], i) / n, "(1/n) Σᵢ Lᵢ + λ Σⱼ wⱼ²"),
        (log(Sum(exp(z[i]), i)) - y[i] * z[i], "ln Σᵢ exp(zᵢ) − yᵢ zᵢ"),
    ],
)
def test_terms_come_in_textbook_order(expression: sympy.Expr, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (undistributed(lambda: 2 * (z[i] - y[i]) / n * x[i, j]), "(2/n) (zᵢ − yᵢ) xᵢⱼ"),
        (undistributed(lambda: (1 - z[i]) * z[i] * by_z), "∂J/∂zᵢ · zᵢ (1 − zᵢ)"),
        (undistributed(lambda: 2 * (z[i] - y[i]) * by_loss), "2 ∂J/∂Lᵢ · (zᵢ − yᵢ)"),
        (Delta(i, Index("i'", n)) * z[i], "δᵢᵢ′ zᵢ"),
        (z[i] * Sum(y[i], i), "zᵢ Σᵢ yᵢ"),
        (Sum(y[i], i) * Sum(z[i], i), "(Σᵢ yᵢ) Σᵢ zᵢ"),
        (Sum(x[i, j] * by_z, i), "Σᵢ ∂J/∂zᵢ · xᵢⱼ"),
        (by_z * Partial(z[i], w[j]), "∂J/∂zᵢ · ∂zᵢ/∂wⱼ"),
        (x[i, j] * W[m, j], "wₘⱼ xᵢⱼ"),
        (y[i] * log(z[i]), "yᵢ ln zᵢ"),
        (lam * w[j] * 2, "2 λ wⱼ"),
        (reg * b, "reg b"),
    ],
)
def test_factors_come_in_textbook_order(expression: sympy.Expr, expected: str) -> None:
    assert text(expression) == expected


def test_two_matrices_follow_their_indices_like_a_matrix_product() -> None:
    assert text(entry("V", j, m) * entry("x", i, j)) == "xᵢⱼ vⱼₘ"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (-y[i] / z[i], "−yᵢ / zᵢ"),
        (-y[i] / z[i] / n, "−(1/n) yᵢ / zᵢ"),
        (undistributed(lambda: (z[i] - y[i]) / (z[i] * (1 - z[i]))), "(zᵢ − yᵢ) / (zᵢ (1 − zᵢ))"),
        (exp(z[i]) / Sum(exp(z[i]), i), "exp(zᵢ) / Σᵢ exp(zᵢ)"),
        (1 / z[i], "1 / zᵢ"),
        (1 / z[i] ** 2, "1 / zᵢ²"),
        (sympy.Rational(1, 2) * z[i], "(1/2) zᵢ"),
        (lam / 2 * b, "(λ/2) b"),
        (1 / n, "1/n"),
    ],
)
def test_negative_powers_are_fractions(expression: sympy.Expr, expected: str) -> None:
    assert text(expression) == expected


def test_a_sum_of_terms_above_a_line_is_bracketed_on_one_line_only() -> None:
    layout = TYPESETTER.layout(undistributed(lambda: (z[i] - y[i]) / z[i]))
    assert isinstance(layout, Fraction)
    assert isinstance(layout.above, Terms)
    assert unicode_text(layout) == "(zᵢ − yᵢ) / zᵢ"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (z[i] ** 2, "zᵢ²"),
        (b**2, "b²"),
        ((y[i] - z[i]) ** 2, "(yᵢ − zᵢ)²"),
        (tanh(z[i]) ** 2, "tanh(zᵢ)²"),
        (log(z[i]) ** 2, "(ln zᵢ)²"),
        (Sum(z[i], i) ** 2, "(Σᵢ zᵢ)²"),
        (entry("z2", i) ** 2, "(z⁽²⁾ᵢ)²"),
        (absolute(z[i]) ** 2, "|zᵢ|²"),
        (z[i] ** sympy.Rational(1, 2), "zᵢ^(1/2)"),
    ],
)
def test_powers(expression: sympy.Expr, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (relu(z[i]), "relu(zᵢ)"),
        (relu(1 - y[i] * z[i]), "max(0, 1 − yᵢ zᵢ)"),
        (step(z[i]), "1[zᵢ > 0]"),
        (step(1 - absolute(z[i])), "1[|zᵢ| < 1]"),
        (step(1 - y[i] * z[i]), "1[yᵢ zᵢ < 1]"),
        (step(y[i] - 2), "1[yᵢ > 2]"),
        (step(1 + z[i] - y[i]), "1[1 + zᵢ − yᵢ > 0]"),
        (sigmoid(z[i]), "σ(zᵢ)"),
        (log(1 - z[i]), "ln(1 − zᵢ)"),
        (softplus(z[i]), "ln(1 + exp(zᵢ))"),
        (logcosh(z[i]), "ln cosh(zᵢ)"),
        (improved_sigmoid(z[i]), "1.7159 tanh((2/3) zᵢ)"),
    ],
)
def test_functions(expression: sympy.Expr, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(sympy.Rational(17159, 10000), "1.7159"), (sympy.Rational(1, 20), "0.05"), (sympy.Rational(2, 3), None),
     (sympy.Rational(1, 2), None), (sympy.Integer(2), None)],
)  # fmt: skip
def test_only_numbers_typed_with_a_point_are_decimal(number: sympy.Rational, expected: str | None) -> None:
    assert decimal(number) == expected


def test_division_by_a_decimal_number_is_written_below_the_line() -> None:
    assert text(z[i] ** 2 / sympy.Rational(17159, 10000)) == "zᵢ² / 1.7159"


def test_brackets_in_brackets_change_shape() -> None:
    inner = undistributed(lambda: y[i] * (1 - z[i]) + 1)
    assert text(undistributed(lambda: 2 * inner)) == "2 [1 + (1 − zᵢ) yᵢ]"


def test_a_derivative_that_holds_a_path_fixed_says_so() -> None:
    held = TYPESETTER.layout(Partial(J[()], w[j]))
    assert isinstance(held, Derivative)
    assert [letter.text for letter in held.held] == ["L"]
    plain = TYPESETTER.layout(Partial(L[i], z[i]))
    assert isinstance(plain, Derivative)
    assert plain.held == ()


def test_the_derivative_of_a_formula_is_an_operator_with_brackets() -> None:
    assert text(Partial(Sum(w[j] * x[i, j], j) + b, w[j])) == "∂/∂wⱼ [Σⱼ wⱼ xᵢⱼ + b]"


@pytest.mark.parametrize(
    ("name", "letter", "accent", "layer"),
    [("W2", "W", "", "2"), ("y_hat", "y", "hat", ""), ("ŷ", "y", "hat", ""), ("lambda", "λ", "", ""),
     ("reg", "reg", "", ""), ("z_1", "z", "", "1"), ("z_bar3", "z", "bar", "3"), ("x", "x", "", "")],
)  # fmt: skip
def test_names_are_read_as_letter_accent_and_layer(name: str, letter: str, accent: str, layer: str) -> None:
    found = read_name(name)
    assert (found.letter.text, found.letter.accent.value, found.layer) == (letter, accent, layer)


def test_what_ends_open_is_bracketed_before_another_factor() -> None:
    assert ends_open(TYPESETTER.layout(Sum(z[i], i)))
    assert ends_open(TYPESETTER.layout(log(z[i])))
    assert not ends_open(Bracketed(Number("1"), Fence.ROUND))
    assert text(log(z[i]) * log(y[i])) == "(ln yᵢ) ln zᵢ"


def test_sums_over_two_indices_are_two_signs() -> None:
    assert text(SumOver(x[i, j] ** 2, i, j)) == "Σᵢ Σⱼ xᵢⱼ²"


def test_a_negative_body_of_a_sum_is_bracketed() -> None:
    assert text(SumOver(-z[i], i)) == "Σᵢ (−zᵢ)"


@pytest.mark.parametrize("width", [5, 12, 20, 30])
def test_broken_lines_hold_the_whole_formula(width: int) -> None:
    formula = text(J[()].func(*J[()].args)) + " = " + text(MODEL.definition("J").value)
    lines = formula_lines(formula, width)
    assert " ".join(lines) == formula
    assert all(len(line) <= width or " " not in line for line in lines[1:])
