from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QSpinBox,
    QTableWidget,
)
from pytestqt.qtbot import QtBot

from core.data.tables.tables import read_table
from core.experiment import ColumnSettings, TableSource
from playground.panels.table.column_model import Field
from playground.panels.table.column_table import ColumnTable
from playground.panels.table.dialog import TableDialog
from playground.style.numbers import thousands
from tests.core.data.tables.workbooks import xlsx
from tests.playground.panels.support import STYLE, choose, combo

TABLE = """id,size,colour,weight,grade
1,1.5,red,3,A
2,,blue,4,B
3,4.5,red,5,A
4,6.0,green,6,B
5,7.5,blue,7,A
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small table with a missing value in line 3."""
    path = tmp_path / "own.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def opened(path: Path, qtbot: QtBot, source: TableSource | None = None) -> TableDialog:
    """Return the dialog once it has read ``path`` and checked the default choice."""
    dialog = TableDialog(path, STYLE, source=source)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: ok(dialog).isEnabled() or label(dialog, "tableProblem").isVisibleTo(dialog))
    return dialog


def ok(dialog: TableDialog) -> QPushButton:
    box = dialog.findChild(QDialogButtonBox)
    assert box is not None
    return box.button(QDialogButtonBox.StandardButton.Ok)


def label(dialog: TableDialog, name: str) -> QLabel:
    found = dialog.findChild(QLabel, name)
    assert found is not None, name
    return found


def columns(dialog: TableDialog) -> ColumnTable:
    found = dialog.findChild(ColumnTable)
    assert found is not None
    return found


def check(dialog: TableDialog, name: str, *, on: bool) -> None:
    model = columns(dialog).columns
    state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
    assert model.setData(model.index(model.row_of(name), Field.NAME), state.value, Qt.ItemDataRole.CheckStateRole)


def cells_of(dialog: TableDialog, name: str) -> list[str]:
    """Return the cells of the column called ``name``."""
    model = columns(dialog).columns
    row = model.row_of(name)
    return [str(model.index(row, field).data()) for field in Field]


def pick(dialog: TableDialog, qtbot: QtBot, name: str, field: Field, text: str) -> None:
    """Select ``text`` in a cell with mouse and keyboard."""
    table, model = columns(dialog), columns(dialog).columns
    index = model.index(model.row_of(name), field)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    menu = table.findChild(QComboBox, "cellChoice")
    assert menu is not None
    row = menu.findText(text)
    if row >= 0:
        menu.setCurrentIndex(row)
        menu.activated.emit(row)
    else:
        menu.setEditText(text)
        QTest.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.findChild(QComboBox, "cellChoice") is None)


def test_the_default_choice_can_be_accepted(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    assert dialog.source() == TableSource(csv=str(table), target="grade")
    assert columns(dialog).inputs == ("size", "colour", "weight")
    result = label(dialog, "tableResult").text()
    assert "1 of 5 rows left out for missing values (line 3)." in result
    assert "4 samples, 5 inputs, 2 classes to predict." in result
    assert "text" in label(dialog, "taskReason").text()
    with qtbot.waitSignal(dialog.accepted):
        ok(dialog).click()


def test_the_first_rows_and_columns_are_shown(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    preview = dialog.findChild(QTableWidget, "previewTable")
    assert preview is not None
    assert (preview.rowCount(), preview.columnCount()) == (5, 5)
    cell = preview.item(1, 2)
    assert cell is not None
    assert cell.text() == "blue"
    assert cells_of(dialog, "size") == ["size", "input", "number", "1.5 to 7.5", "1", ""]
    assert cells_of(dialog, "id")[1:] == ["left out", "number", "1 to 5", "–", "identifier, not useful as input"]
    assert cells_of(dialog, "grade")[1:4] == ["target", "categories", "A, B"]


def test_another_target_changes_inputs_and_task(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    target = combo(dialog, "targetCombo")
    target.setCurrentText("size")
    assert columns(dialog).inputs == ("colour", "weight", "grade")
    qtbot.waitUntil(ok(dialog).isEnabled)
    choose(combo(dialog, "taskCombo"), "regression")
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert "a number to predict" in label(dialog, "tableResult").text()
    assert dialog.source() == TableSource(csv=str(table), target="size", task="regression")
    assert not label(dialog, "taskReason").isVisibleTo(dialog)


def test_inputs_can_be_deselected(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    check(dialog, "size", on=False)
    assert not ok(dialog).isEnabled(), "the new choice must be checked first"
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert dialog.source() == TableSource(csv=str(table), target="grade", inputs=("colour", "weight"))
    assert "left out" not in label(dialog, "tableResult").text()
    for name in ("colour", "weight"):
        check(dialog, name, on=False)
    assert label(dialog, "tableProblem").text() == "Choose at least one input."
    assert not ok(dialog).isEnabled()


def test_an_invalid_choice_is_explained(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    choose(combo(dialog, "taskCombo"), "regression")
    qtbot.waitUntil(lambda: label(dialog, "tableProblem").isVisibleTo(dialog))
    assert "grade" in label(dialog, "tableProblem").text()
    assert not ok(dialog).isEnabled()
    choose(combo(dialog, "taskCombo"), "auto")
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert not label(dialog, "tableProblem").isVisibleTo(dialog)


def test_a_previous_choice_is_restored(table: Path, qtbot: QtBot) -> None:
    before = TableSource(csv=str(table), target="colour", inputs=("weight",), task="classification")
    dialog = opened(table, qtbot, before)
    assert dialog.source() == before


def test_a_previous_choice_of_another_table_is_ignored(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot, TableSource(csv=str(table), target="gone"))
    assert dialog.source() == TableSource(csv=str(table), target="grade")


@pytest.mark.parametrize(
    ("text", "words"), [("", "empty"), ("a,b\n1,2\n3\n", "line 3"), ("\0\1\2", "binary"), (None, "no such file")]
)
def test_a_file_that_is_not_a_table_is_rejected_in_the_dialog(
    tmp_path: Path, qtbot: QtBot, text: str | None, words: str
) -> None:
    path = tmp_path / "broken.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    dialog = opened(path, qtbot)
    assert words in label(dialog, "tableProblem").text()
    assert not ok(dialog).isEnabled()
    assert dialog.source() is None
    assert not combo(dialog, "targetCombo").isEnabled()
    assert not columns(dialog).isEnabled()


def test_closing_while_reading_cancels(table: Path, qtbot: QtBot) -> None:
    dialog = TableDialog(table, STYLE)
    qtbot.addWidget(dialog)
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog._reader.is_reading)
    qtbot.wait(50)
    assert not dialog._reader.is_reading, "late results start nothing"
    assert not dialog._progress_timer.isActive()


def test_role_kind_and_missing_values_are_changed_in_their_cells(table: Path, qtbot: QtBot) -> None:
    table.write_text(
        "id,zip,size,y\n" + "".join(f"{i},0{i % 3},{-999 if i == 4 else i * 1.5},{i % 2}\n" for i in range(12))
    )
    dialog = opened(table, qtbot)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert cells_of(dialog, "size")[5].startswith("-999 occurs 1 time")
    pick(dialog, qtbot, "zip", Field.KIND, "categories")
    qtbot.waitUntil(lambda: cells_of(dialog, "zip")[2:4] == ["categories", "00, 01, 02"])
    pick(dialog, qtbot, "size", Field.MISSING, "-999")
    qtbot.waitUntil(lambda: cells_of(dialog, "size")[3:5] == ["0 to 16.5", "1 (-999)"])
    pick(dialog, qtbot, "id", Field.ROLE, "input")
    assert columns(dialog).inputs == ("id", "zip", "size")
    qtbot.waitUntil(ok(dialog).isEnabled)
    chosen = dialog.source()
    assert chosen is not None
    assert chosen.columns == (
        ColumnSettings(name="zip", kind="categories"),
        ColumnSettings(name="size", missing=("-999",)),
    )
    assert chosen.inputs == ("id", "zip", "size")
    pick(dialog, qtbot, "size", Field.ROLE, "target")
    assert combo(dialog, "targetCombo").currentText() == "size"
    again = opened(table, qtbot, chosen)
    assert again.source() == chosen, "a saved choice is restored unchanged"


def test_a_date_can_be_reduced_to_a_part(table: Path, qtbot: QtBot) -> None:
    table.write_text("day,a,y\n" + "".join(f"2024-0{i + 1}-11,{i},{i % 2}\n" for i in range(9)))
    dialog = opened(table, qtbot)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert cells_of(dialog, "day")[1:4] == ["left out", "date", "2024-01-11 to 2024-09-11"]
    pick(dialog, qtbot, "day", Field.KIND, "date: month")
    check(dialog, "day", on=True)
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert cells_of(dialog, "day")[2] == "date: month"
    chosen = dialog.source()
    assert chosen is not None
    assert read_table(chosen).input_names == ("day (month)", "a")


def test_columns_without_a_header_get_names(table: Path, qtbot: QtBot) -> None:
    table.write_text("5.1,3.5,setosa\n4.9,3.0,setosa\n4.7,3.2,virginica\n5.0,3.1,virginica\n")
    dialog = opened(table, qtbot)
    chosen = dialog.source()
    assert chosen is not None
    assert (chosen.header, chosen.target) == (False, "x3")
    box = dialog.findChild(QCheckBox, "headerBox")
    assert box is not None
    assert not box.isChecked()
    box.click()
    qtbot.waitUntil(lambda: columns(dialog).columns.rowCount() > 0 and columns(dialog).columns.name(0) == "5.1")
    qtbot.waitUntil(lambda: dialog.source() is not None and dialog.source().header is True)  # type: ignore[union-attr]


def test_reading_options_can_be_chosen(table: Path, qtbot: QtBot) -> None:
    table.write_bytes("a;y\n1,5;Привет\n2,5;мир\n4;мир\n".encode("cp1251"))
    dialog = opened(table, qtbot)
    choose(combo(dialog, "encodingCombo"), "windows-1251")
    qtbot.waitUntil(lambda: dialog.source() is not None and cells_of(dialog, "y")[3] == "Привет, мир")
    choose(combo(dialog, "decimalCombo"), ".")
    qtbot.waitUntil(lambda: dialog.source() is not None and cells_of(dialog, "a")[3] == "1.5 to 4")
    choose(combo(dialog, "delimiterCombo"), ",")
    qtbot.waitUntil(lambda: label(dialog, "tableProblem").isVisibleTo(dialog))
    choose(combo(dialog, "delimiterCombo"), ";")
    qtbot.waitUntil(ok(dialog).isEnabled)
    chosen = dialog.source()
    assert chosen is not None
    assert (chosen.encoding, chosen.decimal, chosen.delimiter) == ("windows-1251", ".", ";")


def test_a_sheet_can_be_chosen(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "marks.xlsx"
    path.write_bytes(xlsx({"One": [["a", "y"], [1, 0], [2, 1]], "Two": [["b", "z"], [1, 0], [2, 1], [3, 0]]}))
    dialog = opened(path, qtbot)
    assert [column.name for column in columns(dialog).columns._columns] == ["a", "y"]
    choose(combo(dialog, "sheetCombo"), "Two")
    qtbot.waitUntil(lambda: combo(dialog, "targetCombo").findText("z") >= 0 and ok(dialog).isEnabled())
    chosen = dialog.source()
    assert chosen is not None
    assert (chosen.sheet, chosen.target) == ("Two", "z")


def test_many_inputs_from_text_columns_need_confirmation(table: Path, qtbot: QtBot) -> None:
    rows = "".join(f"p{i % 30},q{i % 40},{i},{i % 2}\n" for i in range(240))
    table.write_text("p,q,a,y\n" + rows)
    dialog = opened(table, qtbot)
    assert "70 inputs" in label(dialog, "tableProblem").text()
    assert not ok(dialog).isEnabled()
    box = dialog.findChild(QCheckBox, "manyInputs")
    assert box is not None
    box.click()
    qtbot.waitUntil(ok(dialog).isEnabled)
    box.click()
    check(dialog, "q", on=False)
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert not box.isVisibleTo(dialog)


def test_a_long_table_offers_a_sample(table: Path, qtbot: QtBot) -> None:
    table.write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(100_200)))
    dialog = opened(table, qtbot)
    rows = dialog.findChild(QSpinBox, "sampleRows")
    assert rows is not None
    assert rows.isVisibleTo(dialog)
    assert dialog.source() is not None
    rows.setValue(5000)
    qtbot.waitUntil(lambda: ok(dialog).isEnabled() and thousands(5000) in label(dialog, "tableResult").text())
    chosen = dialog.source()
    assert chosen is not None
    assert chosen.rows == 5000


def test_the_rarest_classes_are_merged_on_request(table: Path, qtbot: QtBot) -> None:
    table.write_text("a,y\n" + "".join(f"{i},c{i % 60}\n" for i in range(300)))
    dialog = opened(table, qtbot)
    assert "at most 50 can be classes" in label(dialog, "tableProblem").text()
    count = dialog.findChild(QSpinBox, "maxClasses")
    assert count is not None
    assert count.isVisibleTo(dialog)
    count.setValue(5)
    qtbot.waitUntil(ok(dialog).isEnabled)
    chosen = dialog.source()
    assert chosen is not None
    assert chosen.max_classes == 5


def test_warnings_are_shown_before_the_data_are_used(table: Path, qtbot: QtBot) -> None:
    table.write_text("a,b,y\n" + "".join(f"{i},{'pq'[i % 2]},{i % 2}\n" for i in range(12)))
    dialog = opened(table, qtbot)
    assert "“b” determines the target “y”" in label(dialog, "tableCautions").text()
    assert "The split is stratified." in label(dialog, "tableResult").text()


def test_cancelling_stops_reading_a_long_header(table: Path, qtbot: QtBot) -> None:
    table.write_bytes(b"," * 20_000_000 + b"\n1,2\n")
    dialog = TableDialog(table, STYLE)
    qtbot.addWidget(dialog)
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog._reader.is_reading, timeout=20_000)


UNUSUAL = (
    "zip,start,lead,kind,y\n"
    + "01234,08:30,<0.5,'a',1.5M\n10001,9:15 PM,0.75,'b',250K\n90210,23:59,1.25,'c, d',2M\n02139,00:15,12.5,'a',90K\n"
    * 3
)
GROUPS = ",Size,,Weight,\nspecies,min,max,min,max\n" + "".join(
    f"{'ab'[row % 2]},{row},{row + 3},{row * 0.5},{row * 1.5}\n" for row in range(9)
)


@pytest.mark.parametrize("text", [UNUSUAL, GROUPS, "2023-01-01,1.5,a\n2023-01-02,2.5,b\n2023-01-03,4,a\n" * 4])
def test_a_saved_choice_reads_an_unusual_table_in_the_same_way(text: str, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "unusual.csv"
    path.write_text(text, encoding="utf-8")
    first = opened(path, qtbot).source()
    assert first is not None
    saved = msgspec.json.decode(msgspec.json.encode(first), type=TableSource)
    again = opened(path, qtbot, saved).source()
    assert again == first
    before, after = read_table(first), read_table(saved)
    assert (before.input_names, before.class_names, before.table) == (after.input_names, after.class_names, after.table)
    assert np.array_equal(before.inputs, after.inputs)


def test_the_dialog_says_how_unusual_cells_were_read_and_lets_it_be_changed(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "unusual.csv"
    path.write_text(UNUSUAL, encoding="utf-8")
    dialog = opened(path, qtbot)
    model = columns(dialog).columns
    notes = [model.data(model.index(row, Field.NOTE)) for row in range(5)]
    assert notes == [
        "codes with leading zeros: becomes 4 inputs, one for each category",
        "times of day, in hours",
        "3 cells such as “<0.5” are read without the sign",
        "becomes 3 inputs, one for each category",
        "K is × 1e3 and M is × 1e6",
    ]
    model.choose(0, Field.KIND, "number")
    qtbot.waitUntil(lambda: ok(dialog).isEnabled())
    qtbot.waitUntil(lambda: model.data(model.index(0, Field.VALUES)) == "1234 to 90210")
    source = dialog.source()
    assert source is not None
    assert source.columns == (ColumnSettings(name="zip", kind="number"),)
