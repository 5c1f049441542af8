import numpy as np

sgd_update = lambda w, dw, learning_rate: w - learning_rate * dw


def momentum_update(w, dw, v, learning_rate, mu):
    try:
        v = mu * v - learning_rate * dw
    except TypeError:  # first step, no velocity yet
        v = -learning_rate * dw
    return w + v, v


logistic = lambda z: (1.0 + np.exp(-z)) ** -1.0
slope = lambda z: np.exp(-z) * (1.0 + np.exp(-z)) ** -2.0


def backward_update(X, Y, W1, W2, learning_rate):
    """Every row on its own; W is changed by -r/n times each row's gradient."""
    n = X.shape[0]
    step1, step2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for i in range(n):
        x, y = X[i : i + 1], Y[i : i + 1]
        z = x @ W1
        e = np.exp(logistic(z) @ W2)
        y_hat = e / e.sum()
        # derivative of -ln y_hat[label] with respect to e, then to the logits
        label = int(y.argmax())
        de = np.full(e.shape, 1 / e.sum())
        de[0, label] -= 1 / e[0, label]
        dlogits = de * e
        step2 += logistic(z).T @ dlogits
        step1 += x.T @ (dlogits @ W2.T * slope(z))
    return sgd_update(W1, step1, learning_rate / n), sgd_update(W2, step2, learning_rate / n)
