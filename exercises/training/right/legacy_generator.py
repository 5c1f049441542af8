# gradcheck: exercise training
"""np.random.seed, plain loops, history under other names."""

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


def initialize_parameters(layer_dims, seed=0):
    """Normal weights of variance 0.01."""
    np.random.seed(seed)
    params = {}
    for l in range(1, len(layer_dims)):
        params["W" + str(l)] = np.random.randn(layer_dims[l - 1], layer_dims[l]) * np.sqrt(0.01)
        params["b" + str(l)] = np.zeros((1, layer_dims[l]))
    return params


def create_mini_batches(X, Y, batch_size=64, seed=0):
    """Full mini-batches, and one more for what is left over."""
    np.random.seed(seed)
    m = X.shape[0]
    mini_batches = []
    permutation = list(np.random.permutation(m))
    shuffled_X, shuffled_Y = X[permutation, :], Y[permutation, :]
    complete = m // batch_size
    for k in range(complete):
        rows = slice(k * batch_size, (k + 1) * batch_size)
        mini_batches.append((shuffled_X[rows, :], shuffled_Y[rows, :]))
    if m % batch_size != 0:
        mini_batches.append((shuffled_X[complete * batch_size :, :], shuffled_Y[complete * batch_size :, :]))
    return mini_batches


def predict(X, parameters):
    """The likeliest class of each sample."""
    _, Y_hat = forward_pass(X, parameters)
    return Y_hat.argmax(axis=1)


def accuracy(X, Y, parameters):
    """Share of the samples whose likeliest class is theirs."""
    return np.mean(predict(X, parameters) == Y.argmax(axis=1))


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    """Plain loops; percents."""
    costs, train_acc, test_acc = [], [], []
    for epoch in range(epochs):
        seed = seed + 1
        epoch_cost = 0.0
        for mini_batch in create_mini_batches(X, Y, batch_size, seed):
            (mini_X, mini_Y) = mini_batch
            epoch_cost += mean_cost(mini_X, mini_Y, parameters) * len(mini_X)
            grads = cost_gradients(mini_X, mini_Y, parameters)
            for l in range(1, len(parameters) // 2 + 1):
                parameters["W" + str(l)] = parameters["W" + str(l)] - learning_rate * grads["W" + str(l)]
                parameters["b" + str(l)] = parameters["b" + str(l)] - learning_rate * grads["b" + str(l)]
        costs.append(epoch_cost / len(X))
        train_acc.append(100 * accuracy(X, Y, parameters))
        test_acc.append(100 * accuracy(X_test, Y_test, parameters))
    return parameters, {"losses": costs, "train_acc": train_acc, "test_acc": test_acc}
