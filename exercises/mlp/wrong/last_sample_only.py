import numpy as np


def g(z, activation):
    return np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))


def g_prime(z, activation):
    return np.heaviside(z, 0) if activation == "relu" else g(z, activation) * (1 - g(z, activation))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def forward_sample(x, parameters, activation):
    L = len(parameters) // 2
    a, z = [x], []
    for l in range(L):
        z.append(parameters[f"W{l + 1}"] @ a[l] + parameters[f"b{l + 1}"])
        a.append(g(z[l], activation) if l < L - 1 else softmax(z[l]))
    return a, z


def model_forward(X, parameters, activation="relu"):
    columns = [forward_sample(X[:, [i]], parameters, activation)[0][-1] for i in range(X.shape[1])]
    return np.hstack(columns)


def cross_entropy(Y_hat, Y):
    J = 0
    for i in range(Y.shape[1]):
        J += -np.log(Y_hat[:, i] @ Y[:, i])
    return J / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    L = len(parameters) // 2
    n = X.shape[1]
    grads = {key: np.zeros_like(value) for key, value in parameters.items()}
    for i in range(n):
        a, z = forward_sample(X[:, [i]], parameters, activation)
        dz = a[L] - Y[:, [i]]
        for l in range(L, 0, -1):
            grads[f"W{l}"] = dz @ a[l - 1].T / n
            grads[f"b{l}"] += dz / n
            if l > 1:
                dz = parameters[f"W{l}"].T @ dz * g_prime(z[l - 2], activation)
    return grads
