"""How fast `gradcheck grade` is, against pytest with one process a submission; and how it does with a very large class.

    python benchmarks/grade.py [--submissions 300] [--peers 24] [--runs 3]
    python benchmarks/grade.py --many 10000 [--locate-budget 0]

The first takes correct files of softmax regression, each with a comment of its own, through the whole command, from its
start to the last output, and a test file as a careful instructor writes it through pytest, as many at a time as there
are processors. Both are timed in turn, and the ratio is taken run by run, so that it holds when the machine's speed
drifts. Targets: 120 a second on two processors, and 20 times pytest.

The second grades so many submissions made of 50 sources, right and wrong ones, and watches the memory of the command.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "exercises" / "softmax_regression"
SOURCES = 50
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

# What an instructor writes who takes care: every function, and central differences of the loss for the gradients.
AUTOGRADER = """
import numpy as np
import pytest

import student


@pytest.fixture
def data():
    random = np.random.default_rng(0)
    X = random.standard_normal((7, 5))
    Y = np.eye(3)[random.integers(0, 3, 7)]
    return X, Y, random.standard_normal((3, 5)), random.standard_normal(3)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def loss(X, Y, W, b):
    return -np.mean(np.sum(Y * np.log(softmax(X @ W.T + b)), axis=1))


def slope(function, array, h=1e-6):
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        step = np.zeros_like(array)
        step[index] = h
        gradient[index] = (function(array + step) - function(array - step)) / (2 * h)
    return gradient


def test_softmax(data):
    X, Y, W, b = data
    np.testing.assert_allclose(student.softmax(X @ W.T + b), softmax(X @ W.T + b), rtol=1e-7)


def test_cross_entropy(data):
    X, Y, W, b = data
    np.testing.assert_allclose(student.cross_entropy(X @ W.T + b, Y), loss(X, Y, W, b), rtol=1e-7)


def test_cross_entropy_gradient(data):
    X, Y, W, b = data
    Z = X @ W.T + b
    expected = slope(lambda Z: -np.mean(np.sum(Y * np.log(softmax(Z)), axis=1)), Z)
    np.testing.assert_allclose(student.cross_entropy_gradient(Z, Y), expected, rtol=1e-4, atol=1e-7)


def test_model_forward(data):
    X, Y, W, b = data
    np.testing.assert_allclose(student.model_forward(X, W, b), X @ W.T + b, rtol=1e-7)


def test_model_backward(data):
    X, Y, W, b = data
    dW, db = student.model_backward(X, Y, W, b)
    np.testing.assert_allclose(dW, slope(lambda W: loss(X, Y, W, b), W), rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(db, slope(lambda b: loss(X, Y, W, b), b), rtol=1e-4, atol=1e-7)
"""


def write_class(folder: Path, sources: Sequence[bytes], count: int) -> Path:
    """So many files made of these sources, no two of them equal."""
    folder.mkdir(parents=True)
    for number in range(count):
        content = sources[number % len(sources)] + b"\n# submission %d\n" % number
        (folder / f"student{number:05}.py").write_bytes(content)
    return folder


def command(submissions: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "gradcheck", "grade", str(submissions), "--quiet", *options]


def graded_a_second(folder: Path, run: int, count: int, options: Iterable[str]) -> tuple[float, float]:
    """Submissions a second of the whole command, and of all but its start, which a class of four pays too."""
    solution = [(FOLDER / "solution.py").read_bytes()]
    few, many = (write_class(folder / f"{name}{run}", solution, size) for name, size in (("few", 4), ("class", count)))
    start, whole = (seconds(command(path, *options)) for path in (few, many))
    with (many.with_name(f"{many.name}-graded") / "grades.csv").open(newline="") as file:
        verdicts = [row["verdict"] for row in csv.DictReader(file)]
    if verdicts != ["right"] * count:
        raise SystemExit(f"{verdicts.count('right')} of {count} correct submissions were graded as right")
    return count / whole, (count - 4) / (whole - start)


def tested_a_second(folder: Path, run: int, count: int) -> float:
    """Submissions a second of pytest, a process for each, as many at a time as there are processors."""
    students = []
    for number in range(count):
        student = folder / f"pytest{run}" / str(number)
        student.mkdir(parents=True)
        shutil.copy(FOLDER / "solution.py", student / "student.py")
        (student / "test_student.py").write_text(AUTOGRADER)
        students.append(student)
    begin = time.perf_counter()
    with ThreadPoolExecutor(PROCESSORS) as pool:
        list(
            pool.map(
                lambda student: seconds([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], student),
                students,
            )
        )
    return count / (time.perf_counter() - begin)


def seconds(arguments: list[str], folder: Path | None = None) -> float:
    """Wall time of a process that must succeed."""
    begin = time.perf_counter()
    subprocess.run(arguments, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def race(folder: Path, chosen: argparse.Namespace) -> None:
    options = [] if chosen.isolation is None else ["--isolation", chosen.isolation]
    graded_a_second(folder, -1, 8, options)  # fills the cache of exercises
    runs = []
    for run in range(chosen.runs):
        whole, marginal = graded_a_second(folder, run, chosen.submissions, options)
        runs.append((whole, marginal, tested_a_second(folder, run, chosen.peers)))
        print(f"run {run + 1}: {whole:6.1f} a second, {marginal:6.1f} without the start; pytest {runs[-1][2]:5.2f}")
    whole, marginal, peer = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(ours / theirs for ours, _, theirs in runs)
    print(f"gradcheck grade  {whole:6.1f} submissions a second, all of a class of {chosen.submissions}   target 120")
    print(f"                 {marginal:6.1f} without the start")
    print(f"pytest           {peer:6.2f}")
    print(f"ratio            {ratio:6.1f}    median of {chosen.runs} runs, {PROCESSORS} processors    target 20")


def memory(process: int) -> float:
    """Resident memory of a process, MB."""
    with open(f"/proc/{process}/status") as file:
        lines = dict(line.split(":", 1) for line in file)
    return int(lines["VmRSS"].split()[0]) / 1024


def watch(folder: Path, chosen: argparse.Namespace) -> None:
    files = [FOLDER / "solution.py", *sorted((FOLDER / "right").glob("*.py")), *sorted((FOLDER / "wrong").glob("*.py"))]
    # Right and wrong ones in turn, as a class has them.
    chosen_files = [files[len(files) * number // SOURCES] for number in range(SOURCES)]
    submissions = write_class(folder / "class", [path.read_bytes() for path in chosen_files], chosen.many)
    options = ["--exercise", "softmax-regression", "--locate-budget", str(chosen.locate_budget)]
    begin = time.perf_counter()
    sizes: list[tuple[float, float]] = []
    with subprocess.Popen(command(submissions, *options)) as process:
        while process.poll() is None:
            sizes.append((time.perf_counter() - begin, memory(process.pid)))
            time.sleep(0.5)
    whole = time.perf_counter() - begin
    out = folder / "class-graded"
    print(f"{chosen.many} submissions in {whole:.0f} s, {chosen.many / whole:.1f} a second")
    for part in range(10):
        at, size = sizes[len(sizes) * part // 10]
        print(f"  after {at:6.0f} s  {size:6.1f} MB")
    print(f"  at most         {max(size for _, size in sizes):6.1f} MB")
    with (out / "grades.csv").open(newline="") as file:
        print(f"rows of grades.csv {sum(1 for _ in csv.DictReader(file))}")
    for name in ("report.html", "results.json", "journal.sqlite"):
        print(f"{name:<15} {(out / name).stat().st_size / 2**20:6.2f} MB")


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=300, help="correct submissions of a run")
    parser.add_argument("--peers", type=int, default=24, help="submissions that pytest gets")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--isolation", help="level to grade at; the best there is if left out")
    parser.add_argument("--many", type=int, help="grade so many submissions of 50 sources, and watch the memory")
    parser.add_argument("--locate-budget", type=float, default=0.0, help="with --many: seconds to look for each line")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gradcheck-benchmark-") as folder:
        (race if chosen.many is None else watch)(Path(folder), chosen)


if __name__ == "__main__":
    main()
