"""The benchmark that holds verdicts against the frozen set, and its runs, each document judged once."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def _loaded() -> ModuleType:
    """The benchmarks are no package that is installed."""
    spec = importlib.util.spec_from_file_location("benchmark_written", ROOT / "benchmarks" / "written.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmark_written"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def written() -> ModuleType:
    """benchmarks/written.py as a module."""
    return _loaded()


@pytest.fixture(scope="session")
def judged(written: ModuleType) -> Callable[[Path], Any]:
    """Judges a document of the set, once a session."""
    return cache(written.run)
