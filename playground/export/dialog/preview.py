"""A preview of an exported picture or table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QLabel

from core.errors import PlaygroundError
from playground.export.hidden_view import Look, image_of
from playground.style.numbers import thousands
from playground.widgets.figure import Figure

SPACE: Final = QSize(440, 320)
"""Size of the preview in logical pixels."""

_CHECK: Final = 8


class Preview(QLabel):
    """Shows a figure as it will be exported, or a summary of its data."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Preview")
        self.setObjectName("exportPreview")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(SPACE)
        self.setWordWrap(True)

    def show_picture(self, figure: Figure, look: Look) -> None:
        """Show ``figure`` as it will be written, smaller, on a checkerboard if it is transparent."""
        size = look.size
        ratio = self.devicePixelRatio()
        factor = min(SPACE.width() / size[0], SPACE.height() / size[1]) * ratio
        small = (max(16, round(size[0] * factor)), max(16, round(size[1] * factor)))
        try:
            image = image_of(figure, replace(look, size=small))
        except PlaygroundError as error:
            self.setText(str(error))
            return
        if look.transparent:
            image = on_checkerboard(image)
        image.setDevicePixelRatio(ratio)
        self.setPixmap(QPixmap.fromImage(image))

    def show_table(self, figure: Figure) -> None:
        """Show the number of rows and the columns of the data of ``figure``."""
        table = figure.figure_table()
        self.setText(f"{thousands(len(table.rows))} rows\n\n{', '.join(table.columns[:24])}")


def on_checkerboard(image: QImage) -> QImage:
    """Return ``image`` on a checkerboard, which shows where it is transparent."""
    board = QImage(image.size(), QImage.Format.Format_RGB32)
    board.fill(QColor("#C8CCD2"))
    painter = QPainter(board)
    try:
        for y in range(0, image.height(), _CHECK):
            for x in range((y // _CHECK) % 2 * _CHECK, image.width(), 2 * _CHECK):
                painter.fillRect(x, y, _CHECK, _CHECK, QColor("#AEB4BD"))
        painter.drawImage(0, 0, image)
    finally:
        painter.end()
    return board
