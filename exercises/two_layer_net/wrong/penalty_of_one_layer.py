import numpy as np

# Only the last layer is regularised, it has the most influence on the scores.


def loss(X, y, W1, b1, W2, b2, reg):
    num_train, num_features = X.shape
    layer_one_output = X.dot(W1) + b1
    layer_one_relu = np.maximum(layer_one_output, np.zeros(layer_one_output.shape))
    layer_two_output = layer_one_relu.dot(W2) + b2

    layer_two_output -= layer_two_output.max(axis=1, keepdims=True)
    exponentials = np.exp(layer_two_output)
    probabilities = exponentials / exponentials.sum(axis=1, keepdims=True)
    cross_entropy = -np.log(probabilities[range(num_train), y]).sum() / num_train
    weight_decay = reg * np.sum(W2 * W2)

    gradient_of_output = probabilities.copy()
    gradient_of_output[range(num_train), y] -= 1
    gradient_of_output /= num_train
    gradient_of_relu = gradient_of_output.dot(W2.T)
    gradient_of_relu[layer_one_output < 0] = 0
    grads = dict()
    grads["W1"] = X.T.dot(gradient_of_relu)
    grads["W2"] = layer_one_relu.T.dot(gradient_of_output) + 2 * reg * W2
    grads["b1"] = gradient_of_relu.sum(axis=0)
    grads["b2"] = gradient_of_output.sum(axis=0)
    return cross_entropy + weight_decay, grads
