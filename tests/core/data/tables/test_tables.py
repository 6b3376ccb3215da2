"""Reading of users' tables: values, inferred settings, and errors."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.data.loading import load
from core.data.prepared_data import prepare
from core.data.raw_data import DroppedRow, Encoding, RawData
from core.data.tables.tables import TablePreview, preview_table
from core.errors import TableError
from core.experiment import DataSettings, TableSource
from tests.core.data.support import Write, read

# Each example uses its own file, because several may be written within one tick of the file system's time stamp.
NUMBERS = itertools.count()


def report(raw: RawData) -> tuple[DroppedRow, ...]:
    assert raw.table is not None
    return raw.table.dropped


PLAIN = "a,b,y\n1.5,x,0\n2,z,1\n-3e2,x,1\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", " , "),
        PLAIN.replace("x", '"x"').replace("a,b", '"a","b"'),
        "\n \n" + PLAIN.replace("\n", "\n\n"),
        PLAIN.removesuffix("\n"),
        PLAIN.encode("utf-16"),
    ],
    ids=[
        *("plain", "byte-order mark", "CRLF", "CR", "semicolons", "decimal commas", "tabs"),
        *("padded", "quoted", "blank lines", "no last line end", "UTF-16"),
    ],
)
def test_one_table_in_many_text_formats(write: Write, content: str | bytes) -> None:
    raw = read(write(content))
    assert raw.input_names == ("a", "b=x", "b=z")
    assert raw.inputs.tolist() == [[1.5, 1, 0], [2, 0, 1], [-300, 1, 0]]
    assert raw.target.tolist() == [0, 1, 1]
    assert (raw.task, raw.class_names) == ("classification", ("0", "1"))
    assert raw.indicators is not None
    assert raw.indicators.tolist() == [False, True, True]
    assert raw.table is not None
    assert raw.table.encodings == (Encoding("b", ("x", "z")),)
    assert report(raw) == ()
    assert raw.table.dropped_sentence() == ""


def test_numbers_are_read_to_the_last_digit(write: Write) -> None:
    values = np.random.default_rng(2).normal(size=300) * 10.0 ** np.random.default_rng(3).integers(-30, 30, 300)
    raw = read(write("a,y\n" + "".join(f"{value!r},{row}\n" for row, value in enumerate(values.tolist()))))
    assert np.array_equal(raw.inputs[:, 0], values)


def test_western_european_letters(write: Write) -> None:
    raw = read(write("größe,y\n1,ä\n2,ö\n3,ä\n".encode("latin-1")))
    assert (raw.input_names, raw.class_names) == (("größe",), ("ä", "ö"))


@pytest.mark.parametrize("cell", ["", "NA", "N/A", "nan", "NaN", "null", "NULL", "?", "inf", "-inf", " NA "])
def test_missing_values_leave_their_row_out_and_are_reported(write: Write, cell: str) -> None:
    raw = read(write(f"a,b,y\n1,2,5.5\n{cell},2,6.5\n3,7,{cell}\n{cell},4,{cell}\n4,8,7.25\n"))
    assert raw.inputs.tolist() == [[1, 2], [4, 8]]
    assert raw.target.tolist() == [5.5, 7.25]
    assert report(raw) == (DroppedRow(3, ("a",)), DroppedRow(4, ("y",)), DroppedRow(5, ("y", "a")))
    assert raw.table is not None
    assert raw.table.dropped_sentence() == "3 of 5 rows left out for missing values (lines 3, 4, 5)."
    assert raw.table.dropped_sentence(shown=1) == "3 of 5 rows left out for missing values (lines 3 and 2 more)."


def test_line_numbers_survive_blank_lines_and_line_ends_in_quotes(write: Write) -> None:
    raw = read(write('\na,b,y\n1,"two\nlines",0\n\n  \n,q,1\n2,"two\nlines",1\n?,q,0\n3,q,0\n'))
    assert [row.line for row in report(raw)] == [7, 10]
    assert raw.input_names == ("a", "b=q", "b=two\nlines")


def test_missing_values_in_unused_columns_do_not_drop_rows(write: Write) -> None:
    raw = read(write("a,b,y\n1,,0\n2,,1\n3,4,1\n"), inputs=("a",))
    assert raw.samples == 3
    assert report(raw) == ()


def test_text_becomes_one_input_for_each_category_in_sorted_order(write: Write) -> None:
    raw = read(write("colour,y\nred,1\ngreen,2\nblue,3\nred,4.5\n"))
    assert raw.input_names == ("colour=blue", "colour=green", "colour=red")
    assert raw.inputs.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_categories_of_dropped_rows_are_removed(write: Write) -> None:
    raw = read(write("colour,y\nred,1\ngreen,\nblue,3\nred,4.5\n"))
    assert raw.input_names == ("colour=blue", "colour=red")


def test_truth_values_become_zero_and_one(write: Write) -> None:
    raw = read(write("a,b,y\nTrue,TRUE,false\nFalse,,true\nTrue,false,true\n"))
    assert raw.inputs.tolist() == [[1, 1], [1, 0]]
    assert raw.class_names == ("false", "true")
    assert raw.target.tolist() == [0, 1]
    assert raw.indicators is not None
    assert raw.indicators.tolist() == [True, True]


def test_very_large_whole_numbers(write: Write) -> None:
    raw = read(write("a,b,y\n123456789012345678901234567890,1,0\n18446744073709551615,2,1\n"))
    assert raw.inputs[:, 0] == pytest.approx([1.2345678901234568e29, 1.8446744073709552e19], rel=1e-15)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('a,y\n"1,234",0\n"2,000,000.5",1\n17,1\n', [1234, 2000000.5, 17]),
        ("a;y\n1.234;0\n2.000.000,5;1\n0,25;1\n", [1234, 2000000.5, 0.25]),
        ("a;y\n1,234;0\n2,5;1\n4;1\n", [1.234, 2.5, 4]),
        ("a\ty\n1,234\t0\n12,000\t1\n4\t1\n", [1234, 12000, 4]),
        ("a;y\n1,5 ;0\n NA ;1\n2,5;1\n", [1.5, 2.5]),
    ],
)
def test_grouped_thousands_and_decimal_commas(write: Write, content: str, expected: list[float]) -> None:
    assert read(write(content)).inputs[:, 0].tolist() == expected


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["a", "b"] * 5, "classification", ("a", "b")),
        (["0", "1"], "classification", ("0", "1")),
        (["-1", "1", "1"], "classification", ("-1", "1")),
        (["3", "1", "2"] * 3, "classification", ("1", "2", "3")),
        (["3", "1", "2"] * 2 + ["4"], "regression", ()),
        ([str(number) for number in range(10)] * 3, "classification", tuple(map(str, range(10)))),
        ([str(number) for number in range(11)] * 9, "regression", ()),
        (["0.5", "1"] * 9, "regression", ()),
    ],
)
def test_the_task_is_inferred(write: Write, values: list[str], task: str, classes: tuple[str, ...]) -> None:
    path = write("a,y\n" + "".join(f"{row * row},{value}\n" for row, value in enumerate(values)))
    raw = read(path)
    assert (raw.task, raw.class_names) == (task, classes)
    preview = preview_table(path)
    assert preview.suggested_task == task
    assert raw.table is not None
    assert preview.task_reason == raw.table.task_reason
    assert preview.task_reason.endswith("classes." if task == "classification" else "a number to predict.")


def test_the_inferred_task_can_be_overridden(write: Write) -> None:
    path = write("a,y\n5,0\n6,1\n8,0.5\n")
    number = read(path, task="regression")
    assert (number.task, number.target.tolist()) == ("regression", [0, 1, 0.5])
    classes = read(path, task="classification")
    assert (classes.class_names, classes.target.tolist()) == (("0", "0.5", "1"), [0, 2, 1])


CARS = (
    ",name,colour,doors,fuel,empty,price\n"
    "0,Ada,red,4,gas,,9000\n1,Bea,blue,4,gas,,7500.5\n2,Cleo,red,4,,,8100\n3,Dot,blue,4,oil,,6000\n"
)


def test_preview(write: Write) -> None:
    preview = preview_table(write(CARS))
    assert [(each.name, each.kind, each.n_unique, each.missing) for each in preview.columns] == [
        ("column 1", "number", 4, 0),
        ("name", "text", 4, 0),
        ("colour", "text", 2, 0),
        ("doors", "constant", 1, 0),
        ("fuel", "text", 2, 1),
        ("empty", "empty", 0, 4),
        ("price", "number", 4, 0),
    ]
    assert preview.rows[1] == ("1", "Bea", "blue", "4", "gas", "", "7500.5")
    assert (preview.n_rows, preview.suggested_target, preview.suggested_task) == (4, "price", "regression")
    assert preview.suggested_inputs == ("colour", "fuel")
    assert preview.inputs_for("fuel") == ("colour", "price")
    notes = {each.name: each.note for each in preview.columns if not each.suggested}
    assert notes == {
        "column 1": "identifier, not useful as input",
        "name": "identifier, not useful as input",
        "doors": "constant",
        "empty": "empty",
    }


def test_suggested_inputs_are_the_default_inputs(write: Write) -> None:
    path = write(CARS)
    raw = read(path, target="price")
    assert raw.table is not None
    assert raw.table.columns == preview_table(path).suggested_inputs


def test_a_preview_shows_eight_rows(write: Write) -> None:
    preview = preview_table(write("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(20))))
    assert len(preview.rows) == 8
    assert preview.n_rows == 20


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("a,b,c", "c"),
        ("a,Species,c", "Species"),
        ("label,b,c", "label"),
        ("y,target,c", "target"),
        ("class,b,y", "class"),
    ],
)
def test_the_target_is_suggested(write: Write, header: str, target: str) -> None:
    preview = preview_table(write(f"{header}\n1,2,5\n3,4,6\n3,5,9\n"))
    assert preview.suggested_target == target
    assert target not in preview.suggested_inputs


def test_a_column_named_id_that_numbers_the_rows_is_not_an_input(write: Write) -> None:
    assert preview_table(write("Id,b,y\n1,2,x\n2,4,z\n3,4,z\n")).suggested_inputs == ("b",)
    assert preview_table(write("Id,b,y\n9,2,x\n2,4,z\n3,4,z\n")).suggested_inputs == ("Id", "b")


def test_a_changed_file_is_read_again(write: Write) -> None:
    assert read(write("a,y\n1,0\n2,1\n")).samples == 2
    assert read(write("a,y\n1,0\n2,1\n3,1\n")).samples == 3
    path = write("a,y\n1,0\n2,1\n")
    path.unlink()
    with pytest.raises(TableError, match="there is no such file"):
        read(path)


def test_relative_paths_are_resolved_against_the_folder_of_the_experiment(write: Write, tmp_path: Path) -> None:
    write(PLAIN)
    settings_ = DataSettings(dataset=TableSource(csv="t.csv", target="y"), test_fraction=0.0)
    raw = load(settings_, folder=tmp_path)
    assert raw.samples == 3
    data = prepare(raw, settings_, "signed")
    assert data.feature_names == ("a", "b=x", "b=z")
    assert data.x_train[:, 0].mean() == pytest.approx(0.0, abs=1e-12)
    assert data.x_train[:, 0].std() == pytest.approx(1.0)
    assert set(data.x_train[:, 1]) == {0.0, 1.0}


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=60) | st.text(alphabet='aby1.5-,;\t\n\r" N', max_size=60).map(str.encode))
@example(b"a,y\n0\r\n1,2")
def test_any_file_gives_a_table_or_an_error_message(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"fuzz{next(NUMBERS)}.csv"
    path.write_bytes(content)
    try:
        preview: TablePreview = preview_table(path)
        raw = read(path, target=preview.suggested_target)
    except TableError as error:
        problem = str(error)
    else:
        problem = ""
    if problem:
        assert f"{path.name}: " in problem
        return
    assert np.isfinite(raw.inputs).all()
    assert np.isfinite(raw.target).all()
    assert raw.samples + len(report(raw)) == preview.n_rows


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False, min_value=-1e100, max_value=1e100), st.integers(0, 3)
        ),
        min_size=12,
        max_size=30,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_numbers_round_trip(tmp_path: Path, rows: list[tuple[float, int]], delimiter: str) -> None:
    path = tmp_path / f"numbers{next(NUMBERS)}.csv"
    lines = [delimiter.join(("a", "b", "y")), *(delimiter.join((repr(a), str(b), repr(a))) for a, b in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    raw = read(path, inputs=("a", "b"), task="regression")
    assert raw.inputs.tolist() == [list(map(float, row)) for row in rows]
