import functools

import numpy


def joined(parameters):
    """[W b] of every layer, so that a row of ones takes the bias."""
    depth = len(parameters) // 2
    return [numpy.hstack((parameters["W%d" % k], parameters["b%d" % k])) for k in range(1, depth + 1)]


def with_ones(A):
    return numpy.vstack((A, numpy.ones((1, A.shape[1]))))


def activate(activation, Z):
    return numpy.maximum(Z, 0) if activation == "relu" else numpy.reciprocal(1 + numpy.exp(-Z))


def softmax(Z):
    return numpy.exp(Z - numpy.logaddexp.reduce(Z, axis=0))


def layer(outputs, theta, activation):
    return outputs + [with_ones(activate(activation, theta @ outputs[-1]))]


def hidden_outputs(X, thetas, activation):
    return functools.reduce(functools.partial(layer, activation=activation), thetas[:-1], [with_ones(X)])


def model_forward(X, parameters, activation="relu"):
    thetas = joined(parameters)
    return softmax(thetas[-1] @ hidden_outputs(X, thetas, activation)[-1])


def cross_entropy(Y_hat, Y):
    return numpy.trace(-Y.T @ numpy.log(Y_hat)) / Y.shape[1]


def model_backward(X, Y, parameters, activation="relu"):
    thetas = joined(parameters)
    outputs = hidden_outputs(X, thetas, activation)
    delta = (softmax(thetas[-1] @ outputs[-1]) - Y) / X.shape[1]
    gradients = {}
    for k, (theta, A) in reversed(list(enumerate(zip(thetas, outputs), start=1))):
        dtheta = delta @ A.T
        gradients["W%d" % k], gradients["b%d" % k] = dtheta[:, :-1], dtheta[:, -1:]
        # the ones have no weights below them
        A, delta = A[:-1], theta[:, :-1].T @ delta
        delta = numpy.where(A > 0, delta, 0) if activation == "relu" else A * (1 - A) * delta
    return gradients
