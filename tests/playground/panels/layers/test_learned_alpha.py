"""A learned α is shown beside its initial value."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from playground.inspector import InspectorPanel
from playground.panels.layers.layer_list import LayerList
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import short
from tests.playground.factory import snapshot_of
from tests.playground.panels.support import STYLE, choose, combo, slider


def test_row13_a_prelu_shows_the_alpha_it_has_learned(qtbot: QtBot) -> None:
    hidden = (HiddenLayer(units=4, activation="prelu"), HiddenLayer(units=3))
    session = Session(Experiment(network=NetworkSettings(hidden=hidden)))
    session.snapshot = snapshot = snapshot_of(session.experiment, 500)
    learned = short(snapshot.network.alpha(0))
    assert abs(snapshot.network.alpha(0) - 0.25) > 0.01
    layers = LayerList(session, STYLE)
    qtbot.addWidget(layers)
    layers.show()
    layers.open_layer(0)
    label = next(each for each in layers.findChildren(type(layers._hidden_editor._learned)) if each.objectName())
    assert label.isVisible()
    assert label.text() == f"learned α now: {learned}"
    assert slider(layers, "layerAlphaSlider").isVisible()
    layers.show_snapshot(later := snapshot_of(session.experiment, 900))
    assert label.text() == f"learned α now: {short(later.network.alpha(0))}" != f"learned α now: {learned}"
    layers.open_layer(1)
    assert not label.isVisible()
    layers.open_layer(0)
    choose(combo(layers, "layerActivationCombo"), "elu")
    assert not label.isVisible()


def test_the_inspector_shows_alpha_and_the_seeds(qtbot: QtBot) -> None:
    hidden = (
        HiddenLayer(activation="prelu"),
        HiddenLayer(activation="leaky_relu", activation_alpha=0.2),
        HiddenLayer(),
    )
    session = Session(Experiment(network=NetworkSettings(hidden=hidden, seed=7)))
    session.snapshot = snapshot = snapshot_of(session.experiment, 300)
    panel = InspectorPanel(session, STYLE)
    qtbot.addWidget(panel)
    panel.show_snapshot(snapshot)
    assert panel.summary.seeds.text() == "Seeds: data 1, weights 7, training 1."
    expected = (f"PReLU, learned α = {short(snapshot.network.alpha(0))}", "Leaky ReLU, α = 0.2000", "tanh")
    for layer, text in enumerate(expected):
        session.select(Selection("neuron", layer, 0))
        assert panel.page_of("neuron")._activation_name.text() == text
    panel.formulas.wait()
