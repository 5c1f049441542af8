import numpy as np


def affine(x, w, b):
    def back(dout):
        return dout.dot(w.T), x.T.dot(dout), dout.sum(axis=0)

    return x.dot(w) + b, back


def relu(x):
    return np.maximum(x, 0), lambda dout: dout * (x > 0)


def l2(w, strength):
    return strength * np.dot(w.ravel(), w.ravel()), lambda: 2 * strength * w


def softmax_loss(x, y):
    n = len(y)
    x = x - np.amax(x, axis=1)[:, None]
    logp = x - np.log(np.exp(x).sum(axis=1))[:, None]

    def back():
        onehot = np.zeros(x.shape)
        np.put_along_axis(onehot, y[:, None], 1, axis=1)
        return (np.exp(logp) - onehot) / n

    return -np.take_along_axis(logp, y[:, None], axis=1).sum() / n, back


def loss(X, y, W1, b1, W2, b2, reg):
    a, affine1_back = affine(X, W1, b1)
    h, relu_back = relu(a)
    s, affine2_back = affine(h, W2, b2)
    data, loss_back = softmax_loss(s, y)
    r1, r1_back = l2(W1, reg)
    r2, r2_back = l2(W2, reg)

    dh, dW2, db2 = affine2_back(loss_back())
    _, dW1, db1 = affine1_back(relu_back(dh))
    return data + r1 + r2, {"W1": dW1 + r1_back(), "b1": db1, "W2": dW2 + r2_back(), "b2": db2}
