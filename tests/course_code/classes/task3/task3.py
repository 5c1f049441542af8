import numpy as np
from task2 import pre_process_images
np.random.seed(0)


def one_hot_encode(Y: np.ndarray, num_classes: int):
    """[N, 1] ints -> [N, num classes]"""
    encoded = np.zeros((Y.shape[0], num_classes))
    for n in range(Y.shape[0]):
        encoded[n, Y[n, 0]] = 1
    return encoded


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    assert targets.shape == outputs.shape,\
        f"Targets shape: {targets.shape}, outputs: {outputs.shape}"
    ce = -np.sum(targets * np.log(outputs), axis=1)
    return np.mean(ce)


class SoftmaxModel:

    def __init__(self, l2_reg_lambda: float):
        # Define number of input nodes
        self.I = 785
        # Define number of output nodes
        self.num_outputs = 10
        self.w = np.zeros((self.I, self.num_outputs))
        self.grad = None
        self.l2_reg_lambda = l2_reg_lambda

    def forward(self, X: np.ndarray) -> np.ndarray:
        z = X @ self.w
        e = np.exp(z)
        return e / np.sum(e, axis=1, keepdims=True)

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        # the regularisation is only here, the plotted loss stays without it
        self.grad = -X.T @ (targets - outputs) / X.shape[0] + 2 * self.l2_reg_lambda * self.w
        assert self.grad.shape == self.w.shape,\
             f"Grad shape: {self.grad.shape}, w: {self.w.shape}"

    def zero_grad(self) -> None:
        self.grad = None


def gradient_approximation_test(model: SoftmaxModel, X: np.ndarray, Y: np.ndarray):
    epsilon = 1e-2
    for i in range(model.w.shape[0]):
        for j in range(model.w.shape[1]):
            orig = model.w[i, j].copy()
            model.w[i, j] = orig + epsilon
            cost1 = cross_entropy_loss(Y, model.forward(X))
            model.w[i, j] = orig - epsilon
            cost2 = cross_entropy_loss(Y, model.forward(X))
            gradient_approximation = (cost1 - cost2) / (2 * epsilon)
            model.w[i, j] = orig
            logits = model.forward(X)
            model.backward(X, logits, Y)
            difference = gradient_approximation - model.grad[i, j]
            assert abs(difference) <= epsilon**2, f"{i}, {j}: {difference}"


if __name__ == "__main__":
    Y = np.zeros((1, 1), dtype=int)
    Y[0, 0] = 3
    Y = one_hot_encode(Y, 10)
    assert Y[0, 3] == 1 and Y.sum() == 1
    X_train = pre_process_images(np.random.randint(0, 256, (10, 784)))
    Y_train = one_hot_encode(np.random.randint(0, 10, (10, 1)), 10)
    model = SoftmaxModel(0.0)
    gradient_approximation_test(model, X_train[:2], Y_train[:2])
