import numpy as np

phi = {"relu": lambda z: np.maximum(z, 0), "sigmoid": lambda z: 1 / (1 + np.exp(-z))}
dphi = {"relu": lambda z: z > 0, "sigmoid": lambda z: phi["sigmoid"](z) * phi["sigmoid"](-z)}


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def pre_activations(X, parameters, activation):
    zs = []
    a = X
    for W, b in pairs(parameters):
        zs.append(W @ a + b)
        a = phi[activation](zs[-1])
    return zs


def pairs(parameters):
    values = list(parameters.values())
    return list(zip(values[::2], values[1::2]))


def model_forward(X, parameters, activation="relu"):
    return softmax(pre_activations(X, parameters, activation)[-1])


def cross_entropy(Y_hat, Y):
    return -np.vdot(Y, np.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    zs = pre_activations(X, parameters, activation)
    d = (softmax(zs[-1]) - Y) / Y.shape[1]
    grads = []
    for k, (W, b) in reversed(list(enumerate(pairs(parameters)))):
        a = phi[activation](zs[k - 1]) if k else X
        db = np.ones(b.shape) * np.sum(d)
        grads = [d @ a.T, db] + grads
        if k:
            d = (W.T @ d) * dphi[activation](zs[k - 1])
    return dict(zip(parameters.keys(), grads))
