import numpy


def softmax(Z):
    powers = numpy.exp(Z - numpy.max(Z, axis=1).reshape((-1, 1)))
    return powers / numpy.sum(powers, axis=1).reshape((-1, 1))


def cross_entropy(Z, Y):
    probabilities = softmax(Z)
    return sum(-numpy.log(probabilities[i, int(numpy.argmax(Y[i]))]) for i in range(len(Y))) / len(Y)


def cross_entropy_gradient(Z, Y):
    number_of_samples, number_of_classes = Z.shape
    probabilities = softmax(Z)
    gradient = Y.astype(int)
    for sample in range(number_of_samples):
        for k in range(number_of_classes):
            gradient[sample, k] = (probabilities[sample, k] - Y[sample, k]) / number_of_samples
    return gradient


def model_forward(X, W, b):
    return numpy.dot(X, W.T) + b


def model_backward(X, Y, W, b):
    residuals = (softmax(model_forward(X, W, b)) - Y) / len(Y)
    return numpy.dot(residuals.T, X), residuals.sum(axis=0)
