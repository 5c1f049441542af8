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
    p = {}
    n_layers = len(layer_sizes) - 1
    for k in range(n_layers):
        p[f"W{k+1}"] = np.random.normal(0, 0.1, size=(layer_sizes[k], layer_sizes[k+1]))
        p[f"b{k+1}"] = np.zeros(shape=layer_sizes[k+1])
    return p


def create_mini_batches(X, Y, batch_size, seed):
    np.random.seed(seed)
    idx = np.arange(X.shape[0])
    np.random.shuffle(idx)
    batches = {}
    nr = 0
    for i in range(0, X.shape[0], batch_size):
        batches[nr] = (X[idx[i:i+batch_size]], Y[idx[i:i+batch_size]])
        nr += 1
    return batches


def predict(X, parameters):
    return np.argmax(forward_pass(X, parameters)[1], axis=1)


def accuracy(X, Y, parameters):
    return (predict(X, parameters) == np.argmax(Y, axis=1)).sum() / len(Y)


def train_model(X, Y, X_test, Y_test, parameters, learning_rate, batch_size, epochs, seed):
    history = {"cost": np.zeros(epochs), "accuracy": np.zeros(epochs), "test_accuracy": np.zeros(epochs)}
    for e in range(epochs):
        batches = create_mini_batches(X, Y, batch_size, seed)
        for nr in batches:
            xb, yb = batches[nr]
            grads = cost_gradients(xb, yb, parameters)
            for key in parameters.keys():
                parameters[key] = parameters[key] - learning_rate * grads[key]
        history["cost"][e] = mean_cost(X, Y, parameters)
        history["accuracy"][e] = accuracy(X, Y, parameters)
        history["test_accuracy"][e] = accuracy(X_test, Y_test, parameters)
    return parameters, history
