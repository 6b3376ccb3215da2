"""Find controls and cards by name and bring them into view, so that a lesson can point at them."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QTabWidget, QWidget

from playground.panels.section import Disclosure
from playground.window.arrangements import CONTROLS
from playground.window.workspace import Workspace


class Pointing:
    """Finds what a lesson names in ``window``.

    Args:
        window: the window whose controls are searched.
        workspace: its workspace, which has the cards.
    """

    def __init__(self, window: QWidget, workspace: Workspace) -> None:
        self._window, self._workspace = window, workspace

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
        bring_into_view(found)
        return found

    def card(self, key: str) -> QWidget | None:
        """Return the card ``key`` and bring it to the front; ``None`` if it cannot be shown."""
        return self._workspace.bring_forward(key)

    def workspace(self, key: str) -> None:
        """Switch to the workspace ``key``."""
        self._workspace.show_arrangement(key)


def bring_into_view(widget: QWidget) -> None:
    """Expand the collapsed parts that contain ``widget``, and scroll to it."""
    chain: list[QWidget] = []
    parent = widget.parentWidget()
    while parent is not None:
        chain.append(parent)
        parent = parent.parentWidget()
    for each in reversed(chain):
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
