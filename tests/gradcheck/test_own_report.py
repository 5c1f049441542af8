"""`gradcheck FILE` on files of no exercise: what is told first, in which formats, and what the exit code says."""

import json
from pathlib import Path

import pytest

from checkers.findings import Verdict
from gradcheck import check_file
from gradcheck.render import report_html, report_json, report_markdown

LAYERS = """
import numpy as np

def affine_forward(x, w, b):
    return x @ w + b, (x, w, b)

def affine_backward(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, {db}

def mystery_backward(dout, cache):
    return dout
"""
RIGHT = LAYERS.format(db="dout.sum(axis=0)")
WRONG = LAYERS.format(db="dout.mean(axis=0)")


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str, name: str = "layers.py") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return written


def test_the_report_says_what_was_recognised_and_what_was_left_alone(write) -> None:
    report = check_file(write(RIGHT), seed=1)
    assert (report.exercise, report.verdict) == (None, Verdict.RIGHT)
    assert [one.name for one in report.recognised] == ["affine_backward"]
    assert [one.name for one in report.left_alone] == ["mystery_backward"]
    for text in (report_markdown.render(report, hints=2), report_html.render(report, hints=2)):
        assert "the backward of affine" in text
        assert "Left alone" in text


def test_json_keeps_its_schema_and_adds_two_keys(write) -> None:
    report = check_file(write(WRONG), seed=1)
    document = report_json.as_json(report, hints=3)
    assert document["schema"] == "gradcheck/report/1"
    assert document["exercise"] is None
    assert document["recognised"][0]["of"] == "affine_forward"
    assert document["left_alone"][0]["name"] == "mystery_backward"
    (task,) = document["tasks"]
    assert [(one["of"], one["verdict"]) for one in task["outputs"]] == [("x", "right"), ("w", "right"), ("b", "wrong")]
    assert report_json.from_json(json.loads(json.dumps(document))) == report


def test_the_same_seed_gives_the_same_report(write) -> None:
    first, second = (check_file(write(WRONG), seed=7, locate_budget=0) for _ in range(2))
    assert first.tasks == second.tasks


def test_a_notebook_is_checked_and_its_cells_are_named(write) -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in (
            "%matplotlib inline\n" + LAYERS.partition("def affine_backward")[0],
            "load('no such data')",
            "def affine_backward" + WRONG.partition("def affine_backward")[2],
        )
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    report = check_file(write(json.dumps(notebook), "hw.ipynb"), seed=1, locate_budget=0)
    assert report.tasks[0].verdict is Verdict.WRONG
    assert "(cell 3, line" in report.tasks[0].findings[0].message
    assert any("NameError" in problem.message for problem in report.problems)


def test_python_2_is_said_with_its_line_and_converted_where_that_is_asked_for(write) -> None:
    pytest.importorskip("fissix")
    path = write(RIGHT + "\nprint affine_forward\n")
    report = check_file(path)
    assert report.verdict is Verdict.WRONG
    assert report.problems[0].code == "syntax"
    assert "is Python 2" in report.problems[0].message
    assert check_file(path, python2=True).verdict is Verdict.RIGHT


def test_training_at_import_is_stopped_and_the_gradients_are_checked(write) -> None:
    report = check_file(write(RIGHT + "\nwhile True:\n    pass\n"), seed=1)
    assert report.verdict is Verdict.RIGHT
    assert [problem.code for problem in report.problems] == ["times-out"]


def test_functions_of_a_file_beside_it_are_called(write) -> None:
    head, middle, tail = RIGHT.partition("def affine_backward")
    write(head, "forwards.py")
    report = check_file(write("import numpy as np\nfrom forwards import *\n" + middle + tail), seed=1)
    assert report.tasks[0].verdict is Verdict.RIGHT


def test_a_loss_that_is_negated_is_a_fault_where_only_known_losses_count(write) -> None:
    path = write("""
import numpy as np

def svm_loss(x, y):
    n = len(x)
    margins = np.maximum(0, x - x[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    dx = (margins > 0).astype(float)
    dx[np.arange(n), y] -= dx.sum(axis=1)
    return -margins.sum() / n, -dx / n
""")
    assert check_file(path, seed=1).verdict is Verdict.RIGHT
    assert check_file(path, seed=1, known_losses=True).verdict is Verdict.WRONG
