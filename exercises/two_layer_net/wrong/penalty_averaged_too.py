import numpy as np


class TwoLayerNet(object):
    def __init__(self, params, reg):
        self.params = params
        self.reg = reg

    def scores(self, X):
        self.hidden = np.clip(X @ self.params["W1"] + self.params["b1"], 0, np.inf)
        return self.hidden @ self.params["W2"] + self.params["b2"]

    def cost(self, X, y):
        s = self.scores(X)
        total = 0.0
        self.dscores = np.zeros_like(s)
        for i, label in enumerate(y):
            e = np.exp(s[i] - s[i].max())
            total += -np.log(e[label] / e.sum())
            self.dscores[i] = e / e.sum()
            self.dscores[i, label] -= 1
        self.dscores /= len(y)
        total += self.reg * (np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2))
        return total / len(y)

    def gradients(self, X):
        d = self.dscores @ self.params["W2"].T * (self.hidden > 0)
        grads = {"W1": X.T @ d, "b1": d.sum(0), "W2": self.hidden.T @ self.dscores, "b2": self.dscores.sum(0)}
        for name in ("W1", "W2"):
            grads[name] += 2 * self.reg * self.params[name]
        return grads


def loss(X, y, W1, b1, W2, b2, reg):
    net = TwoLayerNet({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, reg)
    return net.cost(X, y), net.gradients(X)
