"""Grading on a Dask cluster, of which a worker is killed in mid-run: nothing is lost, nothing graded twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")

# A process of its own: a cluster leaves threads and warnings behind that the other tests need not see.
PROGRAM = """
import json, os, signal, sys, threading, time
from pathlib import Path

def main():
    from distributed import LocalCluster
    from checkers.grading.submission import Source, Submission
    from gradcheck.catalogue import find
    from gradcheck.grading.cluster import Cluster
    from gradcheck.grading.run import Settings, open_run

    folder = find("softmax-regression")
    text = folder.solution.read_bytes()

    def submission(number):
        return Submission(f"s{number:02}", lambda: Source("a.py", (("a.py", text + b"# %d" % number),)))

    submissions = [submission(number) for number in range(40)]
    local = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
    killed, recorded = [], []
    with local, open_run(submissions, folder, Path(sys.argv[1]), Settings(seed=5)) as run:
        record = run.journal.record

        def watched(sha256, *rest):
            recorded.append(sha256)
            record(sha256, *rest)

        run.journal.record = watched

        def kill_one(progress):
            if progress.graded == 8 and not killed:
                worker = local.workers[0]
                killed.append(worker.pid if hasattr(worker, "pid") else worker.process.pid)
                os.kill(killed[0], signal.SIGKILL)

        with Cluster(local.scheduler_address) as cluster:
            run.grade(cluster.executor, kill_one, workers=cluster.workers, lost=cluster.lost)
        rows = {row.name: [row.report.score, row.refusal] for row in run.journal.rows(run.journal.run())}
        print(json.dumps({"rows": rows, "killed": killed, "recorded": len(recorded), "sources": len(set(recorded))}))

if __name__ == "__main__":
    main()
"""


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_no_result(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, str(tmp_path / "program.py"), str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert len(result["killed"]) == 1
    assert result["rows"] == {f"s{number:02}": [6.0, None] for number in range(40)}
    assert (result["recorded"], result["sources"]) == (40, 40)


def test_an_address_where_nothing_answers_is_named(monkeypatch):
    from checkers.errors import UsageError
    from gradcheck.grading import cluster

    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT", 0.2)
    with pytest.raises(UsageError, match=r"--cluster tcp://127\.0\.0\.1:9: no scheduler answers there"):
        cluster.Cluster("tcp://127.0.0.1:9")


def test_without_dask_it_says_what_to_install(monkeypatch):
    from checkers.errors import UsageError
    from gradcheck.grading.cluster import Cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'gradcheck\[cluster\]'"):
        Cluster("tcp://127.0.0.1:9")
