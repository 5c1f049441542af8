"""The box: what is forbidden fails, what a submission needs works, and nothing is left behind."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checkers.call_findings import failure
from checkers.errors import GradcheckError, UsageError
from checkers.student_answers import CallResult, EndingKind, Outcome
from checkers.student_process import StudentProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the box is made of what Linux has")

if sys.platform == "linux":
    from checkers.sandbox import isolation
    from checkers.sandbox.fork_server import ForkServer
    from checkers.sandbox.isolation import Sandbox
    from checkers.sandbox.layers import EVERY, OF_LEVEL, Layer, Level


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@contextmanager
def running(sandbox: Sandbox, source: str, timeout: float = 10.0, patience: float = 40.0) -> Iterator[StudentProcess]:
    """A submission of one file, loaded."""
    content = source.encode()
    with sandbox.box([("student.py", content)], timeout, patience) as box:
        loaded = box.student.load(os.path.join(box.folder, "student.py"), content)
        assert failure(loaded, "the file", timeout) is None, loaded
        yield box.student


def called(sandbox: Sandbox, body: str, timeout: float = 10.0, patience: float = 40.0) -> CallResult:
    """What a function with this body gives."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    with running(sandbox, f"import numpy as np, os, sys\n\ndef f():\n{lines}\n", timeout, patience) as student:
        return student.call("f")


# Levels ---------------------------------------------------------------------------------------------------------------


def test_every_attempt_at_forbidden_things_fails(sandbox):
    assert sandbox.level in {Level.STRONG, Level.GOOD}
    assert sandbox.got_through == ()
    assert OF_LEVEL[sandbox.level] == sandbox.layers


def test_attempts_get_through_where_there_are_no_layers():
    with Sandbox(layers=[]) as bare:
        got_through = set(bare._try())
    assert {"reading a file outside", "writing a file", "starting a process", "opening a connection"} <= got_through
    assert {"taking 4 GiB", "sending a datagram", "signalling the parent"} <= got_through


@pytest.mark.parametrize(
    ("layer", "stopped"),
    [
        ("LANDLOCK", {"reading a file outside", "writing a file", "opening a connection", "signalling the parent"}),
        ("SECCOMP", {"starting a process", "running a program", "sending a datagram", "changing a file's mode"}),
        ("LIMITS", {"taking 4 GiB", "raising a limit"}),
    ],
)
def test_a_layer_by_itself_stops_what_it_is_there_for(layer, stopped):
    with Sandbox(layers=[Layer[layer]]) as one:
        assert not stopped & set(one._try())


def test_no_level_but_weak_is_taken_where_attempts_get_through(monkeypatch):
    monkeypatch.setattr(Sandbox, "_try", lambda self: ("writing a file",))
    with pytest.raises(UsageError, match=r"good: writing a file got through.*--isolation weak"):
        Sandbox()
    with Sandbox(Level.WEAK) as weak:
        assert weak.level is Level.WEAK
        assert weak.got_through == ("writing a file",)


def test_a_level_that_does_not_start_gives_way_to_the_next(monkeypatch):
    class NoNamespaces(ForkServer):
        def __init__(self, layers: frozenset[Layer], *rest: object) -> None:
            if Layer.NAMESPACES in layers:
                raise GradcheckError("bubblewrap is not installed")
            super().__init__(layers, *rest)

    monkeypatch.setattr("checkers.sandbox.fork_server.ForkServer", NoNamespaces)
    with Sandbox() as good:
        assert good.level is Level.GOOD
    with pytest.raises(UsageError, match="strong: bubblewrap is not installed"):
        Sandbox(Level.STRONG)


# What a submission may do ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "import statistics, colorsys, decimal, sqlite3; return True",
        "import numpy.fft, numpy.polynomial; return True",
        "return float(np.random.rand()) >= 0",
        "np.save('a.npy', np.ones(3)); return np.load('a.npy').sum() == 3",
        "np.savetxt('a.txt', np.ones(3)); return np.loadtxt('a.txt').sum() == 3",
        "np.savez('a.npz', a=np.ones(3)); return np.load('a.npz')['a'].sum() == 3",
        "open('a', 'w').write('x'); open('a', 'a').write('y'); return True",
        "os.makedirs('plots/one', exist_ok=True); return True",
        "open('a', 'w').close(); os.rename('a', 'b'); os.remove('b'); return not os.path.exists('b')",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1])\nplt.savefig('a.png')\nreturn True",
        "import matplotlib.pyplot as plt\nfig, (a, b) = plt.subplots(1, 2)\nline, = a.plot([1])\nreturn True",
        "from matplotlib import pyplot\nfig, axes = pyplot.subplots(2, 3)\naxes[1, 2].plot([1])\nreturn axes.size == 6",
        "import tempfile; tempfile.TemporaryFile().write(b'x'); return True",
        "from tqdm import tqdm\nreturn sum(tqdm(range(4), desc='epochs')) == 6",
        "print('x' * 10_000); return True",
        "import warnings; warnings.warn('careful'); return True",
        "return np.linalg.solve(np.eye(3), np.ones(3)).sum() == 3",
    ],
)
def test_what_submissions_do_works(sandbox, body):
    result = called(sandbox, body)
    assert result.value in (True, np_true()), result
    assert result.forbidden == ()


def np_true() -> object:
    import numpy as np

    return np.True_


def test_files_that_belong_together_are_imported(sandbox):
    files = [
        ("main.py", b"from pack.other import g\n\ndef f():\n    return g() + 1\n"),
        ("pack/other.py", b"def g(): return 1"),
    ]
    with sandbox.box(files, 10.0, 40.0) as box:
        box.student.load(os.path.join(box.folder, "main.py"), files[0][1])
        assert box.student.call("f").value == 2


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "a/../../x.py", "a//x.py", ""])
def test_a_name_that_leads_out_is_refused(sandbox, name):
    with pytest.raises(UsageError, match="give names below its folder"), sandbox.box([(name, b"")], 1.0, 1.0):
        pass


def test_two_processes_draw_other_random_numbers(sandbox):
    body = "import random; return [random.random(), float(np.random.rand())]"
    first, second = called(sandbox, body).value, called(sandbox, body).value
    assert first[0] != second[0]
    assert first[1] != second[1]


# What it may not ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "act"),
    [
        ("os.fork()", "os.fork"),
        ("os.kill(os.getppid(), 9)", "os.kill"),
        ("os.chmod('student.py', 0)", "os.chmod"),
        ("import threading; threading.Thread(target=print).start()", "_thread.start"),
    ],
)
def test_what_is_refused_is_called_forbidden(sandbox, body, act):
    result = called(sandbox, body)
    finding = failure(result, "f()", 10.0)
    assert finding is not None
    if act.startswith("_thread") and sys.version_info < (3, 12):
        pytest.skip("Python tells of threads from 3.12 on")
    assert (finding.code, finding.line) == ("forbidden", 4)
    assert any(told.startswith(act) for told in result.forbidden)


def test_reading_outside_is_told(sandbox):
    result = called(sandbox, "try: open('/etc/passwd').read()\nexcept OSError: return 'caught'")
    assert result.value == "caught"
    assert result.forbidden == ("reading /etc/passwd",)


def test_one_submission_cannot_see_another_ones_files(sandbox):
    with sandbox.box([("student.py", b"SECRET = 1")], 10.0, 40.0) as other:
        result = called(sandbox, f"return open({os.path.join(other.folder, 'student.py')!r}).read()")
        listed = called(sandbox, f"return os.listdir({os.path.dirname(other.folder)!r})")
    assert result.error is not None
    assert result.error.builtin in {"PermissionError", "FileNotFoundError"}
    assert listed.error is not None


def test_the_environment_tells_nothing(sandbox, monkeypatch):
    monkeypatch.setenv("INSTRUCTOR_TOKEN", "secret")
    with Sandbox() as fresh:
        environment = called(fresh, "return dict(os.environ)").value
    assert "secret" not in environment.values()
    assert "INSTRUCTOR_TOKEN" not in environment


# Limits ---------------------------------------------------------------------------------------------------------------


def test_a_call_that_hangs_is_told_with_its_line(sandbox):
    result = called(sandbox, "while True:\n    pass", timeout=0.3)
    assert result.outcome is Outcome.TIMED_OUT
    assert result.place is not None
    assert result.place.line in {4, 5}


def test_a_c_loop_that_ignores_signals_ends_all_the_same(sandbox):
    began = time.monotonic()
    result = called(
        sandbox, "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)\nreturn 7 ** 10**9", timeout=0.3
    )
    assert result.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - began < 10


def test_sleeping_is_limited_by_the_clock(sandbox):
    began = time.monotonic()
    assert called(sandbox, "import time; time.sleep(60)", timeout=0.2).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - began < 10


def test_after_one_call_that_took_too_long_no_other_is_run(sandbox):
    with running(sandbox, "def f():\n    while True: pass\n\ndef g(): return 1\n", timeout=0.2) as student:
        assert student.call("f").outcome is Outcome.TIMED_OUT
        student.restart()
        later = student.call("g")
    finding = failure(later, "g()", 0.2)
    assert finding is not None
    assert finding.message == "g() was not run: an earlier call had taken too long."


def test_all_calls_together_have_a_limit(sandbox):
    with running(sandbox, "import time\ndef f(): time.sleep(0.2)\n", timeout=1.0, patience=0.5) as student:
        outcomes = [student.call("f").outcome for _ in range(6)]
    assert outcomes[0] is Outcome.VALUE
    assert outcomes[-1] is Outcome.TIMED_OUT


def test_memory_is_limited(sandbox):
    result = called(sandbox, "return bytearray(4 << 30)")
    assert result.error is not None
    assert result.error.builtin == "MemoryError"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import ctypes; ctypes.string_at(0)", EndingKind.SIGNALLED),
        ("os._exit(0)", EndingKind.EXITED),
        ("os.write(4, b'forged')\nreturn 1", EndingKind.FORGED),
        ("while True: os.write(1, b'x' * 65536)", EndingKind.FLOODED),
        ("os.close(4)", EndingKind.EXITED),
    ],
)
def test_what_ends_the_process_is_a_result(sandbox, body, kind):
    result = called(sandbox, body)
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert result.ending.kind is kind
    assert called(sandbox, "return 1").value == 1


def test_a_huge_answer_is_refused_before_it_is_read(sandbox):
    result = called(sandbox, "return np.zeros(1 << 23)")
    assert result.outcome is Outcome.DIED
    assert result.ending is not None
    assert "more than may travel" in result.ending.message


# What is left ---------------------------------------------------------------------------------------------------------


def test_a_zygote_that_was_killed_is_replaced(sandbox):
    sandbox._server._process.kill()
    sandbox._server._process.wait()
    assert called(sandbox, "return 1").value == 1


def test_nothing_is_left_behind():
    with Sandbox() as own:
        scratch = own._scratch
        called(own, "return 1")
        session = own._server._process.pid
        assert os.listdir(scratch) == []
    assert not os.path.exists(scratch)
    deadline = time.monotonic() + 5  # what was killed may still be waiting to be buried
    while processes_of(session) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not processes_of(session)


def test_a_daemon_does_not_outlive_its_submission():
    """Where a submission can fork: it must not get away by a session of its own."""
    daemon = "if os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(60)\nreturn os.getpid()"
    with Sandbox(layers=[Layer.UID]) as weak:
        zygote = weak._server._process.pid
        assert called(weak, daemon).outcome is Outcome.VALUE
        called(weak, "return 1")
        time.sleep(0.1)
        children = Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split()
    assert children == []


def processes_of(session: int) -> list[str]:
    """The numbers of the processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            found.append(stat.parent.name)
    return found


def test_the_folder_of_a_killed_process_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox(layers=[]) as alive:
        dead = tmp_path / f"{isolation.PREFIX}dead"
        (dead / "1").mkdir(parents=True)
        isolation.sweep()
        assert dead.exists()  # it may be just being made
        os.utime(dead, (0, 0))
        os.utime(alive._scratch, (0, 0))
        isolation.sweep()
        assert not dead.exists()
        assert os.path.isdir(alive._scratch)


def test_layers_are_told_in_words(sandbox):
    assert set(sandbox.described) <= {str(layer) for layer in EVERY}
    assert "seccomp" in sandbox.described


def test_the_probe_is_not_a_formality(monkeypatch, tmp_path):
    """A probe that cannot be run is no proof that anything holds."""
    broken = tmp_path / "attempts.py"
    broken.write_text("def attempts(secret, outside, port):\n    raise ValueError('no')\n")
    monkeypatch.setattr(isolation, "ATTEMPTS", broken)
    with pytest.raises(UsageError, match="its probe could not be run"):
        Sandbox(Level.GOOD)


@pytest.mark.parametrize("level", [Level.GOOD, Level.WEAK] if sys.platform == "linux" else [])
def test_the_end_of_one_process_leaves_the_other_of_the_same_submission_alone(level):
    source = b"import os\ndef g(x): return 2 * x\ndef leave(): os._exit(3)\n"
    with Sandbox(level) as own, own.box([("student.py", source)], 5.0, 20.0) as box:
        path = os.path.join(box.folder, "student.py")
        box.student.load(path, source)
        with box.student.sibling(5.0) as other:
            other.load(path, source)
            assert box.student.call("leave").outcome is Outcome.DIED
            assert other.call("g", [3]).value == 6
        box.student.restart()
        assert box.student.call("g", [4]).value == 8


def test_a_server_that_is_gone_loses_no_descriptor(sandbox):
    before = len(os.listdir("/proc/self/fd"))
    with Sandbox(layers=[]) as own, own.box([("student.py", b"")], 5.0, 20.0) as box:
        box.student.load(os.path.join(box.folder, "student.py"), b"")
        own._server.close()
        box.student.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_keys_that_collide_are_refused(sandbox):
    result = called(sandbox, "return {k * (2**61 - 1): 0 for k in range(2, 100)}")
    assert not isinstance(result.value, dict)
