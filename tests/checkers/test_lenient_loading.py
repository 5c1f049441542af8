"""A file whose module-level work fails or does not end still defines its functions."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
import pytest

from checkers.student import bygone, interruption, lenient, neighbours
from checkers.student.evidence import StudentFiles
from checkers.student.wire import WireError
from checkers.student_answers import Loaded, Origin, Outcome, Skipped, read_loaded
from checkers.student_process import StudentProcess

POSIX = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="it switches the timers off")


class Desk:
    """A student's folders; every load has a process of its own."""

    def __init__(self, folder: Path, process: StudentProcess) -> None:
        self.folder = folder
        self.process = process

    def load(self, text: str, name: str = "student.py", **options: Any) -> Loaded:
        path = self.write(name, text)
        loaded = self.process.load(path, lenient=True, **options)
        assert loaded.outcome is Outcome.VALUE, loaded
        return loaded

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def value(self, name: str = "f", *args: Any) -> Any:
        result = self.process.call(name, args)
        assert result.outcome is Outcome.VALUE, result
        return result.value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with StudentProcess(timeout=30) as process:
        yield Desk(tmp_path / "assignment" / "package" / "part", process)


def reasons(loaded: Loaded) -> dict[int, str]:
    return {skipped.line: skipped.reason for skipped in loaded.skipped}


def test_what_fails_is_left_out_and_told(desk: Desk) -> None:
    loaded = desk.load('''
        """Softmax."""
        import numpy as np
        data = np.load("train.npy")
        name = input("who? ")
        print(data.shape,
              name)
        @jit
        def fast(x):
            return x
        exit()
        "a text"
        W = np.ones(3)
        def f(x):
            return __doc__, (W * x).sum()
        ''')
    assert loaded.compiled
    assert reasons(loaded) == {
        4: "FileNotFoundError: train.npy",
        5: "EOFError: EOF when reading a line",
        6: "NameError: name 'data' is not defined",
        11: "SystemExit",
    }
    second = loaded.skipped[2]
    assert second == Skipped(6, 7, "NameError: name 'data' is not defined", "print(data.shape,", "student.py")
    assert [function.name for function in loaded.functions] == ["jit", "fast", "f"]
    assert desk.value("f", 2.0) == ("Softmax.", 6.0)


def test_without_leniency_the_first_failure_ends_the_file(desk: Desk) -> None:
    path = desk.write("student.py", "open('none')\ndef f(): pass\n")
    loaded = desk.process.load(path)
    assert (loaded.outcome, loaded.functions, loaded.skipped) == (Outcome.RAISED, (), ())


def test_work_without_end_is_stopped_and_later_work_still_done(desk: Desk) -> None:
    loaded = desk.load("""
        import time, threading
        if True:
            while True:
                pass
        time.sleep(1000)
        class Net:
            rate = sum([0.25, 0.25])
        table = list(range(3))
        def f():
            return table, Net.rate
        """)
    assert reasons(loaded) == {3: "stopped after 0.5 s", 6: "stopped after 0.5 s"}
    assert desk.value() == ([0, 1, 2], 0.5)


def test_much_work_ends_together_but_definitions_always_run(desk: Desk) -> None:
    busy = "while True: pass\n"
    loaded = desk.load(busy * 40 + "class Net:\n    size = 3\n\ndef f(): return Net.size\n")
    told = reasons(loaded)
    assert told[1] == "stopped after 0.5 s"
    assert told[40] == "not run: what stands before it had taken 3 s"
    assert desk.value() == 3


@POSIX
def test_what_no_timer_ends_is_found_by_the_parent_and_not_run_again(desk: Desk) -> None:
    loaded = desk.load(
        """
        import signal
        if True:
            for timer in signal.ITIMER_REAL, signal.ITIMER_PROF:
                signal.setitimer(timer, 0)
            while True:
                pass
        def f():
            return 1
        """,
        timeout=1,
    )
    assert reasons(loaded) == {3: "not run: it does not come to an end"}
    assert desk.process.restart().skipped == loaded.skipped
    with desk.process.sibling(5) as other:
        assert other.load(desk.process.path).skipped == loaded.skipped


def test_a_thread_stops_what_no_signal_can() -> None:
    script = """
        import signal, time
        from checkers.student.interruption import Interruption, StoppedError, ThreadTimer
        from checkers.student import interruption
        within = Interruption(ThreadTimer)
        for text in ("while True: pass", "raise ValueError", "inner()\\nwhile True: pass"):
            def inner():
                try:
                    within.run(compile("while True: pass", "inner", "exec"), {}, 0.05)
                except StoppedError:
                    print("inner")
            try:
                within.run(compile(text, "outer", "exec"), {"inner": inner}, 0.1)
            except (StoppedError, ValueError) as error:
                print(type(error).__name__)
        within.run(compile("x = 1", "last", "exec"), {}, 0.05)
        deadline = time.process_time() + 0.2
        while time.process_time() < deadline:
            pass
        """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, cwd=root, timeout=60)
    assert done.stdout.split() == ["StoppedError", "ValueError", "inner", "StoppedError"]


def test_functions_have_the_code_that_the_whole_text_gives(tmp_path: Path) -> None:
    """Edits are tried on living functions, which are known by their code."""
    text = textwrap.dedent('''
        """Doc."""
        from __future__ import annotations
        import functools
        "no docstring"
        @functools.cache
        def f(x: Unknown) -> None:
            return [lambda y: x + y for _ in "äö"]
        class A:
            """A."""
            def g(self): return super()
        try:
            k = 1
        finally:
            h = lambda: __class__
        ''')
    path = str(tmp_path / "student.py")
    whole = compile(text, path, "exec", dont_inherit=True)
    tree = lenient._tree(text, path)
    file = lenient._File(path, "student.py", text, tree, whole)
    parts = [compile(lenient.ast.Module([part], []), path, "exec", file.flags, dont_inherit=True) for part in tree.body]

    def functions(codes: list[CodeType]) -> list[CodeType]:
        inner = [part for code in codes for part in code.co_consts if isinstance(part, CodeType)]
        return inner + functions(inner) if inner else []

    assert functions(parts) == functions([whole])
    assert len(functions(parts)) == 6
    assert file.flags


def test_an_import_that_fails_takes_only_its_own_names(desk: Desk) -> None:
    desk.write("helper.py", "one = 1\n")
    loaded = desk.load("""
        import numpy as np, no_such_library, matplotlib.pyplot as plt
        from helper import one, two
        plt.plot([1])
        def f():
            return np.add(one, 1)
        def g():
            return two
        """)
    (first, second) = loaded.skipped
    assert (first.line, first.reason) == (2, "ModuleNotFoundError: No module named 'no_such_library'")
    assert (second.line, second.reason.startswith("ImportError: cannot import name 'two'")) == (3, True)
    assert desk.value() == 2
    assert desk.process.call("g").error.message == "name 'two' is not defined"  # type: ignore[union-attr]


def test_a_syntax_error_is_told_as_ever(desk: Desk) -> None:
    loaded = desk.process.load(desk.write("student.py", "def f(:\n"), lenient=True)
    assert (loaded.outcome, loaded.compiled, loaded.place.line) == (Outcome.RAISED, False, 1)  # type: ignore[union-attr]


# Files around the student's


def test_neighbours_are_found_by_any_of_their_names_and_loaded_leniently(desk: Desk) -> None:
    layers = "import no_such_library\nopen('data')\ndef affine(): return 'affine'\n"
    desk.write("../layers.py", layers)
    desk.write("../other/optim.py", "from ..layers import *\ndef sgd(): return affine()\n")
    desk.write("beside.py", "from .beside2 import *\n")
    desk.write("beside2.py", "def there(): return 1\n")
    loaded = desk.load("""
        from ..layers import *
        from package.layers import affine as second
        from renamed.layers import affine as third
        from package.other.optim import sgd
        from layers import affine as fourth
        import package.layers as layers
        from beside import there
        def f():
            return [affine(), second(), third(), fourth(), layers.affine(), sgd(), there()]
        """)
    assert desk.value() == ["affine"] * 6 + [1]
    assert [(skipped.file, skipped.line) for skipped in loaded.skipped] == [("../layers.py", 1), ("../layers.py", 2)]
    (affine,) = (function for function in loaded.functions if function.name == "affine")
    assert (affine.origin, affine.file, affine.line) == (Origin.FOLDER, "../layers.py", 3)


def test_a_neighbour_shadows_no_library(desk: Desk) -> None:
    for name in ("../json.py", "../numpy.py", "../random.py"):
        desk.write(name, "raise RuntimeError\n")
    loaded = desk.load("import json, random, numpy.random\ndef f(): return json.loads('1')\n")
    assert (loaded.skipped, desk.value()) == ((), 1)


def test_more_than_three_folders_above_is_not_looked_at(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b" / "c" / "d" / "student.py")
    folders = neighbours.folders_around(path)
    assert [Path(folder).name for folder in folders] == ["d", "c", "b", "a"]
    assert neighbours.is_around(str(tmp_path / "a" / "x"), folders)
    assert not neighbours.is_around(str(tmp_path), folders)
    assert not neighbours.is_around(str(tmp_path / "a" / "lib" / "site-packages"), folders)


# Names of the past


def test_names_that_were_right_when_written_work_and_are_told(desk: Desk) -> None:
    loaded = desk.load("""
        from __future__ import print_function
        import numpy as np
        from past.builtins import xrange
        from future import standard_library
        from six.moves import cPickle as pickle
        import cPickle
        standard_library.install_aliases()
        def f(x):
            numbers = [int(unicode(i)) for i in xrange(3)]
            return reduce(max, numbers), np.array(numbers, dtype=np.float), np.infty, np.sum(x)
        def g():
            long = 3
            return long
        """)
    assert loaded.skipped == ()
    told = {provided.name: (provided.line, provided.instead) for provided in loaded.provided}
    assert told == {
        "past.builtins": (4, "names of Python 3"),
        "future": (5, "names of Python 3"),
        "six.moves": (6, "names of Python 3"),
        "cPickle": (7, "names of Python 3"),
        "reduce": (11, "functools.reduce"),
        "unicode": (10, "str"),
        "np.float": (11, "float"),
    } | ({} if hasattr(np, "infty") else {"np.infty": (11, "inf")})
    largest, numbers, infinite, x = desk.value("f", 1.0)
    assert (largest, numbers.dtype, infinite, x) == (2, np.float64, float("inf"), 1.0)


def test_every_numpy_name_that_went_has_something_in_its_place(desk: Desk) -> None:
    desk.load(f"""
        import numpy as np
        def f():
            return [name for name in {sorted(bygone.NUMPY)} if not hasattr(np, name)]
        def g():
            return [np.asscalar(np.array([3])), np.in1d([[1, 2]], [2]), np.trapz([1.0, 1.0]), np.NINF, np.mat([[1]])]
        """)
    assert desk.value() == []
    item, inside, area, least, matrix = desk.value("g")
    assert (item, inside.tolist(), area, least, matrix.shape) == (3, [False, True], 1.0, float("-inf"), (1, 1))


# What the process says is believed only in its form


@pytest.mark.parametrize(
    "skipped",
    [b'[{"line": 1}]', b'[{"line": -1, "end_line": 1, "reason": "", "source": "", "file": ""}]', b"{}", b"["],
    ids=["incomplete", "negative", "no-list", "no-json"],
)
def test_skipped_statements_in_another_form_are_refused(skipped: bytes) -> None:
    answer = {"printed": 0, "cpu_seconds": 0.0, "skipped": skipped}
    with pytest.raises(WireError):
        read_loaded(answer, None)


def test_at_most_so_many_statements_are_told() -> None:
    run = lenient.LenientRun.__new__(lenient.LenientRun)
    run.skipped, run.files = [], StudentFiles("/a/student.py")
    tree = lenient._tree("x\n", "")
    file = lenient._File("", "student.py", "x\n", tree, compile("x\n", "", "exec"))
    for _ in range(2 * lenient.MAX_NOTES):
        run._note(file, tree.body[0], ValueError())
    assert len(run.skipped) == lenient.MAX_NOTES
    assert run.skipped[0]["reason"] == "ValueError"
    assert interruption.SLOWEST > 1


def test_a_base_class_and_a_decorator_that_are_not_here_are_stood_in_for(tmp_path: Path) -> None:
    source = """
from .layer import Layer
from lib import override

class Square(Layer):
    def __init__(self):
        super().__init__("square")

    @override
    def forward(self, x):
        return x * x

def four():
    return Square().forward(2)
"""
    (tmp_path / "student.py").write_text(source, encoding="utf-8")
    with StudentProcess() as student:
        loaded = student.load(tmp_path / "student.py", lenient=True)
        assert student.call("four").value == 4
    assert {(one.name, one.instead) for one in loaded.provided} == {
        ("Layer", "an empty class"),
        ("override", "nothing"),
    }
