"""The commands of the pages are run, each page in a folder of its own, and print what the pages show.

A ```console block holds commands (`$ ...`) and, below each, what it prints; a line `...` stands for any lines. What
else there is to know stands in comments above a block, which readers do not see:

    <!-- file: layers.py -->   the block becomes this file; under docs/ it is a part of this file of the repository
    <!-- slow -->              run by `pytest -m slow` only
    <!-- not run: REASON -->   what it takes is not there, such as a cluster
"""

import ast
import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from gradcheck.cli.app import run_command_line

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
CALL_MAKES_NO_SENSE, FAULT_OF_OURS = 2, 70


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, its language, its lines, and what the comment above it says."""

    line: int
    language: str
    lines: list[str]
    said: str


@dataclass(frozen=True)
class Command:
    line: int
    text: str
    shown: list[str] = field(default_factory=list)


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page; those within a list are moved to its margin."""
    said, opened, language, indent = "", 0, "", 0
    lines: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.fullmatch(r"( *)```(\w*)", line)
        if opened and fence:
            yield Block(opened, language, lines, said)
            opened, said = 0, ""
        elif opened:
            lines.append(line[indent:] if not line[:indent].strip() else line)
        elif fence:
            opened, language, lines, indent = number, fence[2], [], len(fence[1])
        elif comment := re.fullmatch(r" *<!-- (.*) -->", line):
            said = comment[1]
        elif line.strip():
            said = ""


def commands(block: Block) -> list[Command]:
    found: list[Command] = []
    for number, line in enumerate(block.lines, block.line + 1):
        if line.startswith("$ "):
            found.append(Command(number, line[2:]))
        else:
            assert found, f"line {number}: a console block begins with a command"
            found[-1].shown.append(line)
    return found


class Session:
    """A folder with the examples and the exercises, in which the commands of one page are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        shutil.copytree(ROOT / "docs/examples", folder / "docs/examples")
        (folder / "exercises").symlink_to(ROOT / "exercises")
        self._programs = folder.parent / "programs"
        self._programs.mkdir()
        modules = {"gradcheck": "-m gradcheck", "python": "", "pytest": "-m pytest -p no:cacheprovider"}
        for name, options in modules.items():
            program = self._programs / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {options} "$@"\n', encoding="utf-8")
            program.chmod(0o755)

    def run(self, command: str) -> str:
        """What a command prints, its errors among it."""
        if command == "echo $?":
            return f"{self.code}\n"
        words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
        if words[0] == "gradcheck" and not any(set(word) <= set("();<>|&") for word in words):
            return self._run_here(shlex.split(command, comments=True)[1:])
        path = os.pathsep.join([str(self._programs), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            ["bash", "-c", command],
            check=False,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.code = done.returncode
        return self._without_folder(done.stdout)

    def _run_here(self, arguments: Sequence[str]) -> str:
        """Without a process of its own, which saves the time of its imports."""
        terminal = TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)
        with redirect_stdout(terminal), redirect_stderr(terminal):
            self.code = run_command_line(list(arguments))
        return self._without_folder(terminal.buffer.getvalue())

    def _without_folder(self, printed: bytes) -> str:
        return printed.decode().replace(str(self.folder), "/your/folder")


def settled(text: str) -> list[str]:
    """The lines of a text without what differs between two runs or two machines."""
    text = re.sub(r"\b\d(\.\d+)?e-(0[6-9]|1\d)\b|\b\d(\.\d+)?e-[6-9]\b", "~0", text)  # errors of rounding
    text = re.sub(r"\b\d+(\.\d+)? ?(s|ms|seconds)\b", "some time", text)
    text = re.sub(r"isolation (strong|good|weak) \([^)]*\)", "isolation LEVEL", text)
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def difference(shown: Sequence[str], printed: Sequence[str]) -> str | None:
    """What is shown and not printed; None if nothing is. The lines `...` stand for any number of lines."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    at = 0
    for position, part in enumerate(parts):
        starts = range(at, len(printed) - len(part) + 1)
        if position == len(parts) - 1:
            starts = starts[-1:]
        if position == 0:
            starts = [start for start in starts if start == 0]
        found = next((start for start in starts if list(printed[start : start + len(part)]) == part), None)
        if found is None:
            return "\n".join(part) or "(nothing more)"
        at = found + len(part)
    return None


def check_command(page: str, command: Command, session: Session) -> None:
    printed = session.run(command.text)
    where = f"{page}:{command.line}: $ {command.text}\n"
    is_error_shown = any(line.startswith(("gradcheck: ", "Error: ")) for line in command.shown)
    assert session.code not in {CALL_MAKES_NO_SENSE, FAULT_OF_OURS} or is_error_shown, f"{where}{printed}"
    missing = difference(settled("\n".join(command.shown)), settled(printed))
    assert missing is None or not command.shown, f"{where}the page shows\n{missing}\n\nit prints\n{printed}"


def check_examples(page: str, block: Block, names: dict[str, object]) -> None:
    """Python with its answers, as in docstrings; the names of a page's earlier blocks are known."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    parsed = doctest.DocTestParser().get_doctest("\n".join(block.lines) + "\n", names, page, page, block.line)
    report: list[str] = []
    done = doctest.DocTestRunner(optionflags=flags).run(parsed, out=report.append, clear_globs=False)
    names.update(parsed.globs)
    assert done.failed == 0, "".join(report)


def write_source(block: Block, name: str) -> None:
    text = "\n".join(block.lines) + "\n"
    if name.startswith("docs/"):
        assert text in (ROOT / name).read_text(encoding="utf-8"), f"line {block.line} is not in {name} any more"
    else:
        Path(name).write_text(text, encoding="utf-8")


def follow(page: str, session: Session, *, slow_too: bool) -> None:
    names: dict[str, object] = {}
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        if block.said.startswith("not run: ") or (block.said == "slow" and not slow_too):
            continue
        if block.said.startswith("file: "):
            write_source(block, block.said.removeprefix("file: "))
        elif block.language == "console":
            for command in commands(block):
                check_command(page, command, session)
        elif block.language == "pycon":
            check_examples(page, block, names)
        elif block.language == "python":
            ast.parse("\n".join(block.lines))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "page"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Session(folder)


@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_shows(page: str, session: Session) -> None:
    follow(page, session, slow_too=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if "<!-- slow -->" in (ROOT / page).read_text("utf-8")])
def test_slow_commands_print_what_the_page_shows(page: str, session: Session) -> None:
    follow(page, session, slow_too=True)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_of_a_known_kind(page: str) -> None:
    """A misspelt comment would leave a block out unseen; output in a ```text block is compared with nothing."""
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        assert block.language in {"console", "pycon", "python", "toml", "text", "latex"}, block.line
        assert re.fullmatch(r"|slow|file: \S+|not run: .{10,}", block.said), block
        assert block.language != "text" or not any(line.startswith("$ ") for line in block.lines), block.line


def anchors(path: Path) -> set[str]:
    """The names GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


SHOWN = ["a", "...", "c", "d"]


@pytest.mark.parametrize(
    ("printed", "missing"),
    [
        (["a", "b", "c", "d"], None),
        (["a", "c", "d"], None),
        (["b", "a", "c", "d"], "a"),
        (["a", "b", "c", "d", "e"], "c\nd"),
        (["a", "c", "b", "d"], "c\nd"),
        (["a"], "c\nd"),
    ],
    ids=["a line left out", "none left out", "other first line", "more behind", "other order", "too short"],
)
def test_shown_lines_are_found_in_order(printed: list[str], missing: str | None) -> None:
    assert difference(SHOWN, printed) == missing


def test_output_that_is_not_shown_is_missed() -> None:
    assert difference(["a"], ["a", "b"]) is not None
    assert difference(["a", "..."], ["a", "b"]) is None


def test_rounding_and_time_do_not_count_but_other_numbers_do() -> None:
    assert settled("matches to 4.7e-12 in 0.3 s") == settled("matches to 1e-15 in 12 s")
    assert settled("wrong by 0.25") != settled("wrong by 0.26")
    assert settled("wrong by 2.5e-3") != settled("wrong by 2.6e-3")
