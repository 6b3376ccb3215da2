"""The column in which a lesson is docked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from playground.panels import ControlPanel
from playground.session import Session
from playground.window.main_window import MainWindow
from playground.window.workspace.left_column import LeftColumn
from tests.playground.panels.support import STYLE


@pytest.mark.parametrize(
    ("window", "scale", "expected"), [(1280, 1.0, 320), (2100, 1.0, 350), (2560, 1.0, 420), (1400, 1.5, 480)]
)
def test_a_lesson_is_wider_in_a_large_window(
    window: int, scale: float, expected: int, session: Session, qtbot: QtBot
) -> None:
    row = QSplitter()
    qtbot.addWidget(row)
    column = LeftColumn(ControlPanel(session, STYLE))
    row.addWidget(column)
    row.addWidget(QWidget())
    row.resize(window, 600)
    with qtbot.waitExposed(row):
        row.show()
    row.setSizes([250, window - 250])
    before = column.width()
    column.dock(QWidget(), scale)
    assert column.width() == expected
    column.undock()
    assert column.width() == before


def test_the_controls_grow_with_a_row_that_a_choice_brings(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    window.lessons.open_lesson("13-elu-prelu-swish")
    qtbot.waitUntil(lambda: window.lessons.run is not None and not window.controls.data.isVisible())
    qtbot.waitUntil(lambda: window.controls.height() < 200)
    before = window.controls.height()
    window.session.edit_all_layers("Activation", activation="elu")
    qtbot.waitUntil(lambda: window.controls.height() > before + 20)
    assert window.controls.height() >= window.controls.wanted_height()
    window.lessons.panel.formulas.wait()


def test_the_controls_grow_with_a_part_that_is_expanded(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1600, 1400)
    window.lessons.open_lesson("11-threshold-and-tanh")
    qtbot.waitUntil(lambda: window.lessons.run is not None and not window.controls.data.isVisible())
    qtbot.waitUntil(lambda: window.controls.height() < 250)
    before = window.controls.height()
    link = window.findChild(QPushButton, "eachLayerLink")
    assert link is not None
    link.click()
    qtbot.waitUntil(lambda: window.controls.height() > before + 40)
    assert window.controls.height() >= window.controls.wanted_height()
    link.click()
    qtbot.waitUntil(lambda: window.controls.height() == before)
    window.lessons.panel.formulas.wait()
