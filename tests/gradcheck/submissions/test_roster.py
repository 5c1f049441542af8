"""Who is who, and who is missing."""

import pytest

from checkers.errors import UsageError
from checkers.grading.submission import Person
from gradcheck.submissions import find_submissions


@pytest.fixture
def roster(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def people(path, roster):
    collection = find_submissions(path, roster=roster)
    return {s.name: s.people for s in collection.submissions}, collection.missing


JANE = Person("Jane Doe", id="11", email="jane@uni.edu", section="B")


@pytest.mark.parametrize(
    "text",
    [
        "name,id,email,section\nJane Doe,11,jane@uni.edu,B\nBob Roe,12,,\n",
        "Section;E-Mail;ID;Full name\r\nB;jane@uni.edu;11;Jane Doe\r\n;;12;Bob Roe\r\n",
        'NAME\tID\tEmail Address\tGroup\n"Jane Doe"\t11\tjane@uni.edu\tB\nBob Roe\t12\t\t\n',
        "First Name,Last Name,SID,Email,Sections\nJane,Doe,11,jane@uni.edu,B\nBob,Roe,12,,\n\n",
        'Identifier,"Full name",Email,Group\n"Participant 11","Jane Doe",jane@uni.edu,B\nParticipant 12,"Bob Roe",,\n',
    ],
    ids=["ours", "semicolons", "tabs", "Gradescope", "Moodle"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_people_are_found_by_id_and_filled_in(handed_in, roster, text, encoding):
    path = handed_in({"doejane_11_678901_hw.py": "", "eve_13_678902_hw.py": ""})
    filled, missing = people(path, roster(text, encoding))
    assert filled == {"doejane": (JANE,), "eve": (Person("eve", id="13"),)}
    assert missing == (Person("Bob Roe", id="12"),)


@pytest.mark.parametrize(
    "name", ["jd123", "JD123", "11", "jane@uni.edu", "jane", "Jane Doe", "jane_doe", "doe_jane", "DoeJane"]
)
def test_names_of_plain_files_are_looked_up(folder, roster, name):
    text = "name,id,email,login,section\nJane Doe,11,jane@uni.edu,jd123,B\nBob Roe,12,,br9,\n"
    filled, missing = people(folder({f"{name}.py": "", "other.py": ""}), roster(text))
    assert JANE in [person for found in filled.values() for person in found]
    assert filled["other"] == ()
    assert [person.name for person in missing] == ["Bob Roe"]


def test_canvas_gradebook_is_a_roster(handed_in, roster):
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW 1 (44)\n"
        "    Points Possible,,,,,10\n"
        '"Doe, Jane",11,s-11,jd123,B,\n'
        '"Student, Test",99,,,B,\n'
    )
    filled, missing = people(handed_in({"doejane_11_678901_hw.py": ""}), roster(text))
    assert filled == {"doejane": (Person("Doe, Jane", id="11", section="B"),)}
    assert missing == ()


def test_names_with_the_last_part_first_are_found(handed_in, roster):
    text = "name,email\nJane Doe,jane@uni.edu\n"
    filled, _ = people(handed_in({"doejane_11_678901_hw.py": ""}), roster(text))
    assert filled == {"doejane": (Person("Jane Doe", id="11", email="jane@uni.edu"),)}


def test_gradescope_people_are_found_by_number_and_email(handed_in, roster):
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: J.\n    :sid: 's-11'\n  - :name: B.\n    :email: bob@uni.edu\n"
    )
    text = "name,sis id,email\nJane Doe,s-11,jane@uni.edu\nBob Roe,s-12,BOB@uni.edu\nEve,s-13,\n"
    filled, missing = people(handed_in({"submission_metadata.yml": metadata, "submission_1/a.py": ""}), roster(text))
    assert filled == {
        "J. and B": (Person("Jane Doe", "s-11", "jane@uni.edu"), Person("Bob Roe", "s-12", "bob@uni.edu")),
    }
    assert missing == (Person("Eve", id="s-13"),)


def test_two_of_one_name_are_not_guessed(folder, roster):
    filled, missing = people(folder({"Jane Doe.py": ""}), roster("name,id\nJane Doe,1\nJane Doe,2\n"))
    assert filled == {"Jane Doe": ()}
    assert len(missing) == 2


def test_an_id_of_one_and_the_name_of_another_is_left_as_it_is(handed_in, roster):
    filled, missing = people(handed_in({"doejane_11_678901_hw.py": ""}), roster("name,id\nJane Doe,70\nBob Roe,11\n"))
    assert filled == {"doejane": (Person("doejane", id="11"),)}
    assert len(missing) == 2


def test_control_characters_in_a_roster_are_dropped(folder, roster):
    filled, _ = people(folder({"jd.py": ""}), roster("name,login\nJane\x1b[31m Doe,jd\n"))
    assert filled["jd"][0].name == "Jane[31m Doe"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"is no CSV with a header"),
        (
            "points,remark\n1,good\n",
            r"has no column called name, id, email, sis id or login\. It has: points, remark\.",
        ),
        ('name,id\n"Jane,1\n', r"is no CSV with a header: unexpected end of data"),
    ],
)
def test_a_roster_that_is_none_is_a_wrong_call(folder, roster, text, message):
    with pytest.raises(UsageError, match=message):
        find_submissions(folder({"a.py": ""}), roster=roster(text))


def test_a_roster_in_another_encoding_or_place_is_a_wrong_call(folder, roster, tmp_path):
    path = folder({"a.py": ""})
    with pytest.raises(UsageError, match=r"is not in UTF-8\. Save it as CSV UTF-8\."):
        find_submissions(path, roster=roster("name\nZoë\n", "latin-1"))
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        find_submissions(path, roster=tmp_path / "none.csv")
