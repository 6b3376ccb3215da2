"""The canvas has the colour of cards before there is anything to draw, and names pins only where there is room."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from playground.plots import SharpnessPlot
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.pin_legend import LEGEND_HEIGHT, legend_lines
from playground.session import Session
from playground.style.theme import DARK, LIGHT, Style


def test_a_card_without_data_follows_the_theme(qtbot: QtBot, fonts: None) -> None:
    card = SharpnessPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(400, 300)
    card.set_style(Style(DARK))
    assert card.canvas.grab().toImage().pixelColor(5, 5) == QColor(DARK.panel)


def test_a_low_plot_has_no_line_of_pins(qtbot: QtBot, fonts: None) -> None:
    canvas = Canvas(Style(LIGHT))
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.arrange(Style(LIGHT), left=40, bottom=30, top=10)
    canvas.lay_out()
    top = canvas.area().rect.top()
    canvas.set_legend((("tanh", 0),), Style(LIGHT))
    assert canvas.area().rect.top() > top
    canvas.resize(300, 115)
    canvas.lay_out()
    assert canvas.area().rect.top() == top


def test_an_exported_plot_names_every_pin_in_as_many_lines_as_they_need(qtbot: QtBot, fonts: None) -> None:
    names = ("before", "a deeper network with ReLU", "SGD, batch 10", "Adam", "momentum 0.9", "f")
    legend = tuple((name, number) for number, name in enumerate(names))
    style = Style(LIGHT)
    for width, count in ((1000.0, 1), (250.0, 3), (200.0, 4)):
        lines = legend_lines(legend, width, style)
        assert len(lines) == count
        assert tuple(entry for line in lines for entry in line) == legend
    canvas = Canvas(style, still=True)
    qtbot.addWidget(canvas)
    canvas.resize(278, 300)
    canvas.arrange(style, left=40, bottom=30, top=10)
    canvas.set_legend(legend[:1], style)
    top = canvas.area().rect.top()
    canvas.set_legend(legend, style)
    assert canvas.area().rect.top() == top + 2 * LEGEND_HEIGHT


def test_the_label_of_pyqtgraph_that_no_axis_shows_is_never_laid_out(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[str] = []
    monkeypatch.setattr("pyqtgraph.AxisItem.labelString", lambda _axis: laid_out.append("label") or "label")
    canvas = Canvas(Style(LIGHT))
    qtbot.addWidget(canvas)
    canvas.set_ranges((0.0, 2.0), (0.0, 3.0))
    assert not canvas.left.label.isVisible()
    assert laid_out == []
