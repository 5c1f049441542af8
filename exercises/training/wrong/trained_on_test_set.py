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
    rng = np.random.default_rng(seed)
    params = {}
    for i, (m, n) in enumerate(zip(layer_sizes, layer_sizes[1:]), 1):
        params[f"W{i}"], params[f"b{i}"] = rng.normal(0, 0.1, (m, n)), np.zeros(n)
    return params


def create_mini_batches(X, Y, batch_size, seed):
    rng = np.random.default_rng(seed)
    idx = rng.permutation(len(X))
    return [(X[chunk], Y[chunk]) for chunk in np.split(idx, range(batch_size, len(X), batch_size))]


def predict(X, params):
    return np.argmax(forward_pass(X, params)[1], axis=1)


def acc(X, Y, params):
    return np.mean(predict(X, params) == Y.argmax(axis=1))


def train_model(X, Y, X_test, Y_test, params, learning_rate, batch_size, epochs, seed, callback=None):
    hist = {"costs": [], "train_acc": [], "test_acc": []}
    for e in range(epochs):
        for xb, yb in create_mini_batches(X_test, Y_test, batch_size, seed + e):
            grads = cost_gradients(xb, yb, params)
            for k in params:
                params[k] = params[k] - learning_rate * grads[k]
        hist["costs"].append(mean_cost(X, Y, params))
        hist["train_acc"].append(acc(X, Y, params))
        hist["test_acc"].append(acc(X_test, Y_test, params))
        if callback is not None:
            callback(e, hist)
    return params, hist
