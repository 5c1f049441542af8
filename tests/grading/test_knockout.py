"""Every layer of the box is worth having: without it, some attack gets further.

Each attack below is tried with every layer but one, and (slow) with no layer but one besides that of the user. Seen as
an ordinary user; a layer stops an attack "alone" where the attack gets through without it, whatever the others do.

    attack                           stopped alone by    each of these by itself stops it
    existence_of_files               bubblewrap          bubblewrap
    programs_listed                  Landlock            Landlock
    other_submissions                Landlock            Landlock
    passwords_and_keys               Landlock            Landlock
    unix_sockets, datagrams          seccomp             seccomp
    every_dangerous_system_call      seccomp             seccomp
    memory_claimed                   rlimits             rlimits
    being_root                       not root            not root
    solution_read_by_any_means                           bubblewrap, Landlock
    memory_of_other_processes                            bubblewrap, Landlock
    modes_owners_times                                   bubblewrap, seccomp
    signals_to_others                                    Landlock, seccomp
    fork_once, threads_that_outlive_the_call             seccomp, rlimits
    connect_to_this_machine                              bubblewrap, Landlock, seccomp
    writing_outside                                      bubblewrap, Landlock, seccomp
    programs_run                                         Landlock, seccomp, rlimits
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hostile_run import Graded, Outside, differences, snapshot
from hostile_set import FUNCTIONS, Attack, attacks

from checkers.sandbox.isolation import Sandbox
from checkers.sandbox.layers import EVERY, Layer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

TIMEOUT, PATIENCE = 5.0, 30.0  # seconds
NEIGHBOUR = ("student.py", b"# someone else's work\n")


def of_the_set(name: str) -> Attack:
    return next(one for one in attacks() if one.name == name)


def made_for_this(name: str, source: str) -> Attack:
    return Attack(name, "knock-out", (FUNCTIONS["wrong"] + source).encode())


# What is seen where layers are missing, though it may be seen on a machine without bubblewrap.
EXISTENCE = made_for_this(
    "existence_of_files",
    'import os\nif os.path.exists("@SOLUTION@"): got_through("it is known where the solution lies")\n',
)
# With root's Python in root's own folder, other submissions are then closed to it by the folder's owner, too.
PROGRAMS = made_for_this(
    "programs_listed", 'import os\nif os.listdir("/usr/bin"): got_through("the programs are listed")\n'
)
ROOT = made_for_this("being_root", 'import os\nif os.getuid() == 0: got_through("root")\n')
# Claimed, not touched: that takes no time.
MEMORY = made_for_this("memory_claimed", 'kept = np.empty(3 << 30, np.uint8); got_through("3 GiB")\n')
# An attack that only this layer stops. None of them does harm where it succeeds.
STOPPED_BY = {
    Layer.NAMESPACES: EXISTENCE,
    Layer.LANDLOCK: PROGRAMS,
    Layer.SECCOMP: of_the_set("unix_sockets"),
    Layer.LIMITS: MEMORY,
    Layer.UID: ROOT,
}
TRIED = [
    *STOPPED_BY.values(),
    *map(
        of_the_set,
        [
            "connect_to_this_machine",
            "datagrams",
            "every_dangerous_system_call",
            "fork_once",
            "memory_of_other_processes",
            "modes_owners_times",
            "other_submissions",
            "passwords_and_keys",
            "programs_run",
            "signals_to_others",
            "solution_read_by_any_means",
            "threads_that_outlive_the_call",
            "writing_outside",
        ],
    ),
]


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    with ExitStack() as stack:
        yield Outside(stack)


def can_be_tried(layers: Collection[Layer]) -> None:
    """Skip where this machine cannot make such a box."""
    if Layer.NAMESPACES in layers and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")


def gets_through(attack: Attack, sandbox: Sandbox, outside: Outside, folder: Path) -> bool:
    """Does it say so, or is it seen outside?"""
    files = tuple(attack.written(outside.places(folder, folder)).items())
    before = snapshot(outside.folder)
    with sandbox.box([NEIGHBOUR], TIMEOUT, PATIENCE), sandbox.box(files, TIMEOUT, PATIENCE) as box:
        box.student.load(Path(box.folder, "student.py"), dict(files)["student.py"])
        box.student.call("softmax", [np.zeros((5, 3))])
        said = Graded({"output": box.student.output}).got_through
    return bool(said or differences(before, snapshot(outside.folder)) or outside.reached())


def test_with_every_layer_nothing_gets_through(outside: Outside, tmp_path: Path) -> None:
    can_be_tried(EVERY)
    with Sandbox(layers=EVERY) as sandbox:
        assert [attack.name for attack in TRIED if gets_through(attack, sandbox, outside, tmp_path)] == []


@pytest.mark.parametrize("layer", list(Layer), ids=lambda layer: layer.name.lower())
def test_without_a_layer_an_attack_gets_further(layer: Layer, outside: Outside, tmp_path: Path) -> None:
    if layer is Layer.UID and os.geteuid() != 0:
        pytest.skip("only root has a user to leave")
    can_be_tried(EVERY)
    with Sandbox(layers=EVERY - {layer}) as sandbox:
        assert gets_through(STOPPED_BY[layer], sandbox, outside, tmp_path)


@pytest.mark.slow
def test_table_of_what_each_layer_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints it; with `-s`, or in the report of a failure."""
    can_be_tried(EVERY)
    rows = {}
    for title, layers in {
        "all": EVERY,
        **{f"without {layer}": EVERY - {layer} for layer in Layer},
        **{f"only {layer}": {layer, Layer.UID} for layer in Layer},
    }.items():
        # An attack may remove what the next one looks for: each has an outside of its own.
        with Sandbox(layers=layers) as sandbox:
            for attack in TRIED:
                with ExitStack() as stack:
                    through = gets_through(attack, sandbox, Outside(stack), tmp_path)
                rows.setdefault(attack.name, {})[title] = through
    with capsys.disabled():
        titles = list(next(iter(rows.values())))
        print("\n| attack | " + " | ".join(titles) + " |\n|---|" + "---|" * len(titles))
        for name, row in rows.items():
            print(f"| {name} | " + " | ".join("through" if row[title] else "" for title in titles) + " |")
    assert not any(row["all"] for row in rows.values())
