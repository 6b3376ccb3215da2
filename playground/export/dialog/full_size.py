"""A window with a picture at 100 %, as it will be written."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from core.errors import PlaygroundError
from playground.export.dialog.preview import on_checkerboard
from playground.export.hidden_view import Look, image_of
from playground.widgets.figure import Figure
from playground.widgets.plain_text import PlainLabel

MARGIN = QSize(40, 60)


def show_full_size(figure: Figure, look: Look, parent: QWidget) -> QDialog:
    """Show ``figure`` with one pixel of the screen for each pixel of the picture, in a window that scrolls."""
    window = QDialog(parent)
    window.setObjectName("exportFullSize")
    window.setWindowTitle(f"{figure.figure_title} at 100 %")
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    picture = PlainLabel()
    picture.setAccessibleName("Picture at full size")
    try:
        image = image_of(figure, look)
    except PlaygroundError as error:
        picture.setText(str(error))
    else:
        image = on_checkerboard(image) if look.transparent else image
        image.setDevicePixelRatio(parent.devicePixelRatio())
        picture.setPixmap(QPixmap.fromImage(image))
    scroll = QScrollArea()
    scroll.setWidget(picture)
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(scroll)
    screen = parent.screen().availableGeometry().size() - MARGIN
    window.resize((picture.sizeHint() + QSize(4, 4)).boundedTo(screen))
    window.show()
    return window
