from numpy import *

# one line each, as in the lecture slides
model_forward = lambda X, w, b: sum(X * w, axis=1) + b
compute_cost = lambda z, y: power(z - y, 2).mean()
cost_gradient = lambda z, y: multiply(2 / len(z), subtract(z, y))


def model_backward(X, y, w, b):
    e = cost_gradient(model_forward(X, w, b), y)
    dw = array([sum(e * X[:, j]) for j in arange(X.shape[1])])
    db = sum(e)
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    step = lambda theta, grad: theta - learning_rate * grad
    return step(w, dw), step(b, db)


if __name__ == "__main__":
    X = random.randn(20, 3)
    y = X @ array([1.0, -2.0, 0.5]) + 3
    w, b = zeros(3), 0.0
    for epoch in range(500):
        dw, db = model_backward(X, y, w, b)
        w, b = update_parameters(w, b, dw, db, 0.1)
    print(w, b, compute_cost(model_forward(X, w, b), y))
