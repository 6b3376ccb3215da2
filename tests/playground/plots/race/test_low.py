"""The race card in little room: the plot or the table, each of them legible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plots import RacePlot
from playground.plots.race.racer_table import BATCH, COLUMNS, MOMENTUM, OPTIMIZER, RATE
from playground.style.theme import LIGHT, Style
from playground.window.main_window import MainWindow
from tests.playground.plots.support import make

LOW = (336, 334)
"""Its size in the landscape workspace in presentation mode on a screen of 1280 × 800."""

PRESENTED = Style(LIGHT, 1.28)


@pytest.fixture
def card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> Any:
    made = make(qtbot, RacePlot, style=PRESENTED, size=LOW)
    made.show_snapshot(snapshots["default"])
    made.choose_objective("bowl")
    qtbot.waitUntil(lambda: made.is_settled)
    made._clock.stop()
    made._frame = 10**6
    made._show_results(made.shown())
    return made


def test_a_low_card_shows_the_map_or_the_table(card: Any) -> None:
    assert card.canvas.area().rect.height() >= 100
    assert card.bar._again.isVisible()
    assert not card.bar.table.isVisible()
    QTest.mouseClick(card.bar._racers, Qt.MouseButton.LeftButton)
    assert card.bar.table.isVisible()
    assert not card.canvas.isVisible()
    assert card.bar._add.isVisible()
    card.resize(640, 640)
    assert card.bar.table.isVisible()
    assert card.canvas.isVisible()
    assert not card.bar._racers.isVisible()
    card.resize(*LOW)
    assert not card.canvas.isVisible(), "the choice is kept"
    QTest.mouseClick(card.bar._racers, Qt.MouseButton.LeftButton)
    assert card.canvas.isVisible()


@pytest.mark.parametrize(
    ("width", "scale"), [(LOW[0], 1.28), (385, 1.4), (325, 1.0), (420, 1.0), (640, 1.28), (1200, 2.3)]
)
def test_no_column_of_the_table_is_cut(card: Any, width: int, scale: float) -> None:
    card.set_style(Style(LIGHT, scale))
    card.resize(width, 300)
    card.bar._racers.setChecked(True)
    table = card.bar.table
    shown = [index for index in range(len(COLUMNS)) if not table.isColumnHidden(index)]
    assert {OPTIMIZER, RATE, BATCH, MOMENTUM} <= set(shown)
    assert sum(table.columnWidth(index) for index in shown) <= table.viewport().width()
    metrics = QFontMetricsF(table.font())
    for index in shown:
        texts = [COLUMNS[index].title, *(table.item(row, index).text() for row in range(table.rowCount()))]
        for text in texts:
            assert metrics.horizontalAdvance(text) + 8 <= table.columnWidth(index), text
    if width >= 420:
        assert len(shown) == len(COLUMNS)


class Overlaps(QObject):
    """Looks at each paint event of the card whether its table and the buttons below it overlap."""

    def __init__(self, card: Any) -> None:
        super().__init__()
        self.card, self.gaps = card, []
        for each in (card, card.canvas.viewport(), card.bar.table.viewport(), card.bar._again):
            each.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        table, button = self.card.bar.table, self.card.bar._again
        if event.type() == QEvent.Type.Paint and table.isVisible():
            end = table.mapTo(self.card, QPoint(0, table.height())).y()
            self.gaps.append(button.mapTo(self.card, QPoint(0, 0)).y() - end)
        return False


def test_the_card_is_never_painted_between_two_layouts(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1280, 800)
    window.workspace.show_arrangement("landscape")
    window.workspace.reveal("race")
    card = window.workspace.card("race")
    assert isinstance(card, RacePlot)
    qtbot.waitUntil(lambda: card.shown() is not None and card.bar.table.isVisible())
    watch, before = Overlaps(card), card.bar.table.geometry()
    for change in (
        lambda: window.workspace.toggle_enlarged(card),
        window.workspace.restore,
        lambda: window.resize(2200, 1300),
        lambda: window.resize(1280, 800),
    ):
        watch.gaps.clear()
        change()
        qtbot.waitUntil(lambda: len(watch.gaps) > 3)
        qtbot.wait(100)
        assert min(watch.gaps) >= 0, change
    assert card.bar.table.isVisible(), "it is no longer as low as for the larger type"
    assert card.bar.table.geometry() == before
