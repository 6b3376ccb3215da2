"""Drawn points as CSV: round trips, and errors that name the line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.drawn_csv import from_csv, to_csv
from core.data.drawn_points import reject_bad_points
from core.data.settings import MAX_POINTS, DrawnSource
from core.errors import PlaygroundError

numbers = st.floats(-1e6, 1e6)
labels = st.integers(-4, 4).map(float)


@given(st.lists(st.tuples(numbers, numbers, labels), max_size=20).map(tuple))
def test_classes_round_trip(points: tuple[tuple[float, ...], ...]) -> None:
    source = DrawnSource(points=points)
    text = to_csv(source)
    assert from_csv(text) == source
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["x1", "x2", "label"]
    assert [tuple(map(float, row)) for row in rows[1:]] == list(points)


@given(st.lists(st.tuples(numbers, numbers), max_size=20).map(tuple))
def test_a_curve_round_trips(points: tuple[tuple[float, ...], ...]) -> None:
    source = DrawnSource(points=points, task="regression", inputs=1)
    assert from_csv(to_csv(source)) == source


def test_names_of_inputs_are_kept() -> None:
    source = DrawnSource(points=((1.5, 2, 1),), input_names=('height, "cm"', "weight"))
    assert from_csv(to_csv(source)) == source


def test_blank_lines_and_a_byte_order_mark_are_ignored() -> None:
    assert from_csv("\ufeffx1,x2,label\r\n\r\n1,2,1\r\n").points == ((1.0, 2.0, 1.0),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: expected a header such as x1,x2,label, got nothing"),
        ("a,b\n1,2", "line 1: expected the columns x1,x2,label or x1,target"),
        ("x1,x2,x3,label\n", "line 1: expected the columns"),
        ("x1,x2,label\n1,2,1\n1,2\n", "line 3: expected 3 values, got 2"),
        ("x1,x2,label\n1,two,1\n", "line 2, x2: expected a number, got “two”"),
        ("x1,x2,label\n1,nan,1\n", "line 2, x2: expected a number from −1000000 to 1000000, got nan"),
        ("x1,x2,label\n1,2,1.5\n", "line 2, label: expected a class from −99 to 99 as a whole number, got 1.5"),
        ("x1,label\n" + "\n".join(f"0,{label}" for label in range(10)), "at most 9 classes in the column label"),
        ("x1,target\n" + "0,0\n" * (MAX_POINTS + 1), f"line {MAX_POINTS + 2}: expected at most {MAX_POINTS} points"),
    ],
)
def test_errors(text: str, said: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        from_csv(text)
    assert said in str(caught.value)


@given(st.text(alphabet='x1,label"\n.e-2', max_size=60))
def test_any_text_gives_valid_points_or_an_error(text: str) -> None:
    try:
        source = from_csv(text)
    except PlaygroundError:
        return
    reject_bad_points(source, "$")
