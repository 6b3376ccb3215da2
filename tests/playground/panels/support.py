"""Helpers shared by the tests of the controls."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QSlider, QWidget

from playground.style.theme import LIGHT, Style

STYLE = Style(LIGHT)


def slider(panel: QWidget, name: str) -> QSlider:
    """Return the slider ``name`` of ``panel``."""
    found = panel.findChild(QSlider, name)
    assert found is not None, name
    return found


def combo(panel: QWidget, name: str) -> QComboBox:
    """Return the combo box ``name`` of ``panel``."""
    found = panel.findChild(QComboBox, name)
    assert found is not None, name
    return found


def choose(menu: QComboBox, key: str) -> None:
    """Select ``key`` in ``menu``, like its popup or the arrow keys."""
    row = menu.findData(key)
    assert row >= 0, f"{key} is not available"
    menu.setCurrentIndex(row)
