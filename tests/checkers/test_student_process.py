"""Whatever a student's file does comes back as a value, and no process is left behind."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from checkers.child_process import spawn
from checkers.errors import GradcheckError, UsageError
from checkers.student import evidence
from checkers.student.evidence import StudentFiles
from checkers.student.wire import Opaque
from checkers.student_answers import (
    CallResult,
    Changed,
    EndingKind,
    Loaded,
    Origin,
    Outcome,
    Parameter,
    ParameterKind,
    clean,
)
from checkers.student_process import StudentProcess, _batches

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = 0.3  # seconds, for what is meant to hang

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the attack needs POSIX")


class Workshop:
    """Writes a student's file into a folder of its own, and runs it in a process that the test's end closes."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.process = StudentProcess(process, timeout=20)

    def load(self, source: str | bytes, name: str = "student.py", timeout: float | None = None) -> Loaded:
        path = self.folder / name
        path.write_bytes(source.encode() if isinstance(source, str) else source)
        return self.process.load(path, timeout=timeout)

    def beside(self, **files: str) -> None:
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text)

    def call(self, source: str, *args: Any, timeout: float | None = None) -> CallResult:
        """Load a file that defines f, and call it."""
        loaded = self.load(source)
        assert loaded.outcome is Outcome.VALUE, loaded
        return self.process.call("f", args, timeout=timeout)


@pytest.fixture(scope="module")
def spare() -> Iterator[list[subprocess.Popen[bytes]]]:
    """The next test's process, which starts while this test runs."""
    processes = [spawn()]
    yield processes
    StudentProcess(processes.pop()).close()


@pytest.fixture
def workshop(tmp_path: Path, spare: list[subprocess.Popen[bytes]]) -> Iterator[Workshop]:
    folder = tmp_path / "submission"
    folder.mkdir()
    process = spare.pop()
    spare.append(spawn())
    shop = Workshop(folder, process)
    yield shop
    shop.process.close()


# One process serves all tests that leave it as it was.
TAME = """
import numpy as np, sys, warnings

def right(z, y):
    return (z - y) / len(z)

def dictionary(x):
    return {"W1": x, 2: (x.sum(), [None, True, "text"]), "i": np.int32(3), "f": np.float32(0.5)}

def changes(x, parameters, numbers):
    x -= 1
    parameters["W1"][0] = 5
    parameters["new"] = 1
    numbers.append(3)
    return x

def matrix(x): return np.matrix(x)
def masked(x): return (0, np.ma.masked_less(x, 0))
def objects(): return np.array([1, None])
def few(): yield from range(3)
def infinite(): return (i for i in iter(int, 1))
def huge(): return np.broadcast_to(1.0, (10**10,))
def out_of_memory(): return np.zeros(10**15)

def deep():
    value = []
    for _ in range(1000):
        value = [value]
    return value

def recursive():
    value = []
    value.append(value)
    return value

def endless_recursion(n=0):
    return endless_recursion(n + 1)

class Bad(Exception):
    def __str__(self): raise RuntimeError("no text")

class Base(BaseException):
    pass

def bad_text(): raise Bad()
def base(): raise Base("x" * 10_000)
def leave(): sys.exit(3)
def interrupt(): raise KeyboardInterrupt
def singular(): return np.linalg.inv(np.zeros((2, 2)))
def terminal(): raise ValueError("\\x1b[2J gone")

class LyingArray(np.ndarray):
    def __array_function__(self, *_): return True
    def __eq__(self, other): return True

class Liar:
    def __getattribute__(self, name): raise ValueError("asked for " + name)
    def __call__(self): return 1

liar = Liar()

def lie(x): return [x.view(LyingArray), liar]

def overflow(z):
    e = np.exp(z)
    return e / e

def divides(x):
    return (x /
            np.zeros(2)).mean()

def mean_of_nothing():
    return np.mean([])

def warns():
    for _ in range(3):
        warnings.warn("careful", UserWarning)

def prints(text):
    print(text)
    print(text, file=sys.stderr)

def reads():
    return input()

def burns():
    total = 0
    for i in range(300_000):
        total += i
    return total

def keyword_only(x, /, y, z=1, *args, reg=0.0, must, **rest): pass

one_line = lambda a, b=2: a
"""


@pytest.fixture(scope="module")
def tame(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudentProcess]:
    path = tmp_path_factory.mktemp("tame") / "tame.py"
    path.write_text(TAME)
    with StudentProcess(timeout=20) as process:
        assert process.load(path).outcome is Outcome.VALUE
        yield process
        assert process.alive


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(TAME.split("\n"), 1) if text in line)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with suppress(OSError):  # no /proc, or gone between two looks
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return True


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


# Calls and values


def test_a_gradient_comes_back_bit_for_bit(tame: StudentProcess) -> None:
    z, y = np.array([[0.1, 0.2], [0.3, 0.4]]), np.eye(2)
    result = tame.call("right", [z, y])
    assert result.outcome is Outcome.VALUE
    assert result.value.tobytes() == ((z - y) / 2).tobytes()
    assert (result.printed, result.warnings, result.changed, result.converted) == (0, (), (), ())


def test_dicts_scalars_and_their_dtypes_come_back(tame: StudentProcess) -> None:
    value = tame.call("dictionary", [np.ones(3, dtype=np.float32)]).value
    assert value["W1"].dtype == np.float32
    assert value[2] == (3.0, [None, True, "text"])
    assert (value["i"].dtype, value["f"].dtype) == (np.int32, np.float32)


def test_keywords_reach_the_function(tame: StudentProcess) -> None:
    assert tame.call("one_line", [1], {"b": 3}).value == 1
    assert tame.call("one_line", [1], {"c": 3}).error.message.endswith("unexpected keyword argument 'c'")  # type: ignore[union-attr]


def test_many_calls_give_a_result_each_in_order(tame: StudentProcess) -> None:
    results = tame.call_many("one_line", [[number] for number in range(1300)])
    assert [result.value for result in results] == list(range(1300))


def test_many_calls_with_large_arrays_are_cut_into_messages(tame: StudentProcess) -> None:
    results = tame.call_many("one_line", [[np.full(1_000_000, number)] for number in range(5)])
    assert [result.value[-1] for result in results] == list(range(5))
    assert tame.call_many("one_line", []) == []


def test_a_message_holds_a_bounded_number_of_bytes_and_calls() -> None:
    large, small = [np.broadcast_to(1.0, (1_000_000,))], [1]
    sizes = [len(batch) for batch in _batches([large] * 5 + [small] * 1000)]
    assert sizes == [2, 2, 500, 500, 1]


def test_arguments_beyond_the_limits_are_a_wrong_call(tame: StudentProcess) -> None:
    with pytest.raises(UsageError, match="cannot be sent"):
        tame.call("one_line", [np.broadcast_to(1.0, (1 << 30,))])


def test_changed_arguments_are_named_and_the_callers_stay_as_they_were(tame: StudentProcess) -> None:
    x, parameters = np.ones(3), {"W1": np.zeros(2), "b1": np.zeros(2)}
    result = tame.call("changes", [x, parameters], {"numbers": [1]})
    assert result.changed == (
        Changed(0),
        Changed(1),
        Changed(1, "['W1']"),
        Changed("numbers"),
    )
    assert x.tolist() == [1, 1, 1]
    assert list(parameters) == ["W1", "b1"]


def test_no_call_sees_what_another_did_to_its_arguments(tame: StudentProcess) -> None:
    shared: dict[str, Any] = {"parameters": {"W1": np.zeros(2)}, "numbers": []}
    results = tame.call_many("changes", [[np.ones(3)]] * 3, shared)
    assert [result.value.tolist() for result in results] == [[0, 0, 0]] * 3
    assert len({result.changed for result in results}) == 1


def test_nan_in_an_untouched_argument_is_no_change(tame: StudentProcess) -> None:
    assert tame.call("one_line", [np.array([np.nan])]).changed == ()


@pytest.mark.parametrize(
    ("name", "path", "kind"), [("matrix", (), "matrix"), ("masked", (1,), "MaskedArray")], ids=["matrix", "masked"]
)
def test_matrices_and_masked_arrays_become_plain_with_a_flag(
    tame: StudentProcess, name: str, path: tuple[int, ...], kind: str
) -> None:
    result = tame.call(name, [np.array([[1.0, -2.0]])])
    value = result.value
    for key in path:
        value = value[key]
    assert type(value) is np.ndarray
    assert value.tolist() == [[1.0, -2.0]]
    assert [(converted.path, converted.type.rpartition(".")[2]) for converted in result.converted] == [(path, kind)]


def test_lying_objects_are_read_without_being_asked(tame: StudentProcess) -> None:
    result = tame.call("lie", [np.ones(2)])
    assert result.value[0].tolist() == [1.0, 1.0]
    assert type(result.value[0]) is np.ndarray
    assert result.value[1] == Opaque("tame.Liar")


def test_endless_generators_come_back_as_descriptions_and_others_as_lists(tame: StudentProcess) -> None:
    assert tame.call("infinite").value == Opaque("generator")
    assert tame.call("few").value == [0, 1, 2]


def test_arrays_of_objects_come_back_as_lists(tame: StudentProcess) -> None:
    assert tame.call("objects").value == [1, None]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("huge", "needs 80,000,000,000 bytes"),
        ("deep", "nested more than"),
        ("recursive", "contains itself"),
        ("missing", "no function missing"),
        ("np", "no function np"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_reason(tame: StudentProcess, name: str, reason: str) -> None:
    result = tame.call(name)
    assert result.outcome is Outcome.REFUSED
    assert reason in (result.refusal or "")


# Exceptions and warnings


@pytest.mark.parametrize(
    ("name", "kinds", "message", "line"),
    [
        ("bad_text", ("Bad", "Exception"), "its text cannot be read: its __str__ raised RuntimeError", "def bad_text"),
        ("base", ("Base", "BaseException"), "x" * 2000, "def base"),
        ("leave", ("SystemExit", "SystemExit"), "3", "def leave"),
        ("interrupt", ("KeyboardInterrupt", "KeyboardInterrupt"), "", "def interrupt"),
        ("endless_recursion", ("RecursionError", "RecursionError"), "maximum recursion", "endless_recursion(n + 1)"),
        ("out_of_memory", ("_ArrayMemoryError", "MemoryError"), "Unable to allocate", "def out_of_memory"),
        ("singular", ("LinAlgError", "ValueError"), "Singular matrix", "def singular"),
        ("reads", ("EOFError", "EOFError"), "EOF when reading a line", "return input()"),
    ],
)
def test_every_exception_is_a_result_with_its_line(
    tame: StudentProcess, name: str, kinds: tuple[str, str], message: str, line: str
) -> None:
    result = tame.call(name)
    assert result.outcome is Outcome.RAISED
    assert result.error is not None
    assert (result.error.type, result.error.builtin) == kinds
    assert result.error.message.startswith(message)
    assert len(result.error.message) <= 2000
    assert result.place is not None
    assert result.place.line == line_of(line)
    assert line in result.place.source
    assert len(result.error.frames) <= 16


def test_a_place_has_columns(workshop: Workshop) -> None:
    result = workshop.call("def f(x):\n    é = 1; return x + undefined\n", 1)
    place = result.place
    assert place is not None
    assert (place.line, place.source[place.column : place.end_column]) == (2, "undefined")


def test_text_from_the_student_cannot_repaint_a_terminal(tame: StudentProcess) -> None:
    error = tame.call("terminal").error
    assert error is not None
    assert error.message == "\ufffd[2J gone"
    assert clean("a\r\0\tb\n\x9b") == "a\ufffd\ufffd\tb\n\ufffd"


@pytest.mark.parametrize(
    ("name", "args", "message", "line"),
    [
        ("overflow", [np.array([1000.0])], "overflow encountered in exp", "e = np.exp(z)"),
        ("overflow", [np.array([1000.0])], "invalid value encountered in divide", "return e / e"),
        ("divides", [np.ones(2)], "divide by zero encountered in divide", "return (x /"),
        ("mean_of_nothing", [], "Mean of empty slice", "return np.mean([])"),
    ],
)
def test_numpy_warnings_come_with_the_students_line(
    tame: StudentProcess, name: str, args: list[Any], message: str, line: str
) -> None:
    warned = [warning for warning in tame.call(name, args).warnings if message in warning.message]
    assert [(warning.category, warning.file, warning.line) for warning in warned] == [
        ("RuntimeWarning", "tame.py", line_of(line))
    ]


def test_repeated_warnings_are_counted_and_not_printed(tame: StudentProcess) -> None:
    before = tame.output
    (warned,) = tame.call("warns").warnings
    assert (warned.category, warned.message, warned.count) == ("UserWarning", "careful", 3)
    assert tame.call("right", [np.ones(1), np.ones(1)]).warnings == ()
    assert tame.output == before


def test_warnings_that_the_student_turns_into_errors_are_raised(workshop: Workshop) -> None:
    source = "import numpy as np, warnings\nwarnings.simplefilter('error')\ndef f(x):\n    return np.exp(x)\n"
    result = workshop.call(source, np.array([1000.0]))
    assert result.error is not None
    assert (result.error.type, result.place and result.place.line) == ("RuntimeWarning", 4)


def test_what_is_printed_is_counted_and_kept(tame: StudentProcess) -> None:
    result = tame.call("prints", ["héllo"])
    assert result.printed == 2 * len("héllo\n".encode())
    deadline = time.monotonic() + 5
    while "héllo\nhéllo\n" not in tame.output and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "héllo\nhéllo\n" in tame.output


def test_cpu_time_is_the_calls_own(tame: StudentProcess) -> None:
    busy, idle = tame.call("burns").cpu_seconds, tame.call("one_line", [1]).cpu_seconds
    assert busy is not None
    assert idle is not None
    assert busy > 10 * idle


# Descriptions


def test_functions_are_described_with_lines_and_parameters(workshop: Workshop) -> None:
    workshop.beside(layers="def affine(x, w):\n    return x @ w\n")
    source = """
import functools
import numpy as np
from numpy import exp
from layers import affine

def keyword_only(x, /, y, z=1, *args, reg=0.0, must, **rest): pass

def decorate(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@decorate
@functools.lru_cache
def decorated(dA, Z):
    pass

class Net:
    def __init__(self, sizes, seed=0):
        pass

one_line = lambda a, b=2: a
vectorized = np.vectorize(one_line)
bound = Net([1]).__init__
not_callable = 3
"""
    described = {function.name: function for function in workshop.load(source).functions}
    positional, only = ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY
    assert "not_callable" not in described
    assert "np" not in described
    assert described["keyword_only"].parameters == (
        Parameter("x", ParameterKind.POSITIONAL_ONLY),
        Parameter("y"),
        Parameter("z", positional, True),
        Parameter("reg", only, True),
        Parameter("must", only),
    )
    assert (described["keyword_only"].has_varargs, described["keyword_only"].has_varkw) == (True, True)
    assert described["decorated"].line == 17
    assert described["decorated"].parameters == (Parameter("dA"), Parameter("Z"))
    assert (described["Net"].is_class, described["Net"].line) == (True, 20)
    assert described["Net"].parameters == (Parameter("sizes"), Parameter("seed", positional, True))
    assert described["bound"].parameters == described["Net"].parameters
    assert described["vectorized"].parameters == described["one_line"].parameters
    assert (described["affine"].origin, described["affine"].file) == (Origin.FOLDER, "layers.py")
    assert (described["exp"].origin, described["exp"].parameters) == (Origin.ELSEWHERE, None)
    assert described["one_line"].origin is Origin.FILE


def test_a_file_of_a_thousand_long_signatures_is_described(workshop: Workshop) -> None:
    parameters = ", ".join(f"parameter_{number}" for number in range(60))
    loaded = workshop.load("\n".join(f"def f{number}({parameters}): pass" for number in range(1500)))
    assert loaded.outcome is Outcome.VALUE
    assert len(loaded.functions) == 1000


# Files that do not load


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        (b"def f(x):\n    print x\n", 2, "Missing parentheses in call to 'print'"),
        (b"def f(x):\nreturn x\n", 2, "expected an indented block"),
        (b"x = 1\ny = '\0'\n", 2, "null byte"),
        (codecs.BOM_UTF16_LE + "x = 1\n".encode("utf-16-le"), 1, "saved as UTF-16; save it as UTF-8"),
        ("x = 1\n# Lösung\n".encode("latin-1"), 2, "byte 0xF6 is not UTF-8"),
        ("# Lösung\n".encode("latin-1"), 1, "byte 0xF6 is not UTF-8"),
        (b"# coding: nonsense\n", None, "unknown encoding"),
        (b"return 1\n", 1, "'return' outside function"),
    ],
    ids=["python 2", "indentation", "null byte", "utf-16", "latin-1", "latin-1 first line", "coding", "return"],
)
def test_a_file_that_is_no_python_gives_line_and_reason(
    workshop: Workshop, source: bytes, line: int | None, message: str
) -> None:
    loaded = workshop.load(source)
    assert (loaded.outcome, loaded.compiled, loaded.functions) == (Outcome.RAISED, False, ())
    assert loaded.error is not None
    assert message in loaded.error.message
    assert (loaded.place and loaded.place.line) == line
    assert loaded.error.type in ("SyntaxError", "IndentationError")


@pytest.mark.parametrize(
    "source",
    [
        codecs.BOM_UTF8 + "é = 1\ndef f(x): return x\n".encode(),
        "# -*- coding: latin-1 -*-\né = 'ö'\ndef f(x): return x if é == 'ö' else 0\n".encode("latin-1"),
        b"x = 1\r\ndef f(x):\r\n    return x\r\n",
        b"x = 1\rdef f(x):\r    return x\r",
    ],
    ids=["bom", "latin-1", "windows", "old mac"],
)
def test_encodings_and_line_ends_are_honoured(workshop: Workshop, source: bytes) -> None:
    assert workshop.load(source).outcome is Outcome.VALUE
    assert workshop.process.call("f", [7]).value == 7


def test_an_exception_at_import_keeps_the_functions_before_it(workshop: Workshop) -> None:
    loaded = workshop.load("def f(x):\n    return x\nf(1)\nf(undefined)\ndef g(x):\n    return x\n")
    assert loaded.outcome is Outcome.RAISED
    assert loaded.compiled
    assert [function.name for function in loaded.functions] == ["f"]
    assert loaded.place is not None
    assert (loaded.place.line, loaded.place.source) == (4, "f(undefined)")
    assert workshop.process.call("f", [7]).value == 7


def test_exit_at_import_is_an_exception_with_its_line(workshop: Workshop) -> None:
    loaded = workshop.load("def f(x): return x\nimport sys\nsys.exit(0)\n")
    assert loaded.error is not None
    assert (loaded.error.type, loaded.place and loaded.place.line) == ("SystemExit", 3)
    assert workshop.process.call("f", [7]).value == 7


def test_a_main_guard_does_not_run(workshop: Workshop) -> None:
    assert workshop.load("if __name__ == '__main__':\n    raise ValueError\n").outcome is Outcome.VALUE


def test_ten_megabytes_on_one_line_are_read_or_stopped(workshop: Workshop) -> None:
    loaded = workshop.load(b"x = '" + b"a" * 10_000_000 + b"'\ndef f(x): return 1 / x\n")
    assert loaded.outcome is Outcome.VALUE
    loaded = workshop.load(b"x = " + b"-" * 10_000_000 + b"1\n", timeout=5)
    assert loaded.outcome in (Outcome.RAISED, Outcome.DIED, Outcome.TIMED_OUT)
    assert workshop.load(b"#" * (17 << 20)).outcome is Outcome.REFUSED


def test_a_missing_file_is_the_callers_error(workshop: Workshop) -> None:
    with pytest.raises(FileNotFoundError):
        workshop.process.load(workshop.folder / "missing.py")
    with pytest.raises(UsageError, match="call load"):
        workshop.process.restart()


# The student's folder


def test_files_beside_the_students_shadow_no_library(workshop: Workshop) -> None:
    trap = "raise RuntimeError('shadowed')\n"
    workshop.beside(numpy=trap, random=trap, json=trap, wire=trap, struct=trap, checkers="def ours(): return 'mine'\n")
    source = """
import json, random, struct
import numpy as np
from checkers import ours
def f(x):
    return [np.random.default_rng(0).random() >= 0, random.random() >= 0, json.dumps(x), ours()]
"""
    assert workshop.call(source, 1).value == [True, True, "1", "mine"]


@pytest.mark.parametrize("name", ["numpy.py", "random.py", "checkers.py", "my homework (1).py"])
def test_a_file_named_like_a_library_still_loads(workshop: Workshop, name: str) -> None:
    loaded = workshop.load("import numpy as np\ndef f(x): return np.random.default_rng(0).random(x).shape\n", name)
    assert loaded.outcome is Outcome.VALUE
    assert workshop.process.call("f", [2]).value == (2,)


def test_sibling_and_relative_imports_work(workshop: Workshop) -> None:
    (workshop.folder.parent / "above.py").write_text("def one(): return 1\n")
    workshop.beside(
        layers="def two(): return 2\n", optim="from .layers import two\n", data="import os\nhere = os.getcwd()"
    )
    source = """
from layers import two as absolute
from .layers import *
from .optim import two as through
from ..above import one
import data
def f(): return [absolute(), two(), through(), one(), data.here]
"""
    assert workshop.call(source).value == [2, 2, 2, 1, str(workshop.folder.resolve())]
    assert not (workshop.folder / "__pycache__").exists()


def test_an_exception_in_a_sibling_is_placed_there(workshop: Workshop) -> None:
    workshop.beside(layers="def inverse(x):\n    return 1 / x\n")
    result = workshop.call("from layers import inverse\ndef f(x):\n    return inverse(x)\n", 0)
    assert result.error is not None
    assert [(frame.file, frame.line, frame.function) for frame in result.error.frames] == [
        ("student.py", 3, "f"),
        ("layers.py", 2, "inverse"),
    ]


def test_our_own_files_and_pythons_are_never_the_students() -> None:
    files = StudentFiles(str(Path(__file__).parents[2] / "student.py"))
    assert files.name_of(os.path.join(files.folder, "layers.py")) == "layers.py"
    assert files.name_of(str(Path(evidence.__file__))) is None
    assert files.name_of(os.path.join(files.folder, ".venv", "site-packages", "numpy.py")) is None
    assert StudentFiles(str(Path(os.__file__).parents[1] / "student.py")).name_of(os.__file__) is None


# Hostile behaviour


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f():\n    while True:\n        x = 1\n", (2, 3)),
        (
            "def f():\n    while True:\n        try:\n            while True:\n                x = 1\n"
            "        except BaseException:\n            pass\n",
            (4, 5),
        ),
        ("import time\ndef f():\n    time.sleep(60)\n", (3,)),
    ],
    ids=["loop", "loop that catches everything", "sleep"],
)
def test_an_endless_call_is_stopped_and_its_line_known(workshop: Workshop, source: str, line: tuple[int, ...]) -> None:
    start = time.monotonic()
    result = workshop.call(source, timeout=SHORT)
    assert result.outcome is Outcome.TIMED_OUT
    assert result.place is not None
    assert result.place.line in line
    assert not workshop.process.alive
    assert workshop.process.call("f").outcome is Outcome.DIED
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "body",
    ["return 7 ** 7 ** 9 % 2", pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", marks=POSIX)],
    ids=["one long operation", "a process that stops itself"],
)
def test_what_never_lets_python_run_is_stopped_too(workshop: Workshop, body: str) -> None:
    result = workshop.call(f"def f():\n    {body}\n", timeout=0.1)
    assert (result.outcome, result.place) == (Outcome.TIMED_OUT, None)


def test_an_endless_import_is_stopped_and_its_line_known(workshop: Workshop) -> None:
    loaded = workshop.load("def f():\n    pass\nwhile True:\n    pass\n", timeout=SHORT)
    assert loaded.outcome is Outcome.TIMED_OUT
    assert loaded.place is not None
    assert loaded.place.line in (3, 4)


def test_after_a_restart_the_other_functions_are_called(workshop: Workshop) -> None:
    source = "def f():\n    while True: pass\ndef g(x):\n    return x\n"
    assert workshop.call(source, timeout=SHORT).outcome is Outcome.TIMED_OUT
    assert workshop.process.restart().outcome is Outcome.VALUE
    assert workshop.process.call("g", [7]).value == 7


def test_many_calls_stop_at_the_one_that_hangs(workshop: Workshop) -> None:
    workshop.load("def f(x):\n    while x == 3: pass\n    return x\n")
    results = workshop.process.call_many("f", [[number] for number in range(10)], timeout=SHORT)
    assert [result.outcome for result in results] == [Outcome.VALUE] * 3 + [Outcome.TIMED_OUT]


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ("os._exit(0)", EndingKind.EXITED, 0),
        ("os._exit(7)", EndingKind.EXITED, 7),
        pytest.param("os.kill(os.getpid(), 11)", EndingKind.SIGNALLED, -11, marks=POSIX),
        pytest.param("os.kill(os.getpid(), 9)", EndingKind.SIGNALLED, -9, marks=POSIX),
    ],
)
def test_a_process_that_ends_itself_is_reported(workshop: Workshop, body: str, kind: EndingKind, code: int) -> None:
    result = workshop.call(f"import os\ndef f():\n    {body}\n")
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert (result.ending.kind, result.ending.exit_code) == (kind, code)
    assert workshop.process.call("f") == CallResult(outcome=Outcome.DIED, ending=result.ending)


def test_exit_without_cleanup_at_import_is_reported(workshop: Workshop) -> None:
    loaded = workshop.load("import os\nos._exit(0)\n")
    assert loaded.outcome is Outcome.DIED
    assert loaded.ending is not None
    assert loaded.ending.exit_code == 0


@pytest.mark.parametrize("end", ["'\\n'", "''"], ids=["lines", "one line"])
def test_endless_printing_is_stopped_at_its_line(workshop: Workshop, end: str) -> None:
    result = workshop.call(f"def f():\n    while True:\n        print('x' * 1000, end={end})\n")
    assert result.error is not None
    assert (result.error.type, result.place and result.place.line) == ("OutputLimit", 3)
    assert len(workshop.process.output) == 64 << 10


@pytest.mark.parametrize(
    "body",
    [
        "while True: os.write(1, b'x' * 10000)",
        "while True:\n        try: print('x' * 1000)\n        except BaseException: os.write(2, b'x' * 1000)",
    ],
    ids=["past Python", "catching everything"],
)
def test_a_flood_past_the_prints_limit_ends_the_process(workshop: Workshop, body: str) -> None:
    result = workshop.call(f"import os\ndef f():\n    {body}\n")
    assert result.ending is not None
    assert result.ending.kind is EndingKind.FLOODED


def test_moderate_printing_in_every_call_is_no_flood(workshop: Workshop) -> None:
    workshop.load("def f(x):\n    print('x' * 3_000_000)\n")
    results = workshop.process.call_many("f", [[number] for number in range(8)])
    assert [result.outcome for result in results] == [Outcome.VALUE] * 8


@POSIX
def test_children_die_with_the_process(workshop: Workshop) -> None:
    source = """
import os, subprocess, sys
def f():
    forked = os.fork()
    if forked == 0:
        while True: pass
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return forked, program.pid
"""
    pids = workshop.call(source).value
    assert all(is_running(pid) for pid in pids)
    workshop.process.close()
    assert all(wait_until_gone(pid) for pid in pids)


@POSIX
def test_a_fork_that_returns_from_the_call_ends_there(workshop: Workshop) -> None:
    workshop.load("import os\ndef f():\n    return os.fork()\ndef g(x):\n    return x\n")
    assert workshop.process.call("f").value > 0
    results = workshop.process.call_many("g", [[number] for number in range(100)])
    assert [result.value for result in results] == list(range(100))


@POSIX
def test_a_child_that_outlives_its_dying_parent_is_killed(workshop: Workshop) -> None:
    source = """
import os
def f(path):
    forked = os.fork()
    if forked == 0:
        while True: pass
    with open(path, "w") as file: file.write(str(forked))
    os._exit(5)
"""
    note = workshop.folder / "pid"
    result = workshop.call(source, str(note))
    assert result.ending is not None
    assert (result.ending.kind, result.ending.exit_code) == (EndingKind.EXITED, 5)
    assert wait_until_gone(int(note.read_text()))


CLOSE = "import os\ndef f(first, last):\n    os.closerange(first, last)\n    print('?')\n    return 7\n"


def test_closing_the_printing_descriptors_harms_nothing(workshop: Workshop) -> None:
    workshop.load(CLOSE + "def g(): return 8\n")
    assert workshop.process.call("f", [0, 3]).outcome in (Outcome.VALUE, Outcome.RAISED)
    assert workshop.process.call("g").value == 8


def test_closing_every_descriptor_ends_the_process(workshop: Workshop) -> None:
    result = workshop.call(CLOSE, 0, 100)
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert result.ending.kind is EndingKind.EXITED


def test_closing_the_channel_while_running_is_noticed(workshop: Workshop) -> None:
    result = workshop.call("import os\ndef f():\n    os.closerange(3, 100)\n    while True: pass\n", timeout=2)
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert result.ending.kind is EndingKind.CLOSED


FORGERIES = {
    "garbage": "b'garbage' * 100",
    "a claim of much": "b'gck1' + b'\\xff' * 12",
    "no header": "struct.pack('<4sIQ', b'gck1', 2, 0) + b'{}'",
    "no dict": "message([])",
    "another request": "message({'id': 99, 'printed': 0, 'warnings': [], 'cpu_seconds': 0.0})",
    "a right id and nothing else": "message({'id': 2})",
    "lists for text": "message({'id': 2, 'raised': {'type': [], 'builtin': {}, 'message': 3, 'frames': 'no'}})",
    "impossible seconds": "message({'id': 2, 'printed': -1, 'warnings': 7, 'cpu_seconds': 'long'})",
    "a forged timeout": "message({'id': 2, 'timed_out': [1]})",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_answers_on_every_descriptor_are_seen(workshop: Workshop, forgery: str) -> None:
    source = f"""
import os, struct, sys
def message(value):
    return b"".join(sys.modules["_gradcheck_student.wire"].pack(value))
def f():
    for descriptor in range(3, 20):
        try: os.write(descriptor, {forgery})
        except OSError: pass
"""
    result = workshop.call(source, timeout=2)
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert result.ending.kind is EndingKind.FORGED
    assert result.ending.message.startswith("sent something that is no answer: ")


def test_global_settings_do_not_stop_the_loop(workshop: Workshop) -> None:
    source = """
import sys, os, warnings
import numpy as np
def f():
    np.set_printoptions(precision=1)
    np.seterr(all="raise")
    np.allclose = np.asarray_chkfinite = None
    sys.setrecursionlimit(60)
    sys.stdout = sys.stderr = None
    os.environ.clear()
    warnings.resetwarnings()
    return 1
def g(x, depth=200): return g(x, depth - 1) if depth else x
"""
    assert workshop.call(source).value == 1
    assert workshop.process.call("g", [np.ones(2)]).value.tolist() == [1, 1]


def test_a_sabotaged_python_is_survived_by_a_restart(workshop: Workshop) -> None:
    source = (
        "import builtins\ndef f():\n    for name in dir(builtins): setattr(builtins, name, None)\ndef g(x): return x\n"
    )
    assert workshop.call(source, timeout=SHORT).outcome is Outcome.DIED
    workshop.process.restart()
    assert workshop.process.call("g", [7]).value == 7


@POSIX
def test_a_descendant_that_left_the_group_holds_nobody_up(workshop: Workshop) -> None:
    source = """
import os, time
def f():
    if os.fork() == 0:
        os.setsid()
        time.sleep(3)
        os._exit(0)
    os._exit(0)
"""
    start = time.monotonic()
    assert workshop.call(source).outcome is Outcome.DIED
    workshop.process.close()
    assert time.monotonic() - start < 2.5


def test_threads_left_running_do_not_keep_the_process(workshop: Workshop) -> None:
    source = "import threading\ndef f():\n    threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()\n"
    assert workshop.call(source).outcome is Outcome.VALUE
    start = time.monotonic()
    workshop.process.close()
    assert time.monotonic() - start < 2


# Life and death of the process


@POSIX
def test_a_busy_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text("import os\nopen('pid', 'w').write(str(os.getpid()))\nwhile True: pass\n")
    root = Path(__file__).parents[2]
    script = f"""
import sys
sys.path.insert(0, {str(root)!r})
from checkers.student_process import StudentProcess
StudentProcess(timeout=60).load({str(tmp_path / "busy.py")!r})
"""
    note = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        deadline = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.01)
        parent.kill()
    assert wait_until_gone(int(note.read_text()))


def test_a_process_spawned_early_is_used(tmp_path: Path) -> None:
    process = spawn()
    with StudentProcess(process) as student:
        assert student.load(tmp_path / "x.py", b"import os\npid = os.getpid()\ndef f(): return pid\n").compiled
        assert student.call("f").value == process.pid
    assert process.returncode is not None
    assert not student.alive


def test_loading_another_file_takes_another_process(tmp_path: Path) -> None:
    with StudentProcess() as student:
        student.load(tmp_path / "x.py", b"import os\ndef f(): return os.getpid()\n")
        first = student.call("f").value
        student.load(tmp_path / "y.py", b"import os\ndef f(): return os.getpid()\n")
        assert student.call("f").value != first


def test_a_process_that_cannot_start_says_what_it_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("import sys; sys.exit('no NumPy here')")
    monkeypatch.setattr("checkers.child_process.RUNNER", str(broken))
    with StudentProcess() as student, pytest.raises(GradcheckError, match="no NumPy here"):
        student.load(tmp_path / "x.py", b"")


def test_the_process_sees_the_settings_it_should(workshop: Workshop) -> None:
    source = """
import os, sys
def f():
    return [os.environ["MPLBACKEND"], os.environ["OPENBLAS_NUM_THREADS"], sys.flags.isolated, sys.argv, __name__]
"""
    assert workshop.call(source).value == ["Agg", "1", 1, [""], "student"]


def test_the_runner_imports_little_beyond_numpy() -> None:
    with StudentProcess() as student:
        student.load("x.py", b"import sys\nloaded = sorted(sys.modules)\ndef f(): return loaded\n")
        ours = set(student.call("f").value)
    bare = subprocess.run(
        [sys.executable, "-I", "-c", "import numpy, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    extra = {name for name in ours - set(bare.stdout.split()) if not name.startswith("_gradcheck_student")}
    assert extra <= {
        "__future__",
        "gc",
        "json",
        "json.decoder",
        "json.encoder",
        "json.scanner",
        "_json",
        "x",
        "_above_student",
    } | {name for name in extra if name.startswith("_above_student.")}


def test_the_parents_end_is_imported_without_numpy() -> None:
    script = "import checkers.student_process, sys; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=Path(__file__).parents[2])
