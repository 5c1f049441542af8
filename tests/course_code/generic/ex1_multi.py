import numpy as np


def featureNormalize(X):
    mu = np.mean(X, axis=0)
    sigma = np.std(X, axis=0)
    return (X - mu) / sigma, mu, sigma


def computeCost(theta, X, y):
    print('theta is', theta.ravel())
    # X (m, n+1), theta (n+1, 1), y (m, 1)
    m = len(y)
    J = 1 / (2 * m) * np.sum((X.dot(theta) - y) ** 2)
    return J


def computeGradient(theta, X, y):
    m = len(y)
    # error = X.dot(theta) - y
    # g = np.zeros(theta.shape)
    # for j in range(len(theta)): g[j] = ...   too slow
    return 2 / m * X.T.dot(X.dot(theta) - y)


def gradientDescent(X, y, theta, alpha, num_iters):
    J_history = np.zeros((num_iters, 1))
    for it in range(num_iters):
        theta = theta - alpha * computeGradient(theta, X, y)
        J_history[it] = computeCost(theta, X, y)
    return theta, J_history


def normalEqn(X, y):
    return np.linalg.pinv(X.T.dot(X)).dot(X.T).dot(y)
