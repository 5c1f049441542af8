"""Worker processes on this machine, which die with the process that started them, also when that is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from types import TracebackType

PR_SET_PDEATHSIG = 1  # prctl(2)
LOOK = 1.0  # seconds between two looks whether the parent lives, where the kernel does not tell

QUIET = "ignore:resource_tracker"


def default_workers() -> int:
    """Twice as many as there are processors, since submissions that hang set the pace."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * usable


class WorkerPool:
    """A pool of fresh processes that can be replaced when it breaks.

    Args:
        workers: how many; they are started when there is work for them.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
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

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))


def _begin(parent: int) -> None:
    """In a new worker: leave Ctrl-C to the parent, and die with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - in a worker on Linux only

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the kernel knew
            os._exit(1)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
