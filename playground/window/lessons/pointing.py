"""Find controls and cards by name, bring them into view, and point at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QScrollArea, QWidget

from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import Disclosure, NamedRow, Section
from playground.session.selection import Selection
from playground.widgets.later import later
from playground.window.workspace.arrangements import CONTROLS

if TYPE_CHECKING:
    from core.lessons.blocks import Show
    from playground.lessons.ring import Ring
    from playground.style.theme import Style
    from playground.window.parts import WindowParts


INSPECTOR: Final = "inspector"
"""Key of the card that explains the selection."""


class Pointing:
    """Points at controls and cards of the window that a lesson names.

    Args:
        parts: the parts of the window.
    """

    def __init__(self, parts: WindowParts) -> None:
        self._parts = parts
        self._window, self._workspace = parts.window, parts.workspace
        self._ring: Ring | None = None

    @property
    def ring(self) -> Ring:
        """The ring; built on first use."""
        if self._ring is None:
            from playground.lessons.ring import Ring  # imported late: only lessons use it

            self._ring = Ring(self._parts.appearance.style, self._window)
        return self._ring

    def show(self, show: Show) -> None:
        """Do what ``show`` says: switch the workspace, select, and point at a control or card."""
        if show.workspace is not None:
            self._workspace.show_arrangement(show.workspace)
        if show.neuron is not None:
            layer, neuron = show.neuron
            self._parts.session.select(Selection("neuron", layer - 1, neuron - 1))
        if show.weight is not None:
            layer, source, target = show.weight
            self._parts.session.select(Selection("weight", layer - 1, target - 1, source - 1))
        found = None
        if show.control is not None:
            found = self.control(show.control)
        elif show.card is not None:
            found = self.card(show.card)
        elif show.text.label and (show.neuron is not None or show.weight is not None):
            found = self.card(INSPECTOR)  # it shows the selected neuron or weight
        if found is not None:
            shown = found
            # Its position is known once the workspace has been laid out.
            later(0, self.ring, lambda: self.ring.point_at(shown, show.text.label))

    def clear(self) -> None:
        """Remove the ring."""
        if self._ring is not None:
            self._ring.clear()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        if self._ring is not None:
            self._ring.set_style(style)

    def control(self, name: str) -> QWidget | None:
        """Return the control with object ``name`` and bring it into view; ``None`` if there is none."""
        found = self._window.findChild(QWidget, name)
        if found is None:
            self._workspace.complete()
            found = self._window.findChild(QWidget, name)
        if found is None or found.isWindow():
            return None
        key = self._workspace.key_of(found)
        if key == CONTROLS:
            self._workspace.restore()
        elif key is not None:
            self._workspace.bring_forward(key)
        row = row_of(found)
        bring_into_view(row)
        return row

    def card(self, key: str) -> QWidget | None:
        """Return the card ``key`` and bring it to the front; ``None`` if it cannot be shown."""
        return self._workspace.bring_forward(key)


def row_of(control: QWidget) -> QWidget:
    """Return the row of ``control`` in a panel, with its label and value; ``control`` itself if it is in none."""
    row: QWidget | None = control
    while row is not None and not isinstance(row, (LabelledSlider, NamedRow)):
        row = row.parentWidget()
    return row or control


def bring_into_view(widget: QWidget) -> None:
    """Expand the collapsed parts that contain ``widget``, and scroll to it."""
    from PySide6.QtWidgets import QTabWidget  # imported late: not needed for the first frame

    chain: list[QWidget] = []
    parent = widget.parentWidget()
    while parent is not None:
        chain.append(parent)
        parent = parent.parentWidget()
    for each in (*reversed(chain), widget):
        # Presentation mode hides rows and sections that the user did not choose for it.
        if each.isHidden() and isinstance(each, (LabelledSlider, NamedRow, Section, Disclosure)):
            each.show()
        if isinstance(each, Disclosure) and not each.link.isAncestorOf(widget) and each.link is not widget:
            each.set_open(open_=True)
        elif isinstance(each, QTabWidget):
            each.setCurrentWidget(next(page for page in chain if each.indexOf(page) >= 0))
    for each in chain:
        if isinstance(each, QScrollArea):
            content = each.widget()
            layout = None if content is None else content.layout()
            if layout is not None:
                layout.activate()
            each.ensureWidgetVisible(widget)
