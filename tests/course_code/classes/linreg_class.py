import numpy as np


class LinearRegression:
    """ y_hat = X w + b   with the mean squared error """

    def __init__(self, learning_rate=0.01, n_iters=500):
        self.learning_rate = learning_rate
        self.n_iters = n_iters
        self.w = None
        self.b = None
        self.dw = None
        self.db = None

    def initialize(self, n_features):
        self.w = np.zeros((n_features, 1))
        self.b = 0.0

    def model_forward(self, X):
        return np.dot(X, self.w) + self.b

    def compute_cost(self, y_hat, y):
        return np.mean((y - y_hat) ** 2)

    def model_backward(self, X, y, y_hat):
        n = X.shape[0]
        self.dw = -2 / n * np.dot(X.T, y - y_hat)
        self.db = -2 / n * np.sum(y - y_hat)
        return self.dw, self.db

    def update_parameters(self):
        self.w = self.w - self.learning_rate * self.dw
        self.b = self.b - self.learning_rate * self.db

    def fit(self, X, y):
        self.initialize(X.shape[1])
        costs = []
        for it in range(self.n_iters):
            y_hat = self.model_forward(X)
            costs.append(self.compute_cost(y_hat, y))
            self.model_backward(X, y, y_hat)
            self.update_parameters()
            if it % 100 == 0:
                print('Cost after iteration %i: %f' % (it, costs[-1]))
        return costs

    def predict(self, X):
        return self.model_forward(X)


if __name__ == '__main__':
    X = np.random.randn(50, 3)
    y = X @ np.array([[1.], [2.], [-1.]]) + 0.5
    m = LinearRegression(0.1)
    m.fit(X, y)
    print(m.w.ravel(), m.b)
