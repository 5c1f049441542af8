"""The few system calls of Linux that Python's standard library does not offer, by ctypes on the kernel's own interface.

Numbers and structures are frozen: they never change for an architecture. Sources: the kernel's
include/uapi/linux/{prctl,landlock,seccomp,capability}.h and its system call tables.
"""

from __future__ import annotations

import ctypes
import os
import platform
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long


def machine() -> str:
    """The architecture as the tables here name it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine())


def checked(result: int, what: str) -> int:
    """The result of a system call.

    Raises:
        OSError: it failed.
    """
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int) -> None:
    """Set a property of the process.

    Raises:
        OSError: the kernel refuses.
    """
    checked(LIBC.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl({option})")


def syscall(number: int, *arguments: Any) -> int:
    """A system call by its number; arguments are integers or ctypes pointers.

    Raises:
        OSError: it failed.
    """
    plain = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    return checked(LIBC.syscall(ctypes.c_long(number), *plain), f"system call {number}")
