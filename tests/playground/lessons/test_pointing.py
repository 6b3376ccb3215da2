"""Controls are found, brought into view and pointed at; hidden and locked ones stay hidden and locked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QSlider, QWidget
from pytestqt.qtbot import QtBot

from core.lessons.blocks import Show, ShowText
from playground.window.lessons.control_locks import ControlLocks
from playground.window.lessons.pointing import Pointing, row_of
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS

Opener = Callable[..., MainWindow]


def pointing(window: MainWindow) -> Pointing:
    return window.lessons.pointing


def test_a_control_in_a_collapsed_section_is_expanded_and_scrolled_to(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.findChild(QSlider, "l1Slider") is not None)
    slider = window.findChild(QSlider, "l1Slider")
    assert not slider.isVisible()
    pointing(window).show(Show(control="l1Slider", text=ShowText(label="L1")))
    ring = pointing(window).ring
    qtbot.waitUntil(ring.isVisible)
    assert slider.isVisible()
    assert not slider.visibleRegion().isEmpty()
    assert ring.target is row_of(slider)
    assert ring.geometry() == window.rect()
    ring.clear()
    assert not ring.isVisible()


def test_a_control_that_presentation_mode_hides_is_shown(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.appearance.set_presentation(True)
    slider = window.findChild(QSlider, "momentumSlider")
    assert not slider.isVisible()
    pointing(window).show(Show(control="momentumSlider"))
    qtbot.waitUntil(slider.isVisible)
    pointing(window).clear()


def test_a_card_of_another_workspace_is_brought_to_the_front(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    focus = window.focusWidget()
    pointing(window).show(Show(card="waterfall"))
    qtbot.waitUntil(lambda: pointing(window).ring.isVisible())
    assert window.workspace.arrangement == "gradients"
    assert pointing(window).ring.target is window.cards["waterfall"]
    assert window.focusWidget() is focus
    window.workspace.show_arrangement(ARRANGEMENTS[0].key)
    assert pointing(window).ring.target is None  # it is hidden now


def test_a_selected_weight_is_labelled_at_the_inspector(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    pointing(window).show(Show(weight=(1, 2, 3), text=ShowText(label="This weight")))
    ring = pointing(window).ring
    qtbot.waitUntil(ring.isVisible)
    assert (ring.target, ring.label) == (window.cards["inspector"], "This weight")
    selection = window.session.selection
    assert (selection.kind, selection.layer, selection.neuron, selection.source) == ("weight", 0, 2, 1)
    ring.clear()


def test_the_ring_follows_its_target_and_disappears_after_a_while(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    pointing(window).show(Show(control="depthSlider"))
    ring = pointing(window).ring
    qtbot.waitUntil(ring.isVisible)
    before = ring.ring()
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: ring.geometry() == window.rect())
    assert ring.ring().width() >= before.width()
    ring._pulse.setCurrentTime(ring._pulse.totalDuration())
    qtbot.waitUntil(lambda: not ring.isVisible())


def test_the_ring_is_not_drawn_over_other_panels_when_its_target_is_scrolled_away(
    open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window()
    window.resize(1280, 720)
    pointing(window).show(Show(control="datasetCombo", text=ShowText(label="Data")))
    ring = pointing(window).ring
    qtbot.waitUntil(ring.isVisible)
    assert ring.target is not None
    area = ring.target.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    shown = QRect(area.mapTo(window, QPoint(0, 0)), area.size()).adjusted(-8, -8, 8, 8)
    assert shown.contains(ring.ring())
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(bar.maximum())
    assert ring.ring().isEmpty()
    assert ring.isVisible()
    bar.setValue(0)
    assert shown.contains(ring.ring())
    ring.clear()


@pytest.mark.parametrize("change", ["optimizer", "presentation"])
def test_controls_stay_locked_and_hidden_until_they_are_released(
    open_window: Opener, qtbot: QtBot, change: str
) -> None:
    window = open_window()
    locks = ControlLocks(window.controls, window)
    locks.apply(("data", "l2Slider"), ("momentumSlider", "activationCombo"))
    momentum, l2 = window.findChild(QSlider, "momentumSlider"), window.findChild(QSlider, "l2Slider")
    combo = window.findChild(QWidget, "activationCombo")
    assert not momentum.isEnabled()
    assert not combo.isEnabled()
    assert not l2.isVisible()
    if change == "optimizer":
        window.session.edit_training("Optimizer", optimizer="momentum", momentum=0.9)
        window.session.set_depth(0)
        window.session.set_depth(2)
    else:
        window.appearance.set_presentation(True)
        window.appearance.set_presentation(False)
    assert not momentum.isEnabled()
    assert not combo.isEnabled()
    assert not l2.isVisible()
    assert not window.controls.data.isVisible()
    locks.release()
    assert combo.isEnabled()
    assert l2.isVisible()
    assert window.controls.data.isVisible()
    assert momentum.isEnabled()
