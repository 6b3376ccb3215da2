"""In a picture, the chosen sample is beside its label, on a line of normal height."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.inspector.widgets.sample_choice import SampleChoice


def test_a_large_line_keeps_its_height_and_a_gap(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.setStyleSheet("QLabel { font-size: 44px; }")
    choice, below = SampleChoice(), QLabel("below")
    layout = QVBoxLayout(page)
    layout.addWidget(choice)
    layout.addWidget(below)
    choice._box.setMaximum(9)
    choice._box.setValue(3)
    choice.make_static()
    page.resize(900, 600)
    page.show()
    label, value = choice.findChildren(QLabel)
    assert value.fontMetrics().height() > 40
    assert choice.height() <= choice.sizeHint().height() < 100
    assert label.text() == "Sample"
    assert value.text().strip() == choice._box.text()
    gap = value.text()[: -len(value.text().strip())]
    assert value.fontMetrics().horizontalAdvance(gap) > 15, "it grows with the letters"
