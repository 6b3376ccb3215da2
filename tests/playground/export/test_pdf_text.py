"""Numbers and signs in a PDF are found by other programs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPdfWriter

from playground.export.pdf_text import draw_text, searchable
from playground.style.resources import application_font

TEXT = "−0.1178, 4-8-8-1, B = 10"

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize("tabular", [True, False])
def test_a_pdf_contains_the_text_as_characters(tmp_path: Path, tabular: bool) -> None:
    path = tmp_path / "a.pdf"
    writer = QPdfWriter(str(path))
    writer.setResolution(96)
    painter = QPainter(writer)
    painter.setFont(application_font(20, tabular=tabular))
    draw_text(painter, QPointF(30, 60), TEXT)
    painter.end()
    found = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert found.strip() == TEXT


@pytest.mark.parametrize("text", ["1 111.11", TEXT, "0"])
def test_the_text_is_as_wide_as_in_other_pictures(text: str) -> None:
    font = application_font(32)
    width = QFontMetricsF(searchable(font, text)).horizontalAdvance(text)
    assert width == pytest.approx(QFontMetricsF(font).horizontalAdvance(text), abs=len(text) / 64)  # Qt rounds to 1/64
    narrow = QFont(font)
    narrow.unsetFeature(QFont.Tag("tnum"))
    assert QFontMetricsF(narrow).horizontalAdvance("1 111.11") < QFontMetricsF(font).horizontalAdvance("1 111.11")


def test_on_an_image_nothing_changes() -> None:
    images = []
    for draw in (draw_text, lambda painter, at, text: painter.drawText(at, text)):
        image = QImage(300, 40, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.setFont(application_font(16))
        draw(painter, QPointF(5, 25), TEXT)
        painter.end()
        images.append(image)
    assert images[0] == images[1]
