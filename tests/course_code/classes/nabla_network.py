import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    """ derivative of the sigmoid at z """
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


class Network(object):
    # sizes e.g. [784, 30, 10], weights[k] goes from layer k to layer k+1

    def __init__(self, sizes):
        self.sizes = list(sizes)
        self.weights, self.biases = [], []
        for k in range(1, len(sizes)):
            self.weights.append(np.random.randn(sizes[k], sizes[k - 1]))
            self.biases.append(np.random.randn(sizes[k], 1))

    def feedforward(self, a):
        for k in range(len(self.weights)):
            a = sigmoid(self.weights[k] @ a + self.biases[k])
        return a

    def cost(self, x, y):
        """ quadratic cost of one training pair """
        diff = self.feedforward(x) - y
        return 0.5 * float(np.sum(diff * diff))

    def backprop(self, x, y):
        """x: (n_in, 1), y: (n_out, 1). Gives (nabla_b, nabla_w), lists like self.biases / self.weights"""
        # forward, remember z and the input of every layer
        inputs, zs = [], []
        a = x
        for w, b in zip(self.weights, self.biases):
            inputs.append(a)
            zs.append(w @ a + b)
            a = sigmoid(zs[-1])

        nabla_b = [None] * len(zs)
        nabla_w = [None] * len(zs)
        err = a - y
        for k in range(len(zs) - 1, -1, -1):
            delta = err * sigmoid_prime(zs[k])
            nabla_b[k] = delta
            nabla_w[k] = delta @ inputs[k].T
            err = self.weights[k].T @ delta
        return nabla_b, nabla_w

    def step(self, batch, eta):
        """batch: list of (x, y)"""
        sum_b = [0 * b for b in self.biases]
        sum_w = [0 * w for w in self.weights]
        for x, y in batch:
            nb, nw = self.backprop(x, y)
            for k in range(len(nb)):
                sum_b[k] += nb[k]
                sum_w[k] += nw[k]
        for k in range(len(sum_b)):
            self.biases[k] -= eta * sum_b[k] / len(batch)
            self.weights[k] -= eta * sum_w[k] / len(batch)

    def fit(self, pairs, epochs=10, batch_size=10, eta=3.0):
        for ep in range(epochs):
            order = np.random.permutation(len(pairs))
            for s in range(0, len(pairs), batch_size):
                self.step([pairs[i] for i in order[s:s + batch_size]], eta)
            print('epoch', ep, 'cost', np.mean([self.cost(x, y) for x, y in pairs]))
