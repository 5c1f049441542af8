import numpy as np
import typing
import sys

np.random.seed(1)


def pre_process_images(X: np.ndarray):
    """X: [batch size, 784]; returns [batch size, 785]"""
    X = (X - 33.318) / 78.567
    ones = np.ones((X.shape[0], 1))
    return np.concatenate((X, ones), axis=1)


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    assert targets.shape == outputs.shape
    return - (targets * np.log(outputs)).sum(axis=1).mean()


def one_hot_encode(Y: np.ndarray, num_classes: int):
    Y = Y.squeeze()
    one_hot = np.zeros((Y.size, num_classes))
    one_hot[np.arange(Y.size), Y] = 1
    return one_hot


class SoftmaxModel:

    def __init__(self, neurons_per_layer: typing.List[int], use_improved_sigmoid: bool,
                 use_improved_weight_init: bool):
        self.I = 785
        self.use_improved_sigmoid = use_improved_sigmoid
        self.neurons_per_layer = neurons_per_layer
        self.ws = []
        prev = self.I
        for size in self.neurons_per_layer:
            w = np.zeros((prev, size))
            if use_improved_weight_init:
                w = np.random.normal(0, 1 / np.sqrt(prev), (prev, size))
            else:
                w = np.random.uniform(-1, 1, (prev, size))
            self.ws.append(w)
            prev = size
        self.grads = [None for i in range(len(self.ws))]
        self.hidden_layer_output = []

    def sigmoid(self, z):
        if self.use_improved_sigmoid:
            return 1.7159 * np.tanh((2 / 3) * z)
        return 1 / (1 + np.exp(-z))

    def sigmoid_derivative(self, a):
        # expressed with the activation, a = sigmoid(z)
        if self.use_improved_sigmoid:
            return (2 / 3) * (1.7159 - a ** 2 / 1.7159)
        return a * (1 - a)

    def forward(self, X: np.ndarray) -> np.ndarray:
        self.hidden_layer_output = []
        a = X
        for i in range(len(self.ws) - 1):
            a = self.sigmoid(np.dot(a, self.ws[i]))
            self.hidden_layer_output.append(a)
        z = np.dot(a, self.ws[-1])
        return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        N = X.shape[0]
        delta_k = -(targets - outputs)
        n_layers = len(self.ws)
        self.grads[n_layers - 1] = np.dot(self.hidden_layer_output[-1].T, delta_k) / N

        # hidden layers, from the back
        prev_delta = delta_k
        for i in range(n_layers - 2, -1, -1):
            a = self.hidden_layer_output[i]
            if i == n_layers - 2:
                delta = np.dot(prev_delta, self.ws[i + 1].T) * self.sigmoid_derivative(a)
            else:
                delta = np.dot(prev_delta, self.ws[i + 1].T)
            inp = X if i == 0 else self.hidden_layer_output[i - 1]
            self.grads[i] = np.dot(inp.T, delta) / N
            prev_delta = delta

        for grad, w in zip(self.grads, self.ws):
            assert grad.shape == w.shape,\
                f"Expected the same shape. Grad shape: {grad.shape}, w: {w.shape}."

    def zero_grad(self) -> None:
        self.grads = [None for i in range(len(self.ws))]


if __name__ == "__main__":
    nodes = [32, 32, 10] if len(sys.argv) < 2 else eval(sys.argv[1])
    model = SoftmaxModel(nodes, False, True)
    X = pre_process_images(np.random.randint(0, 256, (4, 784)).astype(float))
    Y = one_hot_encode(np.random.randint(0, 10, (4, 1)), 10)
    out = model.forward(X)
    model.backward(X, out, Y)
    print("loss", cross_entropy_loss(Y, out))
