"""What is said of a gradient: in which layout it is checked, and what a mistake beside a regulariser is called."""

from .conftest import Check

ROWS = """
    def forward(X, W1, b1, W2, b2):
        h = np.tanh(X @ W1 + b1)
        return h, h @ W2 + b2

    def loss_fn(out, y):
        return np.sum((out - y) ** 2) / len(y)

    def backward(X, y, h, out, W1, b1, W2, b2):
        d = 2 * (out - y) / len(y)
        dh = (d @ W2.T) * (1 - h * h)
        return X.T @ dh, dh.sum(axis=0), h.T @ d, d.sum(axis=0)
    """
LINEAR = """
    def model_forward(w, b, x):
        return x @ w + b

    def cost(y, y_hat):
        return np.mean((y - y_hat) ** 2)

    def model_backward(x, y, y_hat):
        n = y.size
        return 2 / n * x.T @ (y_hat - y), 1 / n * np.sum(y_hat - y)
    """
WIDE = """
    class Softmax:
        def __init__(self, reg=0.0):
            self.I = 785
            self.W = np.zeros((self.I, 10))
            self.reg = reg

        def forward(self, X):
            e = np.exp(X @ self.W)
            return e / e.sum(axis=1, keepdims=True)

        def loss(self, X, targets):
            return -np.sum(targets * np.log(self.forward(X))) / len(X) + self.reg * np.sum(self.W ** 2)

        def gradient(self, X, targets):
            return X.T @ (self.forward(X) - targets) / len(X) + self.reg * self.W
    """
PROPAGATE = """
    def propagate(w, b, X, Y, lambd):
        m = X.shape[1]
        A = 1 / (1 + np.exp(-(w.T @ X + b)))
        cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m + lambd / (2 * m) * np.sum(w ** 2)
        return {"dw": (X @ (A - Y).T + lambd * w) / m, "db": np.sum(A - Y)}, cost
    """


def test_biases_of_one_axis_are_no_rows_of_a_matrix(check: Check) -> None:
    found = check(ROWS)
    assert [task.findings for task in found.tasks] == [()]
    assert "b1 (H,)" in found.recognised[0].layout


def test_a_number_for_a_single_bias_is_no_wrong_shape(check: Check) -> None:
    (task,) = check(LINEAR).tasks
    assert [finding.code for finding in task.findings if finding.is_fault] == ["factor"]


def test_a_regulariser_is_compared_where_it_was_measured(check: Check) -> None:
    (task,) = check(WIDE).tasks
    assert [(one.code, "0.5 times" in one.message) for one in task.findings] == [("regulariser-factor", True)]


def test_a_mistake_beside_a_regulariser_is_not_the_regularisers(check: Check) -> None:
    (task,) = check(PROPAGATE, locate_budget=5.0).tasks
    assert [finding.code for finding in task.findings] == ["mean-missing"]
