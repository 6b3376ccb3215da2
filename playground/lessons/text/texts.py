"""Create the text views of one lesson, and keep their live numbers up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from core.errors import PlaygroundError
from core.lessons.measurements.registry import measure_in_words, parse_call
from core.training.snapshot import Snapshot
from playground.lessons.text.view import TextView
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.numbers import THIN_SPACE
from playground.style.theme import Style

UNKNOWN: Final = "–"
NO_BREAK: Final = "\u202f"
"""Narrow no-break space."""


class Texts(QObject):
    """Creates text views that share a lesson's folder, formulas and latest snapshot.

    Signals:
        link_activated: the address of a link that was clicked.
    """

    link_activated = Signal(str)

    def __init__(
        self, folder: Path | None, formulas: FormulaStore, style: Style, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder, self._formulas, self._style = folder, formulas, style
        self._snapshot: Snapshot | None = None
        self._views: list[TextView] = []

    def view(self, markdown: str) -> TextView:
        """Return a new view of ``markdown``."""
        view = TextView(markdown, self._folder, self.number, self._formulas, self._style)
        view.link_activated.connect(self.link_activated)
        self._views.append(view)
        return view

    def number(self, source: str) -> str:
        """Return the text of the live number ``source``; a dash while it is unknown."""
        return number_in(self._snapshot, source)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the live numbers of the visible texts."""
        self._snapshot = snapshot
        for view in self._existing_views():
            if view.isVisible():
                view.show_numbers()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        for view in self._existing_views():
            view.set_style(style)

    def _existing_views(self) -> list[TextView]:
        self._views = [view for view in self._views if isValid(view)]
        return self._views


def number_in(snapshot: Snapshot | None, source: str) -> str:
    """Return the text of the live number ``source`` in ``snapshot``; a dash if it has no value there."""
    if snapshot is None:
        return UNKNOWN
    try:
        # Lines must not break between a number and its unit.
        return measure_in_words(parse_call(source), snapshot).replace(THIN_SPACE, NO_BREAK)
    except PlaygroundError:
        return UNKNOWN
