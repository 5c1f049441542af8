"""`gradcheck grade`, `report`, `merge` and `compare`: a class graded by the installed command, interrupted, resumed."""

import csv
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from gradcheck.catalogue import find
from gradcheck.cli.app import run_command_line

SOLUTION = find("softmax-regression").solution.read_text(encoding="utf-8")
WRONG = SOLUTION.replace("(softmax(Z) - Y) / len(Z)", "(Y - softmax(Z)) / len(Z)")


def write_class(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hw1(tmp_path_factory, run_command):
    """A class of four, graded: one is wrong, one repeats another, one is a link. (folder, output folder, command)"""
    folder = write_class(tmp_path_factory.mktemp("course") / "hw1", ann=SOLUTION, bob=WRONG, cid=SOLUTION)
    (folder / "eve.py").symlink_to("/etc/hostname")
    done = run_command("grade", str(folder), "--seed", "5", "--jobs", "2")
    return folder, folder.with_name("hw1-graded"), done


@pytest.fixture
def run_here(capfd):
    """Runs a command line that starts no process in this one; gives its exit code, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_command_line(list(arguments))
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


def grades(out: Path) -> dict[str, tuple[str, str, str]]:
    with (out / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["name"]: (row["score"], row["verdict"], row["codes"]) for row in csv.DictReader(file)}


GRADES = {
    "ann": ("6", "right", ""),
    "bob": ("3", "wrong", "residual-reversed"),
    "cid": ("6", "right", ""),
    "eve": ("0", "not-run", ""),
}


def test_a_class_is_graded_and_what_could_not_be_makes_the_exit_code(hw1):
    _, out, done = hw1
    assert (done.returncode, done.stderr) == (3, "")
    assert grades(out) == GRADES
    assert {path.name for path in (out / "feedback").iterdir()} >= {"ann.html", "bob.md", "eve.md"}
    assert "<html" in (out / "report.html").read_text(encoding="utf-8")


def test_what_is_graded_and_how_is_said_first(hw1):
    _, _, done = hw1
    head = done.stdout.split("\n\n")[0]
    assert "4 submissions" in head
    assert "Exercise softmax-regression, found from the files; seed 5; isolation " in head


def test_the_summary_has_counts_the_mean_mistakes_and_who_needs_a_look(hw1):
    _, out, done = hw1
    for text in ("2  right", "1  wrong", "1  not graded", "3.75  points of 6", "1  residual-reversed"):
        assert text in done.stdout
    assert re.search(r"1  not graded +eve\n", done.stdout)
    assert re.search(r"\d  identical source +.*cid\n", done.stdout)
    assert f"report    {out / 'report.html'}" in done.stdout


def test_running_it_again_grades_nothing_and_writes_the_same(hw1, run_command):
    folder, out, _ = hw1
    before = json.loads((out / "results.json").read_text(encoding="utf-8"))
    done = run_command("grade", str(folder))
    assert (done.returncode, done.stderr) == (3, "")
    assert "seed 5;" in done.stdout
    assert f"Going on with the run in {out}." in done.stdout
    after = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert before["submissions"] == after["submissions"]  # also the seconds that each took


def test_a_report_is_made_anew_from_the_journal(hw1, run_here, tmp_path):
    _, out, _ = hw1
    copy = shutil.copytree(
        out, tmp_path / "copy", ignore=shutil.ignore_patterns("*.csv", "*.json", "*.html", "feedback")
    )
    code, output, _ = run_here("report", str(copy), "--format", "junit", "--quiet")
    assert code == 3
    assert output == f"softmax-regression: 2 right, 1 wrong, 1 not graded; mean 3.75 of 6; {copy / 'report.html'}\n"
    assert grades(copy) == GRADES
    assert (copy / "feedback" / "bob.html").is_file()
    assert list(copy.glob("*.xml"))


def test_a_platform_whose_file_cannot_be_written_costs_no_other(hw1, run_here, tmp_path):
    copy = shutil.copytree(hw1[1], tmp_path / "copy")
    code, output, errors = run_here("report", str(copy), "--format", "moodle", "--format", "junit")
    assert code == 2
    assert errors.startswith("gradcheck: moodle: Moodle takes back only the worksheet")
    assert f"{copy / 'junit.xml'}\n" in output


@pytest.mark.slow
def test_parts_that_are_joined_give_what_the_whole_gives(hw1, run_command, run_here, tmp_path):
    folder, _, _ = hw1
    for part in ("1/2", "2/2"):
        out = str(tmp_path / part[0])
        run_command("grade", str(folder), "--seed", "5", "--shard", part, "--out", out, "--jobs", "1")
    assert set(grades(tmp_path / "1")) | set(grades(tmp_path / "2")) == set(GRADES)
    assert not set(grades(tmp_path / "1")) & set(grades(tmp_path / "2"))
    code, output, errors = run_here("merge", str(tmp_path / "all"), str(tmp_path / "1"), str(tmp_path / "2"))
    assert (code, errors) == (3, "")
    assert "Parts that are missing" not in output
    assert grades(tmp_path / "all") == GRADES
    _, output, _ = run_here("merge", str(tmp_path / "half"), str(tmp_path / "2"))
    assert "Parts that are missing: 1/2." in output


def test_another_seed_is_a_new_run_that_is_compared_with_the_old_one(hw1, run_command, run_here, tmp_path):
    copy = shutil.copytree(hw1[1], tmp_path / "hw1-graded")
    write_class(tmp_path / "hw1", ann=SOLUTION, bob=SOLUTION)
    done = run_command("grade", str(tmp_path / "hw1"), "--seed", "6", "--jobs", "1")
    assert done.returncode == 0
    assert "A new run, since the seed is 6, not 5. What was graded before stays in the journal." in done.stdout
    comparison = json.loads(run_here("compare", str(copy), "--format", "json")[1])
    assert [(one["name"], one["difference"]) for one in comparison["scores"]] == [("bob", 3.0)]
    assert comparison["only_before"] == ["cid", "eve"]
    assert "0 of 2 scores changed" in run_here("compare", f"{copy}@2", f"{copy}@2")[1]


def test_a_submission_is_graded_once_more_where_that_is_asked(hw1, run_command, tmp_path):
    folder, out, _ = hw1
    copy = shutil.copytree(out, tmp_path / "copy")
    with closing(sqlite3.connect(copy / "journal.sqlite", isolation_level=None)) as journal:
        journal.execute("UPDATE results SET seconds = 99")
    done = run_command("grade", str(folder), "--out", str(copy), "--regrade", "bob")
    assert "1 result is graded again." in done.stdout
    seconds = {one["name"]: one["seconds"] for one in json.loads((copy / "results.json").read_text())["submissions"]}
    assert (seconds["ann"], seconds["cid"]) == (99, 99)
    assert 0 < seconds["bob"] < 99


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupted_run_goes_on_where_it_stopped(run_command, tmp_path, number):
    folder = write_class(tmp_path / "hw2", **{f"s{n:03}": f"{WRONG}# {n}\n" for n in range(200)})
    out = tmp_path / "hw2-graded"
    command = [sys.executable, "-m", "gradcheck", "grade", str(folder), "--locate-budget", "0", "--jobs", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        while process.poll() is None and finished(out) < 3:
            time.sleep(0.05)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    done = finished(out)
    assert process.returncode == 130
    assert errors.startswith("Interrupted: ")
    assert f"of 200 are graded and kept in {out}. The same command goes on from there" in errors
    assert "Traceback" not in errors
    assert 3 <= done < 200
    for path in sorted(folder.iterdir())[6:]:
        path.unlink()
    again = run_command("grade", str(folder), "--locate-budget", "0")
    assert again.returncode == 0
    assert {verdict for _, verdict, _ in grades(out).values()} == {"wrong"}
    assert len(grades(out)) == 6


def finished(out: Path) -> int:
    """How many results the journal has."""
    if not (out / "journal.sqlite").exists():
        return 0
    try:
        with closing(sqlite3.connect(out / "journal.sqlite")) as journal:
            return journal.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:  # its tables are being made
        return 0


def test_students_files_in_the_current_folder_are_not_imported(run_command, tmp_path):
    trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write(__name__)\n"
    names = ("socket", "struct", "numpy", "multiprocessing", "signal", "selectors", "checkers")
    folder = write_class(tmp_path / "hw3", **dict.fromkeys(names, trap), ann=SOLUTION)
    done = run_command("grade", ".", "--exercise", "softmax-regression", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert grades(tmp_path / "hw3-graded")["ann"] == ("6", "right", "")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--shard", "1/2"], "--shard needs --seed"),
        (["--shard", "3/2", "--seed", "1"], "--shard takes I/N with I from 1 to N"),
        (["--format", "canvass"], "There is no format canvass. Did you mean canvas?"),
        (["--format", "moodle", "--worksheet", "none.csv"], "--worksheet none.csv: there is no such file."),
        (["--header", "Grade"], "--header takes NAME=TEXT"),
        (["--visibility", "never"], "--visibility takes visible, after_due_date"),
        (["--regrade", "annn"], "--regrade annn: no submission is called so. Did you mean ann?"),
        (["--exercise", "softmax"], "There is no exercise softmax."),
        (["--out", "hw1/out"], "--out hw1/out lies in hw1, and would be graded itself"),
        (["--timeout", "0"], "a call needs some time"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_call_that_makes_no_sense_exits_with_2_before_anything_is_graded(hw1, monkeypatch, run_here, arguments, text):
    folder, _, _ = hw1
    monkeypatch.chdir(folder.parent)
    code, _, errors = run_here("grade", "hw1", *arguments)
    assert code == 2
    assert text in errors
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["report", "{here}"], "is no output folder of gradcheck grade"),
        (["report", "none"], "There is no folder none."),
        (["report", "{out}", "--run", "7"], "has not a run 7"),
        (["compare", "{out}@7", "{out}"], "has not a run 7"),
        (["merge", "{out}", "{out}"], "is one of the parts"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_folder_without_a_run_is_named(hw1, tmp_path, run_here, arguments, text):
    filled = [argument.format(here=tmp_path, out=hw1[1]) for argument in arguments]
    code, _, errors = run_here(*filled)
    assert code == 2
    assert text in errors


def test_two_exercises_in_one_folder_are_refused_by_name(tmp_path, run_here):
    write_class(tmp_path / "hw", ann=SOLUTION, bob=find("mlp").solution.read_text(encoding="utf-8"))
    code, _, error = run_here("grade", str(tmp_path / "hw"))
    assert code == 2
    assert "1 to mlp (bob)" in error
    assert "1 to softmax-regression (ann)" in error
    assert "--exercise" in error
    assert not (tmp_path / "hw-graded").exists()


def test_an_exercise_that_a_student_names_is_not_looked_for_on_disk(tmp_path, run_here):
    evil = write_class(tmp_path / "evil", exercise=f"open({str(tmp_path / 'sprung')!r}, 'w')")
    write_class(tmp_path / "hw", ann=f"# gradcheck: exercise {evil}\n" + SOLUTION.partition("\n")[2])
    code, _, error = run_here("grade", str(tmp_path / "hw"))
    assert code == 2
    assert "which does not come with gradcheck. Give its folder" in error
    assert not (tmp_path / "sprung").exists()
