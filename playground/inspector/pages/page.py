"""Base classes of the inspector's pages."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from playground.inspector.widgets.painted import Painted
from playground.session.restrictions import NONE, Restrictions
from playground.style.theme import GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.training.snapshot import Snapshot
    from playground.inspector.pinned_numbers import PinnedNumbers
    from playground.session.selection import Selection
    from playground.widgets.figure import Table


WIDE: Final = 620
"""Width at scale 1 from which a page has two columns."""

MIN_PAGE_HEIGHT: Final = 84
"""Height at scale 1 above which only the long part of most pages scrolls; in a lower inspector the whole page does."""

WIDE_PICTURE: Final = 420
"""Width at scale 1 from which a picture has two columns; nothing in it is clicked, so that the columns may be narrower."""


class Page(QWidget):
    """One page of the inspector.

    Signals:
        sample_chosen: a :class:`core.data.sample.Sample`, or ``None`` for the mean over all.
        parameter_edited: (flat index, value, label for the Edit menu).
        parameter_dragged: the same with a key; consecutive edits with equal keys are merged into one undo step.
        hovered: Selections to highlight in the other views, or ``None``.

    Attributes:
        wide_from: width at scale 1 from which it has two columns.
    """

    sample_chosen = Signal(object)
    parameter_edited = Signal(int, float, str)
    parameter_dragged = Signal(int, float, str, str)
    hovered = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current_style = style
        self._wide: bool | None = None
        self.wide_from = WIDE
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self.current_style = style
        for child in self.findChildren(Painted):
            child.set_style(style)
        self._choose_columns()

    @property
    def is_wide(self) -> bool:
        """Whether the page has two columns."""
        return bool(self._wide)

    def min_page_height(self) -> float:
        """Return the height in pixels above which only its long part scrolls, and the rest stays visible."""
        return self.current_style.px(MIN_PAGE_HEIGHT)

    def set_visible_height(self, height: int) -> None:
        """Adapt to ``height``, the part of the page that is visible without scrolling."""

    def arrange(self, *, wide: bool) -> None:
        """Lay out the parts in two columns if ``wide``, else in one."""

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two columns if they fit."""
        super().resizeEvent(event)
        self._choose_columns()

    def _choose_columns(self) -> None:
        wide = self.width() >= self.current_style.px(self.wide_from)
        if wide is not self._wide:
            self._wide = wide
            self.arrange(wide=wide)

    def add_line(self) -> None:
        """Add a separator."""
        self.column.addWidget(hairline())

    def add_label(self, text: str, role: str) -> QLabel:
        """Add a label with the style of ``role``."""
        label = PlainLabel(text)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setMinimumWidth(1)
        self.column.addWidget(label)
        return label


class SelectionPage(Page):
    """A page that shows one kind of selection.

    Attributes:
        restrictions: what cannot be edited, and whose numbers are question marks.
        pinned: the compared pinned run, from which differences are shown.
        stable: the α above which descent diverges along the sharpest direction of all parameters; ``None`` if unknown.
    """

    restrictions: Restrictions = NONE
    pinned: PinnedNumbers | None = None
    stable: float | None = None

    @abstractmethod
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show ``selection`` in ``snapshot``, for one ``sample`` or the mean over the training set."""

    def beside(self, text: str, value: str) -> str:
        """Return ``text`` with the ``value`` of the pinned run, in the form of the sentences below all cards."""
        return text if self.pinned is None else f"{text} ({self.pinned.name}: {value})"

    @abstractmethod
    def table(self, snapshot: Snapshot, selection: Selection) -> Table:
        """Return the page's numbers as a table for export."""

    def finding(self, snapshot: Snapshot, selection: Selection) -> str:  # noqa: ARG002 - for subclasses
        """Return the main result of the shown selection in a few words, the title of its picture; empty for none."""
        return ""

    def findings(self, snapshot: Snapshot, selection: Selection) -> tuple[str, str]:
        """Return the finding with the pinned run and without it."""
        pinned, self.pinned = self.pinned, None
        alone = self.finding(snapshot, selection)
        self.pinned = pinned
        return self.finding(snapshot, selection), alone

    def prepare_figure(self, paths: int) -> None:
        """Make the page static for a picture and list at most ``paths`` paths."""

    def leave_out(self) -> bool:
        """Leave out the least important part of a picture that is too small; return whether there was one."""
        return False


def hairline() -> QFrame:
    """Return a horizontal separator."""
    line = QFrame()
    line.setProperty("role", "separator")
    line.setFrameShape(QFrame.Shape.HLine)
    return line


def column_in(part: QWidget) -> QVBoxLayout:
    """Give ``part`` a column without margins, and return it."""
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID)
    return column
