"""The pytest plugin, each time in a pytest of its own."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from gradcheck.catalogue import find

ROOT = Path(__file__).parents[2]
SOFTMAX = Path(find("softmax-regression").path)
PLUGIN = ("-p", "gradcheck.pytest_plugin")

LAYER = """\
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = dout.mean(axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)
"""


@pytest.fixture
def folder(tmp_path):
    """A course's folder: a wrong and a right file, and one of no exercise."""
    shutil.copy(SOFTMAX / "wrong" / "residual_reversed.py", tmp_path / "wrong.py")
    shutil.copy(SOFTMAX / "solution.py", tmp_path / "right.py")
    (tmp_path / "layers.py").write_text(LAYER, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
    return tmp_path


def run(folder, *arguments, plugin=PLUGIN, autoload=False, **environment):
    """A pytest without other plugins; ours need not be installed where its source is tested."""
    env = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    env.pop("PYTEST_ADDOPTS", None)
    if not autoload:
        env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", *plugin, *arguments]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)
    return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr, text=done.stdout + done.stderr)


# --gradcheck ----------------------------------------------------------------------------------------------------------


def test_each_function_is_a_test_and_a_wrong_one_fails_with_its_section_of_the_report(folder):
    done = run(folder, "--gradcheck", "wrong.py", "--gradcheck-seed", "1", "-v")
    assert done.code == 1
    assert "1 failed, 4 passed" in done.out
    assert "wrong.py::softmax PASSED" in done.out
    assert "model_backward is wrong: residual-reversed\n\n✗ model_backward  wrong.py:22\n" in done.out
    assert "residual-reversed  dW, db  wrong.py:25  proven" in done.out
    assert "softmax-regression, --gradcheck-seed 1\n" in done.out
    assert "Traceback" not in done.text
    assert "pytest_plugin.py" not in done.text
    assert "+ dZ = (A - Y) / n" not in done.out


def test_a_right_file_passes(folder):
    assert run(folder, "--gradcheck", "right.py").code == 0


@pytest.mark.slow
def test_hints_choose_how_much_is_told(folder):
    assert "+ dZ = (A - Y) / n" in run(folder, "--gradcheck=wrong.py", "--gradcheck-hints=3").out
    silent = run(folder, "--gradcheck=wrong.py", "--gradcheck-hints=0").out
    assert "model_backward is wrong\n" in silent
    assert "residual" not in silent


def test_k_selects_a_function_of_a_file_of_no_exercise(folder):
    done = run(folder, "--gradcheck", "layers.py", "-k", "affine_backward")
    assert "1 failed, 1 deselected" in done.out
    assert "affine_backward is wrong: mean-twice" in done.out


@pytest.mark.slow
def test_without_other_paths_nothing_else_is_collected_and_nothing_is_imported(folder):
    (folder / "test_other.py").write_text("def test_other(): pass\n", encoding="utf-8")
    assert "5 passed" in run(folder, "--gradcheck", "right.py").out
    assert "6 passed" in run(folder, "--gradcheck", "right.py", "test_other.py").out
    (folder / "loud.py").write_text("raise SystemExit\n" + LAYER, encoding="utf-8")
    assert "INTERNALERROR" not in run(folder, "--gradcheck", "loud.py", "--doctest-modules").text


@pytest.mark.slow
def test_several_files_are_checked_and_a_file_given_twice_once(folder):
    done = run(folder, *("--gradcheck", "right.py") * 2, "--gradcheck", "layers.py", "--collect-only", "-q")
    assert done.code == 0
    assert done.out.split("\n\n")[0].split("\n") == [
        "right.py::softmax",
        "right.py::cross_entropy",
        "right.py::cross_entropy_gradient",
        "right.py::model_forward",
        "right.py::model_backward",
        "layers.py::affine_backward",
        "layers.py::relu_backward",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--gradcheck", "nix.py"), "ERROR: --gradcheck: there is no file "),
        (("--gradcheck", "."), "is a folder: give the Python file in it."),
        (("--gradcheck", "right.py", "--gradcheck-hints", "4"), "--gradcheck-hints: invalid choice"),
        (("--gradcheck", "right.py", "--gradcheck-seed", "-1"), "--gradcheck-seed: invalid"),
    ],
    ids=["no file", "folder", "hints", "seed"],
)
def test_a_call_that_makes_no_sense_is_refused(folder, arguments, said):
    done = run(folder, *arguments)
    assert done.code == pytest.ExitCode.USAGE_ERROR
    assert said in done.err
    assert "Traceback" not in done.text


@pytest.mark.parametrize(
    ("name", "text", "exercise", "said"),
    [
        ("empty.py", "x = 1\n", (), "Say which exercise it is with --gradcheck-exercise."),
        ("right.py", None, ("--gradcheck-exercise", "nix"), "nix"),
    ],
    ids=["no gradient", "no exercise"],
)
def test_a_file_that_cannot_be_judged_is_an_error_of_collection(folder, name, text, exercise, said):
    if text is not None:
        (folder / name).write_text(text, encoding="utf-8")
    done = run(folder, "--gradcheck", name, *exercise)
    assert done.code == pytest.ExitCode.INTERRUPTED
    assert f"ERROR collecting {name}" in done.out
    assert said in done.out
    assert "Traceback" not in done.text
    assert "pytest_plugin.py" not in done.text


def test_what_was_not_run_is_an_error_and_what_was_left_alone_is_skipped(folder):
    broken = (SOFTMAX / "solution.py").read_text(encoding="utf-8") + "\n\ndef f(:\n"
    (folder / "broken.py").write_text(broken, encoding="utf-8")
    done = run(folder, "--gradcheck", "broken.py", "--gradcheck-exercise", "softmax-regression", "--junitxml=j.xml")
    cases = list(ET.parse(folder / "j.xml").iter("testcase"))
    assert {case.get("name") for case in cases} == {
        "syntax",
        "softmax",
        "cross_entropy",
        "cross_entropy_gradient",
        "model_forward",
        "model_backward",
    }
    assert all(case.find("error") is not None for case in cases)
    assert "is not valid Python 3" in done.out
    left = LAYER + "\n\ndef mystery_backward(whatever):\n    return whatever\n"
    (folder / "left.py").write_text(left, encoding="utf-8")
    assert "SKIPPED [1] left.py:25: not checked: " in run(folder, "--gradcheck", "left.py", "-rs").out


@pytest.mark.slow
def test_workers_of_xdist_share_the_seed_and_run_every_function_once(folder):
    done = run(folder, "--gradcheck", "wrong.py", "-n", "2", plugin=(*PLUGIN, "-p", "xdist"))
    assert done.code == 1
    assert "1 failed, 4 passed" in done.out
    header = next(line for line in done.out.splitlines() if line.startswith("gradcheck: "))
    assert f"--gradcheck-seed {header.rpartition(' ')[2]}\n" in done.out


@pytest.mark.parametrize(
    "absent",
    ["terminal", *(pytest.param(name, marks=pytest.mark.slow) for name in ("cacheprovider", "doctest", "junitxml"))],
)
def test_it_works_without_other_plugins(folder, absent):
    done = run(folder, "--gradcheck", "wrong.py", "-k", "softmax or model_backward", "-p", f"no:{absent}")
    assert done.code == 1
    assert absent == "terminal" or "1 failed, 1 passed, 3 deselected" in done.out


@pytest.mark.slow
def test_last_failed_runs_what_failed(folder):
    run(folder, "--gradcheck", "wrong.py")
    again = run(folder, "--gradcheck", "wrong.py", "--lf").out
    assert "1 failed" in again
    assert "passed" not in again


# The marker -----------------------------------------------------------------------------------------------------------

COURSE = """
import pytest

@pytest.mark.gradcheck("../wrong.py", functions=["softmax", "model_forward"])
def test_right():
    pass

@pytest.mark.gradcheck("../wrong.py", exercise="softmax-regression")
def test_whole_file():
    raise SystemExit("the body is not run")

@pytest.mark.gradcheck("../wrong.py", functions=[])
def test_by_itself(gradcheck_report):
    assert gradcheck_report.score == 4

@pytest.mark.gradcheck("../wrong.py", functions=["model_forward"])
def test_body_counts():
    raise ValueError("of the test's own")

@pytest.mark.gradcheck("../wrong.py", functions="softmaxx")
def test_unknown_function():
    pass

@pytest.mark.gradcheck("nix.py")
def test_no_file():
    pass

@pytest.mark.gradcheck(fil="wrong.py")
def test_misspelt():
    pass

@pytest.mark.gradcheck("../right.py")
class TestClass:
    def test_method(self, gradcheck_report):
        assert gradcheck_report.verdict == "right"

def test_no_marker(gradcheck_report):
    pass
"""


def test_the_marker_demands_that_functions_are_right(folder):
    (folder / "tests").mkdir()
    (folder / "tests" / "test_course.py").write_text(COURSE, encoding="utf-8")
    done = run(folder, "-rA", "--tb=short")
    outcomes = {}
    for line in done.out.splitlines():
        outcome, _, rest = line.partition(" ")
        if outcome in {"PASSED", "FAILED", "ERROR"} and "::" in rest:
            outcomes[rest.partition(" - ")[0].rpartition("::")[2]] = outcome
    assert outcomes == {
        "test_right": "PASSED",
        "test_whole_file": "FAILED",
        "test_by_itself": "PASSED",
        "test_body_counts": "FAILED",
        "test_unknown_function": "FAILED",
        "test_no_file": "FAILED",
        "test_misspelt": "FAILED",
        "test_method": "PASSED",
        "test_no_marker": "ERROR",
    }
    for said in (
        "model_backward is wrong: residual-reversed\n\n✗ model_backward  wrong.py:22",
        "has no function softmaxx. It has: softmax, cross_entropy, ",
        "There is no file ",
        "test_misspelt is not gradcheck(file, exercise=None, functions=None, hints=None): it got an unexpected",
        "gradcheck_report needs a marker on its test",
    ):
        assert said in done.out
    assert "✓ softmax" not in done.out
    assert "pytest_plugin.py" not in done.out


# Start-up -------------------------------------------------------------------------------------------------------------


def test_unused_it_imports_nothing(folder):
    (folder / "test_nothing.py").write_text(
        "import json, sys\ndef test_it():\n    open('modules', 'w').write(json.dumps(sorted(sys.modules)))\n",
        encoding="utf-8",
    )
    assert run(folder, "test_nothing.py").code == 0
    modules = json.loads((folder / "modules").read_text())
    assert [name for name in modules if name.startswith("gradcheck")] == [
        "gradcheck",
        "gradcheck.pytest_plugin",
        "gradcheck.version",
    ]
    heavy = {"checkers", "derivations", "numpy", "sympy", "rich", "typer", "jinja2", "IPython"}
    assert not heavy & {name.partition(".")[0] for name in modules}


def test_the_entry_point_is_found_by_pytest_and_can_be_switched_off(folder):
    """By a distribution that is made up here, since the one that is installed may be older than this source."""
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    made_up = folder / "made_up-1.dist-info"
    made_up.mkdir()
    (made_up / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 1\n")
    lines = [f"{name} = {module}" for name, module in entries["pytest11"].items()]
    (made_up / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines, ""]))
    path = os.pathsep.join([str(folder), str(ROOT)])
    on = run(folder, "--gradcheck", "right.py", plugin=(), autoload=True, PYTHONPATH=path)
    assert "5 passed" in on.out
    off = run(folder, "--gradcheck", "right.py", "-p", "no:gradcheck", plugin=(), autoload=True, PYTHONPATH=path)
    assert off.code == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments: --gradcheck" in off.err
