import numpy as np


class Param:
    """a value and its gradient"""
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)

    def __repr__(self):
        return f'Param{self.value.shape}'


class Module:
    def params(self):
        return {}

    def zero_grad(self):
        for p in self.params().values():
            p.grad.fill(0)


class FullyConnectedLayer(Module):
    def __init__(self, n_input, n_output):
        self.W = Param(0.1 * np.random.randn(n_input, n_output))
        self.B = Param(0.1 * np.random.randn(1, n_output))
        self.X = None

    def forward(self, X):
        self.X = X.copy()
        return X @ self.W.value + self.B.value

    def backward(self, d_out):
        # gradients ADD UP until zero_grad (several losses)
        self.W.grad += self.X.T @ d_out
        self.B.grad += d_out.sum(axis=0, keepdims=True)
        return d_out @ self.W.value.T

    def params(self):
        return {'W': self.W, 'B': self.B}


class ReLULayer(Module):
    def forward(self, X):
        self.positive = X > 0
        return X * self.positive

    def backward(self, d_out):
        return d_out * self.positive


def softmax_with_cross_entropy(preds, target_index):
    """preds (N, C), target_index (N,) -> loss, dprediction"""
    z = preds - preds.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    rows = np.arange(len(target_index))
    loss = -np.log(p[rows, target_index]).mean()
    d = p
    d[rows, target_index] -= 1
    return loss, d / len(target_index)


def l2_regularization(W, reg_strength):
    loss = reg_strength * np.sum(W ** 2)
    grad = 2 * reg_strength * W
    return loss, grad


class TwoLayerNet(Module):
    def __init__(self, n_input, n_output, hidden_layer_size, reg):
        self.reg = reg
        self.fc1 = FullyConnectedLayer(n_input, hidden_layer_size)
        self.relu = ReLULayer()
        self.fc2 = FullyConnectedLayer(hidden_layer_size, n_output)

    def compute_loss_and_gradients(self, X, y):
        self.zero_grad()
        out = self.fc2.forward(self.relu.forward(self.fc1.forward(X)))
        loss, d = softmax_with_cross_entropy(out, y)
        self.fc1.backward(self.relu.backward(self.fc2.backward(d)))
        for p in self.params().values():
            l, g = l2_regularization(p.value, self.reg)
            loss += l
            p.grad += g
        return loss

    def predict(self, X):
        return self.fc2.forward(self.relu.forward(self.fc1.forward(X))).argmax(axis=1)

    def params(self):
        return {'W1': self.fc1.W, 'B1': self.fc1.B, 'W2': self.fc2.W, 'B2': self.fc2.B}
