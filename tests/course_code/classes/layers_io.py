import numpy as np


class NeuralNetwork:
    """
    Columns are samples: X (n_x, m), Y (n_y, m) one-hot.

    self.layers[k]         = {"W": (n_out, n_in), "b": (n_out, 1), "activation": name}
    self.layersIO[k]       = {"A_prev": .., "Z": .., "A": ..}   from the last forward
    self.layerGradients[k] = {"dW": .., "db": ..}               from the last backward
    """

    def __init__(self, seed=0):
        self.rng = np.random.RandomState(seed)
        self.layers = []
        self.layersIO = []
        self.layerGradients = []

    def create_layer(self, n_in, n_out, activation="relu"):
        W = self.rng.randn(n_out, n_in) * 0.1
        b = np.zeros((n_out, 1))
        self.layers.append({"W": W, "b": b, "activation": activation})
        return self

    def linear_forward(self, A, W, b):
        return W @ A + b

    def activate(self, Z, name):
        if name == "relu":
            return Z * (Z > 0)
        if name == "sigmoid":
            return 1 / (1 + np.exp(-Z))
        if name == "softmax":
            E = np.exp(Z - Z.max(axis=0))
            return E / E.sum(axis=0)
        raise ValueError(name)

    def model_forward(self, X):
        self.layersIO = []
        A = X
        for layer in self.layers:
            A_prev = A
            Z = self.linear_forward(A_prev, layer["W"], layer["b"])
            A = self.activate(Z, layer["activation"])
            self.layersIO.append({"A_prev": A_prev, "Z": Z, "A": A})
        return A

    def compute_loss(self, Y_hat, Y):
        m = Y.shape[1]
        return -np.sum(Y * np.log(Y_hat)) / m

    def linear_backward(self, dZ, A_prev, W):
        m = A_prev.shape[1]
        dW = dZ @ A_prev.T / m
        db = np.sum(dZ, axis=1, keepdims=True) / m
        dA_prev = W.T @ dZ
        return dA_prev, dW, db

    def model_backward(self, Y_hat, Y):
        self.layerGradients = [None] * len(self.layers)
        # last layer is softmax + cross entropy
        dZ = Y_hat - Y
        for k in reversed(range(len(self.layers))):
            io = self.layersIO[k]
            dA, dW, db = self.linear_backward(dZ, io["A_prev"], self.layers[k]["W"])
            self.layerGradients[k] = {"dW": dW, "db": db}
            if k > 0:
                Zp, Ap = self.layersIO[k-1]["Z"], self.layersIO[k-1]["A"]
                if self.layers[k-1]["activation"] == "relu":
                    dZ = dA * (Zp > 0)
                else:
                    dZ = dA * Ap * (1 - Ap)

    def update_parameters(self, lr):
        for layer, g in zip(self.layers, self.layerGradients):
            layer["W"] -= lr * g["dW"]
            layer["b"] -= lr * g["db"]

    def train_model(self, X, Y, iterations=1000, lr=0.1):
        for i in range(iterations):
            Y_hat = self.model_forward(X)
            if i % 100 == 0:
                print(i, self.compute_loss(Y_hat, Y))
            self.model_backward(Y_hat, Y)
            self.update_parameters(lr)


def example_net():
    net = NeuralNetwork()
    net.create_layer(4, 6, "relu")
    net.create_layer(6, 5, "sigmoid")
    net.create_layer(5, 3, "softmax")
    return net
