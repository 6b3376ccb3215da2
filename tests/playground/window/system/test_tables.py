"""Tables in the window: dropped, pasted from a spreadsheet, and saved with an experiment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.data.loading import load as load_data
from core.experiment import DataSettings, Experiment, TableSource
from core.experiment.experiment_file import load, save
from playground.window.main_window import MainWindow
from playground.window.system.incoming import table_in
from tests.playground.window.table_answers import answer

Opener = Callable[..., MainWindow]
CELLS = "size\tcolour\ty\n1.5\tred\tA\n2.5\tblue\tB\n3.5\tred\tA\n4.5\tblue\tB\n"


def paste(window: MainWindow, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    window.setFocus()
    QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_cells_are_pasted_from_a_spreadsheet(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    answer(take=True)
    paste(window, CELLS)
    source = window.session.experiment.data.dataset
    assert isinstance(source, TableSource)
    assert (source.target, Path(source.csv).parent) == ("y", tmp_path / "tables")
    assert window.session.experiment.data.split == "stratified"
    assert load_data(window.session.experiment.data).samples == 4
    qtbot.waitUntil(lambda: window.session.snapshot.data.table is not None)


def test_cancelled_cells_leave_nothing(open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    before = window.session.experiment
    answer(take=False)
    paste(window, CELLS)
    assert window.session.experiment == before
    assert list((tmp_path / "tables").iterdir()) == []


@pytest.mark.parametrize("text", ["", "one line\twith a tab", "two\nlines", "1\t2\n3"])
def test_other_text_on_the_clipboard_is_not_a_table(qapp: object, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    assert table_in(QGuiApplication.clipboard().mimeData()) is None


def test_names_of_pasted_cells_may_hold_line_ends(qapp: object) -> None:
    QGuiApplication.clipboard().setText('"size\n(cm)"\t"weight\n(kg)"\n1,5\t2\n2,5\t3\n')
    assert table_in(QGuiApplication.clipboard().mimeData()) is not None


def test_a_choice_of_the_split_stays_when_columns_change(open_window: Opener, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,y\n1,2,p\n3,4,q\n5,6,p\n7,8,q\n", encoding="utf-8")
    window = open_window()
    source = TableSource(csv=str(tmp_path / "t.csv"), target="y")
    assert window.files.use_table(source)
    assert window.session.experiment.data.split == "stratified"
    window.session.edit_data("Split", split="random")
    assert window.files.use_table(TableSource(csv=source.csv, target="y", inputs=("a",)))
    assert window.session.experiment.data.split == "random"


def saved(window: MainWindow, path: Path) -> str:
    assert window.files.save_to(path)
    source = load(path).data.dataset
    assert isinstance(source, TableSource)
    return source.csv


@pytest.mark.parametrize(
    ("csv", "inside", "elsewhere"),
    [
        ("d.csv", "d.csv", "{folder}/d.csv"),
        ("./sub/../d.csv", "d.csv", "{folder}/d.csv"),
        ("~/d.csv", "~/d.csv", "~/d.csv"),
        ("loop.csv", "loop.csv", "{folder}/loop.csv"),
        ("nul\0.csv", "nul\0.csv", "{folder}/nul\0.csv"),
    ],
)
def test_save_as_elsewhere_keeps_the_table_found(
    open_window: Opener, tmp_path: Path, csv: str, inside: str, elsewhere: str
) -> None:
    folder, other = tmp_path / "a", tmp_path / "b"
    folder.mkdir()
    other.mkdir()
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    file = folder / "run.json"
    save(Experiment(data=DataSettings(dataset=TableSource(csv=csv, target="y"))), file)
    window = open_window()
    window.session.replace_all(load(file), file)
    assert saved(window, folder / "again.json") == inside
    assert saved(window, other / "run.json") == elsewhere.format(folder=folder)


def test_a_file_name_that_cannot_be_written_is_reported(open_window: Opener, tmp_path: Path) -> None:
    window = open_window()
    said: list[tuple[str, str]] = []
    window.session.message.connect(lambda text, kind: said.append((text, kind)))
    assert not window.files.save_to(tmp_path / "nul\0.json")
    assert said[-1][1] == "error"
    assert "cannot be written" in said[-1][0]
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert not window.files.save_to(tmp_path / "loop" / "run.json")
    assert said[-1][1] == "error"
