import numpy as np


class LogisticRegression:
    """Binary classifier, w is (d,), y in {0, 1} (n,)"""

    def __init__(self, lr=0.1, num_iter=1000, lam=0.0, fit_intercept=True, verbose=False):
        self.lr = lr
        self.num_iter = num_iter
        self.lam = lam
        self.fit_intercept = fit_intercept
        self.verbose = verbose
        self.w = None
        self.b = 0.0
        self.dw = None
        self.db = None

    def __sigmoid(self, z):
        return 1 / (1 + np.exp(-z))

    def predict_prob(self, X):
        return self.__sigmoid(X @ self.w + self.b)

    def cost(self, X, y):
        h = self.predict_prob(X)
        m = y.size
        ce = (-y * np.log(h) - (1 - y) * np.log(1 - h)).mean()
        return ce + self.lam / (2 * m) * np.dot(self.w, self.w)

    def compute_gradients(self, X, y):
        h = self.predict_prob(X)
        m = y.size
        self.dw = np.dot(X.T, (h - y)) / m + self.lam / m * self.w
        self.db = np.mean(h - y) if self.fit_intercept else 0.0
        return self.dw, self.db

    def fit(self, X, y):
        self.w = np.zeros(X.shape[1])
        self.b = 0.0
        for i in range(self.num_iter):
            dw, db = self.compute_gradients(X, y)
            self.w -= self.lr * dw
            self.b -= self.lr * db
            if self.verbose and i % 1000 == 0:
                print('loss:', self.cost(X, y))
        return self

    def predict(self, X, threshold=0.5):
        return (self.predict_prob(X) >= threshold).astype(int)
