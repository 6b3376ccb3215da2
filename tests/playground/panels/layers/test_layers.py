from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QSlider
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from playground.panels import ControlPanel
from playground.panels.layers.layer_list import LayerList
from playground.panels.layers.layers_panel import LayersPanel
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import DARK, PRESENTATION_SCALE, Style
from tests.playground.panels.support import STYLE, choose, combo, slider
from tests.playground.recorder import Recorder

CONTRACT_SLIDERS = (
    "learningRateSlider", "depthSlider", "gainSlider", "dropoutSlider", "noiseSlider", "batchSizeSlider",
)  # fmt: skip
CONTRACT_COMBOS = ("activationCombo", "initializerCombo", "optimizerCombo", "datasetCombo")


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> LayersPanel:
    """The section All layers."""
    made = LayersPanel(session, STYLE)
    qtbot.addWidget(made)
    return made


def test_dragging_the_depth_is_one_undo_step(panel: LayersPanel, session: Session) -> None:
    for depth in (3, 7, 12):
        slider(panel, "depthSlider").setValue(depth)
        assert len(session.experiment.network.hidden) == depth
    session.undo()
    assert len(session.experiment.network.hidden) == 2
    assert slider(panel, "depthSlider").value() == 2
    depth = slider(panel, "depthSlider")
    depth.setValue(depth.maximum())
    assert len(session.experiment.network.hidden) == 50
    depth.setValue(depth.minimum())
    assert len(session.experiment.network.hidden) == 1


def test_the_width_applies_to_all_layers(panel: LayersPanel, session: Session) -> None:
    slider(panel, "widthSlider").setValue(9)
    assert [layer.units for layer in session.experiment.network.hidden] == [9, 9]
    slider(panel, "widthSlider").setValue(slider(panel, "widthSlider").maximum())
    assert [layer.units for layer in session.experiment.network.hidden] == [64, 64]


@pytest.mark.parametrize(
    ("name", "field", "position", "value"),
    [("gainSlider", "gain", 300, 100.0), ("gainSlider", "gain", 150, 1.0), ("dropoutSlider", "dropout", 40, 0.4)],
)
def test_a_slider_sets_all_layers(
    panel: LayersPanel, session: Session, name: str, field: str, position: int, value: float
) -> None:
    slider(panel, name).setValue(position - 1)
    slider(panel, name).setValue(position)
    assert {getattr(layer, field) for layer in session.experiment.network.hidden} == {value}
    session.undo()
    assert getattr(session.experiment.network.hidden[0], field) == getattr(HiddenLayer(), field)


def test_the_weight_scale_reaches_the_output(panel: LayersPanel, session: Session) -> None:
    slider(panel, "gainSlider").setValue(0)
    assert session.experiment.network.output_gain == 0.0


def test_input_dropout_is_set_and_undone(panel: LayersPanel, session: Session) -> None:
    slider(panel, "inputDropoutSlider").setValue(30)
    assert session.experiment.network.input_dropout == 0.3
    session.undo()
    assert slider(panel, "inputDropoutSlider").value() == 0


def test_menus_for_all_layers_show_differences(panel: LayersPanel, session: Session) -> None:
    activation = combo(panel, "activationCombo")
    choose(activation, "relu")
    assert {layer.activation for layer in session.experiment.network.hidden} == {"relu"}
    session.edit_layer(0, "test", activation="sigmoid")
    assert (activation.currentIndex(), activation.placeholderText()) == (-1, "mixed")
    choose(activation, "sigmoid")
    assert {layer.activation for layer in session.experiment.network.hidden} == {"sigmoid"}
    choose(combo(panel, "initializerCombo"), "he_normal")
    assert session.experiment.network.output_initializer == "he_normal"


def test_a_new_activation_discards_the_old_parameter(panel: LayersPanel, session: Session) -> None:
    session.edit_all_layers("test", activation="leaky_relu", activation_alpha=0.3)
    choose(combo(panel, "activationCombo"), "elu")
    assert {layer.activation_alpha for layer in session.experiment.network.hidden} == {None}


def test_the_model_is_shown_without_emitting_edits(panel: LayersPanel, session: Session) -> None:
    seen = Recorder(session)
    layers = (HiddenLayer(units=3, gain=2.0, dropout=0.1), HiddenLayer(units=30, gain=2.0, dropout=0.2))
    session.edit_network("test", hidden=layers, output_gain=2.0)
    assert len(seen.changes) == 1
    assert panel._width.value_edit.text() == "3 – 30"
    assert panel._dropout.value_edit.text() == "0.1 – 0.2"
    assert panel._gain.value_edit.text() == "2.0\u2009×"


def test_controls_are_disabled_without_hidden_layers(panel: LayersPanel, session: Session) -> None:
    session.set_depth(0)
    assert panel._depth.value_edit.text() == "no hidden layer"
    assert not slider(panel, "widthSlider").isEnabled()
    assert (panel._width.value_edit.text(), panel._activation.placeholderText()) == ("–", "–")
    session.set_depth(1)
    assert slider(panel, "widthSlider").isEnabled()
    assert (panel._width.value_edit.text(), panel._activation.placeholderText()) == ("4 neurons", "mixed")


def test_different_widths_become_the_one_that_the_slider_shows(
    panel: LayersPanel, session: Session, qtbot: QtBot
) -> None:
    def widths() -> set[int]:
        return {layer.units for layer in session.experiment.network.hidden}

    panel.resize(260, 500)
    with qtbot.waitExposed(panel):
        panel.show()
    width = slider(panel, "widthSlider")
    assert (widths(), width.value(), panel._width.value_edit.text()) == ({2, 4}, 4, "2 – 4")
    handle = width._parts()[1].center()
    QTest.mouseClick(width, Qt.MouseButton.LeftButton, pos=handle)
    assert widths() == {4}
    session.undo()
    panel._width.value_edit.begin()
    qtbot.keyClicks(panel._width.value_edit, "4")
    qtbot.keyClick(panel._width.value_edit, Qt.Key.Key_Return)
    assert widths() == {4}


def test_the_parameter_of_a_common_activation_is_set_for_all_layers(panel: LayersPanel, session: Session) -> None:
    def offered() -> bool:
        return panel._alpha.isVisibleTo(panel)

    assert not offered()
    choose(combo(panel, "activationCombo"), "elu")
    assert (offered(), panel._alpha.value) == (True, 1.0)
    slider(panel, "alphaSlider").setValue(0)
    assert {layer.activation_alpha for layer in session.experiment.network.hidden} == {0.0}
    session.edit_layer(0, "test", activation_alpha=0.5)
    assert panel._alpha.value_edit.text() == "0 – 0.5"
    session.edit_layer(0, "test", activation="tanh")
    assert not offered()
    session.edit_layer(0, "test", activation="elu", activation_alpha=0.5)
    panel.show_only(["Depth"])
    assert not offered()
    panel.show_only(None)
    assert offered()


@pytest.fixture
def layers(session: Session, qtbot: QtBot) -> LayerList:
    """The list of layers."""
    made = LayerList(session, STYLE)
    qtbot.addWidget(made)
    return made


def lines(layers: LayerList) -> list[QPushButton]:
    return [each for each in layers.findChildren(QPushButton) if each.isVisibleTo(layers)]


def test_each_layer_is_a_line(layers: LayerList, session: Session) -> None:
    assert [line.text() for line in lines(layers)] == ["Hidden 1   4 · tanh", "Hidden 2   2 · tanh", "Output   auto"]
    session.edit_layer(1, "test", units=17, activation="relu")
    assert lines(layers)[1].text() == "Hidden 2   17 · ReLU"
    session.set_depth(50)
    assert len(lines(layers)) == 51
    session.set_depth(1)
    assert len(lines(layers)) == 2


def test_a_line_shows_the_controls_of_its_layer(layers: LayerList, session: Session) -> None:
    lines(layers)[1].click()
    units = slider(layers, "layerUnitsSlider")
    assert units.isVisibleTo(layers)
    assert units.value() == 2
    units.setValue(6)
    choose(combo(layers, "layerActivationCombo"), "prelu")
    slider(layers, "layerGainSlider").setValue(0)
    slider(layers, "layerDropoutSlider").setValue(50)
    choose(combo(layers, "layerInitializerCombo"), "zeros")
    alpha = slider(layers, "layerAlphaSlider")
    assert alpha.isVisibleTo(layers)
    alpha.setValue(10)
    first, second = session.experiment.network.hidden
    assert first == HiddenLayer(units=4)
    assert second == HiddenLayer(
        units=6, activation="prelu", activation_alpha=0.1, gain=0.0, dropout=0.5, initializer="zeros"
    )
    session.edit_layer(1, "test", units=3, activation="tanh", activation_alpha=None)
    assert units.value() == 3
    assert not alpha.isVisibleTo(layers)
    lines(layers)[1].click()
    assert not units.isVisibleTo(layers)


def test_the_output_has_its_own_controls(layers: LayerList, session: Session) -> None:
    lines(layers)[-1].click()
    seen = Recorder(session)
    choose(combo(layers, "outputActivationCombo"), "sigmoid")
    choose(combo(layers, "outputInitializerCombo"), "orthogonal")
    slider(layers, "outputGainSlider").setValue(0)
    network = session.experiment.network
    assert (network.output_activation, network.output_initializer, network.output_gain) == ("sigmoid", "orthogonal", 0)
    assert len(seen.changes) == 3
    session.edit_network("test", output_activation="auto")
    assert combo(layers, "outputActivationCombo").currentText() == "Auto"


def test_the_list_follows_the_selection(layers: LayerList, session: Session) -> None:
    session.select(Selection("neuron", 0, 1))
    assert slider(layers, "layerUnitsSlider").isVisibleTo(layers)
    assert slider(layers, "layerUnitsSlider").value() == 4


def test_the_list_of_layers_is_created_on_demand(panel: LayersPanel) -> None:
    assert panel.findChild(LayerList) is None
    panel.findChild(QPushButton, "eachLayerLink").click()  # type: ignore[union-attr]
    assert panel.findChild(LayerList) is not None


def test_the_control_panel_has_the_stable_object_names(session: Session, qtbot: QtBot) -> None:
    panel = ControlPanel(session, STYLE)
    qtbot.addWidget(panel)
    for name in CONTRACT_SLIDERS:
        assert slider(panel, name).accessibleName()
    for name in CONTRACT_COMBOS:
        assert combo(panel, name).accessibleName()
    assert all(each.accessibleName() and each.toolTip() for each in panel.findChildren(QSlider))


@pytest.mark.parametrize("style", [STYLE, Style(DARK, PRESENTATION_SCALE)], ids=["light", "presentation"])
def test_the_control_panel_scrolls_only_vertically(session: Session, qtbot: QtBot, style: Style) -> None:
    panel = ControlPanel(session, STYLE)
    qtbot.addWidget(panel)
    panel.set_style(style)
    panel.resize(panel.minimumWidth(), 500)
    with qtbot.waitExposed(panel):
        panel.show()
    area = panel.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() > 0
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_the_control_panel_shows_any_experiment(qtbot: QtBot) -> None:
    wide = tuple(HiddenLayer(units=512, gain=1000.0, activation="selu") for _ in range(50))
    network = NetworkSettings(hidden=wide, output_gain=1000.0)
    session = Session(Experiment(network=network))
    panel = ControlPanel(session, STYLE)
    qtbot.addWidget(panel)
    panel.layers.disclosure.set_open(True)
    session.replace_all(replace(session.experiment, network=NetworkSettings(hidden=())), None)
    assert len(session.experiment.network.hidden) == 0


def test_every_initializer_describes_the_initial_biases(panel: LayersPanel) -> None:
    initializers = combo(panel, "initializerCombo")
    for row in range(initializers.count()):
        assert "Biases start at 0 " in initializers.itemData(row, Qt.ItemDataRole.ToolTipRole)
