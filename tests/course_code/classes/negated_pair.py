import numpy as np


def pre_process_images(X: np.ndarray):
    assert X.shape[1] == 784,\
        f"X.shape[1]: {X.shape[1]}, should be 784"
    X = X * 2.0 / 255.0 - 1.0
    X = np.insert(X, X.shape[1], 1.0, axis=1)
    return X


def one_hot_encode(Y: np.ndarray, num_classes: int):
    encoded = np.zeros((Y.shape[0], num_classes))
    encoded[range(Y.shape[0]), Y[:, 0]] = 1
    return encoded


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray):
    """
    targets: [batch size, num_classes], outputs: [batch size, num_classes]
    """
    assert targets.shape == outputs.shape,\
        f"Targets shape: {targets.shape}, outputs: {outputs.shape}"
    cross_entropy = np.sum(targets * np.log(outputs), axis=1)
    loss = np.sum(cross_entropy) / targets.shape[0]
    return loss


class SoftmaxModel:

    def __init__(self):
        self.I = 785
        self.num_outputs = 10
        self.w = np.zeros((self.I, self.num_outputs))
        self.grad = None

    def forward(self, X: np.ndarray) -> np.ndarray:
        z = X.dot(self.w)
        a = np.exp(z)
        return a / a.sum(axis=1)[:, None]

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        # w is ADDED to in the trainer
        error = targets - outputs
        self.grad = X.T.dot(error) / X.shape[0]
        assert self.grad.shape == self.w.shape,\
             f"Grad shape: {self.grad.shape}, w: {self.w.shape}"

    def zero_grad(self) -> None:
        self.grad = None


class SoftmaxTrainer:

    def __init__(self, model, learning_rate):
        self.model = model
        self.learning_rate = learning_rate

    def train_step(self, X_batch, Y_batch):
        logits = self.model.forward(X_batch)
        self.model.backward(X_batch, logits, Y_batch)
        self.model.w += self.learning_rate * self.model.grad
        return cross_entropy_loss(Y_batch, logits)


if __name__ == "__main__":
    Y = np.array([[3]])
    Y = one_hot_encode(Y, 10)
    assert Y[0, 3] == 1 and Y.sum() == 1, \
        f"Expected the vector to be [0,0,0,1,0,0,0,0,0,0], but got {Y}"
