"""The installed command, from outside: exit codes, standard output, standard error, odd folders."""

import os
import subprocess
import sys

import pytest

from gradcheck.version import __version__

SHADOWS = ("checkers", "derivations", "numpy", "typing", "rich", "typer", "gc", "json", "dataclasses", "enum")


@pytest.fixture
def odd_folder(tmp_path):
    """A student's folder with files named like modules of ours, of NumPy and of the standard library."""
    for name in SHADOWS:
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('imported from the student')\n", encoding="utf-8")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "__init__.py").write_text(
        "raise RuntimeError('imported from the student')\n", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize("module", [False, True], ids=["command", "module"])
def test_version(run_command, module):
    done = run_command("--version", module=module)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gradcheck {__version__}\n", "")


@pytest.mark.parametrize("module", [False, True], ids=["command", "module"])
@pytest.mark.parametrize("arguments", [("list",), ("explain", "sign-flipped")], ids=" ".join)
def test_nothing_is_imported_from_the_students_folder(run_command, odd_folder, module, arguments):
    done = run_command(*arguments, cwd=odd_folder, module=module)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_current_folder_on_pythonpath_is_left_too(run_command, odd_folder):
    # typing and enum are imported while Python itself starts, before gradcheck can do anything.
    for name in ("typing", "enum"):
        (odd_folder / f"{name}.py").unlink()
    for path in ("", ".", str(odd_folder)):
        done = run_command("explain", "factor", cwd=odd_folder, env={"PYTHONPATH": path})
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is in use")
def test_a_current_folder_that_is_gone_is_no_error(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    program = (
        f"import os, runpy, sys; os.rmdir({str(gone)!r}); sys.argv = ['gradcheck', '--version'];"
        "runpy.run_module('gradcheck', run_name='__main__', alter_sys=True)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=gone, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_arguments_the_call_was_wrong_and_help_is_shown(run_command):
    done = run_command()
    assert done.returncode == 2
    assert "explain" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("expain",), "Did you mean gradcheck explain?"),
        (("explain", "sign-fliped"), "Did you mean sign-flipped"),
        (("start", "no-such-exercise"), "There is no exercise no-such-exercise"),
        (("--hints", "7", "x"), "--hints"),
        (("check", "x", "--no-such-option"), "--no-such-option"),
        (("check", "x", "--output", "no/such/folder/r.txt"), "does not exist"),
        (("check", "x", "--timeout", "0"), "not more than 0"),
        (("derive", "mlp", "--layers", "4"), "4,5,3"),
        (("build",), "--all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_call_exits_with_2_and_says_what_to_try(run_command, arguments, told):
    done = run_command(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_ours_exits_with_70_and_says_how_to_report_it(run_command, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import gradcheck.explanations as e\ndef broken(code): raise KeyError('planted')\ne.explanation = broken\n",
        encoding="utf-8",
    )
    done = run_command("explain", "factor", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 70
    assert "KeyError: 'planted'" in done.stderr
    assert "fault of gradcheck" in done.stderr
    assert "Traceback" not in done.stderr
    debugged = run_command("explain", "factor", env={"PYTHONPATH": str(tmp_path), "GRADCHECK_DEBUG": "1"})
    assert debugged.returncode == 70
    assert "Traceback" in debugged.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_a_reader_that_leaves_early_is_no_error(run_command):
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "gradcheck", "explain"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_unicode_gets_ascii(run_command):
    done = run_command("explain", "factor", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_output_to_a_pipe_has_no_colour_nor_trailing_spaces(run_command):
    lines = run_command("explain", env={"TERM": "xterm-256color"}).stdout.splitlines()
    assert len(lines) > 70
    assert not [line for line in lines if "\x1b" in line or line != line.rstrip()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("gradcheck ex", ["explain"]),
        ("gradcheck --hi", ["--hints"]),
        ("gradcheck --ver", ["--version"]),
        ("gradcheck student.py --hi", ["--hints"]),
        ("gradcheck derive --lay", ["--layers"]),
        ("gradcheck student.py --format j", ["json", "junit"]),
    ],
)
def test_the_shell_completes(run_command, line, offered):
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_GRADCHECK_COMPLETE": "complete_bash"}
    assert run_command(env=words).stdout.split() == offered
