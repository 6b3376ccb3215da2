"""Items of a hidden view share its size, side by side."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.widgets.fitted_view import FittedItem, FittedView


class Blank(FittedItem):
    """Paints nothing."""

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint nothing."""


def test_items_share_the_width_from_left_to_right(qtbot: QtBot) -> None:
    left, right = Blank(), Blank()
    view = FittedView(left, right, background="#FFFFFF")
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.grab()  # lays out like showing it would
    assert (left.width, left.height, left.x()) == (300.0, 300.0, 0.0)
    assert (right.width, right.height, right.x()) == (300.0, 300.0, 300.0)
    assert right.boundingRect().width() == 300.0
