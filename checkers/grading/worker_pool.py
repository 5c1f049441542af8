"""Worker processes on this machine, which die with the process that started them, also when that is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_all_start_methods, get_context, parent_process
from types import TracebackType

from ..child_process import ENVIRONMENT
from ..sandbox.isolation import sweep

# A filter of warnings.
QUIET = "ignore:resource_tracker"


def default_workers() -> int:
    """Twice as many as there are processors, since submissions that hang set the pace."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * usable


class WorkerPool:
    """A pool of processes that can be replaced when it breaks.

    They are forked off one server that has imported what they need, where the system can fork: a new pool is there in
    a moment then.

    Args:
        workers: how many; they are started when there is work for them.
        preload: modules that all of them need.
    """

    def __init__(self, workers: int, preload: Sequence[str] = ()) -> None:
        self.workers = workers
        can_fork = "forkserver" in get_all_start_methods()
        self._context = get_context("forkserver" if can_fork else "spawn")
        if can_fork:
            self._context.set_forkserver_preload(list(preload))
        # One BLAS thread each: arrays are small, and nothing but a single thread is forked safely.
        os.environ.update(ENVIRONMENT)
        # A worker's first imports must not look in the current folder: a student's socket.py may lie there.
        os.environ["PYTHONSAFEPATH"] = "1"
        # The process that frees what a killed runner left behind does so, and need not warn of it.
        warnings = os.environ.get("PYTHONWARNINGS", "")
        if QUIET not in warnings:
            os.environ["PYTHONWARNINGS"] = f"{warnings},{QUIET}".lstrip(",")
        self.executor = self._started()

    def renew(self) -> ProcessPoolExecutor:
        """A new pool in place of one that broke."""
        self.close()
        self.executor = self._started()
        return self.executor

    def close(self) -> None:
        """End the workers at once, whatever they are doing."""
        processes = list((getattr(self.executor, "_processes", None) or {}).values())
        self.executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(ValueError, OSError):  # it has ended
                process.kill()
        self.executor.shutdown(wait=True)
        sweep()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, self._context, initializer=_begin)


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the runner, and die with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_runner, daemon=True).start()


def _end_with_the_runner() -> None:
    # Not PR_SET_PDEATHSIG, which watches the parent: that is the server, which lives as long as any worker.
    if (runner := parent_process()) is not None:
        runner.join()
    os._exit(1)
