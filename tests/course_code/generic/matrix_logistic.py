import numpy as np

# everything is np.matrix here, so * is the matrix product !!!
# theta: 1 x n (row), y: m x 1

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def cost(theta, X, y, learningRate):
    theta, X, y = np.matrix(theta), np.matrix(X), np.matrix(y)
    m = X.shape[0]
    h = sigmoid(X * theta.T)
    J = -(y.T * np.log(h) + (1 - y).T * np.log(1 - h)) / m
    w = theta[0, 1:]
    J = J + learningRate / (2 * m) * (w * w.T)
    return J[0, 0]

def gradientReg(theta, X, y, learningRate):
    theta, X, y = np.matrix(theta), np.matrix(X), np.matrix(y)
    m, n = X.shape
    diff = sigmoid(X * theta.T) - y
    #print(diff.shape)
    grad = np.zeros(n)
    for j in range(n):
        grad[j] = (X[:, j].T * diff)[0, 0]
        if j > 0:
            grad[j] += learningRate * theta[0, j]
    return grad / m

def predict(theta, X):
    p = sigmoid(np.matrix(X) * np.matrix(theta).T)
    return np.asarray(p > 0.5).ravel().astype(int)
