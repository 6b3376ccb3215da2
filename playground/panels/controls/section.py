"""The building blocks of the control panel: a titled section, a labelled row and a collapsible part."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from playground.style.resources import icon
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.tab_order import order_around, tab_stops

_LABEL_WIDTH = 74

ROW_GAP = 3
"""Vertical distance of rows in pixels at scale 1."""


class Styled(Protocol):
    """A widget that can be restyled."""

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""


class Section(QWidget):
    """A title, optionally with a control at its right, and rows below.

    Attributes:
        title: title of the section.
        rows: layout of all rows.
        named_rows: rows that can be hidden individually.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.title = title
        self._title = PlainLabel(title)
        self._title.setProperty("role", "title")
        self.named_rows: dict[str, QWidget] = {}
        self._header = QHBoxLayout()
        self._header.addWidget(self._title)
        self._header.addStretch(1)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.addLayout(self._header)

    def add_header_widget(self, widget: QWidget) -> None:
        """Put ``widget`` at the right end of the title line."""
        self._header.addWidget(widget)

    def add(self, widget: QWidget, name: str = "") -> None:
        """Add a row; with a ``name`` it can be hidden individually."""
        self.rows.addWidget(widget)
        if name:
            self.named_rows[name] = widget

    def show_only(self, names: Collection[str] | None) -> None:
        """Show only the named rows in ``names``, or hide the section if none is left; ``None`` shows every row."""
        shown = [name for name in self.named_rows if names is None or name in names]
        for name, row in self.named_rows.items():
            row.setVisible(name in shown)
        self.setVisible(bool(shown))

    def set_style(self, style: Style) -> None:
        """Use the row spacing of ``style``."""
        self.rows.setSpacing(round(style.px(ROW_GAP)))


class NamedRow(QWidget):
    """A label on the left and a control on the right."""

    def __init__(self, name: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = PlainLabel(name)
        self.label.setProperty("role", "label")
        self.label.setBuddy(control)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.addWidget(self.label, 0, 0)
        self._grid.addWidget(control, 0, 1)
        self._grid.setColumnStretch(1, 1)
        if not control.accessibleName():
            control.setAccessibleName(name)

    @property
    def title(self) -> str:
        """The label."""
        return self.label.text()

    def set_style(self, style: Style) -> None:
        """Align the controls of all rows in ``style``."""
        self._grid.setColumnMinimumWidth(0, round(style.px(_LABEL_WIDTH)))
        self._grid.setHorizontalSpacing(round(style.px(4)))


class Disclosure(QWidget):
    """A link that expands a part of the panel.

    Signals:
        opened: the part was expanded (True) or collapsed (False).

    Attributes:
        body: layout of the collapsible part.
        link_row: layout of the link's line, for a second link at its right.
    """

    opened = Signal(bool)

    def __init__(self, title: str, name: str, parent: QWidget | None = None, *, tip: str = "") -> None:
        super().__init__(parent)
        self.link = QPushButton()
        self.link.setToolTip(tip)
        self.link.setObjectName(name)
        self.link.setText(title)
        self.link.setAccessibleName(title)
        self.link.setCheckable(True)
        self.link.setProperty("role", "link")
        self.link.toggled.connect(self._toggled)
        self._content = QWidget()
        self._content.hide()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.link_row = QHBoxLayout()
        self.link_row.addWidget(self.link)
        self.link_row.addStretch(1)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(self.link_row)
        self._layout.addWidget(self._content)
        self._style: Style | None = None

    @property
    def title(self) -> str:
        """The text of the link."""
        return self.link.text()

    @property
    def is_open(self) -> bool:
        """Whether the part is expanded."""
        return self.link.isChecked()

    def fill(self, part: QWidget) -> None:
        """Add ``part``, which is built later than its surroundings; the Tab key reaches it after the existing parts."""
        last = tab_stops(self)[-1]
        self.body.addWidget(part)
        order_around(last, part)

    def set_open(self, open_: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Expand or collapse."""
        self.link.setChecked(open_)

    def set_style(self, style: Style) -> None:
        """Draw the arrow and use the spacing of ``style``."""
        self._style = style
        self._layout.setSpacing(round(style.px(ROW_GAP)))
        self.body.setSpacing(round(style.px(ROW_GAP)))
        self._draw_arrow()

    def _toggled(self, open_: bool) -> None:  # noqa: FBT001 - a slot of QAbstractButton.toggled
        self._content.setVisible(open_)
        self._draw_arrow()
        self.opened.emit(open_)

    def _draw_arrow(self) -> None:
        if self._style is not None:
            name = "chevron-down" if self.is_open else "chevron-right"
            side = round(self._style.px(12))
            self.link.setIcon(icon(name, self._style.theme.muted, sizes=(side,)))
            self.link.setIconSize(QSize(side, side))


def separator() -> QFrame:
    """Return a hairline between two sections."""
    line = QFrame()
    line.setProperty("role", "separator")
    return line
