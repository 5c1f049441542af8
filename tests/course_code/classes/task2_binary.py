import numpy as np
np.random.seed(1)


def pre_process_images(X: np.ndarray):
    """
    X: [batch size, 784] in 0..255  ->  [batch size, 785] in -1..1 with the bias column
    """
    assert X.shape[1] == 784, f"X.shape[1]: {X.shape[1]}, should be 784"
    X = X / 127.5 - 1
    X = np.append(X, np.ones((X.shape[0], 1)), axis=1)
    return X


def cross_entropy_loss(targets: np.ndarray, outputs: np.ndarray) -> float:
    """targets, outputs: [batch size, 1]"""
    assert targets.shape == outputs.shape, f"Targets shape: {targets.shape}, outputs: {outputs.shape}"
    loss = -(targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs))
    return np.mean(loss)


class BinaryModel:

    def __init__(self):
        # Define number of input nodes
        self.I = 785
        self.w = np.zeros((self.I, 1))
        self.grad = None

    def forward(self, X: np.ndarray) -> np.ndarray:
        z = X.dot(self.w)
        y = 1 / (1 + np.exp(-z))
        return y

    def backward(self, X: np.ndarray, outputs: np.ndarray, targets: np.ndarray) -> None:
        assert targets.shape == outputs.shape,\
            f"Output shape: {outputs.shape}, targets: {targets.shape}"
        N = X.shape[0]
        self.grad = -np.dot(X.T, (targets - outputs)) / N
        assert self.grad.shape == self.w.shape,\
            f"Grad shape: {self.grad.shape}, w: {self.w.shape}"

    def zero_grad(self) -> None:
        self.grad = None


def gradient_approximation_test(model: BinaryModel, X: np.ndarray, Y: np.ndarray):
    w_orig = np.random.normal(loc=0, scale=1/model.w.shape[0]**2, size=model.w.shape)
    epsilon = 1e-3
    for i in range(w_orig.shape[0]):
        model.w = w_orig.copy()
        orig = w_orig[i, 0]
        model.w[i, 0] = orig + epsilon
        cost1 = cross_entropy_loss(Y, model.forward(X))
        model.w[i, 0] = orig - epsilon
        cost2 = cross_entropy_loss(Y, model.forward(X))
        gradient_approximation = (cost1 - cost2) / (2 * epsilon)
        model.w[i, 0] = orig
        model.backward(X, model.forward(X), Y)
        difference = gradient_approximation - model.grad[i, 0]
        assert abs(difference) <= epsilon**2, f"difference too big at {i}: {difference}"


if __name__ == "__main__":
    X_train = np.random.randint(0, 256, size=(20, 784)).astype(float)
    Y_train = np.random.randint(0, 2, size=(20, 1))
    X_train = pre_process_images(X_train)
    model = BinaryModel()
    logits = model.forward(X_train)
    np.testing.assert_almost_equal(logits.mean(), .5, err_msg="weights are zero so the mean must be 0.5")
    gradient_approximation_test(model, X_train, Y_train)
    model.w = np.zeros((785, 1))
