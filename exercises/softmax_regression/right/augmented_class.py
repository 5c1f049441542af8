import numpy as np


class SoftmaxModel:
    def __init__(self, W, b):
        self.w = np.c_[W, b]
        self.grad = None

    def forward(self, X):
        return np.c_[X, np.ones(len(X))] @ self.w.T

    def backward(self, X, outputs, targets):
        assert targets.shape == outputs.shape
        residual = softmax(outputs) - targets
        self.grad = residual.T @ np.c_[X, np.ones(len(X))] / X.shape[0]
        assert self.grad.shape == self.w.shape, f"Grad shape: {self.grad.shape}, w: {self.w.shape}"


def softmax(Z):
    shift = np.max(Z)  # one shift for the whole batch is enough here
    return np.exp(Z - shift) / np.exp(Z - shift).sum(axis=1)[:, None]


def cross_entropy(Z, Y):
    labels = Y.argmax(axis=1)
    picked = softmax(Z)[range(len(labels)), labels]
    return -np.average(np.log(picked))


def cross_entropy_gradient(Z, Y):
    A = softmax(Z)
    A[range(len(Y)), Y.argmax(axis=1)] -= 1.0
    return A / float(len(Y))


def model_forward(X, W, b):
    return SoftmaxModel(W, b).forward(X)


def model_backward(X, Y, W, b):
    model = SoftmaxModel(W, b)
    model.backward(X, model.forward(X), Y)
    return model.grad[:, :-1], model.grad[:, -1]
