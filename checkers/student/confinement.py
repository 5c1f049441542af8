"""What a process may do while it runs an untrusted file: layer upon layer, each of which holds by itself.

    limits     processor time, memory, descriptors, files, processes (rlimits); no new privileges
    landlock   reading: Python's library, NumPy, the submission's own folder; writing: nothing; network: none
    seccomp    the system calls that computing needs, and no other
    uid        another user than root

The zygote confines itself to what all submissions may read; each process that it forks adds the rest.
"""

from __future__ import annotations

import os
import resource
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from . import landlock, seccomp
from .kernel import LIBC, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS, checked, prctl

READ = landlock.READ_FILE | landlock.READ_DIR
DEVICES = {
    "/dev/null": landlock.READ_FILE | landlock.WRITE_FILE,
    "/dev/zero": landlock.READ_FILE,
    "/dev/urandom": landlock.READ_FILE,
}
LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
OTHER_PACKAGES = ("site-packages", "dist-packages")
DESCRIPTORS = 64
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION = 0x20080522


@dataclass(frozen=True, slots=True)
class Limits:
    """What one submission may use.

    Attributes:
        memory: bytes of address space; Python and NumPy themselves take half a GiB of it.
        processor: seconds in all its calls; the limit of each call is kept from outside.
    """

    memory: int
    processor: int


def readable(numpy: str, own: str) -> list[landlock.Rule]:
    """What every submission may read: the standard library, NumPy, the system's libraries, our own call loop.

    Args:
        numpy: the folder that holds NumPy; nothing else of it may be read, since the oracle may lie there.
        own: the folder of this package.
    """
    library = os.path.dirname(os.__file__)
    rules: dict[str, int] = {own: READ, "/etc/ld.so.cache": landlock.READ_FILE, **DEVICES}
    rules |= {os.path.join(numpy, name): READ for name in ("numpy", "numpy.libs")}
    # Listing is allowed where importing looks for modules: the names alone give nothing away.
    rules |= dict.fromkeys((library, os.path.join(library, "lib-dynload")), landlock.READ_DIR)
    for folder in (library, *LIBRARIES):
        rules |= dict.fromkeys(_without_packages(folder), READ)
    return list(rules.items())


def _without_packages(folder: str) -> Iterator[str]:
    """What lies in a folder, except the folders of other packages and of other Pythons."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        other_python = entry.name.startswith("python") and folder != os.path.dirname(os.__file__)
        if entry.name not in OTHER_PACKAGES and not (other_python and entry.is_dir()):
            yield entry.path


def beneath(folder: str, numpy: str, own: str) -> list[landlock.Rule]:
    """On top of `readable`: of the folder in which all submissions lie, only one's own."""
    roots = (os.path.dirname(os.__file__), numpy, own, *LIBRARIES, folder)
    return [*((root, READ) for root in roots), *DEVICES.items()]


def leave_root(uid: int, keep_reading: bool) -> None:
    """Become another user, for good.

    Args:
        keep_reading: may still read what only root can, as far as Landlock lets it: a Python in root's own folder.

    Raises:
        OSError: this process may not.
    """
    os.setgroups([])
    if keep_reading:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    header = struct.pack("<Ii", CAPABILITY_VERSION, 0)
    checked(LIBC.capset(header, struct.pack("<6I", kept, kept, 0, 0, 0, 0)), "capset")


def limit_use(limits: Limits) -> None:
    """Set the resource limits, hard ones: they cannot be raised again."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 64),
        (resource.RLIMIT_NPROC, 0),  # no process and no thread more; it does not bind root
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def confine(rules: Iterable[landlock.Rule] | None) -> None:
    """Landlock, with these rules; they hold for all that this process starts, and come on top of earlier ones."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if rules is not None:
        landlock.restrict(rules)


def filter_calls() -> None:
    """The seccomp filter."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    seccomp.restrict()


def forget_the_outside(module: Any = sys) -> None:
    """Take what tells of the machine out of Python's own variables."""
    os.environ.clear()
    os.environ.update({"PATH": "", "HOME": "/", "LANG": "C.UTF-8"})
    module.argv = [""]
