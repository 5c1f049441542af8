import numpy as np

np.random.seed(7)

# network ---------------------------------------------------
D, H, K = 4, 6, 3
W1 = 0.3 * np.random.randn(D, H)
b1 = np.zeros((1, H))
W2 = 0.3 * np.random.randn(H, K)
b2 = np.zeros((1, K))

# filled by forward()
hidden = None
probs = None
last_input = None


def forward(X):
    global hidden, probs, last_input
    last_input = X
    hidden = np.maximum(0, np.dot(X, W1) + b1)
    logits = np.dot(hidden, W2) + b2
    e = np.exp(logits)
    probs = e / np.sum(e, axis=1, keepdims=True)
    return probs


def compute_loss(y):
    """call forward() first"""
    n = len(y)
    logp = -np.log(probs[range(n), y])
    return np.sum(logp) / n


def backward(y):
    n = len(y)
    d = probs.copy()
    d[range(n), y] -= 1
    d /= n
    #print 'd', d
    dW2 = np.dot(hidden.T, d)
    db2 = np.sum(d, axis=0, keepdims=True)
    dh = np.dot(d, W2.T)
    dh[hidden <= 0] = 0
    dW1 = np.dot(last_input.T, dh)
    db1 = np.sum(dh, axis=0, keepdims=True)
    return dW1, db1, dW2, db2


def update(y, lr=1e-1):
    global W1, b1, W2, b2
    dW1, db1, dW2, db2 = backward(y)
    W1 = W1 - lr * dW1
    b1 = b1 - lr * db1
    W2 = W2 - lr * dW2
    b2 = b2 - lr * db2


if __name__ == '__main__':
    X = np.random.randn(150, D)
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)
    for i in range(1000):
        forward(X)
        if i % 200 == 0:
            print(i, compute_loss(y))
        update(y)
