"""What the pages of the inspector have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from playground.inspector.painted import Painted
from playground.style.theme import GRID, Style
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session.selection import Selection


class Page(QWidget):
    """One face of the inspector.

    Signals:
        sample_chosen: index of a training sample, or ``None`` for the mean over all.
        parameter_edited: (flat index, value, label for the Edit menu).
        parameter_dragged: the same with a key: what has the same one is one edit.
        hovered: what shall light up in the other views: Selections, or ``None``.
    """

    sample_chosen = Signal(object)
    parameter_edited = Signal(int, float, str)
    parameter_dragged = Signal(int, float, str, str)
    hovered = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_in_force = style
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self.style_in_force = style
        for child in self.findChildren(Painted):
            child.set_style(style)

    def add_line(self) -> None:
        """Add a hairline."""
        line = QFrame()
        line.setProperty("role", "separator")
        line.setFrameShape(QFrame.Shape.HLine)
        self.column.addWidget(line)

    def add_label(self, text: str, role: str) -> QLabel:
        """Add a line of text in the type of ``role``."""
        label = PlainLabel(text)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setMinimumWidth(1)
        self.column.addWidget(label)
        return label


class SelectionPage(Page):
    """A page that shows what is selected."""

    @abstractmethod
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: int | None) -> None:
        """Show ``selection`` as it is in ``snapshot``, for training sample ``sample`` or for the mean over all."""
