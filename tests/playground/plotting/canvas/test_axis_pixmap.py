"""An unchanged axis is drawn from a pixmap and looks the same; an exported one is drawn directly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from playground.plotting.canvas.canvas import Canvas
from playground.plotting.drawing.pencil import text_height, write
from playground.style.theme import DARK, LIGHT, Style

TICKS = ((0.0, "0"), (0.5, "0.5"), (1.0, "1"))
STYLE = Style(LIGHT)


class Written:
    """Records the texts that axes write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        monkeypatch.setattr("playground.plotting.canvas.axes.write", self._write)

    def _write(self, *arguments: Any, **looks: Any) -> None:
        self.texts.append(arguments[3])
        write(*arguments, **looks)

    def take(self) -> list[str]:
        texts, self.texts = self.texts, []
        return texts


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    return Written(monkeypatch)


def canvas_of(qtbot: QtBot, *, still: bool = False) -> Canvas:
    canvas = Canvas(STYLE, still=still)
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.arrange(STYLE, left=40, bottom=34, top=22, right=10)
    canvas.set_ranges((0.0, 1.0), (0.0, 1.0))
    canvas.lay_out()
    show(canvas, STYLE)
    return canvas


def show(canvas: Canvas, style: Style) -> None:
    canvas.arrange(style, left=40, bottom=34, top=22, right=10)
    canvas.bottom.show_ticks(TICKS, style, name="epoch", hairlines=True)
    canvas.left.show_ticks(TICKS, style, name="loss", hairlines=True)


def pixels(canvas: Canvas) -> npt.NDArray[np.int64]:
    image = canvas.grab().toImage()
    return np.frombuffer(image.constBits(), dtype=np.uint8).astype(np.int64)


def test_unchanged_axes_are_not_drawn_again_and_look_the_same(qtbot: QtBot, written: Written) -> None:
    canvas = canvas_of(qtbot)
    drawn = pixels(canvas)
    assert len(written.take()) == 8
    pixels(canvas)
    written.take()
    kept = pixels(canvas)
    assert written.take() == []
    assert np.abs(kept - drawn).max() <= 2


def test_what_changes_is_drawn(qtbot: QtBot, written: Written) -> None:
    canvas = canvas_of(qtbot)
    for _ in range(3):
        pixels(canvas)
    written.take()
    canvas.bottom.show_ticks(TICKS[:2], STYLE, name="epoch", hairlines=True)
    pixels(canvas)
    assert written.take() == ["0", "0.5", "epoch"]
    canvas.set_ranges((0.0, 2.0), (0.0, 1.0))
    pixels(canvas)
    assert written.take() == ["0", "0.5", "epoch"]
    canvas.resize(320, 200)
    canvas.lay_out()
    pixels(canvas)
    assert len(written.take()) == 7
    show(canvas, Style(DARK))
    pixels(canvas)
    assert len(written.take()) == 8


def test_the_tooltip_of_a_name_that_was_cut_stays(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    canvas.bottom.show_ticks(TICKS, STYLE, name="a name that is much longer than the whole axis " * 3)
    for _ in range(3):
        pixels(canvas)
    assert canvas.bottom.toolTip()
    assert not canvas.bottom.shape().isEmpty()


def test_an_exported_axis_is_drawn_each_time(qtbot: QtBot, written: Written) -> None:
    canvas = canvas_of(qtbot, still=True)
    for _ in range(3):
        written.take()
        pixels(canvas)
        assert len(written.take()) == 8


@pytest.mark.parametrize("scale", [1.0, 1.4, 2.0, 2.5, 2.8])
def test_no_label_is_cut_off_in_the_pixmap_of_an_enlarged_plot(qtbot: QtBot, scale: float) -> None:
    canvas = canvas_of(qtbot)
    canvas.resize(900, 600)
    canvas.lay_out()
    show(canvas, Style(LIGHT, scale=scale))
    drawn = pixels(canvas)
    pixels(canvas)
    assert np.abs(pixels(canvas) - drawn).max() <= 2
    descenders = (
        canvas.grab()
        .toImage()
        .copy(0, round(canvas.area().rect.bottom()), 900, 600)
        .convertToFormat(QImage.Format.Format_Grayscale8)
    )
    rows = np.frombuffer(descenders.constBits(), np.uint8).reshape(600, -1)[:, :900]
    written = np.flatnonzero((rows[: 600 - round(canvas.area().rect.bottom())] < 200).any(axis=1))
    line = text_height(Style(LIGHT, scale=scale))
    baseline = Style(LIGHT, scale=scale).px(5) + line + Style(LIGHT, scale=scale).px(1) + 0.8 * line
    assert written.max() > baseline, "the p of “epoch” reaches below the line"
