"""Grading on a Dask cluster: its client as an executor (extra `cluster`)."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, CancelledError, Executor
from types import TracebackType
from typing import Any

from checkers.errors import UsageError

CONNECT_TIMEOUT = 15.0  # seconds; a scheduler that is there answers in a fraction of one
RETRIES = 2  # of a job whose worker was lost, by the scheduler itself


class Cluster:
    """The workers of a scheduler.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786, or the path of a scheduler file.

    Raises:
        UsageError: `distributed` is not installed, nothing answers at the address, or it has no workers.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed  # noqa: PLC0415 - an extra
        except ImportError:
            raise UsageError("--cluster needs Dask: pip install 'gradcheck[cluster]'.") from None
        where = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
        dask: Any = distributed  # it has no types
        try:
            self._client = dask.Client(**where, timeout=CONNECT_TIMEOUT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(f"--cluster {address}: no scheduler answers there: {error}.") from None
        self.workers = sum(self._client.nthreads().values())
        if not self.workers:
            self._client.close()
            raise UsageError(f"--cluster {address}: the scheduler has no workers. Start some: dask worker {address}.")
        self.executor: Executor = self._client.get_executor(pure=False, retries=RETRIES)
        self.lost: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError, dask.KilledWorker)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # Not waiting, which cancels the jobs that still run after Ctrl-C.
        self.executor.shutdown(wait=False)
        self._client.close()
