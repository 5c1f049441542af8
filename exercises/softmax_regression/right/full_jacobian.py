import numpy as np


def softmax(Z):
    A = np.exp(Z - Z.max(axis=1, keepdims=True))
    A /= A.sum(axis=1, keepdims=True)
    return A


def cross_entropy(y_pred, y_true):
    """y_pred are the logits"""
    loss = 0
    for i in range(len(y_true)):
        p = softmax(y_pred[i : i + 1])[0]
        loss -= y_true[i] @ np.log(p + 1e-10)
    return loss / len(y_true)


def jacobian(a):
    J = np.zeros((len(a), len(a)))
    for i in range(len(a)):
        for j in range(len(a)):
            J[i, j] = a[i] * (1 - a[i]) if i == j else -a[i] * a[j]
    return J


def cross_entropy_gradient(y_pred, y_true):
    A = softmax(y_pred)
    n = len(y_true)
    dA = -y_true / A / n
    return np.array([jacobian(a) @ da for a, da in zip(A, dA)])


def model_forward(X, W, b):
    return X @ W.T + b


def model_backward(X, Y, W, b):
    dZ = cross_entropy_gradient(model_forward(X, W, b), Y)
    dW = np.zeros(W.shape)
    db = np.zeros(b.shape)
    for x, dz in zip(X, dZ):
        dW += dz[:, None] * x
        db += dz
    return [dW, db]
