# gradcheck: exercise training
"""Training, samples in rows. See the handout, README.md; check with: gradcheck FILE"""

import numpy as np

# Given ----------------------------------------------------------------------------------------------------------------


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


# To be written --------------------------------------------------------------------------------------------------------


def initialize_parameters(layer_sizes, seed):
    """First weights, normal with mean 0 and variance 0.01, and biases of 0.

    layer_sizes: list of the layers' sizes, inputs first
    seed: the same seed gives the same parameters

    Returns a dict with W1, b1, W2, b2, ...; W_l has shape (inputs, outputs), b_l has shape (outputs,).
    """
    raise NotImplementedError


def create_mini_batches(X, Y, batch_size, seed):
    """The samples in random order, cut into mini-batches.

    X: inputs, shape (n, p)
    Y: one-hot labels, shape (n, M)
    batch_size: samples of a mini-batch; the last one may have fewer
    seed: the same seed gives the same mini-batches

    Returns a list of pairs (X_batch, Y_batch).
    """
    raise NotImplementedError


def predict(X, parameters):
    """The likeliest class of each sample.

    X: inputs, shape (n, p)
    parameters: dict with W1, b1, W2, b2, ...

    Returns class numbers from 0, shape (n,).
    """
    raise NotImplementedError


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    """Gradient descent on mini-batches.

    X, Y: samples for training, as for create_mini_batches
    X_test, Y_test: samples for testing
    parameters: where it begins, a dict with W1, b1, W2, b2, ...
    learning_rate, batch_size, epochs, seed: numbers

    Returns the new parameters, and history: a dict with the lists cost, accuracy and test_accuracy, one number an epoch.
    """
    raise NotImplementedError
