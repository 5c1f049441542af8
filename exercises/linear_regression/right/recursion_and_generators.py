# gradcheck: exercise linear-regression
"""No arrays, no loops: everything is a sum over a list, and a sum is defined by recursion."""
import operator
from functools import reduce


def total(values):
    if len(values) == 0:
        return 0.0
    if len(values) == 1:
        return values[0]
    half = len(values) // 2
    return total(values[:half]) + total(values[half:])


def inner(u, v):
    return total([s * t for s, t in zip(u, v)])


def model_forward(X, w, b):
    return [inner(row, w) + b for row in X]


def compute_cost(z, y):
    errors = (yi - zi for zi, yi in zip(z, y))
    return reduce(operator.add, (e * e for e in errors)) / len(y)


def cost_gradient(z, y):
    def walk():
        for zi, yi in zip(z, y):
            yield (zi + zi - yi - yi) / len(y)

    return list(walk())


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    columns = zip(*X)
    return [inner(column, dz) for column in columns], total(dz)


def update_parameters(w, b, dw, db, learning_rate):
    def step(old, slope):
        return old - learning_rate * slope

    return list(map(step, w, dw)), step(b, db)
