# gradcheck: exercise training
"""Mini-batches from a generator, of nearly equal size; no seed is taken."""

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
    """Normal weights of variance 0.01, the seed split for the layers."""
    streams = [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(len(layer_sizes) - 1)]
    pairs = zip(streams, layer_sizes[:-1], layer_sizes[1:])
    weights = [rng.normal(scale=0.1, size=(inputs, outputs)) for rng, inputs, outputs in pairs]
    named = {f"W{number}": W for number, W in enumerate(weights, start=1)}
    return named | {f"b{number}": np.zeros(W.shape[1]) for number, W in enumerate(weights, start=1)}


def create_mini_batches(X, Y, batch_size):
    """Mini-batches one by one."""
    order = np.arange(len(X))
    np.random.shuffle(order)
    for rows in np.array_split(order, -(-len(X) // batch_size)):
        yield X[rows], Y[rows]


def predict(X, parameters):
    """The likeliest class of each sample."""
    _, Y_hat = forward_pass(X, parameters)
    return Y_hat.argmax(axis=1)


def accuracy(X, Y, parameters):
    """Share of the samples whose likeliest class is theirs."""
    return np.mean(predict(X, parameters) == Y.argmax(axis=1))


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs):
    """The first entry of each list is from before the first step."""
    history = {"cost": [mean_cost(X, Y, parameters)], "accuracy": [accuracy(X, Y, parameters)]}
    history["test_accuracy"] = [accuracy(X_test, Y_test, parameters)]
    for _ in range(epochs):
        for X_batch, Y_batch in create_mini_batches(X, Y, batch_size):
            gradients = cost_gradients(X_batch, Y_batch, parameters)
            parameters = {name: parameters[name] - learning_rate * gradients[name] for name in parameters}
        history["cost"].append(mean_cost(X, Y, parameters))
        history["accuracy"].append(accuracy(X, Y, parameters))
        history["test_accuracy"].append(accuracy(X_test, Y_test, parameters))
    return parameters, history
