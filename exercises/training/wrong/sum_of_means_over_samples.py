import math
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


# GRADED FUNCTION: initialize_parameters
def initialize_parameters(layer_sizes, seed=3):
    """
    Arguments:
    layer_sizes -- python array (list) containing the dimensions of each layer in our network
    """
    np.random.seed(seed)
    parameters = {}
    L = len(layer_sizes)
    for l in range(1, L):
        ### START CODE HERE ###
        parameters['W' + str(l)] = np.random.randn(layer_sizes[l-1], layer_sizes[l]) * np.sqrt(0.01)
        parameters['b' + str(l)] = np.zeros((layer_sizes[l],))
        ### END CODE HERE ###
    return parameters


# GRADED FUNCTION: random_mini_batches
def create_mini_batches(X, Y, batch_size=64, seed=0):
    np.random.seed(seed)
    m = X.shape[0]
    mini_batches = []

    # Step 1: Shuffle (X, Y)
    permutation = list(np.random.permutation(m))
    shuffled_X = X[permutation, :]
    shuffled_Y = Y[permutation, :]

    # Step 2: Partition. Minus the end case.
    num_complete_minibatches = math.floor(m / batch_size)
    for k in range(0, num_complete_minibatches):
        mini_batch_X = shuffled_X[k * batch_size:(k + 1) * batch_size, :]
        mini_batch_Y = shuffled_Y[k * batch_size:(k + 1) * batch_size, :]
        mini_batch = (mini_batch_X, mini_batch_Y)
        mini_batches.append(mini_batch)

    # Handling the end case (last mini-batch < mini_batch_size)
    if m % batch_size != 0:
        mini_batch_X = shuffled_X[num_complete_minibatches * batch_size:m, :]
        mini_batch_Y = shuffled_Y[num_complete_minibatches * batch_size:m, :]
        mini_batch = (mini_batch_X, mini_batch_Y)
        mini_batches.append(mini_batch)
    return mini_batches


def predict(X, parameters):
    m = X.shape[0]
    p = np.zeros((m,), dtype=int)
    inputs, probas = forward_pass(X, parameters)
    for i in range(0, probas.shape[0]):
        best = 0
        for j in range(probas.shape[1]):
            if probas[i, j] > probas[i, best]:
                best = j
        p[i] = best
    return p


def update_parameters(parameters, grads, learning_rate):
    L = len(parameters) // 2
    for l in range(L):
        parameters["W" + str(l+1)] = parameters["W" + str(l+1)] - learning_rate * grads["W" + str(l+1)]
        parameters["b" + str(l+1)] = parameters["b" + str(l+1)] - learning_rate * grads["b" + str(l+1)]
    return parameters


def train_model(X, Y, X_test, Y_test, parameters, learning_rate=0.0007, batch_size=64, epochs=10000, seed=10, print_cost=False):
    costs = []
    accs = []
    test_accs = []
    m = X.shape[0]
    for i in range(epochs):
        seed = seed + 1
        minibatches = create_mini_batches(X, Y, batch_size, seed)
        cost_total = 0
        for minibatch in minibatches:
            (minibatch_X, minibatch_Y) = minibatch
            cost_total += mean_cost(minibatch_X, minibatch_Y, parameters)
            grads = cost_gradients(minibatch_X, minibatch_Y, parameters)
            parameters = update_parameters(parameters, grads, learning_rate)
        cost_avg = cost_total / m
        if print_cost and i % 1000 == 0:
            print("Cost after epoch %i: %f" % (i, cost_avg))
        costs.append(cost_avg)
        accs.append(np.sum(predict(X, parameters) == Y.argmax(axis=1)) / m)
        test_accs.append(np.sum(predict(X_test, parameters) == Y_test.argmax(axis=1)) / X_test.shape[0])
    return parameters, {"cost": costs, "accuracy": accs, "test_accuracy": test_accs}
