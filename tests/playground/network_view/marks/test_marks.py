"""Dead, saturated, cloned and dropped neurons are marked on screen and on paper, with the numbers of the core."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.analysis.neuron_marks import neuron_marks
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.network_view.edges.pens import LEVELS, levels_of
from playground.network_view.edges.segments import EdgeSegments, Segment
from playground.network_view.marks.legend import MarksLegend
from playground.network_view.marks.painter import clone_colour
from playground.style.theme import CARD_PADDING, DARK, LIGHT, Style
from playground.window.workspace.view_memory import recall_views, store_views
from tests.playground.factory import snapshot_of
from tests.playground.network_view.support import Show, click, move, node

MIXED = Experiment(
    network=NetworkSettings(
        hidden=(
            HiddenLayer(units=6, initializer="normal", gain=8.0),
            HiddenLayer(units=4, activation="sigmoid"),
            HiddenLayer(units=6, activation="relu", initializer="normal"),
            HiddenLayer(units=5, dropout=0.4),
        ),
        seed=3,
    )
)
SIGMOID_CLONES = Experiment(
    network=NetworkSettings(
        hidden=(HiddenLayer(units=4, activation="sigmoid", initializer="constant"),), output_initializer="constant"
    )
)


def button(view: NetworkView) -> QPushButton:
    found = view.findChild(QPushButton, "marksButton")
    assert found is not None
    return found


def legend(view: NetworkView) -> MarksLegend:
    found = view.findChild(MarksLegend)
    assert found is not None
    return found


def wait_for_marks(qtbot: QtBot, view: NetworkView, snapshot: Snapshot) -> None:
    qtbot.waitUntil(lambda: view.canvas.builder._marks_of is snapshot)
    view.canvas.repaint()


def kinds(view: NetworkView) -> list[str]:
    return [entry.kind for entry in legend(view).entries]


def tile(view: NetworkView, column: int, row: int) -> QImage:
    strip = view.canvas.builder.picture(1.0, None, None).strips[column]
    assert strip is not None
    side = strip.image.width()
    return strip.image.copy(0, (strip.first + row) * side, side, side)


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_the_legend_has_the_numbers_of_the_core(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(MIXED, 5)
    wait_for_marks(qtbot, view, snapshot)
    marks = neuron_marks(snapshot.network, snapshot.trace)
    dead = sum(int(each.sum()) for each in marks.dead)
    saturated = sum(int(marks.saturated(layer).sum()) for layer in range(5))
    dropped = sum(int(each.sum()) for each in snapshot.dropped if each is not None)
    assert dead
    assert saturated
    assert dropped
    texts = [entry.text for entry in legend(view).entries]
    assert texts == [f"{dead} dead", f"{saturated} saturated", f"{dropped} dropped"]
    assert legend(view).isVisible()
    assert all(text in legend(view).accessibleName() for text in texts)


def test_a_network_without_marks_has_no_legend(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(Experiment(), 0)
    wait_for_marks(qtbot, view, snapshot)
    assert not legend(view).isVisible()


def test_row15_clones_are_joined_and_counted(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(SIGMOID_CLONES, 40)
    wait_for_marks(qtbot, view, snapshot)
    column = view.canvas.builder.picture(1.0, None, None).marks[1]
    assert column is not None
    assert (column.distinct, column.count, column.clones) == (1, 4, ((0, 1, 2, 3),))
    assert kinds(view) == ["clones"]
    assert legend(view).entries[0].text == "3 clones"
    place = view.canvas.builder.layout.columns[1]
    assert has_colour(view, place.left - 5 * view.canvas.builder.layout.scale, float(place.ys[:2].mean()), 0)


def has_colour(view: NetworkView, x: float, y: float, group: int) -> bool:
    """Return whether the colour of the clones of ``group`` occurs within two pixels of (x, y)."""
    grabbed, wanted = view.canvas.grab().toImage(), clone_colour(group, Style(LIGHT))
    around = [(round(x) + dx, round(y) + dy) for dx in range(-2, 3) for dy in range(-2, 3)]
    colours = [QColor(grabbed.pixel(*place)) for place in around]
    apart = [
        abs(each.red() - wanted.red()) + abs(each.green() - wanted.green()) + abs(each.blue() - wanted.blue())
        for each in colours
    ]
    return min(apart) < 40


def test_row15_clones_share_a_colour_and_other_clones_have_another(qtbot: QtBot, show: Show) -> None:
    layers = tuple(HiddenLayer(units=3, initializer="constant") for _ in range(2))
    _, view, snapshot = show(Experiment(network=NetworkSettings(hidden=layers, output_initializer="constant")), 0)
    wait_for_marks(qtbot, view, snapshot)
    for group, column in enumerate(view.canvas.builder.layout.columns[1:3]):
        for y in column.ys.tolist():
            edge = column.right + view.canvas.builder.layout.scale
            assert has_colour(view, edge, y - column.node / 4, group)
            assert not has_colour(view, edge, y - column.node / 4, 1 - group)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_row12_dead_neurons_are_crossed_out_and_saturated_ones_hatched(qtbot: QtBot, show: Show, theme: object) -> None:
    style = Style(theme)  # type: ignore[arg-type]
    _, view, snapshot = show(MIXED, 5, style=style)
    wait_for_marks(qtbot, view, snapshot)
    marked = {column: [tile(view, column, row) for row in range(6)] for column in (1, 3)}
    view.show_marks(on=False)
    plain = {column: [tile(view, column, row) for row in range(6)] for column in (1, 3)}
    marks = neuron_marks(snapshot.network, snapshot.trace)
    dead = marks.dead[2]
    saturated = marks.saturated(0)
    assert dead.any()
    assert not dead.all()
    assert saturated.any()
    ink = QColor(style.theme.ink).rgb()
    for row in range(6):
        assert (marked[3][row] != plain[3][row]) == dead[row]
        assert (ink in colours(marked[3][row])) == dead[row]
        assert (marked[1][row] != plain[1][row]) == saturated[row]


def test_row09_dropped_neurons_lose_their_edges(show: Show) -> None:
    _, view, snapshot = show(MIXED, 5)
    dropped = snapshot.dropped[4]
    assert dropped is not None
    assert dropped.any()
    picture = view.canvas.builder.picture(1.0, None, None)
    into, out = picture.strengths[3], picture.strengths[4]
    assert (into[:, dropped] == 0).all()
    assert (out[dropped] == 0).all()
    assert (levels_of(into)[:, ~dropped] != 0).any()
    assert np.abs(levels_of(into)).max() <= LEVELS


def test_a_click_switches_the_marks_off_and_on(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(MIXED, 5)
    wait_for_marks(qtbot, view, snapshot)
    marked = tile(view, 1, 0), tile(view, 3, 0), view.canvas.grab().toImage()
    qtbot.mouseClick(button(view), Qt.MouseButton.LeftButton)
    assert not view.marks_shown
    assert not legend(view).isVisible()
    picture = view.canvas.builder.picture(1.0, None, None)
    assert set(picture.marks) == {None}
    assert set(picture.dropped) == {None}
    assert view.canvas.grab().toImage() != marked[2]
    qtbot.keyClick(button(view), Qt.Key.Key_Space)
    assert view.marks_shown

    def marked_again() -> bool:
        view.canvas.repaint()
        return (tile(view, 1, 0), tile(view, 3, 0)) == marked[:2]

    qtbot.waitUntil(marked_again)  # once the layout has followed the legend


def test_the_menu_has_the_switch_too(show: Show) -> None:
    _, view, _ = show(MIXED, 5)
    (action,) = [each for each in view.menu_actions() if each.objectName() == "marksAction"]
    action.trigger()
    assert not view.marks_shown
    button(view).click()
    assert action.isChecked()


def test_the_switch_is_remembered(show: Show, settings: QSettings) -> None:
    _, view, _ = show(MIXED, 5)
    button(view).click()
    store_views(settings, {"network": view})
    button(view).click()
    recall_views(settings, {"network": view})
    assert not view.marks_shown


def test_nothing_is_computed_while_hidden_or_switched_off(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(MIXED, 5)
    wait_for_marks(qtbot, view, snapshot)
    button(view).click()
    view.show_snapshot(replace(snapshot, step=6))
    button(view).click()
    view.hide()
    hidden = replace(snapshot, step=7)
    view.show_snapshot(hidden)
    assert view._finder._submitted is None
    qtbot.waitUntil(lambda: not view._finder._jobs.is_busy)
    assert view.canvas.builder._marks_of is not hidden
    view.show()
    wait_for_marks(qtbot, view, hidden)


def test_marks_of_another_network_are_not_drawn(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(SIGMOID_CLONES, 5)
    wait_for_marks(qtbot, view, snapshot)
    other = snapshot_of(
        Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=4), HiddenLayer(units=4)))), 5, generation=1
    )
    view.hide()
    view.show_snapshot(other)
    assert set(view.canvas.builder.picture(1.0, None, None).marks) == {None}


def test_hovering_says_what_a_mark_means(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(SIGMOID_CLONES, 5)
    wait_for_marks(qtbot, view, snapshot)
    move(view, node(view, 1, 2))
    assert view.canvas._hovered is not None
    assert view.canvas._mark_lines(view.canvas._hovered) == ["clone of hidden 1 · 1"]
    click(qtbot, view, node(view, 1, 2))
    assert view.canvas._mark_lines(view.canvas._hovered) == ["clone of hidden 1 · 1"]


def test_the_legend_explains_its_marks(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(SIGMOID_CLONES, 5)
    wait_for_marks(qtbot, view, snapshot)
    shown = legend(view)
    shown.repaint()
    at = shown._boxes[0].center().toPoint()
    QApplication.sendEvent(shown, QHelpEvent(QEvent.Type.ToolTip, at, shown.mapToGlobal(at)))
    qtbot.waitUntil(lambda: any(w.inherits("QTipLabel") and w.isVisible() for w in QApplication.topLevelWidgets()))
    (tip,) = [w for w in QApplication.topLevelWidgets() if w.inherits("QTipLabel") and w.isVisible()]
    assert "equal incoming weights" in tip.text()  # type: ignore[attr-defined]
    tip.hide()


def _drawn(view: NetworkView) -> QImage:
    figure = view.build_figure(Style(LIGHT))
    figure.resize(800, 500)
    figure.show()
    image = QImage(800, 500, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        figure.render(painter)
    figure.close()
    return image


def test_an_exported_figure_has_the_marks_that_are_switched_on(show: Show) -> None:
    _, view, snapshot = show(MIXED, 5)
    view.hide()
    # Hidden, the marks were never computed on screen; the figure computes its own.
    view.show_snapshot(replace(snapshot, step=6))
    figure = view.build_figure(Style(LIGHT))
    builder = figure._items[0]._builder
    assert builder.marks is not None
    assert [entry.kind for entry in builder.legend] == ["dead", "saturated", "dropped"]
    assert figure._items[0]._legend_height > 0
    figure.deleteLater()
    with_marks = _drawn(view)
    view.show_marks(on=False)
    assert _drawn(view) != with_marks


def test_small_tiles_of_a_deep_network_are_marked(qtbot: QtBot, show: Show) -> None:
    deep = Experiment(
        network=NetworkSettings(
            hidden=(HiddenLayer(units=16, activation="tanh", initializer="constant", gain=2.0),) * 10,
            output_initializer="constant",
        ),
        training=TrainingSettings(learning_rate=1e-3),
    )
    _, view, snapshot = show(deep, 1, size=(720, 520))
    wait_for_marks(qtbot, view, snapshot)
    assert kinds(view) == ["saturated", "clones"]
    assert not view.canvas.builder.layout.wide
    ink = QColor(LIGHT.ink)
    hatched = tile(view, 10, 0)
    assert hatched.width() < 30
    dark = sum(QColor(c).lightness() < 0.75 * QColor(LIGHT.positive).lightness() for c in colours(hatched))
    assert dark > 3
    assert ink.lightness() < 60


def test_the_card_says_less_where_the_legend_needs_room(qtbot: QtBot, show: Show) -> None:
    _, view, snapshot = show(MIXED, 5, size=(620, 420))
    wait_for_marks(qtbot, view, snapshot)
    assert not view._sentence.text().endswith(".")
    qtbot.waitUntil(lambda: legend(view).width() == legend(view).sizeHint().width())
    button(view).click()
    assert view._sentence.text().endswith("Width: size.")


@pytest.mark.usefixtures("fonts")
def test_in_the_narrowest_cards_the_switch_is_only_in_the_menu(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(MIXED, in_splitter=True)
    view.add_header_widget(QLabel("the words between which cards are switched"))
    qtbot.waitUntil(lambda: view._needed[-1] > 400)
    view.setMinimumWidth(1)  # as in a small window with large type, whose parts are squeezed
    QApplication.processEvents()
    segments = view.findChild(EdgeSegments)
    assert segments is not None
    needed = view._needed[-1] + CARD_PADDING + 2
    for width, visible in ((needed + 4, True), (needed - 20, False), (needed + 4, True)):
        view.window().resize(width, 496)
        QApplication.processEvents()
        assert view.width() == width
        assert button(view).isVisible() is visible, width
        for each in segments.findChildren(Segment):
            assert not each.isVisible() or each.width() >= each.sizeHint().width(), f"{each.text()} is cut"
    view._marks_action.setChecked(False)
    assert not button(view).isChecked()


@pytest.mark.usefixtures("fonts")
def test_in_cards_too_narrow_for_the_words_the_last_controls_are_hidden(qtbot: QtBot, show: Show) -> None:
    _, view, _ = show(MIXED, in_splitter=True)
    about = QLabel("about this card")
    view.add_header_widget(about, 1, last=True)
    view.add_header_widget(QLabel("the words between which cards are switched"))
    qtbot.waitUntil(lambda: view._needed[-1] > 400)
    view.setMinimumWidth(1)
    QApplication.processEvents()
    needed = view._needed[-1] + CARD_PADDING + 2
    without_marks = needed - button(view).sizeHint().width()
    for width, visible in ((needed - 20, True), (without_marks - 20, False), (needed - 20, True)):
        view.window().resize(width, 496)
        QApplication.processEvents()
        assert view.width() == width
        assert about.isVisible() is visible, width
        for each in view.findChildren(Segment):
            assert not each.isVisible() or each.width() >= each.sizeHint().width(), f"{each.text()} is cut"
