"""Presentation mode shows the whole network and the controls that the user chose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QScrollArea, QSlider, QSplitter, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView
from playground.plotting.plot_card import PlotCard
from playground.style.appearance import presentation_scale
from playground.style.theme import TEXT_LABEL, TEXT_TITLE
from playground.window.main_window import MainWindow
from playground.window.presentation import DEFAULT

Opener = Callable[..., MainWindow]


def toggle(window: MainWindow) -> None:
    window.findChild(QAction, "presentationAction").trigger()


def in_sight(window: MainWindow, widget: QWidget) -> bool:
    area = window.controls.findChild(QScrollArea).viewport()
    corner = widget.mapTo(area, widget.rect().bottomRight())
    return widget.isVisible() and area.rect().contains(corner)


def test_at_1440_by_900_all_layers_and_the_chosen_controls_are_visible(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(preset("vanishing-gradient"))
    toggle(window)
    names = ("depthSlider", "widthSlider", "gainSlider", "learningRateSlider")
    qtbot.waitUntil(lambda: all(in_sight(window, window.findChild(QSlider, name)) for name in names))
    assert in_sight(window, window.findChild(QComboBox, "activationCombo"))
    assert not window.findChild(QSlider, "noiseSlider").isVisible()
    network = window.cards["network"]
    assert isinstance(network, NetworkView)
    canvas = network.canvas
    first, last = canvas.builder.layout.columns[0], canvas.builder.layout.columns[-1]
    assert canvas.viewport.to_view(first.left, 0)[0] >= 0
    assert canvas.viewport.to_view(last.right, 0)[0] <= canvas.width()
    toggle(window)
    assert window.findChild(QSlider, "noiseSlider").isVisible()


def test_the_chosen_controls_are_remembered(open_window: Opener, settings: QSettings) -> None:
    window = open_window()
    toggle(window)
    for key in DEFAULT:
        action = window.findChild(QAction, f"present-{key}")
        assert action.isChecked(), key
        action.trigger()
    assert not window.controls.data.isVisible()
    assert not window.controls.layers.isVisible()
    window.findChild(QAction, "present-Training/Optimizer").trigger()
    window.findChild(QAction, "present-Data/Noise").trigger()
    assert window.findChild(QComboBox, "optimizerCombo").isVisible()
    assert window.findChild(QSlider, "noiseSlider").isVisible()
    assert not window.findChild(QSlider, "depthSlider").isVisible()
    window.close()
    second = open_window()
    assert second.findChild(QComboBox, "optimizerCombo").isVisible()
    assert not second.findChild(QSlider, "depthSlider").isVisible()
    toggle(second)
    assert second.findChild(QSlider, "depthSlider").isVisible()
    settings.setValue("presentation/controls", 3)


def test_each_mode_keeps_its_own_sizes(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    splitter = window.workspace.findChild(QSplitter, "root")
    splitter.setSizes([260, 480, 228])
    qtbot.wait(300)
    before = splitter.sizes()
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes()[0] > before[0])
    splitter.setSizes([before[0] + 150, before[1] - 250, before[2] + 100])
    presented = splitter.sizes()
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes() == before)
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes() == presented)


def test_every_control_of_the_panel_can_be_chosen(open_window: Opener) -> None:
    window = open_window()
    offered = {a.objectName().removeprefix("present-") for a in window.menus.presentation_menu.actions()} - {""}
    assert set(DEFAULT) <= offered
    assert {f"{s.title}/{name}" for s in window.controls.sections for name in s.named_rows} == offered
    assert len(offered) >= 16


@pytest.mark.parametrize(("width", "scale"), [(800, 1.15), (1024, 1.15), (1280, 1.28), (1440, 1.4), (2560, 1.4)])
def test_a_small_screen_is_not_drawn_too_large(width: int, scale: float) -> None:
    assert presentation_scale(width) == pytest.approx(scale)


def test_an_enlarged_inspector_uses_a_large_window(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    card = window.workspace.card("inspector")
    assert isinstance(card, InspectorPanel)
    window.resize(2560, 1440)
    window.workspace.toggle_enlarged(card)
    assert card._title.fontInfo().pixelSize() >= round(1.5 * TEXT_TITLE)
    window.workspace.restore()
    qtbot.waitUntil(lambda: card._title.fontInfo().pixelSize() == TEXT_TITLE)


def test_the_switch_of_a_large_card_is_as_large_as_its_other_words(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(2560, 1440)
    window.workspace.show_arrangement("landscape")
    card = window.workspace.card("landscape_3d")
    assert isinstance(card, PlotCard)
    qtbot.waitUntil(lambda: card.width() > 700)
    words = [each for each in card.findChildren(QToolButton) if each.isVisible() and each.text()]
    sizes = {each.text(): each.fontInfo().pixelSize() for each in words}
    assert sizes["race"] == sizes["Path of training ▾"]
    assert sizes["race"] > TEXT_LABEL
