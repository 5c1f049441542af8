import numpy as np
import typing
np.random.seed(1)

MU = 33.55
SIGMA = 78.87


def pre_process_images(X: np.ndarray):
    assert X.shape[1] == 784, f"X.shape[1]: {X.shape[1]}, should be 784"
    X = (X - MU) / SIGMA
    return np.append(X, np.ones((X.shape[0], 1)), 1)


def one_hot_encode(Y: np.ndarray, num_classes: int):
    res = np.eye(num_classes)[np.array(Y).reshape(-1)]
    return res.reshape([Y.shape[0], num_classes])


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    assert targets.shape == outputs.shape
    Cn = np.sum(targets * np.log(outputs), axis=1)
    return -np.mean(Cn)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def dsigmoid(z):
    return sigmoid(z) * (1.0 - sigmoid(z))


def improved_sigmoid(z):
    return 1.7159 * np.tanh(2.0 * z / 3.0)


def dimproved_sigmoid(z):
    return 1.7259 * (2.0 / 3.0) * (1.0 - np.tanh(2.0 * z / 3.0)**2)


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


class SoftmaxModel:

    def __init__(self,
                 neurons_per_layer: typing.List[int],
                 use_improved_sigmoid: bool,
                 use_improved_weight_init: bool):
        self.I = 785
        self.use_improved_sigmoid = use_improved_sigmoid
        self.neurons_per_layer = neurons_per_layer

        self.ws = []
        prev = self.I
        for size in self.neurons_per_layer:
            w_shape = (prev, size)
            if use_improved_weight_init:
                w = np.random.normal(0, 1.0 / np.sqrt(prev), size=w_shape)
            else:
                w = np.random.uniform(-1, 1, size=w_shape)
            self.ws.append(w)
            prev = size
        self.grads = [None for i in range(len(self.ws))]

        self.act = improved_sigmoid if use_improved_sigmoid else sigmoid
        self.dact = dimproved_sigmoid if use_improved_sigmoid else dsigmoid

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.a = [X]
        self.z = []
        for w in self.ws[:-1]:
            self.z.append(self.a[-1].dot(w))
            self.a.append(self.act(self.z[-1]))
        return softmax(self.a[-1].dot(self.ws[-1]))

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        L = len(self.ws)
        deltas = [None] * L
        deltas[L-1] = outputs - targets
        for l in reversed(range(L-1)):
            deltas[l] = deltas[l+1].dot(self.ws[l+1].T) * self.dact(self.z[l])
        for l in range(L):
            self.grads[l] = self.a[l].T.dot(deltas[l]) / X.shape[0]
        for grad, w in zip(self.grads, self.ws):
            assert grad.shape == w.shape

    def zero_grad(self) -> None:
        self.grads = [None for i in range(len(self.ws))]
