import numpy as np

# one-vs-all: k logistic regressions at once, X is (n_x, m), Y is (k, m)

def sigmoid(z):
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out

def propagate(W, b, X, Y, verbose=False):
    k, m = Y.shape
    Z = np.einsum('fk,fm->km', W, X) + b
    A = sigmoid(Z)
    if verbose:
        print('A', A.shape, 'min', A.min(), 'max', A.max())
    # log(1+exp(z)) - y z
    cost = np.sum(np.logaddexp(0, Z) - Y*Z)/m
    R = (A - Y)/m
    grads = {'dW': np.einsum('fm,km->fk', X, R),
             'db': R.sum(axis=1).reshape(k, 1)}
    return grads, cost

def fit(X, y, k, steps=300, lr=0.5):
    Y = (np.arange(k)[:, None] == y[None, :]).astype(float)
    W = np.zeros((X.shape[0], k))
    b = np.zeros((k, 1))
    for s in range(steps):
        grads, cost = propagate(W, b, X, Y, verbose=(s == 0))
        W -= lr*grads['dW']
        b -= lr*grads['db']
    return W, b, cost

def predict(W, b, X):
    return np.argmax(W.T @ X + b, axis=0)

if __name__ == '__main__':
    np.random.seed(0)
    y = np.random.randint(0, 3, 150)
    X = np.random.randn(2, 150) + 3*np.array([[0, 1, 2], [1, 0, 1]])[:, y]
    W, b, cost = fit(X, y, 3)
    print(cost, (predict(W, b, X) == y).mean())
