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
    "terms written out tell how far an index runs": (
        r"Let $z_i = \theta_0 + \theta_1 x_{i1} + \theta_2 x_{i2}$ and $J = \frac{1}{2n} \sum_{i=1}^n (z_i - y_i)^2$.",
        r"\frac{\partial J}{\partial \theta_j} = \frac1n \sum_{i=1}^n (z_i - y_i) x_{ij}",
        r"\frac{\partial J}{\partial \theta_j} = \frac1n \sum_{i=1}^n (z_i - y_i)",
    ),
    "dots stand for a sum": (
        r"Let $\hat y = w_1 x_1 + w_2 x_2 + \dots + w_p x_p + b$ and $L = (\hat y - y)^2$.",
        r"\frac{\partial L}{\partial w_j} = 2 (\hat y - y) x_j",
        r"\frac{\partial L}{\partial w_j} = 2 (\hat y - y) w_j",
    ),
    "Kronecker's delta stands beside an error signal": (
        r"Let $p_{nk} = \frac{e^{s_{nk}}}{\sum_{j=1}^K e^{s_{nj}}}$,"
        r" $L = -\sum_{n=1}^N \sum_{k=1}^K t_{nk} \log p_{nk}$ and $\delta_{nk} = \frac{\partial L}{\partial s_{nk}}$.",
        r"\frac{\partial p_{nk}}{\partial s_{nj}} = p_{nk} (\delta_{kj} - p_{nj})",
        r"\frac{\partial p_{nk}}{\partial s_{nj}} = p_{nk} (p_{nj} - \delta_{kj})",
    ),
    "errors of two layers have different letters": (
        r"Let $a_j = \sum_{i=1}^D w_{ji} x_i$, $z_j = \tanh(a_j)$, $y_k = \sum_{j=1}^M v_{kj} z_j$,"
        r" $E = \frac12 \sum_{k=1}^K (y_k - t_k)^2$, $\delta_j = \frac{\partial E}{\partial a_j}$"
        r" and $\delta_k = y_k - t_k$.",
        r"\frac{\partial E}{\partial w_{ji}} = \delta_j x_i",
        r"\frac{\partial E}{\partial w_{ji}} = \delta_j z_i",
    ),
    "sums tell how far an index runs that no definition limits": (
        r"Let $y_j = \sum_{k=1}^d w_{jk} x_k$.",
        r"\frac{\partial L}{\partial x_k} = \sum_{j=1}^d \frac{\partial L}{\partial y_j} w_{jk}",
        r"\frac{\partial L}{\partial x_k} = \sum_{j=1}^d \frac{\partial L}{\partial y_j} x_j",
    ),
    "a sum from 0 ends one before its count": (
        r"Let $y_n = \sum_{j=0}^{M-1} w_j \phi_{nj}$ and $E = \frac12 \sum_{n=1}^N (t_n - y_n)^2$.",
        r"\frac{\partial E}{\partial w_j} = \sum_{n=1}^N (y_n - t_n) \phi_{nj}",
        r"\frac{\partial E}{\partial w_j} = \sum_{n=1}^N (t_n - y_n) \phi_{nj}",
    ),
    "an error carries the letter of its layer": (
        r"Let $z_{ik} = \sum_q W_{kq} h_{iq}$, $J = \sum_i \sum_k (z_{ik} - y_{ik})^2$ and"
        r" $\delta^z_{ik} = \frac{\partial J}{\partial z_{ik}}$.",
        r"\frac{\partial J}{\partial W_{kq}} = \sum_i \delta^z_{ik} h_{iq}",
        r"\frac{\partial J}{\partial W_{kq}} = \sum_i \delta^z_{ik} z_{iq}",
    ),
    "a row of ones sums what comes after it": (
        r"Let $\mathbf p = \mathrm{softmax}(\mathbf z)$ and $L = -\mathbf y^\top \log \mathbf p$.",
        r"\frac{\partial L}{\partial \mathbf z} = -\mathbf y + \mathbf p \mathbf 1^\top \mathbf y",
        r"\frac{\partial L}{\partial \mathbf z} = \mathbf y - \mathbf p \mathbf 1^\top \mathbf y",
    ),
    "a bias has any letter": (
        r"Let $Z = X W + c$ and $L = \frac{1}{2n} \|Z - Y\|_F^2$.",
        r"\frac{\partial L}{\partial c} = \mathbf{1}^T \frac{\partial L}{\partial Z}",
        r"\frac{\partial L}{\partial c} = \frac{\partial L}{\partial Z}",
    ),
    "all is scalar where the text says so": (
        r"Let $y = W x + b$ and $L = (y - t)^2$, all quantities are scalars.",
        r"\frac{\partial L}{\partial W} = 2 (y - t) x",
        r"\frac{\partial L}{\partial W} = (y - t) x",
    ),
    "dW beside a penalised loss is of the loss without the penalty": (
        r"Let $Z = W X$, $J = \frac{1}{2m} \|Z - Y\|_F^2$, $J_\lambda = J + \frac{\lambda}{2m} \|W\|_F^2$."
        r" We write dW for $\partial J / \partial W$.",
        r"\frac{\partial J_\lambda}{\partial W} = dW + \frac{\lambda}{m} W",
        r"\frac{\partial J_\lambda}{\partial W} = dW + \frac{\lambda}{2m} W",
    ),
    "the derivative mark has an index": (
        r"Let $\partial_k$ stand for $\partial / \partial \theta_k$, $s_n = \sum_k \theta_k x_{nk}$ and"
        r" $L = \sum_{n=1}^N e^{-t_n s_n}$.",
        r"\partial_k L = -\sum_{n=1}^N t_n x_{nk} e^{-t_n s_n}",
        r"\partial_k L = \sum_{n=1}^N t_n x_{nk} e^{-t_n s_n}",
    ),
    "a sum without brackets reaches all that has its index": (
        r"Let $J = -\sum_k y_k \log a_k + (1 - y_k) \log(1 - a_k)$.",
        r"\frac{\partial J}{\partial a_k} = -\frac{y_k}{a_k} + \frac{1 - y_k}{1 - a_k}",
        r"\frac{\partial J}{\partial a_k} = -\frac{y_k}{a_k} - \frac{1 - y_k}{1 - a_k}",
    ),
    "the factor before a sum belongs to all that it reaches": (
        r"Let $z^{(i)} = w^T x^{(i)} + b$, $a^{(i)} = \sigma(z^{(i)})$ and"
        r" $J = -\frac1m \sum_{i=1}^m y^{(i)} \log a^{(i)} + (1 - y^{(i)}) \log(1 - a^{(i)})$.",
        r"\frac{\partial J}{\partial w} = \frac1m \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)}",
        r"\frac{\partial J}{\partial w} = \sum_{i=1}^m (a^{(i)} - y^{(i)}) x^{(i)}",
    ),
    "a sum does not reach beyond the sign before another sum": (
        r"Let $\mu = \frac1d \sum_j x_j$, $v = \frac1d \sum_j (x_j - \mu)^2$, $s = \sqrt{v + \epsilon}$,"
        r" $\hat x_k = \frac{x_k - \mu}{s}$, $y_k = \gamma_k \hat x_k + \beta_k$ and $L = \sum_k g_k y_k$.",
        r"\frac{\partial L}{\partial x_k} = \frac1s \left(g_k \gamma_k - \frac1d \sum_j g_j \gamma_j"
        r" - \frac{\hat x_k}{d} \sum_j g_j \gamma_j \hat x_j\right)",
        r"\frac{\partial L}{\partial x_k} = \frac1s \left(g_k \gamma_k - \frac1d \sum_j g_j \gamma_j"
        r" + \frac{\hat x_k}{d} \sum_j g_j \gamma_j \hat x_j\right)",
    ),
    "a word in bare letters is one name": (
        r"Let $net_k = \sum_j v_{kj} h_j$, $o_k = f(net_k)$, $f(z) = \frac{1}{1 + e^{-z}}$ and"
        r" $E = \frac12 \sum_k (t_k - o_k)^2$.",
        r"\frac{\partial E}{\partial net_k} = (o_k - t_k) o_k (1 - o_k)",
        r"\frac{\partial E}{\partial net_k} = (t_k - o_k) o_k (1 - o_k)",
    ),
    "bare letters that are defined together are one name": (
        r"Let $FL(p) = -(1 - p)^\gamma \log p$.",
        r"\frac{dFL}{dp} = \gamma (1 - p)^{\gamma - 1} \log p - \frac{(1 - p)^\gamma}{p}",
        r"\frac{dFL}{dp} = \gamma (1 - p)^{\gamma - 1} \log p + \frac{(1 - p)^\gamma}{p}",
    ),
    "bare letters that stand alone elsewhere are a product": (
        r"Let $WX = Z$ and $L = \frac12 \|Z - Y\|_F^2$.",
        r"\frac{\partial L}{\partial W} = (Z - Y) X^T",
        r"\frac{\partial L}{\partial W} = (Y - Z) X^T",
    ),
    "a function whose name is a word depends on its argument": (
        r"Let $\mathrm{FL}(p) = -(1 - p)^\gamma \log p$.",
        r"\frac{d\,\mathrm{FL}}{dp} = \gamma (1 - p)^{\gamma - 1} \log p - \frac{(1 - p)^\gamma}{p}",
        r"\frac{d\,\mathrm{FL}}{dp} = \gamma (1 - p)^{\gamma - 1} \log p + \frac{(1 - p)^\gamma}{p}",
    ),
    "a prime behind a bracket is a transpose before the same bracket": (
        r"Let $S = (y - X\beta)'(y - X\beta)$.",
        r"\frac{\partial S}{\partial \beta} = -2X'(y - X\beta)",
        r"\frac{\partial S}{\partial \beta} = 2X^{\prime}(y - X\beta)",
    ),
    "a prime on a matrix is a transpose": (
        r"Let $y = Dz$ and $E = \frac12 \|y - t\|^2$.",
        r"\frac{\partial E}{\partial z} = D'(y - t)",
        r"\frac{\partial E}{\partial z} = D'(t - y)",
    ),
    "the text says that a prime is a transpose": (
        r"A prime denotes the transpose. Let $S = \sum_i (y_i - x_i'\beta)^2$.",
        r"\frac{\partial S}{\partial \beta} = -2 \sum_i x_i (y_i - x_i'\beta)",
        r"\frac{\partial S}{\partial \beta} = 2 \sum_i x_i (y_i - x_i'\beta)",
    ),
    "a prime tells two matrices apart where other letters have it, too": (
        r"Let $h = \sigma(Wx + b)$, $\hat x = W'h + b'$ and $L = \frac12 \|\hat x - x\|^2$.",
        r"\frac{\partial L}{\partial W'} = (\hat x - x) h^T",
        r"\frac{\partial L}{\partial W'} = (x - \hat x) h^T",
    ),
    "an output with noise is differentiated": (
        r"Let $y = \sum_{j=1}^H v_j h_j + \epsilon$.",
        r"\frac{\partial y}{\partial v_j} = h_j",
        r"\frac{\partial y}{\partial v_j} = v_j",
    ),
    "data with noise do not depend on the parameters": (
        r"The data are $y_i = x_i^T \beta + \varepsilon_i$, and $S = \sum_i (y_i - x_i^T \beta)^2$.",
        r"\frac{\partial S}{\partial \beta} = -2 \sum_i x_i (y_i - x_i^T \beta)",
        r"\frac{\partial S}{\partial \beta} = 2 \sum_i x_i (y_i - x_i^T \beta)",
    ),
    "l is an index where no layers are": (
        r"Let $s_k = \sum_{j=1}^n \theta_{kj} x_j$ and $p_k = \frac{e^{s_k}}{\sum_j e^{s_j}}$.",
        r"\frac{\partial \log p_k}{\partial s_l} = 1\{k = l\} - p_l",
        r"\frac{\partial \log p_k}{\partial s_l} = 1\{k = l\} + p_l",
    ),
    "a letter that is compared in a condition may be a label": (
        r"Let $p_{ic} = \frac{e^{z_{ic}}}{\sum_j e^{z_{ij}}}$ and $J = -\frac1N \sum_i \log p_{i, l_i}$.",
        r"\frac{\partial J}{\partial z_{ic}} = \frac1N (p_{ic} - \mathbbm{1}\{l_i = c\})",
        r"\frac{\partial J}{\partial z_{ic}} = \frac1N (\mathds{1}\{l_i = c\} - p_{ic})",
    ),
    "a transpose stands in the brackets of the layer": (
        r"Let $Z^{[l]} = W^{[l]} A^{[l-1]}$, $A^{[l]} = g(Z^{[l]})$, $A^{[L]} = Z^{[L]}$ and"
        r" $J = \frac{1}{2m} \|A^{[L]} - Y\|_F^2$.",
        r"dZ^{[l]} = W^{[l+1\,T]} dZ^{[l+1]} \odot g'(Z^{[l]})",
        r"dZ^{[l]} = W^{[l+1\,T]} dZ^{[l+1]} \odot g(Z^{[l]})",
    ),
    "a variance that is defined is differentiated by": (
        r"Let $\mu_B = \frac1m \sum_i x_i$, $\sigma_B^2 = \frac1m \sum_i (x_i - \mu_B)^2$,"
        r" $\hat x_i = \frac{x_i - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}}$ and $y_i = \gamma \hat x_i + \beta$.",
        r"\frac{\partial \ell}{\partial \sigma_B^2} = -\frac12 \sum_i \frac{\partial \ell}{\partial \hat x_i}"
        r" (x_i - \mu_B) (\sigma_B^2 + \epsilon)^{-3/2}",
        r"\frac{\partial \ell}{\partial \sigma_B^2} = \frac12 \sum_i \frac{\partial \ell}{\partial \hat x_i}"
        r" (x_i - \mu_B) (\sigma_B^2 + \epsilon)^{-3/2}",
    ),
    "a variance of a likelihood is differentiated by": (
        r"Let $\ell = -\frac n2 \log(2 \pi \sigma^2) - \frac{1}{2 \sigma^2} \sum_{i=1}^n (y_i - \mu)^2$.",
        r"\frac{\partial \ell}{\partial \sigma^2}"
        r" = -\frac{n}{2 \sigma^2} + \frac{1}{2 \sigma^4} \sum_{i=1}^n (y_i - \mu)^2",
        r"\frac{\partial \ell}{\partial \sigma^2}"
        r" = -\frac{n}{\sigma} + \frac{1}{\sigma^3} \sum_{i=1}^n (y_i - \mu)^2",
    ),
    "a variance is differentiated by twice": (
        r"Let $\ell = -\frac n2 \log(2 \pi \sigma^2) - \frac{1}{2 \sigma^2} \sum_{i=1}^n (y_i - \mu)^2$.",
        r"\frac{\partial^2 \ell}{\partial (\sigma^2)^2}"
        r" = \frac{n}{2 \sigma^4} - \frac{1}{\sigma^6} \sum_{i=1}^n (y_i - \mu)^2",
        r"\frac{\partial^2 \ell}{\partial (\sigma^2)^2}"
        r" = \frac{n}{\sigma^4} - \frac{1}{\sigma^6} \sum_{i=1}^n (y_i - \mu)^2",
    ),
    "a sum over examples whose number is left out reaches all of the same quantities": (
        r"Let $z = w^T x + b$, $a = \sigma(z)$ and $J = -\frac1m \sum_{i=1}^m y \log a + (1 - y) \log(1 - a)$.",
        r"\frac{\partial J}{\partial w} = \frac1m \sum_{i=1}^m (a - y) x",
        r"\frac{\partial J}{\partial w} = \frac1m \sum_{i=1}^m (y - a) x",
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


def test_a_false_rewriting_is_wrong_and_what_follows_is_judged_by_the_definition() -> None:
    page = r"""
    $L = \frac12 \sum_i (y_i - z_i)^2$. Expanding, $L = \frac12 \sum_i (y_i^2 - y_i z_i + z_i^2)$.
    \[ \frac{\partial L}{\partial z_i} = z_i - y_i \]
    """
    _, rewriting, gradient = verify("notes.tex", page).statements
    assert (rewriting.judgement, gradient.judgement) == (Judgement.WRONG, Judgement.RIGHT)


def test_a_loss_may_be_defined_anew() -> None:
    page = r"""
    $L = \frac12 \sum_i (y_i - z_i)^2$ has $\frac{\partial L}{\partial z_i} = z_i - y_i$.
    Now let $L = \frac1n \sum_i (y_i - z_i)^2$. Then $\frac{\partial L}{\partial z_i} = \frac2n (z_i - y_i)$.
    """
    said = [statement.judgement for statement in verify("notes.tex", page).statements]
    assert said == [Judgement.DEFINITION, Judgement.RIGHT] * 2


def test_the_gradient_of_one_example_is_right_by_convention_where_the_text_says_so() -> None:
    page = r"""
    Let $C = \frac1N \sum_n C^n$ with $C^n = -\sum_k y_k^n \ln \hat y_k^n$. For brevity we drop the index $n$.
    $\hat y_k = \frac{e^{z_k}}{\sum_{k'} e^{z_{k'}}}$ and
    \[ \frac{\partial C}{\partial z_k} = \hat y_k - y_k \]
    """
    assert _last(page) is Judgement.CONVENTION
    assert _last(page.replace("For brevity we drop the index $n$.", "")) is Judgement.WRONG


def test_matrices_do_not_commute() -> None:
    assert _last("$A B = B A$") is Judgement.WRONG


def test_a_capital_that_is_no_loss_and_no_size_is_a_matrix() -> None:
    page = r"""
    Let $Z = C W + b$, $A = \sigma(Z)$ and $L = \frac{1}{2n} \|A - Y\|_F^2$.
    \[ \frac{\partial L}{\partial W} = C^T \frac{\partial L}{\partial Z} \]
    \[ \frac{\partial L}{\partial W} = \frac{\partial L}{\partial Z} C^T \]
    """
    said = [statement.judgement for statement in verify("notes.tex", page).statements]
    assert said[-2:] == [Judgement.RIGHT, Judgement.WRONG]


def test_an_example_with_two_layers_stands_beside_the_rule_for_any_number() -> None:
    page = r"""
    $Z^{[l]} = W^{[l]} A^{[l-1]}$, $A^{[l]} = \tanh(Z^{[l]})$, $A^{[0]} = X$, $J = \frac12 \|A^{[L]} - Y\|_F^2$.
    \[ dW^{[l]} = dZ^{[l]} A^{[l-1]T} \]
    For $L = 2$:
    \[ dA^{[2]} = A^{[2]} - Y \]
    \[ dW^{[1]} = dZ^{[1]} X^T \]
    """
    said = [statement.judgement for statement in verify("notes.tex", page).statements]
    assert said[4] is said[6] is said[7] is Judgement.RIGHT


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
