"""A notebook's cells as one source, whose lines lead back to them."""

import ast
import json

import pytest

from checkers.errors import UsageError
from checkers.student_answers import Outcome
from checkers.student_process import StudentProcess
from gradcheck.notebook_source import SkippedCell, source_of


def content(*sources):
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode()


def line_of(source, text):
    return next(number for number, line in enumerate(source.text.decode().split("\n"), 1) if text in line)


def test_magics_move_no_line():
    source = source_of("hw.ipynb", content("%matplotlib inline\n!ls\nx = 1", "?help\n%%time\ny = 2\nz = 3"))
    ast.parse(source.text)
    assert source.place_of(line_of(source, "x = 1")) == (1, 3)
    assert source.place_of(line_of(source, "z = 3")) == (2, 4)
    assert source.skipped == ()


@pytest.mark.parametrize("line", [0, -1, 5])
def test_a_line_that_is_not_there_has_no_place(line):
    with pytest.raises(UsageError, match="no line"):
        source_of("hw.ipynb", content("x = 1\n")).place_of(line)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("x = 1\n\ny = ?what", 3, "invalid syntax"),
        ("x = 1\nreturn x", 2, "'return' outside function"),
        ("print 'a'", 1, "Python 2 (print without brackets)"),
    ],
)
def test_a_cell_that_is_no_python_is_left_out_with_its_place(text, line, reason):
    source = source_of("hw.ipynb", content("a = 1", text, "b = 2"))
    assert source.skipped == (SkippedCell(2, line, reason),)
    names = {node.targets[0].id for node in ast.parse(source.text).body}
    assert names == {"a", "b"}
    assert source.place_of(line_of(source, "b = 2")) == (3, 1)


def test_imports_from_the_future_may_stand_in_any_cell():
    future = "from __future__ import (print_function,\n    division)\nx = 1"
    source = source_of("hw.ipynb", content("a = 1", future))
    compile(source.text, "hw", "exec", dont_inherit=True)
    assert source.place_of(line_of(source, "x = 1")) == (2, 3)


def test_python_2_is_converted_cell_by_cell():
    pytest.importorskip("fissix")
    cells = ("print 1 / 2", "def f(:", "from __future__ import division\nx = 1", "print 3 / 4")
    source = source_of("hw.ipynb", content(*cells), from_python2=True)
    text = source.text.decode()
    assert "print(1 // 2)" in text
    assert "print(3 / 4)" in text
    assert [(skipped.cell, skipped.line) for skipped in source.skipped] == [(2, 1)]


@pytest.mark.parametrize("text", [b"x = 1", b"{}", b'{"nbformat": 4}'])
def test_what_is_no_notebook_is_refused(text):
    with pytest.raises(UsageError, match="notebook"):
        source_of("hw.ipynb", text)


def test_a_notebook_is_loaded_and_what_fails_has_its_cell(tmp_path):
    source = source_of(
        "hw.ipynb", content("%pylab\nimport numpy as np", "data = np.load('x.npy')", "def f(): return 1")
    )
    with StudentProcess(timeout=20) as student:
        loaded = student.load(tmp_path / "hw.ipynb", source.text, lenient=True)
        assert loaded.outcome is Outcome.VALUE
        assert student.call("f").value == 1
    (skipped,) = loaded.skipped
    assert (source.place_of(skipped.line), skipped.reason) == ((2, 1), "FileNotFoundError: x.npy")
