import numpy as np


def sigmoid(z):
    g = np.zeros(z.shape)
    g = 1.0 / (1.0 + np.exp(-z))
    return g


def mapFeature(x1, x2, degree=6):
    out = [np.ones(x1.shape[0])]
    for i in range(1, degree + 1):
        for j in range(i + 1):
            out.append((x1 ** (i - j)) * (x2 ** j))
    return np.array(out).T


def costFunctionReg(theta, X, y, lmbda):
    """
    Compute cost and gradient for logistic regression with regularization

    theta: (n,)   X: (m, n)   y: (m,)
    returns J, grad
    """
    m = y.size
    h = sigmoid(X.dot(theta))

    J = -(1.0 / m) * (np.log(h).dot(y) + np.log(1 - h).dot(1 - y))
    # theta[0] is not regularized
    J = J + (lmbda / (2.0 * m)) * np.sum(np.square(theta[1:]))

    grad = (1.0 / m) * X.T.dot(h - y)
    grad = grad + (lmbda / m) * theta
    print('J = %f' % J)
    return J, grad


def predict(theta, X):
    return (sigmoid(X.dot(theta)) >= 0.5).astype(int)
