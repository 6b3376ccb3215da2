"""The column at the left of every workspace: the controls, and above them what is docked there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from playground.style.theme import GRID

DOCKED_WIDTH: Final = 320
"""Minimum width of the column in pixels at scale 1 when something is docked."""

WIDE: Final = 420
"""Maximum width that the column is given by itself; longer lines are harder to read."""

WIDTH_SHARE: Final = 1 / 6
"""Share of a large window's width for the column."""

MAX_CONTROLS: Final = 0.38
"""Maximum share of the height for the controls when something is docked; the user can change it."""


class LeftColumn(QSplitter):
    """Holds the control panel; a panel can be docked above it, replacing controls, which are hidden until it closes.

    Attributes:
        place: returns the widget in the row of the workspace shown whose width is the column's.
    """

    def __init__(self, controls: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("leftColumn")
        self.setHandleWidth(GRID)
        self.setChildrenCollapsible(False)
        self._controls = controls
        self._docked: QWidget | None = None
        self._width = 0
        self._before: dict[QSplitter, list[int]] = {}
        self.place: Callable[[], QWidget] = lambda: self
        self.addWidget(controls)

    @property
    def docked(self) -> QWidget | None:
        """What is docked, or ``None``."""
        return self._docked

    def dock(self, panel: QWidget, scale: float) -> None:
        """Show ``panel`` above the controls, and widen the column for it."""
        if self._docked is panel:
            return
        self.undock()
        self._docked = panel
        self.insertWidget(0, panel)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        panel.show()
        self._width = round(min(max(DOCKED_WIDTH * scale, WIDTH_SHARE * self.window().width()), WIDE * scale))
        self.widen()

    def undock(self) -> None:
        """Remove what is docked, and make the column as wide as before."""
        panel, self._docked = self._docked, None
        if panel is None:
            return
        panel.hide()
        panel.setParent(self.window())
        for row, sizes in self._before.items():
            row.setSizes(sizes)
        self._before.clear()

    def share(self, wanted: int) -> None:
        """Give the controls ``wanted`` pixels of the height, at most a share of it; the docked panel gets the rest."""
        if self._docked is not None:
            height = self.height()
            controls = min(wanted, round(MAX_CONTROLS * height))
            self.setSizes([height - controls, controls])

    def widen(self) -> None:
        """Make the column of the workspace shown wide enough for what is docked."""
        child: QWidget = self.place()
        parent = child.parentWidget()
        while parent is not None and not isinstance(parent, QSplitter):
            child, parent = parent, parent.parentWidget()
        if self._docked is None or not isinstance(parent, QSplitter) or parent in self._before:
            return
        sizes = parent.sizes()
        self._before[parent] = list(sizes)
        index = parent.indexOf(child)
        missing = max(self._width - sizes[index], 0)
        largest = max((place for place in range(len(sizes)) if place != index), key=lambda place: sizes[place])
        sizes[index] += missing
        sizes[largest] -= missing
        parent.setSizes(sizes)
