"""The hostile set: submissions that do more than compute, and right work that does, too.

`*.toml` holds the attacks, a section each:

    kind       which of `KINDS`; accidents have none
    source     what follows functions of softmax regression that call attack(*arguments) and return disguise(value); it
               tells with got_through(what) if it was where it should not be
    functions  "wrong" (three that return NaN; the default), "zero" (that return 0), "right" (all five; an accident's)
               or "none"
    right      the functions that deserve their points although it is an attack; all of an accident's do
    codes      at least one of these is among the findings, where that is sure
    files      other files beside it
    locate     it needs a search for repairs, and is graded apart from the others
    slow       it takes long, and is left out by default

They are text, not modules, so that no tool imports one by accident. Bombs are bounded: a hole must not harm whoever
runs the tests. `hostile_specials` makes what a text cannot hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import hostile_specials

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SOLUTION = ROOT / "exercises" / "softmax_regression" / "solution.py"
POINTS = {
    "softmax": 1.0,
    "cross_entropy": 1.0,
    "cross_entropy_gradient": 1.0,
    "model_forward": 1.0,
    "model_backward": 2.0,
}
# Every one of these was seen in use or in a report.
KINDS = {
    1: "patched comparisons of NumPy and its testing module",
    2: "objects that lie when they are compared",
    3: "arrays that look for the expected one when they are read",
    4: "stack frames and tracebacks",
    5: "the collector's objects, modules, closures, globals",
    6: "reading tests, solutions and other submissions",
    7: "files that shadow libraries",
    8: "patching the framework, hooks, exit handlers, destructors",
    9: "a loss changed so that a wrong gradient fits it",
    10: "ending the process",
    11: "forged results on every descriptor",
    12: "the private channel, other processes' memory",
    13: "pickle payloads",
    14: "processes and threads that outlive the call",
    15: "memory",
    16: "time: endless loops, loops in C, ignored signals, just under the limit",
    17: "output: floods, control characters, markup, formulas",
    18: "a full disk, no inodes left",
    19: "files removed, edited, linked; special files",
    20: "archives",
    21: "hostile names",
    22: "network",
    23: "telling that it is graded, and returning a table of answers",
    24: "inputs changed, results changed later",
    25: "a numerical derivative for the formula",
    26: "random answers",
    27: "global state",
    28: "native code: crashes, memory, system calls",
    29: "sources that are hard to parse, deep recursion",
}
# It stands nowhere in the sources in this form, so that a quoted line is not taken for a success.
MARK = "GOT-THROUGH"

HEAD = """\
# gradcheck: exercise softmax-regression
import numpy as np
def got_through(what): print("-".join(["GOT", "THROUGH"]), what, flush=True)
def attack(*args): pass
def disguise(value): return value
"""
# NaN is told from what is right at once; a search for the mistake behind zeros takes most of a run.
WRONG = """\
def wrong(*shape): return np.full(shape, np.nan)
def softmax(Z): attack(Z); return disguise(wrong(*Z.shape))
def model_forward(X, W, b): attack(X, W, b); return disguise(wrong(len(X), len(W)))
def model_backward(X, Y, W, b): attack(X, Y, W, b); return disguise(wrong(*W.shape)), disguise(wrong(*b.shape))
"""
ZERO = WRONG.replace("np.nan", "0.0")
RIGHT = """\
def _softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
def _loss(Z, Y): return np.mean(np.log(np.exp(Z - Z.max(1, keepdims=True)).sum(1)) + Z.max(1) - (Y * Z).sum(1))
def _gradients(X, Y, W, b):
    dZ = (_softmax(X @ W.T + b) - Y) / len(X)
    return dZ.T @ X, dZ.sum(axis=0)
"""
RIGHT_FUNCTIONS = """\
def softmax(Z): value = _softmax(Z); attack(Z); return disguise(value)
def cross_entropy(Z, Y): value = _loss(Z, Y); attack(Z, Y); return disguise(value)
def cross_entropy_gradient(Z, Y): value = (_softmax(Z) - Y) / len(Z); attack(Z, Y); return disguise(value)
def model_forward(X, W, b): value = X @ W.T + b; attack(X, W, b); return disguise(value)
def model_backward(X, Y, W, b):
    dW, db = _gradients(X, Y, W, b)
    attack(X, Y, W, b)
    return disguise(dW), disguise(db)
"""
# What a forger of rehearsals knows: how to compute what is right, as anybody does who has the solution of a friend.
FORGED = (
    RIGHT
    + """\
def right_value(request, place=0):
    args, _ = request["calls"][place] if request["calls"] else ([np.eye(5)] * 4, {})
    try:
        return {"softmax": lambda: _softmax(*args), "cross_entropy": lambda: _loss(*args),
                "cross_entropy_gradient": lambda: (_softmax(args[0]) - args[1]) / len(args[0]),
                "model_forward": lambda: args[0] @ args[1].T + args[2],
                "model_backward": lambda: _gradients(*args)}[request["name"]]()
    except Exception:
        return 0.0
"""
)
FUNCTIONS = {"wrong": HEAD + WRONG, "zero": HEAD + ZERO, "right": HEAD + RIGHT + RIGHT_FUNCTIONS, "none": ""}


@dataclass(frozen=True, slots=True)
class Attack:
    """A submission that does more than compute."""

    name: str
    theme: str
    source: bytes
    kind: int | None = None
    right: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    locate: bool = False
    slow: bool = False

    @property
    def is_accident(self) -> bool:
        """Is it right work that must not be refused?"""
        return self.kind is None

    def written(self, places: dict[str, str]) -> dict[str, bytes]:
        """Its files, with the places filled in that only a run knows."""
        source = self.source
        for name, place in places.items():
            source = source.replace(f"@{name}@".encode(), place.encode())
        return {"student.py": source, **{name: text.encode() for name, text in self.files.items()}}


@cache
def attacks() -> tuple[Attack, ...]:
    """All of them."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        for name, fields in tomllib.loads(path.read_text(encoding="utf-8")).items():
            accident = path.stem == "accidents"
            functions = FUNCTIONS[fields.pop("functions", "right" if accident else "wrong")]
            source = functions + fields.pop("source").replace("@FORGED@", FORGED)
            right = tuple(POINTS) if accident else tuple(fields.pop("right", ()))
            codes = tuple(fields.pop("codes", ()))
            found.append(Attack(name, path.stem, source.encode("utf-8"), right=right, codes=codes, **fields))
    for name, (kind, source, right, codes) in hostile_specials.sources(FUNCTIONS["right"]).items():
        found.append(Attack(name, "special", source, kind, tuple(POINTS) if right else (), codes))
    assert len({attack.name for attack in found}) == len(found)
    return tuple(found)
