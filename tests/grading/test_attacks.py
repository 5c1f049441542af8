"""What must hold for every submission of the hostile set: no undeserved point, no escape, no harm to right work."""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import hostile_specials
import numpy as np
import pytest
from hostile_run import Graded, Run, adopting, children, grade, is_dead
from hostile_set import KINDS, POINTS, Attack, attacks

from checkers.task_check import Probes
from gradcheck.catalogue import ExerciseFolder, bundled
from gradcheck.compiled import compiled
from gradcheck.render import figures

QUICK = [one for one in attacks() if not one.slow and not one.locate]
LOCATED = [one for one in attacks() if one.locate and not one.slow]
SLOW = [one for one in attacks() if one.slow]


def name_of(value: object) -> str | None:
    return value.name if isinstance(value, Attack) else None


def test_the_set_is_as_large_as_was_asked_for() -> None:
    assert len([one for one in attacks() if not one.is_accident]) >= 75
    assert {one.kind for one in attacks()} >= set(KINDS) - {20, 21}  # archives and names: `hostile_specials`
    assert all(one.name.isidentifier() for one in attacks())


# One submission -------------------------------------------------------------------------------------------------------


def check(attack: Attack, run: Run) -> Graded:
    """What holds for every attack."""
    graded = run.graded[attack.name]
    undeserved = {task: graded.score(task) for task in POINTS if task not in attack.right and graded.score(task) > 0}
    assert not undeserved
    assert not graded.got_through
    assert not attack.codes or graded.codes & set(attack.codes)
    return graded


@pytest.mark.parametrize("attack", [one for one in QUICK if not one.is_accident], ids=name_of)
def test_an_attack_earns_nothing_and_gets_nowhere(hostile_run: Run, attack: Attack) -> None:
    check(attack, hostile_run)


@pytest.mark.parametrize("attack", LOCATED, ids=name_of)
def test_an_attack_on_the_search_for_repairs_gets_nowhere(located_run: Run, attack: Attack) -> None:
    check(attack, located_run)


@pytest.mark.slow
@pytest.mark.parametrize("attack", SLOW, ids=name_of)
def test_a_long_attack_gets_nowhere(slow_run: Run, attack: Attack) -> None:
    check(attack, slow_run)


@pytest.mark.slow
@pytest.mark.parametrize("attack", attacks(), ids=name_of)
def test_an_attack_gets_nowhere_without_namespaces_either(good_run: Run, attack: Attack) -> None:
    check(attack, good_run)


@pytest.mark.parametrize("accident", [one for one in QUICK if one.is_accident], ids=name_of)
def test_right_work_is_not_refused(hostile_run: Run, accident: Attack) -> None:
    graded = hostile_run.graded[accident.name]
    assert {task: graded.score(task) for task in POINTS} == POINTS
    assert graded.report["verdict"] == "right"
    assert graded.faults == []


# The whole run --------------------------------------------------------------------------------------------------------


@pytest.fixture(
    params=[
        "hostile_run",
        "located_run",
        *(pytest.param(run, marks=pytest.mark.slow) for run in ("slow_run", "good_run")),
    ]
)
def any_run(request: pytest.FixtureRequest) -> Run:
    run = request.getfixturevalue(request.param)
    assert isinstance(run, Run)
    return run


def test_the_run_ends_by_itself_with_every_submission_in_it(any_run: Run) -> None:
    assert any_run.exit_code in {0, 3}, any_run.said
    assert "Traceback" not in any_run.said
    assert not {name: why for name, why in any_run.refused.items() if "fault of gradcheck" in why}


def test_nothing_outside_appears_or_changes(any_run: Run) -> None:
    assert any_run.changed == []


def test_nobody_is_reached(any_run: Run) -> None:
    assert any_run.reached == []


def test_no_process_is_left(any_run: Run) -> None:
    assert any_run.left == set()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_daemon_would_be_seen() -> None:
    """What `left` is made of: a process whose parent has ended, in a session of its own."""
    daemon = """
import os, time
middle = os.fork()
if middle == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(30)
    os._exit(0)
os.waitpid(middle, 0)
"""
    with adopting():
        had = children()
        subprocess.run([sys.executable, "-c", daemon], check=True)
        left = {number for number in children() - had if not is_dead(number)}
    assert len(left) == 1
    for number in left:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def test_what_is_no_ordinary_file_earns_nothing(hostile_run: Run) -> None:
    scores = {
        name: graded.report["score"] for name, graded in hostile_run.graded.items() if name.startswith("special-")
    }
    assert not {name: score for name, score in scores.items() if score and name != "special-deep"}


def test_no_archive_leaves_its_folder(hostile_run: Run) -> None:
    around = hostile_run.out.parent
    everywhere = {*around.rglob("*evil*"), *around.parent.glob("*evil*"), *Path("/tmp").glob("evil*")}
    assert everywhere == set()


def test_right_work_under_a_hostile_name_is_graded_or_refused_by_name(hostile_run: Run) -> None:
    graded = {one.report["file"]: one.report["score"] for one in hostile_run.graded.values()}
    refused = " ".join(hostile_run.refused.values())
    for name in hostile_specials.HOSTILE_NAMES:
        is_named = name.isprintable() and name in refused
        is_refused = is_named or ascii(name)[1:-1] in refused or len(name) > 200
        assert is_refused or graded.get(name) == sum(POINTS.values()), name
    assert len(set(hostile_specials.HOSTILE_NAMES) & set(graded)) >= 15


# What is written ------------------------------------------------------------------------------------------------------

MARKUP = re.compile(r"<script>alert|<img src=x|</td></style>", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def written(run: Run, *endings: str) -> list[Path]:
    """The files of these endings that a run has made."""
    return [path for path in sorted(run.out.rglob("*")) if path.is_file() and path.suffix in endings]


def test_nobody_can_make_the_outputs_large(hostile_run: Run) -> None:
    """A megabyte an answer is what a forger may send; the instructor's page holds a class of them."""
    sizes = {path.name: path.stat().st_size for path in written(hostile_run, ".html", ".md", ".csv")}
    assert {name: size for name, size in sizes.items() if size > 500_000} == {}


def test_no_page_holds_markup_of_a_submission(hostile_run: Run) -> None:
    pages = written(hostile_run, ".html")
    assert len(pages) > 100
    assert [path.name for path in pages if MARKUP.search(path.read_text(encoding="utf-8"))] == []


def test_no_feedback_in_markdown_holds_tags(hostile_run: Run) -> None:
    """What is no code has every < with a backslash before it."""
    code = re.compile(r"^(`{3,}).*?^\1|(`+).+?\2", re.MULTILINE | re.DOTALL)
    texts = {path.name: code.sub("", path.read_text(encoding="utf-8")) for path in written(hostile_run, ".md")}
    assert len(texts) > 100
    assert [name for name, text in texts.items() if re.search(r"(?<!\\)<[a-z/!]", text, re.IGNORECASE)] == []


def test_no_text_holds_control_characters(hostile_run: Run) -> None:
    texts = written(hostile_run, ".html", ".md", ".csv", ".xml")
    assert [path.name for path in texts if CONTROL.search(path.read_text(encoding="utf-8"))] == []
    assert not CONTROL.search(hostile_run.said)


def test_xml_of_hostile_texts_can_be_read(hostile_run: Run) -> None:
    cases = [case for path in written(hostile_run, ".xml") for case in ElementTree.parse(path).iter("testcase")]
    assert len(cases) > 1000


def test_no_cell_is_a_formula(hostile_run: Run) -> None:
    for path in written(hostile_run, ".csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_names_of_files_are_harmless(hostile_run: Run) -> None:
    names = [path.name for path in hostile_run.out.rglob("*")]
    assert [name for name in names if not name.isprintable() or re.search(r"[<>:\"|?*\\;`$\n]", name)] == []


def leaked(run: Run) -> list[tuple[str, str]]:
    """(submission, expected value) where a student's own pages tell one that they did not compute themselves."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in written(run, ".md", ".html")}
    found = []
    for name, graded in run.graded.items():
        worst = [output["worst"] for task in graded.report["tasks"] for output in task["outputs"] if output["worst"]]
        told = pages[f"{name}.md"] + pages[f"{name}.html"]
        values = [(figures.entry(one["expected"]), one["yours"]) for one in worst if type(one["expected"]) is float]
        found += [(name, text) for text, yours in values if len(text) > 4 and text in told and str(yours) not in text]
    return found


def test_no_feedback_holds_what_is_expected(hostile_run: Run) -> None:
    assert leaked(hostile_run) == []


def test_feedback_that_may_tell_is_seen_to(tmp_path: Path, shut_in: None) -> None:
    wrong = next(one for one in QUICK if one.name == "zero_loss_with_zero_gradient")
    assert leaked(grade([wrong], tmp_path, "--locate-budget", "0", "--feedback", "3"))


# What the calls give away ---------------------------------------------------------------------------------------------


def answers_among_arguments(probes: Probes) -> set[tuple[str, str, str]]:
    """(task, argument, other task's output): where an argument of one call is what another one is to return."""
    # Of what a property judges, nothing is expected.
    names = {task.name for task in probes.loaded.exercise.tasks if task.judged_by is None}
    every = [probe for name in names for probe in probes.of(name)]
    given = [(p.task.name, name, np.asarray(p.values[name], float)) for p in every for name in p.task.arrays()]
    found = set()
    for probe in every:
        for output in probe.task.outputs:
            wanted = probe.expected(output)
            own = [np.asarray(probe.values[name], float) for name in probe.task.arrays()]
            if wanted.size == 1 or any(is_same(wanted, array) for array in own):
                continue
            found |= {(task, name, output.name) for task, name, array in given if is_same(wanted, array)}
    return found


def is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """The same numbers, as they are or transposed."""
    return any(one.shape == array.shape and np.allclose(one, array, rtol=1e-7, atol=0) for array in (other, other.T))


@pytest.mark.parametrize("folder", bundled(), ids=lambda folder: folder.id)
def test_no_argument_is_another_functions_answer(folder: ExerciseFolder) -> None:
    assert answers_among_arguments(Probes(compiled(folder), seed=7)) == set()
