"""A text field over a widget closes on Esc and when the focus moves elsewhere, and never takes the focus back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.widgets.inline_edit import InlineEdit


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    for _ in range(2):
        widget = QLineEdit()
        layout.addWidget(widget)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def field(window: QWidget, qtbot: QtBot) -> InlineEdit:
    owner = window.findChildren(QLineEdit)[0]
    made = InlineEdit(owner)
    made.show()
    made.setFocus(Qt.FocusReason.OtherFocusReason)
    qtbot.waitUntil(made.hasFocus)
    return made


def test_esc_closes_it_and_returns_the_focus(window: QWidget, field: InlineEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.closed):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert window.focusWidget() is field.parentWidget()


def test_the_focus_stays_where_the_user_moved_it(window: QWidget, field: InlineEdit, qtbot: QtBot) -> None:
    other = window.findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)[1]
    with qtbot.waitSignal(field.closed):
        other.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not field.isVisible()
    assert other.hasFocus()


def test_a_context_menu_leaves_it_open(window: QWidget, field: InlineEdit) -> None:
    closed: list[bool] = []
    field.closed.connect(lambda: closed.append(True))
    other = window.findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)[1]
    other.setFocus(Qt.FocusReason.PopupFocusReason)
    assert field.isVisible()
    assert not closed


def test_the_field_closes_once(field: InlineEdit) -> None:
    closed: list[bool] = []
    field.closed.connect(lambda: closed.append(True))
    field.close_field()
    field.close_field()
    assert closed == [True]
