"""The gradebook as Canvas imports it."""

import csv
import re
from dataclasses import replace
from io import StringIO

import pytest

from checkers.errors import UsageError
from checkers.grading.submission import Person
from gradcheck.platforms import PlatformOptions
from gradcheck.platforms.canvas import write

COURSE = {12345: "Doe, Jane", 678: "Roe, Richard", 91011: "Müller; Zoë"}
ASSIGNMENTS = {55: "Softmax", 56: "Homework 2 (late)"}

HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Softmax (55),Homework 2 (late) (56),"
    "Assignments Current Score,Current Score,Unposted Final Grade"
)
EXPORT = (
    f"\ufeff{HEADER}\r\n"
    "    Points Possible,,,,,6.00,10.00,(read only),(read only),(read only)\r\n"
    '"Doe, Jane",12345,u12345,jane@example.org,Lab 1,,7.50,90.0,88.0,B\r\n'
    '"Roe, Richard",678,u678,roe@example.org,"Lab 1 and Lab 2",3.00,EX,90.0,88.0,B\r\n'
    '"Müller; Zoë",91011,u91011,zoe@example.org,Lab 1,2.00,,90.0,88.0,B\r\n'
    '"Student, Test",99,,,Lab 1,,,,,\r\n'
)


def imported(text: str):
    """What Canvas makes of a file (lib/gradebook_importer.rb): grades by student and assignment, and what is new."""
    lines = text.splitlines(keepends=True)[:3]
    delimiter = ";" if _fields(lines, ";") > _fields(lines, ",") else ","
    header, *rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    assert len(header) > 3
    assert "Student" in header[0]
    assert "ID" in header[1]
    columns = 3
    if "SIS User ID" in header[2]:
        assert "SIS Login ID" in header[3]
        columns = 5
    assert "Section" in header[columns - 1]
    computed = re.compile("(Current|Final|Override) (Score|Points|Grade|Status)")
    grades, new_students, new_assignments = {}, [], []
    titles = {number: title for number, title in enumerate(header) if number >= columns and not computed.search(title)}
    ids = {}
    for number, title in titles.items():
        match = re.fullmatch(r"(.*)\s\((\d+)\)", title)
        ids[number] = int(match[2]) if match and int(match[2]) in ASSIGNMENTS else None
        if ids[number] is None:
            new_assignments.append(title)
    for row in rows:
        if "Points Possible" in row[0] or re.fullmatch(r"[;, ]*", delimiter.join(row)):
            continue
        student = int(row[1]) if row[1].isdigit() and int(row[1]) in COURSE else None
        student = student or next((number for number, name in COURSE.items() if name == row[0]), None)
        if student is None:
            new_students.append(row[0])
            continue
        grades[student] = {ids[number]: row[number].strip() for number in titles}
    return grades, new_students, new_assignments


def _fields(lines: list[str], delimiter: str) -> int:
    counts = {len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines}
    return counts.pop() if len(counts) == 1 else 0


@pytest.fixture
def written(tmp_path, info):
    def write_and_read(*rows, export=None, **options):
        if export is not None:
            options["gradebook"] = tmp_path / "export.csv"
            options["gradebook"].write_bytes(export.encode())
        result = write(info, iter(rows), tmp_path, PlatformOptions(**options))
        [file] = result.files
        return file.read_bytes().decode(), result

    return write_and_read


# A new file


def test_a_new_file_gives_known_students_their_points_and_creates_nobody(written, graded, reports, person):
    text, result = written(graded(people=(person,)), assignment="Softmax (55)")
    grades, new_students, new_assignments = imported(text)
    assert (new_students, new_assignments) == ([], [])
    assert float(grades[12345][55]) == pytest.approx(reports["reversed"].score, abs=0.005)
    assert result.left_out == ()
    assert text.startswith("Student,ID,SIS User ID,SIS Login ID,Section,Softmax (55)\n")


@pytest.mark.parametrize("assignment", [None, "Softmax", "55"])
def test_a_new_file_needs_title_and_id(written, graded, person, assignment):
    with pytest.raises(UsageError, match="makes a new assignment"):
        written(graded(people=(person,)), assignment=assignment)


def test_who_has_no_canvas_id_is_left_out_by_name(written, graded, person):
    people = {"a": (replace(person, id=""),), "b": (replace(person, id="anon_x1"),), "c": (replace(person, id="１２"),)}
    rows = [graded(name=name, people=those) for name, those in people.items()]
    text, result = written(*rows, graded(name="d"), assignment="Softmax (55)")
    assert len(text.splitlines()) == 1
    assert [name for name, _ in result.left_out] == ["a", "b", "c", "d"]
    assert dict(result.left_out)["a"] == "Doe, Jane has no Canvas id"
    assert "--roster" in dict(result.left_out)["d"]


def test_a_group_gets_one_score_each(written, graded, person):
    text, _ = written(graded(people=(person, Person("Roe, Richard", "678"))), assignment="Softmax (55)")
    grades, *_ = imported(text)
    assert grades.keys() == {12345, 678}
    assert grades[12345] == grades[678]


def test_what_was_not_graded_gets_no_zero(written, graded, person):
    text, result = written(graded(people=(person,), refusal="It is\na link."), assignment="Softmax (55)")
    assert len(text.splitlines()) == 1
    assert result.left_out == (("doejane", "not graded: It is a link."),)


def test_of_two_submissions_of_one_person_neither_is_chosen(written, graded, person):
    rows = [graded(name=name, people=(person,)) for name in ("a", "b")]
    text, result = written(*rows, assignment="Softmax (55)")
    assert len(text.splitlines()) == 1
    assert result.left_out == (
        ("a", "the same person handed in b too"),
        ("b", "the same person handed in a too"),
    )


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("http://x";"y")', "+1", "-1", "@SUM(A1)", "\t=1", 'a"b', "a\r\nb,c", "x\x00"]
)
def test_hostile_names_are_neither_formulas_nor_new_lines(written, graded, person, name):
    text, _ = written(graded(people=(replace(person, name=name, section=name),)), assignment="Softmax (55)")
    _, row = csv.reader(StringIO(text, newline=""))
    assert len(row) == 6
    assert not row[0].startswith(tuple("=+-@\t"))
    assert not row[4].startswith(tuple("=+-@\t"))
    grades, new_students, _ = imported(text)
    assert (list(grades), new_students) == ([12345], [])


def test_an_empty_run_is_a_header(written):
    assert imported(written(assignment="Softmax (55)")[0]) == ({}, [], [])


# An export filled


def test_one_column_is_filled_and_every_other_byte_kept(written, graded, person, reports):
    text, result = written(graded("right", people=(person,)), export=EXPORT, assignment="Softmax")
    assert text == EXPORT.replace("jane@example.org,Lab 1,,", "jane@example.org,Lab 1,6,")
    assert result.unfilled == ("Roe, Richard", "Müller; Zoë", "Student, Test")
    grades, new_students, new_assignments = imported(text)
    assert (new_students, new_assignments) == (["Student, Test"], [])  # nobody but Canvas' own test student
    assert grades[12345] == {55: "6", 56: "7.50"}
    assert grades[678] == {55: "3.00", 56: "EX"}


@pytest.mark.parametrize("assignment", ["Homework 2 (late)", "56", "Homework 2 (late) (56)"])
def test_the_assignment_is_found_by_title_id_or_both(written, graded, person, assignment):
    text, _ = written(graded("right", people=(person,)), export=EXPORT, assignment=assignment, scale_to=10)
    assert imported(text)[0][12345] == {55: "", 56: "10"}


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        (None, "Say which"),
        ("Softmax (56)", "None is called"),
        ("Current Score", "None is called"),
        ("ID", "None is called"),
    ],
)
def test_an_unclear_assignment_is_refused_with_those_there_are(written, graded, person, assignment, said):
    with pytest.raises(UsageError, match=rf"{said}.*Softmax \(55\); Homework 2 \(late\) \(56\)\."):
        written(graded(people=(person,)), export=EXPORT, assignment=assignment)


def test_of_two_assignments_of_one_title_none_is_chosen(written, graded, person):
    export = EXPORT.replace("Homework 2 (late) (56)", "Softmax (56)")
    with pytest.raises(UsageError, match="Several are called 'Softmax'"):
        written(graded(people=(person,)), export=export, assignment="Softmax")


def test_the_only_assignment_needs_no_name(written, graded, person):
    export = "Student,ID,Section,Softmax (55)\nJane,12345,A,\n"
    assert written(graded("right", people=(person,)), export=export)[0].endswith("Jane,12345,A,6\n")


def test_who_is_not_in_the_export_is_left_out_and_no_row_added(written, graded):
    text, result = written(graded(people=(Person("New, Nora", "4711"),)), export=EXPORT, assignment="Softmax")
    assert text == EXPORT
    assert result.left_out == (("doejane", "New, Nora (4711) is not in the gradebook"),)


def test_the_login_serves_where_the_id_is_not_known(written, graded):
    export = EXPORT.replace("zoe@", "Zoe@")
    text, _ = written(graded("right", people=(Person("", email="ZOE@example.org"),)), export=export, assignment="55")
    assert imported(text)[0][91011][55] == "6"


def test_semicolons_stay_semicolons(written, graded, person):
    export = 'Student;ID;Section;Softmax (55);Other (56)\n    Points Possible;;;6,00;1,00\n"Doe, Jane";12345;A;;0,50\n'
    text, _ = written(graded("right", people=(person,)), export=export, assignment="Softmax")
    assert text == export.replace("A;;0,50", "A;6;0,50")
    assert imported(text)[0][12345][55] == "6"


def test_other_points_on_canvas_are_said(written, graded, person):
    _, result = written(graded(people=(person,)), export=EXPORT, assignment="56")
    assert result.notes == (
        "The assignment has 10 points on Canvas, and full marks give 6 here: --scale-to 10 makes them agree.",
    )
    assert written(graded(people=(person,)), export=EXPORT, assignment="56", scale_to=10)[1].notes == ()
    assert written(graded(people=(person,)), export=EXPORT, assignment="55")[1].notes == ()


def test_another_csv_file_is_refused(written, graded, person):
    with pytest.raises(UsageError, match=r"no column 'Section'.*Export it from the gradebook"):
        written(graded(people=(person,)), export="ID,Name\n1,x\n", assignment="Softmax")
