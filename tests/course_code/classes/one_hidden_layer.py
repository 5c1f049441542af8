import numpy as np
import typing
np.random.seed(1)


def find_mean_std(X):
    return np.mean(X), np.std(X)


def pre_process_images(X: np.ndarray, mean=33.3, std=78.6):
    assert X.shape[1] == 784,\
        f"X.shape[1]: {X.shape[1]}, should be 784"
    X = (X - mean) / std
    X = np.insert(X, 784, 1, axis=1)
    return X


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    """
    Args:
        targets: labels/targets of each image of shape: [batch size, num_classes]
        outputs: outputs of model of shape: [batch size, num_classes]
    Returns:
        Cross entropy error (float)
    """
    assert targets.shape == outputs.shape
    return np.mean(-np.sum(targets * np.log(outputs), axis=1))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class SoftmaxModel:

    def __init__(self, neurons_per_layer: typing.List[int] = [64, 10],
                 use_improved_sigmoid: bool = False, use_improved_weight_init: bool = False):
        self.I = 785
        self.use_improved_sigmoid = use_improved_sigmoid
        self.neurons_per_layer = neurons_per_layer

        # Initialize the weights
        self.ws = []
        prev = self.I
        for size in self.neurons_per_layer:
            w_shape = (prev, size)
            if use_improved_weight_init:
                w = np.random.normal(0, 1 / np.sqrt(prev), w_shape)
            else:
                w = np.random.uniform(-1, 1, w_shape)
            self.ws.append(w)
            prev = size
        self.grads = [None for i in range(len(self.ws))]

    def forward(self, X: np.ndarray) -> np.ndarray:
        z1 = X.dot(self.ws[0])
        self.hidden_layer_output = sigmoid(z1)
        z2 = self.hidden_layer_output.dot(self.ws[1])
        ez = np.exp(z2)
        return ez / ez.sum(axis=1, keepdims=True)

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        N = X.shape[0]
        self.grads = []

        delta_k = -(targets - outputs)
        grad_k = self.hidden_layer_output.T.dot(delta_k) / N

        sigma_der = self.hidden_layer_output * (1 - self.hidden_layer_output)
        delta_j = sigma_der * delta_k.dot(self.ws[1].T)
        grad_j = X.T.dot(delta_j) / N

        self.grads.append(grad_j)
        self.grads.append(grad_k)
        for grad, w in zip(self.grads, self.ws):
            assert grad.shape == w.shape,\
                f"Expected the same shape. Grad shape: {grad.shape}, w: {w.shape}."

    def zero_grad(self) -> None:
        self.grads = [None for i in range(len(self.ws))]


def one_hot_encode(Y: np.ndarray, num_classes: int):
    Y_new = []
    for label in Y.flatten():
        row = [0] * num_classes
        row[label] = 1
        Y_new.append(row)
    return np.array(Y_new)


def gradient_approximation_test(model: SoftmaxModel, X: np.ndarray, Y: np.ndarray):
    epsilon = 1e-3
    for layer_idx, w in enumerate(model.ws):
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                orig = model.ws[layer_idx][i, j].copy()
                model.ws[layer_idx][i, j] = orig + epsilon
                cost1 = cross_entropy_loss(Y, model.forward(X))
                model.ws[layer_idx][i, j] = orig - epsilon
                cost2 = cross_entropy_loss(Y, model.forward(X))
                gradient_approximation = (cost1 - cost2) / (2 * epsilon)
                model.ws[layer_idx][i, j] = orig
                model.backward(X, model.forward(X), Y)
                difference = gradient_approximation - model.grads[layer_idx][i, j]
                assert abs(difference) <= epsilon**2, f"layer {layer_idx}, {i} {j}: {difference}"


if __name__ == "__main__":
    X_train = pre_process_images(np.random.randint(0, 256, (8, 784)))
    Y_train = one_hot_encode(np.random.randint(0, 10, (8, 1)), 10)
    model = SoftmaxModel([4, 10], False, True)
    gradient_approximation_test(model, X_train, Y_train)
