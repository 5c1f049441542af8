"""`gradcheck verify`: what it reads, what it refuses, and its exit codes."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from gradcheck.cli.app import run_command_line

RIGHT = r"Let $z = w x + b$ and $L = (y - z)^2$. Then $\frac{\partial L}{\partial z} = -2 (y - z)$."
WRONG = RIGHT.replace("= -2", "= 2")
UNKNOWN = RIGHT + r" Also $a = \frac{y}{z$."


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "notes.md") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (RIGHT, "", 0),
        (WRONG, "", 1),
        (UNKNOWN, "", 3),
        (UNKNOWN, "--strict", 1),
        (RIGHT, "--strict", 0),
    ],
    ids=["right", "wrong", "not-checkable", "not-checkable-strict", "right-strict"],
)
@pytest.mark.parametrize("format", ["text", "json", "html", "junit"])
def test_exit_codes(text: str, options: str, code: int, format: str) -> None:
    assert run_command_line(["verify", written(text), "--format", format, *options.split()]) == code


def test_it_prints_the_wrong_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["verify", written(WRONG)]) == 1
    shown = capsys.readouterr().out
    assert "✗ line 1" in shown
    assert "∂L/∂z = 2 (y − z)" in shown


def test_json_is_all_that_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    run_command_line(["verify", written(WRONG), "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == "notes.md"
    assert document["verdict"] == "wrong"


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    assert run_command_line(["verify", "-"]) == 1
    assert "standard input" in capsys.readouterr().out


def test_output_goes_to_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["verify", written(RIGHT), "-f", "html", "-o", "page.html"]) == 0
    assert capsys.readouterr().out == ""
    assert "<math" in Path("page.html").read_text(encoding="utf-8")


def test_the_model_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    text = r"$\frac{\partial J}{\partial w_j} = \frac{2}{n} \sum_{i=1}^n (z_i - y_i) x_{ij}$"
    assert run_command_line(["verify", written(text), "--model", "linear-regression"]) == 0
    assert "against linear-regression" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("missing.tex", "missing.tex does not exist"),
        (".", "is a folder"),
        ("prose.md", "holds no statement to check. Looked for an equality in $...$"),
        ("empty.md", "holds no statement to check"),
        ("bad.ipynb", "is no notebook that can be read"),
        ("paper.pdf", "is a PDF. Give the LaTeX"),
        ("binary.tex", "is no text file"),
        ("prose.md --model softmax-regresion", "Did you mean softmax-regression?"),
        ("prose.md --model xyz", "Known models: linear-regression"),
        ("prose.md --output missing/page.html", "the folder missing does not exist"),
        ("prose.md --output prose.md", "would overwrite the file"),
        ("prose.md --format pdf", "'pdf' is not one of"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_why(arguments: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    written("It costs $5 and $6, see e = mc.", "prose.md")
    written("", "empty.md")
    written("{", "bad.ipynb")
    Path("paper.pdf").write_bytes(b"%PDF-1.7\n...")
    Path("binary.tex").write_bytes(b"$a = b$\0\x01")
    assert run_command_line(["verify", *arguments.split()]) == 2
    output = capsys.readouterr()
    assert said in " ".join(output.err.split())
    assert output.out == ""


def test_old_encodings_are_read() -> None:
    Path("latin.tex").write_bytes(("% Übung\n" + RIGHT).encode("latin-1"))
    Path("windows.md").write_bytes(RIGHT.encode("utf-16"))
    Path("mark.md").write_bytes(RIGHT.encode("utf-8-sig"))
    assert [run_command_line(["verify", name]) for name in ("latin.tex", "windows.md", "mark.md")] == [0, 0, 0]


def test_a_file_that_is_far_too_large_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("large.md").write_bytes(b"a" * 2_000_001)
    assert run_command_line(["verify", "large.md"]) == 2
    assert "more than 2 MB" in capsys.readouterr().err
