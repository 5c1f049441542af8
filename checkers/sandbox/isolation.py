"""How well submissions are shut in on this machine: found out by trying, with the strongest layers that work."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..child_process import Child, ChildProcess, spawn
from ..errors import GradcheckError, UsageError
from ..student_answers import Outcome
from ..student_process import StudentProcess
from .layers import OF_LEVEL, Layer, Level

if sys.platform == "linux":
    import fcntl

if TYPE_CHECKING:
    from .fork_server import ForkServer

ATTEMPTS = Path(__file__).with_name("attempts.py")
PREFIX = "gradcheck-boxes-"  # of the folder in which submissions lie
# Numbers from here on are nobody's on most systems; 65534 is nobody, whom other services may be.
HIGHEST_UID = 65533
NEW = 60.0  # seconds; a folder is locked some milliseconds after it was made
PROBE_TIMEOUT = 20.0  # seconds; the attempts take some milliseconds
PATIENCE = 60.0


class Box(NamedTuple):
    """A submission's folder, and the process that sees nothing else."""

    folder: str
    student: StudentProcess


class Sandbox:
    """Boxes for submissions: one zygote, and a folder in which each submission has one of its own.

    Args:
        wanted: the level to use; None for the best that holds on this machine, and that is no weak one.
        layers: exactly those, without trying whether they hold, so that it can be seen what each is good for.
        is_tried: the level that is wanted has been tried on this machine a moment ago, and held.

    Raises:
        UsageError: this machine cannot do as much as is wanted.

    Attributes:
        level: what was reached.
        layers: what it is made of.
        got_through: which attempts at forbidden things the level did not stop; none but for a weak one.
    """

    def __init__(
        self, wanted: Level | None = None, *, layers: Collection[Layer] | None = None, is_tried: bool = False
    ) -> None:
        sweep()
        self._scratch, self._lock = _scratch_folder()
        self._count = 0
        self._server: ForkServer | None = None
        self.level = Level.WEAK
        self.layers = frozenset(layers or ())
        self.got_through: tuple[str, ...] = ()
        try:
            if layers is not None:
                self._start()
            else:
                self._choose([Level.STRONG, Level.GOOD] if wanted is None else [wanted], is_tried)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every process, and remove the folder."""
        if self._server is not None:
            self._server.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
        os.close(self._lock)

    @property
    def described(self) -> tuple[str, ...]:
        """The layers in words, strongest first."""
        return tuple(str(layer) for layer in Layer if layer in self.layers)

    @contextmanager
    def box(self, files: Collection[tuple[str, bytes]], timeout: float, patience: float) -> Iterator[Box]:
        """A folder with these files, and a student's process that can see nothing else.

        Args:
            files: relative names with forward slashes, and contents.
            timeout: seconds of processor time for each call.
            patience: seconds of the clock for all calls together.

        Raises:
            UsageError: a name leads out of the folder.
        """
        for name, _ in files:
            if os.path.isabs(name) or not set(name.split("/")).isdisjoint(("", ".", "..")):
                raise UsageError(f"A submission cannot hold a file called {name!r}: give names below its folder.")
        self._count += 1
        folder = os.path.join(self._scratch, str(self._count))
        os.mkdir(folder)
        try:
            for name, content in files:
                path = os.path.join(folder, *name.split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "xb") as file:
                    file.write(content)
            with StudentProcess(launch=lambda: self._launch(folder), timeout=timeout, patience=patience) as student:
                yield Box(folder, student)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, folder: str) -> Child:
        """A process for a submission; a zygote that is gone is replaced."""
        if sys.platform != "linux":
            return ChildProcess(spawn())
        from .boxed_child import BoxedChild  # noqa: PLC0415 - what it needs is Linux's

        if self._server is not None and self._server.alive:
            with suppress(GradcheckError):  # it has ended since
                return BoxedChild(self._server, folder)
        self._start()
        if self._server is None:
            raise GradcheckError("The process for submissions could not be started.")
        return BoxedChild(self._server, folder)

    # Levels -----------------------------------------------------------------------------------------------------------

    def _choose(self, levels: Collection[Level], is_tried: bool) -> None:
        """The first level that starts and holds."""
        reasons = []
        for level in levels:
            self.level, self.layers = level, OF_LEVEL[level] if sys.platform == "linux" else frozenset()
            try:
                if level is not Level.WEAK and sys.platform != "linux":
                    raise GradcheckError(f"{sys.platform} has none of the layers")
                self._start()
                self.got_through = () if is_tried else self._try()
            except GradcheckError as error:
                reasons.append(f"{level}: {error}")
                continue
            if level is Level.WEAK or not self.got_through:
                return
            reasons.append(f"{level}: {', '.join(self.got_through)} got through")
        raise UsageError(
            f"Submissions cannot be shut in on this machine ({'; '.join(reasons)}). On Linux 5.13 or later, install "
            "bubblewrap for the level strong. If you trust the students, --isolation weak grades without."
        )

    def _start(self) -> None:
        """A new zygote."""
        if sys.platform != "linux":
            return
        from .fork_server import ForkServer  # noqa: PLC0415 - what it needs is Linux's

        if self._server is not None:
            self._server.close()
            self._server = None
        uid = box_uid() if Layer.UID in self.layers and os.geteuid() == 0 else None
        self._server = ForkServer(self.layers, self._scratch, uid)

    def _try(self) -> tuple[str, ...]:
        """What of the attempts gets through."""
        source = ATTEMPTS.read_bytes()
        outside = tempfile.mkdtemp(prefix="gradcheck-probe-")
        os.chmod(outside, 0o777)  # so that only the layers, and no mode, can refuse
        secret = os.path.join(outside, "secret")
        try:
            with socket.create_server(("127.0.0.1", 0)) as server:
                Path(secret).write_bytes(b"secret")
                os.chmod(secret, 0o666)
                with self.box([("attempts.py", source)], PROBE_TIMEOUT, PATIENCE) as box:
                    loaded = box.student.load(os.path.join(box.folder, "attempts.py"), source)
                    told = box.student.call("attempts", [secret, outside, server.getsockname()[1]])
            if loaded.outcome is not Outcome.VALUE or not isinstance(told.value, list):
                why = told.error.message if told.error else told.refusal or told.outcome
                raise GradcheckError(f"its probe could not be run: {why}")
            return tuple(str(name) for name in told.value)
        finally:
            shutil.rmtree(outside, ignore_errors=True)


def _scratch_folder() -> tuple[str, int]:
    """A folder that only the user sees as whom submissions run, and a descriptor that locks it while we live."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix=PREFIX))
    lock = os.open(folder, os.O_RDONLY)
    if sys.platform == "linux":
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            with suppress(OSError):
                os.chown(folder, box_uid(), -1)
    return folder, lock


def sweep() -> None:
    """Remove the folders of sandboxes whose process was killed before it could."""
    if sys.platform != "linux":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                found = os.fstat(lock)
                # A new one may not have been locked yet.
                if found.st_uid in {os.geteuid(), box_uid()} and time.time() - found.st_mtime > NEW:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def box_uid() -> int:
    """The user as whom submissions run when this process is root: one that no account has."""
    import pwd  # noqa: PLC0415 - not on Windows

    for uid in range(HIGHEST_UID, HIGHEST_UID - 100, -1):
        try:
            pwd.getpwuid(uid)
        except KeyError:
            return uid
    return HIGHEST_UID
