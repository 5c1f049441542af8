import numpy as np

def tanh(x):
    return np.tanh(x)

def tanh_prime(x):
    return 1 - np.tanh(x)**2

def mse(y_true, y_pred):
    return np.mean((y_true - y_pred)**2)

# pochodna mse po y_pred
def mse_prime(y_true, y_pred):
    n = np.size(y_pred)
    # return 2*(y_pred - y_true)/n ??
    return -2/n * np.sum(y_true - y_pred)

class Dense:
    def __init__(self, i, o):
        self.w = np.random.randn(i, o) * 0.4
        self.b = np.zeros((1, o))

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, grad, lr):
        gx = grad @ self.w.T
        self.w -= lr * self.x.T @ grad
        self.b -= lr * grad.sum(axis=0, keepdims=True)
        return gx

# net = [Dense(2, 3), tanh, Dense(3, 1)]
# x = np.array([[0,0],[0,1],[1,0],[1,1]])
# d = np.array([[0],[1],[1],[0]])
