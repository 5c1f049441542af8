"""What a probing submission tries, to see whether the box holds; run inside it like any student's file."""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
import sys
from collections.abc import Callable
from typing import NoReturn


def attempts(secret: str, outside: str, port: int) -> list[str]:
    """The names of the attempts that got through.

    Args:
        secret: a file that may not be read.
        outside: a folder, writable for everybody, in which nothing may be made.
        port: of a server on this machine.
    """
    target = os.path.join(outside, "made")
    tried: dict[str, Callable[[], object]] = {
        "reading a file outside": lambda: open(secret, "rb").read(1),  # noqa: SIM115
        "reading the oracle": lambda: open(other_package(), "rb").read(1),  # noqa: SIM115
        "listing a folder outside": lambda: os.listdir(outside),
        "writing a file": lambda: os.close(os.open(target, os.O_WRONLY | os.O_CREAT)),
        "making a folder": lambda: make_folder(target + "-folder"),
        "removing a file": lambda: os.unlink(secret),
        "changing a file's mode": lambda: os.chmod(secret, 0o777),
        "starting a process": fork,
        "running a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "opening a connection": lambda: socket.create_connection(("127.0.0.1", port), 1),
        "sending a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
        "opening a Unix socket": lambda: socket.socket(socket.AF_UNIX).bind("\0gradcheck-probe"),
        "signalling the parent": lambda: os.kill(os.getppid(), 0),
        "looking into another process": lambda: ptrace(os.getppid()),
        "being root": lambda: os.getuid() == 0 or refuse(),
        "raising a limit": raise_limit,
        "taking 4 GiB": lambda: mmap.mmap(-1, 4 << 30),
    }
    return [name for name, attempt in tried.items() if gets_through(attempt)]


def gets_through(attempt: Callable[[], object]) -> bool:
    """Did it end without an exception?"""
    try:
        attempt()
    except BaseException:
        return False
    return True


def refuse() -> NoReturn:
    """What was tried did not come about."""
    raise PermissionError


def fork() -> None:
    """A process of its own, which ends at once."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def ptrace(pid: int) -> None:
    """Attach to a process, as a debugger does, without stopping it."""
    seize = 0x4206
    if ctypes.CDLL(None).ptrace(seize, pid, 0, 0) != 0:
        refuse()


def raise_limit() -> None:
    """More address space."""
    import resource  # noqa: PLC0415

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY:
        return
    resource.setrlimit(resource.RLIMIT_AS, (hard + 1, hard + 1))


def make_folder(path: str) -> None:
    """Make a folder, and look whether it is there."""
    os.mkdir(path)
    os.stat(path)


def other_package() -> str:
    """A file beside NumPy, where the compiled exercise could be looked for."""
    folder = os.path.dirname(os.path.dirname(os.path.abspath(str(sys.modules["numpy"].__file__))))
    return os.path.join(folder, next(name for name in os.listdir(folder) if name.endswith((".py", ".pth"))))
