import numpy
import math


def predict_one(features, weights, bias):
    return bias + math.fsum(numpy.multiply(features, weights))


def model_forward(X, w, b):
    return numpy.apply_along_axis(predict_one, 1, X, w, b)


def compute_cost(z, y):
    squared_error = numpy.vectorize(lambda truth, guess: math.pow(truth - guess, 2))
    return squared_error(y, z).sum() / len(y)


def cost_gradient(z, y):
    derivative = numpy.vectorize(lambda truth, guess: -2 * (truth - guess))
    return derivative(y, z) / len(y)


def gradient_of_one_sample(x, target, weights, bias):
    slope = 2 * (predict_one(x, weights, bias) - target)
    return slope * x, slope


def model_backward(X, y, w, b):
    """mean of the gradients of the samples"""
    gradients = [gradient_of_one_sample(x, target, w, b) for x, target in zip(X, y)]
    all_dw, all_db = zip(*gradients)
    return numpy.mean(all_dw, axis=0), numpy.mean(all_db)


def update_parameters(weights, bias, dw, db, learning_rate):
    weights = numpy.array([weight - learning_rate * slope for weight, slope in zip(weights, dw)])
    bias = bias - learning_rate * db
    return weights, bias
