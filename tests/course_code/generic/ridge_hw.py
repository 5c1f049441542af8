import numpy as np

def predict(w, X):
    return X @ w

def loss_fn(w, X, y, lam=0.1):
    """ ridge: mean squared error plus lam * ||w||^2 """
    r = predict(w, X) - y
    return (r @ r) / len(y) + lam * np.sum(w ** 2)

def gradient(w, X, y, lam=0.1):
    r = predict(w, X) - y
    return 2 / len(y) * X.T @ r + lam * w

def closed_form(X, y, lam=0.1):
    n, d = X.shape
    return np.linalg.solve(X.T @ X + n * lam * np.eye(d), X.T @ y)

def gd(X, y, lam=0.1, lr=0.05, steps=500, verbose=False):
    w = np.zeros(X.shape[1])
    for t in range(steps):
        w -= lr * gradient(w, X, y, lam)
        if verbose and t % 100 == 0:
            print(t, loss_fn(w, X, y, lam))
    return w

if __name__ == "__main__":
    rng = np.random.default_rng(42)
    X = rng.normal(size=(100, 5))
    y = X @ np.array([1, 2, 3, 4, 5.]) + rng.normal(size=100)
    print(gd(X, y, verbose=True))
    print(closed_form(X, y))   # not exactly the same, why??
