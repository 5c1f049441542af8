"""What is not read, each by name and with its reason, and the rest of the class with it graded."""

import io
import os
import re
import socket
import stat
import struct
import zipfile
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.errors import UsageError
from checkers.grading.submission import Refused
from gradcheck.submissions import Limits, disk, find_submissions
from gradcheck.submissions.archive import opened
from gradcheck.submissions.disk import DiskFolder
from gradcheck.submissions.entries import Kind, read


@contextmanager
def refused(match):
    with pytest.raises(Refused, match=match) as caught:
        yield
    # What students' names put into a message is printed as it is.
    assert str(caught.value).isprintable()


def reads(path, **options):
    """name -> the main file, or why it was refused."""
    result = {}
    for submission in find_submissions(path, **options).submissions:
        try:
            result[submission.name] = submission.read().main
        except Refused as refusal:
            result[submission.name] = f"! {refusal}"
    return result


# On disk


@pytest.mark.parametrize("by_descriptor", [True, False], ids=["by descriptor", "by path, as on Windows"])
def test_links_are_not_followed(folder, tmp_path, monkeypatch, by_descriptor):
    monkeypatch.setattr(disk, "_BY_DESCRIPTOR", by_descriptor)
    (tmp_path / "solution.py").write_text("secret")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "hw.py").write_text("secret")
    path = folder({"bob.py": "", "eve/hw.py": "", "zoe/hw.py": ""})
    (path / "jane.py").symlink_to(tmp_path / "solution.py")
    (path / "mallory").symlink_to(tmp_path / "secrets")
    (path / "eve" / "more").symlink_to(tmp_path / "secrets")
    (path / "zoe" / "util.py").symlink_to("hw.py")
    (path / "broken.py").symlink_to("nowhere")
    link = "is a symbolic link, and links are not followed: hand in the file itself."
    assert reads(path) == {
        "bob": "bob.py",
        "broken": f"! broken.py {link}",
        "eve": f"! more {link}",
        "jane": f"! jane.py {link}",
        "mallory": f"! mallory {link}",
        "zoe": f"! util.py {link}",
    }


def test_a_platforms_file_that_is_a_link_keeps_its_student(folder):
    path = folder({"roebob_12_678901_hw.py": ""})
    (path / "doejane_11_678902_hw.py").symlink_to("/etc/passwd")
    jane, _ = find_submissions(path).submissions
    assert jane.people[0].id == "11"
    with refused(r"^hw\.py is a symbolic link"):
        jane.read()


def test_pipes_sockets_and_devices_are_never_opened(folder, monkeypatch):
    path = folder({"bob.py": "", "eve/hw.py": ""})
    os.mkfifo(path / "pipe.py")
    os.mkfifo(path / "eve" / "x.py")
    server = socket.socket(socket.AF_UNIX)
    with server:
        monkeypatch.chdir(path)
        server.bind("sock.py")
        opened = []
        original = os.open
        monkeypatch.setattr(
            os, "open", lambda name, *rest, **more: opened.append(name) or original(name, *rest, **more)
        )
        assert reads(path) == {
            "bob": "bob.py",
            "eve": "! x.py is a named pipe, no ordinary file.",
            "pipe": "! pipe.py is a named pipe, no ordinary file.",
            "sock": "! sock.py is a socket, no ordinary file.",
        }
    assert "bob.py" in opened
    assert not {"pipe.py", "x.py", "sock.py"} & set(opened)


def test_devices_are_refused():
    device = "/dev/null"
    with refused("^null is a device, no ordinary file"):
        DiskFolder(disk.Path("/dev")).open("null", 10)
    assert stat.S_ISCHR(os.stat(device).st_mode)


def test_hard_links_may_be_somebody_elses(folder, tmp_path):
    path = folder({"bob.py": ""})
    (tmp_path / "solution.py").write_text("secret")
    os.link(tmp_path / "solution.py", path / "jane.py")
    assert reads(path)["bob"] == "bob.py"
    assert reads(path)["jane"].startswith("! jane.py has 2 names on disk (hard links), so it may be somebody else's.")


def test_a_file_replaced_by_a_link_after_we_looked_is_not_followed(folder, tmp_path, monkeypatch):
    path = folder({"jane.py": "mine"})
    (tmp_path / "solution.py").write_text("secret")
    original = os.open

    def swapped(name, *rest, **more):
        if name == "jane.py":
            (path / "jane.py").unlink()
            (path / "jane.py").symlink_to(tmp_path / "solution.py")
        return original(name, *rest, **more)

    (jane,) = find_submissions(path).submissions
    monkeypatch.setattr(os, "open", swapped)
    with refused(r"^jane\.py cannot be read: Too many levels of symbolic links"):
        jane.read()


@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_a_file_replaced_after_we_looked_is_not_read(folder, tmp_path, monkeypatch, kind):
    path = folder({"jane.py": "mine"})
    original = os.open

    def swapped(name, *rest, **more):
        if name == "jane.py":
            (path / "jane.py").rename(tmp_path / "old")
            os.mkfifo(path / "jane.py") if kind == "pipe" else (path / "jane.py").write_text("other")
        return original(name, *rest, **more)

    (jane,) = find_submissions(path).submissions
    monkeypatch.setattr(os, "open", swapped)
    with refused(r"^jane\.py was replaced while it was read\.$"):
        jane.read()


@pytest.mark.parametrize("by_descriptor", [True, False], ids=["by descriptor", "by path, as on Windows"])
def test_a_folder_replaced_by_a_link_is_not_followed(folder, tmp_path, monkeypatch, by_descriptor):
    monkeypatch.setattr(disk, "_BY_DESCRIPTOR", by_descriptor)
    path = folder({"jane/src/hw.py": "", "bob/hw.py": ""})
    _, jane = find_submissions(path).submissions
    (tmp_path / "secrets" / "src").mkdir(parents=True)
    (tmp_path / "secrets" / "src" / "hw.py").write_text("secret")
    (path / "jane").rename(tmp_path / "old")
    (path / "jane").symlink_to(tmp_path / "secrets")
    with refused("^jane (cannot be read: Not a directory|is not a folder any more)"):
        jane.read()


def test_what_is_gone_or_may_not_be_read_is_refused(folder):
    path = folder({"jane.py": "", "bob.py": "", "eve/hw.py": "", "zoe/hw.py": ""})
    bob, eve, jane, zoe = find_submissions(path).submissions
    (path / "jane.py").unlink()
    with refused(r"^jane\.py cannot be read: No such file"):
        jane.read()
    (path / "zoe" / "hw.py").unlink()
    with refused(r"^There is no Python file"):
        zoe.read()
    (path / "bob.py").chmod(0)
    (path / "eve").chmod(0)
    try:
        if os.geteuid() != 0:  # root may read all
            with refused(r"^bob\.py cannot be read: Permission denied"):
                bob.read()
            with refused(r"^eve cannot be read: Permission denied"):
                eve.read()
    finally:
        (path / "eve").chmod(0o700)


def test_no_descriptor_stays_open(folder, tmp_path, zip_of):
    path = folder(
        {"a.py": "", "b/hw.py": "", "c.zip": zip_of({"x.py": ""}), "d.zip": b"PK", "e.zip": zip_of({"x.zip": "PK"})}
    )
    (path / "f.py").symlink_to("a.py")
    before = len(os.listdir("/proc/self/fd"))
    assert [text[:1] for text in reads(path).values()] == ["a", "h", "x", "!", "!", "!"]
    assert len(os.listdir("/proc/self/fd")) == before


# How much


LIMITS = Limits(file=1_000, total=2_500, files=4, depth=2, entries=12, archive=5_000, name=40)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"hw.py": "x" * 1_001}, r"^hw\.py is too large: 1,001 bytes, and at most 1,000 are read\.$"),
        ({f"{n}.py": "x" * 999 for n in "abc"}, r"^Its Python files have more than 2,500 bytes together\.$"),
        ({f"{n}.py": "" for n in "abcde"}, r"^There are more than 4 Python files in it\.$"),
        ({"1/2/3/hw.py": ""}, r"^1/2/3 is too deep: at most 2 folders inside each other are read\.$"),
        (
            {f"{n}.txt": "" for n in range(12)} | {"hw.py": ""},
            r"^There are more than 12 files and folders in it\.$|^jane\.zip has too many entries: 13, and at most 12",
        ),
        ({"n" * 38 + ".py": ""}, r"nnn\.py has a name of 41 characters; at most 40 are read\.$"),
        ({"hw.ipynb": " " * 2_501}, r"^hw\.ipynb is too large: 2,501 bytes, and at most 2,500 are read\.$"),
        (
            {"hw.ipynb": '{"nbformat":4,"cells":[{"cell_type":"code","source":"' + "x" * 1_001 + '"}]}'},
            r"^hw\.ipynb is too large: 1,\d+ bytes of code, and at most 1,000 are read\.$",
        ),
    ],
    ids=["file", "total", "files", "depth", "entries", "name", "notebook", "code of a notebook"],
)
@pytest.mark.parametrize("form", ["folder", "class in a zip", "zip of a student"])
def test_more_than_the_limits_is_refused(folder, zipped, zip_of, form, files, message):
    if form == "zip of a student":
        path = folder({"jane.zip": zip_of(files), "bob.py": ""})
    else:
        build = folder if form == "folder" else zipped
        path = build({f"jane/{name}": content for name, content in files.items()} | {"bob/hw.py": ""})
    bob, jane = find_submissions(path, limits=LIMITS).submissions
    bob.read()
    with refused(message):
        jane.read()


@pytest.mark.parametrize(
    "files",
    [
        {"hw.py": "x" * 1_000},
        {"a.py": "x" * 1_000, "b.py": "x" * 1_000, "c.py": "x" * 500},
        {f"{n}.py": "" for n in "abcd"},
        {"1/2/hw.py": ""},
        {f"{n}.txt": "" for n in range(10)} | {"hw.py": ""},
        {"n" * 37 + ".py": ""},
        {"data.npz": "x" * 3_000, "hw.py": ""},
    ],
    ids=["file", "total", "files", "depth", "entries", "name", "data is not counted"],
)
def test_what_is_just_within_the_limits_is_read(handed_in, files):
    path = handed_in({f"jane/{name}": content for name, content in files.items()} | {"bob/hw.py": ""})
    assert not reads(path, limits=LIMITS)["jane"].startswith("!")


def test_a_file_that_grows_while_it_is_read_is_refused(folder, monkeypatch):
    path = folder({"jane.py": "x"})
    (jane,) = find_submissions(path, limits=LIMITS).submissions
    check = disk._check

    def grown(name, status, most):
        check(name, status, most)
        (path / "jane.py").write_text("x" * 5_000)

    monkeypatch.setattr(disk, "_check", grown)
    with refused(r"^jane\.py is too large: 1,001 bytes or more"):
        jane.read()


# Names


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("h\x1b[31mw.py", r"^h\\x1b\[31mw\.py has control characters in its name\.$"),
        ("h\nw.py", r"control characters in its name"),
        ("h\u202ew.py", r"^h\\u202ew\.py has control characters in its name"),
        ("aux.py", r"^aux\.py is the name of a device on Windows"),
        ("com1.tar/hw.py", r"^com1\.tar/hw\.py is the name of a device on Windows"),
        ("c:hw.py", r"^c:hw\.py has (a backslash or )?a drive letter in its name"),
    ],
)
def test_hostile_names_of_files_are_refused(handed_in, name, message):
    path = handed_in({f"jane/{name}": "", "bob/hw.py": ""})
    bob, jane = find_submissions(path).submissions
    bob.read()
    with refused(message):
        jane.read()


@pytest.mark.parametrize("names", [("hw.py", "HW.py"), ("zoë.py", "zoe\u0308.py"), ("hw.py", "hw.PY")])
def test_names_that_are_one_file_on_some_systems_are_refused(handed_in, names):
    path = handed_in({f"jane/{name}": "" for name in names} | {"bob/hw.py": ""})
    bob, jane = find_submissions(path).submissions
    bob.read()
    with refused("differ only in case: on many systems they are one file"):
        jane.read()


def test_names_that_are_not_utf8_are_refused(folder):
    path = folder({"bob.py": ""})
    os.close(os.open(os.fsencode(path) + b"/jos\xe9.py", os.O_CREAT | os.O_WRONLY))
    assert reads(path) == {"bob": "bob.py", "jos": r"! jos\udce9.py has a name that is not UTF-8."}


def test_a_backslash_in_a_name_on_disk_is_refused(folder):
    path = folder({"bob/hw.py": "", "jane/..\\bob\\hw.py": ""})
    assert reads(path)["jane"] == r"! ..\bob\hw.py has a backslash or a drive letter in its name."


# In a zip


def entry(name, mode=0o100644, **fields):
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    info.create_system = 3
    info.external_attr = mode << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def archive_of(*entries):
    """A zip with entries as they are given, whatever they are called."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in entries:
            archive.writestr(info, content)
    return buffer.getvalue()


HOSTILE = [
    (entry("../bob/hw.py"), r"^\.\./bob/hw\.py leads out of its folder \(\.\.\)\.$"),
    (entry("src/../../hw.py"), r"src/\.\./\.\./hw\.py leads out of its folder"),
    (entry("..\\bob\\hw.py"), r"leads out of its folder"),
    (entry("/etc/cron.d/hw.py"), r"^/etc/cron\.d/hw\.py is an absolute name\.$"),
    (entry("\\\\server\\hw.py"), r"is an absolute name"),
    (entry("C:\\hw.py"), r"^C:/hw\.py has a drive letter in its name\.$"),
    (entry("h\x00w.py"), r"^h\\x00w\.py has control characters in its name\.$"),
    (entry("h\x1bw.py"), r"^h\\x1bw\.py has control characters in its name\.$"),
    (entry("link.py", stat.S_IFLNK | 0o777), r"^link\.py is a symbolic link"),
    (entry("data", stat.S_IFLNK | 0o777), r"^data is a symbolic link"),
    (entry("pipe.py", stat.S_IFIFO | 0o644), r"^pipe\.py is a named pipe, no ordinary file\.$"),
    (entry("disk.py", stat.S_IFBLK | 0o644), r"^disk\.py is a device, no ordinary file\.$"),
    (entry("hw.py/x.py"), r"^hw\.py is both a file and a folder in the zip\.$"),
]


@pytest.mark.parametrize(("info", "message"), HOSTILE, ids=[info.filename for info, _ in HOSTILE])
def test_hostile_entries_of_a_zip_refuse_their_student(folder, info, message):
    path = folder({"jane.zip": archive_of((entry("hw.py"), "x = 1"), (info, "x = 2")), "bob.py": ""})
    bob, jane = find_submissions(path).submissions
    bob.read()
    with refused(message):
        jane.read()


def test_hostile_entries_of_the_class_zip_refuse_their_student_only(tmp_path):
    path = tmp_path / "class.zip"
    path.write_bytes(
        archive_of(
            (entry("bob/hw.py"), ""),
            (entry("jane/hw.py"), ""),
            (entry("jane/../bob/hw.py"), "x = 2"),
            (entry("eve/hw.py", stat.S_IFLNK | 0o777), "/etc/passwd"),
            (entry("/tmp/mallory.py"), ""),
        )
    )
    assert reads(path) == {
        "bob": "hw.py",
        "eve": "! hw.py is a symbolic link, and links are not followed: hand in the file itself.",
        "jane": "! ../bob/hw.py leads out of its folder (..).",
        "mallory": "! /tmp/mallory.py is an absolute name.",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_in_a_zip_is_refused(folder):
    path = folder({"jane.zip": archive_of((entry("hw.py"), "x = 1"), (entry("hw.py"), "x = 2")), "bob.py": ""})
    assert reads(path) == {"bob": "bob.py", "jane": "! hw.py is in the zip twice."}


def test_bombs_are_refused_before_they_go_off(folder, zip_of):
    path = folder(
        {
            "large.zip": zip_of({"hw.py": "#" * 2**21}),
            "dense.zip": zip_of({"hw.py": "#" * 2**19}),
            "nested/hw.zip": zip_of({"hw.ipynb": bytes(2**23)}),
            "fine.zip": zip_of({"hw.py": "#" * 2**16, "data.bin": bytes(10**8)}),
        }
    )
    told = reads(path)
    assert told["fine"] == "hw.py"
    assert told["large"] == "! hw.py is too large: 2,097,152 bytes, and at most 1,048,576 are read."
    assert re.match(r"! hw\.py looks like a zip bomb: 524,288 bytes packed into 5\d\d\.$", told["dense"])
    assert re.match(r"! hw\.ipynb looks like a zip bomb: 8,388,608 bytes packed into 8,\d+\.$", told["nested"])


def lying(content, declared):
    """A zip whose only file declares another size than it has."""
    honest = zip_of_one(content)
    size = struct.pack("<I", len(content))
    return honest.replace(size, struct.pack("<I", declared))


def zip_of_one(content):
    return archive_of((entry("hw.py"), content))


def test_a_declared_size_that_lies_does_not_help(folder):
    path = folder({"less.zip": lying(b"#" * 2**24, 100), "more.zip": lying(b"#" * 500, 1_000)})
    told = reads(path)
    assert told["less"].startswith("! hw.py is damaged: ")
    assert told["more"].startswith("! hw.py is damaged: ")


def test_encrypted_and_oddly_packed_files_are_refused(folder, zip_of):
    encrypted = bytearray(zip_of_one(b"x = 1"))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        encrypted[encrypted.index(signature) + offset] |= 1
    path = folder({"jane.zip": bytes(encrypted), "bob.zip": zip_of({"hw.py": "x" * 99}, zipfile.ZIP_LZMA)})
    assert reads(path) == {
        "bob": "! hw.py is packed by a method that is not read: pack it as an ordinary zip.",
        "jane": "! hw.py is encrypted: hand it in without a password.",
    }


def test_zips_in_a_students_zip_are_not_opened(folder, zip_of):
    inner = zip_of({"hw.py": ""})
    path = folder({"jane.zip": zip_of({"hw.zip": inner}), "bob.zip": zip_of({"data.zip": inner, "hw.py": ""})})
    assert reads(path) == {"bob": "hw.py", "jane": "! hw.zip is a zip inside a zip, which is not opened."}


def test_two_zips_of_a_student_are_a_question(folder, zip_of):
    path = folder({"jane/a.zip": zip_of({"a.py": ""}), "jane/b.zip": zip_of({"a.py": ""}), "bob/hw.py": ""})
    assert reads(path)["jane"] == "! There are 2 zips in it (a.zip, b.zip) and no Python file: which one is meant?"


def test_a_broken_zip_of_a_student_is_refused(folder, zip_of):
    whole = zip_of({"hw.py": "x = 1\n" * 99})
    path = folder({"a.zip": b"", "b.zip": "no zip", "c.zip": whole[:-30], "d.zip": whole[30:], "e.zip": whole})
    spoilt = bytearray(whole)
    spoilt[45] ^= 255
    (path / "f.zip").write_bytes(spoilt)
    told = reads(path)
    for name in "abc":
        assert told[name].startswith(f"! {name}.zip is no zip, or a damaged one: ")
    assert "damaged" in told["d"]
    assert told["e"] == "hw.py"
    assert told["f"].startswith("! hw.py is damaged: ")


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"no zip" * 99], ids=["empty", "cut off", "no zip"])
def test_a_broken_zip_of_the_class_is_a_wrong_call(tmp_path, content):
    (tmp_path / "class.zip").write_bytes(content)
    with pytest.raises(UsageError, match=r"class\.zip is no zip, or a damaged one: "):
        find_submissions(tmp_path / "class.zip")


def directory_of(count):
    """A zip of so many entries, made quickly: all of them name the same bytes."""
    first = zip_of_one(b"x")
    at = first.index(b"PK\x01\x02")
    end = first.index(b"PK\x05\x06")
    line = first[at:end]
    length = len(line) * count
    large = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, at)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at + length, 1)
    last = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return first[:at] + line * count + large + locator + last


def test_a_million_entries_are_refused_without_reading_them(folder, monkeypatch):
    path = folder({"jane.zip": directory_of(1_000_000), "bob.py": ""})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert reads(path) == {
        "bob": "bob.py",
        "jane": "! jane.zip has too many entries: 1,000,000, and at most 10,000 are read.",
    }


def test_a_million_entries_of_the_class_are_a_wrong_call(tmp_path):
    (tmp_path / "class.zip").write_bytes(directory_of(1_000_000))
    with pytest.raises(UsageError, match=r"has too many entries: 1,000,000"):
        find_submissions(tmp_path / "class.zip")


def test_names_in_a_zip_that_macos_wrote_are_utf8(folder):
    content = archive_of((entry("zoë.py"), ""))
    for signature, offset in ((b"PK\x01\x02", 9), (b"PK\x03\x04", 7)):
        at = content.index(signature) + offset
        assert content[at] == 8  # the flag that says UTF-8, which macOS leaves out
        content = content[:at] + b"\0" + content[at + 1 :]
    assert reads(folder({"a.zip": content})) == {"a": "zoë.py"}


def test_nothing_is_written_to_disk(folder, tmp_path, zip_of):
    path = folder({"jane.zip": zip_of({"hw/hw.py": ""}), "bob.zip": archive_of((entry("../../x.py"), ""))})
    before = sorted(tmp_path.rglob("*"))
    reads(path)
    assert sorted(tmp_path.rglob("*")) == before


def whole_zip():
    return archive_of((entry("hw/a.py"), "import b\n" * 40), (entry("hw/b.py"), "x"), (entry("c.txt"), "text"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(whole_zip()) - 1), st.integers(0, 255)), max_size=12), st.integers(0, 40))
def test_a_zip_of_any_bytes_is_read_or_refused(changes, cut):
    content = bytearray(whole_zip())
    for at, byte in changes:
        content[at] = byte
    content = bytes(content[: len(content) - cut if cut < 20 else None])
    refusals = []
    with collected(refusals):
        walk(opened(io.BytesIO(content), "hw.zip", 100, LIMITS), refusals)
    assert all(refusal.isprintable() for refusal in refusals)


def walk(place, refusals):
    for found in place.entries():
        if found.kind is Kind.FOLDER:
            walk(place.folder(found.name), refusals)
        elif found.kind is Kind.FILE:
            with collected(refusals):
                read(place, found.name, 1_000)


@contextmanager
def collected(refusals):
    try:
        yield
    except Refused as refusal:
        refusals.append(str(refusal))
