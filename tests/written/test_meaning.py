"""What letters and definitions mean: for each decision a line that is right by it, and one that is wrong."""

from __future__ import annotations

import pytest

from derivations.written import verify
from derivations.written.verdicts import Judgement

DECISIONS = {
    "a quantity stands written out in what depends on it": (
        r"Let $p_k = \frac{\exp(f_k / T)}{\sum_j \exp(f_j / T)}$, $L_i = -\ln p_{y_i}$ and $u_k = f_k / T$.",
        r"\frac{\partial L_i}{\partial u_k} = p_k - \mathbb{1}(k = y_i)",
        r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(k = y_i)",
    ),
    "a variance is one symbol": (
        r"Let $\ell = -\frac{n}{2} \log(\sigma^2) - \frac{1}{2 \sigma^2} \sum_{i=1}^n (y_i - \beta x_i)^2$"
        r" and $v = \sigma^2$.",
        r"\frac{\partial \ell}{\partial v} = -\frac{n}{2 v} + \frac{1}{2 v^2} \sum_{i=1}^n (y_i - \beta x_i)^2",
        r"\frac{\partial \ell}{\partial v} = -\frac{n}{2 v} - \frac{1}{2 v^2} \sum_{i=1}^n (y_i - \beta x_i)^2",
    ),
    "the loss of one example is written without its number": (
        r"Let $z = W x + b$, $\mathcal L = \frac12 \sum_k (z_k - y_k)^2$, $J = \frac1m \sum_{i=1}^m \mathcal L^{(i)}$,"
        r" and dv is the derivative of $\mathcal L$. Then $db = dz$ and",
        r"dz = z - y",
        r"dz = y - z",
    ),
    "the rows of the design matrix are the inputs": (
        r"Let $E = \frac12 \sum_{n=1}^N (\mathbf{w}^T \boldsymbol\phi_n - t_n)^2$. The rows of $\boldsymbol\Phi$"
        r" are the $\boldsymbol\phi_n^T$.",
        r"\nabla E = \boldsymbol\Phi^T (\boldsymbol\Phi \mathbf{w} - \mathbf{t})",
        r"\nabla E = \boldsymbol\Phi^T (\mathbf{t} - \boldsymbol\Phi \mathbf{w})",
    ),
    "a diagonal matrix is given by its diagonal": (
        r"Let $C = \mathrm{diag}(c_1, \dots, c_n)$ be the diagonal matrix of weights and"
        r" $Q = \frac12 \sum_{i=1}^n c_i (y_i - x_i^T \beta)^2$.",
        r"\nabla Q = -X^T C (y - X \beta)",
        r"\nabla Q = X^T C (y - X \beta)",
    ),
    "an input is always 1": (
        r"Let $h(x) = \sum_{k=0}^d \theta_k x_k$ with $x_0^{(i)} = 1$ and"
        r" $J = \frac{1}{2m} \sum_{i=1}^m (h(x^{(i)}) - y^{(i)})^2$.",
        r"\frac{\partial J}{\partial \theta_0} = \frac1m \sum_{i=1}^m (h(x^{(i)}) - y^{(i)})",
        r"\frac{\partial J}{\partial \theta_0} = \sum_{i=1}^m (h(x^{(i)}) - y^{(i)})",
    ),
    "a bias stands apart from the weights": (
        r"Let $o^n = \sum_k w_k x_k^n + w_0$ and $E = \frac{1}{2N} \sum_{n=1}^N (t^n - o^n)^2$.",
        r"\frac{\partial E}{\partial w_0} = -\frac1N \sum_{n=1}^N (t^n - o^n)",
        r"\frac{\partial E}{\partial w_0} = \frac1N \sum_{n=1}^N (t^n - o^n)",
    ),
    "the capital I is the number of inputs": (
        r"Let $z_k = \sum_{i=1}^I w_{ki} x_i$ and $C = \frac12 \sum_{k=1}^K (z_k - y_k)^2$.",
        r"\frac{\partial C}{\partial w_{ki}} = (z_k - y_k) x_i",
        r"\frac{\partial C}{\partial w_{ki}} = (y_k - z_k) x_i",
    ),
    "a sum names the inputs, and nothing carries them": (
        r"Let $z = \sum_j w_j x_j + b$, $a = \sigma(z)$ and $C = -\frac1n \sum_x [y \ln a + (1 - y) \ln(1 - a)]$.",
        r"\frac{\partial C}{\partial w_j} = \frac1n \sum_x x_j (\sigma(z) - y)",
        r"\frac{\partial C}{\partial w_j} = \frac1n \sum_x (\sigma(z) - y)",
    ),
    "a loss is regularised": (
        r"The cost is $C = C_0 + \frac{\lambda}{2n} \sum_w w^2$.",
        r"\frac{\partial C}{\partial w} = \frac{\partial C_0}{\partial w} + \frac{\lambda}{n} w",
        r"\frac{\partial C}{\partial w} = \frac{\partial C_0}{\partial w} + \frac{\lambda}{2n} w",
    ),
    "one rule describes every layer of units": (
        r"Each unit forms $a_j = \sum_i w_{ji} z_i$ and sends out $z_j = h(a_j)$ with $h(a) = \tanh(a)$. Outputs are"
        r" $y_k = a_k$, the inputs $z_i = x_i$, and $E_n = \frac12 \sum_k (y_k - t_k)^2$. The errors are"
        r" $\delta_j = \frac{\partial E_n}{\partial a_j}$ and $\delta_k = y_k - t_k$.",
        r"\delta_j = (1 - z_j^2) \sum_k w_{kj} \delta_k",
        r"\delta_j = (1 - z_j) \sum_k w_{kj} \delta_k",
    ),
    "a label stands beside its one-hot vector": (
        r"Let $a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$ and $C = -\ln a_y$. As a vector $y_j = 1$ if $j = y$.",
        r"\frac{\partial C}{\partial z_j} = a_j - y_j",
        r"\frac{\partial C}{\partial z_j} = y_j - a_j",
    ),
    "a weight stands before brackets": (
        r"Let $Q = \frac12 \sum_{i=1}^n c_i (y_i - b x_i)^2$.",
        r"\frac{\partial Q}{\partial b} = -\sum_{i=1}^n c_i (y_i - b x_i) x_i",
        r"\frac{\partial Q}{\partial b} = -\sum_{i=1}^n c_i^2 (y_i - b x_i) x_i",
    ),
    "e to a power is the exponential beside a residual e": (
        r"Let $e_i = y_i - w x_i$, $L = \frac12 \sum_{i=1}^n e_i^2$ and $s = \frac{1}{1 + e^{-w}}$.",
        r"\frac{\partial s}{\partial w} = \frac{e^{-w}}{(1 + e^{-w})^2}",
        r"\frac{\partial s}{\partial w} = -\frac{e^{-w}}{(1 + e^{-w})^2}",
    ),
    "a capital for a sum is not the matrix of the small letter": (
        r"Let $Z_i = \sum_k e^{z_{ik}}$ and $p_{ik} = e^{z_{ik}} / Z_i$.",
        r"\frac{\partial p_{ik}}{\partial z_{il}} = p_{ik} (\delta_{kl} - p_{il})",
        r"\frac{\partial p_{ik}}{\partial z_{il}} = p_{ik} (p_{il} - \delta_{kl})",
    ),
    "entries of a numbered matrix": (
        r"Rows of $X$ are samples. $Z_1 = X W_1$, $A_1 = \tanh(Z_1)$, $Z_2 = A_1 W_2$,"
        r" $L = \frac{1}{2} \sum_{n,k} ((Z_2)_{nk} - T_{nk})^2$.",
        r"\frac{\partial L}{\partial (W_1)_{dh}} = \sum_n X_{nd} \left(\frac{\partial L}{\partial Z_1}\right)_{nh}",
        r"\frac{\partial L}{\partial (W_1)_{dh}} = -\sum_n X_{nd} \left(\frac{\partial L}{\partial Z_1}\right)_{nh}",
    ),
    "a penalty is a sum over layers": (
        r"Let $Z^{[1]} = W^{[1]} X$, $A^{[1]} = \tanh(Z^{[1]})$, $Z^{[2]} = W^{[2]} A^{[1]}$,"
        r" $J = \frac{1}{2m} \|Z^{[2]} - Y\|_F^2$ and"
        r" $J_{reg} = J + \frac{\lambda}{2m} \sum_{l=1}^{2} \|W^{[l]}\|_F^2$.",
        r"\frac{\partial J_{reg}}{\partial W^{[1]}} = \frac{\partial J}{\partial W^{[1]}} + \frac{\lambda}{m} W^{[1]}",
        r"\frac{\partial J_{reg}}{\partial W^{[1]}} = \frac{\partial J}{\partial W^{[1]}} + \frac{\lambda}{2m} W^{[1]}",
    ),
    "shapes are said in words": (
        r"Let $X$ be $n \times p$, $W$ be $p \times q$ and $Y$ ($n \times q$) the targets,"
        r" $f = \frac12 \|X W - Y\|_F^2$.",
        r"\frac{\partial f}{\partial W} = X^\top (X W - Y)",
        r"\frac{\partial f}{\partial W} = X^\top (Y - X W)",
    ),
    "a row of biases is added to every sample by a column of ones": (
        r"Let $X \in \mathbb{R}^{n \times p}$, $b \in \mathbb{R}^{1 \times q}$, $Z = X W + \mathbf 1 b$ and"
        r" $f = \frac12 \|Z - Y\|_F^2$.",
        r"\frac{\partial f}{\partial b} = \mathbf 1^\top (Z - Y)",
        r"\frac{\partial f}{\partial b} = \mathbf 1^\top (Y - Z)",
    ),
    "vectors are columns": (
        r"Let $z = w^\top x$, $p = \sigma(z)$ and $\ell = -y \ln p - (1 - y) \ln(1 - p)$.",
        r"\frac{\partial^2 \ell}{\partial w \, \partial w^\top} = p (1 - p) x x^\top",
        r"\frac{\partial^2 \ell}{\partial w \, \partial w^\top} = p (1 - p) x^\top x",
    ),
    "a quadratic form is no product of entries": (
        r"Let $A \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$.",
        r"\frac{\partial x^\top A x}{\partial x} = (A + A^\top) x",
        r"\frac{\partial x^\top A x}{\partial x} = (A - A^\top) x",
    ),
    "the probability of an event is one symbol with its indices": (
        r"Let $P(y_i = 1 \mid x_i; \theta) = \frac{1}{1 + e^{-\theta^\top x_i}}$ and"
        r" $L = -\sum_i [t_i \log P(y_i = 1 | x_i; \theta) + (1 - t_i) \log (1 - P(y_i = 1 | x_i; \theta))]$.",
        r"\frac{\partial L}{\partial \theta} = \sum_n (P(y_n = 1 | x_n; \theta) - t_n) x_n",
        r"\frac{\partial L}{\partial \theta} = \sum_n (t_n - P(y_n = 1 | x_n; \theta)) x_n",
    ),
    "a probability stands in the chain that defines it": (
        r"Let $\hat y_k = P(y = k \mid x) = \frac{\exp(z_k)}{\sum_j \exp(z_j)}$.",
        r"\frac{\partial \hat y_k}{\partial z_j} = \hat y_k (\delta_{kj} - \hat y_j)",
        r"\frac{\partial \hat y_k}{\partial z_j} = \hat y_k (\hat y_j - \delta_{kj})",
    ),
    "the derivative mark has an index": (
        r"Let $\partial_k$ stand for $\partial / \partial \theta_k$, $s_n = \sum_k \theta_k x_{nk}$ and"
        r" $L = \sum_{n=1}^N e^{-t_n s_n}$.",
        r"\partial_k L = -\sum_{n=1}^N t_n x_{nk} e^{-t_n s_n}",
        r"\partial_k L = \sum_{n=1}^N t_n x_{nk} e^{-t_n s_n}",
    ),
    "two functions without a formula are two": (
        r"Let $z_1 = w_1 x$, $h = f(z_1)$, $z_2 = w_2 h$, $o = g(z_2)$ and $L = \frac12 (o - t)^2$.",
        r"\frac{\partial L}{\partial w_1} = (o - t) g'(z_2) w_2 f'(z_1) x",
        r"\frac{\partial L}{\partial w_1} = (o - t) g'(z_2) w_2 g'(z_1) x",
    ),
    "functions are told apart by their numbers": (
        r"Let $z_1 = w_1 x$, $h = f_1(z_1)$, $z_2 = w_2 h$, $o = f_2(z_2)$ and $L = \frac12 (o - t)^2$.",
        r"\frac{\partial L}{\partial w_2} = (o - t) f_2'(z_2) h",
        r"\frac{\partial L}{\partial w_2} = (o - t) f_1'(z_2) h",
    ),
    "functions are told apart by their layers": (
        r"Let $z^{[1]} = W^{[1]} x$, $a^{[1]} = g^{[1]}(z^{[1]})$, $z^{[2]} = W^{[2]} a^{[1]}$,"
        r" $a^{[2]} = g^{[2]}(z^{[2]})$ and $L = \frac12 \|a^{[2]} - y\|^2$.",
        r"\frac{\partial L}{\partial z^{[2]}} = (a^{[2]} - y) \odot g^{[2]\prime}(z^{[2]})",
        r"\frac{\partial L}{\partial z^{[2]}} = (a^{[2]} - y) \odot g^{[1]\prime}(z^{[2]})",
    ),
    "the order of functions matters": (
        r"Let $y = f(g(x))$.",
        r"\frac{dy}{dx} = f'(g(x)) g'(x)",
        r"\frac{dy}{dx} = g'(f(x)) f'(x)",
    ),
    "a function without a formula is the derivative of another one": (
        r"Let $G(x) = x F(x)$ with $F'(x) = f(x)$.",
        r"G'(x) = F(x) + x f(x)",
        r"G'(x) = f(x) + x F(x)",
    ),
    "the normal distribution and its density": (
        r"Let $g(x) = x \Phi(x)$ where $\Phi$ is the standard normal CDF and $\phi$ its density.",
        r"g'(x) = \Phi(x) + x \phi(x)",
        r"g'(x) = \Phi(x) + \phi(x)",
    ),
    "a word names the function beside it, not the next one": (
        r"Let $\sigma$ be the sigmoid and $\phi$ an activation, $h = \phi(w x)$ and $p = \sigma(v h)$.",
        r"\frac{\partial p}{\partial v} = \sigma'(v h) h",
        r"\frac{\partial p}{\partial v} = \phi'(v h) h",
    ),
    "the loss of one example is a function of its arguments": (
        r"Let $\ell(z, y) = -y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))$ and"
        r" $J = \frac1N \sum_{i=1}^N \ell(z_i, y_i)$.",
        r"\frac{\partial J}{\partial z_i} = \frac1N (\sigma(z_i) - y_i)",
        r"\frac{\partial J}{\partial z_i} = \sigma(z_i) - y_i",
    ),
    "a sum of losses that are functions is not divided by their number": (
        r"Let $\ell(u) = u^2$ and $J = \sum_{i=1}^n \ell(u_i)$.",
        r"\frac{\partial J}{\partial u_i} = 2 u_i",
        r"\frac{\partial J}{\partial u_i} = \frac2n u_i",
    ),
    "a mean with the letter of a loss has a function for the loss of one example": (
        r"Let $\ell(u, t) = (u - t)^2$ and $L = \frac1n \sum_{i=1}^n \ell(u_i, t_i)$ with $u_i = w^T x_i$.",
        r"\frac{\partial L}{\partial w} = \frac2n \sum_i (u_i - t_i) x_i",
        r"\frac{\partial L}{\partial w} = 2 \sum_i (u_i - t_i) x_i",
    ),
    "small letters are the columns of capitals where the loss is a function": (
        r"Let $Z^{[1]} = W^{[1]} X + b^{[1]}$, $A^{[1]} = \sigma(Z^{[1]})$,"
        r" $\mathcal{L}(a, y) = -(y \log a + (1 - y) \log(1 - a))$ and"
        r" $J = \frac1m \sum_{i=1}^m \mathcal{L}(a^{[1](i)}, y^{(i)})$.",
        r"dZ^{[1]} = A^{[1]} - Y",
        r"dZ^{[1]} = Y - A^{[1]}",
    ),
    "a function is named by a capital that may be a loss": (
        r"Let $C(x) = \log(\cosh(x))$.",
        r"C'(x) = \tanh(x)",
        r"C'(x) = -\tanh(x)",
    ),
    "a function is named by a capital that may be a matrix": (
        r"Let $B(x) = x^2$.",
        r"B'(x) = 2x",
        r"B'(x) = 3x",
    ),
    "two primes are a second derivative": (
        r"Let $\phi(m) = \log(1 + e^m)$.",
        r"\phi''(m) = \sigma(m) \sigma(-m)",
        r"\phi''(m) = \sigma(m) \sigma(m)",
    ),
    "the gradient of a function is by its parameter": (
        r"Let $f(w) = \frac12 \|X w - y\|^2$.",
        r"\nabla f = X^T (X w - y)",
        r"\nabla f = X^T (y - X w)",
    ),
    "the Hessian of a function is by its parameter": (
        r"Let $f(\mathbf w) = \frac12 \|\mathbf X \mathbf w - \mathbf y\|^2$. For every $\mathbf v$:"
        r" $\mathbf v^\top \mathbf X^\top \mathbf X \mathbf v = \|\mathbf X \mathbf v\|^2$.",
        r"\nabla^2 f(\mathbf w) = \mathbf X^\top \mathbf X",
        r"\nabla^2 f(\mathbf w) = 2 \mathbf X^\top \mathbf X",
    ),
    "the identity is known": (
        r"Let $f(w) = w^T w$.",
        r"\nabla^2 f = 2 I",
        r"\nabla^2 f = 3 I",
    ),
    "small letters without an example are of one example, as capitals are of all": (
        r"Let $Z^{[1]} = W^{[1]} X + b^{[1]}$, $A^{[1]} = \tanh(Z^{[1]})$, $Z^{[2]} = W^{[2]} A^{[1]} + b^{[2]}$,"
        r" $A^{[2]} = \sigma(Z^{[2]})$ and $\mathcal{L}(a^{[2](i)}, y^{(i)}) = -(y^{(i)} \log a^{[2](i)}"
        r" + (1 - y^{(i)}) \log(1 - a^{[2](i)}))$, $J = \frac1m \sum_{i=1}^m \mathcal{L}(a^{[2](i)}, y^{(i)})$."
        r" Then $dZ^{[2]} = A^{[2]} - Y$, $dz^{[1]} = W^{[2]T} dz^{[2]} * (1 - (a^{[1]})^2)$ and",
        r"dz^{[2]} = a^{[2]} - y",
        r"dz^{[2]} = y - a^{[2]}",
    ),
    "a cross-entropy is a function of the outputs and the one-hot targets": (
        r"Let $Z^{[1]} = W^{[1]} X + b^{[1]}$, $A^{[1]} = \mathrm{softmax}(Z^{[1]})$,"
        r" $\mathcal{L}(a, y) = -\sum_k y_k \log a_k$ and"
        r" $J = \frac1m \sum_{i=1}^m \mathcal{L}(a^{[1](i)}, y^{(i)})$.",
        r"dZ^{[1]} = A^{[1]} - Y",
        r"dZ^{[1]} = Y - A^{[1]}",
    ),
}


@pytest.mark.parametrize(("text", "right", "wrong"), DECISIONS.values(), ids=DECISIONS.keys())
def test_the_right_line_is_right_and_the_wrong_one_is_wrong(text: str, right: str, wrong: str) -> None:
    verdicts = [_last(f"{text}\n\n\\[ {line} \\]\n") for line in (right, wrong)]
    assert verdicts == [Judgement.RIGHT, Judgement.WRONG]


@pytest.mark.parametrize(("line", "holds"), [(r"\sigma (1 - \sigma)", True), (r"\sigma (1 + \sigma)", False)])
def test_a_function_may_stand_without_its_argument(line: str, holds: bool) -> None:
    page = rf"Let $y_n = \sigma(a_n)$ with $a_n = w^T x_n$. Then $\frac{{d \sigma}}{{d a}} = {line}$."
    assert (_last(page) is Judgement.RIGHT) == holds


def _last(document: str) -> Judgement:
    return verify("notes.tex", document).statements[-1].judgement


def test_one_transposition_on_a_page_that_keeps_its_layout_is_wrong() -> None:
    page = r"""
    Let $z = W x + b$, $\hat y = \mathrm{softmax}(z)$ and $L = -\sum_{k=1}^K y_k \log \hat y_k$ with a one-hot $y$.
    \[ \frac{\partial L}{\partial W} = (\hat y - y) x^T \]
    \[ \frac{\partial L}{\partial x} = W (\hat y - y) \]
    """
    *_, outer, turned = verify("notes.tex", page).statements
    assert (outer.judgement, turned.judgement) == (Judgement.RIGHT, Judgement.WRONG)
    assert turned.findings[0].code == "transposed"


def test_the_same_numbers_in_the_other_layout_are_right_by_convention() -> None:
    page = r"""
    Let $z = W x + b$, $\hat y = \mathrm{softmax}(z)$ and $L = -\sum_{k=1}^K y_k \log \hat y_k$ with a one-hot $y$.
    \[ \frac{\partial L}{\partial W} = (\hat y - y) x^T \]
    In other books one finds
    \[ \frac{\partial L}{\partial W} = x (\hat y - y)^T \]
    """
    *_, outer, turned = verify("notes.tex", page).statements
    assert (outer.judgement, turned.judgement) == (Judgement.RIGHT, Judgement.CONVENTION)


@pytest.mark.parametrize(
    "page",
    [
        r"Let $a = f(z)$. $$f'(z) = f(z) (1 - f(z))$$",
        r"Let $a = f(z)$. $$f(-z) = -f(z)$$",
        r"Let $p(x) = x f(x)$ with the density $f$. $$p'(x) = f(x) - x g(x)$$",
    ],
)
def test_what_is_said_of_a_function_without_a_formula_is_not_checked(page: str) -> None:
    assert _last(page) is Judgement.NOT_CHECKABLE


def test_a_function_that_stands_without_its_number_may_be_any_of_them() -> None:
    page = r"""
    Let $h = f_1(w x)$ and $o = f_2(v h)$.
    \[ \frac{\partial o}{\partial v} = f'(v h) h \]
    """
    assert _last(page) is Judgement.RIGHT


def test_a_loss_that_is_a_function_is_differentiated_by_its_argument() -> None:
    page = r"""
    Let $\ell(u, t) = (u - t)^2$ and $J = \frac1n \sum_{i=1}^n \ell(u_i, t_i)$ with $u_i = w^T x_i$.
    \[ \frac{\partial \ell}{\partial u} = 2 (u - t) \]
    """
    assert _last(page) is Judgement.RIGHT


def test_a_prime_says_nothing_of_a_function_of_a_vector() -> None:
    page = r"""
    Let $E(w) = \frac12 \sum_i (w^T x_i - y_i)^2$.
    \[ E'(w) = \sum_i (w^T x_i - y_i) x_i \]
    """
    assert _last(page) is Judgement.NOT_CHECKABLE


def test_a_gradient_is_no_identity_of_single_numbers() -> None:
    page = r"""
    Let $f(x) = \frac12 x^T A x - b^T x$.
    \[ \nabla f = \frac12 (A + A^T) x - b \]
    \[ \nabla f = A x - b \]
    """
    *_, right, other = verify("notes.tex", page).statements
    assert right.judgement is Judgement.RIGHT
    assert other.judgement is not Judgement.RIGHT


def test_a_quantity_above_a_letter_is_no_transpose() -> None:
    page = r"""
    Softened by the temperature $T$: $p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$.
    \[ p^T_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}} \]
    """
    assert _last(page) is Judgement.NOT_CHECKABLE


def test_a_prime_may_stand_for_the_derivative_of_what_was_defined_last() -> None:
    page = r"""
    For $a = \sigma(z)$ we have $\sigma'(z) = a (1 - a)$. For $a = \tanh(z)$ we have $g(0) = 0$ and
    \[ g'(z) = 1 - a^2 \]
    """
    assert _last(page) is Judgement.RIGHT
    assert _last(page.replace("a^2", "a")) is Judgement.NOT_CHECKABLE
