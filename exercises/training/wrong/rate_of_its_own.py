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
    for l in range(1, len(layer_sizes)):
        W = rng.standard_normal((layer_sizes[l - 1], layer_sizes[l]), dtype=np.float32) * np.float32(0.1)
        parameters[f"W{l}"] = W
        parameters[f"b{l}"] = np.zeros(layer_sizes[l], dtype=np.float32)
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    X = X.astype(np.float32)
    Y = Y.astype(np.float32)
    order = np.random.default_rng(seed).permutation(len(X))
    return [(X[order[i:i + batch_size]], Y[order[i:i + batch_size]]) for i in range(0, len(X), batch_size)]


def predict(X, parameters):
    return np.argmax(forward_pass(X.astype(np.float32), parameters)[1], axis=1)


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    P = {k: v.astype(np.float32) for k, v in parameters.items()}
    lr = np.float32(0.01)
    history = {"cost": [], "accuracy": [], "test_accuracy": []}
    for e in range(epochs):
        for x, y in create_mini_batches(X, Y, batch_size, seed + e):
            g = cost_gradients(x, y, P)
            for k in P:
                P[k] -= lr * g[k]
        history["cost"].append(mean_cost(X.astype(np.float32), Y, P))
        history["accuracy"].append(np.mean(predict(X, P) == Y.argmax(1)))
        history["test_accuracy"].append(np.mean(predict(X_test, P) == Y_test.argmax(1)))
    return P, history
