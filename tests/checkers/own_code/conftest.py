"""Checking a text as a student's file of no exercise."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from checkers.own_code.facts import read_facts
from checkers.own_code.whole_file import OwnCheck, check_own_code
from checkers.student_process import StudentProcess
from checkers.task_check import Caller

Check = Callable[..., OwnCheck]

# A file takes about a second: of tests with this many cases or more, one case in so many is run by default.
MANY = 3


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    cases: dict[tuple[Path, str], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if isinstance(item, pytest.Function) and item.path.parent == here and item.get_closest_marker("slow") is None:
            cases[item.path, item.originalname].append(item)
    for same in cases.values():
        for place, item in enumerate(same):
            if len(same) >= MANY and place % MANY:
                item.add_marker(pytest.mark.slow)


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
