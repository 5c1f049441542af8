import numpy as np

def pre_process_images(X: np.ndarray):
    """ normalise to [-1, 1] and bias trick """
    assert X.shape[1] == 784, f"X.shape[1]: {X.shape[1]}, should be 784"
    X = 2 * (X / 255) - 1
    return np.concatenate((X, np.ones((len(X), 1))), axis=1)


def one_hot_encode(Y: np.ndarray, num_classes: int):
    out = np.zeros((Y.shape[0], num_classes))
    out[np.arange(Y.shape[0]), Y[:, 0]] = 1
    return out


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray) -> float:
    N, C = targets.shape
    total = 0
    for n in range(N):
        for k in range(C):
            total -= targets[n, k] * np.log(outputs[n, k])
    return total / (N * C)


class SoftmaxModel:

    def __init__(self):
        self.I = 785
        self.num_outputs = 10
        self.w = np.zeros((self.I, self.num_outputs))
        self.grad = None

    def forward(self, X: np.ndarray) -> np.ndarray:
        z = np.matmul(X, self.w)
        numerator = np.exp(z)
        denominator = np.sum(numerator, axis=1)
        return (numerator.T / denominator).T

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape
        N, C = targets.shape
        # mean over samples and classes, same as in the loss
        self.grad = -(1 / (N * C)) * np.matmul(X.T, targets - outputs)
        assert self.grad.shape == self.w.shape

    def zero_grad(self) -> None:
        self.grad = None


if __name__ == '__main__':
    Y = np.array([[3], [0]])
    print(one_hot_encode(Y, 10))
