import numpy as np
# first version with for loops, the vectorized one comes later


def softmax(Z):
    A = np.zeros_like(Z)
    for i in range(Z.shape[0]):
        e = np.exp(Z[i] - max(Z[i]))
        A[i] = e / sum(e)
    return A


def cross_entropy(Z, Y):
    loss = 0.0
    A = softmax(Z)
    for i in range(Z.shape[0]):
        loss -= np.log(A[i, np.argmax(Y[i])])
    return loss / Z.shape[0]


def cross_entropy_gradient(Z, Y):
    dZ = np.zeros_like(Z)
    A = softmax(Z)
    for i in range(Z.shape[0]):
        for m in range(Z.shape[1]):
            dZ[i, m] = (A[i, m] - Y[i, m]) / Z.shape[0]
    return dZ


def model_forward(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[0]))
    for i in range(X.shape[0]):
        Z[i] = W.dot(X[i]) + b
    return Z


def model_backward(X, Y, W, b):
    A = softmax(model_forward(X, W, b))
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for i in range(X.shape[0]):
        for m in range(W.shape[0]):
            error = A[i, m] - Y[i, m]
            for j in range(W.shape[1]):
                dW[m, j] += error * X[i, j]
            db[m] += error
    return dW, db
