import numpy as np


class NN:
    """
    arch e.g. [{'in': 4, 'out': 8, 'act': 'relu'}, {'in': 8, 'out': 1, 'act': 'sigmoid'}]
    samples in rows
    """

    def __init__(self, arch, seed=99):
        np.random.seed(seed)
        self.arch = arch
        self.param_values = {}
        for idx, layer in enumerate(arch):
            k = str(idx + 1)
            self.param_values['W' + k] = np.random.randn(layer['out'], layer['in']) * 0.3
            self.param_values['b' + k] = np.random.randn(layer['out']) * 0.1
        self.memory = {}
        self.grads_values = {}

    @staticmethod
    def sigmoid(Z):
        return 1 / (1 + np.exp(-Z))

    @staticmethod
    def relu(Z):
        return np.maximum(0, Z)

    def sigmoid_backward(self, dA, Z):
        sig = self.sigmoid(Z)
        return dA * sig * (1 - sig)

    def relu_backward(self, dA, Z):
        dZ = np.array(dA, copy=True)
        dZ[Z <= 0] = 0
        return dZ

    def full_forward(self, X):
        self.memory = {'A0': X}
        A = X
        for idx, layer in enumerate(self.arch):
            k = str(idx + 1)
            Z = np.einsum('nd,hd->nh', A, self.param_values['W' + k]) + self.param_values['b' + k]
            A = {'relu': self.relu, 'sigmoid': self.sigmoid}[layer['act']](Z)
            self.memory['Z' + k] = Z
            self.memory['A' + k] = A
        return A

    def get_cost(self, Y_hat, Y):
        assert Y_hat.shape == Y.shape
        return -np.mean(Y * np.log(Y_hat) + (1 - Y) * np.log(1 - Y_hat))

    def full_backward(self, Y_hat, Y):
        Y = Y.reshape(Y_hat.shape)
        dA = -(np.divide(Y, Y_hat) - np.divide(1 - Y, 1 - Y_hat)) / Y.size
        for idx in range(len(self.arch) - 1, -1, -1):
            k = str(idx + 1)
            back = self.relu_backward if self.arch[idx]['act'] == 'relu' else self.sigmoid_backward
            dZ = back(dA, self.memory['Z' + k])
            self.grads_values['dW' + k] = np.einsum('nh,nd->hd', dZ, self.memory['A' + str(idx)])
            self.grads_values['db' + k] = np.einsum('nh->h', dZ)
            dA = np.einsum('nh,hd->nd', dZ, self.param_values['W' + k])
        return self.grads_values

    def update(self, lr):
        for k in range(1, len(self.arch) + 1):
            self.param_values['W%d' % k] -= lr * self.grads_values['dW%d' % k]
            self.param_values['b%d' % k] -= lr * self.grads_values['db%d' % k]

    def train(self, X, Y, epochs, lr):
        hist = []
        for i in range(epochs):
            Y_hat = self.full_forward(X)
            hist.append(self.get_cost(Y_hat, Y))
            self.full_backward(Y_hat, Y)
            self.update(lr)
        return hist
