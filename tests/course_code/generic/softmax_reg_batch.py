import numpy as np

num_classes = 3


def onehot(labels):
    out = np.zeros((labels.shape[0], num_classes))
    for i, l in enumerate(labels):
        out[i, l] = 1
    return out


def hypothesis(theta, X):
    """class probabilities, theta (features, classes)"""
    z = np.matmul(X, theta)
    z = np.exp(z - np.amax(z, axis=1, keepdims=True))
    return z / np.sum(z, axis=1, keepdims=True)


def compute_cost(theta, X, y):
    m = X.shape[0]
    p = hypothesis(theta, X)
    cost = 0
    for i in range(m):
        cost -= np.log(p[i, y[i]])
    cost = cost / m
    return cost


def compute_gradient(theta, X, y):
    m = X.shape[0]
    p = hypothesis(theta, X)
    err = p - onehot(y)
    print('mean abs error', np.mean(np.abs(err)))
    grad = np.matmul(X.T, err)
    return grad


# def compute_gradient(theta, X, y):
#     grad = np.zeros(theta.shape)
#     for i in range(len(y)):
#         for k in range(num_classes):
#             grad[:, k] += X[i] * (hypothesis(theta, X[i:i+1])[0, k] - (y[i] == k))
#     return grad


def train(X, y, lr=0.001, n_epochs=50):
    theta = np.zeros((X.shape[1], num_classes))
    for epoch in range(n_epochs):
        theta = theta - lr * compute_gradient(theta, X, y)
        print("epoch {} cost {:.4f}".format(epoch, compute_cost(theta, X, y)))
    return theta
