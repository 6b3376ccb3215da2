"""Hide or disable controls while a lesson is open, even if their panels try to show or enable them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid
from typing_extensions import override

from playground.panels import ControlPanel
from playground.widgets.guard import guarded_or
from playground.window.lessons.pointing import row_of


class ControlLocks(QObject):
    """Hides and disables controls of ``panel`` and of the window around it until :meth:`release`.

    The panels themselves show and enable their controls, such as after a change of the optimizer; what they asked for is
    remembered, prevented, and done on release.
    """

    def __init__(self, panel: ControlPanel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self._hidden: dict[QWidget, bool] = {}
        self._locked: dict[QWidget, bool] = {}
        self._is_acting = False

    def apply(self, hide: Collection[str], lock: Collection[str]) -> None:
        """Hide the sections and controls named in ``hide``, disable the controls in ``lock``; release all others."""
        self.release()
        names = {name.lower() for name in hide}
        sections = [section for section in self._panel.sections if section.title.lower() in names]
        hidden: list[QWidget] = [*sections, *(row for name in hide for row in self._rows(name))]
        for widget in hidden:
            self._hidden[widget] = not widget.isHidden()
        for name in lock:
            for row in self._rows(name):
                for widget in (each for each in row.children() if isinstance(each, QWidget)):
                    self._locked[widget] = widget.isEnabledTo(row)
        for widget in (*self._hidden, *self._locked):
            widget.installEventFilter(self)
        self._enforce()
        self._panel.separate()

    def release(self) -> None:
        """Release all controls, and put them into the state that their panels last requested."""
        hidden, self._hidden = self._hidden, {}
        locked, self._locked = self._locked, {}
        for widget in (*hidden, *locked):
            if isValid(widget):
                widget.removeEventFilter(self)
        for widget, shown in hidden.items():
            if isValid(widget):
                widget.setVisible(shown)
        for widget, enabled in locked.items():
            if isValid(widget):
                widget.setEnabled(enabled)
        self._panel.separate()

    @property
    def hides_all(self) -> bool:
        """Whether no section of the panel is left."""
        return all(section in self._hidden for section in self._panel.sections)

    def _rows(self, name: str) -> Sequence[QWidget]:
        """Return the row of the control with object ``name``, or the control itself if it is in no row."""
        window = self._panel.window()
        found = window.findChild(QWidget, name)
        if found is None or found.isWindow():
            return ()
        return (row_of(found),)

    def _enforce(self) -> None:
        self._is_acting = True
        for widget in self._hidden:
            widget.hide()
        for widget in self._locked:
            widget.setEnabled(False)
        self._is_acting = False

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo a panel's change to a hidden or disabled control, and remember it for :meth:`release`."""
        if not self._is_acting and isinstance(watched, QWidget):
            if event.type() == QEvent.Type.ShowToParent and watched in self._hidden:
                self._hidden[watched] = True
                self._enforce()
            elif event.type() == QEvent.Type.HideToParent and watched in self._hidden:
                self._hidden[watched] = False
            elif event.type() == QEvent.Type.EnabledChange and watched in self._locked and watched.isEnabled():
                self._locked[watched] = True
                self._enforce()
        return super().eventFilter(watched, event)
