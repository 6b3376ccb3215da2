"""The network card with the result of a gradient check, its title line, and its controls for data with many inputs."""

from __future__ import annotations

from functools import partial

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.network_view.canvas.words import hover_lines
from playground.network_view.edges.errors import EdgeErrors, error_strengths
from playground.network_view.edges.pens import LEVELS, level_colours
from playground.network_view.layout.geometry import Request, lay_out
from playground.session.selection import Selection
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.network_view.support import Show


@pytest.fixture
def show(show: Show) -> Show:
    """Show the card in a splitter, as the window does."""
    return partial(show, in_splitter=True)


def check_button(view: NetworkView) -> QPushButton:
    button = view.findChild(QPushButton, "checkEdgesButton")
    assert button is not None
    return button


def with_errors(view: NetworkView, snapshot: Snapshot, value: float) -> None:
    parameters = snapshot.network.parameters
    view.show_errors(parameters, np.full(len(parameters), value))


def picture(qtbot: QtBot, view: NetworkView) -> QImage:
    view.canvas.repaint()
    qtbot.waitUntil(lambda: not view.canvas.edges_behind)
    return view.canvas.grab().toImage()


# -- the check on the edges ------------------------------------------------------------------------------------------


def test_the_segment_is_shown_while_there_is_a_result(show: Show) -> None:
    _, view, snapshot = show()
    assert not check_button(view).isVisible()
    view.show_edges("gradient")
    with_errors(view, snapshot, 1e-9)
    assert check_button(view).isVisible()
    assert check_button(view).isChecked()
    assert view.edges_show == "check"
    view.hide_errors()
    assert not check_button(view).isVisible()
    assert view.edges_show == "gradient"


def test_another_choice_is_kept_and_the_check_can_be_reselected(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show()
    with_errors(view, snapshot, 1e-9)
    view.show_edges("update")
    qtbot.mouseClick(check_button(view), Qt.MouseButton.LeftButton)
    assert view.edges_show == "check"
    view.show_edges("update")
    view.hide_errors()
    assert view.edges_show == "update"


def test_errors_are_cleared_with_the_parameters_but_not_with_a_copy_of_them(show: Show) -> None:
    _, view, snapshot = show()
    with_errors(view, snapshot, 1e-9)
    same = msgspec.structs.replace(snapshot.network, parameters=snapshot.network.parameters.copy())
    view.show_snapshot(msgspec.structs.replace(snapshot, network=same))
    assert view.edges_show == "check"
    other = msgspec.structs.replace(snapshot.network, parameters=snapshot.network.parameters * 1.01)
    view.show_snapshot(msgspec.structs.replace(snapshot, network=other))
    assert view.edges_show == "weight"
    assert not check_button(view).isVisible()


def test_errors_are_cleared_with_the_experiment(show: Show) -> None:
    session, view, snapshot = show()
    with_errors(view, snapshot, 1e-9)
    session.edit_training("Learning rate", learning_rate=0.5)
    assert view.edges_show == "weight"


def test_errors_are_placed_on_a_log_scale(show: Show) -> None:
    _, view, snapshot = show()
    layout = view.canvas.builder.layout
    errors = np.full(snapshot.network.architecture.size, np.nan)
    layer = snapshot.network.architecture.layers[0]
    for neuron, value in enumerate((0.0, 1e-12, 1e-7, 1e-2)):
        errors[layer.weight_index(0, neuron)] = value
    strengths = error_strengths(EdgeErrors(snapshot.network.parameters, errors), snapshot, layout, 0)
    assert strengths[0, :4].tolist() == pytest.approx([0.005, 0.005, 0.5, 1.0])
    assert not strengths[1].any()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_errors_are_coloured_from_grey_to_the_error_colour_without_signs(theme: object) -> None:
    assert theme in (LIGHT, DARK)
    style = LIGHT if theme is LIGHT else DARK
    colours = [colour.name().upper() for colour in level_colours(style, signed=False)]
    assert colours[LEVELS] == style.muted.upper()
    assert colours[-1] == style.error.upper()
    assert not {style.positive.upper(), style.negative.upper()} & set(colours)


@pytest.mark.parametrize("units", [(4, 2), (16, 16)])  # drawn by the painter and by the raster
def test_wrong_gradients_are_drawn_red_and_right_ones_grey(qtbot: QtBot, show: Show, units: tuple[int, int]) -> None:
    hidden = tuple(HiddenLayer(units=n) for n in units)
    _, view, snapshot = show(Experiment(network=NetworkSettings(hidden=hidden)))
    layout = view.canvas.builder.layout
    box = (int(layout.columns[1].right) + 6, int(layout.columns[2].left) - 6, int(layout.top), int(layout.bottom))

    def redness(value: float) -> float:
        with_errors(view, snapshot, value)
        image = picture(qtbot, view)
        colours = [QColor(image.pixel(x, y)) for x in range(box[0], box[1], 3) for y in range(box[2], box[3], 2)]
        return max(colour.red() - colour.blue() for colour in colours)

    assert redness(1e-12) < 20
    assert redness(1e-1) > 60


def test_the_label_of_an_edge_shows_its_error(show: Show) -> None:
    _, view, snapshot = show()
    errors = np.full(snapshot.network.architecture.size, 2.5e-9)
    shape, edge = view.canvas.builder.shape, Selection("weight", 0, 1, 0)
    assert hover_lines(edge, shape, snapshot, errors)[-1] == "checked: relative error 2.5e−9"
    errors[:] = np.nan
    assert hover_lines(edge, shape, snapshot, errors)[-1] == "checked: at a kink"
    assert "checked" not in hover_lines(edge, shape, snapshot)[-1]


def test_the_figure_shows_the_check_too(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show()
    with_errors(view, snapshot, 1e-1)
    figure = view.build_figure(Style(LIGHT))
    qtbot.addWidget(figure)
    figure.resize(800, 450)
    view.hide_errors()
    image = figure.grab().toImage()
    error = QColor(LIGHT.error)
    found = sum(
        abs(QColor(image.pixel(x, y)).red() - error.red()) + abs(QColor(image.pixel(x, y)).green() - error.green()) < 50
        for x in range(0, 800, 2)
        for y in range(60, 400, 2)
    )
    assert found > 50


# -- the title line --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1.0, 1.4])
@pytest.mark.parametrize("width", [320, 380, 440, 520, 600, 700, 850])
def test_nothing_in_the_title_line_is_cut_off(qtbot: QtBot, show: Show, width: int, scale: float) -> None:
    _, view, snapshot = show(size=(width, 420), style=Style(LIGHT, scale))
    with_errors(view, snapshot, 1e-9)
    qtbot.wait(30)
    shown = [widget for widget in view.header_widgets() if widget.isVisible()]
    assert check_button(view).parentWidget() in shown
    assert [(w, w.width()) for w in shown if w.width() < w.sizeHint().width()] == []
    assert max(w.geometry().right() for w in shown) < view.width()


def test_the_words_are_hidden_before_the_zoom_buttons_and_zooming_stays_in_the_menu(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(size=(900, 420))
    zoom = [button for button in view.findChildren(QToolButton) if "Zoom" in button.accessibleName()]
    assert view._label.isVisible()
    assert all(button.isVisible() for button in zoom)
    widths = []
    for width in range(900, 320, -20):
        view.window().resize(width, 420)
        widths.append((view._label.isVisible(), zoom[0].isVisible()))
    assert (False, True) in widths
    assert (False, False) in widths
    assert (True, False) not in widths
    before = view.canvas.viewport.zoom
    next(action for action in view.menu_actions() if action.text() == "Zoom in").trigger()
    assert view.canvas.viewport.zoom > before


# -- data with more than two inputs ----------------------------------------------------------------------------------


def chips(view: NetworkView) -> list[str]:
    return [control.key for control in view.canvas.builder.controls if control.action == "feature_on"]


def test_many_inputs_are_offered_no_computed_features(qtbot: QtBot, show: Show) -> None:
    session, view, _ = show(Experiment(data=DataSettings(dataset="iris")))
    assert chips(view) == []
    view.canvas._intents.toggle_feature(view.canvas.builder.shape.feature_keys[1])
    view.show_snapshot(snapshot_of(session.experiment, 0))
    assert len(chips(view)) == 1
    view.canvas._intents.toggle_feature(chips(view)[0])
    view.show_snapshot(snapshot_of(session.experiment, 0))
    assert len(view.canvas.builder.shape.feature_keys) == 4


def test_every_active_input_can_be_removed_and_the_plane_keeps_its_computed_features(show: Show) -> None:
    _, view, _ = show(Experiment(data=DataSettings(dataset="iris")))
    assert sum(control.action == "feature_off" for control in view.canvas.builder.controls) == 4
    _, plane, _ = show()
    assert "x1_squared" in chips(plane)


def test_a_low_view_has_features_but_no_chips() -> None:
    low = lay_out(Request(counts=(2, 4, 1), width=500, height=240, scale=1.4, scroll={}, chips=7))
    high = lay_out(Request(counts=(2, 4, 1), width=500, height=600, scale=1.4, scroll={}, chips=7))
    assert low.chips is None
    assert high.chips is not None
    for layout in (low, high):
        features = layout.columns[0]
        assert features.bottom <= (layout.chips.top if layout.chips is not None else layout.bottom)
        assert features.node > 14


@pytest.mark.parametrize("units", [12, 24, 300])
def test_weight_images_of_digits_are_large_enough_to_see(units: int) -> None:
    for height in (300, 400, 520, 900):
        layout = lay_out(Request(counts=(64, units, 10), width=700, height=height, scale=1.0, scroll={}, image=True))
        column = layout.columns[1]
        assert column.node >= 34
        assert column.bottom <= layout.bottom + 1
        assert column.shown >= min(units, int((layout.bottom - layout.top) // 60))
        assert column.above + column.shown + column.below == units
