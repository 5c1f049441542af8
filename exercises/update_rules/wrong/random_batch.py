import numpy as np


def sgd_update(w, dw, learning_rate):
    return w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    v = mu * v - learning_rate * dw
    return w + v, v


def gradients(X, Y, W1, W2):
    hidden = 1 / (1 + np.exp(-X.dot(W1)))
    scores = hidden.dot(W2)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    dscores = (probs - Y) / len(X)
    dhidden = dscores.dot(W2.T) * hidden * (1 - hidden)
    return X.T.dot(dhidden), hidden.T.dot(dscores)


def backward_update(X, Y, W1, W2, learning_rate, batch_size=200):
    num_train = X.shape[0]
    batch = np.random.choice(num_train, batch_size)
    dW1, dW2 = gradients(X[batch], Y[batch], W1, W2)
    W1 = sgd_update(W1, dW1, learning_rate)
    W2 = sgd_update(W2, dW2, learning_rate)
    return W1, W2
