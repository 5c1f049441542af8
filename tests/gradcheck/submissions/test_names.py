"""Names that every system can write to disk, and tell apart."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from gradcheck.submissions.names import alike, displayed, is_device, safe, shown, unique

# Names as they come, and those that are known to make trouble, in any order and number.
TROUBLE = [
    "con",
    "NUL.txt",
    "",
    ".",
    "..",
    "-rf",
    "a" * 300,
    "é" * 300,
    "\u202e",
    "\x00",
    "e\u0301",
    "jane",
    "Jane",
    "jane-2",
]
NAMES = st.lists(
    st.one_of(
        st.text(max_size=100),
        st.sampled_from(TROUBLE),
        st.text(st.characters(categories=["Cs", "Lo", "Mn", "Cc"]), max_size=120),
        st.tuples(st.sampled_from(TROUBLE), st.sampled_from(TROUBLE)).map("".join),
    ),
    max_size=12,
)


@given(NAMES)
def test_names_are_safe_files_names_and_different_on_every_system(names):
    result = unique(names)
    assert len(result) == len(names)
    assert len({alike(name) for name in result}) == len(names)
    for name in result:
        assert 0 < len(name) <= 80
        assert len(name.encode()) <= 200
        assert not set(name) & set('/\\:*?"<>|=+@,;\0\n\r\t')
        assert all(unicodedata.category(sign)[0] != "C" for sign in name)
        assert name[0] not in ".- "
        assert name[-1] not in ". "
        assert not is_device(name)


@given(NAMES)
def test_the_same_names_come_out_again(names):
    once = unique(names)
    assert unique(names) == once
    assert unique(once) == once


def test_good_names_stay_as_they_are():
    names = ["doejane", "Jane Doe", "Zoë Müller-Roe", "鈴木 一郎", "हिन्दी", "s1234.5", "a_b"]
    assert unique(names) == names


def test_equal_names_are_numbered_and_leave_the_numbers_that_are_taken():
    assert unique(["jane", "JANE", "jane", "jane-2"]) == ["jane", "JANE-3", "jane-4", "jane-2"]
    assert unique(["zoë", "zoe\u0308"]) == ["zoë", "zoë-2"]
    assert unique(["x" * 90, "x" * 90]) == ["x" * 80, "x" * 78 + "-2"]
    assert unique(["é" * 300, "é" * 300])[1].endswith("é-2")


def test_numbering_ten_thousand_of_one_name_is_quick():
    assert len(set(unique(["jane"] * 10_000))) == 10_000


def test_payloads_are_no_payloads_any_more():
    assert safe("$(rm -rf ~); x") == "_rm -rf _ x"
    assert safe("<script>alert(1)</script>") == "_script_alert_1_script_"
    assert safe("=cmd|' /C calc'!A0") == "_cmd_ _C calc_A0"
    assert safe("a\u202egnp.py") == "agnp.py"


@given(st.text(st.characters(), max_size=300))
def test_what_is_shown_can_be_printed_and_is_short(text):
    assert shown(text).isprintable()
    assert len(shown("x" * len(text))) <= 80
    assert displayed(text).isprintable()
    shown(text).encode()
