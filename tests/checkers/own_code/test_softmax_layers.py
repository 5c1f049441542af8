"""A softmax that hands gradients back as they are, and the loss whose gradient is by the softmax's input."""

from collections.abc import Callable
from typing import Any

import pytest

Check = Callable[..., Any]

LAYER = """
class SoftMax:
    def forward(self, Z):
        return np.exp(Z) / np.sum(np.exp(Z), axis=0, keepdims=True)

    def backward(self, dLdZ):
        return {back}
"""
NLL = """
class NLL:
    def forward(self, Ypred, Y):
        self.Ypred, self.Y = Ypred, Y
        return -np.sum(Y * np.log(Ypred))

    def backward(self):
        return {gradient}
"""
FUNCTION = """
def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""
BY_SCORES, BY_CHANCES = "self.Ypred - self.Y", "-self.Y / self.Ypred"


def verdicts(check: Check, source: str) -> dict[str, str]:
    return {task.name: str(task.verdict) for task in check(source).tasks}


def test_a_softmax_that_hands_gradients_back_is_right_with_a_loss_that_takes_it_in(check: Check) -> None:
    source = LAYER.format(back="dLdZ") + NLL.format(gradient=BY_SCORES)
    assert verdicts(check, source) == {"SoftMax.backward": "right", "NLL.backward": "right"}
    assert all("as a pair" in one.assumed[0] for one in check(source).recognised)


def test_a_mistake_in_the_pair_is_the_losses(check: Check) -> None:
    found = check(LAYER.format(back="dLdZ") + NLL.format(gradient="self.Y - self.Ypred"))
    assert {task.name: str(task.verdict) for task in found.tasks} == {"NLL.backward": "wrong"}
    assert [(one.name, "no pair with a loss" in one.reason) for one in found.left_alone] == [("SoftMax.backward", True)]


def test_behind_a_loss_that_is_right_by_itself_a_softmax_that_hands_back_is_wrong(check: Check) -> None:
    source = LAYER.format(back="dLdZ") + NLL.format(gradient=BY_CHANCES)
    assert verdicts(check, source) == {"SoftMax.backward": "wrong", "NLL.backward": "right"}


def test_where_the_softmax_has_a_derivative_the_loss_must_be_right_by_itself(check: Check) -> None:
    back = "(p := self.forward(self.Z)) * (dLdZ - np.sum(dLdZ * p, axis=0))"
    layer = LAYER.format(back=back).replace("        return np.exp", "        self.Z = Z\n        return np.exp", 1)
    source = layer + NLL.format(gradient=BY_SCORES)
    assert verdicts(check, source) == {"SoftMax.backward": "right", "NLL.backward": "wrong"}


def test_a_pair_that_cannot_be_built_is_left_alone(check: Check) -> None:
    layer = LAYER.format(back="dLdZ").replace(
        "class SoftMax:", "class SoftMax:\n    def __init__(self, what):\n        what()\n"
    )
    found = check(layer + NLL.format(gradient=BY_SCORES))
    assert not found.tasks
    assert {one.name for one in found.left_alone} == {"SoftMax.backward", "NLL.backward"}
    assert all("hand" in one.reason or "as it is" in one.reason for one in found.left_alone)


def test_a_softmax_alone_in_its_file_is_left_alone(check: Check) -> None:
    found = check(LAYER.format(back="dLdZ"))
    assert not found.tasks
    assert [one.name for one in found.left_alone] == ["SoftMax.backward"]


@pytest.mark.parametrize(
    ("before", "gradient", "verdict"),
    [
        (FUNCTION, BY_SCORES, "right"),
        (LAYER.partition("    def backward")[0], BY_SCORES, "right"),
        (FUNCTION, "self.Y - self.Ypred", "wrong"),
        ("", BY_SCORES, "wrong"),
        (FUNCTION + "\ndef softmax_prime(x):\n    return softmax(x) * (1 - softmax(x))\n", BY_SCORES, "wrong"),
    ],
    ids=["pair", "layer", "wrong pair", "no softmax", "softmax has a derivative"],
)
def test_a_softmax_that_nothing_differentiates_belongs_to_the_loss(
    check: Check, before: str, gradient: str, verdict: str
) -> None:
    assert verdicts(check, before + NLL.format(gradient=gradient))["NLL.backward"] == verdict
