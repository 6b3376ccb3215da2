"""A line whose text changes without laying out the window, but whose height follows the font."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.widgets.plain_text import PlainLabel
from playground.widgets.still_line import StillLine


class Requests(QObject):
    """Counts how often a widget is asked to lay out its children again."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def shown_page(qtbot: QtBot, line: QWidget) -> tuple[QWidget, Requests]:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    layout.addWidget(line)
    layout.addStretch(1)
    page.resize(300, 200)
    with qtbot.waitExposed(page):
        page.show()
    qtbot.wait(20)
    return page, Requests(page)


def test_a_new_text_lays_out_nothing_around_the_line(qtbot: QtBot) -> None:
    plain, label = PlainLabel("a"), PlainLabel("a")
    _, of_plain = shown_page(qtbot, plain)
    page, of_line = shown_page(qtbot, StillLine(label))
    plain.setText("another")
    label.setText("another")
    qtbot.wait(20)
    assert of_plain.count == 1  # what the line avoids
    assert of_line.count == 0
    assert label.isVisible()
    assert label.width() == page.contentsRect().width() - 2 * page.layout().contentsMargins().left()  # type: ignore[union-attr]


def test_the_line_is_as_high_as_its_font(qtbot: QtBot) -> None:
    label = PlainLabel("a")
    line = StillLine(label)
    _, requests = shown_page(qtbot, line)
    before = line.height()
    assert before == label.sizeHint().height()
    label.setStyleSheet("font-size: 40px;")
    qtbot.waitUntil(lambda: line.height() > before, timeout=5000)
    assert line.height() == label.height() == label.sizeHint().height()
    assert requests.count >= 1


def test_a_long_text_does_not_widen_the_window(qtbot: QtBot) -> None:
    label = PlainLabel("a very long text " * 40)
    page, _ = shown_page(qtbot, StillLine(label))
    assert page.width() == 300
    assert page.minimumSizeHint().width() < 100
