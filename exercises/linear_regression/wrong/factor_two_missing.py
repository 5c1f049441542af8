from numpy import dot, mean, sum


def model_forward(X, w, b):
    return dot(X, w) + b


def compute_cost(z, y):
    return mean((y - z) ** 2)


def cost_gradient(z, y):
    # derivative of the square times the inner derivative
    return (z - y) / y.shape[0]


def model_backward(X, y, w, b):
    residuals = model_forward(X, w, b) - y
    dw = 2 * dot(residuals, X) / X.shape[0]
    db = 2 * sum(residuals) / X.shape[0]
    return dw, db


def update_parameters(w, b, dw, db, learning_rate):
    return w - learning_rate * dw, b - learning_rate * db
