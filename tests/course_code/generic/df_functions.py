import numpy as np

# test functions for the optimisers (gradient descent, momentum, newton)

A = np.array([[3., 1.], [1., 2.]])
b = np.array([1., -1.])


def f(x):
    return 0.5 * x.dot(A).dot(x) - b.dot(x)


def df(x):
    return A.dot(x) - b


def func(x):
    """ rosenbrock """
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


def dfunc(x):
    return np.array([-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2),
                     200 * (x[1] - x[0] ** 2)])


def g(x):
    return np.log(np.sum(np.exp(x)))


def d_g(x):
    e = np.exp(x - max(x))
    return e / sum(e)


def act(u, k=2.0):
    return u / np.sqrt(1 + k * u ** 2)


def actPrime(u, k=2.0):
    return (1 + k * u ** 2) ** -1.5


def h(x):
    return np.sum(x ** 4 - 16 * x ** 2 + 5 * x) / 2


def h_grad(x):
    return (4 * x ** 3 - 32 * x + 5) / 2


def check(fun, dfun, x, eps=1e-6):
    num = np.zeros_like(x)
    for i in range(len(x)):
        e = np.zeros_like(x)
        e[i] = eps
        num[i] = (fun(x + e) - fun(x - e)) / (2 * eps)
    print(fun.__name__, np.abs(num - dfun(x)).max())


if __name__ == '__main__':
    x0 = np.array([0.3, -1.2])
    for pair in [(f, df), (func, dfunc), (g, d_g), (h, h_grad)]:
        check(pair[0], pair[1], x0)
