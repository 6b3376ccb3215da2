"""Presentation mode: hide all controls of the panel except those that the user chose."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QMenu

from playground.panels import ControlPanel
from playground.style.appearance import Appearance

_KEY: Final = "presentation/controls"
DEFAULT: Final = (
    "Data/Data sets",
    "Training/Learning rate α",
    "All layers/Activation",
    "All layers/Initializer",
    "All layers/Depth",
    "All layers/Width",
    "All layers/Weight scale",
)
"""Section and name of each control shown by default."""


class PresentationControls:
    """Hides, in presentation mode, the controls that are not checked in ``menu``.

    A right click on the panel opens the same menu.
    """

    def __init__(self, panel: ControlPanel, appearance: Appearance, settings: QSettings, menu: QMenu) -> None:
        self._panel, self._appearance, self._settings, self._menu = panel, appearance, settings, menu
        self._known = [f"{section.title}/{name}" for section in panel.sections for name in section.named_rows]
        stored = settings.value(_KEY)
        # QSettings returns a list of one entry as a string, and an empty one as None.
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else DEFAULT
        self._chosen = {str(name) for name in names}
        self._fill()
        panel.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        panel.customContextMenuRequested.connect(self._open)
        appearance.changed.connect(lambda _style: self._show())
        self._show()

    def _fill(self) -> None:
        section = ""
        for key in self._known:
            title, name = key.split("/", 1)
            if title != section:
                section = title
                self._menu.addAction(title).setEnabled(False)
            action = self._menu.addAction(name)
            action.setObjectName(f"present-{key}")
            action.setCheckable(True)
            action.setChecked(key in self._chosen)
            action.toggled.connect(lambda on, key=key: self._choose(key, on=on))

    def _open(self, place: QPoint) -> None:
        self._menu.popup(self._panel.mapToGlobal(place))

    def _choose(self, key: str, *, on: bool) -> None:
        self._chosen = self._chosen | {key} if on else self._chosen - {key}
        self._settings.setValue(_KEY, [each for each in self._known if each in self._chosen])
        self._show()

    def _show(self) -> None:
        if not self._appearance.presentation:
            self._panel.show_only(None)
            return
        chosen: dict[str, set[str]] = {}
        for key in self._chosen:
            title, _, name = key.partition("/")
            chosen.setdefault(title, set()).add(name)
        self._panel.show_only(chosen)
