"""Landlock: what of the file system a process may read, without privileges and for good (Linux 5.13 and later).

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from .kernel import syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
ONLY_VERSION = 1
RULE_PATH_BENEATH = 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
FILE_RIGHTS = 1 << 0 | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15  # those that make sense for what is no folder
# Rights known to each version: what a kernel does not know it cannot be asked to handle.
FILE_SYSTEM_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
NETWORK = 0b11  # bind and connect TCP, since version 4
SCOPES = 0b11  # abstract Unix sockets and signals, since version 6

Rule = tuple[str, int]


def version() -> int:
    """The kernel's version of Landlock; 0 where it has none."""
    try:
        return syscall(CREATE_RULESET, None, 0, ONLY_VERSION)
    except OSError:
        return 0


def restrict(rules: Iterable[Rule]) -> None:
    """Let this thread, and all it starts, do with files no more than the rules say, and nothing with the network.

    Args:
        rules: a path and the rights beneath it; what does not exist is passed over.

    Raises:
        OSError: the kernel has no Landlock.
    """
    known = version()
    handled = (1 << FILE_SYSTEM_BITS[min(known, 5)]) - 1 if known else 0
    attributes = struct.pack("<QQQ", handled, NETWORK, SCOPES)[: 8 if known < 4 else 16 if known < 6 else 24]
    ruleset = syscall(CREATE_RULESET, ctypes.c_char_p(attributes), len(attributes), 0)
    try:
        for path, rights in rules:
            _add(ruleset, path, rights & handled)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, path: str, rights: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            rights &= FILE_RIGHTS
        rule = struct.pack("<Qi", rights, beneath)
        syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.c_char_p(rule), 0)
    finally:
        os.close(beneath)
