import numpy as np

np.random.seed(0)


def loss_fn(w, X, y):
    '''
    logistic loss, labels are -1 / +1
    '''
    margins = y * X.dot(w)
    return np.mean(np.log(1 + np.exp(-margins)))


def gradient(w, X, y):
    n, d = X.shape
    g = np.zeros(d)
    for i in range(n):
        m = y[i] * np.dot(w, X[i])
        g += -y[i] * X[i] / (1 + np.exp(m))
    return g / n


def hessian(w, X, y):
    n = len(y)
    p = 1 / (1 + np.exp(-X.dot(w)))
    D = np.diag(p * (1 - p))
    return X.T.dot(D).dot(X) / n


def gradient_descent(X, y, step=0.5, iters=200):
    w = np.zeros(X.shape[1])
    losses = []
    for k in range(iters):
        w = w - step * gradient(w, X, y)
        losses.append(loss_fn(w, X, y))
    return w, losses


X = np.random.randn(60, 3)
w_star = np.array([1., -2., .5])
y = np.sign(X @ w_star + 0.3 * np.random.randn(60))

w, hist = gradient_descent(X, y)
print("final loss:", hist[-1])
print("accuracy:", np.mean(np.sign(X @ w) == y))
