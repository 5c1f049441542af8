import numpy as np
from functools import reduce


def softmax(Z):
    Z = np.exp(Z - Z.max(axis=0, keepdims=True))
    return Z / Z.sum(axis=0, keepdims=True)


def unpack(parameters):
    L = len(parameters) // 2
    return [parameters[f"W{l}"] for l in range(1, L + 1)], [parameters[f"b{l}"] for l in range(1, L + 1)]


def act(name):
    return {"relu": lambda z: np.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[name]


def der(name):
    return {"relu": lambda a: np.sign(a), "sigmoid": lambda a: a - a**2}[name]


def model_forward(X, parameters, activation="relu"):
    Ws, bs = unpack(parameters)
    A = reduce(lambda a, wb: act(activation)(wb[0] @ a + wb[1]), list(zip(Ws, bs))[:-1], X)
    return softmax(Ws[-1] @ A + bs[-1])


def cross_entropy(Y_hat, Y):
    return np.mean(-Y * np.log(Y_hat))


def model_backward(X, Y, parameters, activation="relu"):
    Ws, bs = unpack(parameters)
    As = [X]
    for W, b in zip(Ws[:-1], bs[:-1]):
        As.append(act(activation)(W @ As[-1] + b))
    d = (softmax(Ws[-1] @ As[-1] + bs[-1]) - Y) / X.shape[1]
    out = []
    for W, A in zip(Ws[::-1], As[::-1]):
        out = [d @ A.T, d.sum(axis=1, keepdims=True)] + out
        d = (W.T @ d) * der(activation)(A)
    return dict(zip(parameters, out))
