import numpy as np


class MLP:
    def __init__(self, parameters, activation):
        self.n_layers = len(parameters) // 2
        self.W = [parameters[f"W{i + 1}"] for i in range(self.n_layers)]
        self.b = [parameters[f"b{i + 1}"] for i in range(self.n_layers)]
        self.activation = activation

    def is_relu(self):
        return self.activation == "relu"

    def act(self, z):
        return np.maximum(z, 0) if self.is_relu() else 1 / (1 + np.exp(-z))

    def act_derivative(self, z):
        if self.is_relu:
            return (z > 0).astype(float)
        return self.act(z) * (1 - self.act(z))

    def forward(self, X):
        self.zs, self.inputs = [], []
        a = X
        for W, b in zip(self.W, self.b):
            self.inputs.append(a)
            z = W @ a + b
            self.zs.append(z)
            a = self.act(z)
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)

    def backward(self, X, Y):
        delta = (self.forward(X) - Y) / X.shape[1]
        grads = {}
        for i in reversed(range(self.n_layers)):
            grads[f"W{i + 1}"] = delta @ self.inputs[i].T
            grads[f"b{i + 1}"] = delta.sum(axis=1).reshape(-1, 1)
            if i:
                delta = (self.W[i].T @ delta) * self.act_derivative(self.zs[i - 1])
        return grads


def model_forward(X, parameters, activation="relu"):
    return MLP(parameters, activation).forward(X)


def cross_entropy(Y_hat, Y):
    return -np.log(Y_hat[Y == 1]).sum() / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    return MLP(parameters, activation).backward(X, Y)
