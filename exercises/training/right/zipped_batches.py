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
    np.random.seed(seed)
    parameters = {}
    for l in range(1, len(layer_sizes)):
        w = np.array([[np.random.normal(0, 0.1) for _ in range(layer_sizes[l])] for _ in range(layer_sizes[l - 1])])
        parameters["W" + str(l)] = w
        parameters["b" + str(l)] = np.array([0.0] * layer_sizes[l])
    return parameters


def create_mini_batches(X, Y, batch_size, seed):
    state = np.random.get_state()
    np.random.seed(seed)
    order = np.random.permutation(len(X))
    np.random.set_state(state)
    x_parts = [X[order][i:i + batch_size] for i in range(0, len(X), batch_size)]
    y_parts = [Y[order][i:i + batch_size] for i in range(0, len(X), batch_size)]
    return zip(x_parts, y_parts)


def predict(X, parameters):
    return np.argmax(forward_pass(X, parameters)[1], axis=1)


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    history = []
    for epoch in range(epochs):
        losses, weights, rights = [], [], []
        for i, (xb, yb) in enumerate(create_mini_batches(X, Y, batch_size, seed + epoch)):
            gradients = cost_gradients(xb, yb, parameters)
            for key in parameters:
                parameters[key] = parameters[key] - learning_rate * gradients[key]
            losses.append(mean_cost(xb, yb, parameters))
            rights.append(np.mean(predict(xb, parameters) == yb.argmax(1)))
            weights.append(len(xb))
        history.append((np.average(losses, weights=weights), np.average(rights, weights=weights),
                        np.mean(predict(X_test, parameters) == Y_test.argmax(1))))
    cost, accuracy, test_accuracy = zip(*history)
    return parameters, {"cost": list(cost), "accuracy": list(accuracy), "test_accuracy": list(test_accuracy)}
