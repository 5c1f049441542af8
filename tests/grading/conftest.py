"""The hostile set (`attacks/`), graded once for all tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "attacks"))

from hostile_run import Run, grade
from hostile_set import attacks

from checkers.errors import UsageError
from gradcheck.grading.worker import isolation_here


@pytest.fixture(scope="session")
def shut_in() -> None:
    """Nothing of the set is run where it cannot be shut in."""
    try:
        isolation_here("auto")
    except UsageError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def hostile_run(shut_in: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The quick ones, and what is no ordinary file, graded in one run."""
    quick = [one for one in attacks() if not one.slow and not one.locate]
    return grade(quick, tmp_path_factory.mktemp("hostile"), "--locate-budget", "0", "--format", "junit", special=True)


@pytest.fixture(scope="session")
def located_run(shut_in: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Those that attack the search for repairs."""
    chosen = [one for one in attacks() if one.locate and not one.slow]
    return grade(chosen, tmp_path_factory.mktemp("located"), "--locate-budget", "2")


@pytest.fixture(scope="session")
def slow_run(shut_in: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Those that take long, with a search for repairs."""
    chosen = [one for one in attacks() if one.slow]
    return grade(chosen, tmp_path_factory.mktemp("slow"), "--locate-budget", "1")


@pytest.fixture(scope="session")
def good_run(shut_in: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All of them where namespaces do not work, with a search for repairs."""
    return grade(attacks(), tmp_path_factory.mktemp("good"), "--locate-budget", "0.5", "--isolation", "good")
