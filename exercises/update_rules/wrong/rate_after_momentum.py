import numpy


def sgd_update(weights, gradient, rate):
    return weights - rate * gradient


def momentum_update(weights, gradient, velocity, rate, mu):
    velocity = rate * (mu * velocity - gradient)
    return weights + velocity, velocity


def softmax_rows(scores):
    return numpy.array([numpy.exp(row) / numpy.exp(row).sum() for row in scores])


def backward_update(X, Y, W1, W2, rate):
    hidden_sums = numpy.matmul(X, W1)
    hidden_outputs = 1 / (1 + numpy.exp(-hidden_sums))
    class_probabilities = softmax_rows(numpy.matmul(hidden_outputs, W2))
    class_errors = numpy.subtract(class_probabilities, Y)
    hidden_errors = numpy.matmul(class_errors, W2.T)
    hidden_errors *= hidden_outputs
    hidden_errors *= 1 - hidden_outputs
    number_of_images = X.shape[0]
    gradient_hidden = numpy.matmul(X.T, hidden_errors) / number_of_images
    gradient_output = numpy.matmul(hidden_outputs.T, class_errors) / number_of_images
    return sgd_update(W1, gradient_hidden, rate), sgd_update(W2, gradient_output, rate)
