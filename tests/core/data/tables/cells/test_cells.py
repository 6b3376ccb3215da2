"""Parsing of cells: numbers with units, currencies, percent signs, dates, and codes for missing values."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.tables.cells.dates import parse_dates
from core.data.tables.cells.missing import suspected_code
from core.data.tables.cells.numbers import may_be_numbers, parse_if_numbers, parse_numbers
from core.data.tables.tables import preview_table
from core.errors import TableError
from core.experiment import ColumnSettings, TableSource
from tests.core.data.support import Write, read


@pytest.mark.parametrize(
    ("texts", "numbers", "unit"),
    [
        (["45%", "5 %", "-7.5%"], [45, 5, -7.5], "%"),
        (["$12.00", "-$3", "$ 1,200.50"], [12, -3, 1200.5], "$"),
        (["€ 1.299,00", "€ 12,5"], [1299, 12.5], "€"),
        (["1.299,00 €", "12 €"], [1299, 12], "€"),
        (["1 234", "67 311 748", "12"], [1234, 67311748, 12], ""),
        (["1\u00a0234,5", "1\u202f234,567"], [1234.5, 1234.567], ""),
        (["1'234.50", "12’345"], [1234.5, 12345], ""),
        (["3,5 kg", "12 kg", "7kg"], [3.5, 12, 7], "kg"),
        (["12 km/h", "7.5 km/h"], [12, 7.5], "km/h"),
        (["21 °C", "−3 °C"], [21, -3], "°C"),
        (["(12.50)", "12"], [-12.5, 12], ""),
        (["1,5E-3", "2,25"], [0.0015, 2.25], ""),
        (["1,234", "5"], [1234, 5], ""),
        (["3504.", ".5"], [3504, 0.5], ""),
        (["$(1,417)", "$ 3.50", "$ (2.5)", "-$1"], [-1417, 3.5, -2.5, -1], "$"),
        (["1.08×10^-3", "2.5 x 10^4", "3*10**-2", "4·10⁻³", "5"], [0.00108, 25000, 0.03, 0.004, 5], ""),
        (["1.03D-05", "0.016D+00", "-2.5d+02"], [1.03e-5, 0.016, -250], ""),
        (["–1.7", "—2", "3"], [-1.7, -2, 3], ""),
        (["٤٢", "７", "１.５"], [42, 7, 1.5], ""),
        (["7 / 10", "10 / 10", "0 / 10"], [7, 10, 0], "/ 10"),
        (["(3.2 ± 0.1) mm", "(4 +/- 1) mm", "5 mm"], [3.2, 4, 5], "mm"),
        (["1.234(5)", "0.15(12)"], [1.234, 0.15], ""),
    ],
)
def test_numbers_in_common_notations(texts: list[str], numbers: list[float], unit: str) -> None:
    found = parse_numbers(texts, ".")
    assert found.values.tolist() == numbers
    assert found.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "1o5",
        "12:30",
        "1.2.3",
        "1,23,4",
        "0171 2345",
        "q7",
        "1 2",
        "",
        "-",
        "1-2",
        "--5",
        "$5 kg",
        "1_000",
        "٣x٣",
        "4x3",
        "2 x 100",
        "12:30 / 10",
    ],
)
def test_texts_that_are_not_numbers(text: str) -> None:
    assert np.isnan(parse_numbers([text], ".").values).all()


def test_a_number_with_another_unit_is_rejected() -> None:
    assert np.isnan(parse_numbers(["3 kg", "5 kg", "7 g"], ".").values).tolist() == [False, False, True]
    assert np.isnan(parse_numbers(["3", "5", "7", "8", "1o"], ".").values).tolist() == [False] * 4 + [True]


def test_columns_of_currency_and_percentages_are_numbers(write: Write) -> None:
    rows = "".join(f"{40 + row * 0.5}%,${row}.25,{row % 2}\n" for row in range(50))
    raw = read(write("share,price,y\n" + rows))
    assert raw.input_names == ("share", "price")
    assert raw.inputs[3].tolist() == [41.5, 3.25]
    assert [column.summary for column in preview_table(write("share,price,y\n" + rows)).columns[:2]] == [
        "40 to 64.5 %",
        "0.25 to 49.25 $",
    ]


DAY = dt.date(2024, 3, 21)
SERIAL = (DAY - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-21", "2024/03/21", "21.03.2024", "21.3.24", "21-03-2024", "3/21/2024", "21/3/2024", "03/21/24"),
        *("21 Mar 2024", "21 March 2024", "21-Mar-24", "Mar 21, 2024", "March 21, 2024", "21. March 2024"),
    ],
)
def test_dates_in_common_notations(text: str) -> None:
    dates = parse_dates([text])
    assert dates is not None
    assert dates.days.tolist() == [SERIAL]
    assert not dates.ambiguous
    for time, share in {
        " 12:00": 0.5,
        "T18:00:00": 0.75,
        " 06:00:00.000Z": 0.25,
        " 6:00 PM": 0.75,
        " 12:00 am": 0,
    }.items():
        timed = parse_dates([text + time])
        assert timed is not None
        assert timed.days.tolist() == [SERIAL + share]


@pytest.mark.parametrize(
    "texts", [["2024-13-01"], ["2024-03-21", "21.03.2024"], ["yes 1"], ["2024-03-21 25:00"], ["1.2"]]
)
def test_texts_that_are_not_dates(texts: list[str]) -> None:
    assert parse_dates(texts) is None


def test_day_and_month_can_be_swapped() -> None:
    by_habit, day_first = parse_dates(["3/4/2024", "5/6/2024"]), parse_dates(["3/4/2024"], month_first=False)
    assert by_habit is not None
    assert day_first is not None
    assert by_habit.ambiguous
    assert by_habit.days[0] == (dt.date(2024, 3, 4) - dt.date(1970, 1, 1)).days
    assert day_first.days[0] == (dt.date(2024, 4, 3) - dt.date(1970, 1, 1)).days


DATED = "day,a,y\n" + "".join(f"{row + 1}.0{row % 3 + 1}.2024,{row},{row % 2}\n" for row in range(9))


def test_dates_are_inputs_on_request_as_days_or_parts(write: Write) -> None:
    path = write(DATED)
    preview = preview_table(path)
    assert (preview.columns[0].kind, preview.columns[0].summary) == ("date", "2024-01-01 to 2024-03-09")
    assert preview.suggested_inputs == ("a",)
    days = read(path, inputs=("day",))
    assert days.input_names == ("day (days)",)
    assert days.inputs[0, 0] == (dt.date(2024, 1, 1) - dt.date(1970, 1, 1)).days
    parts = read(path, inputs=("day",), columns=(ColumnSettings(name="day", parts=("month", "weekday", "year")),))
    assert parts.input_names == ("day (month)", "day (weekday)", "day (year)")
    expected = [dt.date(2024, row % 3 + 1, row + 1) for row in range(9)]
    assert parts.inputs.tolist() == [[day.month, day.isoweekday(), day.year] for day in expected]
    texts = read(path, inputs=("day",), columns=(ColumnSettings(name="day", kind="categories"),))
    assert texts.inputs.shape == (9, 9)


@pytest.mark.parametrize("mark", ["-", "--", ".", "#N/A", "missing", "n.a.", "–"])
def test_marks_of_missing_values_among_numbers(write: Write, mark: str) -> None:
    raw = read(write("a,y\n" + "".join(f"{mark if row == 3 else row * 1.5},{row % 2}\n" for row in range(12))))
    assert raw.input_names == ("a",)
    assert raw.table is not None
    assert [row.line for row in raw.table.dropped] == [5]


def test_a_mark_among_texts_stays_a_category(write: Write) -> None:
    raw = read(write("a,y\nred,0\n-,1\nred,1\n-,0\n"))
    assert raw.input_names == ("a=-", "a=red")
    chosen = read(write("a,y\nred,0\n-,1\nred,1\n-,0\nblue,1\n"), columns=(ColumnSettings(name="a", missing=("-",)),))
    assert chosen.input_names == ("a=blue", "a=red")


def test_a_number_that_may_be_a_code_for_missing_values_is_suggested(write: Write) -> None:
    content = "a,y\n" + "".join(f"{-999 if row in (2, 5) else row},{row % 2}\n" for row in range(12))
    column = preview_table(write(content)).columns[0]
    assert column.suspect == ("-999", 2)
    assert column.missing == 0, "offered, not assumed"
    chosen = read(write(content), columns=(ColumnSettings(name="a", missing=("-999",)),))
    assert chosen.inputs.min() == 0
    assert chosen.samples == 10


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([1, 2, 3, 999], 999),
        ([-20, 35, -9999], -9999),
        ([10, 70, 99], None),
        ([900, 950, 999], None),
        ([1, 2, 3], None),
        ([999, 999, 999], None),
    ],
)
def test_only_numbers_far_from_the_others_are_suspected(values: list[float], code: float | None) -> None:
    found = suspected_code(np.array(values, dtype=np.float64))
    assert (None if found is None else found[0]) == code


def test_the_kind_of_a_column_can_be_chosen(write: Write) -> None:
    path = write("rank,y\n+1,0\n+2,1\n+1,1\n+2,0\n")
    assert read(path).input_names == ("rank",)
    chosen = read(path, columns=(ColumnSettings(name="rank", kind="categories"),))
    assert chosen.input_names == ("rank=+1", "rank=+2"), "the texts are kept as they are"
    slips = write("a,y\n" + "".join(f"{row * 1.5},{row % 2}\n" for row in range(30)) + "1o,1\n")
    with pytest.raises(TableError, match='"1o" is not a number'):
        read(slips)
    raw = read(slips, columns=(ColumnSettings(name="a", kind="number"),))
    assert raw.table is not None
    assert [row.line for row in raw.table.dropped] == [32], "a cell that is not a number is missing"


def test_dates_chosen_for_a_column_of_numbers_leave_it_as_text(write: Write) -> None:
    path = write("a,y\n" + "".join(f"{row * 1.5},{row % 2}\n" for row in range(12)))
    preview = preview_table(
        path, TableSource(csv=str(path), target="y", columns=(ColumnSettings(name="a", kind="date"),))
    )
    assert preview.columns[0].kind == "text"


@pytest.mark.parametrize("texts", [["12 kg", "3,5 kg", "x"], ["(1)", "Jan", "$3"], ["-", "$5", "1-2"]])
def test_possible_numbers_are_recognized_from_single_cells(texts: list[str]) -> None:
    known = ~np.isnan(np.array([parse_numbers([text], ",").values[0] for text in texts]))
    counts = np.array([5, 3, 2])
    share = counts[known].sum() / counts.sum()
    assert may_be_numbers(texts, counts, share)
    assert not may_be_numbers(texts, counts, share + 0.01)
    assert parse_if_numbers(texts, ",") is None


def test_numbers_of_different_units_are_not_all_numbers() -> None:
    assert may_be_numbers(["5 kg", "6 kg", "7 g"], np.array([1, 1, 1]), 1.0)
    assert parse_if_numbers(["5 kg", "6 kg", "7 g"], ".") is None


_SIGNS = st.sampled_from(["", "-", "+", "$", "€ ", "(", "−"])
_UNITS = st.sampled_from(["", " kg", "%", ")", ".-", "e3", "*", "[a]", "'"])
_DIGITS = st.sampled_from(
    ["1", "0", "007", "12.5", "1.", ".5", "1,5", "1.234", "1,234", "1.2.3", "12\n3", "1e3", "٣", " 4", ""]
)


@given(
    _SIGNS, _UNITS, st.lists(_DIGITS, min_size=1, max_size=6), st.lists(st.tuples(_SIGNS, _UNITS, _DIGITS), max_size=1)
)
def test_numbers_of_the_same_form_are_read_as_all_others(
    sign: str, unit: str, digits: list[str], other: list[tuple[str, str, str]]
) -> None:
    texts = [f"{sign}{each}{unit}" for each in digits] + [f"{one}{each}{two}" for one, two, each in other]
    found, expected = parse_if_numbers(texts, "."), parse_numbers(texts, ".")
    if found is None:
        assert np.isnan(expected.values).any()
    else:
        assert found.values.tolist() == expected.values.tolist()
        assert found.unit == expected.unit


def test_the_first_line_of_a_cell_is_no_number(write: Write) -> None:
    rows = "".join(f'"${row}.5\n3",{row % 2}\n' for row in range(6))
    assert preview_table(write("a,y\n" + rows)).columns[0].kind == "text"
