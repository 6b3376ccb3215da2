"""The widgets inside a widget are listed without keeping those that are deleted later."""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from playground.widgets.descendants import descendants


def test_all_widgets_are_listed_in_the_order_of_qt(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    layout = QHBoxLayout(top)
    for _ in range(2):
        layout.addWidget(QTextBrowser())
    found = list(descendants(top))
    assert found == top.findChildren(QWidget)
    assert sum(isinstance(each, QScrollBar) for each in found) == 4


def test_what_is_deleted_leaves_nothing_behind(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)

    def left() -> int:
        gc.collect()
        return sum(type(each) in {QWidget, QScrollBar} for each in gc.get_objects())

    def build_and_delete() -> None:
        text = QTextBrowser(top)
        assert len(list(descendants(top))) == 6
        text.deleteLater()
        QCoreApplication.sendPostedEvents(text, QEvent.Type.DeferredDelete.value)

    build_and_delete()
    before = left()
    for _ in range(5):
        build_and_delete()
    assert left() == before
