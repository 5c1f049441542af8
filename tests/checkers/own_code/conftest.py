"""Checking a text as a student's file of no exercise."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from checkers.own_code.facts import read_facts
from checkers.own_code.whole_file import OwnCheck, check_own_code
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

Check = Callable[..., OwnCheck]


@pytest.fixture
def check() -> Check:
    def checked(source: str, locate_budget: float = 0.0, seed: int = 1) -> OwnCheck:
        text = "import numpy as np\n" + dedent(source)
        facts = read_facts(text)
        assert facts is not None
        with StudentProcess() as student:
            student.load("student.py", text.encode(), lenient=True)
            return check_own_code(facts, Caller(student, 10.0), seed, locate_budget)

    return checked
