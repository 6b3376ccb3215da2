"""The menu entry that names neurons and weights by consecutive numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.menu_entry import Entry, add_entry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu

    from playground.session import Session


def add_numbering(window: QMainWindow, menu: QMenu, session: Session) -> None:
    """Add the entry to ``menu``; it follows the Experiment of ``session``."""

    def is_numbered() -> bool:
        return session.experiment.network.notation == "numbered"

    def toggle() -> None:
        session.edit_network("Names", notation="layers" if is_numbered() else "numbered")
        action.setChecked(is_numbered())

    tip = "Call neurons z₁, z₂, … and weights w₅₀ instead of hidden 1 · 2 and W₂[3,1]."
    action = add_entry(window, menu, Entry("numberedAction", "&Numbered neurons", toggle, None, tip))
    action.setCheckable(True)
    action.setChecked(is_numbered())
    session.experiment_changed.connect(lambda *_: action.setChecked(is_numbered()))
