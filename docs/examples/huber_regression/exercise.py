"""Linear regression with Huber's loss: an exercise is its loss, its functions and their points."""

from gradcheck import Exercise, Model, Sum, Task, huber

m = Model("huber-regression", "Linear regression with Huber's loss")
n, p = m.sizes(n="samples", p="features")
i, j = m.indices(i=n, j=p)

X, y = m.data("X", n, p), m.data("y", n)
w, b = m.parameter("w", p), m.parameter("b")
z, J = m.node("z"), m.loss("J")

z[i] = Sum(w[j] * X[i, j], j) + b
J[()] = Sum(huber(y[i] - z[i]), i) / n

exercise = Exercise(
    "huber-regression",
    m,
    [
        Task("model_forward", "X, w, b", "z"),
        Task("compute_cost", "z, y", "J"),
        Task("cost_gradient", "z, y", "dJ/dz", points=2),
        Task("model_backward", "X, y, w, b", "dJ/dw, dJ/db", points=4),
    ],
)
