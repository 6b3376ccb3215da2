"""Files as other programs export them: repeated headers, totals, footnotes, explanations, and cents left out."""

from __future__ import annotations

import pytest

from core.data.tables.cells.numbers import parse_numbers
from core.data.tables.tables import preview_table
from core.experiment import TableSource
from tests.core.data.support import Write

HEADER = "time,temperature,state\n"
ROWS = [f"{row},{20 + row % 7 / 4},{('on', 'off')[row % 3 == 0]}\n" for row in range(600)]


@pytest.mark.parametrize("every", [5, 50, 300])
def test_lines_that_repeat_the_header_are_skipped(write: Write, every: int) -> None:
    pages = [HEADER + "".join(ROWS[start : start + every]) for start in range(0, 600, every)]
    preview = preview_table(write("".join(pages)))
    assert preview.n_rows == 600
    assert [column.kind for column in preview.columns] == ["number", "number", "text"]
    skipped = len(pages) - 1
    assert preview.notes == (
        "1 line that repeats the header skipped."
        if skipped == 1
        else f"{skipped} lines that repeat the header skipped.",
    )
    assert preview.table.lines[-1] == 600 + len(pages)


@pytest.mark.parametrize("rows", ["red,big\nblue,small\nred,big\n", "1,2\n3,4\n1,2\n", "?,a\n1,b\n2,c\n?,a\n"])
def test_rows_that_recur_are_kept(write: Write, rows: str) -> None:
    path = write(rows)
    assert preview_table(path, TableSource(csv=str(path), target="?", header=False)).n_rows == rows.count("\n")
    assert not any("repeat" in note for note in preview_table(path).notes)


@pytest.mark.parametrize(
    "total",
    [
        "Total,60,15,\n",
        "\nGrand Total:,60,,\n",
        "Sum,60,15,\nMean,15,3.75,\n",
        '"Summe","60","15",""\n',
        ",Total,15,\n",
    ],
)
def test_rows_of_totals_at_the_end_are_skipped(write: Write, total: str) -> None:
    preview = preview_table(write("place,sold,left,kind\nA,10,3,x\nB,20,4,y\nC,14,5,x\nD,16,3,y\n" + total))
    assert preview.n_rows == 4
    assert "of totals at the end skipped." in preview.notes[0]


@pytest.mark.parametrize("total", ["Total,1e308,1\n", "Total,nan,1\n", "Total,1e400,1\n"])
def test_totals_of_huge_numbers_do_not_overflow(write: Write, total: str) -> None:
    assert preview_table(write("a,b,y\nA,1e308,0\nB,1e308,1\nC,1e308,1\n" + total)).n_rows == 4


@pytest.mark.parametrize("last", ["Total,61,9,y\n", "E,60,15,x\n", "Totally,60,15,x\n", "total,,,y\n"])
def test_other_rows_at_the_end_are_kept(write: Write, last: str) -> None:
    assert preview_table(write("place,sold,left,kind\nA,10,3,x\nB,20,4,y\nC,14,5,x\nD,16,3,y\n" + last)).n_rows == 5


@pytest.mark.parametrize(
    ("texts", "numbers", "unit"),
    [
        (["CHF 12.-", "CHF 1'200.-", "CHF 3.50"], [12, 1200, 3.5], "CHF"),
        (["12,- €", "1.200,– €", "3,50 €"], [12, 1200, 3.5], "€"),
        (["0.05*", "0.001***", "0.2"], [0.05, 0.001, 0.2], ""),
        (["12,34,567", "1,00,000.5", "999"], [1234567, 100000.5, 999], ""),
        (["1,234[1]", "12 [a]", "7†"], [1234, 12, 7], ""),
    ],
)
def test_cents_left_out_and_marks_of_footnotes(texts: list[str], numbers: list[float], unit: str) -> None:
    found = parse_numbers(texts, ".")
    assert found.values.tolist() == numbers
    assert found.unit == unit


def test_a_colon_is_a_missing_number(write: Write) -> None:
    assert preview_table(write("a,y\n1,0\n:,1\n3,0\n")).columns[0].missing == 1


def test_words_that_happen_to_align_are_no_column(write: Write) -> None:
    rows = "".join(
        f"{f'Ann Lee {row}':<15}{20 + row:>3}  {('Rome', 'San Juan')[row % 2]:<10}{row * 1.5:>5}\n" for row in range(9)
    )
    preview = preview_table(write(f"{'NAME':<15}AGE  {'CITY':<10}SCORE\n" + rows))
    assert [column.name for column in preview.columns] == ["NAME", "AGE", "CITY", "SCORE"]
    assert preview.rows[1] == ("Ann Lee 1", "21", "San Juan", "1.5")


def test_a_first_row_of_numbers_with_units_is_data(write: Write) -> None:
    path = write("place,temperature,wind\nA,-5 °C,0 km/h\nB,-4 °C,7 km/h\nC,3 °C,9 km/h\nD,4 °C,8 km/h\n")
    preview = preview_table(path)
    assert preview.n_rows == 4
    assert [column.summary for column in preview.columns[1:]] == ["-5 to 4 °C", "0 to 9 km/h"]


@pytest.mark.parametrize(
    "lines",
    [
        ",,Response,Open-Ended Response\n",
        '"Recorded Date","How old are you?","Do you like it?","Why?"\n'
        + ",".join(f'"{{""ImportId"":""{key}""}}"' for key in ("date", "QID1", "QID2", "QID3_TEXT"))
        + "\n",
    ],
    ids=["SurveyMonkey", "Qualtrics"],
)
def test_explanations_below_the_header_of_a_survey_are_skipped(write: Write, lines: str) -> None:
    rows = "".join(f"2024-03-{row + 1:02},{15 + row % 3},{('yes', 'no')[row % 2]},because\n" for row in range(20))
    preview = preview_table(write("date,age,Q2,Q3\n" + lines + rows))
    assert preview.n_rows == 20
    assert [column.kind for column in preview.columns] == ["date", "number", "text", "constant"]
    assert preview.notes[-1].endswith("of explanations below the header skipped.")
    assert preview.table.lines[0] == 2 + lines.count("\n")
