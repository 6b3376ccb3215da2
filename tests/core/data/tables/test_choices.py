"""Default roles of columns, reasons for leaving columns out, and warnings."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.tables.limits import ReadCancelled
from core.data.tables.tables import preview_table, read_table
from core.experiment import TableSource
from tests.core.data.support import Write, read


def test_identifiers_names_and_free_text_are_left_out_with_the_reason(write: Write) -> None:
    rows = [
        f"k{row},n{max(row, row // 2 * 2 + 1 if row < 4 else row)},it is {row // 2} or so I think,{'pq'[row % 2]},{row},{row % 2}"
        for row in range(40)
    ]
    path = write("\n".join(["key,name,says,kind,a,y", *rows]))
    preview = preview_table(path)
    assert {column.name: column.note for column in preview.columns[:4]} == {
        "key": "identifier, not useful as input",
        "name": "names: almost unique in each row",
        "says": "free text",
        "kind": "",
    }
    assert preview.suggested_inputs == ("kind", "a")
    raw = read(path)
    assert raw.table is not None
    assert raw.table.columns == preview.suggested_inputs


def test_numbers_named_like_identifiers_are_left_out(write: Write) -> None:
    rows = "".join(f"{row + 1},{1000 + row * 7},{row * 1.5},{row % 2},{row % 5}\n" for row in range(20))
    preview = preview_table(write("PassengerId,room_id,bid,Survived,grid\n" + rows))
    assert preview.suggested_inputs == ("bid", "grid")
    assert preview.suggested_target == "Survived"
    assert {column.note for column in preview.columns[:2]} == {"identifier, not useful as input"}


def test_columns_with_few_values_are_left_out(write: Write) -> None:
    rows = "".join(f"{row},{row if row % 3 else ''},{row if row % 2 else ''},{row % 2}\n" for row in range(30))
    path = write("a,b,c,y\n" + rows)
    assert preview_table(path).suggested_inputs == ("a", "b")
    assert preview_table(path).columns[2].note == "50 % missing, which would leave out these rows"
    assert read(path).samples == 20


def test_texts_of_many_kinds_are_no_target(write: Write) -> None:
    rows = "".join(f"{row},{row * 1.5},{2000 + row // 12} M{row}\n" for row in range(60))
    assert preview_table(write("a,value,label\n" + rows)).suggested_target == "value"


def test_a_date_is_the_input_of_a_series(write: Write) -> None:
    path = write("when,price\n" + "".join(f"2023-01-{row + 1:02},{row * 1.5}\n" for row in range(20)))
    preview = preview_table(path)
    assert preview.suggested_inputs == ("when",)
    assert preview.columns[0].suggested
    assert read(path, target="price").inputs[:, 0].tolist() == [19358.0 + row for row in range(20)]


def cautions(write: Write, content: str) -> tuple[str, ...]:
    raw = read(write(content))
    assert raw.table is not None
    return raw.table.cautions


def test_a_column_that_determines_the_target_is_reported(write: Write) -> None:
    rows = range(12)
    text = cautions(write, "a,b,y\n" + "".join(f"{row},{'pq'[row % 2]},{row % 2}\n" for row in rows))
    assert text == ("Column “b” determines the target “y” in every row.",)
    number = cautions(write, "c,f,y\n" + "".join(f"{row**2},{row * 1.8 + 32},{row}\n" for row in rows))
    assert number == ("Column “f” determines the target “y” in every row.",)
    assert cautions(write, "a,y\n" + "".join(f"{row**2},{row}\n" for row in rows)) == ()


def test_classes_with_one_sample_are_reported(write: Write) -> None:
    said = cautions(write, "a,y\n1,p\n2,p\n3,q\n9,q\n5,r\n")
    assert said == ("Class “r” has only one sample, which is in either the training or the test set.",)


def test_the_rarest_classes_are_merged(write: Write) -> None:
    rows = [name for number in range(60) for name in [f"c{number:02}"] * (number + 1)]
    path = write("a,y\n" + "".join(f"{row},{name}\n" for row, name in enumerate(rows)))
    raw = read(path, max_classes=4)
    assert raw.class_names == ("c57", "c58", "c59", "other")
    assert np.bincount(raw.class_indices).tolist() == [58, 59, 60, 57 * 58 // 2]
    assert raw.table is not None
    assert raw.table.task_reason.endswith("The 57 rarest classes are merged into “other”.")


def test_columns_beyond_the_limit_are_left_out_by_default(write: Write) -> None:
    header = ",".join(f"c{number}" for number in range(1005))
    rows = [",".join([*(str(row * (number % 6 + 1)) for number in range(1005)), str(row % 2)]) for row in range(7)]
    path = write("\n".join([f"{header},y", *rows]))
    preview = preview_table(path)
    assert len(preview.suggested_inputs) == 1000
    assert read(path).inputs.shape == (7, 1000)


def test_reading_reports_its_progress_and_can_be_cancelled(write: Write) -> None:
    path = write("a,b,y\n" + "".join(f"{row},t{row % 3},{row % 2}\n" for row in range(50_000)))
    calls: list[float] = []

    def listen(done: int, every: int) -> bool:
        calls.append(done / every)
        return True

    read_table(TableSource(csv=str(path), target="y"), advance=listen)
    assert calls == sorted(calls)
    assert calls[-1] == 1
    assert len(calls) > 5
    asked: list[float] = []

    def give_up(done: int, every: int) -> bool:
        asked.append(done / every)
        return len(asked) < 3

    with pytest.raises(ReadCancelled):
        read_table(TableSource(csv=str(path), target="y", header=True), advance=give_up)
    assert len(asked) == 3, "nothing goes on after that"


@pytest.mark.parametrize("unit", [1.0, 1e97, 1e-200])
def test_a_related_column_is_found_in_any_unit(write: Write, unit: float) -> None:
    rows = range(20)
    related = cautions(write, "f,y\n" + "".join(f"{(row * 1.8 + 32) * unit!r},{row}\n" for row in rows))
    assert related == ("Column “f” determines the target “y” in every row.",)
    assert cautions(write, "a,y\n" + "".join(f"{row**2 * unit!r},{row}\n" for row in rows)) == ()
