import numpy


class Activations:
    @staticmethod
    def relu(z):
        return numpy.where(z > 0, z, 0)

    @staticmethod
    def sigmoid(z):
        return 1 / (1 + numpy.exp(-z))

    @staticmethod
    def tanh(z):
        return numpy.tanh(z)

    @classmethod
    def improved(cls, z):
        return 1.7159 * cls.tanh(2 * z / 3)


def relu(Z):
    return Activations.relu(Z)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def sigmoid(Z):
    return Activations.sigmoid(Z)


def sigmoid_backward(dA, Z):
    return dA * Activations.sigmoid(Z) * Activations.sigmoid(-Z)


def tanh(Z):
    return Activations.tanh(Z)


def tanh_backward(dA, Z):
    return dA * (1 - Activations.tanh(Z) ** 2)


def improved_sigmoid(Z):
    return Activations.improved(Z)


def improved_sigmoid_backward(dA, Z):
    return dA * (2 / 3 * 1.7159) * (1 - Activations.tanh(2 * Z / 3) ** 2)


def softmax_jacobian(z):
    s = numpy.exp(z - z.max())
    s = s / s.sum()
    return numpy.diag(s) - s * s
