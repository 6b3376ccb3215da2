"""Large text has the same pixels regardless of what was drawn before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from playground.export.display_list import Recorder, play
from playground.style.resources import application_font

pytestmark = pytest.mark.usefixtures("qapp", "fonts")


def drawn(text: str, size: int) -> QImage:
    recorder = Recorder(600, 120)
    image = QImage(600, 120, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(recorder)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(application_font(size))
    painter.drawText(QPointF(20.4, 90.3), text)
    painter.end()
    painter = QPainter(image)
    play(recorder.commands, painter)
    painter.end()
    return image


def test_the_first_small_letter_does_not_shift_large_text() -> None:
    before = drawn("sepal width", 67)
    drawn("Ǯ", 19)  # no other test draws it
    after = drawn("sepal width", 67)
    drawn("sepal width", 71)
    assert before == after == drawn("sepal width", 67)
