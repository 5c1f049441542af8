"""Costs whose parameters are one vector, cut into matrices by sizes that are arguments."""

import pytest

from checkers.findings import Verdict

from .conftest import Check

NETWORK = """
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, Lambda):
        split = hidden_layer_size * (input_layer_size + 1)
        Theta1 = nn_params[:split].reshape(hidden_layer_size, input_layer_size + 1)
        Theta2 = np.reshape(nn_params[split:], (num_labels, hidden_layer_size + 1))
        m = X.shape[0]
        a1 = np.c_[np.ones(m), X]
        a2 = np.c_[np.ones(m), sigmoid(a1 @ Theta1.T)]
        h = sigmoid(a2 @ Theta2.T)
        Y = np.eye(num_labels)[y.ravel() - 1]
        J = -np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m
        J += Lambda / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))
        d3 = h - Y
        d2 = (d3 @ Theta2)[:, 1:] * a2[:, 1:] * (1 - a2[:, 1:])
        Theta1_grad, Theta2_grad = d2.T @ a1 / m, d3.T @ a2 / m
        Theta1_grad[:, 1:] += Lambda / m * Theta1[:, 1:]
        Theta2_grad[:, 1:] += Lambda / m * Theta2[:, 1:]
        return J, np.concatenate((Theta1_grad.ravel(), Theta2_grad.ravel()))
    """
PARTS = NETWORK.replace("np.concatenate((Theta1_grad.ravel(), Theta2_grad.ravel()))", "Theta1_grad, Theta2_grad")
RATINGS = """
    def unpack(p, nm, nu, nf):
        return p[: nm * nf].reshape(nm, nf), p[nm * nf :].reshape(nu, nf)

    def cofiCost(params, Y, R, nm, nu, nf, l=0):
        X, Theta = unpack(params, nm, nu, nf)
        return np.sum((X @ Theta.T * R - Y) ** 2) / 2 + l / 2 * np.sum(params**2)

    def cofiGradient(params, Y, R, nm, nu, nf, l=0):
        X, Theta = unpack(params, nm, nu, nf)
        error = X @ Theta.T * R - Y
        return np.r_[(error @ Theta + l * X).ravel(), (error.T @ X + l * Theta).ravel()]
    """
AUTOENCODER = """
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def sparse_cost(theta, visible_size, hidden_size, lambda_, sparsity_param, beta, data):
        k = hidden_size * visible_size
        W1 = theta[:k].reshape(hidden_size, visible_size)
        W2 = theta[k : 2 * k].reshape(visible_size, hidden_size)
        b1, b2 = theta[2 * k : 2 * k + hidden_size], theta[2 * k + hidden_size :]
        m = data.shape[1]
        a2 = sigmoid(W1 @ data + b1[:, None])
        a3 = sigmoid(W2 @ a2 + b2[:, None])
        rho, r = a2.mean(axis=1), sparsity_param
        cost = np.sum((a3 - data) ** 2) / (2 * m) + lambda_ / 2 * (np.sum(W1**2) + np.sum(W2**2))
        cost += beta * np.sum(r * np.log(r / rho) + (1 - r) * np.log((1 - r) / (1 - rho)))
        d3 = (a3 - data) * a3 * (1 - a3)
        d2 = (W2.T @ d3 + beta * ((1 - r) / (1 - rho) - r / rho)[:, None]) * a2 * (1 - a2)
        gW1, gW2 = d2 @ data.T / m + lambda_ * W1, d3 @ a2.T / m + lambda_ * W2
        grad = np.concatenate((gW1.ravel(), gW2.ravel(), d2.mean(axis=1), d3.mean(axis=1)))
        return cost, grad
    """
LISTED = """
    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def forward_backward_prop(data, labels, params, dimensions):
        Dx, H, Dy = dimensions[0], dimensions[1], dimensions[2]
        ofs = Dx * H
        W1 = np.reshape(params[:ofs], (Dx, H))
        W2 = np.reshape(params[ofs : ofs + H * Dy], (H, Dy))
        h = np.tanh(data @ W1)
        p = softmax(h @ W2)
        cost = -np.sum(np.log(p[labels == 1]))
        d = p - labels
        gradW2 = h.T @ d
        gradW1 = data.T @ (d @ W2.T * (1 - h**2))
        return cost, np.concatenate((gradW1.flatten(), gradW2.flatten()))
    """
STARRED = """
    def objective(params, *args):
        n_input, n_class, train_data, labels, lambdaval = args
        W = params.reshape((n_class, n_input))
        s = np.exp(train_data @ W.T)
        p = s / s.sum(axis=1, keepdims=True)
        n = len(train_data)
        obj_val = -np.mean(np.log(p[np.arange(n), labels])) + lambdaval * np.sum(W**2)
        p[np.arange(n), labels] -= 1
        obj_grad = (p.T @ train_data / n + 2 * lambdaval * W).flatten()
        return obj_val, obj_grad
    """
FLAG = """
    def linearRegCostFunction(theta, X, y, lam, returnGrad):
        m = len(y)
        theta = theta.reshape(-1, 1)
        error = X @ theta - y.reshape(-1, 1)
        J = (error.T @ error + lam * theta[1:].T @ theta[1:]) / (2 * m)
        grad = X.T @ error / m + lam / m * theta
        grad[0] -= lam / m * theta[0]
        if returnGrad == True:
            return J, grad.flatten()
        return J
    """


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (NETWORK, "Theta2_grad[:, 1:] += Lambda / m * Theta2[:, 1:]", "Theta2_grad += Lambda / m * Theta2"),
        (RATINGS, "error.T @ X + l * Theta", "error.T @ X + 2 * l * Theta"),
        pytest.param(AUTOENCODER, "@ data.T / m + lambda_ * W1", "@ data.T / m * lambda_ + W1", marks=pytest.mark.slow),
        pytest.param(LISTED, "(1 - h**2)", "(1 - h)", marks=pytest.mark.slow),
        (STARRED, "2 * lambdaval * W", "lambdaval * W"),
        (FLAG, "lam / m * theta[0]", "lam / m * theta[1]"),
    ],
)
def test_the_gradient_of_a_vector_of_parameters_is_judged(check: Check, text: str, right: str, wrong: str) -> None:
    assert right in text
    assert [task.verdict for task in check(text).tasks] == [Verdict.RIGHT]
    assert [task.verdict for task in check(text.replace(right, wrong)).tasks] == [Verdict.WRONG]


def test_parts_in_another_order_than_in_the_vector_are_never_called_wrong(check: Check) -> None:
    swapped = PARTS.replace("return J, Theta1_grad, Theta2_grad", "return J, Theta2_grad, Theta1_grad")
    found = check(swapped)
    assert not found.tasks
    assert [one.name for one in found.left_alone] == ["nnCostFunction"]


def test_what_stands_beside_a_cost_and_is_no_gradient_is_never_called_wrong(check: Check) -> None:
    text = LISTED.replace("np.concatenate((gradW1.flatten(), gradW2.flatten()))", "p")
    assert not check(text.replace("forward_backward_prop", "network_cost")).tasks
