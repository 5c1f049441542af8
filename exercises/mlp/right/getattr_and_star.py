from numpy import *


class Net:
    def __init__(self, parameters, activation):
        for key, value in parameters.items():
            setattr(self, key, value)
        self.L = len(parameters) // 2
        self.act = getattr(self, activation)
        self.act_prime = getattr(self, activation + "_prime")

    @staticmethod
    def relu(z):
        return where(z > 0, z, 0)

    @staticmethod
    def relu_prime(z):
        return (z > 0).astype(float)

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + exp(-z))

    @classmethod
    def sigmoid_prime(cls, z):
        return cls.sigmoid(z) * cls.sigmoid(-z)

    def z(self, l, X):
        return getattr(self, f"W{l}") @ self.a(l - 1, X) + getattr(self, f"b{l}")

    def a(self, l, X):
        if l == 0:
            return X
        if l == self.L:
            e = exp(self.z(l, X))
            return e / e.sum(axis=0)
        return self.act(self.z(l, X))

    def delta(self, l, X, Y):
        """dJ/dz of layer l, from the layer above."""
        if l == self.L:
            return (self.a(l, X) - Y) / Y.shape[1]
        return getattr(self, f"W{l + 1}").T @ self.delta(l + 1, X, Y) * self.act_prime(self.z(l, X))


def model_forward(X, parameters, activation="relu"):
    net = Net(parameters, activation)
    return net.a(net.L, X)


def cross_entropy(Y_hat, Y):
    return -sum(Y * log(Y_hat)) / len(Y.T)


def model_backward(X, Y, parameters, activation="relu"):
    net = Net(parameters, activation)
    grads = dict()
    for l in range(1, net.L + 1):
        d = net.delta(l, X, Y)
        grads.update({f"dW{l}": d @ net.a(l - 1, X).T, f"db{l}": d.sum(axis=1, keepdims=True)})
    return grads
