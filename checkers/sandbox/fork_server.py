"""The parent's end of the zygote: start it, with or without namespaces, and ask it for processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import numpy

from ..child_process import ENVIRONMENT, RUNNER
from ..errors import GradcheckError
from .layers import Layer

START_TIMEOUT = 60.0  # seconds; as for a student's process of its own
ANSWER_TIMEOUT = 20.0  # seconds; a fork takes one or two milliseconds on an idle machine
MEMORY = 1 << 30  # bytes of address space; Python and NumPy take a tenth of it
PROCESSOR = 600  # seconds in all; each call has its own limit
MAX_MESSAGE = 1 << 16
# When the machine's memory runs out, a submission is to be killed, and not who grades it.
DIE_FIRST = 'echo 1000 2> /dev/null > /proc/self/oom_score_adj; exec "$@"'
SAID = 2000  # characters of what a zygote that failed has said


class ForkServer:
    """A running zygote; it and all that it has started end with this object, or with this process.

    Args:
        layers: those to use.
        scratch: the folder in which submissions lie, each in a folder of its own.
        uid: the user to become, where this process is root.

    Raises:
        GradcheckError: it cannot be started with these layers.
    """

    def __init__(self, layers: Collection[Layer], scratch: str, uid: int | None = None) -> None:
        self.layers = frozenset(layers)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        try:
            self._process = subprocess.Popen(
                self._command(theirs.fileno(), scratch, uid),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**ENVIRONMENT, "LANG": "C.UTF-8"},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                cwd="/",
            )
        except OSError as error:
            ours.close()
            raise GradcheckError(f"The process for submissions could not be started: {error}.") from error
        finally:
            theirs.close()
        if self._answer(START_TIMEOUT)[0] != {"ready": 1}:
            said = self._said()
            self.close()
            raise GradcheckError(f"The process for submissions did not start: {said or 'it said nothing'}")

    @property
    def alive(self) -> bool:
        """Can it still be asked?"""
        return self._control.fileno() >= 0 and self._process.poll() is None

    def fork(self, folder: str, descriptors: list[int]) -> tuple[int, int]:
        """A new process for what lies in a folder.

        Args:
            descriptors: of requests (to read), answers and output (to write), for the new process.

        Returns:
            Its number among the zygote's processes, and a pidfd of it.

        Raises:
            GradcheckError: the zygote is gone.
        """
        with suppress(OSError):
            socket.send_fds(self._control, [json.dumps({"fork": folder}).encode()], descriptors)
        answer, handed = self._answer(ANSWER_TIMEOUT)
        if not isinstance(answer, dict) or len(handed) != 1:
            for descriptor in handed:
                os.close(descriptor)
            self.close()
            raise GradcheckError("The process that starts those for submissions has ended.")
        return answer["pid"], handed[0]

    def wait(self, number: int) -> int | None:
        """The exit code, or minus the signal, of a process that has ended or been killed; None if nobody knows."""
        with suppress(OSError):
            self._control.send(json.dumps({"wait": number}).encode())
        answer = self._answer(ANSWER_TIMEOUT)[0]
        if not isinstance(answer, dict):
            self.close()  # a late answer would be taken for that to the next question
            return None
        code: int | None = answer.get("code")
        return code

    def close(self) -> None:
        """End the zygote and all it has started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _answer(self, timeout: float) -> tuple[Any, list[int]]:
        try:
            self._control.settimeout(timeout)
            text, handed, _, _ = socket.recv_fds(self._control, MAX_MESSAGE, 1)
            return (json.loads(text) if text else None), list(handed)
        except (OSError, ValueError):
            return None, []

    def _said(self) -> str:
        if self._process.stderr is None:
            return ""
        self._process.kill()
        return self._process.stderr.read(SAID).decode(errors="replace").strip()

    # The command line -------------------------------------------------------------------------------------------------

    def _command(self, descriptor: int, scratch: str, uid: int | None) -> list[str]:
        packages = os.path.dirname(os.path.dirname(os.path.abspath(numpy.__file__)))
        layers = json.dumps(
            {
                "numpy": packages,
                "scratch": scratch,
                "limits": {"memory": MEMORY, "processor": PROCESSOR} if Layer.LIMITS in self.layers else None,
                "landlock": Layer.LANDLOCK in self.layers,
                "seccomp": Layer.SECCOMP in self.layers,
                "uid": uid,
            }
        )
        # Without `site`: no site-packages, and no file in it that adds folders to the path.
        python = [_interpreter(), "-I", "-S", RUNNER, "--zygote", str(descriptor), layers, packages]
        boxed = [*_bubblewrap(packages, scratch), *python] if Layer.NAMESPACES in self.layers else python
        return ["/bin/sh", "-c", DIE_FIRST, "sh", *boxed]


def _interpreter() -> str:
    """Python itself, not a virtual environment's link to it."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _bubblewrap(packages: str, scratch: str) -> list[str]:
    """The command that gives what follows a root folder of its own, with Python, NumPy and the submissions.

    Raises:
        GradcheckError: it is not installed.
    """
    program = shutil.which("bwrap")
    if program is None:
        raise GradcheckError("bubblewrap is not installed (the package bubblewrap, the command bwrap).")
    command = [program, "--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net"]
    if os.geteuid() != 0:
        command += ["--unshare-user"]
    for folder in ("/usr", "/lib", "/lib64", "/bin"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            command += ["--ro-bind", folder, folder]
    own = os.path.dirname(RUNNER)
    seen = (sys.base_prefix, *(os.path.join(packages, name) for name in ("numpy", "numpy.libs")), own, scratch)
    for place in ("/etc/ld.so.cache", *seen):
        command += ["--ro-bind-try", place, place]
    return [*command, "--dev", "/dev", "--chdir", "/", "--"]
