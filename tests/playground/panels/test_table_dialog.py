from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QLabel, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from core.experiment import TableSource
from playground.panels.column_table import ColumnTable
from playground.panels.table_dialog import TableDialog
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
    """A small table with a gap in line 3."""
    path = tmp_path / "own.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def opened(path: Path, qtbot: QtBot, source: TableSource | None = None) -> TableDialog:
    """Return the dialog once it has read ``path`` and judged its proposal."""
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
    item = columns(dialog).findItems(name, Qt.MatchFlag.MatchExactly)[0]
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def test_the_proposal_can_be_taken_as_it_is(table: Path, qtbot: QtBot) -> None:
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
    rows = columns(dialog)
    assert [rows.item(1, place).text() for place in range(4)] == ["size", "number", "4", "1"]  # type: ignore[union-attr]
    assert rows.item(0, 4).text() == "identifier, not useful as input"  # type: ignore[union-attr]


def test_another_target_brings_its_inputs_and_task(table: Path, qtbot: QtBot) -> None:
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


def test_inputs_are_chosen_one_by_one(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    check(dialog, "size", on=False)
    assert not ok(dialog).isEnabled(), "the new choice is judged first"
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert dialog.source() == TableSource(csv=str(table), target="grade", inputs=("colour", "weight"))
    assert "left out" not in label(dialog, "tableResult").text()
    for name in ("colour", "weight"):
        check(dialog, name, on=False)
    assert label(dialog, "tableProblem").text() == "Choose at least one input."
    assert not ok(dialog).isEnabled()


def test_a_choice_that_cannot_work_says_why(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot)
    choose(combo(dialog, "taskCombo"), "regression")
    qtbot.waitUntil(lambda: label(dialog, "tableProblem").isVisibleTo(dialog))
    assert "grade" in label(dialog, "tableProblem").text()
    assert not ok(dialog).isEnabled()
    choose(combo(dialog, "taskCombo"), "auto")
    qtbot.waitUntil(ok(dialog).isEnabled)
    assert not label(dialog, "tableProblem").isVisibleTo(dialog)


def test_a_former_choice_comes_back(table: Path, qtbot: QtBot) -> None:
    before = TableSource(csv=str(table), target="colour", inputs=("weight",), task="classification")
    dialog = opened(table, qtbot, before)
    assert dialog.source() == before


def test_a_former_choice_of_another_table_is_forgotten(table: Path, qtbot: QtBot) -> None:
    dialog = opened(table, qtbot, TableSource(csv=str(table), target="gone"))
    assert dialog.source() == TableSource(csv=str(table), target="grade")


@pytest.mark.parametrize(
    ("text", "words"), [("", "empty"), ("a,b\n1,2\n3\n", "line 3"), ("\0\1\2", "binary"), (None, "no such file")]
)
def test_a_file_that_is_no_table_is_refused_in_the_dialog(
    tmp_path: Path, qtbot: QtBot, text: str | None, words: str
) -> None:
    path = tmp_path / "broken.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    dialog = opened(path, qtbot)
    assert words in label(dialog, "tableProblem").text()
    assert not ok(dialog).isEnabled()
    assert dialog.source() is None
    assert not any(each.isEnabled() for each in dialog.findChildren(QComboBox))


def test_closing_while_it_reads_leaves_nothing(table: Path, qtbot: QtBot) -> None:
    dialog = TableDialog(table, STYLE)
    qtbot.addWidget(dialog)
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog._reader.is_reading)
    qtbot.wait(50)
    assert not dialog._reader.is_reading, "what arrives late starts nothing"
    assert not dialog._late.isActive()
