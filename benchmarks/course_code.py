"""How well code of no exercise is recognised and judged: the frozen corpus of tests/course_code, against its labels.

    python benchmarks/course_code.py                       the whole corpus
    python benchmarks/course_code.py --only bn --verbose   files whose path holds a word, every difference
    python benchmarks/course_code.py --path FOLDER         other files; expected.toml in the folder has their labels
    python benchmarks/course_code.py --failures FILE       write what is not as labelled to a file, for the tests

A label says of each function that computes gradients which of them are wrong. Counted, gradient by gradient:

    agree       right or wrong as labelled
    accused     said to be wrong, and labelled right: the worst that can happen, always listed
    missed      said to be right, and labelled wrong
    not judged  not recognised, not run or undecided

and of the functions with a mistake: found, and named with an accepted code, or one of its family. Unfinished functions
count as found when they are said to be unfinished.
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import re
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from checkers.findings import FAMILY_OF, Verdict
from checkers.report import OutputReport, Report, TaskReport
from gradcheck import check_file, python2

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "tests" / "course_code"
SEED = 20231

Label = dict[str, Any]


@dataclass
class Outcome:
    """One file held against its label.

    Attributes:
        differences: one line for each verdict that is not as labelled.
        names: one line for each mistake that is not called as labelled.
    """

    file: str
    seconds: float
    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


def main() -> None:
    arguments = _arguments()
    labelled = list(labels(arguments.path, arguments.only))
    with ProcessPoolExecutor(arguments.jobs) as pool:
        outcomes = list(pool.map(checked, [file for file, _ in labelled], [label for _, label in labelled]))
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts += outcome.counts
        told = [*outcome.differences, *outcome.names]
        shown = told if arguments.verbose else [line for line in told if "accused" in line]
        for line in shown:
            print(f"{outcome.file}: {line}")
    print(_figures(counts, [outcome.seconds for outcome in outcomes]))
    if arguments.failures:
        _write_failures(arguments.failures, outcomes)


def held_against(report: Report, label: Label, outcome: Outcome) -> None:
    """Counts and differences of one report."""
    counts, differences = outcome.counts, outcome.differences
    tasks = {task.name: task for task in report.tasks}
    for function in label["functions"]:
        task = tasks.get(function["name"])
        for named in function["gradients"]:
            of = named
            if task is not None and len(function["gradients"]) == len(task.outputs) == 1:
                of = task.outputs[0].of  # only one can be meant, whatever it is called
            verdict = _outcome(task, of, is_wrong=named in function["wrong"])
            counts[verdict] += 1
            if verdict != "agree":
                differences.append(f"{function['name']} {named}: {verdict}")
        if function["wrong"]:
            counts["mistakes"] += 1
            outcome.names += _on_mistake(task, function, counts)
    known = {function["name"] for function in label["functions"]}
    for task in report.tasks:
        if task.name not in known and task.verdict is Verdict.WRONG:
            counts["accused"] += 1
            differences.append(f"{task.name}: accused, and not labelled at all")


def _outcome(task: TaskReport | None, of: str, *, is_wrong: bool) -> str:
    output = _output(task, of) if task is not None else None
    if output is None or output.verdict is Verdict.UNDECIDED:
        return "not judged"
    if output.verdict is Verdict.NOT_RUN:
        return "agree" if is_wrong else "not judged"
    if (output.verdict is Verdict.WRONG) == is_wrong:
        return "agree"
    return "missed" if is_wrong else "accused"


def _output(task: TaskReport, of: str) -> OutputReport | None:
    """The output that is the gradient with respect to `of`; labels name it as the student does."""
    if task.verdict is Verdict.NOT_RUN and task.outputs:
        return task.outputs[0]
    named = [one for one in task.outputs if one.of == of] or [one for one in task.outputs if _bare(one.of) == _bare(of)]
    return (
        named[0]
        if named
        else next((one for one in task.outputs if _bare(one.name) in {_bare(of), f"d{_bare(of)}"}), None)
    )


def _bare(name: str) -> str:
    return re.sub(r"^.*\[['\"](\w+)['\"]\]$", r"\1", name).replace("self.", "").replace("_", "").lower()


def _on_mistake(task: TaskReport | None, function: Label, counts: Counter[str]) -> Iterator[str]:
    if task is None or task.verdict not in {Verdict.WRONG, Verdict.NOT_RUN}:
        yield f"{function['name']}: not found, {function['codes']} in line {function['line']}"
        return
    counts["found"] += 1
    faults = [finding for finding in task.findings if finding.is_fault]
    said = [finding.code for finding in faults[:1]]
    said += [other.code for finding in faults[:1] for other in finding.alternatives]
    accepted = {str(FAMILY_OF[code]) for code in function["codes"] if code in FAMILY_OF}
    if set(said) & set(function["codes"]) or {str(FAMILY_OF[code]) for code in said[:1]} & accepted:
        counts["named"] += 1
        if any(finding.line == function["line"] for finding in faults):
            counts["located"] += 1
    elif said[:1] == ["unknown"]:
        counts["unknown"] += 1
        yield f"{function['name']}: unknown, {function['codes']} in line {function['line']}"
    else:
        counts["misnamed"] += 1
        yield f"{function['name']}: misnamed {said}, {function['codes']} in line {function['line']}"


def checked(file: Path, label: Label, locate_budget: float = 2.0) -> Outcome:
    """One file held against its label."""
    started = time.perf_counter()
    outcome = Outcome(str(file), 0.0)
    try:
        report = check_file(file, seed=SEED, python2=_is_python2(file), locate_budget=locate_budget)
        held_against(report, label, outcome)
    except Exception as error:
        traceback.print_exc()
        outcome.counts["crashed"] += 1
        outcome.differences.append(f"crashed: {error}")
    outcome.seconds = time.perf_counter() - started
    outcome.counts["files"] += 1
    return outcome


def _is_python2(file: Path) -> bool:
    return file.suffix == ".py" and python2.complaint(file.read_text(encoding="utf-8")) is not None


def labels(path: Path, only: str) -> Iterator[tuple[Path, Label]]:
    for expected in sorted(path.rglob("expected.toml")):
        for name, label in tomllib.loads(expected.read_text(encoding="utf-8")).items():
            if only in str(expected.parent / name):
                yield expected.parent / name, label


def _figures(counts: Counter[str], seconds: Sequence[float]) -> str:
    gradients = sum(counts[name] for name in ("agree", "accused", "missed", "not judged"))
    return (
        f"{counts['files']} files, {gradients} gradients: agree {counts['agree'] / max(gradients, 1):.1%}, "
        f"accused {counts['accused']}, missed {counts['missed']}, not judged {counts['not judged']}; "
        f"crashed {counts['crashed']}\n"
        f"{counts['mistakes']} functions with a mistake: found {counts['found'] / max(counts['mistakes'], 1):.1%}, "
        f"right family {counts['named'] / max(counts['found'], 1):.1%} of these "
        f"(unknown {counts['unknown']}, misnamed {counts['misnamed']}), in the labelled line {counts['located']}\n"
        f"{median(seconds):.2f} s a file in the median, {max(seconds):.2f} at most"
    )


def _write_failures(path: Path, outcomes: Sequence[Outcome]) -> None:
    lines = ["# What is not as labelled; written by benchmarks/course_code.py --failures."]
    for outcome in outcomes:
        if outcome.differences:
            name = Path(outcome.file).relative_to(CORPUS).as_posix()
            lines += [
                "",
                f'"{name}" = [',
                *(f"    {json.dumps(difference)}," for difference in outcome.differences),
                "]",
            ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", type=Path, default=CORPUS)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--failures", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
