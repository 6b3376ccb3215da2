"""Every plot can be read by keyboard: Tab focuses it, arrow keys move the cursor, Escape hides it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plots import GradientPlot
from playground.style.theme import LIGHT
from tests.playground.plots.support import PLOTS, colours, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


def focused(qtbot: QtBot, kind: Any, snapshot: Snapshot) -> Any:
    card = make(qtbot, kind)
    card.show_snapshot(snapshot)
    picture(card)
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    card.canvas.clearFocus()  # activating the window focuses its first plot
    card.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(card.canvas.hasFocus)
    return card


@pytest.mark.parametrize("kind", PLOTS)
def test_the_arrows_move_the_read_out_and_escape_hides_it(
    qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]
) -> None:
    card = focused(qtbot, kind, snapshots["dropout"])
    framed = picture(card)
    assert rgb(LIGHT.accent) in colours(framed)
    QTest.keyClick(card.canvas, Qt.Key.Key_Right)
    assert picture(card) != framed
    QTest.keyClick(card.canvas, Qt.Key.Key_Escape)
    assert picture(card) == framed
    QTest.keyClick(card.canvas, Qt.Key.Key_Left)
    card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    card.setFocus()
    qtbot.waitUntil(lambda: not card.canvas.hasFocus())
    assert picture(card) != framed
    assert not card.canvas._cursor


def test_the_read_out_stays_inside_the_plot(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = focused(qtbot, GradientPlot, snapshots["default"])
    positions: list[QPointF | None] = []
    card.canvas.hovered.connect(positions.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up):
        for _ in range(12):
            QTest.keyClick(card.canvas, key, Qt.KeyboardModifier.ShiftModifier)
    rect = card.canvas.area().rect
    assert all(position is not None and rect.contains(position) for position in positions)
    assert positions[-1] == QPointF(rect.right() - 1.0, rect.top() + 1.0)
    assert positions[1].x() - positions[0].x() == pytest.approx(0.1 * rect.width())
    QTest.keyClick(card.canvas, Qt.Key.Key_Left)
    assert positions[-1].x() == pytest.approx(rect.right() - 1.0 - 0.02 * rect.width())


def test_other_keys_are_left_to_the_window(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = focused(qtbot, GradientPlot, snapshots["default"])
    keys: list[int] = []
    card.keyPressEvent = lambda event: keys.append(event.key())
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_R):
        QTest.keyClick(card.canvas, key)
    assert keys == [Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Home, Qt.Key.Key_R]


def test_a_click_does_not_focus_and_an_exported_figure_cannot_be_focused(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, GradientPlot)
    card.show_snapshot(snapshots["default"])
    assert card.canvas.focusPolicy() == Qt.FocusPolicy.TabFocus
    figure = card.build_figure(card._style)
    qtbot.addWidget(figure)
    assert figure.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_focus_from_window_activation_draws_no_frame_until_an_arrow_is_pressed(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, GradientPlot)
    card.show_snapshot(snapshots["default"])
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    card.canvas.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert rgb(LIGHT.accent) not in colours(picture(card))
    QTest.keyClick(card.canvas, Qt.Key.Key_Right)
    assert rgb(LIGHT.accent) in colours(picture(card))
