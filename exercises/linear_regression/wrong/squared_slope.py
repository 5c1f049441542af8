from numpy import array, dot, ones, square


def model_forward(X, w, b):
    return dot(X, w) + b * ones(len(X))


def compute_cost(z, y):
    e = square(z - y)
    return e.sum() / e.size


def cost_gradient(z, y):
    # power rule
    e = square(z - y)
    return 2 * e / e.size


def model_backward(X, y, w, b):
    r = model_forward(X, w, b) - y
    dw = array([2 * dot(r, X[:, j]) / r.size for j in range(len(w))])
    db = 2 * dot(r, ones(r.size)) / r.size
    return dw, db


def update_parameters(w, b, dw, db, lr):
    return w - lr * dw, b - lr * db
