"""Codes with leading zeros: postal codes, telephone numbers, numbered months."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.experiment import ColumnSettings
from tests.core.data.support import Write, read

ZIPS = ("01234", "02139", "10001", "90210")


def table(codes: tuple[str, ...], rows: int = 24, separator: str = ",") -> str:
    lines = [f"{codes[row % len(codes)]}{separator}{row * 1.5}{separator}{'ab'[row % 2]}" for row in range(rows)]
    return "\n".join([separator.join(("code", "x", "y")), *lines, ""])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " ", ", "])
def test_codes_with_leading_zeros_are_categories(write: Write, separator: str) -> None:
    path = write(table(ZIPS, separator=separator))
    code = preview_table(path).columns[0]
    assert (code.kind, code.summary) == ("text", "01234, 02139, 10001, 90210")
    assert code.note == "codes with leading zeros: becomes 4 inputs, one for each category"
    assert read(path).input_names[:4] == tuple(f"code={zip_code}" for zip_code in ZIPS)


def test_codes_are_numbers_if_the_user_chooses_so(write: Write) -> None:
    path = write(table(ZIPS))
    raw = read(path, columns=(ColumnSettings(name="code", kind="number"),))
    assert raw.input_names == ("code", "x")
    assert raw.inputs[:4, 0].tolist() == [1234, 2139, 10001, 90210]


def test_quoted_and_missing_codes(write: Write) -> None:
    path = write(table(('"01234"', "NA", '"02139"', "-", "")))
    code = preview_table(path).columns[0]
    assert (code.kind, code.summary, code.missing) == ("text", "01234, 02139", 14)


def test_telephone_numbers_are_identifiers(write: Write) -> None:
    rows = "".join(f"0{171_000_000 + 7919 * row},{row % 5},{'ab'[row % 2]}\n" for row in range(30))
    phone = preview_table(write("phone,x,y\n" + rows)).columns[0]
    assert not phone.suggested
    assert phone.note == "codes with leading zeros: identifier, not useful as input"


def test_codes_in_groups_of_digits(write: Write) -> None:
    code = preview_table(write(table(("044 123 456", "044 123 457", "071 555 001")))).columns[0]
    assert code.kind == "text"


@pytest.mark.parametrize(
    "codes",
    [
        ("0", "1", "10", "100"),  # no leading zero
        ("007.50", "012.25", "100.00"),  # decimals
        ("0.5", "00.25"),
        ("+05", "-05", "012"),  # signs
        (*map(str, range(100, 130)), "05"),  # one among many of different length
    ],
)
def test_numbers_stay_numbers(write: Write, codes: tuple[str, ...]) -> None:
    assert preview_table(write(table(codes, rows=62))).columns[0].kind == "number"


def test_one_leading_zero_among_codes_of_the_same_length(write: Write) -> None:
    codes = ("02139", *(str(number) for number in range(94101, 94140)))
    assert preview_table(write(table(codes, rows=120))).columns[0].kind == "text"


@pytest.mark.parametrize(
    ("numbers", "note"),
    [
        (
            [9_780_000_000_000 + 7919 * row for row in range(20)],
            "identifier or time stamp: all different, with 13 digits",
        ),
        ([1_672_531_200 + 60 * row for row in range(20)], "identifier or time stamp: all different, with 10 digits"),
        ([9 * 10 ** (8 + row % 3) + row for row in range(20)], ""),  # amounts
        ([1e99 + row * 1e90 for row in range(20)], ""),
        ([1e308] * 20, "constant"),
        ([5_551_234_000 + row % 7 for row in range(20)], ""),
        ([87_654_321 + row for row in range(20)], ""),
        ([5_551_234_000 + row + 0.5 for row in range(20)], ""),
    ],
)
def test_different_numbers_of_many_digits_are_no_inputs_by_default(
    write: Write, numbers: list[float], note: str
) -> None:
    path = write("a,b,y\n" + "".join(f"{number},{row},{row % 2}\n" for row, number in enumerate(numbers)))
    column = preview_table(path).columns[0]
    assert (column.note, column.suggested) == (note, not note)
    if max(numbers) < 1e100:
        assert read(path, inputs=("a",)).inputs[:, 0].tolist() == numbers


def test_codes_with_an_e_among_digits_are_categories(write: Write) -> None:
    rows = "".join(f"{row % 9 + 10}E{20 + row % 5 * 9},{row * 1.5}E2,{row % 2}\n" for row in range(30))
    code, number = preview_table(write("well,a,y\n" + rows)).columns[:2]
    assert (code.kind, code.note.split(":")[0]) == ("text", "codes such as 12E34")
    assert (number.kind, number.summary) == ("number", "0 to 4350")
    huge = preview_table(write("a,y\n" + "".join(f"{row + 0.5}E60,{row % 2}\n" for row in range(9)))).columns[0]
    assert huge.kind == "number"
