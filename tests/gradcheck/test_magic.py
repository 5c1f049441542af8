"""The magics of IPython: in a shell of our own, and once in a real kernel."""

import subprocess
import sys
from pathlib import Path

import pytest

IPython = pytest.importorskip("IPython")

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from IPython.utils.capture import capture_output  # noqa: E402

from checkers.errors import GradcheckError  # noqa: E402
from gradcheck import load_ipython_extension  # noqa: E402
from gradcheck.catalogue import find  # noqa: E402
from gradcheck.notebook.cells import Cell, compose, parsed  # noqa: E402
from gradcheck.render.report_fragment import NAME, SCOPE, render  # noqa: E402

from .conftest import wrong_report  # noqa: E402

FORWARDS = """
import numpy as np
def affine_forward(x, w, b):
    out = x.reshape(x.shape[0], -1) @ w + b
    return out, (x, w, b)
"""
BACKWARD = """\
def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db
"""
WRONG = BACKWARD.replace("sum", "mean")
SOLUTION = Path(find("softmax-regression").path) / "solution.py"
RESIDUAL = SOLUTION.parent / "wrong" / "residual_reversed.py"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """A shell as a notebook has it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # IPython warns where another one is active
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(colors="nocolor", history_length=0)
    shell.history_manager.enabled = False
    load_ipython_extension(shell)
    yield shell
    InteractiveShell.clear_instance()


class Ran:
    """A cell that was run: what it printed, what it displayed, and how it ended."""

    def __init__(self, shell, *cells):
        for cell in cells:
            with capture_output() as captured:
                self.result = shell.run_cell(cell, store_history=True)
        self.out, self.err = captured.stdout, captured.stderr
        self.shown = [output.data for output in captured.outputs]

    @property
    def text(self):
        (data,) = self.shown
        return data["text/plain"]


def test_a_cell_is_run_and_checked_against_the_forward_of_an_earlier_one(shell):
    ran = Ran(shell, FORWARDS, f"%%gradcheck --seed 1\n{WRONG}z = 3")
    assert ran.result.success
    assert shell.user_ns["z"] == 3
    assert "✗  affine_backward  wrong" in ran.text
    assert "mean-twice  db  In[2]:6  proven" in ran.text
    assert "%%gradcheck --seed 1 --hints 3" in ran.text
    assert ran.shown[0]["text/html"].startswith(f'<div class="{NAME}')


def test_the_last_value_is_shown_as_usual(shell):
    ran = Ran(shell, FORWARDS, f"%%gradcheck --quiet\n{BACKWARD}1 + 1")
    assert "2\n" in ran.out
    assert "In[2]: right, 1 of 1 points, its own functions, seed" in ran.out
    assert not [data for data in ran.shown if "text/html" in data]


def test_a_cell_that_was_changed_is_checked_as_it_is_now(shell):
    assert "right, 1 of 1" in Ran(shell, FORWARDS, f"%%gradcheck -q\n{WRONG}", f"%%gradcheck -q\n{BACKWARD}").out


def test_an_exercise_can_be_named(shell):
    text = SOLUTION.read_text(encoding="utf-8")
    earlier, _, cell = text.partition("def model_backward")
    cell = cell.replace("(A - Y)", "(Y - A)")
    ran = Ran(shell, earlier, f"%%gradcheck --exercise softmax-regression --seed 1 -q\ndef model_backward{cell}")
    assert "In[2]: " in ran.out
    assert "points, softmax-regression, seed 1" in ran.out


def test_numbers_arrays_and_imported_names_come_along(shell):
    shell.user_ns["unused"] = object()
    setup = "from numpy import exp as e\nscale = 2.0\nshift = np.arange(3.0)\nm = np.float32(1)"
    forward = "def curve_forward(x):\n    return scale * e(x) * m + shift.sum(), x"
    backward = "%%gradcheck -q\ndef curve_backward(dout, cache):\n    return dout * scale * e(cache) * m\nprint(shift)"
    ran = Ran(shell, FORWARDS, setup, forward, backward)
    assert "In[4]: right, 1 of 1 points" in ran.out
    assert ran.out.count("[0. 1. 2.]") == 1
    assert "Not taken along" not in ran.out


def test_what_cannot_come_along_is_named(shell):
    Ran(shell, FORWARDS, "class Table: pass\ntable = Table()")
    ran = Ran(shell, f"%%gradcheck -q\n{BACKWARD}def look():\n    return table")
    assert "Not taken along, since it is no number, text or array: table (Table)." in ran.out


def test_what_a_cell_does_is_not_done_again(shell, tmp_path):
    ran = Ran(shell, FORWARDS, f"%%gradcheck -q\n{BACKWARD}from pathlib import Path\nPath('log').touch(exist_ok=False)")
    assert (tmp_path / "log").exists()
    assert "right, 1 of 1" in ran.out
    assert ran.result.success


def test_a_mistake_in_an_earlier_cell_is_said_to_be_there(shell):
    helper = "def summed(a):\n    return a.mean(axis=0)"
    ran = Ran(shell, FORWARDS, helper, f"%%gradcheck --seed 1\n{BACKWARD.replace('dout.sum(axis=0)', 'summed(dout)')}")
    assert "affine_backward  wrong" in ran.text
    assert "(In[2], line 2)" in ran.text
    assert "summed  " not in ran.text


@pytest.mark.parametrize(
    ("cell", "kind", "line"),
    [("def f(x:\n    return 1", SyntaxError, "line 2"), ("x = 1\n1 / 0", ZeroDivisionError, "----> 3 1 / 0")],
    ids=["syntax", "exception"],
)
def test_a_cell_that_fails_shows_its_own_error_once_and_nothing_of_ours(shell, cell, kind, line):
    ran = Ran(shell, f"%%gradcheck\n{cell}")
    assert not ran.result.success
    assert type(ran.result.error_in_exec).__name__ == kind.__name__
    assert ran.out.count(f"{kind.__name__}:") == 1
    assert line in ran.out
    assert "magic.py" not in ran.out + ran.err
    assert not ran.shown


def test_the_shell_shows_errors_as_before_afterwards(shell):
    Ran(shell, "%%gradcheck\n1 / 0")
    assert "ZeroDivisionError" in Ran(shell, "1 / 0").out


@pytest.mark.parametrize(
    ("magic", "said"),
    [
        ("%%gradcheck --hnits 3\ny = 1", "unrecognized arguments: --hnits 3. Usage: %%gradcheck [--exercise ID]"),
        ("%%gradcheck --hints 4\ny = 1", "invalid choice: 4"),
        ("%%gradcheck --seed -1\ny = 1", "a seed is not less than 0"),
        ("%%gradcheck --exercise 'a\ny = 1", "No closing quotation"),
        ("%gradcheck", "the following arguments are required: FILE"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line_and_the_cell_is_not_run(shell, magic, said):
    ran = Ran(shell, magic)
    assert not ran.result.success
    assert said in ran.err + ran.out
    assert "Traceback" not in ran.err + ran.out
    assert "y" not in shell.user_ns


@pytest.mark.parametrize(
    ("magic", "said"),
    [
        ("%%gradcheck\ny = 1", "this cell defines no function, so there is nothing to check."),
        ("%%gradcheck\ndef mean(x):\n    return x", "This cell has no function of any exercise."),
        ("%%gradcheck --exercise nix\ndef f(x):\n    return x", "nix"),
        ("%gradcheck nix.py", "There is no file nix.py."),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(shell, magic, said):
    ran = Ran(shell, magic)
    assert ran.result.success
    assert said in ran.err
    assert ran.err.startswith("gradcheck: ")
    assert "Traceback" not in ran.err + ran.out


def test_a_file_is_checked_by_the_line_magic(shell):
    ran = Ran(shell, f"%gradcheck '{RESIDUAL}' --seed 1 --hints 3")
    assert "dZ = (A - Y) / n" in ran.text
    assert "residual-reversed" in ran.shown[0]["text/html"]


def test_help_is_printed(shell):
    assert "above a cell" in Ran(shell, "%gradcheck --help").out


# The text that is checked ---------------------------------------------------------------------------------------------


def test_statements_that_define_nothing_are_passed_over_line_for_line(tmp_path):
    cell = "import math; x = 3; y = (\n  4)\ndef f(): return 1\nfor i in range(9):\n    print(i)\ng = lambda: 2  # é\n"
    composed = compose(Cell(1, cell), [], {}, tmp_path)
    assert composed.text.split("\n") == [
        "import math; pass; pass",
        "",
        "def f(): return 1",
        "pass",
        "",
        "g = lambda: 2  # é",
        "",
        "",
    ]
    assert parsed(composed.text) is not None
    assert composed.names == {"f"}


def test_the_last_definition_of_earlier_cells_counts_while_the_name_still_stands_for_it(tmp_path):
    earlier = [
        Cell(1, "def f(): return 1\ndef g(): return 1\n"),
        Cell(2, "k = 3; h = lambda: 2"),
        Cell(3, "1/0\n\n@staticmethod\ndef f(): return 3"),
    ]
    composed = compose(Cell(4, "def new(): return f()"), earlier, {"f": print, "g": 3, "h": print}, tmp_path)
    assert composed.text == "h = lambda : 2\n@staticmethod\ndef f(): return 3\ndef new(): return f()\n".replace(
        "lambda :", "lambda:"
    )
    assert [(place.cell, place.line) for place in composed.places] == [(2, 1), (3, 3), (3, 4), (4, 1)]


# The page -------------------------------------------------------------------------------------------------------------


def test_the_style_of_a_report_holds_inside_of_it_only():
    html = render(wrong_report(), hints=3)
    sheet = html.partition("<style>")[2].partition("</style>")[0]
    for rule in sheet.replace("@media print {", "").split("}"):
        selectors = rule.partition("{")[0].strip()
        assert all(SCOPE in selector for selector in selectors.split(",") if selector.strip()), rule
    assert "prefers-color-scheme" not in sheet
    assert "<iframe" not in html
    assert "<body" not in html


def test_what_a_student_writes_is_escaped(shell):
    ran = Ran(shell, FORWARDS, f"%%gradcheck --seed 1\n{BACKWARD}print('</style><script>alert(1)</script>')")
    assert "<script" not in ran.shown[0]["text/html"]


# Without and with Jupyter ---------------------------------------------------------------------------------------------


def test_without_ipython_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    with pytest.raises(GradcheckError, match=r"pip install 'gradcheck\[jupyter\]'"):
        load_ipython_extension(object())


def test_loading_the_extension_imports_nothing_heavy():
    program = (
        "import sys, IPython; from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance();"
        "before = set(sys.modules); s.run_line_magic('load_ext', 'gradcheck');"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert not set(done.stdout.split()) & {"numpy", "sympy", "jinja2", "rich", "derivations"}


def test_a_notebook_is_executed_and_stops_at_a_cell_that_fails(tmp_path):
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    from nbformat.v4 import new_code_cell, new_notebook

    cells = ["%load_ext gradcheck", FORWARDS, f"%%gradcheck --seed 1\n{WRONG}", "%%gradcheck\n1 / 0", "x = 1"]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    program = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "notebook = nbformat.read(sys.argv[1], 4)\n"
        "try: NotebookClient(notebook, timeout=300, kernel_name='python3').execute()\n"
        "except Exception as error: print(type(error).__name__)\n"
        "nbformat.write(notebook, sys.argv[1])\n"
    )
    import nbformat

    path = tmp_path / "notebook.ipynb"
    nbformat.write(notebook, path)
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == nbclient.exceptions.CellExecutionError.__name__
    _, _, checked, failed, after = nbformat.read(path, 4).cells
    (output,) = checked.outputs
    assert "In[3]:6" in output.data["text/plain"]
    assert "mean-twice" in output.data["text/html"]
    assert [error.ename for error in failed.outputs] == ["ZeroDivisionError"]
    assert not after.outputs
    assert after.execution_count is None
