import numpy as np
import typing


def pre_process_images(X):
    X = X / 255
    return np.c_[X, np.ones(len(X))]


def one_hot_encode(Y, num_classes):
    out = np.zeros((len(Y), num_classes))
    for i, y in enumerate(Y):
        out[i][y] = 1
    return out


def cross_entropy_loss(targets, outputs):
    """ mean over the batch of  - sum_k y_k log(y_hat_k) """
    assert targets.shape == outputs.shape
    Ce = np.sum(targets * np.log(outputs), axis=1)
    return np.mean(Ce)


class SoftmaxModel:

    def __init__(self, neurons_per_layer: typing.List[int] = [64, 10], use_improved_sigmoid=False,
                 use_improved_weight_init=False, use_relu=False):
        np.random.seed(1)
        self.I = 785
        self.neurons_per_layer = neurons_per_layer
        self.use_improved_sigmoid = use_improved_sigmoid
        self.use_relu = use_relu
        self.z_j = None
        self.a_j = None
        sizes = [self.I] + neurons_per_layer
        self.ws = [np.random.uniform(-1, 1, (m, n)) / (np.sqrt(m) if use_improved_weight_init else 1)
                   for m, n in zip(sizes[:-1], sizes[1:])]
        self.grads = [None, None]

    def hidden(self, z):
        if self.use_relu:
            return np.maximum(0, z)
        if self.use_improved_sigmoid:
            return 1.7159 * np.tanh(z * 2 / 3)
        return 1 / (1 + np.exp(-z))

    def hidden_derivative(self, z):
        if self.use_relu:
            return 1. * (z > 0)
        if self.use_improved_sigmoid:
            return 1.7159 * 2 / 3 * (1 - np.tanh(z * 2 / 3) ** 2)
        s = 1 / (1 + np.exp(-z))
        return s * (1 - s)

    def forward(self, X):
        self.z_j = X @ self.ws[0]
        self.a_j = self.hidden(self.z_j)
        z_k = self.a_j @ self.ws[1]
        return np.exp(z_k) / np.exp(z_k).sum(1, keepdims=True)

    def backward(self, X, outputs, targets):
        assert targets.shape == outputs.shape
        delta_k = outputs - targets
        delta_j = self.hidden_derivative(self.z_j) * (delta_k @ self.ws[1].T)
        self.grads[1] = self.a_j.T @ delta_k / X.shape[0]
        self.grads[0] = X.T @ delta_j / X.shape[0]
        for grad, w in zip(self.grads, self.ws):
            assert grad.shape == w.shape

    def zero_grad(self):
        self.grads = [None, None]
