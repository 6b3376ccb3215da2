"""The network card: it follows the session and turns input into intents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from playground.network_view import NetworkView
from playground.session.selection import Selection
from playground.style.theme import DARK, Style
from playground.window.main_window import MainWindow
from playground.worker.commands import SetParameter
from tests.playground.factory import network, snapshot_of
from tests.playground.network_view.support import (
    Show,
    click,
    click_control,
    control,
    edge,
    in_view,
    move,
    node,
)

# -- the picture follows the model -----------------------------------------------------------------------------------


def test_the_picture_follows_the_experiment_before_the_first_snapshot(show: Show) -> None:
    session, view, _ = show()
    assert view.canvas.builder.shape.counts == (2, 4, 2, 1)
    session.edit_layer(0, "Neurons", units=7)
    assert view.canvas.builder.shape.counts == (2, 7, 2, 1)
    session.insert_layer(1)
    assert view.canvas.builder.shape.counts == (2, 7, 7, 2, 1)
    assert "hidden 7 tanh, hidden 7 tanh, hidden 2 tanh, 1 output tanh" in view.canvas.accessibleName()
    assert view.accessibleDescription() == "2 features, hidden 7 tanh, hidden 7 tanh, hidden 2 tanh, 1 output tanh"
    view.canvas.repaint()


def test_the_caption_names_activation_initializer_and_dropout(show: Show) -> None:
    session, view, _ = show()
    session.edit_layer(1, "x", activation="relu", initializer="he_normal", dropout=0.25)
    assert control(view, "menu", 2).text == "ReLU · He · p 0.25"
    assert control(view, "menu", 1).text == "tanh · Xavier"


def test_the_picture_shows_the_newest_weights(show: Show) -> None:
    _, view, snapshot = show()
    picture = view.canvas.builder.picture(1.0, None, None)
    assert (np.sign(picture.strengths[0]) == np.sign(snapshot.network.weights(0))).all()
    assert max(float(np.abs(s).max()) for s in picture.strengths) == pytest.approx(1.0)


def test_biases_of_all_neurons_including_outputs_are_shown(show: Show) -> None:
    _, view, snapshot = show(steps=50)
    signs = view.canvas.builder.picture(1.0, None, None).bias_signs
    assert [len(s) for s in signs] == [0, 4, 2, 1]
    assert signs[3][0] == np.sign(snapshot.network.bias(2)[0])


def test_a_selection_made_elsewhere_is_revealed(show: Show) -> None:
    session, view, _ = show(network(60, 4))
    assert view.canvas.builder.layout.columns[1].y_of(50) is None
    session.select(Selection("neuron", 0, 50))
    assert view.canvas.builder.layout.columns[1].y_of(50) is not None


def test_elements_hovered_elsewhere_are_highlighted(show: Show) -> None:
    session, view, _ = show()
    before = view.canvas.grab().toImage()
    session.hovered.emit(Selection("weight", 1, 1, 2))
    assert view.canvas.grab().toImage() != before
    session.hovered.emit(None)
    assert view.canvas.grab().toImage() == before


def test_a_selection_outside_the_picture_is_ignored(show: Show) -> None:
    session, view, _ = show()
    session.select(Selection("neuron", 2, 9))
    assert view.canvas.selection is None
    view.canvas.repaint()


def test_the_theme_changes_the_picture(show: Show) -> None:
    _, view, _ = show()
    before = view.canvas.grab().toImage().pixelColor(3, 3)
    view.set_style(Style(DARK, 1.4))
    assert view.canvas.grab().toImage().pixelColor(3, 3) != before


# -- user input becomes intents --------------------------------------------------------------------------------------


def test_a_click_selects_neuron_feature_weight_and_bias(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    click(qtbot, view, node(view, 1, 2))
    assert session.selection == Selection("neuron", 0, 2)
    click(qtbot, view, node(view, 0, 1))
    assert session.selection == Selection("feature", -1, 1)
    click(qtbot, view, edge(view, 1, 3, 0))
    assert session.selection == Selection("weight", 1, 0, 3)
    dot = view.canvas.builder.layout.bias_dot(3, 0)
    assert dot is not None
    click(qtbot, view, in_view(view, dot[0], dot[1]))
    assert session.selection == Selection("bias", 2, 0)
    click(qtbot, view, QPoint(view.canvas.width() // 2, view.canvas.height() - 4))
    assert session.selection is None


def test_hovering_is_reported_to_the_other_views(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    with qtbot.waitSignal(session.hovered) as blocker:
        move(view, node(view, 2, 1))
    assert blocker.args == [Selection("neuron", 1, 1)]
    with qtbot.waitSignal(session.hovered) as blocker:
        QApplication.sendEvent(view.canvas, QEvent(QEvent.Type.Leave))
    assert blocker.args == [None]


def test_plus_and_minus_change_the_number_of_neurons(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    click_control(qtbot, view, "add_neuron", 1)
    click_control(qtbot, view, "add_neuron", 1)
    click_control(qtbot, view, "remove_neuron", 2)
    click_control(qtbot, view, "remove_neuron", 2)
    assert [layer.units for layer in session.experiment.network.hidden] == [6, 1]


def test_layers_are_inserted_and_removed_in_the_picture(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    click_control(qtbot, view, "insert_layer", 2)
    assert [layer.units for layer in session.experiment.network.hidden] == [4, 2, 2]
    click_control(qtbot, view, "remove_layer", 1)
    assert [layer.units for layer in session.experiment.network.hidden] == [2, 2]


def test_features_are_added_and_removed_but_one_remains(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    click_control(qtbot, view, "feature_on", key="x1_x2")
    assert session.experiment.data.features == ("x1", "x2", "x1_x2")
    view.show_snapshot(snapshot_of(session.experiment))
    click_control(qtbot, view, "feature_off", key="x1")
    assert session.experiment.data.features == ("x2", "x1_x2")
    session.edit_data("Features", features=("x2",))
    view.show_snapshot(snapshot_of(session.experiment))
    assert not [c for c in view.canvas.builder.controls if c.action == "feature_off"]


@pytest.mark.parametrize(("column", "entry"), [(1, "relu"), (3, "sigmoid")])
def test_the_layers_menu_changes_its_activation(qtbot: QtBot, show: Show, column: int, entry: str) -> None:
    session, view, _ = show()
    click_control(qtbot, view, "menu", column)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    chosen = [a for sub in menu.findChildren(QMenu) for a in sub.actions() if a.data() == entry]
    chosen[0].trigger()
    menu.close()
    settings = session.experiment.network
    assert (settings.hidden[0].activation if column == 1 else settings.output_activation) == entry


def test_the_layers_menu_changes_initializer_dropout_and_scale(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    for data in ("he_normal", 0.3, 4.0):
        click_control(qtbot, view, "menu", 2)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        next(a for sub in menu.findChildren(QMenu) for a in sub.actions() if a.data() == data).trigger()
        menu.close()
    layer = session.experiment.network.hidden[1]
    assert (layer.initializer, layer.dropout, layer.gain) == ("he_normal", 0.3, 4.0)


def editor(view: NetworkView) -> QLineEdit:
    field = view.canvas.findChild(QLineEdit, "parameterEditor")
    assert isinstance(field, QLineEdit)
    return field


@pytest.mark.parametrize(("text", "value"), [("−0,25", -0.25), ("1.5", 1.5), ("-3e-2", -0.03)])
def test_a_double_click_edits_a_weight(qtbot: QtBot, show: Show, text: str, value: float) -> None:
    session, view, snapshot = show()
    at = edge(view, 0, 1, 3)
    click(qtbot, view, at)
    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)
    field = editor(view)
    assert field.isVisible()
    field.insert(text)  # like pasting; QTest types Latin letters only
    with qtbot.waitSignal(session.command) as sent:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent.args == [SetParameter(snapshot.network.architecture.layers[0].weight_index(1, 3), value)]
    assert not field.isVisible()


def test_a_double_click_on_a_node_edits_its_bias(qtbot: QtBot, show: Show) -> None:
    session, view, snapshot = show()
    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=node(view, 2, 1))
    editor(view).clear()
    qtbot.keyClicks(editor(view), "0.5")
    with qtbot.waitSignal(session.command) as sent:
        qtbot.keyClick(editor(view), Qt.Key.Key_Return)
    assert sent.args == [SetParameter(snapshot.network.architecture.layers[1].bias_index(1), 0.5)]


def test_text_that_is_not_a_number_is_rejected_and_escape_keeps_the_value(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=node(view, 1, 0))
    editor(view).clear()
    qtbot.keyClicks(editor(view), "inf")
    with qtbot.assertNotEmitted(session.command):
        qtbot.keyClick(editor(view), Qt.Key.Key_Return)
        assert editor(view).isVisible()
        qtbot.keyClick(editor(view), Qt.Key.Key_Escape)
    assert not editor(view).isVisible()


def test_enter_alone_does_not_round_the_weight(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    qtbot.mouseDClick(view.canvas, Qt.MouseButton.LeftButton, pos=edge(view, 0, 0, 0))
    with qtbot.assertNotEmitted(session.command):
        qtbot.keyClick(editor(view), Qt.Key.Key_Return)


def test_everything_works_by_keyboard(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    keys = {"r": Qt.Key.Key_Right, "l": Qt.Key.Key_Left, "u": Qt.Key.Key_Up, "d": Qt.Key.Key_Down}

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(view.canvas, key, modifier)

    press(keys["r"])
    assert session.selection == Selection("neuron", 0, 0)
    press(keys["d"])
    press(keys["d"])
    press(keys["d"])
    press(keys["d"])
    assert session.selection == Selection("neuron", 0, 3)
    press(keys["l"])
    assert session.selection == Selection("feature", -1, 1)
    press(keys["r"])
    press(keys["l"], Qt.KeyboardModifier.ShiftModifier)
    assert session.selection == Selection("weight", 0, 1, 0)
    press(keys["d"])
    assert session.selection == Selection("weight", 0, 1, 1)
    press(Qt.Key.Key_Return)
    assert editor(view).isVisible()
    qtbot.keyClick(editor(view), Qt.Key.Key_Escape)
    press(keys["r"])
    press(Qt.Key.Key_Plus)
    assert session.experiment.network.hidden[0].units == 5
    press(Qt.Key.Key_Delete)
    assert session.experiment.network.hidden[0].units == 4
    press(Qt.Key.Key_Insert)
    assert len(session.experiment.network.hidden) == 3
    press(Qt.Key.Key_Escape)
    assert session.selection is None


def test_delete_removes_a_layer_with_its_last_neuron(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show(network(3, 1))
    session.select(Selection("neuron", 1, 0))
    said: list[str] = []
    session.message.connect(lambda text, _kind: said.append(text))
    qtbot.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert [layer.units for layer in session.experiment.network.hidden] == [3]
    assert said == ["Hidden 2 had a single neuron, so the layer was removed; Undo restores it."]


def test_the_buttons_choose_what_edges_show(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show()
    button = view.findChild(QPushButton, "gradientEdgesButton")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.edges_show == "gradient"
    strengths = view.canvas.builder.picture(1.0, None, None).strengths
    gradient = snapshot.network.architecture.weights(snapshot.gradients.flat, 0)
    assert (np.sign(strengths[0]) == np.sign(gradient)).all()


def test_delete_removes_exactly_the_selected_neuron(open_window: Any, qtbot: QtBot) -> None:
    window: MainWindow = open_window(network(4, 3))
    session, canvas = window.session, window.cards["network"].canvas
    session.step("batch", 30)
    qtbot.waitUntil(lambda: session.snapshot.step == 30)
    before = session.snapshot.network
    session.select(Selection("neuron", 0, 1))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert session.undo_label == "Remove neuron"
    qtbot.waitUntil(lambda: session.snapshot.experiment == session.experiment)
    after = session.snapshot.network
    np.testing.assert_array_equal(after.weights(0), np.delete(before.weights(0), 1, axis=1))
    np.testing.assert_array_equal(after.weights(1), np.delete(before.weights(1), 1, axis=0))
    session.undo()
    qtbot.waitUntil(lambda: session.snapshot.experiment == session.experiment)
    np.testing.assert_array_equal(session.snapshot.network.parameters, before.parameters)
    session.redo()
    qtbot.waitUntil(lambda: session.snapshot.experiment == session.experiment)
    np.testing.assert_array_equal(session.snapshot.network.parameters, after.parameters)
