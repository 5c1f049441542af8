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
    parameters = {}
    for l, shape in enumerate(zip(layer_sizes[:-1], layer_sizes[1:]), start=1):
        parameters[f"b{l}"] = np.zeros(shape[1])
        parameters[f"W{l}"] = rng.normal(scale=0.1, size=shape)
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    rest = len(X) % batch_size
    batches = []
    if rest:
        batches.append((X[order[:rest]], Y[order[:rest]]))
    for s in range(rest, len(X), batch_size):
        batches.append((X[order[s:s + batch_size]], Y[order[s:s + batch_size]]))
    return batches


def predict(X, parameters):
    return np.argmax(forward_pass(X, parameters)[1], axis=1)


def sgd_step(parameters, gradients, learning_rate):
    """in place"""
    for k in gradients:
        np.subtract(parameters[k], learning_rate * gradients[k], out=parameters[k])


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    history = {}
    for epoch in range(epochs):
        for xb, yb in create_mini_batches(X, Y, batch_size, seed + epoch):
            sgd_step(parameters, cost_gradients(xb, yb, parameters), learning_rate)
        history.setdefault("cost", []).append(mean_cost(X, Y, parameters))
        history.setdefault("accuracy", []).append(np.mean(predict(X, parameters) == Y.argmax(1)))
        history.setdefault("test_accuracy", []).append(np.mean(predict(X_test, parameters) == Y_test.argmax(1)))
    return parameters, history
