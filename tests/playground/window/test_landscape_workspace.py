"""The Landscape workspace in the window, with real clicks: axes, stability limit and minima."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from playground.network_view import NetworkView
from playground.plots.minima_histogram import rows
from playground.style.numbers import short
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
    monkeypatch.setattr("playground.plots.minima.sizes_for", lambda _architecture, _samples: (4, 400))
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
