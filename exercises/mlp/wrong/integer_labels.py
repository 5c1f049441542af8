import numpy as np


def softmax(scores):
    shifted = scores - scores.max(axis=0, keepdims=True)
    return np.exp(shifted) / np.exp(shifted).sum(axis=0, keepdims=True)


def unpack(parameters):
    L = len(parameters) // 2
    return [(parameters[f"W{l}"], parameters[f"b{l}"]) for l in range(1, L + 1)]


def hidden(X, parameters, activation):
    A = [X]
    for W, b in unpack(parameters)[:-1]:
        Z = W @ A[-1] + b
        A.append(np.maximum(Z, 0) if activation == "relu" else 1 / (1 + np.exp(-Z)))
    return A


def model_forward(X, parameters, activation="relu"):
    W, b = unpack(parameters)[-1]
    return softmax(W @ hidden(X, parameters, activation)[-1] + b)


def cross_entropy(Y_hat, Y):
    y = np.argmax(Y, axis=0)
    return -np.log(Y_hat[y, np.arange(y.size)]).mean()


def model_backward(X, Y, parameters, activation="relu"):
    y = np.argmax(Y, axis=0)
    N = y.size
    A = hidden(X, parameters, activation)
    dscores = model_forward(X, parameters, activation)
    dscores -= y
    dscores /= N
    grads = {}
    for l, (W, b) in reversed(list(enumerate(unpack(parameters), start=1))):
        grads[f"dW{l}"] = dscores @ A[l - 1].T
        grads[f"db{l}"] = dscores.sum(axis=1).reshape(b.shape)
        dhidden = W.T @ dscores
        if activation == "relu":
            dhidden[A[l - 1] <= 0] = 0
        else:
            dhidden *= A[l - 1] * (1 - A[l - 1])
        dscores = dhidden
    return grads
