"""`gradcheck check` around a check that is given: options, formats, files and exit codes."""

import json
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from checkers.errors import NoExerciseError, OracleError
from gradcheck.cli.app import run_command_line


@pytest.fixture
def checked(monkeypatch, sample):
    """Puts a report in the place of a check, and records how it was called."""
    calls = []

    def set_result(result):
        def check_file(path, **options):
            calls.append((path, options))
            if isinstance(result, Exception):
                raise result
            return result

        module = ModuleType("gradcheck.file_check")
        module.check_file = check_file
        monkeypatch.setitem(sys.modules, "gradcheck.file_check", module)
        return calls

    set_result(sample("wrong"))
    set_result.calls = calls
    return set_result


@pytest.mark.parametrize(
    ("name", "code"),
    [("right", 0), ("wrong", 1), ("raised", 1), ("syntax", 1), ("undecided", 3), ("missing", 3), ("hostile", 1)],
)
def test_exit_code_follows_the_verdict(checked, sample, name, code):
    checked(sample(name))
    assert run_command_line(["student.py"]) == code


@pytest.mark.parametrize("error", [NoExerciseError("fits none"), OracleError("they disagree")])
def test_a_call_that_cannot_be_checked_exits_with_2(checked, capsys, error):
    checked(error)
    assert run_command_line(["student.py"]) == 2
    assert capsys.readouterr() == ("", f"gradcheck: {error}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["student.py", "--seed", "7", "-q"],
        ["check", "student.py", "--seed", "7", "-q"],
        ["--seed", "7", "-q", "student.py"],
        ["--seed=7", "student.py", "-q"],
    ],
    ids=" ".join,
)
def test_check_is_the_default_command(checked, arguments):
    assert run_command_line(arguments) == 1
    ((path, options),) = checked.calls
    assert (str(path), options["seed"], options["timeout"], options["exercise"]) == ("student.py", 7, 10.0, None)


def test_a_file_named_like_a_command_is_checked_by_check(checked):
    assert run_command_line(["check", "list"]) == 1
    assert str(checked.calls[0][0]) == "list"


def test_a_misspelt_command_that_is_a_file_is_checked(checked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists").touch()
    assert run_command_line(["lists"]) == 1


def test_default_hint_level_is_2(checked, capsys):
    run_command_line(["student.py"])
    text = capsys.readouterr().out
    assert "student.py:25" in text
    assert "dZ = A - Y" not in text


def test_hint_level_3_shows_the_fix(checked, capsys):
    run_command_line(["student.py", "--hints", "3"])
    assert "+ dZ = A - Y" in capsys.readouterr().out


def test_quiet_prints_one_line(checked, capsys):
    run_command_line(["student.py", "--quiet"])
    assert capsys.readouterr().out == "student.py: wrong, 2 of 8 points, softmax-regression, seed 20231\n"


def test_json_is_one_document_on_standard_output(checked, capsys):
    run_command_line(["student.py", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["verdict"] == "wrong"


@pytest.mark.parametrize("format", ["text", "json", "markdown", "html", "junit"])
def test_output_writes_the_file_and_prints_nothing(checked, capsys, tmp_path, format):
    target = tmp_path / "report"
    assert run_command_line(["student.py", "--format", format, "--output", str(target)]) == 1
    assert "residual-reversed" in target.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_output_replaces_a_file_whole(checked, sample, tmp_path):
    target = tmp_path / "report.json"
    target.write_text("x" * 100_000, encoding="utf-8")
    run_command_line(["student.py", "--format", "json", "--output", str(target)])
    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "gradcheck/report/1"


@pytest.mark.parametrize(("target", "told"), [("missing/r.txt", "does not exist"), (".", "is a folder")])
def test_output_that_cannot_be_is_refused_before_the_check(checked, capsys, tmp_path, monkeypatch, target, told):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["student.py", "--output", target]) == 2
    assert told in capsys.readouterr().err
    assert checked.calls == []


def test_a_message_cannot_steer_the_terminal(checked, capsys):
    checked(NoExerciseError("no exercise fits \x1b[31mred\x1b[0m.py"))
    run_command_line(["student.py"])
    assert "\x1b" not in capsys.readouterr().err


def test_a_report_does_not_overwrite_the_file_that_is_checked(tmp_path, run_command):
    student = tmp_path / "student.py"
    student.write_text("# gradcheck: exercise softmax-regression\n")
    done = run_command("check", str(student), "--output", str(student))
    assert done.returncode == 2
    assert "overwrite" in done.stderr
    assert student.read_text() == "# gradcheck: exercise softmax-regression\n"


WRONG = [
    path
    for exercise in sorted((Path(__file__).parents[2] / "exercises").iterdir())
    for path in sorted(exercise.glob("wrong/*.py"))[3:4]
]


@pytest.mark.parametrize("path", WRONG, ids=lambda path: f"{path.parents[1].name}/{path.name}")
def test_a_wrong_submission_through_the_installed_command(run_command, path):
    expected = tomllib.loads((path.parent / "expected.toml").read_text())[path.name]
    done = run_command(str(path), "--format", "json", "--seed", "20231")
    report = json.loads(done.stdout)
    findings = [*report["problems"], *(f for task in report["tasks"] for f in task["findings"])]
    named = {code for f in findings for code in (f["code"], *(other["code"] for other in f["alternatives"]))}
    assert done.returncode == 1, done.stderr
    assert named & {expected["code"], *expected.get("accept", [])}
