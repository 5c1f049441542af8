"""The worksheet as Moodle imports it, and byte for byte otherwise."""

import csv
import html
import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkers.errors import UsageError
from checkers.grading.submission import Person
from gradcheck.platforms import PlatformOptions
from gradcheck.platforms.moodle import write

WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 1327627","Jane Doe",jane@example.org,"Submitted for grading - ",,10.00,Yes,'
    '"Sunday, 1 March 2026, 5:00 PM",-,\n'
    '"Participant 1327628","José ""Pepe"" Roe",jose@example.org,"No submission - ",2.00,10.00,Yes,-,'
    '"Monday, 2 March 2026, 9:00 AM","<p>Well\ndone, really</p>"\n'
    '"Participant 1327629",李小龍,li@example.org,"Submitted for grading - ",,10.00,Yes,-,-,\n'
)
HEADERS = ("Identifier", "Grade", "Last modified (grade)", "Feedback comments")


def imported(content: bytes, headers=HEADERS, participant="Participant "):
    """What Moodle reads (importgradeslib.php): grade and feedback by the number behind the word for a participant."""
    text = content.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    header, *rows = csv.reader(StringIO(text, newline=""))
    identifier, grade, modified, feedback = map(header.index, headers)
    assert all(len(row) == len(header) for row in rows)
    assert modified >= 0
    return {row[identifier][len(participant) :]: (row[grade], row[feedback]) for row in rows}


@pytest.fixture
def jane():
    return Person("Jane Doe", id="1327627")


@pytest.fixture
def written(tmp_path, info):
    def write_and_read(*rows, worksheet=WORKSHEET, **options):
        (tmp_path / "worksheet.csv").write_bytes(worksheet.encode())
        given = PlatformOptions(worksheet=tmp_path / "worksheet.csv", **options)
        result = write(info, iter(rows), tmp_path, given)
        [file] = result.files
        assert (tmp_path / "worksheet.csv").read_bytes() == worksheet.encode()
        return file.read_bytes(), result

    return write_and_read


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["last line ended", "last line open"])
def test_the_grade_is_filled_and_every_other_byte_kept(written, graded, jane, start, end, last):
    worksheet = start + WORKSHEET.replace("\n", end).removesuffix("" if last else end)
    content, _ = written(graded("right", people=(jane,)), worksheet=worksheet)
    assert content.decode() == worksheet.replace('grading - ",,10.00', 'grading - ",6,10.00', 1)
    assert imported(content)["1327627"] == ("6", "")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.text(st.sampled_from('ab ,"\né李'), max_size=5), max_size=4), quoted=st.booleans())
def test_any_worksheet_keeps_its_other_cells(written, graded, names, quoted):
    out = StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\r\n")
    rows = [["Identifier", "Full name", "Grade"], *([f"Participant {n}", name, ""] for n, name in enumerate(names, 1))]
    writer.writerows(rows)
    submissions = [graded("right", str(n), key=str(n)) for n, name in enumerate(names, 1) if not name.isascii()]
    content, result = written(*submissions, worksheet=out.getvalue())
    filled = {int(row.name) for row in submissions}
    expected = [[*row[:2], "6" if n in filled else row[2]] for n, row in enumerate(rows)]
    assert list(csv.reader(StringIO(content.decode(), newline=""))) == expected
    assert len(result.unfilled) == len(names) - len(filled)


def test_who_is_left_and_which_lines_stay_empty_is_said(written, graded, jane):
    rows = [
        graded("right", "jane", people=(jane,)),
        graded("right", "nora", people=(Person("Nora New", id="4711"),)),
        graded("right", "file"),
        graded("right", "link", people=(Person("", id="1327629"),), refusal="It is a link."),
    ]
    content, result = written(*rows)
    assert result.left_out == (
        ("nora", "the worksheet has no participant 4711"),
        ("file", "its Moodle number is not known"),
        ("link", "not graded: It is a link."),
    )
    assert result.unfilled == ('José "Pepe" Roe', "李小龍")
    assert imported(content)["1327628"][0] == "2.00"
    assert imported(content)["1327629"][0] == ""


@pytest.mark.parametrize("changes", [{"people": (Person("", id="1327629"),)}, {"key": "Participant 1327629"}])
def test_the_number_is_taken_from_the_person_or_the_key(written, graded, changes):
    assert imported(written(graded("right", **changes))[0])["1327629"][0] == "6"


def test_a_name_without_a_word_in_common_is_another_person(written, graded, jane):
    content, result = written(graded(people=(replace(jane, name="Group Seven"),)))
    assert content.decode() == WORKSHEET
    assert result.left_out == (("doejane", "its number is Jane Doe's in the worksheet, and its name Group Seven"),)


@pytest.mark.parametrize("name", ["Jose Roe", "José Pepe Roe", "", "ROE"])
def test_a_name_that_a_folder_changed_is_the_same_person(written, graded, name):
    assert imported(written(graded("right", people=(Person(name, id="1327628"),)))[0])["1327628"][0] == "6"


def test_a_group_is_found_by_its_name_and_each_member_graded(written, graded):
    worksheet = WORKSHEET.replace("Status,", "Status,Group,").replace("grading - ", 'grading - ","Group_A')
    worksheet = worksheet.replace("No submission - ", 'No submission - ","Group B')
    content, result = written(graded("right", people=(Person("Group A", id="1327628"),)), worksheet=worksheet)
    assert {key: grade for key, (grade, _) in imported(content).items()} == {
        "1327627": "6",
        "1327628": "2.00",
        "1327629": "6",
    }
    assert result.left_out == ()


def test_of_two_submissions_for_one_line_neither_is_chosen(written, graded, jane):
    content, result = written(graded(name="a", people=(jane,)), graded(name="b", people=(jane,)))
    assert content.decode() == WORKSHEET
    assert [name for name, _ in result.left_out] == ["a", "b"]


def test_a_line_twice_in_the_worksheet_is_not_filled(written, graded, jane):
    twice = WORKSHEET + WORKSHEET.splitlines(keepends=True)[1]
    content, result = written(graded(people=(jane,)), worksheet=twice)
    assert content.decode() == twice
    assert result.left_out == (("doejane", "the worksheet has no participant 1327627"),)


# Points


def test_a_grade_above_the_maximum_is_left_out_or_scaled(written, graded, jane):
    worksheet = WORKSHEET.replace("10.00", "5,00".join('""'))
    content, result = written(graded("right", people=(jane,)), worksheet=worksheet)
    assert content.decode() == worksheet
    assert result.left_out == (("doejane", "6 points are above the maximum grade 5; --scale-to 5 makes them fit"),)
    content, result = written(graded("right", people=(jane,)), worksheet=worksheet, scale_to=5)
    assert imported(content)["1327627"][0] == "5"
    assert result.left_out == ()


def test_a_worksheet_without_a_maximum_is_filled_and_that_is_said(written, graded, jane):
    _, result = written(graded("right", people=(jane,)), worksheet=WORKSHEET.replace('"Maximum Grade"', "Scale"))
    assert "no column Maximum Grade" in result.notes[0]


# Feedback


def test_feedback_is_harmless_html_without_quotes_and_at_the_hint_level(written, graded, jane, sample):
    content, _ = written(graded(people=(jane,)), feedback=True, level=1)
    said = imported(content)["1327627"][1]
    assert re.fullmatch(r"<pre>[^<>\"]*</pre>", said)
    assert "residual-reversed" in said
    assert "line " not in said
    hostile = imported(written(graded(sample("hostile"), people=(jane,)), feedback=True)[0])["1327627"][1]
    assert re.fullmatch(r"<pre>[^<>\"]*</pre>", hostile)
    assert "<script>alert(1)</script>" in html.unescape(hostile)


def test_feedback_of_others_is_kept(written, graded, jane):
    content, _ = written(graded(people=(jane,)), feedback=True)
    assert imported(content)["1327628"] == ("2.00", "<p>Well\ndone, really</p>")


def test_without_the_option_no_feedback_is_written(written, graded, jane):
    assert imported(written(graded(people=(jane,)))[0])["1327627"][1] == ""


# Other languages, other files

GERMAN = {"Identifier": "ID", "Grade": "Bewertung", "Feedback comments": "Feedback als Kommentar"}


def test_headers_of_another_language_are_given_by_the_option(written, graded, jane):
    german = WORKSHEET.replace("Identifier,", "ID,", 1).replace(",Grade,", ",Bewertung,", 1)
    german = german.replace("Feedback comments", GERMAN["Feedback comments"]).replace("Participant ", "Teilnehmer/in")
    content, _ = written(graded("right", people=(jane,)), worksheet=german, headers=GERMAN, feedback=True)
    headers = ("ID", "Bewertung", "Last modified (grade)", GERMAN["Feedback comments"])
    assert imported(content, headers, "Teilnehmer/in")["1327627"][0] == "6"


def test_a_header_that_is_not_there_is_refused_with_what_to_try(written, graded, jane):
    with pytest.raises(UsageError, match=r"no column 'Grade'.*--header Grade=Bewertung"):
        written(graded(people=(jane,)), worksheet=WORKSHEET.replace(",Grade,", ",Bewertung,", 1))
    with pytest.raises(UsageError, match="no column 'Feedback comments'"):
        written(graded(people=(jane,)), worksheet=WORKSHEET.replace("Feedback comments", "x"), feedback=True)
    with pytest.raises(UsageError, match=r"--header Note=\.\.\.: known columns are Identifier"):
        written(graded(people=(jane,)), headers={"Note": "Bewertung"})


def test_without_a_worksheet_the_option_is_asked_for(tmp_path, info):
    with pytest.raises(UsageError, match="--worksheet FILE"):
        write(info, [], tmp_path, PlatformOptions())


def test_an_empty_run_gives_the_worksheet_back(written):
    content, result = written()
    assert content.decode() == WORKSHEET
    assert len(result.unfilled) == 3
