"""A cell is replaced; nothing else changes."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.errors import UsageError
from gradcheck.platforms.csv_table import BOM, decimal, guarded, number, read_table, unquoted, written_row

TEXTS = st.text(st.sampled_from('ab,;\t"\\ \n\ré=\u2028'), max_size=6)


@st.composite
def sheets(draw):
    """A well-formed file with some of its cells in quotes that need none, and its values."""
    delimiter = draw(st.sampled_from(",;\t"))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    width = draw(st.integers(2, 4))
    values = [["id", "grade", "x", "y"][:width], *draw(st.lists(st.lists(TEXTS, min_size=width, max_size=width)))]

    def cell(value):
        must = any(sign in value for sign in f'{delimiter}"\r\n')
        return '"' + value.replace('"', '""') + '"' if must or draw(st.booleans()) else value

    lines = [delimiter.join(map(cell, row)) for row in values]
    return draw(st.sampled_from(["", BOM])) + end.join(lines) + draw(st.sampled_from(["", end])), values, delimiter


def table_of(text, tmp_path, columns=("id", "grade")):
    file = tmp_path / "sheet.csv"
    file.write_bytes(text.encode())
    return read_table(file, "--sheet", columns)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sheets")


@given(sheets())
def test_values_are_read_and_an_unfilled_file_is_the_same_to_the_byte(folder, sheet):
    text, values, delimiter = sheet
    table = table_of(text, folder)
    assert table.delimiter == delimiter
    assert table.filled({}) == text
    assert [[table.value(row, column) for column in range(len(values[0]))] for row in range(len(values))] == values


@given(sheets(), TEXTS, st.data())
def test_one_filled_cell_changes_that_cell_only(folder, sheet, value, data):
    text, values, delimiter = sheet
    row, column = data.draw(st.integers(0, len(values) - 1)), data.draw(st.integers(0, len(values[0]) - 1))
    filled = table_of(text, folder).filled({(row, column): value})
    values[row][column] = value
    assert list(csv.reader(StringIO(filled.removeprefix(BOM), newline=""), delimiter=delimiter)) == values


def test_quotes_are_kept_as_they_were(tmp_path):
    table = table_of('id,"grade"\r\n1,"old"\r\n2,old\r\n', tmp_path)
    assert table.filled({(1, 1): "8", (2, 1): "9"}) == 'id,"grade"\r\n1,"8"\r\n2,9\r\n'


def test_quotes_behind_a_backslash_are_read_as_php_writes_them(tmp_path):
    text = 'id,grade,note\n1,5,"a \\"x\\", b"\n2,6,"plain"\n3,7,"ends in \\""\n'
    table = table_of(text, tmp_path)
    assert table.value(2, 1) == "6"
    assert table.filled({(2, 1): "7"}) == text.replace("2,6", "2,7")


def test_a_stray_quote_in_quotes_belongs_to_the_text(tmp_path):
    assert table_of('id,grade\n"Jane "J" Doe, x",5\n', tmp_path).value(1, 1) == "5"


def test_lines_that_differ_in_length_are_named(tmp_path):
    with pytest.raises(UsageError, match=r"--sheet .*sheet.csv: line 4 has not as many cells"):
        table_of('id,grade\n"two\nlines",5\n1,2,3\n', tmp_path)


def test_empty_lines_are_kept(tmp_path):
    assert table_of("id,grade\n1,2\n\n", tmp_path).filled({(1, 1): "3"}) == "id,grade\n1,3\n\n"


def test_a_missing_column_is_named_with_those_there_are(tmp_path):
    with pytest.raises(UsageError, match=r"no column 'grade'; its first line is: id, note"):
        table_of("id,note\n1,2\n", tmp_path)
    with pytest.raises(UsageError, match="its first line is: nothing"):
        table_of("", tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfei\0d\0", b"id,grade\nJos\xe9,1\n"], ids=["UTF-16", "Latin-1"])
def test_another_encoding_is_refused(tmp_path, content):
    (tmp_path / "sheet.csv").write_bytes(content)
    with pytest.raises(UsageError, match="no UTF-8"):
        read_table(tmp_path / "sheet.csv", "--sheet", ("id",))


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"--sheet .*none.csv cannot be read: No such file"):
        read_table(tmp_path / "none.csv", "--sheet", ("id",))


def test_a_large_file_with_open_quotes_is_refused_in_no_time(tmp_path):
    with pytest.raises(UsageError, match="never closed"):
        table_of("id,grade\n" + '"a\n' * 200_000, tmp_path)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "  =", "\t=", "＝", "\r\n="])
def test_no_text_is_a_formula(sign):
    cell = unquoted(written_row((guarded(f'{sign}HYPERLINK("x")'),)).rstrip("\n"))
    assert cell.startswith("'")
    assert "\n" not in cell


def test_ordinary_names_are_left_alone():
    assert [guarded(name) for name in ("Doe, Jane", "O'Neil", "Anne-Marie", "李")] == [
        "Doe, Jane",
        "O'Neil",
        "Anne-Marie",
        "李",
    ]


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (8.0, "8"), (2 / 3, "0.67"), (1e6, "1000000"), (0.001, "0")])
def test_points_have_two_decimals_at_most(value, text):
    assert number(value) == text


@pytest.mark.parametrize(("text", "value"), [("10.00", 10), ("7,5", 7.5), ("-", None), ("1.000,00", None), ("", None)])
def test_numbers_of_either_decimal_sign_are_read(text, value):
    assert decimal(text) == value
