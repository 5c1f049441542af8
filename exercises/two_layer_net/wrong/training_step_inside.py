import numpy as np

learning_rate = 0.1


def loss(X, y, W1, b1, W2, b2, reg):
    W1, b1, W2, b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    probs = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    J = np.sum(-np.log(probs[np.arange(N), y])) / N + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))

    # output layer
    delta = probs
    delta[np.arange(N), y] -= 1
    delta /= N
    dW2 = h.T.dot(delta) + 2 * reg * W2
    db2 = delta.sum(axis=0)
    W2 -= learning_rate * dW2
    b2 -= learning_rate * db2

    # hidden layer
    delta = delta.dot(W2.T) * (h > 0)
    dW1 = X.T.dot(delta) + 2 * reg * W1
    db1 = delta.sum(axis=0)
    W1 -= learning_rate * dW1
    b1 -= learning_rate * db1
    return J, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
