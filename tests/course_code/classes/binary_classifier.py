import numpy as np


def pre_process_images(X):
    assert X.shape[1] == 784
    X = X.astype(np.float64)
    X = (X - 127.5) / 127.5
    bias = np.ones((X.shape[0], 1))
    return np.hstack([X, bias])


def cross_entropy_loss(targets, outputs):
    assert targets.shape == outputs.shape
    ce = targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs)
    return -np.average(ce)


class BinaryModel:

    def __init__(self, l2_reg_lambda=0.0):
        self.I = 785
        self.w = np.zeros((self.I, 1))
        self.grad = np.zeros_like(self.w)
        self.l2_reg_lambda = l2_reg_lambda

    def forward(self, X):
        """returns y: output of model with shape [batch size, 1]"""
        return 1.0 / (1.0 + np.exp(-(X @ self.w)))

    def backward(self, X, outputs, targets):
        """
        Computes the gradient and saves it to the variable self.grad
        """
        assert targets.shape == outputs.shape
        delta = targets - outputs
        self.grad = (X.T @ delta) / X.shape[0]
        self.grad += self.l2_reg_lambda * self.w
        assert self.grad.shape == self.w.shape

    def zero_grad(self):
        self.grad = None


def calculate_accuracy(X, targets, model):
    pred = model.forward(X) >= 0.5
    return np.mean(pred == targets)


if __name__ == "__main__":
    # sanity checks on random images
    X = np.random.randint(0, 255, (32, 784))
    Y = np.random.randint(0, 2, (32, 1))
    X = pre_process_images(X)
    model = BinaryModel()
    for epoch in range(10):
        out = model.forward(X)
        model.backward(X, out, Y)
        model.w = model.w - 0.01 * model.grad
        print(epoch, cross_entropy_loss(Y, model.forward(X)))
