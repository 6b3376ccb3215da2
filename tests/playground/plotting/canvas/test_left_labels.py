"""The labels of the left axis have the room that they need, and no more than that once they are short again."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.left_labels import arrange_beside
from playground.plotting.canvas.ticks import Ticks
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import LIGHT, Style


@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_plot_makes_room_for_long_labels(qtbot: QtBot, scale: float) -> None:
    style = Style(LIGHT, scale)
    canvas = Canvas(style)
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)

    def arranged(label: str) -> float:
        asked: list[float] = []

        def ticks(height: float) -> Ticks:
            asked.append(height)
            return ((0.0, "0"), (1.0, label))

        assert arrange_beside(canvas, style, ticks, left=42, bottom=30, right=10, top=20)[1] == (1.0, label)
        assert asked == [canvas.area().rect.height()]
        return canvas.area().rect.left()

    short = arranged("0.5")
    assert short == pytest.approx(style.px(42), abs=1.0)
    long = arranged("−0.000005")
    assert long >= text_width(style, "−0.000005") + style.px(5)
    assert arranged("−0.000005") == long
    assert arranged("0.5") == short
