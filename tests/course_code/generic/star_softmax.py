from numpy import *

def softmax(z):
    e = exp(z - z.max(axis=1)[:, newaxis])
    return e / e.sum(axis=1)[:, newaxis]

def scores(W, X):
    return dot(X, W)

def loss(W, X, Y):
    # Y is one-hot, n x k
    P = softmax(scores(W, X))
    return sum(Y * log(P)) / X.shape[0]

def grad(W, X, Y):
    P = softmax(scores(W, X))
    return dot(X.T, P - Y) / X.shape[0]

def accuracy(W, X, Y):
    return mean(argmax(scores(W, X), axis=1) == argmax(Y, axis=1))

def fit(X, Y, eta=0.3, epochs=100):
    W = zeros((X.shape[1], Y.shape[1]))
    for t in range(epochs):
        W = W - eta * grad(W, X, Y)
    return W

if __name__ == '__main__':
    random.seed(4)
    X = random.randn(90, 2)
    X[30:60] += 3
    X[60:] -= 3
    Y = zeros((90, 3))
    Y[:30, 0] = 1
    Y[30:60, 1] = 1
    Y[60:, 2] = 1
    X = hstack((X, ones((90, 1))))
    W = fit(X, Y)
    print(accuracy(W, X, Y))
