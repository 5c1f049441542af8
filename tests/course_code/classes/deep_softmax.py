import numpy as np
import typing


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


def improved_sigmoid(z):
    return 1.7159 * np.tanh(2 / 3 * z)


def improved_sigmoid_prime(z):
    return 1.7159 * 2 / 3 * (1 - np.tanh(2 / 3 * z) ** 2)


def softmax(z):
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def pre_process_images(X: np.ndarray):
    mu, sigma = 33.34, 78.59    # from the training set
    X = (X - mu) / sigma
    return np.concatenate([X, np.ones([X.shape[0], 1])], axis=1)


def one_hot_encode(Y: np.ndarray, num_classes: int):
    onehot = np.zeros((Y.shape[0], num_classes), dtype=int)
    for row, k in enumerate(Y):
        onehot[row, int(k[0])] = 1
    return onehot


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    assert targets.shape == outputs.shape
    N = targets.shape[0]
    return -np.sum(targets * np.log(outputs)) / N


class SoftmaxModel:

    def __init__(self, neurons_per_layer: typing.List[int], use_improved_sigmoid: bool,
                 use_improved_weight_init: bool):
        np.random.seed(1)
        self.I = 785
        self.use_improved_sigmoid = use_improved_sigmoid
        self.neurons_per_layer = neurons_per_layer
        self.ws = []
        prev = self.I
        for size in neurons_per_layer:
            print("Initializing weight to shape:", (prev, size))
            if use_improved_weight_init:
                self.ws.append(np.random.normal(0, 1 / np.sqrt(prev), (prev, size)))
            else:
                self.ws.append(np.random.uniform(-1, 1, (prev, size)))
            prev = size
        self.grads = [None] * len(self.ws)
        self.zs = []
        self.activations = []

    def f(self, z):
        return improved_sigmoid(z) if self.use_improved_sigmoid else sigmoid(z)

    def f_prime(self, z):
        return improved_sigmoid_prime(z) if self.use_improved_sigmoid else sigmoid_prime(z)

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.zs = []
        self.activations = [X]
        a = X
        for i, w in enumerate(self.ws):
            z = a @ w
            self.zs.append(z)
            if i == len(self.ws) - 1:
                a = softmax(z)
            else:
                a = self.f(z)
            self.activations.append(a)
        return a

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        N = X.shape[0]
        delta = outputs - targets
        self.grads[-1] = self.activations[-2].T @ delta / N
        for l in range(2, len(self.ws) + 1):
            delta = (delta @ self.ws[-l + 1].T) * self.f_prime(self.zs[-l])
            self.grads[-l] = self.activations[-l - 1].T @ delta / N

        for grad, w in zip(self.grads, self.ws):
            assert grad.shape == w.shape

    def zero_grad(self) -> None:
        self.grads = [None for i in range(len(self.ws))]


if __name__ == "__main__":
    model = SoftmaxModel([64, 64, 10], True, True)
    X = pre_process_images(np.random.randint(0, 255, (5, 784)))
    print(model.forward(X).sum(axis=1))
