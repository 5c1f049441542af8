import numpy as np

EPS = 1e-12


def mse(y_true, y_pred):
    return np.mean(np.power(y_true - y_pred, 2))


def mse_prime(y_true, y_pred):
    return 2 * (y_pred - y_true) / y_true.size


"""
def rmse(y_true, y_pred):
    return np.sqrt(mse(y_true, y_pred))

def rmse_prime(y_true, y_pred):
    return ???
"""


def mae(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred))


def mae_prime(y_true, y_pred):
    return np.sign(y_pred - y_true) / np.size(y_true)


def binary_cross_entropy(y_true, y_pred):
    y_pred = np.clip(y_pred, EPS, 1 - EPS)
    return np.mean(-y_true * np.log(y_pred) - (1 - y_true) * np.log(1 - y_pred))


def binary_cross_entropy_prime(y_true, y_pred):
    return ((1 - y_true) / (1 - y_pred) - y_true / y_pred) / np.size(y_true)


def categorical_cross_entropy(y_true, y_pred):
    # (batch, classes)
    return -np.sum(y_true * np.log(y_pred + EPS)) / y_true.shape[0]


def categorical_cross_entropy_prime(y_true, y_pred):
    return -y_true / (y_pred + EPS) / y_true.shape[0]


def log_cosh(y_true, y_pred):
    return np.mean(np.log(np.cosh(y_pred - y_true)))


def log_cosh_prime(y_true, y_pred):
    return np.tanh(y_pred - y_true) / y_true.size


# gradient checked by hand on paper, ok
def huber(y_true, y_pred, delta=1.0):
    err = np.abs(y_true - y_pred)
    return np.mean(np.where(err <= delta, 0.5 * err ** 2, delta * (err - 0.5 * delta)))


def huber_prime(y_true, y_pred, delta=1.0):
    diff = y_pred - y_true
    return np.where(np.abs(diff) <= delta, diff, delta * np.sign(diff)) / diff.size
