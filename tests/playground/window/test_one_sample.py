"""In the window, a row of the data table is followed through network, inspector and path ledger with real events."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QSpinBox
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment.presets import preset
from playground.inspector import InspectorPanel
from playground.inspector.pages.neuron_page import NeuronPage
from playground.inspector.pages.weight_page import WeightPage
from playground.network_view import NetworkView
from playground.samples import SamplesCard
from playground.session.selection import Selection
from playground.style.consistent_digits import confirms, value_of
from playground.window.main_window import MainWindow
from tests.playground.network_view.support import click, node

Opener = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Opener, qtbot: QtBot) -> MainWindow:
    window = open_window(preset("chain-rule"))
    window.session.step("batch", 40)
    qtbot.waitUntil(lambda: window.session.snapshot.step == 40)
    window.workspace.reveal("samples")
    table = window.cards["samples"]
    assert isinstance(table, SamplesCard)
    qtbot.waitUntil(lambda: table.isVisible() and table.table.samples.rowCount() > 0)
    return window


def choose_line(window: MainWindow, qtbot: QtBot, line: int) -> Sample:
    """Click a line of the data table and return its sample."""
    card = window.cards["samples"]
    assert isinstance(card, SamplesCard)
    model = card.table.samples
    place = card.table.visualRect(model.index(line, 0)).center()
    qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    sample = model.sample(line)
    assert sample is not None
    assert window.session.sample == sample
    return sample


def network_of(window: MainWindow) -> NetworkView:
    view = window.cards["network"]
    assert isinstance(view, NetworkView)
    return view


def test_row01_row02_a_clicked_line_is_followed_through_network_and_inspector(window: MainWindow, qtbot: QtBot) -> None:
    session, view = window.session, network_of(window)
    firing = set()
    for line in (0, 3, 7):
        sample = choose_line(window, qtbot, line)
        snapshot = session.snapshot
        assert snapshot is not None
        X, _ = sample.rows(snapshot.data)
        trace = snapshot.network.forward(X)
        qtbot.waitUntil(lambda start=f"Sample {sample.index + 1}: ": view._sentence.text().startswith(start))
        shown = view.canvas.builder.picture(1.0, None, None).sample
        assert shown is not None
        assert shown.off[1].tolist() == (trace.activations[0][0] <= 0.5).tolist()
        for layer, neuron in ((0, 0), (0, 2), (1, 1), (2, 0)):
            click(qtbot, view, node(view, layer + 1, neuron))
            inspector = window.cards["inspector"]
            assert isinstance(inspector, InspectorPanel)
            page = inspector.page
            assert isinstance(page, NeuronPage)
            z, a = (float(each[layer][0, neuron]) for each in (trace.pre_activations, trace.activations))
            qtbot.waitUntil(lambda page=page, z=z: confirms(z, page.z.text))
            assert confirms(a, page.activation.text)
            assert sum(value_of(line.value) for line in page.terms.lines) == pytest.approx(z, abs=2e-3)
            assert page.fires.text == ("yes" if a > 0.5 else "no")
            firing.add(a > 0.5)
    assert firing == {True, False}


def test_row06_hovering_a_path_lights_it_in_the_network(window: MainWindow, qtbot: QtBot) -> None:
    choose_line(window, qtbot, 2)
    view, panel = network_of(window), window.cards["inspector"]
    window.session.select(Selection("weight", 0, 0, 1))
    assert isinstance(panel, InspectorPanel)
    page = panel.page
    assert isinstance(page, WeightPage)
    assert panel.findChild(QSpinBox, "inspectorSampleBox").value() == 3
    qtbot.waitUntil(lambda: {row.title for row in page.rows if row.isVisible()} == {"via z₄", "via z₅"})
    before = view.canvas.grab().toImage()
    for title, middle in (("via z₄", 0), ("via z₅", 1)):
        row = next(row for row in page.rows if row.title == title)
        at = QPointF(row.rect().center())
        QApplication.sendEvent(row, QEnterEvent(at, at, row.mapToGlobal(at)))
        assert view.canvas._shown_hover() == (
            Selection("weight", 0, 0, 1),
            Selection("weight", 1, middle, 0),
            Selection("weight", 2, 0, middle),
        )
        assert view.canvas.grab().toImage() != before
        QApplication.sendEvent(row, QEvent(QEvent.Type.Leave))
        assert view.canvas._shown_hover() == ()
