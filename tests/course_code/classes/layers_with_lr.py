import numpy as np


class Layer:
    """one sample at a time, always as a column (n, 1)"""

    def forward(self, input):
        raise NotImplementedError

    def backward(self, output_gradient, learning_rate):
        raise NotImplementedError


class Dense(Layer):
    def __init__(self, input_size, output_size):
        self.weights = np.random.uniform(-1, 1, (output_size, input_size))
        self.bias = np.zeros((output_size, 1))
        self.grad_weights = None
        self.grad_bias = None

    def forward(self, input):
        self.last_input = input
        return self.weights @ input + self.bias

    def backward(self, output_gradient, learning_rate):
        g = output_gradient
        self.grad_weights = g @ self.last_input.T
        self.grad_bias = g
        to_previous = self.weights.T @ g      # must come BEFORE the step
        self.weights = self.weights - learning_rate * self.grad_weights
        self.bias = self.bias - learning_rate * self.grad_bias
        return to_previous


class Activation(Layer):
    """subclasses give f and df; no weights so learning_rate is ignored"""

    def f(self, v):
        raise NotImplementedError

    def df(self, v):
        raise NotImplementedError

    def forward(self, input):
        self.last_input = input
        return self.f(input)

    def backward(self, output_gradient, learning_rate):
        return self.df(self.last_input) * output_gradient


class Tanh(Activation):
    def f(self, v):
        return np.tanh(v)

    def df(self, v):
        return 1.0 / np.cosh(v) ** 2


class Sigmoid(Activation):
    def f(self, v):
        return 0.5 * (1 + np.tanh(v / 2))

    def df(self, v):
        return self.f(v) * self.f(-v)


def mse(y_true, y_pred):
    return ((y_pred - y_true) ** 2).mean()


def mse_prime(y_true, y_pred):
    return (y_pred - y_true) * (2.0 / y_true.size)


def train_one(network, x, y, learning_rate):
    out = x
    for l in network:
        out = l.forward(out)
    g = mse_prime(y, out)
    for l in network[::-1]:
        g = l.backward(g, learning_rate)
    return mse(y, out)


if __name__ == "__main__":
    np.random.seed(5)
    net = [Dense(2, 4), Tanh(), Dense(4, 1), Sigmoid()]
    data = [([a, b], [a != b]) for a in (0, 1) for b in (0, 1)]
    for it in range(2001):
        tot = sum(train_one(net, np.array(x, float).reshape(2, 1), np.array(y, float).reshape(1, 1), 0.5) for x, y in data)
        if it % 500 == 0:
            print(it, tot / 4)
