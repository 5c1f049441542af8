"""A seccomp filter: the system calls that computing with NumPy needs, and no other.

Everything else fails with "operation not permitted": no process or thread is started, no socket opened, no file opened
for writing, removed, renamed or changed in its mode, no signal sent.

Source: https://docs.kernel.org/userspace-api/seccomp_filter.html; the numbers are those of the kernel's tables.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from .kernel import machine, syscall

SET_MODE_FILTER = 1
SECCOMP = {"x86_64": 317, "aarch64": 277}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32 = 0x40000000  # the bit of a system call by x86-64's other interface

ALLOW = 0x7FFF0000
KILL = 0x80000000
REFUSE = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS  # glibc then takes the older call, which is refused or looked at

LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

# name: (number on x86-64, number on arm64); None where it does not exist.
PLAIN: dict[str, tuple[int | None, int | None]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "stat": (4, None), "fstat": (5, 80), "lstat": (6, None),
    "poll": (7, None), "lseek": (8, 62), "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215),
    "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "access": (21, None), "select": (23, None),
    "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233), "dup": (32, 23), "dup2": (33, None),
    "nanosleep": (35, 101), "getitimer": (36, 102), "setitimer": (38, 103), "getpid": (39, 172),
    "exit": (60, 93), "uname": (63, 160), "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50),
    "readlink": (89, None), "umask": (95, 166), "gettimeofday": (96, 169), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173), "getpgrp": (111, None),
    "getgroups": (115, 158), "getresuid": (118, 148), "getresgid": (120, 150), "getpgid": (121, 155),
    "getsid": (124, 156), "rt_sigpending": (127, 136), "rt_sigtimedwait": (128, 137), "sigaltstack": (131, 132),
    "statfs": (137, 43), "fstatfs": (138, 44), "getpriority": (140, 141), "gettid": (186, 178),
    "time": (201, None), "futex": (202, 98), "sched_getaffinity": (204, 123), "getdents64": (217, 61),
    "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "newfstatat": (262, 79), "readlinkat": (267, 78),
    "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73), "set_robust_list": (273, 99),
    "dup3": (292, 24), "preadv": (295, 69), "getcpu": (309, 168), "getrandom": (318, 278), "membarrier": (324, 283),
    "statx": (332, 291), "rseq": (334, 293), "faccessat2": (439, 439),
}  # fmt: skip
OPENED_AT = {"open": (2, None, 1), "openat": (257, 56, 2)}
"""As above, and which argument holds the flags: only reading is allowed."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHOSEN = {
    # Locking, duplicating and flags of descriptors; not who gets their signals.
    "fcntl": (72, 25, 1, (0, 1, 2, 3, 4, 5, 6, 7, 1030)),
    # Is it a terminal, how wide is it, how much can be read, close on exec; and nothing else of a device.
    "ioctl": (16, 29, 1, (0x5401, 0x5413, 0x541B, 0x5450, 0x5451)),
    # Reading a limit: the pointer to a new one is null.
    "prlimit64": (302, 261, 2, (0,)),
}
MISSING = {"clone3": (435, 435), "openat2": (437, 437), "pidfd_open": (434, 434)}


def restrict() -> None:
    """Filter the system calls of this thread and of all that it starts, for good.

    Raises:
        OSError: the kernel or the architecture has no such filter.
    """
    prepare()()


@cache
def prepare() -> Callable[[], int]:
    """All that can be done before: what is left is one system call.

    Raises:
        OSError: no filter is known for the architecture.
    """
    if machine() not in SECCOMP:
        raise OSError(errno.ENOSYS, f"no seccomp filter is known for {machine()}")
    code = program(machine())
    held = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(held)))
    return partial(_install, SECCOMP[machine()], header, held)


def _install(number: int, header: Any, held: Any) -> int:
    return syscall(number, SET_MODE_FILTER, 0, header)


def program(architecture: str) -> bytes:
    """The filter as instructions of the kernel's packet filter machine."""
    column = 0 if architecture == "x86_64" else 1
    lines = [
        _line(LOAD, ARCHITECTURE),
        _line(JUMP_EQUAL, AUDIT_ARCH[architecture], 1, 0),
        _line(RETURN, KILL),
        _line(LOAD, NUMBER),
    ]
    if architecture == "x86_64":
        lines += [_line(JUMP_AT_LEAST, X32, 0, 1), _line(RETURN, KILL)]
    for numbers in PLAIN.values():
        lines += _answer(numbers[column], [_line(RETURN, ALLOW)])
    for numbers in MISSING.values():
        lines += _answer(numbers[column], [_line(RETURN, UNKNOWN)])
    for *flagged, argument in OPENED_AT.values():
        check = [_line(LOAD, _low(argument)), _line(JUMP_ANY_BIT, WRITING, 0, 1), _line(RETURN, REFUSE)]
        lines += _answer(flagged[column], [*check, _line(RETURN, ALLOW)])
    for first, second, argument, choices in CHOSEN.values():
        check = [_line(LOAD, _low(argument) + 4), _line(JUMP_EQUAL, 0, 1, 0), _line(RETURN, REFUSE)]
        check.append(_line(LOAD, _low(argument)))
        for choice in choices:
            check += [_line(JUMP_EQUAL, choice, 0, 1), _line(RETURN, ALLOW)]
        lines += _answer((first, second)[column], [*check, _line(RETURN, REFUSE)])
    return b"".join([*lines, _line(RETURN, REFUSE)])


def _answer(number: int | None, then: list[bytes]) -> list[bytes]:
    """If it is this system call, do what follows, which ends in a return."""
    return [] if number is None else [_line(JUMP_EQUAL, number, 0, len(then)), *then]


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _low(argument: int) -> int:
    """Offset of the lower half of an argument, on a little-endian machine."""
    return ARGUMENTS + 8 * argument
