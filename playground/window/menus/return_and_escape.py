"""Handle Return and Escape: Return presses the focused button, because the space bar always means Play."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

if TYPE_CHECKING:
    from playground.session import Session
    from playground.style.appearance import Appearance
    from playground.window.workspace.workspace import Workspace


def press(focused: QWidget | None) -> bool:
    """Click the ``focused`` button or open the focused menu; return whether it is one."""
    if isinstance(focused, QAbstractButton):
        focused.click()
    elif isinstance(focused, QComboBox):
        focused.showPopup()
    else:
        return False
    return True


def escape(workspace: Workspace, session: Session, appearance: Appearance) -> None:
    """Leave one thing: the enlarged card, the selection, the sample, or presentation mode."""
    if workspace.enlarged is not None:
        workspace.restore()
    elif session.selection is not None:
        session.select(None)
    elif session.sample is not None:
        session.select_sample(None)
    elif appearance.presentation:
        appearance.set_presentation(False)
