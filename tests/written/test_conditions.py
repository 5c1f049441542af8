"""Conditions: a statement is judged where the condition holds that it is made under, a function in all its cases."""

from __future__ import annotations

import pytest

from derivations.written import verify
from derivations.written.verdicts import CheckedStatement, Judgement

ABSOLUTE = r"$L = |y-\hat y|$."
LEAKY = r"$f(x) = \max(\alpha x, x)$."
RELU = r"Let $a = \max(0, z)$."
HUBER = (
    r"$\rho(r) = \begin{cases}\frac12 r^2 & |r|\le\delta\\"
    r" \delta(|r|-\frac12\delta) & \text{otherwise}\end{cases}$."
)
HINGE = r"$L = \max(0,1-yz)$."
ABOVE_TWO = r"$f(x) = \begin{cases}x^2 & x>2\\4 & x\le2\end{cases}$"
BELOW = r"$f(x) = \begin{cases}x^2 & x<-3\\9 & x\ge-3\end{cases}$"
CLIPPED = r"$h(x)=\min(\max(0,x),6)$."
SOFTMAX = r"$s_i = \frac{e^{z_i}}{\sum_ke^{z_k}}$."
PIECES = r"$H_i = r_i^2/2$ for $|r_i| \le d$, $H_i = d (|r_i| - d/2)$ for $|r_i| > d$, where $r_i = f_i - t_i$."

RIGHT_LINES = [
    (ABSOLUTE, r"If $\hat y < y$, then $\frac{\partial L}{\partial\hat y} = -1$."),
    (ABSOLUTE, r"If $\hat y > y$, then $\frac{\partial L}{\partial\hat y} = 1$."),
    (r"$L = |r|$.", r"If $r>0$: $\frac{\partial L}{\partial r} = 1$."),
    (r"$L = |r|$.", r"If $r<0$: $\frac{\partial L}{\partial r} = -1$."),
    (LEAKY, r"For $x<0$: $f'(x) = \alpha$."),
    (RELU, r"$\frac{da}{dz} = 1$ if $z > 0$."),
    (RELU, r"If $z > 0$, $\frac{da}{dz} = 1$; otherwise $\frac{da}{dz} = 0$."),
    (r"Let $a = \text{ReLU}(z)$.", r"If $z > 0$, $\frac{da}{dz} = 1$; otherwise $\frac{da}{dz} = 0$."),
    (RELU, r"$\frac{da}{dz} = 0$ when $z < 0$."),
    (HUBER, r"$\rho'(r) = \delta$ if $r > \delta$."),
    (HUBER, r"$\rho'(r) = r$ if $|r| \le \delta$."),
    (HINGE, r"If $yz<1$: $\frac{\partial L}{\partial z} = -y$."),
    (ABOVE_TWO, r"$f'(x) = \begin{cases}2x & x>2\\0 & x\le2\end{cases}$"),
    (BELOW, r"$f'(x) = \begin{cases}2x & x<-3\\0 & x\ge-3\end{cases}$"),
    (CLIPPED, r"$h'(x)=\mathbb 1[0<x<6]$"),
    (SOFTMAX, r"\[ \frac{\partial s_i}{\partial z_j} = s_i(1-s_i) \quad (i=j), \qquad \ldots \]"),
    (r"$f(x) = \max(\alpha x, x)$ with $\alpha > 1$.", r"For $x<0$: $f'(x) = 1$."),
    (r"$f(x) = x$ if $x > 0$ and $f(x) = 0.1 x$ otherwise.", r"$f'(x) = 1$ for $x > 0$, $f'(x) = 0.1$ otherwise."),
    (PIECES, r"$\frac{\partial H_i}{\partial f_i} = \min(d, \max(-d, r_i))$"),
    (SOFTMAX, "## Case $i \\neq j$\n\n" r"$\frac{\partial s_i}{\partial z_j} = -s_i s_j$."),
]


@pytest.mark.parametrize(("text", "line"), RIGHT_LINES, ids=[line for _, line in RIGHT_LINES])
def test_what_holds_under_its_condition_is_right(text: str, line: str) -> None:
    assert {s.judgement for s in _said(text, line)} == {Judgement.RIGHT}


WRONG_LINES = [
    (ABSOLUTE, r"If $\hat y < y$, then $\frac{\partial L}{\partial\hat y} = 1$."),
    (r"$L = |r|$.", r"If $r>0$: $\frac{\partial L}{\partial r} = -1$."),
    (RELU, r"$\frac{\partial a}{\partial z} = 0$ when $z > 0$."),
    (r"$a_i = \max(0, z_i)$.", r"$\frac{\partial a_i}{\partial z_i} = 0$ when $z_i > 0$."),
    (HINGE, r"If $yz>1$: $\frac{\partial L}{\partial z} = -y$."),
    (ABOVE_TWO, r"$f'(x) = \begin{cases}3x & x>2\\0 & x\le2\end{cases}$"),
    (BELOW, r"$f'(x) = \begin{cases}3x & x<-3\\0 & x\ge-3\end{cases}$"),
    (r"$a=\min(\max(0,z),6)$.", r"$\frac{\partial a}{\partial z}=\mathbb 1[z>0]$"),
    (SOFTMAX, r"For $i \ne j$, $\frac{\partial s_i}{\partial z_j} = s_i s_j$."),
    (
        SOFTMAX + "\n\n" r"For $i\ne j$, $\frac{\partial s_i}{\partial z_j} = -s_is_j$.",
        r"For all $i$ and $j$, $\frac{\partial s_i}{\partial z_j} = -s_is_j$.",
    ),
    (
        SOFTMAX + "\n\n## Case $i\\neq j$\n\n" r"$\frac{\partial s_i}{\partial z_j} = -s_is_j$.",
        "## Loss\n\n" r"$\frac{\partial s_i}{\partial z_j} = -s_is_j$.",
    ),
    (
        r"$L = \sum_i (y_i - \beta_0 - \beta_1 x_i)^2$. Setting to zero:",
        r"$\frac{\partial L}{\partial \beta_1} = 2 \sum_i x_i (y_i - \beta_0 - \beta_1 x_i)$",
    ),
]


@pytest.mark.parametrize(("text", "line"), WRONG_LINES, ids=[line for _, line in WRONG_LINES])
def test_what_fails_under_its_condition_is_wrong(text: str, line: str) -> None:
    assert [s.judgement for s in _said(text, line)] == [Judgement.WRONG]


ONE_CASE = [
    (r"$f(x) = \max(0,x)$.", r"$f'(x)=1$"),
    (r"$f(x) = \max(0,x)$.", r"$f'(x)=0$"),
    (r"$f(x) = \max(0,x)$.", r"$f'(x)=0$ for $x>0$"),
    (r"$f(x) = |x|$.", r"For $x<0$, $f'(x)=1$."),
    (r"$f(x) = \max(0.01x, x)$.", r"$f'(x)=1$"),
    (r"$f(x) = \max(0.01x, x)$.", r"$f'(x)=0.01$"),
    (LEAKY, r"For $x<0$: $f'(x) = 1$."),
    (HUBER, r"$\rho'(r) = r$."),
    (HUBER, r"$\rho'(r) = r$ if $r > \delta$."),
    (CLIPPED, r"$h'(x)=\mathbb 1[x>0]$"),
    (r"$h(x)=\max(-1, \min(1,x))$.", r"$h'(x)=\mathbb 1[x>-1]$"),
    (r"$h(x) = \max(0, \min(1, 0.2 x + 0.5))$.", r"$h'(x) = 0.2$"),
]


@pytest.mark.parametrize(("text", "line"), ONE_CASE, ids=[line for _, line in ONE_CASE])
def test_what_holds_in_another_case_only_is_not_right(text: str, line: str) -> None:
    assert {s.judgement for s in _said(text, line)} <= {Judgement.WRONG, Judgement.NOT_CHECKABLE}


IN_WORDS = [
    (RELU, r"For positive $z$ we have $\frac{\partial a}{\partial z} = 1$."),
    (RELU, r"In the active region, $\frac{\partial a}{\partial z} = 1$."),
]


@pytest.mark.parametrize(("text", "line"), IN_WORDS, ids=[line for _, line in IN_WORDS])
def test_a_case_that_is_said_in_words_is_not_called_wrong(text: str, line: str) -> None:
    (said,) = _said(text, line)
    assert said.judgement is Judgement.NOT_CHECKABLE
    assert said.reason == "it holds in some cases only, and which of them is meant is said in words"


def test_each_line_of_a_formula_has_its_own_condition() -> None:
    swapped = r"""\begin{align}
    \frac{\partial s_i}{\partial z_j} &= -s_i s_j && i = j \\
    \frac{\partial s_i}{\partial z_j} &= s_i (1 - s_i) && i \neq j
    \end{align}"""
    wrong = [s for s in _said(SOFTMAX, swapped) if s.judgement is Judgement.WRONG]
    assert len(wrong) == 2


@pytest.mark.parametrize(
    ("text", "line", "condition"),
    [
        (
            SOFTMAX + r" $L = -\log s_c$." "\n\n" r"$\frac{\partial L}{\partial z_j} = s_j$ for $j\ne c$.",
            r"Therefore $\frac{\partial L}{\partial z_j} = s_j$.",
            r"j \neq c",
        ),
        (
            r"$L = \lambda_1 \sum_j |w_j| + \frac{\lambda_2}{2} \sum_j w_j^2$."
            r" $\frac{\partial L}{\partial w_j} = \lambda_1+\lambda_2w_j$ for $w_j>0$.",
            r"So $\frac{\partial L}{\partial w_j} = \lambda_1+\lambda_2w_j$.",
            "w_j > 0",
        ),
    ],
)
def test_a_condition_of_the_sentence_before_is_named(text: str, line: str, condition: str) -> None:
    (said,) = _said(text, line)
    assert (said.judgement, said.reason) == (Judgement.CONVENTION, f"right where {condition}, as is said before")


def test_a_case_of_its_own_holds_for_all_that_follows() -> None:
    page = r"""Case $i = j$:

    We use the quotient rule, and find

    $$\frac{\partial s_i}{\partial z_j} = s_i - s_i^2.$$

    This can be written otherwise. It is

    $$\frac{\partial s_i}{\partial z_j} = s_i(1-s_i) = s_i (1 - s_j).$$

    Case $i \neq j$:

    $$\frac{\partial s_i}{\partial z_j} = -s_i s_j.$$
    """
    said = _said(SOFTMAX, page.replace("\n    ", "\n"))
    assert [s.judgement for s in said if s.judgement is not Judgement.DEFINITION] == [Judgement.RIGHT] * 4


def test_an_equation_set_to_zero_under_a_condition_is_still_solved() -> None:
    lasso = r"$L = \frac12 (w - z)^2 + \lambda |w|$."
    (said,) = _said(lasso, r"For $w > 0$ we set $\frac{\partial L}{\partial w} = 0$.")
    assert said.judgement is Judgement.DEFINITION


def test_a_correction_holds_in_every_case() -> None:
    (said,) = _said(ABSOLUTE, r"$\frac{\partial L}{\partial\hat y} = -1$")
    assert said.repaired is None


def _said(text: str, line: str) -> list[CheckedStatement]:
    """The statements of a line that follows on a text."""
    statements = verify("notes.md", f"{text}\n\n{line}\n").statements
    return [statement for statement in statements if statement.start > len(text)]
