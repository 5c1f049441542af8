import numpy as np


def sgd_update(w, dw, learning_rate):
    w = np.copy(w)
    w -= learning_rate * dw
    return w


def momentum_update(w, dw, v, learning_rate, mu):
    v = np.copy(v)
    v *= mu
    v -= learning_rate * dw
    return w + v, v


class SoftmaxModel:
    def __init__(self, ws):
        self.ws = ws

    def forward(self, X):
        self.activations = [X]
        for i, w in enumerate(self.ws):
            z = self.activations[-1].dot(w)
            if i < len(self.ws) - 1:
                self.activations.append(1 / (1 + np.exp(-z)))
        return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)

    def backward(self, outputs, targets):
        self.grads = []
        delta = -(targets - outputs) / targets.shape[0]
        for i in range(len(self.ws) - 1, -1, -1):
            a = self.activations[i]
            self.grads.insert(0, a.T.dot(delta))
            delta = a.dot(self.ws[i]).dot(self.ws[i].T) * a * (1 - a)


def backward_update(X, Y, W1, W2, learning_rate):
    model = SoftmaxModel([W1, W2])
    model.backward(model.forward(X), Y)
    return [sgd_update(w, grad, learning_rate) for w, grad in zip(model.ws, model.grads)]
