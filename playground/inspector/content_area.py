"""A scroll area for the long part of a page, which shows all of it in a picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from playground.widgets.guard import guarded_or
from playground.widgets.viewport import own_viewport

MIN_HEIGHT: Final = 60


class ContentArea(QScrollArea):
    """Scrolls ``content`` vertically, without a frame and a background of its own."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._is_whole, self._content = False, content
        own_viewport(self).setAutoFillBackground(False)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(MIN_HEIGHT)
        # setWidget() enables the widget's own background.
        content.setAutoFillBackground(False)

    def show_whole(self) -> None:
        """Be as high as the content from now on: a picture cannot be scrolled."""
        self._is_whole = True
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.updateGeometry()

    @override
    @guarded_or(False)
    def hasHeightForWidth(self) -> bool:
        """Return whether the height follows from the content."""
        return self._is_whole

    @override
    @guarded_or(0)
    def heightForWidth(self, arg__1: int) -> int:
        """Return the height of the content at a width."""
        layout = self._content.layout()
        if layout is None:
            return MIN_HEIGHT
        # The least size of rows that wrap is that at the width which they had before.
        least = layout.totalMinimumHeightForWidth(arg__1)
        return max(least if layout.hasHeightForWidth() else layout.totalMinimumSize().height(), MIN_HEIGHT)
