"""The main window on its screen: all of it, with its frame."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMainWindow

USUAL_FRAME: Final = QSize(16, 40)
"""What a frame and its title line take, about; only a window that is shown knows."""


def first_size(preferred: QSize, available: QSize) -> QSize:
    """Return the size of a window that is shown for the first time on a screen with so much room."""
    return preferred.boundedTo(available - USUAL_FRAME)


def keep_on_screen(window: QMainWindow) -> None:
    """Make ``window``, which is shown, so small and move it so that all of its frame is on the screen."""
    screen, frame = window.screen().availableGeometry(), window.frameGeometry()
    if window.isFullScreen() or window.isMaximized() or screen.contains(frame):
        return
    window.resize(window.size().boundedTo(screen.size() - (frame.size() - window.size())))
    frame = window.frameGeometry()
    window.move(
        max(screen.left(), min(frame.left(), screen.right() + 1 - frame.width())),
        max(screen.top(), min(frame.top(), screen.bottom() + 1 - frame.height())),
    )
