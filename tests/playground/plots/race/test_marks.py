"""The number in a racer's dot has the contrast that text needs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.plots.race.data import MAX_RACERS
from playground.plots.race.marks import racer_dot
from playground.style.theme import DARK, LIGHT, Style, Theme
from tests.playground.window.text_items import texts_of

pytestmark = pytest.mark.usefixtures("fonts")


class Dots(QWidget):
    """A dot of each racer."""

    style_of_dots = Style(LIGHT)

    @override
    def paintEvent(self, event: object) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(MAX_RACERS):
                racer_dot(painter, QPointF(20.0 + 30.0 * index, 20.0), index, self.style_of_dots)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_each_number_can_be_read_on_its_dot(qtbot: QtBot, theme: Theme) -> None:
    dots = Dots()
    qtbot.addWidget(dots)
    dots.style_of_dots = Style(theme)
    dots.resize(220, 40)
    texts = texts_of(dots)
    assert [each.text for each in texts] == [str(number) for number in range(1, MAX_RACERS + 1)]
    assert [each.text for each in texts if not each.is_readable] == []
