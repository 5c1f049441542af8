"""A process that has imported NumPy and nothing of a student's, and forks one confined process for each submission.

It is asked over a socket, one JSON message at a time:

    {"fork": folder}    with the descriptors of requests, answers and output; answers {"pid": ...} with a pidfd
    {"wait": pid}       once the process is dead: answers {"code": exit code, or minus the signal}
"""

from __future__ import annotations

import array
import fcntl
import gc
import importlib
import json
import os
import random
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

import numpy as np

from . import confinement, loop, seccomp, wire
from .acts import Acts
from .kernel import PR_SET_CHILD_SUBREAPER, PR_SET_DUMPABLE, PR_SET_PDEATHSIG, prctl

MAX_MESSAGE = 1 << 16
WARM_UPS = 20  # more than the interpreter's own threshold, after which it specialises code
WARM_UP = (
    b"import numpy as np\n\ndef f(x, p):\n    return np.exp(x - x.max(axis=1, keepdims=True)), {'W': x @ p['W']}\n"
)
REQUESTS, ANSWERS = 3, 4  # descriptors in a forked process
HIGH = 100  # above every descriptor the zygote has
# What a function of an exercise may reasonably import: loaded once here, not in every process.
USUAL = """
abc bisect calendar cmath collections collections.abc contextlib copy csv ctypes dataclasses datetime decimal enum
fractions functools glob hashlib heapq inspect io itertools json linecache logging math numbers operator os.path pathlib
pickle pprint random re shutil statistics string struct tempfile textwrap threading time timeit traceback types typing
unittest uuid warnings weakref __future__
numpy.fft numpy.linalg numpy.ma numpy.polynomial numpy.random numpy.testing numpy.typing numpy.lib.stride_tricks
"""


@dataclass(frozen=True, slots=True)
class Confinement:
    """Which layers to use, and how; sent by the parent as JSON.

    Attributes:
        numpy: the folder that holds NumPy.
        scratch: the folder in which submissions lie.
        uid: to become, when root; None to stay.
    """

    numpy: str
    scratch: str
    limits: confinement.Limits | None
    landlock: bool
    seccomp: bool
    uid: int | None

    @staticmethod
    def read(fields: dict[str, Any]) -> Confinement:
        """From JSON."""
        limits = fields["limits"]
        return Confinement(**{**fields, "limits": confinement.Limits(**limits) if limits else None})


def main(descriptor: int, layers: str) -> None:
    """Serve on an inherited socket, with the layers that a JSON text tells; then end the process."""
    try:
        serve(socket.socket(fileno=descriptor), Confinement.read(json.loads(layers)))
    except BaseException as error:
        os.write(2, f"the process that forks others cannot go on: {error!r}\n".encode(errors="replace"))
        os._exit(1)
    os._exit(0)


def serve(control: socket.socket, chosen: Confinement) -> None:
    """Fork processes until the other end of the socket is closed; in a forked process, run what was handed in."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    sys.path[:] = [place for place in sys.path if place != chosen.numpy]  # NumPy is loaded; the rest is not theirs
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # what a submission starts, should it ever, cannot get away from here
    for name in USUAL.split():
        with suppress(ImportError):
            __import__(name)
    importlib.import_module(".rehearsal", __package__)
    own = os.path.dirname(os.path.abspath(__file__))
    session = loop.Session(ANSWERS, loop.count_output(), Acts())
    warm_up()
    if chosen.seccomp:
        seccomp.prepare()
    _confine_zygote(chosen, own)
    gc.collect()
    gc.freeze()  # the collector of a forked process leaves these pages alone
    control.send(b'{"ready": 1}')
    known: set[int] = set()
    while message := control.recvmsg(MAX_MESSAGE, socket.CMSG_SPACE(3 * array.array("i").itemsize)):
        text, extra = message[:2]
        if not text:
            return
        asked = json.loads(text)
        if "wait" in asked:
            known.discard(asked["wait"])
            control.send(json.dumps({"code": _ended(asked["wait"], known)}).encode())
            continue
        handed = array.array("i", b"".join(data[: len(data) // 4 * 4] for *_, data in extra)).tolist()
        pid = os.fork()
        if not pid:
            control.close()
            _run(asked["fork"], handed, session, chosen, own)
        for descriptor in handed:
            os.close(descriptor)
        known.add(pid)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)


def warm_up() -> None:
    """Do once what every forked process does first, so that the interpreter's own caches are filled before forking."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    names, places, finders, folder = set(sys.modules), sys.path[:], sys.meta_path[:], os.getcwd()
    calls = [["f", [np.ones((5, 3)), {"W": np.ones(3)}], {}]]
    fields = {"id": 1, "timeout": 1.0, "kwargs": {}}
    session = loop.Session(nowhere)
    for _ in range(WARM_UPS):
        for asked in (
            {**fields, "do": "load", "path": "/warm/up.py", "source": WARM_UP},
            {**fields, "do": "call", "calls": calls, "twice": True},
        ):
            session.answer(wire.unpack(b"".join(wire.pack(asked)))[0])
    for name in set(sys.modules) - names:
        del sys.modules[name]
    sys.path[:], sys.meta_path[:] = places, finders
    os.chdir(folder)
    os.close(nowhere)


def _confine_zygote(chosen: Confinement, own: str) -> None:
    rules = [*confinement.readable(chosen.numpy, own), (chosen.scratch, confinement.READ)]
    if chosen.uid is not None:
        confinement.leave_root(chosen.uid, keep_reading=not _reachable(chosen.uid, chosen.numpy))
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # changing the user has cleared it
    prctl(PR_SET_DUMPABLE, 0)  # not to be looked into by another process of the same user
    if chosen.landlock:
        confinement.confine(rules)
    confinement.forget_the_outside()


def _reachable(uid: int, numpy: str) -> bool:
    """May this user read Python's library and NumPy?"""
    pid = os.fork()
    if not pid:
        with suppress(OSError):
            confinement.leave_root(uid, keep_reading=False)
            os.listdir(os.path.dirname(os.__file__))
            os.listdir(os.path.join(numpy, "numpy"))
            os._exit(0)
        os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _ended(pid: int, known: set[int]) -> int:
    """The exit code of a process that has been killed or has ended, and the end of all that it left behind.

    Args:
        known: processes of other submissions, or of the same one.
    """
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    # Where submissions can fork at all, /proc can be read: the level is weak.
    with suppress(OSError), open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:
        for stray in set(map(int, children.read().split())) - known:
            os.kill(stray, signal.SIGKILL)
            os.waitpid(stray, 0)
    return code


def _run(folder: str, handed: list[int], session: loop.Session, chosen: Confinement, own: str) -> None:
    """In the forked process: take the descriptors, add the remaining layers, serve; never return."""
    code = 1
    try:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        _take(handed)
        np.random.seed(random.getrandbits(32))  # else all would draw the same numbers; Python's own has seen to it
        signal.signal(signal.SIGUSR1, partial(_tell_place, session))
        if chosen.limits is not None:
            confinement.limit_use(chosen.limits)
        if chosen.landlock:
            confinement.confine(confinement.beneath(folder, chosen.numpy, own))
        if chosen.seccomp:
            confinement.filter_calls()
        if session.acts is not None:
            session.acts.begin(folder)
        loop.answer_all(session, REQUESTS)
        code = 0
    except BaseException as error:
        with suppress(OSError):
            os.write(2, f"the process of the student's file cannot go on: {error!r}\n".encode(errors="replace"))
    finally:
        os._exit(code)


def _tell_place(session: loop.Session, number: int, frame: FrameType | None) -> None:
    """The parent asks where the student's code is; an answer that is being sent says enough."""
    if not session.lock.locked():
        session.watch.tell_place(frame)


def _take(handed: list[int]) -> None:
    """Put the descriptors in their places: the null device on 0, output on 1 and 2; all else is closed."""
    requests, answers, output = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, HIGH) for descriptor in handed)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, output), (2, output), (REQUESTS, requests), (ANSWERS, answers)):
        os.dup2(source, target)
    os.closerange(ANSWERS + 1, 2 * HIGH)
