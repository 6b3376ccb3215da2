"""The wheel never changes an unfocused control, and a number field accepts typed text only on Return."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.style.stylesheet import stylesheet
from playground.style.theme import DARK, Style
from playground.widgets.quiet import QuietCombo, QuietSlider, QuietSpin
from tests.playground.wheel import turn_wheel

ROOT = Path(__file__).parents[3] / "playground"
UNPROTECTED = {"QSlider", "QComboBox", "QSpinBox", "QDoubleSpinBox", "QDial", "QDateEdit", "QTimeEdit", "QFontComboBox"}


def test_every_control_of_the_app_ignores_the_wheel_without_focus() -> None:
    found = []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = [node.func] if isinstance(node, ast.Call) else node.bases if isinstance(node, ast.ClassDef) else []
            found += [
                f"{path.name}:{each.id}" for each in made if isinstance(each, ast.Name) and each.id in UNPROTECTED
            ]
    assert sorted(found) == ["quiet.py:QComboBox", "quiet.py:QSlider", "quiet.py:QSpinBox"]


class Page(QWidget):
    """One of each control, and another field that can be focused."""

    def __init__(self) -> None:
        super().__init__()
        self.slider, self.combo, self.spin, self.other = QuietSlider(), QuietCombo(), QuietSpin(), QLineEdit()
        self.slider.setRange(0, 100)
        self.combo.addItems(["a", "b", "c", "d", "e"])
        self.spin.setRange(0, 100)
        layout = QVBoxLayout(self)
        for widget in (self.slider, self.combo, self.spin, self.other):
            layout.addWidget(widget)
        self.slider.setValue(50)
        self.combo.setCurrentIndex(2)
        self.spin.setValue(50)

    def values(self) -> tuple[int, int, int]:
        return self.slider.value(), self.combo.currentIndex(), self.spin.value()


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.other.setFocus()
    return made


def test_the_wheel_changes_only_focused_controls(page: Page) -> None:
    before = page.values()
    for widget in (page.slider, page.combo, page.spin):
        turn_wheel(widget)
        turn_wheel(widget)
    assert page.values() == before
    assert page.other.hasFocus()
    for index, widget in enumerate((page.slider, page.combo, page.spin)):
        widget.setFocus()
        turn_wheel(widget)
        assert page.values()[index] != before[index]


def field(spin: QSpinBox) -> QLineEdit:
    found = spin.findChild(QLineEdit)
    assert found is not None
    return found


def test_the_click_that_focuses_a_number_selects_it_and_the_next_places_the_cursor(page: Page) -> None:
    spin, text = page.spin, field(page.spin)
    left = QPoint(text.textMargins().left() + 2, text.height() // 2)
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=left)
    assert text.selectedText() == "50"
    QTest.keyClicks(spin, "12")
    assert text.text() == "12"
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=left)
    assert (text.selectedText(), text.cursorPosition()) == ("", 0)
    page.other.setFocus()
    QTest.mouseClick(spin, Qt.MouseButton.LeftButton, pos=QPoint(spin.width() - 4, 4))
    assert spin.value() == 51
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=left)
    assert text.cursorPosition() == 0, "the arrow gave the focus, so this click is into the text"


def test_only_return_accepts_the_number(page: Page) -> None:
    spin, text = page.spin, field(page.spin)
    emitted: list[int] = []
    spin.valueChanged.connect(emitted.append)
    for leave in (lambda: QTest.keyClick(spin, Qt.Key.Key_Escape), page.other.setFocus):
        spin.setFocus()
        QTest.keyClicks(spin, "12")
        assert text.text() == "12"
        leave()
        assert (spin.value(), text.text(), emitted) == (50, "50", [])
    spin.setFocus()
    QTest.keyClicks(spin, "12")
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert (spin.value(), emitted) == (12, [12])


def test_the_return_that_takes_a_number_does_not_press_the_button_of_its_dialog(qtbot: QtBot) -> None:
    dialog, spin, button = QDialog(), QuietSpin(), QPushButton("Save")
    qtbot.addWidget(dialog)
    spin.setRange(10, 100)
    layout = QVBoxLayout(dialog)
    layout.addWidget(spin)
    layout.addWidget(button)
    button.setDefault(True)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(spin.value()))
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    spin.setFocus()
    for text, value in (("42", 42), ("7", 42)):
        spin.selectAll()
        QTest.keyClicks(spin, text)
        QTest.keyClick(spin, Qt.Key.Key_Return)
        assert (spin.value(), pressed) == (value, [])
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert pressed == [42]


def test_typed_text_is_kept_while_the_context_menu_is_open(page: Page, qtbot: QtBot) -> None:
    spin, text = page.spin, field(page.spin)
    emitted: list[int] = []
    spin.valueChanged.connect(emitted.append)
    spin.setFocus()
    QTest.keyClicks(spin, "12")
    seen: list[str] = []

    def look_and_close() -> None:
        menu = QApplication.activePopupWidget()
        seen.append(text.text() if isinstance(menu, QMenu) else "no menu")
        if menu is not None:
            menu.close()

    QTimer.singleShot(50, look_and_close)
    QApplication.sendEvent(
        spin, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), spin.mapToGlobal(QPoint(5, 5)))
    )
    assert seen == ["12"]
    assert (spin.value(), text.text(), emitted) == (50, "12", [])
    assert spin.hasFocus()
    QTest.keyClick(spin, Qt.Key.Key_Return)
    assert emitted == [12]


def test_the_popup_of_a_menu_has_one_frame(page: Page) -> None:
    style = Style(DARK)
    page.setStyleSheet(stylesheet(style))
    page.combo.setFocus()
    page.combo.showPopup()
    picture = page.combo.view().window().grab().toImage()
    page.combo.hidePopup()
    line, inside = QColor(style.theme.line).name(), QColor(style.theme.panel).name()
    middle = picture.height() // 2
    for outwards in ([picture.pixelColor(x, middle) for x in range(4)], [picture.pixelColor(40, y) for y in range(4)]):
        assert [colour.name() for colour in outwards] == [line, inside, inside, inside]
