"""How well written derivations are judged: the frozen set of tests/written, held against the verdicts given there.

    python benchmarks/written.py                            the whole set, then seconds for a page by the command
    python benchmarks/written.py --only bishop --verbose    documents whose path holds a word, every difference
    python benchmarks/written.py --path FILE_OR_FOLDER      other documents; a NAME.toml beside one has its verdicts
    python benchmarks/written.py --fuzz 10000               damaged formulas: what raises, what takes over 5 seconds

Beside each document NAME.tex (.md, .ipynb, .txt) stands NAME.toml with a verdict for each statement, found by the line
of its relation sign, the how-manieth sign of a statement it is on that line, and in a notebook the cell. Where several
verdicts or families are given, each will do. Counted:

    checked          said to be something else than not checkable, of all statements that are labelled or found
    accused          said to be wrong, and not labelled so: the worst that can happen, always listed
    found, missed    labelled wrong, and said to be so or not
    wrong family     found, but neither the first finding nor an alternative of it has an accepted family
    other verdict    any other verdict than the labelled ones: a right line taken for a definition, say
"""
# ruff: noqa: E402 -- the number of threads must be set before NumPy is imported

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import traceback
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from derivations import derive
from derivations.documents import render
from derivations.models import MODELS
from derivations.written import verify
from derivations.written.source.document import Document, read_document
from derivations.written.source.statements import Statement, statements
from derivations.written.verdicts import CheckedDerivation, CheckedStatement, Judgement

ROOT = Path(__file__).resolve().parents[1]
SET = ROOT / "tests" / "written"
SUFFIXES = {".tex", ".md", ".ipynb", ".txt"}
LIMIT = 5.0  # seconds for a document, however damaged
PAGE, PAGE_LIMIT, PAGE_RUNS = range(34, 47), 2.0, 5  # statements of a page of about 40; its seconds; runs of each
SLOWEST = 5
PRINTED = "softmax-regression"

Place = tuple[int | None, int, int]
"""Cell, line, and the how-manieth statement sign on that line."""


class Fault(StrEnum):
    """What can be wrong with what is said of a statement. Listed from worst to best."""

    ACCUSED = "accused"
    MISSED = "missed"
    NOT_CHECKED = "not checked"
    ABSENT = "not found as a statement"
    OTHER_VERDICT = "other verdict"
    WRONG_FAMILY = "wrong family"


# What is labelled and what is said ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Label:
    """The verdicts and families that will do for a statement."""

    verdicts: frozenset[str]
    families: frozenset[str] = frozenset()
    note: str = ""

    @property
    def is_wrong(self) -> bool:
        """Is it wrong without doubt?"""
        return self.verdicts == {Judgement.WRONG}


@dataclass(frozen=True)
class Marked:
    """A statement: its label, and what was said of it.

    Attributes:
        label: None where the document has a statement that is not labelled.
        said: None where a labelled statement was not found.
        families: of the first finding and its alternatives, the first one's first.
        words: the message of the first finding, or the reason.
    """

    file: str
    place: Place
    label: Label | None
    said: str | None
    families: tuple[str, ...] = ()
    words: str = ""
    source: str = ""

    @property
    def fault(self) -> Fault | None:
        """What is wrong with what is said, if anything."""
        if self.label is None:
            return None
        if self.said is None:
            return Fault.ABSENT
        if self.said == Judgement.WRONG and Judgement.WRONG not in self.label.verdicts:
            return Fault.ACCUSED
        if self.said in self.label.verdicts:
            named = self.said != Judgement.WRONG or not self.label.families or self.label.families & {*self.families}
            return None if named else Fault.WRONG_FAMILY
        if self.said == Judgement.RIGHT and Judgement.DEFINITION in self.label.verdicts:
            return None  # a definition that agrees with the model
        if self.label.is_wrong:
            return Fault.MISSED
        return Fault.NOT_CHECKED if self.said == Judgement.NOT_CHECKABLE else Fault.OTHER_VERDICT

    @property
    def where(self) -> str:
        """As file:line, with the cell and the number on the line where they matter."""
        cell, line, nth = self.place
        return f"{self.file}:{f'{cell}:' if cell else ''}{line}{f' ({nth})' if nth > 1 else ''}"

    def __str__(self) -> str:
        expected = "/".join(sorted(self.label.verdicts)) if self.label else "not labelled"
        families = f" ({'/'.join(sorted(self.label.families))})" if self.label and self.label.families else ""
        said = self.said or "nothing"
        named = f" ({'/'.join(self.families)})" if self.families else ""
        note = f"label: {self.label.note}" if self.label and self.label.note else ""
        first = f"{self.where}  {expected}{families}, said {said}{named}"
        return "\n      ".join(line for line in (first, self.source, self.words, note) if line)


@dataclass(frozen=True)
class Run:
    """A document, judged.

    Attributes:
        marked: its statements, by place; those labelled but not found among them.
        crash: the traceback, where it raised.
    """

    path: Path
    notation: str
    marked: tuple[Marked, ...]
    seconds: float
    crash: str = ""


def documents(folder: Path = SET) -> list[Path]:
    """The documents of a folder and its folders, or the one document."""
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)


def labels_of(path: Path) -> tuple[str, str | None, dict[Place, Label]]:
    """The notation, the model and the labels of a document, from the file beside it."""
    beside = path.with_suffix(".toml")
    if not beside.exists():
        return "", None, {}
    read = tomllib.loads(beside.read_text(encoding="utf-8"))
    labels = {
        (one.get("cell"), one["line"], one.get("nth", 1)): Label(
            frozenset(_listed(one["verdict"])), frozenset(_listed(one.get("family", ()))), one.get("note", "")
        )
        for one in read["statement"]
    }
    return read.get("notation", ""), read.get("model"), labels


def _listed(value: str | Iterable[str]) -> Iterable[str]:
    return (value,) if isinstance(value, str) else value


def places(document: Document, found: Sequence[Statement]) -> list[Place]:
    """Where each statement stands, as the labels count."""
    seen: dict[tuple[int | None, int], int] = defaultdict(int)
    out: list[Place] = []
    for statement in found:
        line = document.cell(statement.sign_at), document.position(statement.sign_at)[0]
        seen[line] += 1
        out.append((*line, seen[line]))
    return out


def run(path: Path) -> Run:
    """Judge a document and hold what is said against its labels."""
    text = path.read_text(encoding="utf-8")
    notation, model, labels = labels_of(path)
    start = time.perf_counter()
    try:
        checked = verify(path.name, text, model=model)
    except Exception:
        nothing = tuple(Marked(_file(path), place, label, None) for place, label in labels.items())
        return Run(path, notation, nothing, time.perf_counter() - start, traceback.format_exc())
    seconds = time.perf_counter() - start
    return Run(path, notation, marked(path, checked, labels), seconds)


def _file(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def marked(path: Path, checked: CheckedDerivation, labels: dict[Place, Label]) -> tuple[Marked, ...]:
    """Each statement with its label."""
    file = _file(path)
    document = checked.document
    found = places(document, statements(document))
    out = [
        _marked(file, place, labels.get(place), statement, document)
        for place, statement in zip(found, checked.statements, strict=True)
    ]
    absent = [Marked(file, place, label, None) for place, label in labels.items() if place not in found]
    return (*out, *absent)


def _marked(file: str, place: Place, label: Label | None, said: CheckedStatement, document: Document) -> Marked:
    finding = said.findings[0] if said.findings else None
    families = () if finding is None else (finding.family, *(other.family for other in finding.alternatives))
    words = (f"{finding.code}: {finding.message}" if finding else said.reason) or ""
    source = " ".join(document.text[said.start : said.end].split())
    return Marked(file, place, label, said.judgement, tuple(map(str, families)), words, source)


# Tables ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """What a set comes to."""

    statements: int
    checked: int
    labelled_wrong: int
    found: int
    faults: dict[Fault, list[Marked]]
    crashes: int

    @staticmethod
    def of(runs: Iterable[Run]) -> Figures:
        """Counted over documents."""
        runs = list(runs)
        all_marked = [one for run in runs for one in run.marked]
        wrong = [one for one in all_marked if one.label and one.label.is_wrong]
        faults: dict[Fault, list[Marked]] = {fault: [] for fault in Fault}
        for one in all_marked:
            if one.fault:
                faults[one.fault].append(one)
        return Figures(
            len(all_marked),
            sum(one.said not in {None, Judgement.NOT_CHECKABLE} for one in all_marked),
            len(wrong),
            sum(one.said == Judgement.WRONG for one in wrong),
            faults,
            sum(bool(run.crash) for run in runs),
        )

    @property
    def coverage(self) -> float:
        """The share of the statements that were checked."""
        return self.checked / self.statements if self.statements else 1.0

    def row(self) -> str:
        """On one line of the table by notation."""
        numbers = [self.statements, f"{self.coverage:.1%}", len(self.faults[Fault.ACCUSED])]
        numbers += [f"{self.found}/{self.labelled_wrong}", len(self.faults[Fault.WRONG_FAMILY])]
        numbers += [len(self.faults[Fault.OTHER_VERDICT]), self.crashes]
        return "".join(f"{number!s:>12}" for number in numbers)


COLUMNS = ("statements", "checked", "accused", "found", "family", "other", "crashes")
HEADINGS = "".join(f"{word:>12}" for word in COLUMNS)


def report(runs: Sequence[Run], *, by_notation: bool, verbose: bool) -> Figures:
    """Print what is said of a set; the figures of all of it."""
    total = Figures.of(runs)
    listed = list(Fault) if verbose else [Fault.ACCUSED, Fault.MISSED, Fault.WRONG_FAMILY, Fault.ABSENT]
    for fault in listed:
        if total.faults[fault]:
            print(f"\n{fault.capitalize()}: {len(total.faults[fault])}")
        for one in total.faults[fault]:
            print(f"  {one}")
    for one_run in runs:
        if one_run.crash:
            shown = one_run.crash if verbose else one_run.crash.rstrip().rpartition("\n")[2]
            print(f"\nCrash: {one_run.path.name}: {shown}")
    if by_notation:
        groups: dict[str, list[Run]] = defaultdict(list)
        for one_run in runs:
            groups[one_run.notation].append(one_run)
        print(f"\n{'notation':32}{HEADINGS}")
        for notation, some in sorted(groups.items()):
            print(f"{notation[:31]:32}{Figures.of(some).row()}")
    folders: dict[str, list[Run]] = defaultdict(list)
    for one_run in runs:
        folders[one_run.path.parent.name].append(one_run)
    print(f"\n{'folder':32}{HEADINGS}")
    for folder, some in sorted(folders.items()):
        print(f"{f'{folder}, {len(some)} documents':32}{Figures.of(some).row()}")
    print(f"{f'all {len(runs)} documents':32}{total.row()}")
    slowest = sorted(runs, key=lambda one: -one.seconds)[:SLOWEST]
    print(f"\nSeconds: {sum(one.seconds for one in runs):.1f} in all; the slowest:")
    for one_run in slowest:
        print(f"  {one_run.seconds:6.2f}  {one_run.path.name} ({len(one_run.marked)} statements)")
    return total


def time_pages(paths: Iterable[Path]) -> bool:
    """Seconds of the installed command for pages of about 40 equalities; true when each is below the limit.

    The pages are documents of the set of that length, many of whose lines are wrong, and our own derivation of softmax
    regression as `gradcheck derive` prints it, all of whose lines are right.
    """
    print(f"\nA page of about 40 equalities, `gradcheck verify`: medians of {PAGE_RUNS} runs after a first one")
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder, "derivation_of_softmax_regression.md")
        printed.write_text(render(derive(MODELS[PRINTED].build(route="y-hat")), format="markdown"), encoding="utf-8")
        pages = [(printed, PRINTED), *((path, labels_of(path)[1]) for path in paths if len(labels_of(path)[2]) in PAGE)]
        are_met = [_time_page(path, model) for path, model in pages]
    return all(are_met)


def _time_page(path: Path, model: str | None) -> bool:
    command = Path(sys.executable).with_name("gradcheck")
    words = [str(command), "verify", str(path), "--format", "json", *(["--model", model] if model else [])]
    seconds = []
    for _ in range(PAGE_RUNS + 1):
        start = time.perf_counter()
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        seconds.append(time.perf_counter() - start)
    try:
        counts = json.loads(done.stdout)["counts"]
    except ValueError:
        print(f"  {path.name}: exit code {done.returncode}: {done.stderr.strip().rpartition(chr(10))[2][:200]}")
        return False
    middle = median(seconds[1:])
    said = f"{counts['statements']} statements, {counts['wrong']} wrong"
    print(f"  {middle:5.2f} s (first {seconds[0]:.2f})  {said}  {path.name}")
    return middle < PAGE_LIMIT


# Statements that fail today -------------------------------------------------------------------------------------------


def failures(runs: Iterable[Run]) -> list[Marked]:
    """All statements of which something else is said than labelled, in order."""
    return [one for run in runs for one in run.marked if one.fault]


def failures_text(some: Iterable[Marked]) -> str:
    """As tests/written/expected_failures.toml lists them."""
    pieces = [
        "# Statements of the set of which something else is said than their label. A statement that comes right must\n"
        "# be taken away here; one that fails and is not listed is a fault. Written anew by\n"
        "# `python benchmarks/written.py --failures FILE`.\n"
    ]
    for one in some:
        cell, line, nth = one.place
        rows = [f'file = "{one.file}"', *([f"cell = {cell}"] if cell else []), f"line = {line}"]
        rows += [*([f"nth = {nth}"] if nth > 1 else []), f'fault = "{one.fault}"', f"reason = {_quoted(one.words)}"]
        pieces.append("[[failure]]\n" + "\n".join(rows) + "\n")
    return "\n".join(pieces)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# Damage ---------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+|[A-Za-z]|\s+|.", re.DOTALL)
DAMAGED_SHARE = 0.5  # of the formulas: the others keep their meaning, so that the damage meets definitions
EXCERPT = 12  # formulas at most, in two runs of three; the third takes the whole document


@dataclass(frozen=True)
class Fuzzed:
    """A damaged document: how many of its formulas, its text, and what came of it."""

    name: str
    text: str
    damaged: int
    seconds: float
    crash: str = ""


def damaged(document: Document, generator: random.Random) -> tuple[str, int]:
    """An excerpt with one to three tokens taken away or swapped in about half of the formulas, and in how many."""
    count = len(document.formulas)
    first, last = 0, count
    if generator.random() < 2 / 3 and count > EXCERPT:
        first = generator.randrange(count - EXCERPT)
        last = first + generator.randint(1, EXCERPT)
    ends = [0, *(formula.start + len(formula.text) for formula in document.formulas)]
    pieces, damaged_ones = [], 0
    for place, formula in enumerate(document.formulas[first:last], first):
        pieces.append(document.text[ends[place] : formula.start])
        is_damaged = generator.random() < DAMAGED_SHARE
        pieces.append(_damaged(formula.text, generator) if is_damaged else formula.text)
        damaged_ones += is_damaged
    after = document.formulas[last].start if last < count else len(document.text)
    return "".join([*pieces, document.text[ends[last] : after]]), damaged_ones


def _damaged(formula: str, generator: random.Random) -> str:
    tokens = _TOKEN.findall(formula)
    for _ in range(generator.randint(1, 3)):
        if len(tokens) < 2:
            break
        one, two = generator.randrange(len(tokens)), generator.randrange(len(tokens))
        if generator.random() < 0.5:
            del tokens[one]
        else:
            tokens[one], tokens[two] = tokens[two], tokens[one]
    return "".join(tokens)


class _TooSlowError(BaseException):
    """No `except Exception` of the code under test may catch it."""


def _stop(*_: object) -> None:
    raise _TooSlowError


def fuzz_one(path: Path, seed: int) -> Fuzzed:
    """Damage a document and judge it, for four times the limit at most."""
    document = read_document(path.name, path.read_text(encoding="utf-8"))
    text, count = damaged(document, random.Random(f"{path.name} {seed}"))
    # A notebook's text is its cells, one after the other.
    name = f"{path.stem}.md" if path.suffix == ".ipynb" else path.name
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, 4 * LIMIT)
    start, crash = time.perf_counter(), ""
    try:
        verify(name, text, model=labels_of(path)[1])
    except _TooSlowError:
        crash = f"still running after {4 * LIMIT} s:\n{traceback.format_exc()}"
    except Exception:
        crash = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Fuzzed(f"{seed}_{name}", text, count, time.perf_counter() - start, crash)


def fuzz(paths: Sequence[Path], wanted: int, seed: int, jobs: int, folder: Path) -> bool:
    """Judge documents until so many formulas were damaged; true when none raised and none took over the limit."""
    folder.mkdir(parents=True, exist_ok=True)
    count, documents_seen, bad = 0, 0, 0
    slowest: list[Fuzzed] = []
    with ProcessPoolExecutor(jobs) as pool:
        while count < wanted:
            seed += 1
            for one in pool.map(fuzz_one, paths, [seed] * len(paths)):
                count += one.damaged
                documents_seen += 1
                slowest = sorted([*slowest, one], key=lambda f: -f.seconds)[:SLOWEST]
                if one.crash or one.seconds > LIMIT:
                    bad += 1
                    (folder / one.name).write_text(one.text, encoding="utf-8")
                    said = one.crash.rstrip().rpartition("\n")[2] or f"{one.seconds:.1f} s"
                    print(f"  {folder / one.name}: {said}\n{_last_places(one.crash)}")
                if count >= wanted:
                    break
    print(f"{count} damaged formulas in {documents_seen} documents: {bad} raised or took over {LIMIT} s. The slowest:")
    for one in slowest:
        print(f"  {one.seconds:6.2f}  {one.name}")
        (folder / one.name).write_text(one.text, encoding="utf-8")
    return not bad


def _last_places(crash: str) -> str:
    return "\n".join(re.findall(r'^ *File "[^"]*?(derivations/[^\n]*)', crash, re.MULTILINE)[-4:])


# The command ----------------------------------------------------------------------------------------------------------


def mapped(function: Callable[[Any], Any], items: Sequence[Any], jobs: int) -> Iterator[Any]:
    """The results in order, by several processes where there are to be more than one."""
    if jobs == 1:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(function, items)


def main() -> None:
    warnings.simplefilter("error")  # as in the tests: what warns would be seen by users, too
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", type=Path, default=SET, help="a document or a folder of documents")
    parser.add_argument("--only", default="", help="documents whose path holds this")
    parser.add_argument("--verbose", action="store_true", help="list every difference, whole tracebacks")
    parser.add_argument("--by-notation", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--no-pages", action="store_true", help="do not time the command")
    parser.add_argument("--failures", type=Path, help="write the statements that fail to this file")
    parser.add_argument("--fuzz", type=int, default=0, metavar="N", help="damage so many formulas instead")
    parser.add_argument("--seed", type=int, default=0, help="of the damage")
    parser.add_argument("--folder", type=Path, default=Path("fuzzed"), help="where damaged documents are kept")
    options = parser.parse_args()
    paths = [path for path in documents(options.path) if options.only in str(path)]
    if options.fuzz:
        sys.exit(not fuzz(paths, options.fuzz, options.seed, options.jobs, options.folder))
    runs = list(mapped(run, paths, options.jobs))
    total = report(runs, by_notation=options.by_notation, verbose=options.verbose)
    if options.failures:
        options.failures.write_text(failures_text(failures(runs)), encoding="utf-8")
    is_fast = options.no_pages or time_pages(paths)
    sys.exit(bool(total.faults[Fault.ACCUSED]) or bool(total.crashes) or not is_fast)


if __name__ == "__main__":
    main()
