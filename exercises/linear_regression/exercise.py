"""Linear regression with mean squared error, J = 1/n sum_i (y_i - z_i)^2, and one step of gradient descent."""

from derivations.models import linear_regression
from gradcheck import Exercise, Task

model = linear_regression()
j, p = model.index("j"), model.index("j").size
w, b = model["w"], model["b"]

# The step takes any gradient, so dw and db are data.
dw, db = model.data("dw", p), model.data("db")
learning_rate = model.constant("learning_rate", domain="unit")
w_new, b_new = model.node("w_new"), model.node("b_new")
w_new[j] = w[j] - learning_rate * dw[j]
b_new[()] = b - learning_rate * db

exercise = Exercise(
    "linear-regression",
    model,
    [
        Task("model_forward", "X, w, b", "z"),
        Task("compute_cost", "z, y", "J"),
        Task("cost_gradient", "z, y", "dJ/dz"),
        Task("model_backward", "X, y, w, b", "dJ/dw, dJ/db", points=2),
        Task("update_parameters", "w, b, dw, db, learning_rate", "w = w_new, b = b_new"),
    ],
)
