"""The Landscape workspace in the window, with real clicks: axes, stability limit and minima."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from core.analysis.race import race as core_race
from core.analysis.surfaces import SURFACES
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from playground.network_view import NetworkView
from playground.plots.minima.histogram import rows
from playground.plots.race.card import FRAMES
from playground.plots.race.data import STEPS, surface_racers
from playground.plots.race.objective_menu import ObjectiveMenu
from playground.plots.race.racer_table import ARRIVED, DETOUR
from playground.plotting.cards.word_choice import WordMenu
from playground.style.consistent_digits import value_of
from playground.style.numbers import short, thousands
from playground.widgets.quiet import QuietSlider
from playground.window.main_window import MainWindow
from tests.playground.network_view.support import click, edge

XOR = Experiment(data=DataSettings(dataset="xor", noise=0.2), network=NetworkSettings(hidden=(HiddenLayer(units=2),)))


def test_row05_the_slider_is_marked_while_the_sharpness_is_visible(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window: Any = open_window()
    slider = window.controls.findChild(QuietSlider, "learningRateSlider")
    assert slider.mark is None
    window.workspace.show_arrangement("landscape")
    card = window.cards["sharpness"]
    qtbot.waitUntil(lambda: card.shown() is not None and slider.mark is not None, timeout=60_000)
    limit = short(2.0 / float(card.shown().values[-1]), 2)
    assert slider.toolTip().startswith(f"2/λ = {limit}: above this")
    assert card._sentence.text().endswith(f"2/λ = {limit}"), "one number in both places"
    window.workspace.show_arrangement("playground")
    qtbot.waitUntil(lambda: slider.mark is None)


def test_row18_two_clicked_weights_are_the_axes_of_the_landscape(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window: Any = open_window()
    window.workspace.show_arrangement("landscape")
    card, view = window.cards["landscape"], window.cards["network"]
    assert isinstance(view, NetworkView)
    card.choose_plane("weights")
    qtbot.waitUntil(lambda: card.shown() is not None, timeout=60_000)
    assert card.accessibleDescription().startswith("click two weights in the network")
    click(qtbot, view, edge(view, 0, 1, 3))
    click(qtbot, view, edge(view, 1, 2, 0))
    qtbot.waitUntil(lambda: card.is_settled and card.shown().short_names == ("W₁[2,4]", "W₂[3,1]"), timeout=60_000)
    layers = window.session.snapshot.network.architecture.layers
    parameters = window.session.snapshot.network.parameters
    here = (parameters[layers[0].weight_index(1, 3)], parameters[layers[1].weight_index(2, 0)])
    assert card.shown().here == pytest.approx(here, abs=1e-12)


def test_row19_a_click_on_a_minimum_loads_it_into_the_network(
    open_window: Callable[..., MainWindow], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.minima.card.sizes_for", lambda _architecture, _samples: (4, 400))
    window: Any = open_window(XOR)
    window.workspace.show_arrangement("landscape")
    window.workspace.reveal("minima")
    card, session = window.cards["minima"], window.session
    qtbot.waitUntil(lambda: card.shown() is not None and len(card.shown().restarts) == 4, timeout=60_000)
    before = session.snapshot.network.parameters.copy()
    data = card.shown()
    rect, index = rows(card.canvas, card.canvas.area(), data, card._style)[0]
    QTest.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    wanted = data.minima[index]
    qtbot.waitUntil(lambda: bool(np.array_equal(session.snapshot.network.parameters, wanted.parameters)))
    assert session.snapshot.scores.train_loss == pytest.approx(wanted.loss, rel=1e-9)
    session.undo()
    qtbot.waitUntil(lambda: bool(np.array_equal(session.snapshot.network.parameters, before)))


def pick(button: QToolButton, text: str) -> None:
    """Open the menu of ``button`` with the mouse and click the entry ``text``."""

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry = next(action for action in menu.actions() if action.text() == text)
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())

    QTimer.singleShot(50, button, choose)  # the menu has an event loop of its own
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def word(window: MainWindow, text: str) -> QToolButton:
    return next(each for each in window.findChildren(QToolButton) if each.isVisible() and each.text() == text)


def test_row18_the_workspace_is_walked_with_mouse_and_keyboard(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window: Any = open_window(playing=True)
    qtbot.waitUntil(lambda: window.session.snapshot.step > 50, timeout=60_000)
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    flat, tilted = window.cards["landscape"], window.cards["landscape_3d"]
    qtbot.waitUntil(lambda: flat.shown() is not None and tilted.shown() is not None, timeout=60_000)
    assert flat.shown().names[0].startswith("principal direction 1 (")
    for label, name in (
        ("Random directions", "random direction 1, filter-normalized"),
        ("Two weights", "along "),
    ):
        pick(flat.findChild(WordMenu), label)
        qtbot.waitUntil(lambda name=name: flat.shown().names[0].startswith(name), timeout=60_000)
    hints = []
    view = window.cards["network"]
    for layer, source, target in ((0, 1, 3), (1, 2, 0)):
        hints.append(flat.accessibleDescription().partition(";")[0])
        click(qtbot, view, edge(view, layer, source, target))
    assert hints == ["click two weights in the network to choose the axes", "click another weight"]
    qtbot.waitUntil(lambda: flat.shown().short_names == ("W₁[2,4]", "W₂[3,1]"), timeout=60_000)
    window.activateWindow()  # an offscreen display does not do so when a menu closes
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not window.session.snapshot.playing and flat.shown().is_fine, timeout=60_000)
    snapshot = window.session.snapshot
    assert flat.shown().loss == snapshot.scores.train_loss
    said = value_of(flat.accessibleDescription().split()[1])
    assert said == pytest.approx(snapshot.scores.train_loss, rel=0.05)

    viewport, camera = tilted.canvas.viewport(), tilted.camera
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
    QTest.mouseMove(viewport, QPoint(130, 80))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(130, 80))
    assert tilted.camera != camera
    assert QApplication.focusWidget() is tilted, "so that the keys turn it, too"
    turned = tilted.camera
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Plus)
    assert tilted.camera.azimuth != turned.azimuth
    assert tilted.camera.zoom > turned.zoom

    QTest.mouseClick(word(window, "race"), Qt.MouseButton.LeftButton)
    race = window.cards["race"]
    qtbot.waitUntil(race.isVisible)
    pick(race.findChild(ObjectiveMenu), SURFACES["camel"].label)
    qtbot.waitUntil(lambda: race.shown() is not None and race.shown().objective == "camel", timeout=60_000)
    area, before = race.canvas.area(), race.shown()
    QTest.mouseClick(
        race.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(area.x(-1.5)), round(area.y(1.0)))
    )
    qtbot.waitUntil(lambda: race.shown() is not before, timeout=60_000)
    assert race.shown().start == pytest.approx((-1.5, 1.0), abs=0.05)
    race._frame = FRAMES - 1  # to the end of the animation
    qtbot.waitUntil(lambda: race.shown_step == race.shown().steps, timeout=60_000)
    table = race.bar.table
    shown = [(table.item(row, ARRIVED).text(), table.item(row, DETOUR).text()) for row in range(table.rowCount())]
    surface = SURFACES["camel"]
    runs = core_race(surface, surface_racers(surface), race.shown().start, STEPS, 1)
    assert shown == [(thousands(run.arrival or 0), short(run.detour, 2)) for run in runs]
