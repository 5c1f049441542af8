"""kill -9 of the runner at any moment: nothing that was finished is lost or graded twice, and no process stays."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checkers.grading.journal_reader import FILE, JournalReader

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")

SUBMISSIONS = 60
WORKERS = 2

# A runner with a grade function that is quick, and that writes down what it begins with.
RUNNER = """
import os, sys, time
from pathlib import Path
from types import SimpleNamespace
sys.path.insert(0, {here!r})

def begin(job):
    text, outcome = job
    with open(Path({folder!r}, "begun"), "a") as file:
        file.write(text + "\\n")
    if text == {killer!r}:
        os._exit(1)
    time.sleep({nap})
    return outcome

def main():
    from checkers.grading.run import run_grading
    from checkers.grading.worker_pool import WorkerPool
    from conftest import outcome_of, started, submission_of
    outcome = SimpleNamespace(**vars(outcome_of()))  # so that a worker need not import the conftest
    submissions = [submission_of(f"s{{number}}", f"text {{number * 3 // 4}}") for number in range({count})]
    with started(Path({folder!r}), submissions=len(submissions)) as journal, WorkerPool({workers}) as pool:
        run_grading(
            submissions, begin, pool.executor, journal, workers={workers}, renew=pool.renew,
            make_job=lambda name, source: (source.files[0][1].decode(), outcome),
        )

if __name__ == "__main__":
    main()
"""


def processes_with(mark: str) -> list[int]:
    """Processes that have this word in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if mark.encode() in environment:
                found.append(int(entry.name))
    return found


def none_left(mark: str) -> bool:
    """Are all these processes gone, within a moment? Those that are not are ended."""
    deadline = time.monotonic() + 5
    while processes_with(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = processes_with(mark)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return not left


def start(folder: Path, mark: str, nap: float = 0.02, killer: str = "") -> subprocess.Popen[bytes]:
    program = folder / "runner.py"
    here = str(Path(__file__).parent)
    program.write_text(
        RUNNER.format(here=here, folder=str(folder), count=SUBMISSIONS, workers=WORKERS, nap=nap, killer=killer)
    )
    return subprocess.Popen([sys.executable, str(program)], env={**os.environ, "GRADCHECK_TEST_MARK": mark})


def finished(folder: Path, codec) -> set[str]:
    """The hashes of the sources that have a result."""
    if not (folder / FILE).exists():
        return set()
    with JournalReader(folder, codec) as journal:
        return {row.sha256 for run in journal.runs() for row in journal.rows(run)}


def begun(folder: Path) -> list[str]:
    return (folder / "begun").read_text().split("\n")[:-1] if (folder / "begun").exists() else []


def kill_at_random_moments(folder: Path, make, kills: int, seed: int) -> None:
    moments = random.Random(seed)
    sources = {make.source(text).sha256: text for text in {f"text {number}" for number in range(SUBMISSIONS)}}
    done: set[str] = set()
    for number in range(kills):
        mark = f"gradcheck-test-{os.getpid()}-{number}-{time.monotonic_ns()}"
        before = len(begun(folder))
        process = start(folder, mark)
        until = len(begun(folder)) + moments.randrange(1, 2 * SUBMISSIONS // kills)
        deadline = time.monotonic() + 30
        while len(begun(folder)) < until and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(moments.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert done <= finished(folder, make.codec), "a finished result is lost"
        assert not {sources[sha256] for sha256 in done} & set(begun(folder)[before:]), "graded twice"
        done = finished(folder, make.codec)
        assert none_left(mark)
    before = len(begun(folder))
    assert start(folder, "last").wait(timeout=60) == 0
    assert not {sources[sha256] for sha256 in done} & set(begun(folder)[before:])
    with JournalReader(folder, make.codec) as journal:
        assert len(list(journal.rows(journal.run()))) == SUBMISSIONS
        assert journal.run().info.finished


def test_a_runner_that_is_killed_three_times_loses_nothing(tmp_path, make):
    kill_at_random_moments(tmp_path, make, 3, seed=1)


def test_workers_that_hang_die_with_a_runner_that_is_killed(tmp_path):
    mark = f"gradcheck-test-{os.getpid()}-hung"
    process = start(tmp_path, mark, nap=600)
    while len(begun(tmp_path)) < WORKERS and process.poll() is None:
        time.sleep(0.02)
    assert len(processes_with(mark)) > WORKERS
    process.kill()
    process.wait()
    assert none_left(mark)


def test_a_job_that_ends_its_worker_costs_one_submission(tmp_path, make):
    assert start(tmp_path, "killer", killer="text 9").wait(timeout=60) == 0
    with JournalReader(tmp_path, make.codec) as journal:
        refused = {row.name: row.refusal for row in journal.rows(journal.run()) if row.refusal}
        assert journal.not_graded(journal.run()) == 0
    assert set(refused) == {"s12", "s13"}  # both have text 9
    assert all("the process that graded it died" in refusal for refusal in refused.values())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_runner_that_is_killed_twenty_times_loses_nothing(tmp_path, make, seed):
    kill_at_random_moments(tmp_path, make, 20, seed)
