"""The hostile set graded by the command, and what is seen of it from outside of the boxes."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hostile_specials
import numpy as np
from hostile_set import FUNCTIONS, MARK, ROOT, SOLUTION, Attack

TIMEOUT = 1.0  # seconds of a call; what hangs is most of what the run takes
JOBS = 4
PR_SET_CHILD_SUBREAPER = 36

# The world outside of the box -----------------------------------------------------------------------------------------


class Outside:
    """A folder, a secret and servers that no submission may reach; knows whether one did."""

    def __init__(self, stack: ExitStack) -> None:
        # Not below pytest's own folder, which only this user may enter: that would be one layer more.
        self.folder = Path(tempfile.mkdtemp(prefix="gradcheck-outside-"))
        stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o777)
        self.secret = self.folder / "secret"
        self.secret.write_text("a secret")
        self.secret.chmod(0o666)
        self.server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.datagrams.bind(("127.0.0.1", 0))
        self.unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.unix.bind(str(self.folder / "socket"))
        self.unix.listen()
        (self.folder / "socket").chmod(0o777)
        self.name = f"gradcheck-attacks-{os.getpid()}"
        self.abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        self.abstract.bind(f"\0{self.name}")
        self.abstract.listen()
        for one in (self.server, self.datagrams, self.unix, self.abstract):
            one.setblocking(False)

    def places(self, submissions: Path, out: Path) -> dict[str, str]:
        """What stands for @NAME@ in a source."""
        from gradcheck.compiled import cache_folder

        return {
            "OUTSIDE": str(self.folder),
            "SECRET": str(self.secret),
            "PORT": str(self.server.getsockname()[1]),
            "UDP": str(self.datagrams.getsockname()[1]),
            "UNIX": str(self.folder / "socket"),
            "ABSTRACT": self.name,
            "SOLUTION": str(SOLUTION),
            "ROOT": str(ROOT),
            "PACKAGES": str(Path(np.__file__).parents[1]),
            "CACHE": str(cache_folder()),
            "SUBMISSIONS": str(submissions),
            "OUT": str(out),
        }

    def reached(self) -> list[str]:
        """The servers that were spoken to."""
        found = []
        for name in ("server", "unix", "abstract"):
            with suppress(BlockingIOError):
                getattr(self, name).accept()
                found.append(name)
        with suppress(BlockingIOError):
            self.datagrams.recv(100)
            found.append("datagrams")
        return found


def snapshot(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Every file below a folder: mode, owner, time and content; nothing where an attack has removed it."""
    found: dict[str, tuple[int, int, int, bytes]] = {}
    if not folder.exists():
        return found
    for path in [folder, *folder.rglob("*")]:
        status = path.lstat()
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        time_changed = status.st_mtime_ns if path.is_file() else 0
        found[str(path)] = (status.st_mode, status.st_uid, time_changed, content)
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The files that came, went or changed."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def children() -> set[int]:
    """The processes whose parent this process is, also those it has adopted."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        found.update(int(number) for number in (task / "children").read_text().split())
    return found


# The run --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Graded:
    """One submission's entry in results.json, and what it printed."""

    report: dict[str, Any]

    def score(self, task: str) -> float:
        """The points of one function."""
        return float(next(one["score"] for one in self.report["tasks"] if one["name"] == task))

    @property
    def findings(self) -> list[dict[str, Any]]:
        """All, wherever they stand."""
        return [*self.report["problems"], *(f for task in self.report["tasks"] for f in task["findings"])]

    @property
    def codes(self) -> set[str]:
        """Of all findings."""
        return {finding["code"] for finding in self.findings}

    @property
    def faults(self) -> list[str]:
        """What is said against it."""
        return [finding["message"] for finding in self.findings if finding["severity"] == "fault"]

    @property
    def got_through(self) -> list[str]:
        """What it said that it did, where it should not have been able to."""
        return sorted({line for line in (self.report["output"] or "").splitlines() if line.startswith(MARK)})


@dataclass(frozen=True, slots=True)
class Run:
    """The whole set, graded."""

    out: Path
    exit_code: int
    said: str
    seconds: float
    graded: dict[str, Graded]
    refused: dict[str, str]
    changed: list[str]
    reached: list[str]
    left: set[int]


def grade(chosen: Sequence[Attack], folder: Path, *options: str, special: bool = False) -> Run:
    """Grade some of them with the installed command."""
    submissions, out = folder / "class", folder / "graded"
    with ExitStack() as stack:
        outside = Outside(stack)
        places = outside.places(submissions, out)
        for attack in chosen:
            for name, content in attack.written(places).items():
                path = submissions / attack.name / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if special:
            hostile_specials.make(submissions, SOLUTION, FUNCTIONS["right"].encode(), stack)
        watched = (outside.folder, SOLUTION.parent, *([] if special else [submissions]))
        before, had = {path: snapshot(path) for path in watched}, children()
        begin = time.monotonic()
        command = [sys.executable, "-m", "gradcheck", "grade", str(submissions), "--out", str(out), "--quiet"]
        command += ["--exercise", "softmax-regression", "--jobs", str(JOBS), "--timeout", str(TIMEOUT), "--seed", "7"]
        with adopting():
            ended = subprocess.run([*command, *options], capture_output=True, cwd=folder, timeout=900, check=False)
            seconds = time.monotonic() - begin
            time.sleep(0.2)  # what is being killed is gone then
            left = {number for number in children() - had if not is_dead(number)}
        after = {path: snapshot(path) for path in watched}
        changed = [name for path in watched for name in differences(before[path], after[path])]
        said = (ended.stdout + ended.stderr).decode(errors="replace")
        return Run(out, ended.returncode, said, seconds, *read_results(out, said), changed, outside.reached(), left)


@contextmanager
def adopting() -> Iterator[None]:
    """What is left running becomes a child of this process when its own parent is gone."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def is_dead(number: int) -> bool:
    """Is it a process no more, or one that only waits to be counted?"""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def read_results(out: Path, said: str) -> tuple[dict[str, Graded], dict[str, str]]:
    """What results.json tells, by the submissions' names."""
    assert (out / "results.json").exists(), said
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    graded = {one["name"]: Graded(one["report"]) for one in results["submissions"] if not one.get("refusal")}
    refused = {one["name"]: one["refusal"] for one in results["submissions"] if one.get("refusal")}
    return graded, refused
