"""NAME_forward and NAME_backward, as courses have them and as students vary them."""

from typing import Any

import pytest

from checkers.findings import Certainty, Verdict

AFFINE = """
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = {db}
    return dx, dw, db
"""
RELU = """
def relu_forward(x):
    return np.maximum(0, x), {cache}

def relu_backward(dout, cache):
    return {dx}
"""
LINEAR = """
def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)

def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = {dW}
    db = {db}
    return W.T @ dZ, dW, db
"""
BATCHNORM = """
def batchnorm_forward(x, gamma, beta, bn_param):
    eps = bn_param.get("eps", 1e-5)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1]))
    if bn_param["mode"] == "test":
        return gamma * (x - running_mean) / np.sqrt(1 + eps) + beta, None
    mu, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = 0.9 * running_mean + 0.1 * mu
    std = np.sqrt(var + eps)
    hat = (x - mu) / std
    return gamma * hat + beta, (hat, std, gamma)

def batchnorm_backward(dout, cache):
    hat, std, gamma = cache
    n = len(dout)
    dhat = dout * gamma
    dx = (dhat - dhat.mean(axis=0) - {variance}) / std
    return dx, np.sum(dout * hat, axis=0), np.sum(dout, axis=0)
"""


def test_an_affine_layer_is_right_for_vectors_and_for_images(check: Any) -> None:
    found = check(AFFINE.format(db="dout.sum(axis=0)"))
    assert [task.verdict for task in found.tasks] == [Verdict.RIGHT]
    assert [(one.name, one.of) for one in found.tasks[0].outputs] == [("dx", "x"), ("dw", "w"), ("db", "b")]
    assert "checked with x of rank 4" in found.recognised[0].assumed


@pytest.mark.parametrize(
    ("db", "code"),
    [
        ("dout", "sum-missing"),
        ("dout.sum(axis=1)", "wrong-shape"),
        ("-dout.sum(axis=0)", "sign-flipped"),
        ("dout.sum(axis=0) / len(x)", "mean-twice"),
        ("dout.sum(axis=0) * 2", "factor"),
    ],
)
def test_one_wrong_gradient_of_three(check: Any, db: str, code: str) -> None:
    (task,) = check(AFFINE.format(db=db)).tasks
    assert [one.verdict for one in task.outputs] == [Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG]
    assert [finding.code for finding in task.findings if finding.is_fault] == [code]


def test_the_change_that_mends_it_is_found(check: Any) -> None:
    (task,) = check(AFFINE.format(db="dout.sum(axis=1)"), locate_budget=2.0).tasks
    (finding,) = task.findings
    assert (finding.code, finding.certainty, finding.line) == ("sum-wrong-axis", Certainty.PROVEN, 11)
    assert finding.fix == "db = dout.sum(axis=0)"


@pytest.mark.parametrize(
    ("cache", "dx"),
    [("x", "dout * (cache > 0)"), ("(x,)", "dout * (cache[0] > 0)"), ("np.maximum(0, x)", "dout * (cache > 0)")],
)
def test_relu_may_cache_its_input_or_its_output(check: Any, cache: str, dx: str) -> None:
    assert check(RELU.format(cache=cache, dx=dx)).tasks[0].verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    ("dx", "code"),
    [("dout * (cache < 0)", "activation-derivative"), ("dout", "activation-missing"), ("cache * 0", "not-implemented")],
)
def test_a_wrong_mask_is_the_derivatives_fault(check: Any, dx: str, code: str) -> None:
    (task,) = check(RELU.format(cache="x", dx=dx)).tasks
    assert task.verdict is Verdict.WRONG
    assert task.findings[0].code == code


def test_a_mean_taken_into_dw_and_db_is_a_convention_of_column_layout(check: Any) -> None:
    found = check(LINEAR.format(dW="dZ @ A_prev.T / m", db="dZ.sum(axis=1, keepdims=True) / m"))
    assert found.tasks[0].verdict is Verdict.RIGHT
    assert any("1/m" in said for said in found.recognised[0].assumed)


def test_a_mean_in_dw_alone_is_none(check: Any) -> None:
    (task,) = check(LINEAR.format(dW="dZ @ A_prev.T / m", db="dZ.sum(axis=1, keepdims=True)")).tasks
    assert task.verdict is Verdict.WRONG


def test_batch_normalisation_is_held_against_its_own_forward(check: Any) -> None:
    assert check(BATCHNORM.format(variance="hat * np.mean(dhat * hat, axis=0)")).tasks[0].verdict is Verdict.RIGHT
    (task,) = check(BATCHNORM.format(variance="0")).tasks
    assert [one.verdict for one in task.outputs] == [Verdict.WRONG, Verdict.RIGHT, Verdict.RIGHT]


def test_arguments_changed_in_place_are_copies_and_a_note(check: Any) -> None:
    source = """
    def relu_forward(x):
        return np.maximum(0, x), x

    def relu_backward(dout, cache):
        dout[cache <= 0] = 0
        return dout
    """
    (task,) = check(source).tasks
    assert task.verdict is Verdict.RIGHT
    assert [finding.code for finding in task.findings] == ["mutates-input"]


@pytest.mark.parametrize("body", ["pass", "raise NotImplementedError", "return None", "# TODO\n    ..."])
def test_an_unfinished_function_is_not_run_and_not_wrong(check: Any, body: str) -> None:
    source = f"def relu_forward(x):\n    return np.maximum(0, x), x\n\ndef relu_backward(dout, cache):\n    {body}\n"
    (task,) = check(source).tasks
    assert task.verdict is Verdict.NOT_RUN
    assert [finding.code for finding in task.findings] == ["not-implemented"]


def test_a_layer_that_nobody_has_heard_of(check: Any) -> None:
    source = """
    def swirl_forward(x, gain):
        return np.tanh(x * gain), (x, gain)

    def swirl_backward(upstream, memo):
        x, gain = memo
        d = upstream * (1 - np.tanh(x * gain) ** 2)
        return d * gain, np.sum(d * x, axis=0)
    """
    found = check(source)
    assert found.tasks[0].verdict is Verdict.RIGHT
    assert found.recognised[0].layout == "x (N, D), gain (D,)"


def test_what_cannot_be_called_is_left_alone_with_a_reason(check: Any) -> None:
    source = """
    def odd_forward(tree):
        return tree.left.value + 1, tree

    def odd_backward(dout, cache):
        return dout
    """
    found = check(source)
    assert not found.tasks
    assert found.left_alone[0].name == "odd_backward"
    assert "AttributeError" in found.left_alone[0].reason


def test_a_random_mask_with_the_same_seed_is_steady(check: Any) -> None:
    source = """
    def dropout_forward(x, dropout_param):
        p, mode = dropout_param["p"], dropout_param["mode"]
        mask = None
        if mode == "train":
            mask = (np.random.rand(*x.shape) < p) / p
            x = x * mask
        return x, (dropout_param, mask)

    def dropout_backward(dout, cache):
        param, mask = cache
        return dout * mask if param["mode"] == "train" else dout
    """
    assert check(source).tasks[0].verdict is Verdict.RIGHT


BIAS_UNIT = "    b, gb = np.delete(b, 0), np.delete(gb, 0)\n"


@pytest.mark.parametrize(
    ("upstream", "start", "sign", "verdict"),
    [
        ("gb", "", "-", Verdict.RIGHT),
        ("g_out", "", "+", Verdict.WRONG),
        ("s", "", "-", Verdict.RIGHT),
        ("gb", BIAS_UNIT, "-", Verdict.RIGHT),
        ("gb", BIAS_UNIT, "+", Verdict.WRONG),
    ],
    ids=["right", "wrong", "a name that does not tell", "beside a bias unit", "wrong beside a bias unit"],
)
def test_the_upstream_gradient_may_come_last(
    check: Any, upstream: str, start: str, sign: str, verdict: Verdict
) -> None:
    source = f"""
def sigmoid_forward(a):
    return 1 / (1 + np.exp(-a))

def sigmoid_backward(b, gb):
{start}    return gb * b * (1 {sign} b)
"""
    assert check(source.replace("gb", upstream)).tasks[0].verdict is verdict


def test_the_upstream_gradient_may_come_last_without_a_forward(check: Any) -> None:
    for upstream in ("gz", "s"):
        (task,) = check(f"def sigmoid_backward(a, {upstream}):\n    return {upstream} * a * (1 - a)").tasks
        assert task.verdict is Verdict.RIGHT


@pytest.mark.parametrize(("gb", "verdict"), [("gy", Verdict.RIGHT), ("2 * gy", Verdict.WRONG)])
def test_an_outer_product_is_of_one_sample(check: Any, gb: str, verdict: Verdict) -> None:
    source = f"""
    def linear_forward(a, w, b):
        return w @ a + b

    def linear_backward(a, w, gy):
        return np.outer(gy, a), w.T @ gy, {gb}
    """
    (task,) = check(source).tasks
    assert task.verdict is verdict


@pytest.mark.parametrize(("step", "verdict"), [("i * stride", Verdict.RIGHT), ("i", Verdict.WRONG)])
def test_a_pooling_layer_is_checked_with_several_strides(check: Any, step: str, verdict: Verdict) -> None:
    source = f"""
    def pool_forward(A_prev, hparameters):
        f, stride = hparameters["f"], hparameters["stride"]
        m, h, w, c = A_prev.shape
        A = np.zeros((m, (h - f) // stride + 1, (w - f) // stride + 1, c))
        for i in range(A.shape[1]):
            for j in range(A.shape[2]):
                window = A_prev[:, i * stride : i * stride + f, j * stride : j * stride + f]
                A[:, i, j] = window.mean(axis=(1, 2))
        return A, (A_prev, hparameters)

    def pool_backward(dA, cache):
        A_prev, hparameters = cache
        f, stride = hparameters["f"], hparameters["stride"]
        dA_prev = np.zeros(A_prev.shape)
        for i in range(dA.shape[1]):
            for j in range(dA.shape[2]):
                top, left = {step}, {step.replace("i", "j", 1)}
                dA_prev[:, top : top + f, left : left + f] += dA[:, i : i + 1, j : j + 1] / f**2
        return dA_prev
    """
    found = check(source)
    assert found.tasks[0].verdict is verdict
    assert "checked with stride = 1, stride = 2" in found.recognised[0].assumed
