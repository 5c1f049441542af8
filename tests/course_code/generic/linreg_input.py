import numpy as np

# house prices, one feature per column
alpha = float(input("learning rate: "))
iterations = int(input("how many iterations? "))


def compute_cost(x, y, w, b):
    m = x.shape[0]
    total = 0
    for row, t in zip(x, y):
        total += (row.dot(w) + b - t) ** 2
    return total / (2 * m)


def compute_gradient(x, y, w, b):
    m, n = x.shape
    errors = [x[i].dot(w) + b - y[i] for i in range(m)]
    dj_db = sum(errors) / m
    dj_dw = np.zeros(n)
    for j in range(n):
        for i in range(m):
            dj_dw[j] += x[i, j] * errors[i] / m
    return dj_db, dj_dw


def gradient_descent(x, y, w, b, alpha, num_iters):
    history = []
    for i in range(num_iters):
        dj_db, dj_dw = compute_gradient(x, y, w, b)
        w = w - alpha * dj_dw
        b = b - alpha * dj_db
        history.append(compute_cost(x, y, w, b))
    print('cost', history[0], '->', history[-1])
    return w, b, history


x_train = np.array([[2.1, 3], [1.4, 2], [0.8, 2], [1.9, 4]])
y_train = np.array([4.6, 2.3, 1.8, 3.9])
w, b, J = gradient_descent(x_train, y_train, np.zeros(2), 0., alpha, iterations)
print("w,b found:", w, b)
