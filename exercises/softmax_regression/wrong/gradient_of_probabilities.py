import numpy as np


def softmax(Z):
    e = np.exp(Z - np.amax(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def cross_entropy(Z, Y):
    A = softmax(Z)
    return -np.einsum("im,im->", Y, np.log(A)) / A.shape[0]


def cross_entropy_gradient(Z, Y):
    # derivative of -y ln a
    A = softmax(Z)
    n = A.shape[0]
    return -1 / n * Y / A


def model_forward(X, W, b):
    return np.einsum("ij,mj->im", X, W) + b


class Backward:
    def __init__(self, Z, Y):
        self.dZ = (softmax(Z) - Y) / Z.shape[0]

    def weights(self, X):
        return np.einsum("im,ij->mj", self.dZ, X)

    def bias(self):
        return np.einsum("im->m", self.dZ)


def model_backward(X, Y, W, b):
    backward = Backward(model_forward(X, W, b), Y)
    return backward.weights(X), backward.bias()
