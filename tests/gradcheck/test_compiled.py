"""The cache of compiled exercises: made once, rebuilt when damaged or out of date; what does not build, and why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gradcheck.compiled as cache
from checkers.errors import ModelError, OracleError
from checkers.findings import Verdict
from gradcheck import check_file
from gradcheck.catalogue import ExerciseFolder, find

HUBER = Path(__file__).parents[2] / "docs/examples/huber_regression/exercise.py"
RIGHT = """
import numpy as np


def model_forward(X, w, b):
    return X @ w + b


def compute_cost(z, y):
    r = np.abs(y - z)
    return np.where(r < 1, 0.5 * r**2, r - 0.5).mean()


def cost_gradient(z, y):
    return np.clip(z - y, -1, 1) / len(y)


def model_backward(X, y, w, b):
    dz = cost_gradient(model_forward(X, w, b), y)
    return X.T @ dz, dz.sum()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExerciseFolder:
    """An instructor's own exercise, and an empty cache."""
    monkeypatch.setenv("GRADCHECK_CACHE", str(tmp_path / "cache"))
    exercise = tmp_path / "huber_regression"
    exercise.mkdir()
    (exercise / "exercise.py").write_text(HUBER.read_text())
    return find(str(exercise))


def entries(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").glob("*"))


def build_count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    built: list[str] = []
    original = cache._build
    monkeypatch.setattr(cache, "_build", lambda folder, entry: (built.append(folder.id), original(folder, entry)))
    return built


def test_an_exercise_is_its_loss_its_functions_and_their_points(folder: ExerciseFolder, tmp_path: Path) -> None:
    assert len([line for line in HUBER.read_text().splitlines() if line.strip()]) <= 27
    (tmp_path / "student.py").write_text(RIGHT)
    report = check_file(tmp_path / "student.py", exercise=str(folder.path), seed=1)
    assert (report.verdict, report.score, report.exercise) == (Verdict.RIGHT, 8.0, "huber-regression")


def test_an_exercise_that_is_not_bundled_names_mistakes_too(folder: ExerciseFolder, tmp_path: Path) -> None:
    (tmp_path / "student.py").write_text(RIGHT.replace("X.T @ dz, dz.sum()", "-X.T @ dz, -dz.sum()"))
    report = check_file(tmp_path / "student.py", exercise=str(folder.path), seed=1)
    findings = report.tasks[-1].findings
    assert [finding.code for finding in findings] == ["sign-flipped"]
    assert findings[0].outputs == ("dw", "db")


def test_where_the_reference_cannot_express_the_model_it_says_nothing(folder: ExerciseFolder, tmp_path: Path) -> None:
    (tmp_path / "student.py").write_text(RIGHT)
    report = check_file(tmp_path / "student.py", exercise=str(folder.path), seed=1)
    oracles = report.tasks[-1].outputs[0].oracles
    assert oracles.reference is None
    assert oracles.derivation is not None
    assert oracles.derivation < 1e-12
    assert oracles.finite_difference is not None
    assert oracles.finite_difference < 1e-9


def test_it_is_built_once(folder: ExerciseFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    built = build_count(monkeypatch)
    cache.compiled(folder)
    cache.compiled(folder)
    assert built == ["huber-regression"]
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize("damage", ["cut off", "changed", "missing", "no text"])
def test_a_damaged_entry_is_rebuilt(
    folder: ExerciseFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: str
) -> None:
    right = cache.compiled(folder)
    oracle = entries(tmp_path)[0] / "oracle.py"
    text = oracle.read_bytes()
    if damage == "missing":
        oracle.unlink()
    else:
        oracle.write_bytes(
            {"cut off": text[:-40], "changed": text.replace(b"/ n", b"/ p"), "no text": b"\xff\x00"}[damage]
        )
    built = build_count(monkeypatch)
    assert cache.compiled(folder).exercise == right.exercise
    assert built == ["huber-regression"]
    assert oracle.read_bytes() == text


def test_damaged_variants_are_never_run(folder: ExerciseFolder, tmp_path: Path) -> None:
    cache.compiled(folder)
    for path in entries(tmp_path)[0].glob("errors_*.py"):
        path.write_text("raise SystemExit('this must not run')\n")
    (tmp_path / "student.py").write_text(RIGHT.replace("z - y", "y - z"))
    report = check_file(tmp_path / "student.py", exercise=str(folder.path), seed=1)
    assert report.verdict is Verdict.WRONG


def test_a_changed_exercise_gets_an_entry_of_its_own(folder: ExerciseFolder, tmp_path: Path) -> None:
    cache.compiled(folder)
    folder.definition.write_text(HUBER.read_text().replace("points=4", "points=5"))
    assert cache.compiled(folder).exercise.tasks[-1].points == 5
    assert len(entries(tmp_path)) == 2


def test_two_processes_may_build_at_once(folder: ExerciseFolder, tmp_path: Path) -> None:
    program = "import sys, gradcheck.catalogue as c, gradcheck.compiled as k; k.compiled(c.find(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-c", program, str(folder.path)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert [entry.name.startswith("huber-regression-") for entry in entries(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("Sum(w[j] * X[i, j], j) + b", "w[j] * X[i, j] + b", "free index j"),
        ("w[j] * X[i, j]", "w[i] * X[i, j]", r"w has the shape \(p,\)"),
        ('"dJ/dw, dJ/db"', '"dJ/dv"', "has no v"),
        ('"z, y", "J"', '"z, q", "J"', "has no q"),
        ("huber(y[i] - z[i])", "huber(y[i] - undefined)", r"NameError.*\(line 14\)"),
        ("exercise = Exercise(", "other = (", "must define one Exercise"),
        ("J[()] = Sum(huber(y[i] - z[i]), i) / n", "J[()] = Sum(y[i], i) / n", "does not depend on w, b"),
        ("exercise = Exercise(", "raise SystemExit(0)\nexercise = Exercise(", r"sys\.exit \(line \d+\)"),
        ("points=4", "points=float('nan')", "points=nan should be a number from 0 up"),
        ("compute_cost", "model_forward", "declares a task twice"),
        ("compute_cost", "compute cost", "cannot be the name of a function"),
        ('"z, y", "J"', '"z, z", "J"', "takes the same argument twice"),
    ],
    ids=[
        "free index",
        "wrong axis",
        "unknown gradient",
        "unknown argument",
        "exception",
        "no exercise",
        "idle parameter",
        "exit",
        "points",
        "twice",
        "name",
        "argument twice",
    ],
)
def test_a_wrong_exercise_says_what_is_wrong_with_it(folder: ExerciseFolder, old: str, new: str, text: str) -> None:
    source = HUBER.read_text()
    assert old in source
    folder.definition.write_text(source.replace(old, new))
    with pytest.raises(ModelError, match=text):
        cache.compiled(folder)


def test_a_solution_that_disagrees_is_refused(folder: ExerciseFolder, tmp_path: Path) -> None:
    (folder.path / "solution.py").write_text(RIGHT.replace("/ len(y)", "/ len(y) * 1.001"))
    with pytest.raises(OracleError, match=r"derivation and solution\.py disagree on dz of cost_gradient"):
        cache.compiled(folder)
    assert entries(tmp_path) == []


def test_without_a_cache_folder_it_is_built_all_the_same(
    folder: ExerciseFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in the way").write_text("a file where the folder should be")
    monkeypatch.setenv("GRADCHECK_CACHE", str(tmp_path / "in the way" / "cache"))
    assert cache.compiled(folder).exercise.id == "huber-regression"


def test_what_an_exercise_prints_is_not_on_standard_output(
    folder: ExerciseFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.definition.write_text("print('noise')\n" + HUBER.read_text())
    cache.compiled(folder)
    assert capsys.readouterr().out == ""
