"""Layers that take their weights in a dict: the recurrent cells of a course, in columns and in rows."""

from typing import Any

import pytest

from checkers.findings import Verdict

RNN = """
def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum(axis=0)

def rnn_cell_forward(xt, a_prev, parameters):
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)
    yt_pred = softmax(parameters["Wya"] @ a_next + parameters["by"])
    return {returned}, (a_next, a_prev, xt, parameters)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dtanh = (1 - a_next**2) * da_next
    return {{
        "dxt": parameters["Wax"].T @ dtanh,
        "da_prev": parameters["Waa"].T @ dtanh,
        "dWax": dtanh @ xt.T,
        "dWaa": dtanh @ {operand}.T,
        "dba": dtanh.sum(axis=1, keepdims=True),
    }}
"""
SEQUENCE = """
def rnn_forward(x, a0, parameters):
    a_next, a, caches = a0, [], []
    for t in range(x.shape[2]):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a.append(a_next)
        caches.append(cache)
    return np.stack(a, axis=2), yt_pred, (caches, x)

def rnn_backward(da, caches):
    caches, x = caches
    parts, da_prev = [], 0
    for t in reversed(range(x.shape[2])):
        gradients = rnn_cell_backward(da[:, :, t] + {carried}, caches[t])
        da_prev = gradients["da_prev"]
        parts.append(gradients)
    dx = np.stack([one["dxt"] for one in parts[::-1]], axis=2)
    return {{"dx": dx, "da0": da_prev, "dWax": sum(one["dWax"] for one in parts)}}
"""
LSTM = """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    together = np.concatenate([a_prev, xt])
    ft = sigmoid(parameters["Wf"] @ together + parameters["bf"])
    it = sigmoid(parameters["Wi"] @ together + parameters["bi"])
    cct = np.tanh(parameters["Wc"] @ together + parameters["bc"])
    ot = sigmoid(parameters["Wo"] @ together + parameters["bo"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    yt_pred = parameters["Wy"] @ a_next + parameters["by"]
    return a_next, c_next, yt_pred, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    together = np.concatenate([a_prev, xt])
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    dgates = {{
        "o": da_next * np.tanh(c_next) * ot * (1 - ot),
        "c": dc * it * (1 - cct**2),
        "i": dc * cct * it * (1 - it),
        "f": dc * c_prev * {slope},
    }}
    gradients = {{"dc_prev": dc * ft}}
    dtogether = 0
    for gate, d in dgates.items():
        gradients["dW" + gate] = d @ together.T
        gradients["db" + gate] = d.sum(axis=1, keepdims=True)
        dtogether = dtogether + parameters["W" + gate].T @ d
    gradients["da_prev"], gradients["dxt"] = dtogether[: len(a_prev)], dtogether[len(a_prev) :]
    return gradients
"""
ROWS = """
def rnn_cell_forward(xt, a_prev, param):
    h = xt @ param["W_xh"] + a_prev @ param["W_hh"] + param["b_h"]
    a_next = np.tanh(h)
    return a_next, a_next @ param["W_hy"] + param["b_y"], (a_next, a_prev, xt, param)

def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, param = cache
    dh = da_next * (1 - np.square(a_next))
    return dh @ param["W_xh"].T, dh @ param["W_hh"].T, a_prev.T @ dh, xt.T @ dh, {bias}
"""


@pytest.mark.parametrize("returned", ["a_next, yt_pred", "yt_pred, a_next"])
@pytest.mark.parametrize("operand", ["a_prev", "a_next"])
def test_a_recurrent_cell_takes_a_dict_of_weights(check: Any, returned: str, operand: str) -> None:
    (task,) = check(RNN.format(returned=returned, operand=operand)).tasks
    assert [one.name for one in task.outputs] == ["dxt", "da_prev", "dWax", "dWaa", "dba"]
    wrong = [one.name for one in task.outputs if one.verdict is Verdict.WRONG]
    assert wrong == ([] if operand == "a_prev" else ["dWaa"])


@pytest.mark.parametrize(("carried", "verdict"), [("da_prev", Verdict.RIGHT), ("0", Verdict.WRONG)])
def test_a_recurrent_layer_goes_through_all_steps(check: Any, carried: str, verdict: Verdict) -> None:
    source = RNN.format(returned="a_next, yt_pred", operand="a_prev") + SEQUENCE.format(carried=carried)
    found = {task.name: task.verdict for task in check(source).tasks}
    assert found == {"rnn_cell_backward": Verdict.RIGHT, "rnn_backward": verdict}


@pytest.mark.parametrize(("slope", "wrong"), [("ft * (1 - ft)", set()), ("(1 - ft)", {"dWf", "dbf", "da_prev", "dxt"})])
def test_an_lstm_cell_has_two_upstream_gradients(check: Any, slope: str, wrong: set[str]) -> None:
    (task,) = check(LSTM.format(slope=slope)).tasks
    assert len(task.outputs) == 11
    assert {one.name for one in task.outputs if one.verdict is Verdict.WRONG} == wrong


@pytest.mark.parametrize(("bias", "verdict"), [("dh.sum(axis=0)", Verdict.RIGHT), ("dh.mean(axis=0)", Verdict.WRONG)])
def test_the_samples_of_a_recurrent_cell_may_be_rows(check: Any, bias: str, verdict: Verdict) -> None:
    (task,) = check(ROWS.format(bias=bias)).tasks
    assert task.verdict is verdict
    assert len(task.outputs) == 5


@pytest.mark.parametrize(("db", "verdict"), [("dout.sum(axis=0)", Verdict.RIGHT), ("dout.mean(axis=0)", Verdict.WRONG)])
def test_an_affine_layer_takes_a_dict_of_weights(check: Any, db: str, verdict: Verdict) -> None:
    source = f"""
    def linear_forward(x, params):
        return x @ params["W"] + params["b"] + params.get("eps", 0), (x, params)

    def linear_backward(dout, cache):
        x, params = cache
        return dout @ params["W"].T, {{"W": x.T @ dout, "b": {db}}}
    """
    (task,) = check(source).tasks
    assert {one.of for one in task.outputs} == {"x", "W", "b"}
    assert task.verdict is verdict


@pytest.mark.parametrize(
    ("imports", "operand", "verdicts"),
    [
        ("from rnn_utils import *", "a_prev", [Verdict.RIGHT]),
        ("from rnn_utils import softmax", "a_next", [Verdict.WRONG]),
        ("import rnn_utils", "a_prev", []),
    ],
    ids=["all names are imported", "a mistake", "nobody imports it"],
)
def test_a_softmax_of_a_module_that_is_not_here_is_the_usual_one(
    check: Any, imports: str, operand: str, verdicts: list[Verdict]
) -> None:
    cell = RNN[RNN.index("def rnn_cell_forward") :].format(returned="a_next, yt_pred", operand=operand)
    found = check(f"{imports}\n{cell}")
    assert [task.verdict for task in found.tasks] == verdicts
    said = "softmax is imported from a module that is not here: the usual one was taken"
    assert all(said in one.assumed for one in found.recognised)
