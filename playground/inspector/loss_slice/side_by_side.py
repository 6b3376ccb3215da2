"""The losses of the compared pinned run and of the current run along the same parameter, side by side on the same axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from playground.inspector.loss_slice.plot import LossSlice
from playground.style.theme import GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from playground.inspector.loss_slice.slice_numbers import ShownSlice

NARROW: Final = 150.0
"""Width of a plot at scale 1 below which it stands above the other instead of beside it."""


class SliceSides(QWidget):
    """Both plots with the names of their runs, below each other where it is narrow.

    Attributes:
        plots: that of the pinned run, and that of the current one.
    """

    def __init__(self, sides: tuple[ShownSlice, ShownSlice], names: tuple[str, str], style: Style) -> None:
        super().__init__()
        self._style = style
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(round(style.px(2 * GRID)))
        self.plots = LossSlice(style), LossSlice(style)
        for plot, shown, other, name in zip(self.plots, sides, reversed(sides), names, strict=True):
            column = QVBoxLayout()
            title = PlainLabel(name)
            title.setProperty("role", "title")
            title.setWordWrap(True)
            plot.set_tall(on=True)
            plot.beside = other.slice.losses
            plot.show_slice(shown)
            column.addWidget(title)
            column.addWidget(plot, 1)
            self._box.addLayout(column, 1)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the plots for the new width."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._box.setDirection(across if self.width() >= 2 * self._style.px(NARROW) else down)
