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
    rng = np.random.RandomState(seed)
    parameters = {}
    for l in range(1, len(layer_sizes)):
        parameters["W%i" % l] = rng.normal(0, 0.1, (layer_sizes[l-1], layer_sizes[l]))
        parameters["b%i" % l] = np.zeros(layer_sizes[l])
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    rng = np.random.RandomState(seed)
    order = rng.permutation(len(X))
    batches = []
    while len(order) > 0:
        take, order = order[:batch_size], order[batch_size:]
        batches.append((X[take], Y[take]))
    return batches


def predict(X, parameters):
    return forward_pass(X, parameters)[1].argmax(axis=1)


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    history = {"cost": [], "accuracy": [], "test_accuracy": []}
    for epoch in range(epochs):
        total, right = 0.0, 0
        for x, y in create_mini_batches(X, Y, batch_size, seed + epoch):
            total += len(x) * mean_cost(x, y, parameters)
            right += (predict(x, parameters) == y.argmax(axis=1)).sum()
            g = cost_gradients(X, Y, parameters)
            for k in parameters:
                parameters[k] = parameters[k] - learning_rate * g[k]
        history["cost"].append(total / len(X))
        history["accuracy"].append(right / len(X))
        history["test_accuracy"].append((predict(X_test, parameters) == Y_test.argmax(axis=1)).mean())
    return parameters, history
