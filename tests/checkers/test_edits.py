"""The edits of a student's source: what is among them, that they run as they read, and that nothing is left of them."""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from checkers.findings import FAMILY_OF
from checkers.located_findings import SENTENCES
from checkers.student.edits import Edit, Scope, Source, edits
from checkers.student.edits.combined import combined, expression_spans
from checkers.student.rehearsal import Rehearsal

EXERCISES = Path(__file__).parents[2] / "exercises"
SCOPE = Scope(
    arrays={"X": (5, 7), "Y": (5, 3), "P": (5, 3), "Z": (5, 3), "W": (3, 7), "d": (5, 3), "reg": ()},
    counts=("n", "X.shape[0]", "X.shape[1]"),
    functions=("relu", "relu_prime"),
    results={"d": (5, 3), "dW": (3, 7), "db": (3,)},
)


def all_edits(text: str, scope: Scope = SCOPE) -> tuple[Source, list[Edit]]:
    source = Source(text)
    return source, list(edits(source, lambda first, last: scope))


def edited(source: Source, edit: Edit) -> str:
    return source.with_edits([edit], 0, len(source.data)).decode()


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("d = Y - P", "d = P - Y", "residual-reversed"),
        ("d = -(P - Y)", "d = P - Y", "sign-flipped"),
        ("d = P + Y", "d = P - Y", "term-sign"),
        ("dW -= X", "dW += X", "term-sign"),
        ("m = Z < 0", "m = Z > 0", "activation-derivative"),
        ("db = np.sum(d, axis=1)", "db = np.sum(d, axis=0)", "sum-wrong-axis"),
        ("db = d.sum()", "db = d.sum(axis=0)", "sum-extra"),
        ("db = d", "db = np.sum(d, axis=0)", "sum-missing"),
        ("s = e / e.sum(axis=0)", "s = e / e.sum(axis=1, keepdims=True)", "softmax-axis"),
        ("for i in range(n - 1):\n    pass", "for i in range(n):\n    pass", "sum-range"),
        ("dW[j] = d", "dW[j] += d", "overwritten-not-accumulated"),
        ("dW[y] -= X", "np.subtract.at(dW, y, X)", "overwritten-not-accumulated"),
        ("J = np.sum(d)", "J = np.mean(d)", "mean-missing"),
        ("d = d / n / n", "d = d / n", "mean-twice"),
        ("d = P - Y", "d = (P - Y) / n", "mean-missing"),
        ("n = X.shape[1]", "n = X.shape[0]", "wrong-count"),
        ("d = 4 * P", "d = 2 * P", "factor"),
        ("d = 1 - P", "d = 1 - P ** 2", "wrong-power"),
        ("dW = d @ X", "dW = d.T @ X", "transposed"),
        ("dW = np.dot(X, d)", "dW = d.T @ X", "transposed"),
        ("dW = d * X", "dW = d.T @ X", "hadamard"),
        ("d = Z - Y", "d = P - Y", "wrong-operand"),
        ("d = relu(Z)", "d = relu_prime(Z)", "wrong-operand"),
        ("p = P[i, j - 1]", "p = P[i, j]", "wrong-index"),
        ("P[:, y] -= 1", "P[np.arange(len(y)), y] -= 1", "wrong-index"),
        ("d = P - Y / n", "d = (P - Y) / n", "precedence"),
        ("dW /= n + reg * W", "dW = dW / n + reg * W", "precedence"),
        ("a = b - c / e + f", "a = (b - c) / (e + f)", "precedence"),
        ("d = P", "d = P * (Z > 0)", "activation-missing"),
        ("d = P", "d = P * Z * (1 - Z)", "activation-missing"),
        ("dW = W", "dW = W + 2 * reg * W", "regulariser-missing"),
        ("J = -np.log(P + 1e-3)", "J = -np.log(P + 1e-12)", "wrong-loss"),
        ("k = np.argmax(P)", "k = P", "hard-argmax"),
        ("w = w - dW\nd = w * P", "d = w * P\nw = w - dW", "updated-too-early"),
        ("if self.is_relu:\n    pass", "if self.is_relu():\n    pass", "activation-derivative"),
        ("return Y, P", "return P, Y", "wrong-operand"),
    ],
)
def test_the_edit_that_undoes_a_mistake_is_among_them(wrong: str, right: str, code: str) -> None:
    body = "\n".join(f"    {line}" for line in wrong.split("\n"))
    source, found = all_edits(f"def f():\n{body}\n")
    wanted = "\n".join(f"    {line}" for line in right.split("\n"))
    same = [edit for edit in found if _same(edited(source, edit), f"def f():\n{wanted}\n")]
    assert code in {edit.code for edit in same}


def _same(one: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(one)) == ast.dump(ast.parse(other))
    except SyntaxError:
        return False


def test_a_text_that_is_not_ascii_is_edited_at_the_right_place() -> None:
    source, found = all_edits("def f():\n    dé = 'é', ŷ - Y  # ŷ\n")
    assert any(edited(source, edit) == "def f():\n    dé = 'é', Y - ŷ  # ŷ\n" for edit in found)


def test_statements_that_touch_files_are_left_alone() -> None:
    assert all_edits("def f():\n    np.save(open('a' + 'b'), P - Y)\n")[1] == []


def test_every_edit_has_a_known_code_and_a_sentence_for_it() -> None:
    codes = set()
    for path in sorted(EXERCISES.glob("*/wrong/*.py"))[::8]:
        try:
            codes |= {edit.code for edit in all_edits(path.read_text())[1]}
        except SyntaxError:
            continue
    assert codes <= set(FAMILY_OF)
    assert codes <= set(SENTENCES)


# Running them ---------------------------------------------------------------------------------------------------------


def rehearsal(text: str, path: str = "/nowhere/student.py") -> tuple[Rehearsal, ModuleType]:
    module = ModuleType("student")
    exec(compile(text, path, "exec"), vars(module))
    return Rehearsal(text, path, module), module


def outcomes(text: str, call: Callable[[ModuleType], Any]) -> tuple[Rehearsal, dict[int, Any]]:
    tried, module = rehearsal(text)
    tried.watch(lambda: call(module))
    first, last = tried.prepare({}, [])
    results: dict[int, Any] = {}
    known: dict[int, Any] = {}
    while first < last:
        first, some = tried.try_from(first, lambda: call(module), 10.0)
        for place, _, number, value in some:
            known.setdefault(number, value)
            results[place] = known[number]
    return tried, results


def fixed(text: str, call: Callable[[ModuleType], Any], right: Any) -> set[str]:
    """The lines of the fixes with which a call gives the right value."""
    tried, results = outcomes(text, call)
    places = [place for place, value in results.items() if type(value) is type(right) and np.allclose(value, right)]
    return {described["fix"] for described in tried.described(places)}


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("def g(x):\n    return x + 2\n\ndef f(x):\n    return g(x) * 3\n", "return x - 2"),
        ("class A:\n    def g(self, x):\n        return x + 2\n\ndef f(x):\n    return A().g(x) * 3\n", "return x - 2"),
        (
            "class A:\n    def g(self, x):\n        return x + 2\n\na = A()\n\ndef f(x):\n    return a.g(x) * 3\n",
            "return x - 2",
        ),
        ("g = lambda x: x + 2\n\ndef f(x):\n    return g(x) * 3\n", "g = lambda x: x - 2"),
        ("B = 2\n\ndef f(x):\n    return (x + B) * 3\n", "B = -2"),
        ("def f(x):\n    return sum([y + 2 for y in [x]]) * 3\n", "return sum([y - 2 for y in [x]]) * 3"),
        (
            "def make():\n    def g(x):\n        return x + 2\n    return g\n\n"
            "f0 = make()\n\ndef f(x):\n    return f0(x) * 3\n",
            "return x - 2",
        ),
        ("def f(x):\n    x += 2\n    return x * 3\n", "x -= 2"),
        ("def f(x):\n    print('loud')\n    return (x + 2) * 3\n", "return (x - 2) * 3"),
    ],
    ids=["helper", "method", "instance", "lambda", "constant", "comprehension", "closure", "augmented", "printing"],
)
def test_the_fix_is_found_through(text: str, fix: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix in fixed(text, lambda module: module.f(5.0), 9.0)
    assert "loud" not in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore")  # most edits make no sense
def test_edits_together_give_what_each_gives_alone() -> None:
    path = EXERCISES / "two_layer_net" / "solution.py"
    random = np.random.default_rng(0)
    shapes = ((7, 11), (11,), (11, 13), (13,))
    arguments = [random.normal(size=(5, 7)), random.integers(0, 13, 5), *(random.normal(size=s) for s in shapes), 0.3]

    def call(module: ModuleType) -> Any:
        return module.loss(*[np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments])

    tried, module = rehearsal(path.read_text())
    tried.watch(lambda: call(module))
    first, last = tried.prepare({}, [])
    places = range(first, last, 7)
    together = tried._outcomes(places, lambda: call(module))
    for place in places:
        alone = tried.results([place], [lambda: call(module)])[0]
        np.testing.assert_equal(together[place], alone)


def test_nothing_is_left_of_the_edits() -> None:
    text = "B = 2.0\nseen = []\n\ndef f(x):\n    return (x + B) * 3\n"
    tried, module = rehearsal(text)
    before = module.f.__code__, dict(vars(module)), sys.stdout, sys.getrecursionlimit()
    tried.watch(lambda: module.f(5.0))
    first, last = tried.prepare({}, [])
    tried.try_from(first, lambda: module.f(5.0), 5.0)
    assert (module.f.__code__, dict(vars(module)), sys.stdout, sys.getrecursionlimit()) == before
    assert sys.gettrace() is None or "coverage" in repr(sys.gettrace())
    assert last > first


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer for it")
def test_an_edit_that_hangs_is_ended_and_the_others_go_on() -> None:
    text = "def f(x):\n    left = [1, 2]\n    while left:\n        left.pop()\n    return x + 2\n"
    start = time.perf_counter()
    assert "return x - 2" in fixed(text, lambda module: module.f(5.0), 3.0)
    assert time.perf_counter() - start < 5


def test_the_trace_tells_which_line_set_what() -> None:
    tried, module = rehearsal("def f(x):\n    y = 2 * x\n    y[0] = 7\n    return y + 1\n")
    told = tried.watch(lambda: module.f(np.array([1.0, 2.0])))
    assert [(line, name, list(value)) for line, name, value in told[:-1]] == [
        (2, "y", [2.0, 4.0]),
        (3, "y", [7.0, 4.0]),
        (4, "return", [8.0, 5.0]),
    ]
    assert told[-1][0] == 4


def test_only_whole_expressions_are_put_in_brackets() -> None:
    source = Source("def f(x):\n    x[1:, 0] = g(*x, k=x[0])\n    return f'{x}'\n")
    texts = {source.data[start:end].decode() for start, end in expression_spans(source)}
    assert {"x", "1", "0", "g(*x, k=x[0])", "x[0]"} <= texts
    assert not texts & {"1:", "1:, 0", "x[1:, 0]", "*x", "f'{x}'"}
    inner = next(place for place in expression_spans(source) if source.data[slice(*place)] == b"x[0]")
    text = combined(source, [(3, Edit("factor", 1, *inner, "x[1]"))], 0, len(source.data)).decode()
    assert "k=((x[1]) if _gradcheck_choice == 3 else (x[0])))" in text


def test_two_functions_of_one_line_are_told_apart() -> None:
    text = "F = {'f': (lambda x: x + 2, lambda x: x + 3)}\n\ndef f(x):\n    return F['f'][0](x) * 3\n"
    fixes = fixed(text, lambda module: module.f(5.0), 9.0)
    assert "F = {'f': (lambda x: x - 2, lambda x: x + 3)}" in fixes
    assert all(fix.endswith("lambda x: x + 3)}") for fix in fixes if fix.startswith("F"))


def test_a_coding_line_moves_nothing() -> None:
    text = "# -*- coding: latin-1 -*-\ndef f(x):\n    'größe'; y = x + 2; return y * 3  # é\n"
    tried, results = outcomes(text, lambda module: module.f(5.0))
    fixes = {tried.described([place])[0]["fix"] for place, value in results.items() if value == 9.0}
    assert "y = x - 2" in fixes


def test_no_file_is_written_or_removed_while_edits_are_tried(tmp_path: Path) -> None:
    kept = [tmp_path / f"part{number}.txt" for number in range(4)]
    for file in kept:
        file.write_text("kept")
    text = (
        f"import os\nFOLDER = {str(tmp_path)!r}\n\ndef clean(i):\n    name = FOLDER + '/part%d.txt' % i\n"
        "    if os.path.exists(name):\n        os.remove(name)\n    with open(FOLDER + '/new%d' % i, 'w') as file:\n"
        "        file.write('x')\n\ndef f(x):\n    i = 7\n    clean(i)\n    return x + 2\n"
    )
    tried, module = rehearsal(text)
    tried.watch(lambda: module.f(5.0))
    before = {file.name for file in tmp_path.iterdir()}
    first, last = tried.prepare({}, [])
    while first < last:
        first, _ = tried.try_from(first, lambda: module.f(5.0), 10.0)
    assert {file.name for file in tmp_path.iterdir()} == before
    assert all(file.read_text() == "kept" for file in kept)
