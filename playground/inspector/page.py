"""What the pages of the inspector have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from playground.inspector.painted import Painted
from playground.style.theme import GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session.selection import Selection
    from playground.widgets.figure import Table


WIDE: Final = 620
"""From this width on, at scale 1, a page has two columns."""

QWIDGETSIZE_MAX: Final = 16_777_215
"""Qt's own limit: a widget of at most this size has no limit."""


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
        self._wide: bool | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self.style_in_force = style
        for child in self.findChildren(Painted):
            child.set_style(style)
        self._look_at_width()

    @property
    def is_wide(self) -> bool:
        """Whether it has two columns."""
        return bool(self._wide)

    def arrange(self, *, wide: bool) -> None:
        """Lay the parts out in two columns, or below one another."""

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two columns where there is room for them."""
        super().resizeEvent(event)
        self._look_at_width()

    def _look_at_width(self) -> None:
        wide = self.width() >= self.style_in_force.px(WIDE)
        if wide is not self._wide:
            self._wide = wide
            self.arrange(wide=wide)

    def add_line(self) -> None:
        """Add a hairline."""
        self.column.addWidget(hairline())

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

    @abstractmethod
    def table(self, snapshot: Snapshot, selection: Selection) -> Table:
        """Return the numbers shown of ``selection`` for a spreadsheet."""

    def prepare_figure(self, paths: int) -> None:
        """Become a picture: nothing to be touched, and no more than ``paths`` of what is listed."""


def hairline() -> QFrame:
    """Return a line between two parts."""
    line = QFrame()
    line.setProperty("role", "separator")
    line.setFrameShape(QFrame.Shape.HLine)
    return line
