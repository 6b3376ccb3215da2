"""A layout is found although another object had its address before."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot

from playground.widgets.layout_of import layout_of


class Confused:
    """Returns a stale object first, as a binding does whose objects are found by address."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def layout(self) -> Any:
        return self.answers.pop(0)


def test_the_layout_or_none_is_returned(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert layout_of(widget) is None
    layout = QHBoxLayout(widget)
    assert layout_of(widget) is layout


def test_a_stale_item_is_given_up(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = QHBoxLayout(widget)
    stale: Any = QWidgetItem(widget)
    confused: Any = Confused(stale, layout)
    assert layout_of(confused) is layout
    assert confused.answers == []
