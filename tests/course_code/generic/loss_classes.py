import numpy as np
from abc import ABC, abstractmethod


class Loss(ABC):
    """ base class, y is the truth and a the output of the last layer """

    @staticmethod
    @abstractmethod
    def loss(y, a):
        raise NotImplementedError

    @staticmethod
    @abstractmethod
    def gradient(y, a):
        raise NotImplementedError


class SquareLoss(Loss):

    @staticmethod
    def loss(y, a):
        return 0.5 * np.power((y - a), 2).sum()

    @staticmethod
    def gradient(y, a):
        return -(y - a)


class CrossEntropy(Loss):

    @staticmethod
    def loss(y, p):
        # Avoid division by zero
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return np.sum(- y * np.log(p) - (1 - y) * np.log(1 - p))

    @staticmethod
    def gradient(y, p):
        p = np.clip(p, 1e-15, 1 - 1e-15)
        return - (y / p) + (1 - y) / (1 - p)


class SoftmaxCrossEntropy(Loss):
    """takes the logits, not probabilities"""

    @staticmethod
    def softmax(z):
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    @staticmethod
    def loss(y, logits):
        p = SoftmaxCrossEntropy.softmax(logits)
        return -np.sum(y * np.log(p)) / len(y)

    @staticmethod
    def gradient(y, logits):
        p = SoftmaxCrossEntropy.softmax(logits)
        return (p - y) / len(y)


class Hinge(Loss):
    # y in {-1, 1}
    @staticmethod
    def loss(y, a):
        return np.maximum(0, 1 - y * a).mean()

    @staticmethod
    def gradient(y, a):
        g = np.where(y * a < 1, -y, 0)
        return g / y.size
