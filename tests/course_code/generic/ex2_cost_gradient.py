import numpy as np

data = np.loadtxt('ex2data1.txt', delimiter=',')
X = data[:, 0:2]
y = data[:, 2]

# feature normalize, otherwise exp overflows
mu = X.mean(axis=0)
sigma = X.std(axis=0)
X = (X - mu) / sigma

m, n = X.shape
X = np.hstack((np.ones((m, 1)), X))
initial_theta = np.zeros(n + 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cost_function(theta, X, y):
    m = len(y)
    h = sigmoid(np.dot(X, theta))
    J = (-1 / m) * (np.dot(y, np.log(h)) + np.dot(1 - y, np.log(1 - h)))
    return J


def gradient(theta, X, y):
    m = len(y)
    h = sigmoid(np.dot(X, theta))
    grad = (1 / m) * np.dot(X.T, h - y)
    return grad


print('Cost at initial theta (zeros): ', cost_function(initial_theta, X, y))
print('Gradient at initial theta (zeros): ', gradient(initial_theta, X, y))

theta = initial_theta
for i in range(400):
    theta = theta - 0.5 * gradient(theta, X, y)

p = sigmoid(X.dot(theta)) >= 0.5
print('Train accuracy', np.mean(p == y) * 100)
