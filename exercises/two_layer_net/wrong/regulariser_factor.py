# gradcheck: exercise two-layer-net
import numpy as np


def loss(X, y, W1, b1, W2, b2, reg):
    num_train = X.shape[0]

    z1 = X.dot(W1) + b1
    a1 = np.maximum(z1, 0)
    z2 = a1.dot(W2) + b2
    softmax = np.exp(z2 - z2.max(axis=1).reshape(-1, 1))
    softmax /= softmax.sum(axis=1).reshape(-1, 1)

    loss = -np.log(softmax[np.arange(num_train), y]).mean()
    loss += reg * np.sum(np.square(W1)) + reg * np.sum(np.square(W2))

    delta2 = softmax.copy()
    delta2[np.arange(num_train), y] -= 1
    delta2 /= num_train
    delta1 = delta2.dot(W2.T)
    delta1 = delta1 * (z1 > 0)

    dW1 = X.T.dot(delta1)
    dW2 = a1.T.dot(delta2)

    for param, grad in [(W1, dW1), (W2, dW2)]:
        grad += reg * param
    return loss, {"W1": dW1, "b1": delta1.sum(axis=0), "W2": dW2, "b2": delta2.sum(axis=0)}
