"""The text in the middle of a plot that has nothing to draw yet."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.style.theme import TEXT_CONTROL, Style
from playground.widgets.guard import guarded_or
from playground.widgets.plain_text import PlainLabel

DELAY_MS: Final = 300
"""Delay before the text appears; during a shorter wait it would only flicker."""


class EmptyNote(PlainLabel):
    """A muted text in the middle of ``over``, which it covers without taking its mouse events."""

    def __init__(self, over: QWidget) -> None:
        super().__init__("", over)
        self.setProperty("role", "muted")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY_MS)
        self._delay.timeout.connect(self.show)
        over.installEventFilter(self)

    def set_style(self, style: Style) -> None:
        """Use the size of type of the card."""
        self.setStyleSheet(f"font-size: {round(style.px(TEXT_CONTROL))}px;")

    def wait_for(self, text: str) -> None:
        """Show ``text`` unless :meth:`end` is called soon."""
        self.setText(text)
        if self.isHidden() and not self._delay.isActive():
            self._delay.start()

    def end(self) -> None:
        """Hide the text."""
        self._delay.stop()
        self.hide()

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the plot."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)
