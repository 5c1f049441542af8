"""Weighted least squares with an elastic net: some samples count more than others, and small weights are wanted."""

from gradcheck import Exercise, Model, Sum, Task, absolute

m = Model("elastic-net", "Weighted linear regression with an elastic net")
n, p = m.sizes(n="samples", p="features")
i, j = m.indices(i=n, j=p)

X, y, c = m.data("X", n, p), m.data("y", n), m.data("c", n, domain="positive")
w, b = m.parameter("w", p), m.parameter("b")
lasso, ridge = m.constant("lasso"), m.constant("ridge")
z, J = m.node("z"), m.loss("J")

z[i] = Sum(w[j] * X[i, j], j) + b
J[()] = Sum(c[i] * (y[i] - z[i]) ** 2, i) / n + lasso * Sum(absolute(w[j]), j) + ridge * Sum(w[j] ** 2, j)

exercise = Exercise(
    "elastic-net",
    m,
    [
        Task("model_forward", "X, w, b", "z"),
        Task("compute_cost", "z, y, c, w, lasso, ridge", "J", points=2),
        Task("model_backward", "X, y, c, w, b, lasso, ridge", "dJ/dw, dJ/db", points=4),
    ],
)
