"""The filter's program, run by a small model of the kernel's machine: also for architectures that are not at hand."""

from __future__ import annotations

import os
import struct
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("seccomp is Linux's", allow_module_level=True)

from checkers.student import seccomp

ARCHITECTURES = ("x86_64", "aarch64")


def answer(architecture: str, number: int, *arguments: int, audit_arch: int | None = None) -> int:
    """What the filter says to a system call."""
    program = list(struct.iter_unpack("<HBBI", seccomp.program(architecture)))
    data = struct.pack("<IIQ6Q", number, audit_arch or seccomp.AUDIT_ARCH[architecture], 0, *(*arguments, *[0] * 6)[:6])
    place, register = 0, 0
    while True:
        code, if_true, if_false, value = program[place]
        place += 1
        if code == seccomp.RETURN:
            return value
        if code == seccomp.LOAD:
            (register,) = struct.unpack_from("<I", data, value)
            continue
        holds = {
            seccomp.JUMP_EQUAL: register == value,
            seccomp.JUMP_AT_LEAST: register >= value,
            seccomp.JUMP_ANY_BIT: bool(register & value),
        }[code]
        place += if_true if holds else if_false


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_plain_call_is_allowed(architecture):
    column = ARCHITECTURES.index(architecture)
    numbers = [entry[column] for entry in seccomp.PLAIN.values() if entry[column] is not None]
    assert len(set(numbers)) == len(numbers) > 60
    assert {answer(architecture, number) for number in numbers} == {seccomp.ALLOW}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_everything_else_is_refused(architecture):
    column = ARCHITECTURES.index(architecture)
    tables = (seccomp.PLAIN, seccomp.OPENED_AT, seccomp.CHOSEN, seccomp.MISSING)
    known = {entry[column] for table in tables for entry in table.values()}
    assert {answer(architecture, number) for number in range(600) if number not in known} == {seccomp.REFUSE}


@pytest.mark.parametrize(("architecture", "number"), [("x86_64", 257), ("aarch64", 56)])
def test_files_are_opened_for_reading_only(architecture, number):
    assert answer(architecture, number, 0, 0, os.O_RDONLY | os.O_CLOEXEC) == seccomp.ALLOW
    for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND, os.O_TMPFILE | os.O_RDWR):
        assert answer(architecture, number, 0, 0, flag) == seccomp.REFUSE


@pytest.mark.parametrize(("architecture", "number"), [("x86_64", 302), ("aarch64", 261)])
def test_limits_are_read_and_not_set(architecture, number):
    assert answer(architecture, number, 0, 9, 0, 1) == seccomp.ALLOW
    assert answer(architecture, number, 0, 9, 0x7F00_0000_1000, 1) == seccomp.REFUSE
    assert answer(architecture, number, 0, 9, 0x1_0000_0000, 1) == seccomp.REFUSE


def test_another_interface_of_the_kernel_ends_the_process():
    assert answer("x86_64", 1, audit_arch=0x40000003) == seccomp.KILL
    assert answer("x86_64", seccomp.X32 + 1) == seccomp.KILL
    assert answer("aarch64", 1, audit_arch=seccomp.AUDIT_ARCH["x86_64"]) == seccomp.KILL


def test_a_device_is_asked_little():
    assert answer("x86_64", 16, 0, 0x5401) == seccomp.ALLOW
    assert answer("x86_64", 16, 0, 0x5412) == seccomp.REFUSE  # TIOCSTI types into a terminal
