"""In a narrow inspector no number is cut, and no factor covers the product."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from playground.inspector.factor_chips import FactorChips
from playground.inspector.read_out import ReadOut
from playground.style.resources import application_font
from playground.style.theme import LIGHT, PRESENTATION_SCALE, Style

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize("width", [200.0, 215.0, 300.0])
def test_the_last_factor_leaves_room_for_the_product(qapp: object, width: float) -> None:
    style = Style(LIGHT, PRESENTATION_SCALE)
    font = application_font(style.px(11), family=style.family)
    labels = (*(f"W{n}[1,1]" for n in range(9)), "mean of a·φ′·∂L/∂ŷ over all samples")
    chips, pixmap = FactorChips(), QPixmap(400, 300)
    chips.arrange(labels, width, font, style)
    with QPainter(pixmap) as painter:
        end = chips.paint(painter, pixmap.rect().toRectF(), ["0.5"] * len(labels), style, font, lit=False)
    assert end + QFontMetricsF(font).horizontalAdvance("= −0.0000") <= width


def test_a_difference_is_smaller_where_it_would_be_cut(qtbot: QtBot) -> None:
    read_out = ReadOut(Style(LIGHT))
    qtbot.addWidget(read_out)
    read_out.resize(40, 60)
    pixmap = QPixmap(40, 60)
    with QPainter(pixmap) as painter:
        font = application_font(11, family=Style(LIGHT).family)
        assert read_out._use_font(painter, font, "Δ +0.0083 and more") > 0
        assert painter.font().pixelSize() < font.pixelSize()
        assert read_out._use_font(painter, font, "Δ 1") < 40
        assert painter.font().pixelSize() == font.pixelSize()
