"""Presentation mode with the keyboard alone: each control is reached, shows the focus, and none that is hidden gets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.plotting.cards.plot_card import PlotCard
from playground.session.selection import Selection
from playground.widgets.card import Card
from playground.window.main_window import MainWindow
from playground.worker.background import Background

Opener = Callable[..., MainWindow]

MAX_STOPS = 200
KINDS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox)


@pytest.fixture
def window(open_window: Opener, qtbot: QtBot) -> MainWindow:
    opened = open_window(preset("vanishing-gradient"))
    opened.resize(1280, 800)
    opened.appearance.set_presentation(True)
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    qtbot.waitUntil(lambda: opened.session.snapshot is not None)
    opened.session.select(Selection("weight", 1, 2, 1))
    opened.workspace.complete()
    return opened


def walk(window: MainWindow, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Press ``key`` until the focus is where it was before; return all stops, each of which is visible."""
    stops: list[QWidget] = []
    for _ in range(MAX_STOPS):
        QTest.keyClick(QApplication.focusWidget() or window, key)
        stop = QApplication.focusWidget()
        assert stop is not None
        if stop in stops:
            assert stop is stops[0], "the walk ends where it began"
            return stops
        assert seen(stop), describe(stop)
        stops.append(stop)
    raise AssertionError("the Tab key does not return")


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()} {widget.accessibleName()}"


def surface(widget: QWidget) -> QWidget:
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def seen(widget: QWidget) -> bool:
    return widget.isVisible() and not surface(widget).visibleRegion().isEmpty()


def group_of(widget: QWidget) -> QButtonGroup | None:
    return widget.group() if isinstance(widget, QAbstractButton) else None


def to_reach(window: MainWindow) -> list[QWidget]:
    """Return the controls that a mouse can use and that do not only repeat what another one does."""
    found = [each for each in window.findChildren(QWidget) if isinstance(each, KINDS) and each.isEnabled()]
    return [each for each in found if seen(each) and not isinstance(each, QScrollBar)]


@pytest.mark.parametrize("arrangement", ["playground", "gradients", "landscape"])
def test_the_tab_key_reaches_every_control_and_none_that_is_hidden(
    window: MainWindow, arrangement: str, qtbot: QtBot
) -> None:
    window.workspace.show_arrangement(arrangement)
    plots = [each for each in window.cards.values() if isinstance(each, PlotCard) and each.isVisible()]
    qtbot.waitUntil(lambda: all(plot.shown() is not None for plot in plots), timeout=30_000)
    qtbot.waitUntil(lambda: all(job.is_idle for job in window.findChildren(Background)), timeout=30_000)
    qtbot.wait(50)  # layouts settle
    forward, backward = walk(window), walk(window, Qt.Key.Key_Backtab)
    assert set(forward) == set(backward)
    # The arrow keys lead from one button of a group to the next.
    groups = {group_of(stop) for stop in forward} - {None}
    for control in to_reach(window):
        assert control in forward or group_of(control) in groups, describe(control)


def test_each_stop_shows_that_it_has_the_focus(window: MainWindow) -> None:
    for stop in walk(window):
        window.setFocus()
        without = stop.grab().toImage()
        stop.setFocus(Qt.FocusReason.TabFocusReason)
        assert QApplication.focusWidget() is stop, describe(stop)
        assert stop.grab().toImage() != without, describe(stop)


def test_cards_are_reached_as_they_are_read(window: MainWindow, qtbot: QtBot) -> None:
    def cards() -> list[str]:
        found: list[str] = []
        for stop in walk(window):
            card: QWidget | None = stop
            while card is not None and not isinstance(card, Card):
                card = card.parentWidget()
            key = None if card is None else window.workspace.key_of(card)
            if key is not None and found[-1:] != [key]:
                found.append(key)
        return found

    qtbot.wait(100)
    window.toolbar.findChild(QWidget, "playButton").setFocus()
    assert sorted(cards()) == sorted(set(cards())), "each card once, as a whole"
    order = cards()
    start = order.index("network")
    assert order[start:] + order[:start] == ["network", "loss", "gradient", "weights", "output", "inspector"]


def test_space_plays_and_escape_leaves_one_thing_at_a_time(window: MainWindow, qtbot: QtBot) -> None:
    stops = walk(window)
    for stop in (stops[3], stops[len(stops) // 2], stops[-2]):
        for playing in (True, False):
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.keyClick(stop, Qt.Key.Key_Space)
            assert window.session.playing is playing, describe(stop)
    for key in ("network", "inspector"):
        card = window.workspace.card(key)
        assert card is not None
        window.workspace.toggle_enlarged(card)
        qtbot.wait(50)
        inside = walk(window)
        assert any(card.isAncestorOf(stop) for stop in inside)
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
        assert window.workspace.enlarged is None
        assert window.session.selection is not None, "Escape leaves one thing at a time"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.session.selection is None
    assert window.appearance.presentation
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.appearance.presentation
    assert not window.findChild(QAction, "presentationAction").isChecked()


def test_parts_that_are_windows_of_their_own_are_left_out_of_the_order(window: MainWindow, qtbot: QtBot) -> None:
    menu = QWidget(window.cards["loss"], Qt.WindowType.Popup)
    field = QLineEdit(menu)
    window.workspace.rearranged.emit()
    qtbot.wait(20)  # Qt warns if two stops are not in the same window, which fails the test
    assert field not in walk(window)
