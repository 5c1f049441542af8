import numpy as np


def mean_squared_error(predicted, target):
    assert predicted.shape == target.shape
    return np.mean((predicted - target) ** 2)


def mean_squared_error_derivative(predicted, target):
    n = predicted.shape[0]
    return 2 * (predicted - target) / n


def cross_entropy(predicted, target, epsilon=1e-12):
    predicted = np.clip(predicted, epsilon, 1. - epsilon)
    N = predicted.shape[0]
    return -np.sum(target * np.log(predicted)) / N


def cross_entropy_derivative(predicted, target):
    N = predicted.shape[0]
    return -(target / predicted) / N


def smooth_l1(predicted, target):
    d = predicted - target
    loss = 0
    for v in d.ravel():
        if abs(v) < 1:
            loss += 0.5 * v * v
        else:
            loss += abs(v) - 0.5
    return loss


def smooth_l1_derivative(predicted, target):
    d = predicted - target
    return np.clip(d, -1, 1)


if __name__ == "__main__":
    # two outputs (x and y position)
    p = np.array([[0.2, 0.1], [0.8, 0.3], [0.4, 0.9]])
    t = np.array([[0., 0.5], [1., 0.5], [1., 1.]])
    print(mean_squared_error(p, t))
    print(mean_squared_error_derivative(p, t))
