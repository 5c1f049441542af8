"""Notebooks as Python files, line for line."""

import ast
import json
import time
import warnings

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.grading.submission import Refused
from gradcheck.submissions import Cell, cell_of, find_submissions
from gradcheck.submissions.notebook import to_python


def notebook(*sources, **more):
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells} | more


def python_of(content):
    return to_python(json.dumps(content).encode(), "hw.ipynb").decode()


def body(source):
    """One cell without its head."""
    return python_of(notebook(source)).removeprefix("# In[1]\n").removesuffix("\n")


def test_code_cells_are_joined_and_headed(handed_in):
    content = notebook("import numpy as np", ["def f(x):\n", "    return x\n"])
    content["cells"].insert(1, {"cell_type": "markdown", "source": "# Title\n%not magic", "metadata": {}})
    content["cells"].append({"cell_type": "raw", "source": "raw", "metadata": {}})
    (jane,) = find_submissions(handed_in({"jane.ipynb": json.dumps(content)})).submissions
    assert jane.read().files == (("jane.py", b"# In[1]\nimport numpy as np\n\n# In[2]\ndef f(x):\n    return x\n\n"),)
    assert jane.read().main == "jane.py"


def test_a_line_leads_back_to_its_cell():
    text = python_of(notebook("a\nb", "", "c\n\nd"))
    for line, content in enumerate(text.split("\n"), 1):
        if content in ("a", "b", "c", "d"):
            number, in_cell = {"a": (1, 1), "b": (1, 2), "c": (3, 1), "d": (3, 3)}[content]
            assert cell_of(text, line) == Cell(number, in_cell)
    assert cell_of("x = 1\n", 1) is None


@given(st.lists(st.text(st.sampled_from("ab#\n\"'\\ %!?=()"), max_size=30), min_size=1, max_size=6))
def test_every_line_of_every_cell_is_found_again(sources):
    text = python_of(notebook(*sources))
    lines = text.split("\n")
    for number, source in enumerate(sources, 1):
        for at in range(1, len(source.split("\n")) + 1):
            place = [line for line in range(1, len(lines) + 1) if cell_of(text, line) == Cell(number, at)]
            assert len(place) == 1


def test_numbers_are_those_that_jupyter_shows_where_they_tell_cells_apart():
    content = notebook("a", "b")
    for cell, count in zip(content["cells"], (7, 3), strict=True):
        cell["execution_count"] = count
    assert python_of(content) == "# In[7]\na\n\n# In[3]\nb\n"
    content["cells"][1]["execution_count"] = None
    assert python_of(content) == "# In[1]\na\n\n# In[2]\nb\n"
    content["cells"][1]["execution_count"] = 7
    assert python_of(content) == "# In[1]\na\n\n# In[2]\nb\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("!pip install numpy \\\n  scipy\nx = 1", "# !pip install numpy \\\n#   scipy\nx = 1"),
        ("?np.sum\nnp.sum?\nnp.sum??", "# ?np.sum\n# np.sum?\n# np.sum??"),
        ("if x:\n    %time f()\ny = 1", "if x:\n    pass  # %time f()\ny = 1"),
        ("files = !ls 'a\nt = %timeit -o f()", "files = None  # !ls 'a\nt = None  # %timeit -o f()"),
        ("%%bash\nls *\n\nrm x", "# %%bash\n# ls *\n#\n# rm x"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("\n%%capture out\nx = 1", "\n# %%capture out\nx = 1"),
        (
            "get_ipython().run_line_magic('matplotlib', 'inline')",
            "# get_ipython().run_line_magic('matplotlib', 'inline')",
        ),
    ],
)
def test_magics_become_comments(source, expected):
    assert body(source) == expected
    ast.parse(expected)


@pytest.mark.parametrize(
    "source",
    [
        "x = (a\n%b)",
        's = """\n%d\n!x\n"""\ny = 1',
        "s = '''it's\n% \\'''\n!\n'''",
        "x = a \\\n% b",
        "# a 'comment (\nx = [')',\n1 % 2]",
        "x = '(' # \"\ny != 3",
        "x = {\n  # ]\n  'a':\n!1}",
        "assert a == b\nx = f(c=1, d='%')",
    ],
)
def test_what_only_looks_like_a_magic_stays(source):
    assert body(source) == source


def test_older_formats_are_read_as_nbformat_reads_them():
    cells = [
        {
            "cell_type": "code",
            "input": ["x = 1\n", "y = 2"],
            "language": "python",
            "outputs": [],
            "metadata": {},
            "prompt_number": 5,
        },
        {"cell_type": "markdown", "source": "text", "metadata": {}},
        {
            "cell_type": "code",
            "input": "z = 3",
            "language": "python",
            "outputs": [],
            "metadata": {},
            "prompt_number": 6,
        },
    ]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        new = nbformat.convert(nbformat.reads(json.dumps(old), as_version=3), 4)
    assert python_of(old) == python_of(new) == "# In[5]\nx = 1\ny = 2\n\n# In[6]\nz = 3\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"^hw\.ipynb is no notebook that can be read: Expecting value"),
        (b"{'a': 1}", r"Expecting property name enclosed in double quotes: line 1"),
        (b"\xff\xfe{", r"is no notebook that can be read: 'utf-8' codec"),
        (b"[" * 100_000, r"is no notebook that can be read: .*recursion"),
        (b"[1]", r"is no notebook: it has no format number"),
        (b"{}", r"is no notebook: it has no format number"),
        (b'{"nbformat": 4}', r"is no notebook: it has no list of cells"),
        (b'{"nbformat": 3, "worksheets": [7]}', r"is no notebook: it has no list of cells"),
        (b'{"nbformat": 4, "cells": [7]}', r"is no notebook: it has no list of cells"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', r"a code cell of it has no text"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', r"a code cell of it has no text"),
        (b'{"nbformat": 4, "metadata": {"kernelspec": {"language": "R"}}}', r"is a notebook in R, not in Python"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(content, message):
    with pytest.raises(Refused, match=message):
        to_python(content, "hw.ipynb")


def test_lone_surrogates_do_not_stop_it():
    assert to_python(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}', "x") == b"# In[1]\n?\n"


def test_a_notebook_beside_its_own_python_file_keeps_both(handed_in):
    content = json.dumps(notebook("def f(): pass\ndef g(): pass"))
    jane, _ = find_submissions(
        handed_in({"jane/hw.py": "def f(): pass", "jane/hw.ipynb": content, "zoe/a.py": ""})
    ).submissions
    assert [name for name, _ in jane.read().files] == ["hw.ipynb.py", "hw.py"]
    assert jane.read().main == "hw.ipynb.py"


def test_hostile_cells_are_scanned_in_no_time():
    started = time.process_time()
    for sign in ("(", '"', "'''", "\\", " ", "=", "x", '"\\', "?", "#'"):
        body(sign * 200_000)
        body((sign + "\n") * 20_000)
    assert time.process_time() - started < 20  # seconds; 0.5 where it grows with the length, hours with its square


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["code", "python"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "source", "input", "cell_type", "nbformat", "worksheets", "metadata", "execution_count"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(st.dictionaries(st.sampled_from(["cells", "nbformat", "worksheets", "metadata"]), JSON))
def test_any_json_is_read_or_refused(content):
    try:
        text = to_python(json.dumps({"nbformat": 4} | content).encode(), "hw.ipynb").decode()
    except Refused as refusal:
        text = str(refusal)
    assert text.startswith(("# In[", "hw.ipynb is ")) or not text
