"""How well the check finds, names and places mistakes: a mutation benchmark.

    python benchmarks/diagnosis.py                          a sample of 300 mutants, in the proportions of real mistakes
    python benchmarks/diagnosis.py --all --jobs 2           every mutant
    python benchmarks/diagnosis.py --failures failures.md   what was not named or not placed, one by one
    python benchmarks/diagnosis.py --only "axis changed" --file exercises/mlp/solution.py --verbose

The right submissions (exercises/*/solution.py and exercises/*/right/*.py) are changed as students change them (by
benchmarks/mutations, which shares no code with the checks), and each mutant goes through the whole check, as
`gradcheck FILE` does it. Counted per group (A: one small edit of one expression undoes it; B: none does):

    found               the verdict is wrong
    family right        the first fault that is reported has a family that names what was done; then, one of all faults
                        or of their alternatives has
    line given, right   the first fault has a line; it is one of those that were changed
    wrongly named       the first fault is said to be proven or likely, and its family is not right
    unknown, ambiguous  the first fault is one of these, or only observed (it raised), and its family is not right
    wrongly accused     an output is reported wrong that equals the right submission's

A mutant that returns what the right submission returns, on the probes of three seeds, is listed apart as equivalent,
and not counted. A right submission that is accused is listed, too, and no mutants are made of it.
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import contextlib
import difflib
import io
import random
import runpy
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mutations import KINDS, Group, Mutant, Role, Slip, mutants_of
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table

from checkers.binding import Binding
from checkers.compiled_exercise import LoadedExercise
from checkers.findings import Certainty, Family, Finding, Verdict
from checkers.report import Report
from checkers.returned import sort_out
from checkers.student_answers import Outcome
from checkers.student_process import StudentProcess
from checkers.task_check import Caller, Probes, Wanted, rebound, run_tasks
from gradcheck import check_file
from gradcheck.catalogue import find
from gradcheck.compiled import compiled

Shapes = dict[str, dict[str, tuple[int, ...]]]
Arrays = dict[tuple[str, str], list[NDArray[Any] | None]]  # (task, output) -> its value in each call

ROOT = Path(__file__).resolve().parents[1]
# Real mistakes by kind, of 99 that were confirmed by reading students' sources; "chain" is several of the others there.
SHARES = {
    Slip.REGULARISER: 22,
    Slip.ACTIVATION: 17,
    Slip.LOSS: 15,
    Slip.AVERAGING: 13,
    Slip.OTHER: 11,
    Slip.CONSTANT: 7,
    Slip.SUM: 5,
    Slip.SHAPE: 5,
    Slip.SIGN: 4,
    Slip.CHAIN: 3,
}
PART_OF_B = 0.4  # of each kind, where it has so many; at least a third of all shall be of group B
TIMEOUT = 3.0  # seconds for one call outside the check; right ones take milliseconds
OTHER_PROBES = (1000, 2000)  # added to the seed, where the first probes show no difference
SAME, DIFFERENT = 1e-9, 1e-6  # of the largest entry; a right submission may have 1e-10 inside its logarithm
QUANTILE = 0.95


class Likeness(Enum):
    """Is an output the right submission's? In between, nothing is counted of it."""

    SAME = "same"
    CLOSE = "close"
    DIFFERENT = "different"


# The right submissions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A right submission: how its functions are called, what they return, and whether the check accuses it."""

    path: Path
    orders: Mapping[str, Binding]
    shapes: Shapes
    accused: str

    @property
    def exercise(self) -> LoadedExercise:
        """The compiled exercise."""
        return exercise_of(self.path)


def folder_of(path: Path) -> Path:
    return path.parent if path.name == "solution.py" else path.parents[1]


def exercise_of(path: Path) -> LoadedExercise:
    return _compiled(folder_of(path))


@cache
def _compiled(folder: Path) -> LoadedExercise:
    return compiled(find(str(folder)))


@cache
def reference(path: Path, seed: int) -> Reference:
    """Check a right submission and run it once more, to see what its functions take and hold."""
    ready = exercise_of(path)
    orders = {}
    with StudentProcess(timeout=TIMEOUT) as process:
        loaded = process.load(path)
        for function in loaded.functions:
            for task in (t for t in ready.exercise.tasks if t.name == function.name):
                probes = list(Probes(ready, seed).of(task.name))
                if run := run_tasks([Wanted(task, function, probes)], Caller(process, TIMEOUT))[0]:
                    orders[task.name] = run.binding
    report = check_file(path, exercise=str(folder_of(path)), seed=seed)
    said = "" if report.verdict is Verdict.RIGHT else "; ".join(f.message for f in faults(report)) or report.verdict
    return Reference(path, orders, shapes_in(path, ready, orders, seed), said)


def shapes_in(path: Path, ready: LoadedExercise, orders: Mapping[str, Binding], seed: int) -> Shapes:
    """The shapes of the arrays that each function of a right submission holds when it returns."""
    found: Shapes = defaultdict(dict)

    def trace(frame: Any, event: str, _: object) -> Any:
        if frame.f_code.co_filename != str(path):
            return None
        if event == "return":
            arrays = {name: v.shape for name, v in frame.f_locals.items() if isinstance(v, np.ndarray)}
            found[frame.f_code.co_qualname.replace("<locals>.", "")] |= arrays
        return trace

    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        functions = runpy.run_path(str(path), run_name="submission")
        for task in ready.exercise.tasks:
            for probe in Probes(ready, seed).of(task.name) if task.name in orders else ():
                arguments, keywords = rebound(orders[task.name], probe.task).arguments(probe.values)
                sys.settrace(trace)
                try:
                    functions[task.name](*arguments, **keywords)
                finally:
                    sys.settrace(None)
    return dict(found)


def results(right: Reference, source: str, seed: int) -> Arrays:
    """What every task of a source returns on the probes of a seed, each called twice as the right submission is."""
    found: Arrays = defaultdict(list)
    with StudentProcess(timeout=TIMEOUT) as process:
        loaded = process.load(right.path, source.encode())
        names = {function.name for function in loaded.functions}
        caller = Caller(process, TIMEOUT)
        probes = Probes(right.exercise, seed)
        for task in right.exercise.exercise.tasks:
            has_hung = task.name not in names
            for probe in probes.of(task.name):
                for _ in range(2):
                    values = {}
                    if not has_hung:
                        result = caller.call(task.name, rebound(right.orders[task.name], probe.task), probe.values)
                        has_hung = not process.alive
                        if result.outcome is Outcome.VALUE:
                            values = sort_out(probe.task, result.value)
                    for output in probe.task.outputs:
                        one = values.get(output.name)
                        found[task.name, output.name].append(one.array if one else None)
    return dict(found)


@cache
def right_results(path: Path, seed: int, drawn: int) -> Arrays:
    return results(reference(path, seed), path.read_text(), drawn)


def compared(mutant: Arrays, right: Arrays) -> dict[tuple[str, str], Likeness]:
    """Each output, in its least like call."""
    order = list(Likeness)
    return {
        name: max((likeness(a, b) for a, b in zip(mutant[name], right[name], strict=True)), key=order.index)
        for name in right
    }


def likeness(mutant: NDArray[Any] | None, right: NDArray[Any] | None) -> Likeness:
    """Compare two arrays, axes of length 1 apart."""
    if mutant is None or right is None or mutant.squeeze().shape != right.squeeze().shape:
        return Likeness.DIFFERENT
    try:
        error = np.max(np.abs(mutant.squeeze().astype(float) - right.squeeze().astype(float)), initial=0.0)
    except (TypeError, ValueError):
        return Likeness.DIFFERENT
    scale = np.max(np.abs(right), initial=0.0) or 1.0
    return (
        Likeness.SAME if error <= SAME * scale else Likeness.CLOSE if error <= DIFFERENT * scale else Likeness.DIFFERENT
    )


# One mutant -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A mutant and the right submission it comes from."""

    path: Path
    mutant: Mutant


@dataclass(frozen=True)
class Judgement:
    """What the check said of a mutant, held against what was done.

    Attributes:
        faults: the findings that are faults, in the report's order.
        differs: does it return anything else than the right submission, on any probes?
        accused: outputs that are reported wrong and are the right submission's.
        crash: the traceback, where the check itself failed.
    """

    case: Case
    verdict: Verdict
    faults: tuple[Finding, ...]
    differs: bool
    accused: tuple[str, ...]
    seconds: float
    crash: str = ""

    @property
    def first(self) -> Finding | None:
        """What is said first."""
        return self.faults[0] if self.faults else None

    @property
    def is_found(self) -> bool:
        """Is the verdict wrong?"""
        return self.verdict is Verdict.WRONG

    @property
    def is_named(self) -> bool:
        """Does the first fault's family name what was done?"""
        return self.first is not None and self.first.family in self.case.mutant.families

    @property
    def is_named_somewhere(self) -> bool:
        """Does any fault's family, or that of an alternative?"""
        said = {family for f in self.faults for family in (f.family, *(other.family for other in f.alternatives))}
        return bool(said & self.case.mutant.families)

    @property
    def has_line(self) -> bool:
        """Does the first fault say where?"""
        return self.first is not None and self.first.line is not None

    @property
    def is_placed(self) -> bool:
        """Is it where something was changed?"""
        return self.first is not None and self.first.line in self.case.mutant.lines

    @property
    def is_misnamed(self) -> bool:
        """Is the first fault sure of what was not done?"""
        confident = self.first is not None and self.first.certainty in {Certainty.PROVEN, Certainty.LIKELY}
        return confident and not self.is_named and not self.is_open

    @property
    def is_open(self) -> bool:
        """Is the first fault unknown, one of several, or only what happened, and not what was done?"""
        if self.first is None or self.is_named:
            return False
        is_unsure = self.first.certainty in {Certainty.AMBIGUOUS, Certainty.OBSERVED}
        return is_unsure or self.first.family is Family.UNKNOWN

    @property
    def is_failure(self) -> bool:
        """Is there anything to mend?"""
        return bool(self.crash or self.accused) or not (self.is_found and self.is_named and self.is_placed)


def faults(report: Report) -> tuple[Finding, ...]:
    found = [*report.problems, *(finding for task in report.tasks for finding in task.findings)]
    return tuple(finding for finding in found if finding.is_fault)


def judge(case: Case, seed: int) -> Judgement:
    """Check a mutant in a folder of its own, and run it beside the right submission."""
    right = reference(case.path, seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, case.path.name)
        file.write_text(case.mutant.source)
        started = time.perf_counter()
        try:
            report = check_file(file, exercise=str(folder_of(case.path)), seed=seed)
        except Exception:
            return Judgement(case, Verdict.NOT_RUN, (), True, (), time.perf_counter() - started, traceback.format_exc())
        seconds = time.perf_counter() - started
    same = compared(results(right, case.mutant.source, seed), right_results(case.path, seed, seed))
    outputs = [(task.name, output) for task in report.tasks for output in task.outputs]
    accused = [
        f"{task}: {output.name}"
        for task, output in outputs
        if output.verdict is Verdict.WRONG and same[task, output.name] is Likeness.SAME
    ]
    differs = Likeness.DIFFERENT in same.values()
    if not differs and report.verdict is Verdict.RIGHT:
        differs = any(
            Likeness.DIFFERENT
            in compared(
                results(right, case.mutant.source, seed + more), right_results(case.path, seed, seed + more)
            ).values()
            for more in OTHER_PROBES
        )
    return Judgement(case, report.verdict, faults(report), differs, tuple(accused), seconds)


# Many -----------------------------------------------------------------------------------------------------------------


def cases_of(path: Path, seed: int) -> tuple[str, list[Case]]:
    """Every mutant of a right submission; what it is accused of instead, where it is."""
    right = reference(path, seed)
    if right.accused:
        return right.accused, []
    # All that is no activation there is the derivative of one.
    otherwise = Role.DERIVATIVE if folder_of(path).name == "activations" else Role.GRADIENT
    return "", [Case(path, mutant) for mutant in mutants_of(path.read_text(), right.shapes, otherwise)]


def sampled(cases: Sequence[Case], size: int, seed: int) -> list[Case]:
    """About so many, in the proportions of real mistakes; among them every mutation, then every file, alike often."""
    generator = random.Random(seed)
    chosen: list[Case] = []
    for slip, share in SHARES.items():
        wanted = size * share / sum(SHARES.values())
        for group, part in ((Group.B, PART_OF_B), (Group.A, 1 - PART_OF_B)):
            some = [case for case in cases if case.mutant.slip is slip and case.mutant.group is group]
            chosen += balanced(some, round(wanted * part), generator)
    return chosen


def balanced(cases: Sequence[Case], wanted: int, generator: random.Random) -> list[Case]:
    """Draw by turns from every mutation, and from every file in turn, without repeats."""
    rest = list(cases)
    generator.shuffle(rest)
    taken: Counter[object] = Counter()
    chosen: list[Case] = []
    while rest and len(chosen) < wanted:
        # The least taken mutation first, then the least taken exercise and file; the shuffle decides the rest.
        keys = [(c.mutant.kind, folder_of(c.path), c.path) for c in rest]
        place = min(range(len(rest)), key=lambda i: tuple(taken[part] for part in keys[i]))
        taken.update(keys[place])
        chosen.append(rest.pop(place))
    return chosen


def each(
    pool: ProcessPoolExecutor,
    console: Console,
    what: str,
    function: Callable[..., Any],
    items: Sequence[Any],
    seed: int,
) -> list[Any]:
    """The results in order, with a progress bar on a terminal."""
    found = pool.map(function, items, [seed] * len(items))
    return list(track(found, what, len(items), console=console, disable=not console.is_terminal, transient=True))


# Tables ---------------------------------------------------------------------------------------------------------------


def share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)" if whole else "-"


def quantile(values: Iterable[float], q: float) -> str:
    values = list(values)
    return f"{np.quantile(values, q):.2f}" if values else "-"


def summary(judged: Sequence[Judgement]) -> Table:
    """What became of the mutants of each group."""
    columns: dict[str, list[Judgement]] = {"A": [], "B": [], "both": list(judged)}
    for one in judged:
        columns[one.case.mutant.group].append(one)
    counts: dict[str, Callable[[Judgement], bool]] = {
        "found": lambda j: j.is_found,
        "family right, first finding": lambda j: j.is_named,
        "family right, any finding or alternative": lambda j: j.is_named_somewhere,
        "line given": lambda j: j.has_line,
        "line right": lambda j: j.is_placed,
        "family and line right": lambda j: j.is_named and j.is_placed,
        "wrongly named, with confidence": lambda j: j.is_misnamed,
        "unknown, ambiguous or observed only": lambda j: j.is_open,
        "wrongly accused of an output": lambda j: bool(j.accused),
        "the check itself failed": lambda j: bool(j.crash),
    }
    table = Table("", *columns, box=SIMPLE_HEAD)
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("mutants", *(str(len(some)) for some in columns.values()))
    for name, is_so in counts.items():
        table.add_row(name, *(share(sum(map(is_so, some)), len(some)) for some in columns.values()))
        if name == "line right":
            given = [[j for j in some if j.has_line] for some in columns.values()]
            table.add_row(
                "line right when given", *(share(sum(j.is_placed for j in some), len(some)) for some in given)
            )
    for name, q in (("seconds a submission, median", 0.5), ("seconds, 95th percentile", QUANTILE)):
        table.add_row(name, *(quantile((j.seconds for j in some), q) for some in columns.values()))
    return table


def breakdown(judged: Sequence[Judgement], title: str, key: Callable[[Mutant], str]) -> Table:
    """The same by kind, the most often failed first."""
    kinds: dict[str, list[Judgement]] = defaultdict(list)
    for one in judged:
        kinds[key(one.case.mutant)].append(one)
    columns = ("mutants", "found", "family", "any", "line", "misnamed", "open", "accused")
    table = Table(title, *columns, box=SIMPLE_HEAD)
    table.columns[0].no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for name, some in sorted(kinds.items(), key=lambda item: -sum(j.is_failure for j in item[1])):
        flags = [
            (j.is_found, j.is_named, j.is_named_somewhere, j.is_placed, j.is_misnamed, j.is_open, bool(j.accused))
            for j in some
        ]
        table.add_row(name, str(len(some)), *(str(sum(column)) for column in zip(*flags, strict=True)))
    return table


def account(one: Judgement) -> str:
    """One mutant as Markdown: what was done, what was said."""
    mutant = one.case.mutant
    before, after = one.case.path.read_text().splitlines(), mutant.source.splitlines()
    lines = [
        f"### {one.case.path.relative_to(ROOT)}: {mutant.kind} ({mutant.group}, {mutant.slip})",
        "",
        f"expected: {' or '.join(sorted(mutant.families))}, line {', '.join(map(str, mutant.lines))}",
        "",
        "```diff",
        *list(difflib.unified_diff(before, after, lineterm="", n=0))[2:],
        "```",
        "",
    ]
    if one.crash:
        return "\n".join([*lines, "the check failed:", "", "```", one.crash, "```", ""])
    lines += [f"verdict: {one.verdict}" + (" (equivalent)" if not one.differs else "")]
    for finding in one.faults:
        others = ", ".join(other.code for other in finding.alternatives)
        lines.append(
            f"- {finding.code} ({finding.family}, {finding.certainty}), line {finding.line}, of "
            f"{', '.join(finding.outputs)}" + (f"; or {others}" if others else "") + f": {finding.message}"
        )
        if finding.fix:
            lines.append(f"  - `{finding.source}` should be `{finding.fix}`")
    lines += [f"- wrongly accused: {name}" for name in one.accused]
    return "\n".join([*lines, ""])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, help="about so many mutants; 300 unless --all, --only or --file is given")
    parser.add_argument("--all", action="store_true", help="every mutant")
    parser.add_argument("--seed", type=int, default=20231, help="of the sample and of the probes")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--group", choices=[group.value for group in Group])
    parser.add_argument("--only", metavar="KIND", help=f"one kind of mutation, or its beginning: {', '.join(KINDS)}")
    parser.add_argument("--file", type=Path, action="append", help="mutants of this right submission only")
    parser.add_argument(
        "--failures", type=Path, help="write what was not found, named or placed to this file (Markdown)"
    )
    parser.add_argument("--verbose", action="store_true", help="a table by kind; with --only or --file, every mutant")
    options = parser.parse_args()
    if options.sample is None and not (options.all or options.only or options.file):
        options.sample = 300
    return options


def main() -> None:
    options = arguments()
    console = Console(width=None if sys.stdout.isatty() else 120)
    paths = [path.resolve() for path in options.file or []]
    paths = paths or sorted([*ROOT.glob("exercises/*/solution.py"), *ROOT.glob("exercises/*/right/*.py")])
    for path in paths:
        exercise_of(path)  # built once, before several processes want it
    with ProcessPoolExecutor(options.jobs) as pool:
        examined = each(pool, console, "Right submissions", cases_of, paths, options.seed)
        cases = [case for _, some in examined for case in some]
        cases = [case for case in cases if case.mutant.kind.startswith(options.only or "")]
        cases = [case for case in cases if options.group in {None, case.mutant.group}]
        chosen = sampled(cases, options.sample, options.seed) if options.sample else cases
        chosen.sort(key=lambda case: case.path)  # a process keeps what it knows of a right submission
        judged = each(pool, console, "Mutants", judge, chosen, options.seed)
    report(console, options, list(zip(paths, (said for said, _ in examined), strict=True)), len(cases), judged)


def report(
    console: Console,
    options: argparse.Namespace,
    right: Sequence[tuple[Path, str]],
    possible: int,
    judged: Sequence[Judgement],
) -> None:
    counted = [one for one in judged if one.differs or one.is_found]
    equivalent = [one for one in judged if not (one.differs or one.is_found)]
    if options.verbose:
        if options.only or options.file:
            console.print("\n".join(map(account, judged)), markup=False, highlight=False, soft_wrap=True)
        console.print(breakdown(counted, "kind of mutation", lambda mutant: f"{mutant.group} {mutant.kind}"))
        console.print(breakdown(counted, "kind of mistake", lambda mutant: mutant.slip))
    console.print(summary(counted))
    accused = [(path, said) for path, said in right if said]
    console.print(f"Right submissions accused: {len(accused)} of {len(right)}; no mutants were made of those.")
    for path, said in accused:
        console.print(f"  {path.relative_to(ROOT)}: {said}", markup=False, highlight=False)
    console.print(f"{len(judged)} of {possible} mutants; {len(equivalent)} of them equivalent to the right submission:")
    for name, count in Counter(one.case.mutant.kind for one in equivalent).most_common():
        console.print(f"  {count} {name}", highlight=False)
    if options.failures:
        failures = [one for one in counted if one.is_failure]
        options.failures.write_text("\n".join([f"# {len(failures)} of {len(counted)}\n", *map(account, failures)]))


if __name__ == "__main__":
    main()
