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
    rs = np.random.RandomState(seed)
    parameters = {}
    for layer, (fan_in, fan_out) in enumerate(zip(layer_sizes, layer_sizes[1:])):
        parameters["W{}".format(layer + 1)] = rs.normal(scale=0.1, size=(fan_in, fan_out))
        parameters["b{}".format(layer + 1)] = np.zeros(fan_out)
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    # glue X and Y together, shuffle the rows, cut apart again
    data = np.hstack((X, Y))
    rs = np.random.RandomState(seed)
    rs.shuffle(data)
    p = X.shape[1]
    n_batches = int(np.ceil(len(data) / batch_size))
    return tuple([data[k * batch_size:(k + 1) * batch_size, :p], data[k * batch_size:(k + 1) * batch_size, p:]]
                 for k in range(n_batches))


def predict(X, parameters):
    _, P = forward_pass(X, parameters)
    return np.array([np.argmax(row) for row in P])


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    history = {"cost": [], "accuracy": [], "test_accuracy": []}
    parameters = dict(parameters)
    for epoch in range(1, epochs + 1):
        for xb, yb in create_mini_batches(X, Y, batch_size, seed * epoch):
            g = cost_gradients(xb, yb, parameters)
            for name in parameters:
                parameters[name] = parameters[name] - learning_rate * g[name]
        history["cost"] += [mean_cost(X, Y, parameters)]
        history["accuracy"] += [np.mean(predict(X, parameters) == Y.argmax(axis=1))]
        history["test_accuracy"] += [np.mean(predict(X_test, parameters) == Y_test.argmax(axis=1))]
    return parameters, history
