"""What written formulas say, one decision of notation after the other."""

from __future__ import annotations

import pytest

from derivations.written.faults import FormulaError
from derivations.written.grammar.sides import Reach, Reading, parse_condition, parse_side
from derivations.written.source.document import read_document
from derivations.written.source.lines import clean
from derivations.written.source.macros import PHYSICS
from derivations.written.source.tokens import Macro, tokenise
from derivations.written.terms import (
    Call,
    Cases,
    Condition,
    Derivative,
    Dots,
    Entries,
    Grid,
    Indicator,
    Name,
    Negative,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Raised,
    Script,
    Term,
    Terms,
    Times,
    Total,
    Transposed,
)


def side(text: str, **reading: Reach) -> Term:
    return parse_side(clean(tokenise(text, macros=MACROS)), Reading(**reading))


def name(base: str, *below: str, sup: tuple[Script, ...] = (), **more: object) -> Name:
    return Name(base, sub=tuple(Name(letter) for letter in below), sup=sup, **more)  # type: ignore[arg-type]


def number(value: int) -> Number:
    return Number(float(value), str(value))


def times(*factors: Term, sign: Times = Times.JUXTAPOSED) -> Product:
    return Product(factors, (sign,) * (len(factors) - 1))


def above(body: Term, raised: Raised = Raised.BARE) -> tuple[Script, ...]:
    return (Script(body, raised),)


def word(base: str) -> Name:
    return Name(base, font="text")


MACROS = {
    "lay": Macro(1, "^{[#1]}"),
    "dif": Macro(2, r"\frac{\partial #1}{\partial #2}", default="J"),
    "W": Macro(0, "w_{kj}"),
}
W, X, B, Z, C = (Name(letter) for letter in "WxbzC")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (r"\frac{\partial C}{\partial w_{kj}}", Derivative(C, (name("w", "k", "j"),))),
        (r"\frac{dC}{dz}", Derivative(C, (Z,))),
        (r"\frac{\mathrm d C}{\mathrm d z}", Derivative(C, (Z,))),
        (r"\partial C/\partial z", Derivative(C, (Z,))),
        (r"dC/dz", Derivative(C, (Z,))),
        (r"∂C/∂z", Derivative(C, (Z,))),
        (r"\frac{\partial}{\partial x} C", Derivative(C, (X,), form="operator")),
        (r"d/dx C", Derivative(C, (X,), form="operator")),
        (r"\nabla_W C", Derivative(C, (W,), form="nabla")),
        (r"\nabla C", Derivative(C, (), form="nabla")),
        (r"\partial_k C", Derivative(C, (name("k"),), form="index")),
        (r"dW", Derivative(None, (W,), form="named")),
        (r"\mathrm d W", Call(word("differential"), (W,))),
        (r"\dif{z}", Derivative(Name("J"), (Z,))),
        (r"\dif[C]{z}", Derivative(C, (Z,))),
        (r"\frac{\partial C}{\partial \W}", Derivative(C, (name("w", "k", "j"),))),
        (r"\frac{d_1}{d_2}", Quotient(Name("d", sub=(number(1),)), Name("d", sub=(number(2),)))),
        (r"\frac{\delta C}{\delta z}", Derivative(C, (Z,))),
        (r"{\partial C \over \partial z}", Derivative(C, (Z,))),
        (r"{d \over dx} C", Derivative(C, (X,), form="operator")),
        (r"d(W)/dx", Derivative(Terms((W,)), (X,))),
        (r"\frac{\partial_k C}{C}", Quotient(Derivative(C, (name("k"),), form="index"), C)),
        (r"\frac{\partial W^2}{\partial x}", Derivative(name("W", sup=above(number(2))), (X,))),
        (r"\frac{\partial C}{\partial W^2}", Derivative(C, (name("W", sup=above(number(2))),))),
    ],
)
def test_derivatives(text: str, term: Term) -> None:
    assert side(text) == term


@pytest.mark.parametrize(
    ("text", "first", "second", "form"),
    [
        (r"\frac{\partial^2 C}{\partial w_j \partial w_k}", name("w", "j"), name("w", "k"), "partial"),
        (r"\frac{\partial^2 C}{\partial w^2}", Name("w"), Name("w"), "partial"),
        (r"\frac{d^2 C}{dw\,dz}", Name("w"), Z, "partial"),
        (r"∂²C/∂w²", Name("w"), Name("w"), "partial"),
        (r"\frac{\partial^2 C}{\partial w\,\partial w^\top}", Name("w"), Name("w"), "hessian"),
    ],
)
def test_second_derivatives_are_derivatives_of_derivatives(text: str, first: Term, second: Term, form: str) -> None:
    assert side(text) == Derivative(Derivative(C, (second,)), (first,), form=form)


def test_nabla_squared_is_a_hessian() -> None:
    expected = Derivative(Derivative(C, (W,), form="nabla"), (W,), form="hessian")
    assert side(r"\nabla^2_W C") == side(r"\nabla_W^2 C") == expected


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (r"\frac{\partial C}{w}", "below"),
        (r"\frac{C}{\partial w}", "above"),
        (r"\frac{\partial C}{\partial w}", ""),
    ],
)
def test_a_missing_partial_sign_is_put_in_and_noted(text: str, missing: str) -> None:
    term = side(text)
    assert term == Derivative(C, (Name("w"),))
    assert isinstance(term, Derivative)
    assert term.missing == missing


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (r"w_{kj}", name("w", "k", "j")),
        (r"w_{k,j}", name("w", "k", "j")),
        (r"w_{m_j}", Name("w", sub=(name("m", "j"),))),
        (r"W_{new}", Name("W", sub=(word("new"),))),
        (r"W^{new}", name("W", sup=above(word("new")))),
        (r"y_{l-1}", Name("y", sub=(Terms((name("l"), Negative(number(1)))),))),
        (r"z_{k'}", name("z", "k'")),
        (r"e^{z_{k'}}", Power(Name("e", font="constant"), name("z", "k'"))),
        (r"x^n", name("x", sup=above(name("n")))),
        (r"x^{k'}", name("x", sup=above(name("k'")))),
        (r"x^{(i)}", name("x", sup=above(name("i"), Raised.ROUND))),
        (r"x^(i)", name("x", sup=above(name("i"), Raised.ROUND))),
        (r"a\lay{2}", name("a", sup=above(number(2), Raised.SQUARE))),
        (r"a^{[2](i)}", name("a", sup=above(number(2), Raised.SQUARE) + above(name("i"), Raised.ROUND))),
        (r"f'(x)", Call(Name("f", primes=1), (X,))),
        (r"\sigma^{\prime}", Name("sigma", primes=1)),
        (r"W^{(2)T}", Transposed(name("W", sup=above(number(2), Raised.ROUND)))),
        (r"a\lay{2}{}^T", Transposed(name("a", sup=above(number(2), Raised.SQUARE)))),
        (r"W^{\mathsf T}", Transposed(W)),
        (r"W^\mathrm{T}", Transposed(W)),
        (r"W^{\intercal}", Transposed(W)),
        (r"W^*", name("W", sup=above(word("star")))),
        (r"W^\star", name("W", sup=above(word("star")))),
        (r"z\_m", name("z", "m")),
        (r"\hat{y}_k", name("y", "k", accent="hat")),
        (r"\hat y_k", name("y", "k", accent="hat")),
        (r"ŷ", Name("y", accent="hat")),
        ("y\u0302", Name("y", accent="hat")),
        (r"xᵢⱼ", name("x", "i", "j")),
        (r"x⁽ⁱ⁾", name("x", sup=above(name("i"), Raised.ROUND))),
        (r"\mathbf{w}", Name("w", font="bold")),
        (r"\mathcal L", Name("L")),
        (r"\mathrm{ReLU}", word("relu")),
        (r"\mathrm{\hat y}", Name("y", accent="hat")),
    ],
)
def test_names_and_their_scripts(text: str, term: Term) -> None:
    assert side(text) == term


def test_two_superscripts_one_after_the_other_are_refused_where_the_second_stands() -> None:
    with pytest.raises(FormulaError, match="two superscripts") as caught:
        side("e^{z_k}^n")
    assert (caught.value.start, caught.value.end) == (7, 9)


@pytest.mark.parametrize(
    ("text", "indices", "start", "end", "but"),
    [
        (r"\sum_{i=1}^{n} x", "i", number(1), name("n"), None),
        (r"\sum^{n}_{i=1} x", "i", number(1), name("n"), None),
        (r"\sum\limits_i x", "i", None, None, None),
        (r"\sum_{k'}^K x", ["k'"], None, name("K"), None),
        (r"\sum x", "", None, None, None),
        (r"\sum_{i,j} x", "ij", None, None, None),
        (r"\sum_{k \neq i} x", "k", None, None, Condition(name("k"), "ne", name("i"))),
        (r"\sum_{k=1, k \neq i}^{K} x", "k", number(1), name("K"), Condition(name("k"), "ne", name("i"))),
        (r"\sum_{\substack{k=1\\k \neq i}}^{K} x", "k", number(1), name("K"), Condition(name("k"), "ne", name("i"))),
        (r"\sum_{i \in S} x", "i", None, None, None),
        (r"\sum_{i : z_i > 0} x", "i", None, None, Condition(name("z", "i"), ">", number(0))),
        (r"\underset{i}{\sum} x", "i", None, None, None),
    ],
)
def test_what_a_sum_runs_over(
    text: str, indices: str, start: Term | None, end: Term | None, but: Condition | None
) -> None:
    assert side(text) == Total("sum", tuple(Name(letter) for letter in indices), start, end, but, X)


def test_how_far_operators_reach_is_a_reading() -> None:
    terms = Terms((W, X))
    assert side(r"\sum_i W + x") == Terms((Total("sum", (name("i"),), None, None, None, W), X))
    entries = (name("W", "i"), name("x", "i"))
    of_all = Total("sum", (name("i"),), None, None, None, Terms(entries))
    assert side(r"\sum_i W_i + x_i", total=Reach.SIDE) == of_all
    assert side(r"\sum_i W_i + x_i + x", total=Reach.SIDE) == Terms((of_all, X))
    assert side(r"\frac{d}{dz} W + x", derivative=Reach.SIDE) == Derivative(terms, (Z,), form="operator")
    assert side(r"\log W x") == times(Call(word("log"), (W,)), X)
    assert side(r"\log W x", function=Reach.TERM) == Call(word("log"), (times(W, X),))


@pytest.mark.parametrize(
    "text",
    [r"1\{i = j\}", r"\mathbb{1}\{i = j\}", r"\mathbb 1[i=j]", r"\mathbf 1_{\{i=j\}}", r"I\{i = j\}", r"[i = j]",
     r"\mathbb{I}(i == j)", r"1[i = j]", r"\delta_{i = j}", r"1_{i = j}"],
)  # fmt: skip
def test_indicators(text: str) -> None:
    assert side(text) == Indicator(Condition(name("i"), "=", name("j")))


def test_an_inequality_in_brackets_is_an_indicator() -> None:
    assert side("(z > 0)") == Indicator(Condition(Z, ">", number(0)))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (r"i \neq j", Condition(name("i"), "ne", name("j"))),
        (r"i \not= j", Condition(name("i"), "ne", name("j"))),
        (r"i != j", Condition(name("i"), "ne", name("j"))),
        (r"0 < z < 1", Condition(number(0), "<", Z, Condition(Z, "<", number(1)))),
        (r"\text{otherwise}", None),
    ],
)
def test_conditions(text: str, condition: Condition | None) -> None:
    assert parse_condition(clean(tokenise(text))) == condition


@pytest.mark.parametrize(
    "text",
    [r"\begin{cases} W & i = j \\ x & \text{otherwise} \end{cases}",
     r"\begin{cases} W, & \text{if } i = j \\ x, & i \neq j \end{cases}".replace(r"i \neq j", r"\text{else}"),
     r"\left\{ \begin{array}{ll} W & \mbox{if $i = j$} \\[2pt] x & \mbox{else} \end{array} \right."],
)  # fmt: skip
def test_cases(text: str) -> None:
    assert side(text) == Cases(((W, Condition(name("i"), "=", name("j"))), (X, None)))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        (r"W x", times(W, X)),
        (r"W \cdot x", times(W, X, sign=Times.DOT)),
        (r"W * x", times(W, X, sign=Times.STAR)),
        (r"W \times x", times(W, X, sign=Times.CROSS)),
        (r"W \odot x", times(W, X, sign=Times.HADAMARD)),
        (r"W \circ x", times(W, X, sign=Times.HADAMARD)),
        (r"W · x", times(W, X, sign=Times.DOT)),
        (r"W/x", Quotient(W, X)),
        (r"\frac12", Quotient(number(1), number(2))),
        (r"\frac Wx", Quotient(W, X)),
        (r"\frac 0.5 x", Quotient(Number(0.5, "0.5"), X)),
        (r"-W - -x", Terms((Negative(W), X))),
        (r"W − x", Terms((W, Negative(X)))),
        (r"\exp(z)", Call(word("exp"), (Z,))),
        (r"exp(z)", Call(word("exp"), (Z,))),
        (r"\exp^{z}", Call(word("exp"), (Z,))),
        (r"ln z", Call(word("ln"), (Z,))),
        (r"\log 2", Call(word("log"), (number(2),))),
        (r"\text{softmax}(z)", Call(word("softmax"), (Z,))),
        (r"p(x|z)", Call(Name("p"), (X, Z))),
        (
            r"\lambda(|x| + |z|)",
            Product(
                (Name("lambda"), Terms((Terms((Norm(X, "2", is_bar=True), Norm(Z, "2", is_bar=True))),))),
                (Times.JUXTAPOSED,),
            ),
        ),
        (r"\|W\|_F^2", Power(Norm(W, "F"), number(2))),
        (r"\|W\|^2_F", Power(Norm(W, "F"), number(2))),
        (r"||x||_2", Norm(X, "2")),
        (r"\left|x\right|", Norm(X, "2", is_bar=True)),
        (r"(W x)_i", Entries(Terms((times(W, X),)), (name("i"),))),
        (r"x!", Call(word("factorial"), (X,))),
        (r"\langle W, x \rangle", Call(word("inner"), (W, X))),
        (r"\{0, 1\}", Call(word("set"), (number(0), number(1)))),
        (r"1..n", Call(word("set"), (number(1), Dots(), name("n")))),
        (r"(1, 2)^T", Transposed(Grid(((number(1), number(2)),)))),
        (r"\begin{pmatrix} 1 & 2 \\ x & z \end{pmatrix}", Grid(((number(1), number(2)), (X, Z)))),
        (r"50\,\%", Quotient(number(50), Number(100.0, "100"))),
        (r"C|_{x=1}", Call(word("at"), (C, Condition(X, "=", number(1))))),
        (r"\cancelto{1}{x}", X),
        (r"\boxed{\underline{\color{red} x}} \tag{3} \label{eq:x}", X),
        (r"\underbrace{x}_{= 1}", X),
        (r"\sqrt{x}", Power(X, Number(0.5, "1/2"))),
        (r"1{,}000", Number(1000.0, "1{,}000")),
        (r"0{,}5", Number(0.5, "0{,}5")),
        (r"\hspace*{1cm} x \blacksquare", X),
        (r"\{x_i\}_{i=1}^n", Call(word("set"), (name("x", "i"),))),
        (r"{1 \over 2}", Quotient(number(1), number(2))),
    ],
)
def test_products_functions_and_brackets(text: str, term: Term) -> None:
    assert side(text) == term


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        (r"\pdv{C}{z}", r"\frac{\partial C}{\partial z}"),
        (r"\pdv{z} C", r"\frac{\partial}{\partial z} C"),
        (r"\pdv[2]{C}{z}", r"\frac{\partial^2 C}{\partial z^2}"),
        (r"\pdv{C}{z}{x}", r"\frac{\partial^2 C}{\partial z \partial x}"),
        (r"\dv{C}{z}", r"\frac{dC}{dz}"),
        (r"\dv[2]{C}{z}", r"\frac{d^2 C}{dz^2}"),
        (r"\qty(W x)", r"(W x)"),
        (r"\grad_{\vb w} C", r"\nabla_{\mathbf w} C"),
    ],
)
def test_macros_of_the_package_physics(text: str, latex: str) -> None:
    document = read_document("a.tex", rf"\usepackage{{amsmath, physics}} ${text}$")
    assert document.macros["dv"] == PHYSICS["dv"]
    assert parse_side(clean(tokenise(text, macros=document.macros))) == side(latex)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        (r"\foo{x}", r"the macro \\foo is not known", (0, 4)),
        (r"x + )", r"'\)' is not expected", (4, 5)),
        (r"(x", r"'\(' is opened here and not closed", (0, 1)),
        (r"x_{i=j}", "a condition stands in a subscript", (3, 6)),
        (r"x + {}", "these braces are empty, and nothing follows", (4, 6)),
        (r"\frac{1}{}", "this fraction has an empty part", (0, 10)),
        (r"x +", "the formula ends where something should follow", (2, 3)),
        (r"\partial C", r"\\partial stands alone", (0, 8)),
        (r"\sum_{3} x", "what a sum runs over must be a letter", (6, 7)),
        (r"x \infty", r"\\infty has no value", (2, 8)),
        (r"\hat{a+b}", "stands over something that is no name", (0, 9)),
        (r"z_{:}", "a whole row or column", (3, 4)),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(FormulaError, match=message) as caught:
        side(text)
    assert (caught.value.start, caught.value.end) == place


def test_macros_without_end_are_refused() -> None:
    with pytest.raises(FormulaError, match="expands without end"):
        tokenise(r"\x", macros={"x": Macro(0, r"\x\x")})


def test_every_part_knows_its_place() -> None:
    text = r"\frac{\partial C}{\partial w} = \left( W x \right)^2"
    term = side(text.split("=")[1])
    assert isinstance(term, Power)
    assert term.span == (1, 21)
    assert term.base.span == (1, 19)
    assert [part.span for part in term.walk() if part == X] == [(10, 11)]
