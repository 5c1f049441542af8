"""What a command may import: start-up time is made of imports."""

import json
import subprocess
import sys

import pytest

from gradcheck.catalogue import find

HEAVY = {"sympy", "jinja2", "pydantic", "mpmath", "markdown_it", "pygments", "hypothesis", "matplotlib", "derivations"}

REPORT_MODULES = """
import json, os, sys
import gradcheck.__main__ as program
code = program.run({arguments!r})
program.flush()
sys.stderr.write(json.dumps([code, sorted(sys.modules)]))
"""


def modules_after(*arguments):
    """The exit code of a command line and the top-level modules loaded when it ends, in a process of its own."""
    program = REPORT_MODULES.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    code, modules = json.loads(done.stderr)
    return code, {name.partition(".")[0] for name in modules}, set(modules)


@pytest.mark.parametrize("arguments", [("list",), ("explain",), ("--version",)], ids=" ".join)
def test_a_command_without_a_model_imports_nothing_heavy(arguments):
    code, packages, _ = modules_after(*arguments)
    assert code == 0
    assert not packages & (HEAVY | {"numpy"})


def test_rich_is_imported_in_part_only():
    _, _, modules = modules_after("explain")
    heavy = {"rich.markdown", "rich.syntax", "rich.traceback", "rich.progress", "rich.prompt", "typer.rich_utils"}
    assert not modules & heavy


def test_the_version_needs_no_rich():
    _, packages, _ = modules_after("--version")
    assert "rich" not in packages


def test_importing_gradcheck_imports_nothing_of_ours_but_the_version():
    program = "import sys; before = set(sys.modules); import gradcheck; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["gradcheck", "gradcheck.version"]


def test_the_entry_module_imports_only_os_and_sys():
    program = (
        "import sys, os; old = set(sys.modules); import gradcheck.__main__; print(*sorted(set(sys.modules) - old))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["gradcheck", "gradcheck.__main__", "gradcheck.version"]


def test_a_check_with_a_warm_cache_imports_nothing_heavy():
    solution = str(find("softmax-regression").solution)
    modules_after("check", solution, "-q")  # fills the cache
    code, packages, modules = modules_after("check", solution)
    assert code == 0
    assert "numpy" in packages
    assert not packages & HEAVY
    assert not modules & {"rich.markdown", "rich.progress", "rich.traceback", "typer.rich_utils"}
