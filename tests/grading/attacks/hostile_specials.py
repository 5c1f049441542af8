"""Sources that no text file can hold, and submissions that are no files."""

from __future__ import annotations

import os
import socket
import stat
import zipfile
from contextlib import ExitStack, suppress
from pathlib import Path

Source = tuple[int | None, bytes, bool, tuple[str, ...]]


def sources(right: str) -> dict[str, Source]:
    """By name: kind (None for an accident), source, whether all of it is right, codes of which one is found."""
    plain = right.encode()
    syntax = ("syntax",)
    return {
        # 29: bombs for whoever parses.
        "nine_hundred_kilobytes_on_one_line": (29, b"x = '" + b"y" * 900_000 + b"'\n" + plain, True, ()),
        "many_numbers_on_one_line": (29, b"x = [" + b"1," * 400_000 + b"]\n" + plain, True, ()),
        "nested_brackets": (29, b"x = " + b"(" * 100_000 + b")" * 100_000, False, ()),
        "nested_lambdas": (29, b"x = " + b"lambda: " * 50_000 + b"0", False, ()),
        "nested_blocks": (29, b"".join(b" " * n + b"if 1:\n" for n in range(1000)) + b" " * 1000 + b"pass", False, ()),
        "nested_formatting": (29, b"x = " + b"f'{" * 300 + b"1" + b"}'" * 300, False, ()),
        "long_sum": (29, b"x = " + b"+".join([b"1"] * 200_000), False, ()),
        "long_attribute": (29, b"x = (1)" + b".real" * 200_000, False, ()),
        "long_chain_of_elif": (29, b"if 0: pass\n" + b"elif 0: pass\n" * 20_000, False, ()),
        "many_decorators": (29, b"d = lambda f: f\n" + b"@d\n" * 5_000 + b"def f(): pass\n", False, ()),
        "many_functions": (29, plain + b"".join(b"def f%d(): pass\n" % n for n in range(20_000)), True, ()),
        "many_parameters": (29, b"def softmax(" + b",".join(b"a%d" % n for n in range(2000)) + b"): pass\n", False, ()),
        "huge_number": (29, b"x = " + b"9" * 1_000_000, False, syntax),
        "huge_power_of_constants": (29, b"x = 2**2**2**2**2**2", False, ()),
        "huge_repetition": (29, b"x = ('a' * 4000) * 4000 * 4000 * 4000", False, ()),
        "null_bytes": (29, b"import numpy\n\0def softmax(Z): return Z\n", False, syntax),
        "utf_16": (29, plain.decode().encode("utf-16"), False, syntax),
        "utf_7": (29, b"# coding: utf-7\n" + plain, False, ()),
        "coding_rot13": (29, b"# coding: rot13\n" + plain, False, ()),
        "coding_unknown": (29, b"# coding: no-such-thing\n" + plain, False, syntax),
        "coding_escapes": (29, b"# coding: unicode_escape\nx = 1\\u000aprint('escaped')\n", False, ()),
        "not_utf_8": (29, b"x = '\xff\xfe\x80'\n" + plain, False, syntax),
        "not_python": (29, b"\x7fELF\x02\x01\x01" + bytes(1000), False, syntax),
        "nothing_at_all": (29, b"", False, ()),
        "only_a_line_end": (29, b"\n", False, ()),
        "only_spaces": (29, b" " * 1_000_000, False, ()),
        "direction_marks": (29, plain + "# \u202e return right \u2066\nx = '\u202e \u2066'\n".encode(), True, ()),
        # What editors and notebooks do to right work.
        "byte_order_mark": (None, b"\xef\xbb\xbf" + plain, True, ()),
        "line_ends_of_windows": (None, plain.replace(b"\n", b"\r\n"), True, ()),
        "line_ends_of_old_macs": (None, plain.replace(b"\n", b"\r"), True, ()),
        "latin_1_with_its_coding": (None, b"# coding: latin-1\n# \xdcbung\n" + plain, True, ()),
        "no_line_end_at_the_end": (None, plain + b"x = 1", True, ()),
        "form_feeds_and_tabs": (None, plain + b"\f\ndef g():\n\tif 1:\n\t\treturn 2\n", True, ()),
    }


HOSTILE_NAMES = (
    "$(touch pwned).py",
    "; rm -rf x;.py",
    "`id`.py",
    "-rf.py",
    "--exercise.py",
    "=1+1.py",
    "+cmd.py",
    "@SUM(A1).py",
    "<script>alert(1)<%2Fscript>.py",
    "<img src=x onerror=alert(1)>.py",
    '"><b>.py',
    "a,b;c\td.py",
    "line\nbreak\rreturn.py",
    "\x1b[2J\x07.py",
    "\u202egnp.py",
    "{{7*7}}{% raw %}.py",
    "%s%n%x.py",
    "[link](javascript:alert(1)).py",
    "..\\..\\up.py",
    "CON.py",
    "x" * 200 + ".py",
    "ünïcödé.py",
    "u\u0308nicode.py",
    "NUMPY.PY",
    "numpy.py",
    " leading and trailing .py",
    "....py",
)


def make(submissions: Path, solution: Path, right: bytes, stack: ExitStack) -> None:
    """Links, pipes, devices, sockets, folders that are called files; and right work under hostile names."""
    for number, name in enumerate(HOSTILE_NAMES):
        (submissions / name).write_bytes(right + b"# %d\n" % number)
    with suppress(OSError):
        Path(os.fsdecode(os.fsencode(submissions) + b"/not\xffutf8.py")).write_bytes(right + b"# bytes\n")
    (submissions / "special-link.py").symlink_to(solution)
    (submissions / "special-folder-link").symlink_to(solution.parent)
    (submissions / "special-broken-link.py").symlink_to("/nowhere")
    (submissions / "special-loop.py").symlink_to("special-loop.py")
    (submissions / "special-folder.py").mkdir()
    os.mkfifo(submissions / "special-pipe.py")
    server = stack.enter_context(socket.socket(socket.AF_UNIX))
    here = os.open(submissions, os.O_RDONLY)
    stack.callback(os.close, here)
    server.bind(f"/proc/self/fd/{here}/special-socket.py")  # a socket's path may have 107 bytes only
    with suppress(PermissionError):
        os.mknod(submissions / "special-device.py", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    inner = submissions / "special-inner"
    inner.mkdir()
    (inner / "student.py").symlink_to(solution)
    os.mkfifo(inner / "pipe.py")
    deep = submissions / "special-deep" / "/".join(["d"] * 200)
    deep.mkdir(parents=True)
    (deep / "student.py").write_bytes(right + b"# deep\n")
    with (submissions / "special-huge.py").open("wb") as file:
        file.truncate(1 << 34)
    (submissions / "special-line.py").write_bytes(b"x = '" + b"y" * 10_000_000 + b"'\n" + right)
    (submissions / "special-zip.zip").write_bytes(b"PK\x03\x04 not really")
    for name, entries in archives(right).items():
        with zipfile.ZipFile(submissions / f"special-{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
    for name, text in NOTEBOOKS.items():
        (submissions / f"special-{name}.ipynb").write_text(text, encoding="utf-8")


def archives(right: bytes) -> dict[str, list[tuple[str | zipfile.ZipInfo, bytes]]]:
    """What zips hold that want more than to be read. What would earn points must be refused."""
    link = zipfile.ZipInfo("student.py")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return {
        "slip": [("../../evil.py", right), ("..\\..\\evil.py", right), ("/tmp/evil.py", right)],
        "bomb": [("student.py", bytes(200 << 20))],
        "entries": [(f"{number}.txt", b"") for number in range(20_000)],
        "case": [("Student.py", b"x = 1"), ("student.py", b"x = 2"), ("STUDENT.PY", b"x = 3")],
        "link": [(link, b"/etc/passwd")],
        "names": [("\x1b[2J<b>.py", b"x = 1"), ("=1+1.py", b"x = 2"), ("con.py", b"x = 3"), ("a" * 5000 + ".py", b"")],
        "in-zip": [("inner.zip", b"PK\x03\x04")],
    }


CELL = '{{"cell_type": "code", "metadata": {{}}, "source": {}}}'
NOTEBOOKS = {
    "deep": "[" * 200_000,
    "number": '{"nbformat": 4, "cells": [' + "9" * 5000 + "]}",
    "cells": '{"nbformat": 4, "cells": {"a": 1}}',
    "sources": '{"nbformat": 4, "cells": [5, null, ' + CELL.format('{"x": 1}') + ", " + CELL.format("[1, [2]]") + "]}",
    "surrogates": '{"nbformat": 4, "cells": [' + CELL.format("\"x = '\\ud800'\"") + "]}",
    "commands": '{"nbformat": 4, "cells": ['
    + CELL.format("\"!touch evil.py\\n%%bash\\ntouch evil.py\\n%run evil.py\\nget_ipython().system('touch evil.py')\"")
    + "]}",
}
