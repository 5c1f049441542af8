# gradcheck: exercise training
"""One list for each thing; means over the mini-batches."""

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
    """Normal weights of variance 0.01."""
    rng = np.random.RandomState(seed)
    return [(rng.normal(0, 0.1, (m, n)), np.zeros(n)) for m, n in zip(layer_sizes[:-1], layer_sizes[1:])]


def create_mini_batches(X, Y, batch_size, seed):
    """The mini-batches of X, and those of Y."""
    rows = np.random.RandomState(seed).permutation(X.shape[0])
    cuts = np.arange(batch_size, X.shape[0], batch_size)
    return np.split(X[rows], cuts), np.split(Y[rows], cuts)


def predict(X, parameters):
    """One sample after the other."""
    labels = []
    for x in X:
        a = x
        for layer in range(1, len(parameters) // 2 + 1):
            if layer > 1:
                a = np.where(a > 0, a, 0.0)
            a = parameters[f"W{layer}"].T @ a + parameters[f"b{layer}"]
        labels.append(int(np.argmax(a)))
    return labels


def accuracy(X, Y, parameters):
    """Share of the samples whose likeliest class is theirs."""
    return np.mean(predict(X, parameters) == Y.argmax(axis=1))


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    """Costs and accuracies of an epoch are means over its mini-batches, before their steps."""
    costs, accuracies, test_accuracies = [], [], []
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        seen = []
        for X_batch, Y_batch in zip(*create_mini_batches(X, Y, batch_size, int(rng.integers(1000)))):
            seen.append((mean_cost(X_batch, Y_batch, parameters), accuracy(X_batch, Y_batch, parameters)))
            gradients = cost_gradients(X_batch, Y_batch, parameters)
            for name in parameters:
                parameters[name] -= learning_rate * gradients[name]
        costs.append(np.mean([cost for cost, _ in seen]))
        accuracies.append(np.mean([share for _, share in seen]))
        test_accuracies.append(accuracy(X_test, Y_test, parameters))
    return parameters, costs, accuracies, test_accuracies
