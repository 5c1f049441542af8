import numpy as np


def relu(Z):
    return np.where(Z >= 0, Z, 0)


def sigmoid(Z):
    return 0.5 * (1 + np.tanh(Z / 2))


def softmax(Z):
    exp_Z = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return exp_Z / np.sum(exp_Z, axis=0, keepdims=True)


def hidden_layers(X, parameters, activation, number_of_layers):
    hidden_activation = relu if activation == "relu" else sigmoid
    activations = [X]
    for layer in range(1, number_of_layers):
        weights = parameters["W%s" % layer]
        biases = parameters["b%s" % layer]
        activations.append(hidden_activation(weights.dot(activations[-1]) + biases))
    return activations


def model_forward(X, parameters, activation="relu"):
    number_of_layers = len(parameters) // 2
    activations = hidden_layers(X, parameters, activation, number_of_layers)
    weights, biases = parameters["W%s" % number_of_layers], parameters["b%s" % number_of_layers]
    return softmax(weights.dot(activations[-1]) + biases), activations


def cross_entropy(Y_hat, Y):
    number_of_samples = Y.shape[1]
    return -(Y * np.log(Y_hat)).sum() / number_of_samples


def model_backward(X, Y, parameters, activation="relu"):
    number_of_samples = X.shape[1]
    predictions, activations = model_forward(X, parameters, activation)
    gradients = {}
    error = predictions - Y / number_of_samples
    for layer in range(len(activations), 0, -1):
        previous = activations[layer - 1]
        gradients["W%s" % layer] = error.dot(previous.T)
        gradients["b%s" % layer] = error.sum(axis=1, keepdims=True)
        slope = np.sign(previous) if activation == "relu" else previous * (1 - previous)
        error = parameters["W%s" % layer].T.dot(error) * slope
    return gradients
