import numpy as np

def sigmoid(x):
    return 1/(1 + np.exp(-x))

def sigmoid_derivative(x):
    # x is already sigmoid(..)
    return x*(1 - x)

def feed_forward(X, w1, b1, w2, b2):
    z1 = np.dot(X, w1) + b1
    a1 = sigmoid(z1)
    y_hat = np.dot(a1, w2) + b2
    return z1, a1, y_hat

def mse(y, y_hat):
    return np.mean((y - y_hat)**2)

def back_prop(X, y, w1, b1, w2, b2):
    z1, a1, y_hat = feed_forward(X, w1, b1, w2, b2)
    dy = 2*(y_hat - y)/y.size     # d mse / d y_hat

    dw2 = np.dot(a1.T, dy)
    db2 = np.sum(dy, axis=0)

    da1 = np.dot(dy, w2.T)
    dz1 = da1*sigmoid_derivative(z1)
    dw1 = np.dot(X.T, dz1)
    db1 = np.sum(dz1, axis=0)
    return dw1, db1, dw2, db2

if __name__ == "__main__":
    np.random.seed(5)
    X = np.random.uniform(-2, 2, (100, 1))
    y = np.sin(2*X)
    w1, b1 = np.random.randn(1, 12), np.zeros(12)
    w2, b2 = np.random.randn(12, 1), np.zeros(1)
    for epoch in range(3000):
        dw1, db1, dw2, db2 = back_prop(X, y, w1, b1, w2, b2)
        w1 -= 0.1*dw1
        b1 -= 0.1*db1
        w2 -= 0.1*dw2
        b2 -= 0.1*db2
        if epoch % 500 == 0:
            print(epoch, mse(y, feed_forward(X, w1, b1, w2, b2)[2]))
