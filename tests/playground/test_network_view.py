"""The network card: it follows the session, and what is done to it becomes an intent."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.snapshot import Snapshot
from playground.commands import SetParameter
from playground.network_view import NetworkView
from playground.network_view.controls import Action, Control
from playground.selection import Selection
from playground.session import Session
from playground.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of

Shown = tuple[Session, NetworkView, Snapshot]
Show = Callable[..., Shown]


def network(*hidden: int, **layer: object) -> Experiment:
    return Experiment(network=NetworkSettings(hidden=tuple(HiddenLayer(units=n, **layer) for n in hidden)))


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shown(experiment: Experiment | None = None, steps: int = 5, size: tuple[int, int] = (848, 496)) -> Shown:
        experiment = experiment or Experiment()
        session = Session(experiment)
        snapshot = snapshot_of(experiment, steps)
        session.snapshot = snapshot
        view = NetworkView(session, Style(LIGHT))
        qtbot.addWidget(view)
        view.resize(*size)
        with qtbot.waitExposed(view):
            view.show()
        view.show_snapshot(snapshot)
        view.canvas.repaint()
        qtbot.waitUntil(lambda: not view.canvas.edges_behind)
        return session, view, snapshot

    return shown


def in_view(view: NetworkView, x: float, y: float) -> QPoint:
    at = view.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def control(view: NetworkView, action: Action, index: int | None = None, key: str = "") -> Control:
    found = [
        c
        for c in view.canvas.builder.controls
        if c.action == action and index in (None, c.index) and key in ("", c.key)
    ]
    return found[0]


def click(qtbot: QtBot, view: NetworkView, at: QPoint) -> None:
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)


def click_control(qtbot: QtBot, view: NetworkView, action: Action, index: int | None = None, key: str = "") -> None:
    centre = control(view, action, index, key).box.center()
    click(qtbot, view, in_view(view, centre.x(), centre.y()))


def node(view: NetworkView, column: int, neuron: int) -> QPoint:
    place = view.canvas.builder.layout.columns[column]
    y = place.y_of(neuron)
    assert y is not None
    return in_view(view, place.x, y)


def edge(view: NetworkView, layer: int, source: int, target: int) -> QPoint:
    """Return a point on an edge near its start, where edges of one source have hardly parted but sources are far apart."""
    x0, ys0, x1, ys1 = view.canvas.builder.layout.gap_ends(layer)
    t = 0.62
    x = x0 + (x1 - x0) * (1.5 * t * (1 - t) + t**3)
    return in_view(view, x, ys0[source] + (ys1[target] - ys0[source]) * (3 * t**2 - 2 * t**3))


def move(view: NetworkView, at: QPoint) -> None:
    place = QPointF(at)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.canvas.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view.canvas, event)


def wheel(view: NetworkView, at: QPoint, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        view.canvas.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, event)


# -- the model changes, the picture follows --------------------------------------------------------------------------


def test_the_picture_follows_the_experiment_before_a_snapshot_comes(show: Show) -> None:
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


def test_biases_of_all_neurons_are_shown_the_outputs_too(show: Show) -> None:
    _, view, snapshot = show(steps=50)
    signs = view.canvas.builder.picture(1.0, None, None).bias_signs
    assert [len(s) for s in signs] == [0, 4, 2, 1]
    assert signs[3][0] == np.sign(snapshot.network.bias(2)[0])


def test_a_selection_made_elsewhere_is_revealed(show: Show) -> None:
    session, view, _ = show(network(60, 4))
    assert view.canvas.builder.layout.columns[1].y_of(50) is None
    session.select(Selection("neuron", 0, 50))
    assert view.canvas.builder.layout.columns[1].y_of(50) is not None


def test_what_is_hovered_elsewhere_lights_up(show: Show) -> None:
    session, view, _ = show()
    before = view.canvas.grab().toImage()
    session.hovered.emit(Selection("weight", 1, 1, 2))
    assert view.canvas.grab().toImage() != before
    session.hovered.emit(None)
    assert view.canvas.grab().toImage() == before


def test_a_selection_that_is_not_in_the_picture_is_ignored(show: Show) -> None:
    session, view, _ = show()
    session.select(Selection("neuron", 2, 9))
    assert view.canvas.selection is None
    view.canvas.repaint()


def test_the_theme_changes_the_picture(show: Show) -> None:
    _, view, _ = show()
    before = view.canvas.grab().toImage().pixelColor(3, 3)
    view.set_style(Style(DARK, 1.4))
    assert view.canvas.grab().toImage().pixelColor(3, 3) != before


# -- the person does something, an intent goes out -------------------------------------------------------------------


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


def test_hovering_is_told_to_the_other_views(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show()
    with qtbot.waitSignal(session.hovered) as told:
        move(view, node(view, 2, 1))
    assert told.args == [Selection("neuron", 1, 1)]
    with qtbot.waitSignal(session.hovered) as told:
        QApplication.sendEvent(view.canvas, QEvent(QEvent.Type.Leave))
    assert told.args == [None]


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


def test_features_are_switched_on_and_off_but_never_all(qtbot: QtBot, show: Show) -> None:
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
    field.insert(text)  # as pasting does; QTest types Latin letters only
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


def test_what_is_no_number_is_not_taken_and_escape_leaves_the_value(qtbot: QtBot, show: Show) -> None:
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
    qtbot.keyClick(view.canvas, Qt.Key.Key_Delete)
    assert [layer.units for layer in session.experiment.network.hidden] == [3]


def test_the_buttons_choose_what_edges_show(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show()
    button = view.findChild(QPushButton, "gradientEdgesButton")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view.edges_show == "gradient"
    strengths = view.canvas.builder.picture(1.0, None, None).strengths
    gradient = snapshot.network.architecture.weights(snapshot.gradients.flat, 0)
    assert (np.sign(strengths[0]) == np.sign(gradient)).all()


# -- large networks --------------------------------------------------------------------------------------------------


def test_a_folded_layer_scrolls_by_click_and_wheel(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(network(64))
    builder = view.canvas.builder
    click_control(qtbot, view, "fold_down", 1)
    first = builder.layout.columns[1].first
    assert first > 0
    wheel(view, node(view, 1, first), 1, Qt.KeyboardModifier.NoModifier)
    assert builder.layout.columns[1].first < first


def test_a_deep_network_is_panned_by_dragging_and_zoomed_by_the_wheel(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show(network(*[3] * 50), steps=0)
    viewport = view.canvas.viewport
    assert viewport.can_pan
    start = QPoint(400, view.canvas.height() - 6)
    qtbot.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=start)
    place = QPointF(start - QPoint(300, 0))
    left = Qt.MouseButton.LeftButton
    dragged = QMouseEvent(
        QEvent.Type.MouseMove, place, view.canvas.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view.canvas, dragged)
    qtbot.mouseRelease(view.canvas, left, pos=start - QPoint(300, 0))
    assert viewport.visible()[0] == pytest.approx(300)
    assert session.selection is None
    wheel(view, QPoint(200, 200), -3, Qt.KeyboardModifier.ControlModifier)
    assert viewport.zoom < 1
    view.canvas.fit()
    assert not viewport.can_pan
    session.select(Selection("neuron", 49, 0))
    view.canvas.fit()
    session.select(Selection("neuron", 40, 0))
    place = view.canvas.builder.layout.columns[41]
    assert viewport.visible()[0] <= place.left
    assert place.right <= viewport.visible()[1]


@pytest.mark.parametrize(
    "experiment",
    [
        network(),
        network(1),
        network(*[16] * 10),
        network(*[2] * 50, activation="sigmoid"),
        network(512, 3, activation="relu", dropout=0.5),
        replace(network(5), data=DataSettings(dataset="digits", test_fraction=0.0)),
        replace(network(6, 4, activation="relu"), data=DataSettings(dataset="iris")),
        replace(network(4), data=DataSettings(dataset="sine")),
        replace(network(4), data=DataSettings(dataset="student_day", samples=2)),
    ],
    ids=["none", "one", "10x16", "50", "512", "digits", "iris", "sine", "student"],
)
def test_every_shape_is_painted_and_exported(show: Show, experiment: Experiment) -> None:
    _, view, snapshot = show(experiment, steps=2)
    for shows in ("gradient", "update", "weight"):
        view.show_edges(shows)  # type: ignore[arg-type]
        view.canvas.repaint()
    layout = view.canvas.builder.layout
    counts = tuple(column.count for column in layout.columns)
    assert counts == (
        snapshot.network.architecture.inputs,
        *(layer.fan_out for layer in snapshot.network.architecture.layers),
    )
    assert len(view.figure_table().rows) == sum(
        (layer.fan_in + 1) * layer.fan_out for layer in snapshot.network.architecture.layers
    )


def test_snapshots_of_other_shapes_and_broken_numbers_are_painted(show: Show) -> None:
    session, view, snapshot = show()
    view.show_snapshot(snapshot_of(network(9, 3, 2)))
    view.canvas.repaint()
    broken = snapshot.network.parameters.copy()
    broken[:] = np.nan
    broken[::3] = np.inf
    view.show_snapshot(
        dataclasses.replace(
            snapshot, network=dataclasses.replace(snapshot.network, parameters=broken), plane=None, playing=True
        )
    )
    view.canvas.repaint()
    session.select(Selection("neuron", 0, 1))
    move(view, node(view, 1, 1))
    view.canvas.repaint()


def test_edges_that_a_frame_has_no_time_for_come_with_the_next_ones(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(network(*[16] * 10))
    first = view.canvas.grab().toImage()
    qtbot.waitUntil(lambda: not view.canvas.edges_behind)
    last = view.canvas.grab().toImage()
    assert last.size() == first.size()
    assert view.canvas.grab().toImage() == last


# -- export ----------------------------------------------------------------------------------------------------------


def test_the_figure_has_text_as_text_and_stays_as_it_is(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    session, view, _ = show()
    figure = view.build_figure(Style(LIGHT, 2.0))
    qtbot.addWidget(figure)
    figure.resize(1920, 1080)
    figure.show()

    def image() -> QImage:
        picture = QImage(1920, 1080, QImage.Format.Format_RGB32)
        with QPainter(picture) as painter:
            figure.render(painter)
        return picture

    before = image()
    view.show_snapshot(snapshot_of(session.experiment, 300))
    session.edit_layer(0, "x", units=9)
    assert image() == before
    path = tmp_path / "network.svg"
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setSize(figure.size())
    with QPainter(generator) as painter:
        figure.render(painter)
    text = path.read_text(encoding="utf-8")
    for word in ("Hidden 1", "Hidden 2", "Output", "tanh · Xavier", "Edges: weight"):
        assert word in text
    assert "non-scaling-stroke" not in text


def test_the_table_holds_every_parameter_at_full_precision(show: Show) -> None:
    _, view, snapshot = show(steps=20)
    table = view.figure_table()
    assert table.columns == ("layer", "from", "to", "value", "gradient", "last update")
    assert table.rows[0][:3] == ("Hidden 1", "x₁", "hidden 1 · 1")
    assert table.rows[0][3] == snapshot.network.parameters[0]
    assert table.rows[-1][:3] == ("Output", "bias", "output")
    assert table.rows[-1][4] == snapshot.gradients.flat[snapshot.network.architecture.layers[-1].bias_index(0)]
