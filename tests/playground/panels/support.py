"""What the tests of the controls share."""

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
    """Return the menu ``name`` of ``panel``."""
    found = panel.findChild(QComboBox, name)
    assert found is not None, name
    return found


def choose(menu: QComboBox, key: str) -> None:
    """Choose ``key`` in ``menu``, as its popup or the arrow keys would."""
    row = menu.findData(key)
    assert row >= 0, f"{key} is not offered"
    menu.setCurrentIndex(row)
