import numpy as np


class Model:
    def __init__(self, weights):
        self.ws = [w.astype(float) for w in weights]
        self.hidden_layer_output = []

    def forward(self, X):
        self.hidden_layer_output = [X]
        for w in self.ws[:-1]:
            self.hidden_layer_output.append(1 / (1 + np.exp(-self.hidden_layer_output[-1] @ w)))
        z = self.hidden_layer_output[-1] @ self.ws[-1]
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    def backward(self, outputs, targets):
        self.grads = [None] * len(self.ws)
        delta = -(targets - outputs)
        for i in range(len(self.ws) - 1, -1, -1):
            a = self.hidden_layer_output[i]
            self.grads[i] = a.T @ delta / targets.shape[0]
            delta = a * (1 - a) * (delta @ self.ws[i].T)

    def step(self, learning_rate):
        for w, grad in zip(self.ws, self.grads):
            w -= learning_rate * grad


def sgd_update(w, dw, learning_rate):
    w = w.astype(float)
    w -= learning_rate * dw
    return w


def momentum_update(w, dw, v, learning_rate, mu):
    w, v = w.astype(float), v.astype(float)
    v *= mu
    v -= learning_rate * dw
    w += v
    return w, v


def backward_update(X, Y, W1, W2, learning_rate):
    model = Model([W1, W2])
    model.backward(model.forward(X), Y)
    model.step(learning_rate)
    return model.ws
