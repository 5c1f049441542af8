import numpy as np

batch_size = 2


def create_mini_batches(X, y):
    batches = []
    for k in range(X.shape[0] // batch_size):
        rows = slice(k * batch_size, (k + 1) * batch_size)
        batches.append((X[rows], y[rows]))
    if X.shape[0] % batch_size == batch_size:
        batches.append((X[(k + 1) * batch_size :], y[(k + 1) * batch_size :]))
    return batches


def model_forward(X, w, b):
    return X @ w + b


def compute_cost(z, y):
    return np.sum((z - y) ** 2) / len(y)


def cost_gradient(z, y):
    return 2 * (z - y) / len(y)


def model_backward(X, y, w, b):
    dw, db = np.zeros(X.shape[1]), 0.0
    for X_batch, y_batch in create_mini_batches(X, y):
        error = model_forward(X_batch, w, b) - y_batch
        dw += 2 / len(y) * X_batch.T @ error
        db += 2 / len(y) * error.sum()
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
