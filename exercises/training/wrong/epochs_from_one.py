# gradcheck: exercise training
"""One epoch too few."""

import numpy as np


def softmax(Z):
    """Softmax of each row."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def forward_pass(X, parameters):
    """The input of every layer, and the probabilities."""
    A, inputs, depth = X, [], len(parameters) // 2
    for layer in range(1, depth + 1):
        inputs.append(A)
        Z = A @ parameters[f"W{layer}"] + parameters[f"b{layer}"]
        A = np.maximum(Z, 0) if layer < depth else softmax(Z)
    return inputs, A


def mean_cost(X, Y, parameters):
    """Cross-entropy, mean over the samples."""
    _, Y_hat = forward_pass(X, parameters)
    return -np.sum(Y * np.log(Y_hat + 1e-12)) / len(X)


def cost_gradients(X, Y, parameters):
    """The gradient of mean_cost for every parameter."""
    inputs, Y_hat = forward_pass(X, parameters)
    gradients, delta = {}, (Y_hat - Y) / len(X)
    for layer in range(len(inputs), 0, -1):
        A = inputs[layer - 1]
        gradients[f"W{layer}"] = A.T @ delta
        gradients[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ parameters[f"W{layer}"].T) * (A > 0)
    return gradients


def initialize_parameters(layer_sizes, seed):
    """Normal weights of mean 0 and variance 0.01, biases 0."""
    rng = np.random.default_rng(seed)
    parameters = {}
    for layer in range(1, len(layer_sizes)):
        fan_in, fan_out = layer_sizes[layer - 1], layer_sizes[layer]
        parameters[f"W{layer}"] = 0.1 * rng.standard_normal((fan_in, fan_out))
        parameters[f"b{layer}"] = np.zeros(fan_out)
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    """Every sample once, in random order; the last mini-batch may be smaller."""
    order = np.random.default_rng(seed).permutation(len(X))
    parts = [order[start : start + batch_size] for start in range(0, len(X), batch_size)]
    return [(X[rows], Y[rows]) for rows in parts]


def predict(X, parameters):
    """The likeliest class of each sample."""
    _, Y_hat = forward_pass(X, parameters)
    return Y_hat.argmax(axis=1)


def accuracy(X, Y, parameters):
    """Share of the samples whose likeliest class is theirs."""
    return np.mean(predict(X, parameters) == Y.argmax(axis=1))


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    """Gradient descent on mini-batches that are shuffled anew for each epoch."""
    parameters = dict(parameters)
    history = {"cost": [], "accuracy": [], "test_accuracy": []}
    for epoch in range(1, epochs):
        for X_batch, Y_batch in create_mini_batches(X, Y, batch_size, seed + epoch):
            gradients = cost_gradients(X_batch, Y_batch, parameters)
            for name in parameters:
                parameters[name] = parameters[name] - learning_rate * gradients[name]
        history["cost"].append(mean_cost(X, Y, parameters))
        history["accuracy"].append(accuracy(X, Y, parameters))
        history["test_accuracy"].append(accuracy(X_test, Y_test, parameters))
    return parameters, history
