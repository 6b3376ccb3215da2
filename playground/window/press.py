"""Press the focused button with Return, because the space bar always means Play."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget


def press(focused: QWidget | None) -> bool:
    """Click the ``focused`` button or open the focused menu; return whether it is one."""
    if isinstance(focused, QAbstractButton):
        focused.click()
    elif isinstance(focused, QComboBox):
        focused.showPopup()
    else:
        return False
    return True
