"""Hovering a layer in one view highlights it in the others, and the gradient card draws the core's forecast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.analysis.gradient_forecast import delta_forecast, weight_gradient_forecast
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.plots import ForecastPlot, GradientHistoryPlot, GradientPlot, WaterfallPlot
from playground.plotting.cards.computed_card import ComputedCard
from playground.session import Session
from playground.session.selection import HoveredLayer, Selection, layer_of
from playground.style.theme import LIGHT, Style
from tests.playground.factory import network, snapshot_of
from tests.playground.plots.support import picture

pytestmark = pytest.mark.usefixtures("fonts")

KINDS: tuple[Any, ...] = (GradientPlot, WaterfallPlot, ForecastPlot, GradientHistoryPlot)


@pytest.fixture(scope="module")
def deep() -> Snapshot:
    return snapshot_of(network(6, 6, 6, 6, initializer="xavier_normal"), steps=2)


def shown(qtbot: QtBot, kind: Any, session: Session, snapshot: Snapshot) -> Any:
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(420, 320)
    with qtbot.waitExposed(card):
        card.show()
    card.show_snapshot(snapshot)
    if isinstance(card, ComputedCard):
        card.settle()
    return card


def point(card: Any, layer: int) -> QPoint:
    area = card.canvas.area()
    return card._picture._layer_box(area, card.shown(), layer).center().toPoint()


def move(card: Any, at: QPoint) -> None:
    viewport = card.canvas.viewport()
    none = Qt.MouseButton.NoButton
    where = QPointF(at)
    QApplication.sendEvent(
        viewport,
        QMouseEvent(
            QEvent.Type.MouseMove, where, viewport.mapToGlobal(where), none, none, Qt.KeyboardModifier.NoModifier
        ),
    )


@pytest.mark.parametrize("source", KINDS)
def test_a_hovered_layer_is_highlighted_in_every_view(qtbot: QtBot, deep: Snapshot, source: Any) -> None:
    session = Session(deep.experiment)
    session.snapshot = deep
    cards = {kind: shown(qtbot, kind, session, deep) for kind in KINDS}
    view = NetworkView(session, Style(LIGHT))
    qtbot.addWidget(view)
    view.show_snapshot(deep)
    before = {kind: picture(card) for kind, card in cards.items()}
    for layer in (0, 2, 4):
        with qtbot.waitSignal(session.hovered):
            move(cards[source], point(cards[source], layer))
        assert {card._picture.highlighted for card in cards.values()} == {layer}
        highlighted = view.canvas.builder.shape.counts[layer + 1]
        assert view.canvas._highlighted == tuple(Selection("neuron", layer, neuron) for neuron in range(highlighted))
    for kind, card in cards.items():
        if kind is not source:
            assert picture(card) != before[kind]
    with qtbot.waitSignal(session.hovered):
        QApplication.sendEvent(cards[source].canvas, QEvent(QEvent.Type.Leave))
    assert {card._picture.highlighted for card in cards.values()} == {None}
    assert view.canvas._highlighted == ()
    assert {kind: picture(card) for kind, card in cards.items()} == before


def test_the_mouse_emits_only_changes_of_the_layer(qtbot: QtBot, deep: Snapshot) -> None:
    session = Session()
    card = shown(qtbot, GradientPlot, session, deep)
    heard: list[object] = []
    session.hovered.connect(heard.append)
    at = point(card, 1)
    for shift in (0, 2, 4):
        move(card, at + QPoint(0, shift))
    move(card, QPoint(1, 1))
    move(card, QPoint(2, 2))
    assert heard == [HoveredLayer(1), None]


def test_the_arrow_keys_emit_layers_too(qtbot: QtBot, deep: Snapshot) -> None:
    session = Session()
    card = shown(qtbot, WaterfallPlot, session, deep)
    card.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(session.hovered) as heard:
        qtbot.keyClick(card.canvas, Qt.Key.Key_Left)
    assert isinstance(heard.args[0], HoveredLayer)
    assert card._picture.highlighted == heard.args[0].layer


def test_a_neuron_under_the_mouse_highlights_its_layer(qtbot: QtBot, deep: Snapshot) -> None:
    session = Session()
    card = shown(qtbot, GradientPlot, session, deep)
    session.hovered.emit(Selection("neuron", 3, 2))
    assert card._picture.highlighted == 3
    session.hovered.emit(Selection("feature", -1, 0))
    assert card._picture.highlighted is None
    session.hovered.emit((Selection("weight", 1, 0, 0), Selection("weight", 2, 0, 0)))
    assert card._picture.highlighted is None


def test_every_hovered_item_has_its_layer() -> None:
    assert layer_of(HoveredLayer(2)) == 2
    assert layer_of(Selection("weight", 1, 0, 0)) == 1
    assert layer_of(None) is None
    assert HoveredLayer(1).neurons_in((2, 3, 2, 1)) == (Selection("neuron", 1, 0), Selection("neuron", 1, 1))
    assert HoveredLayer(7).neurons_in((2, 3, 1)) == ()


def test_an_exported_figure_has_no_highlight(qtbot: QtBot, deep: Snapshot) -> None:
    session = Session()
    card = shown(qtbot, GradientPlot, session, deep)
    plain = card.build_figure(Style(LIGHT))
    session.hovered.emit(HoveredLayer(1))
    highlighted = card.build_figure(Style(LIGHT))
    for figure in (plain, highlighted):
        figure.resize(400, 300)
    assert plain.grab().toImage() == highlighted.grab().toImage()
    for figure in (plain, highlighted):
        figure.close()


@pytest.mark.parametrize(("entry", "function"), [(0, weight_gradient_forecast), (1, delta_forecast)])
def test_row07_the_forecast_line_agrees_with_the_core(qtbot: QtBot, deep: Snapshot, entry: int, function: Any) -> None:
    card = shown(qtbot, GradientPlot, Session(), deep)
    card._menu.menu().actions()[entry].trigger()
    expected = function(deep.network, deep.trace, deep.gradients)
    table = card.figure_table()
    column = table.columns.index("forecast")
    assert [row[column] for row in table.rows] == expected.tolist()
    area, data = card.canvas.area(), card.shown()
    at = area.ys(np.log10(expected))
    grabbed = card.canvas.grab().toImage()
    # The line passes between two bars at the mean of their heights.
    x = round(area.x(1.5))
    y = round((at[1] + at[2]) / 2)
    assert len(data.values) == 5
    assert min(QColor(grabbed.pixel(x, y + d)).lightness() for d in range(-2, 3)) < 128


def test_relative_updates_and_constant_weights_have_no_forecast(qtbot: QtBot, deep: Snapshot) -> None:
    card = shown(qtbot, GradientPlot, Session(), deep)
    card._menu.menu().actions()[2].trigger()
    assert card.shown().forecast is None
    assert "forecast" not in card.figure_table().columns
    constant = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=3, initializer="constant"),) * 3))
    card = shown(qtbot, GradientPlot, Session(), snapshot_of(constant, 1))
    rows = card.figure_table().rows
    assert [row[2] for row in rows[:2]] == ["", ""]
