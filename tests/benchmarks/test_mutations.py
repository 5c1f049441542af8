"""Each mutation changes a source as it says, is expected to be named as it should, and is right to point at."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _loaded() -> ModuleType:
    """The benchmarks are no package that is installed."""
    folder = ROOT / "benchmarks" / "mutations"
    spec = importlib.util.spec_from_file_location("mutations", folder / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutations"] = module
    spec.loader.exec_module(module)
    return module


mutations = _loaded()

NETWORK = dedent(
    """\
    import numpy as np

    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(X, y, W1, b1, W2, b2, reg):
        n = X.shape[0]
        hidden = np.maximum(X @ W1 + b1, 0)
        p = softmax(hidden @ W2 + b2)
        data_loss = -np.log(p[np.arange(n), y]).mean()
        J = data_loss + reg * np.sum(W2**2)
        dz = p.copy()
        dz[np.arange(n), y] -= 1
        dz /= n
        dh = dz @ W2.T
        dh[hidden <= 0] = 0
        dW1 = X.T @ dh + 2 * reg * W1
        db1 = dh.sum(axis=0)
        dW2 = hidden.T @ dz + 2 * reg * W2
        return J, (dW1, db1, dW2, dz.sum(axis=0))

    def sigmoid_backward(dA, a):
        return dA * a * (1 - a)

    def residual(z, y):
        return 2 * (z - y) / len(y)

    def weights_gradient(X, dz):
        dw = np.zeros(X.shape[1])
        for x, d in zip(X, dz):
            dw += d * x
        return dw

    def layer(layers, caches):
        if len(layers) > 1:
            a, z = caches[0]
        return z, a
    """
)

# Kind of mutation; the line it takes away and the line it puts there; families that name it; lines to point at.
CASES = [
    ("minus swapped", "return 2 * (z - y) / len(y)", "return 2 * (y - z) / len(y)", "sign", [27]),
    ("sign flipped", "return 2 * (z - y) / len(y)", "return 2 * (z + y) / len(y)", "sign", [27]),
    ("axis changed", "db1 = dh.sum(axis=0)", "db1 = dh.sum(axis=1)", "sum", [19]),
    (
        "axis changed",
        "return e / e.sum(axis=1, keepdims=True)",
        "return e / e.sum(axis=0, keepdims=True)",
        "softmax sum",
        [5],
    ),
    ("axis dropped", "db1 = dh.sum(axis=0)", "db1 = dh.sum()", "sum", [19]),
    ("sum dropped", "db1 = dh.sum(axis=0)", "db1 = dh", "sum", [19]),
    ("sum for mean", "db1 = dh.sum(axis=0)", "db1 = dh.mean(axis=0)", "scale", [19]),
    ("1/n dropped", "return 2 * (z - y) / len(y)", "return 2 * (z - y)", "scale", [27]),
    ("1/n twice", "return 2 * (z - y) / len(y)", "return 2 * (z - y) / len(y) / len(y)", "scale", [27]),
    ("another size", "n = X.shape[0]", "n = X.shape[1]", "loss scale", [8]),
    ("* for @", "dh = dz @ W2.T", "dh = dz * W2.T", "product", [16]),
    ("transpose dropped", "dh = dz @ W2.T", "dh = dz @ W2", "product", [16]),
    ("transpose added", "dh = dz @ W2.T", "dh = dz.T @ W2.T", "product", [16]),
    ("constant changed", "return 2 * (z - y) / len(y)", "return 4 * (z - y) / len(y)", "scale", [27]),
    ("constant changed", "dW1 = X.T @ dh + 2 * reg * W1", "dW1 = X.T @ dh + 1 * reg * W1", "regulariser", [18]),
    (
        "square dropped",
        "J = data_loss + reg * np.sum(W2**2)",
        "J = data_loss + reg * np.sum(W2)",
        "loss regulariser",
        [12],
    ),
    ("another name", "return dA * a * (1 - a)", "return dA * dA * (1 - a)", "activation index", [24]),
    ("factor dropped", "return dA * a * (1 - a)", "return dA * a", "activation", [24]),
    ("factor dropped", "dW1 = X.T @ dh + 2 * reg * W1", "dW1 = X.T @ dh + reg * W1", "regulariser", [18]),
    ("= for +=", "dw += d * x", "dw = d * x", "sum", [32]),
    ("comparison turned", "dh[hidden <= 0] = 0", "dh[hidden > 0] = 0", "activation", [17]),
    ("term dropped", "dW2 = hidden.T @ dz + 2 * reg * W2", "dW2 = hidden.T @ dz", "regulariser", [20]),
    (
        "regulariser's form",
        "dW1 = X.T @ dh + 2 * reg * W1",
        "dW1 = X.T @ dh + 2 * reg * np.sum(W1)",
        "regulariser",
        [18],
    ),
    ("biases regularised", "db1 = dh.sum(axis=0)", "db1 = dh.sum(axis=0) + 2 * reg * b1", "regulariser", [19]),
    ("brackets regrouped", "return dA * a * (1 - a)", "return dA * a * 1 - a", "activation code", [24]),
    (
        "epsilon in the log",
        "data_loss = -np.log(p[np.arange(n), y]).mean()",
        "data_loss = -np.log(p[np.arange(n), y] + 0.01).mean()",
        "loss",
        [11],
    ),
    ("softmax twice", "p = softmax(hidden @ W2 + b2)", "p = softmax(softmax(hidden @ W2 + b2))", "loss softmax", [10]),
    ("statement dropped", "dz = p.copy()", "", "code", [12, 13]),
    ("statement dropped", "dz /= n", "", "scale", [14, 15]),
    ("statement dropped", "dh[hidden <= 0] = 0", "", "activation", [16, 17]),
    ("statements swapped", "dz /= n", "dz /= n", "chain scale softmax", [14, 15]),
    ("statement moved last", "dh[hidden <= 0] = 0", "dh[hidden <= 0] = 0", "activation", [16, 17, 20]),
    ("into the loop", "return dw", "return dw", "data sum", [33]),
    ("branch wrong", "if len(layers) > 1:", "if not len(layers) > 1:", "chain index", [36]),
    ("another variable returned", "return dw", "return x", "index shape", [33]),
    ("results exchanged", "return z, a", "return (a, z)", "index shape", [38]),
    ("unpacked in another order", "a, z = caches[0]", "z, a = caches[0]", "index", [37]),
]
SHAPES = {
    "sigmoid_backward": {"dA": (5, 7), "a": (5, 7)},
    "weights_gradient": {"X": (5, 7), "dz": (5,), "dw": (7,), "x": (7,)},
}


@pytest.fixture(scope="module")
def mutants():
    return mutations.mutants_of(NETWORK, SHAPES)


def differences(source):
    """The lines that a mutant takes away and puts there, without indentation."""
    lines = [(line[:2], line[2:].strip()) for line in difflib.ndiff(NETWORK.splitlines(), source.splitlines())]
    return [text for mark, text in lines if mark == "- "], [text for mark, text in lines if mark == "+ "]


@pytest.mark.parametrize(("kind", "gone", "new", "families", "lines"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_mutation_does_what_it_says(mutants, kind, gone, new, families, lines):
    wanted = ([gone], [new] if new else [])
    found = [mutant for mutant in mutants if mutant.kind == kind and differences(mutant.source) == wanted]
    assert [set(mutant.families) for mutant in found] == [set(families.split())]
    assert found[0].lines == tuple(lines)


def test_every_mutant_parses_and_none_is_the_same_program(mutants):
    right = ast.dump(ast.parse(NETWORK))
    assert all(ast.dump(ast.parse(mutant.source)) != right for mutant in mutants)
    assert len({mutant.source for mutant in mutants}) == len(mutants)


def test_every_mutant_has_families_and_lines_of_its_source(mutants):
    for mutant in mutants:
        assert mutant.families, mutant.kind
        assert mutant.lines, mutant.kind
        assert 1 <= min(mutant.lines) <= max(mutant.lines) <= len(mutant.source.splitlines()), mutant.kind


def test_same_slip_at_several_places_is_of_group_b(mutants):
    assert {m.group for m in mutants if m.kind.endswith("everywhere")} == {mutations.Group.B}


def test_same_slip_everywhere_changes_more_than_one_line(mutants):
    right = NETWORK.splitlines()
    for mutant in mutants:
        if mutant.kind == "1/n dropped, everywhere":
            assert sum(a != b for a, b in zip(right, mutant.source.splitlines(), strict=True)) > 1


def test_name_takes_the_place_of_another_only_with_the_same_shape(mutants):
    put = {tuple(differences(m.source)[1]) for m in mutants if m.kind == "another name"}
    assert {("dw += d * dw",), ("dw += d * x",)} & put == {("dw += d * dw",)}
    assert ("dw += x * x",) not in put


def test_text_inside_an_f_string_is_left_alone():
    found = mutations.mutants_of('def f(a, k):\n    return a[f"W{k - 1}"] - 2\n')
    assert found
    assert all('f"W{k - 1}"' in m.source or "f'W{k - 1}'" in m.source for m in found if m.kind != "sign flipped")


def test_what_lambda_multiplies_is_the_regulariser_and_its_neighbour_is_not():
    source = (
        "def loss(y, W, V, reg):\n    J = y.sum() / len(y) + reg * (W.sum() + V.sum())\n    return J, 2 * reg * W\n"
    )
    found = [m for m in mutations.mutants_of(source) if m.kind == "sum for mean"]
    named = {differences_of(m.source, source): set(m.families) for m in found}
    assert named == {"y.mean": {"scale", "loss"}, "W.mean": {"regulariser", "loss"}, "V.mean": {"regulariser", "loss"}}


def differences_of(changed, source):
    """The one call of `mean` that is not in the source."""
    return next(call for call in ("y.mean", "W.mean", "V.mean") if call in changed and call not in source)
