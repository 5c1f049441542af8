"""Right gradients that were once called wrong, each for what it was misread by; and what must still be found."""

import pytest

from checkers.findings import Verdict

from .conftest import Check

HINGE = """
    def hinge_loss(w, b, X, y):
        return 0.5 * w.dot(w) + np.sum(np.maximum(0, 1 - y * (X.dot(w) + b)))

    def hinge_loss_gradient(w, b, X, y):
        m = (y * (X.dot(w) + b) < 1).astype(float)
        return w - X.T.dot(m * y), DB
    """
DENSE = """
    class Dense:
        def __init__(self, n_in, n_out):
            self.W = np.random.randn(n_in, n_out)
            self.b = np.zeros(n_out)

        def forward(self, X):
            self.X = X
            return X @ self.W + self.b

        def backward(self, dZ):
            m = self.X.shape[0]
            self.dW = self.X.T @ dZ / m
            self.db = DB
            return dZ @ self.W.T
    """
EPSILON = """
    class Softmax:
        def __init__(self):
            self.I = 785
            self.W = np.zeros((self.I, 10))

        def forward(self, X):
            e = np.exp(X @ self.W)
            return e / e.sum(axis=1, keepdims=True)

        def loss(self, X, targets):
            return -np.sum(targets * np.log(self.forward(X) + 1e-7)) / len(X)

        def gradient(self, X, targets):
            g = X.T @ (self.forward(X) - targets) / len(X)
            CHANGE
            return g
    """
DROPOUT = """
    class Dropout:
        def __init__(self, ratio=0.5):
            self.ratio = ratio

        def forward(self, x):
            self.mask = np.random.rand(*x.shape) > self.ratio
            return x * self.mask

        def backward(self, dout):
            return MASKED
    """


@pytest.mark.parametrize(("db", "verdict"), [("-np.sum(m * y)", "right"), ("np.sum(m * y)", "wrong")])
def test_a_gradient_named_after_a_loss_returns_no_loss_itself(check: Check, db: str, verdict: str) -> None:
    (task,) = check(HINGE.replace("DB", db)).tasks
    assert task.verdict == Verdict(verdict)


@pytest.mark.parametrize(("db", "verdict"), [("dZ.mean(axis=0)", "right"), ("dZ.sum(axis=0)", "wrong")])
def test_a_layer_may_average_all_its_parameters_gradients(check: Check, db: str, verdict: str) -> None:
    found = check(DENSE.replace("DB", db))
    assert found.tasks[0].verdict == Verdict(verdict)
    assert any("1/n is taken" in text for text in found.recognised[0].assumed) == (verdict == "right")


@pytest.mark.parametrize(("masked", "verdict"), [("dout * self.mask", "right"), ("dout", "wrong")])
def test_dropout_draws_one_mask(check: Check, masked: str, verdict: str) -> None:
    (task,) = check(DROPOUT.replace("MASKED", masked)).tasks
    assert task.verdict == Verdict(verdict)


@pytest.mark.parametrize(("change", "verdict"), [("pass", "right"), ("g[g > 0] *= 1.01", "wrong")])
def test_an_epsilon_in_the_logarithm_shows_in_the_unmeasured_entries_too(
    check: Check, change: str, verdict: str
) -> None:
    (task,) = check(EPSILON.replace("CHANGE", change)).tasks
    assert task.verdict == Verdict(verdict)


LIKELIHOOD = """
    class LogReg:
        def __init__(self, d):
            self.theta = np.zeros(d)

        def predict_proba(self, X):
            return 1 / (1 + np.exp(-X @ self.theta))

        def log_likelihood(self, X, y):
            p = self.predict_proba(X)
            return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

        def gradient(self, X, y):
            return X.T @ (DIFFERENCE)
    """


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [
        ("self.predict_proba(X) - y", "right"),
        ("y - self.predict_proba(X)", "right"),
        ("self.predict_proba(X) - 2 * y", "wrong"),
    ],
)
def test_the_gradient_of_a_likelihood_may_have_either_sign(check: Check, difference: str, verdict: str) -> None:
    (task,) = check(LIKELIHOOD.replace("DIFFERENCE", difference)).tasks
    assert task.verdict == Verdict(verdict)


FUNCTIONS = """
    def log_likelihood(theta, X, y):
        h = 1 / (1 + np.exp(-X @ theta))
        return np.sum(y * np.log(h) + (1 - y) * np.log(1 - h))

    def gradient(theta, X, y):
        h = 1 / (1 + np.exp(-X @ theta))
        return X.T @ (DIFFERENCE)
    """


@pytest.mark.parametrize(("difference", "verdict"), [("h - y", "right"), ("y - h", "right"), ("h - 2 * y", "wrong")])
def test_so_may_that_of_a_function(check: Check, difference: str, verdict: str) -> None:
    (task,) = check(FUNCTIONS.replace("DIFFERENCE", difference)).tasks
    assert task.verdict == Verdict(verdict)


@pytest.mark.parametrize(("slope", "verdict"), [("1", Verdict.RIGHT), ("2", Verdict.WRONG)])
def test_a_single_number_stands_for_every_entry_of_an_activation(check: Check, slope: str, verdict: Verdict) -> None:
    source = f"""
    def identity(x):
        return x

    def identity_prime(x):
        return {slope}
    """
    (task,) = check(source).tasks
    assert task.verdict is verdict
    assert ("stands for every entry" in task.findings[0].message) is (verdict is Verdict.RIGHT)


BOOK = """
    def softmax(x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def cross_entropy_error(y, t):
        return -np.sum(t * np.log(y + EPSILON)) / len(y)

    class OneLayerNet:
        def __init__(self, input_size, output_size):
            self.params = {"W": np.random.randn(input_size, output_size), "b": np.zeros(output_size)}

        def predict(self, x):
            return softmax(3 * (x @ self.params["W"] + self.params["b"]))

        def loss(self, x, t):
            return cross_entropy_error(self.predict(x), t)

        def gradient(self, x, t):
            dy = 3 * (self.predict(x) - t) / len(x)
            dy[0, 0] *= FACTOR
            return {"W": x.T @ dy, "b": dy.sum(axis=0)}
    """


@pytest.mark.parametrize(
    ("epsilon", "factor", "verdict"),
    [("1e-7", "1", Verdict.RIGHT), ("10 ** -5", "1", Verdict.RIGHT), ("1e-7", "1.001", Verdict.WRONG)],
)
def test_an_epsilon_in_a_logarithm_makes_no_gradient_wrong(
    check: Check, epsilon: str, factor: str, verdict: Verdict
) -> None:
    found = check(BOOK.replace("EPSILON", epsilon).replace("FACTOR", factor))
    assert found.tasks[0].verdict is verdict
    told = "without the epsilon in the logarithm of cross_entropy_error" in " ".join(found.recognised[0].assumed)
    assert told is (verdict is Verdict.RIGHT)
