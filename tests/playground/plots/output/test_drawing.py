"""Drawing points on the output card with real mouse and key events on the real window."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.data.drawn_csv import to_csv
from core.data.settings import MAX_POINTS
from core.experiment import DataSettings, DrawnSource, Experiment, TableSource
from core.experiment.experiment_file import load
from playground.plots.output.card import OutputPlot
from playground.window.main_window import MainWindow

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
EMPTY = DrawnSource(points=())


class Hand:
    """Draws on the output card of a window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        card = window.findChild(OutputPlot)  # the other cards are not needed
        self._qtbot, self.window, self.card = qtbot, window, card
        self.session, self.canvas, self.tool = window.session, card.canvas, card.drawing.tool
        self.settle()
        window.activateWindow()
        QTest.keyClick(window, Qt.Key.Key_B)
        assert self.tool.is_on
        self.settle()

    @property
    def source(self) -> DrawnSource:
        source = self.session.experiment.data.dataset
        assert isinstance(source, DrawnSource)
        return source

    @property
    def snapshot(self) -> Any:
        return self.session.snapshot

    def settle(self) -> None:
        """Wait until the card shows the current experiment."""

        def shown() -> bool:
            snapshot, data = self.snapshot, self.card.shown()
            return snapshot is not None and snapshot.generation == self.session.generation and data is not None

        self._qtbot.waitUntil(shown)
        self._qtbot.wait(60)

    def at(self, x: float, y: float) -> QPoint:
        """Return the pixel of coordinates (x, y)."""
        area = self.canvas.area()
        return QPoint(round(area.x(x)), round(area.y(y)))

    def stroke(self, *places: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
        """Draw through ``places``."""
        viewport = self.canvas.viewport()
        QTest.mousePress(viewport, button, PLAIN, self.at(*places[0]))
        for place in places[1:]:
            spot = QPointF(self.at(*place))
            move = QMouseEvent(
                QEvent.Type.MouseMove, spot, viewport.mapToGlobal(spot), Qt.MouseButton.NoButton, button, PLAIN
            )
            QApplication.sendEvent(viewport, move)
            self._qtbot.wait(20)
        QTest.mouseRelease(viewport, button, PLAIN, self.at(*places[-1]))
        self.settle()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.canvas, key)


@pytest.fixture
def hand(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> Callable[..., Hand]:
    def draws_on(dataset: Any = EMPTY, *, playing: bool = False, **data: Any) -> Hand:
        experiment = Experiment(data=DataSettings(dataset=dataset, **data))
        return Hand(qtbot, open_window(experiment, playing=playing))

    return draws_on


def test_left_and_right_button_draw_two_classes(hand: Callable[..., Hand]) -> None:
    one = hand()
    one.stroke((2, 3))
    one.stroke((-3, -1), button=RIGHT)
    assert [point[2] for point in one.source.points] == [1.0, 2.0]
    pixel = 12 / one.canvas.area().rect.width()
    assert np.allclose([point[:2] for point in one.source.points], [(2, 3), (-3, -1)], atol=pixel)
    chip = one.card.drawing.strip.chips[2]
    QTest.mouseClick(chip, RIGHT)
    assert (one.tool.choice, one.tool.other) == (0, 2), "a right click assigns a class to the right button"
    one.stroke((1, 1), button=RIGHT)
    assert one.source.points[2][2] == 3
    require_that_a_stroke_ends_if_its_release_was_lost(one)


def require_that_a_stroke_ends_if_its_release_was_lost(one: Hand) -> None:
    before = len(one.source.points)
    viewport = one.canvas.viewport()
    QTest.mousePress(viewport, LEFT, PLAIN, one.at(0, 0))
    spot = QPointF(one.at(3, 3))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        viewport, QMouseEvent(QEvent.Type.MouseMove, spot, viewport.mapToGlobal(spot), none, none, PLAIN)
    )
    assert not one.tool.is_drawing
    assert len(one.source.points) == before + 1


def test_a_stroke_is_one_undo_step(hand: Callable[..., Hand]) -> None:
    one = hand()
    one.stroke((-4, 0), (-2, 0), (0, 0), (3, 0))
    first = one.source
    assert len(first.points) > 5
    gaps = np.diff([point[0] for point in first.points])
    assert np.ptp(gaps) < 0.1, "points along a line are evenly spaced, however the mouse events come"
    one.stroke((0, 4), (0, 2))
    assert len(one.source.points) > len(first.points)
    one.session.undo()
    assert one.source == first
    one.session.undo()
    one.settle()
    assert one.source == EMPTY
    one.session.redo()
    one.settle()
    assert one.source == first


def test_digits_choose_the_class_and_add_one_at_a_time(hand: Callable[..., Hand]) -> None:
    one = hand()
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_9):
        one.key(key)
        one.stroke((0.5 * len(one.source.points), 1))
    assert [point[2] for point in one.source.points] == [1, 2, 3, 4], "9 is the next class"
    assert one.source.classes == (1, 2, 3, 4)
    assert one.snapshot.network.architecture.outputs == 4
    assert len(one.card.drawing.strip.chips) == 5
    one.session.undo()
    one.settle()
    assert len(one.card.drawing.strip.chips) == 4


def test_drawing_on_a_set_keeps_its_points_and_says_so(hand: Callable[..., Hand], qtbot: QtBot) -> None:
    one = hand("circle", samples=60)
    with qtbot.waitSignal(one.session.message) as said:
        one.stroke((5.5, 5.5))
    assert said.args is not None
    assert said.args[0].startswith("Circle ")
    assert "drawn points" in said.args[0]
    assert said.args[1] == "info"
    assert len(one.source.points) == 61
    assert one.source.points[-1] == pytest.approx((5.5, 5.5, 1), abs=0.1)
    one.session.undo()
    assert one.session.experiment.data.dataset == "circle"


def test_drawing_while_training_keeps_weights_and_history(hand: Callable[..., Hand], qtbot: QtBot) -> None:
    one = hand("circle", playing=True, samples=200)
    qtbot.waitUntil(lambda: one.snapshot.scores.train_loss < 0.1, timeout=30_000)
    before = one.snapshot
    one.stroke((5.5, 5.5), (5.5, 3), (5.5, 0), (5.5, -3))
    after = one.snapshot
    assert after.step >= before.step
    assert after.scores.train_loss < 0.5 * before.curve.train[0], "what was learned is still there"
    assert after.curve.step[0] == before.curve.step[0]
    qtbot.waitUntil(lambda: one.snapshot.step > after.step)
    marks = [mark.text for mark in one.snapshot.curve.marks]
    assert marks == [f"dataset circle → {len(one.source.points)} drawn points"]


def test_while_paused_a_stroke_changes_no_weight(hand: Callable[..., Hand]) -> None:
    one = hand("circle", samples=60)
    before = one.snapshot.network.parameters.copy()
    one.stroke((5.5, 5.5), (5.5, 3))
    assert np.array_equal(one.snapshot.network.parameters, before)
    assert len(one.snapshot.data.x_train) + len(one.snapshot.data.x_test) == len(one.source.points)


def test_the_eraser_removes_the_points_under_it(hand: Callable[..., Hand]) -> None:
    kept, gone = (-4.0, -4.0, 1.0), ((2.0, 2.0, 1.0), (3.0, 2.0, 2.0))
    one = hand(DrawnSource(points=(kept, *gone)))
    one.key(Qt.Key.Key_E)
    one.stroke((1, 2), (4, 2))
    assert one.source.points == (kept,)
    assert one.source.classes == (1, 2)
    one.session.undo()
    assert one.source.points == (kept, *gone)
    assert one.session.redo_label == "Erase points"


def test_a_spray_puts_points_into_the_disc(hand: Callable[..., Hand]) -> None:
    one = hand()
    for _ in range(4):
        one.key(Qt.Key.Key_Plus)
    radius = one.tool.radius
    one.stroke((0, 0))
    assert len(one.source.points) >= 4
    scale = one.canvas.area().rect.width() / 12
    assert all(math.hypot(x, y) * scale <= radius + 1 for x, y, _ in one.source.points)


def test_points_are_placed_by_keyboard_alone(hand: Callable[..., Hand], qtbot: QtBot) -> None:
    one = hand(playing=True)
    assert one.canvas.hasFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_2, Qt.Key.Key_Return):
        QTest.keyClick(one.canvas, key, Qt.KeyboardModifier.ShiftModifier)
    one.settle()
    (x1, y1, first), (x2, y2, second) = one.source.points
    assert (first, second) == (1, 2)
    assert x1 > x2
    assert y1 < y2
    assert one.session.playing, "Space did not pause training"
    one.key(Qt.Key.Key_Delete)
    one.settle()
    assert [point[2] for point in one.source.points] == [1]
    one.key(Qt.Key.Key_Escape)
    assert not one.tool.is_on
    QTest.keyClick(one.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not one.session.playing)


def test_a_curve_is_drawn_for_one_input(hand: Callable[..., Hand]) -> None:
    one = hand("sine", samples=20, test_fraction=0.0)
    one.card.drawing.strip._empty.click()
    one.settle()
    assert one.source == DrawnSource(points=(), task="regression", inputs=1)
    assert one.card._sentence.text() == "Draw at least two points."
    one.stroke(*[(0.5 * i, 0.012 * i * i) for i in range(-8, 9)])
    places = np.array(one.source.points)
    assert places.shape[1] == 2
    assert len(places) > 15
    assert np.abs(places[:, 1] - 0.012 * (2 * places[:, 0]) ** 2).max() < 0.1
    one.stroke((0, 0), button=RIGHT)
    assert len(one.source.points) < len(places), "the right button erases"


def test_values_are_drawn_on_a_surface(hand: Callable[..., Hand]) -> None:
    one = hand("plane", samples=40)
    count = len(one.snapshot.data.x_train) + len(one.snapshot.data.x_test)
    one.stroke((5.5, -5.5))
    one.stroke((-5.5, 5.5), button=RIGHT)
    one.key(Qt.Key.Key_3)
    one.stroke((0, 0))
    assert [point[2] for point in one.source.points[count:]] == [1.0, -1.0, 0.0]
    assert one.source.task == "regression"


def test_iris_cannot_be_drawn_on(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(Experiment(data=DataSettings(dataset="iris")))
    card = window.cards["output"]
    assert isinstance(card, OutputPlot)
    qtbot.waitUntil(lambda: card.shown() is not None)
    with qtbot.waitSignal(window.session.message) as said:
        QTest.keyClick(window, Qt.Key.Key_B)
    assert said.args is not None
    assert said.args[0].startswith("Only data with one or two inputs can be drawn on; this has 4.")
    assert not card.drawing.is_on
    assert not card.drawing.button.isEnabled()
    assert "one or two inputs" in card.drawing.button.toolTip()


def test_a_large_set_cannot_be_drawn_on_and_an_empty_one_turns_drawing_on(
    qtbot: QtBot, open_window: Callable[..., MainWindow]
) -> None:
    window = open_window(Experiment(data=DataSettings(samples=6000)))
    card = window.cards["output"]
    assert isinstance(card, OutputPlot)
    qtbot.waitUntil(lambda: "up to 5000 samples" in card.drawing.button.toolTip())
    assert not card.drawing.button.isEnabled()
    window.session.edit_data("Data set", dataset=EMPTY)
    qtbot.waitUntil(lambda: card.drawing.is_on)
    assert card.drawing.strip.isVisible()


def test_points_survive_saving_and_opening(hand: Callable[..., Hand], tmp_path: Path) -> None:
    one = hand()
    one.stroke((-4, 1), (4, 1))
    one.stroke((0, -3), button=RIGHT)
    path = tmp_path / "drawn.json"
    assert one.window.files.save_to(path)
    saved = one.source
    assert load(path).data.dataset == saved
    one.session.edit_data("Data set", dataset="xor")
    assert one.window.files.save_to(tmp_path / "other.json")
    assert one.window.files.open_path(path)
    one.settle()
    assert one.source == saved
    assert len(one.snapshot.data.x_train) + len(one.snapshot.data.x_test) == len(saved.points)


def test_points_are_exported_and_imported_as_csv(hand: Callable[..., Hand], tmp_path: Path, qtbot: QtBot) -> None:
    one = hand("circle", samples=30)
    strip = one.card.drawing.strip
    path = tmp_path / "points.csv"
    strip.export_to(path)
    assert one.session.experiment.data.dataset == "circle", "exporting changes nothing"
    one.stroke((5, 5))
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) == 31
    strip.import_from(path)
    assert to_csv(one.source) == text
    assert one.session.undo_label == "Import points"
    path.write_text("x1,x2,label\n1,2,three\n", encoding="utf-8")
    with qtbot.waitSignal(one.session.message) as said:
        strip.import_from(path)
    assert said.args == ["points.csv: line 2, label: expected a number, got “three”", "error"]


def test_with_the_mode_off_a_click_draws_nothing(hand: Callable[..., Hand]) -> None:
    one = hand("circle", samples=30)
    one.key(Qt.Key.Key_Escape)
    one.stroke((5, 5), (4, 4))
    assert one.session.experiment.data.dataset == "circle"


def test_all_points_are_shown_while_drawing(hand: Callable[..., Hand]) -> None:
    one = hand(DrawnSource(points=((-3.0, 0.0, 1.0), (3.0, 0.0, 2.0))), test_fraction=0.9)
    one.stroke((0, -4), (0, 4))
    assert len(one.snapshot.data.x_test) > 5
    picture = one.card._picture
    assert picture._shows_test()  # type: ignore[attr-defined]
    one.key(Qt.Key.Key_Escape)
    assert not picture._shows_test()  # type: ignore[attr-defined]


def test_a_table_with_two_inputs_is_drawn_on(hand: Callable[..., Hand], tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = [f"{10 + i % 7},{200 + 3 * (i % 5)},{'cat' if i % 2 else 'dog'}" for i in range(20)]
    path.write_text("\n".join(["height,weight,kind", *rows]), encoding="utf-8")
    one = hand(TableSource(csv=str(path), target="kind"))
    before = one.snapshot
    assert [chip.text() for chip in one.card.drawing.strip.chips] == ["cat", "dog", "+"]
    one.stroke((12.0, 205.0), button=RIGHT)
    assert len(one.source.points) == 21
    assert one.source.points[-1] == pytest.approx((12, 205, 2), abs=0.2)
    after = one.snapshot
    assert after.data.class_names == before.data.class_names == ("cat", "dog")
    assert np.allclose(after.data.input_scale, before.data.input_scale, rtol=0.5), "still standardized"
    assert np.array_equal(after.network.parameters, before.network.parameters)


def test_the_limit_is_reported_and_enforced(hand: Callable[..., Hand], qtbot: QtBot) -> None:
    points = tuple((round(0.002 * index - 5, 3), 0.0, 1.0 + index % 2) for index in range(MAX_POINTS - 1))
    one = hand(DrawnSource(points=points))
    with qtbot.waitSignal(one.session.message) as said:
        one.stroke((-4, 3), (4, 3))
    assert said.args is not None
    assert "5000 points" in said.args[0]
    assert len(one.source.points) == MAX_POINTS


def test_another_data_set_chosen_during_a_stroke_ends_it_unchanged(hand: Callable[..., Hand], qtbot: QtBot) -> None:
    one = hand("plane", samples=40)
    viewport = one.canvas.viewport()
    with qtbot.assertNotEmitted(one.session.message):
        QTest.mousePress(viewport, LEFT, PLAIN, one.at(0, 0))
        one.session.edit_data("Data set", dataset=DrawnSource(points=((1.0, 1.0, 1.0), (2.0, 2.0, 2.0))))
        spot = QPointF(one.at(4, 4))
        move = QMouseEvent(
            QEvent.Type.MouseMove, spot, viewport.mapToGlobal(spot), Qt.MouseButton.NoButton, LEFT, PLAIN
        )
        QApplication.sendEvent(viewport, move)
        QTest.mouseRelease(viewport, LEFT, PLAIN, one.at(4, 4))
        one.settle()
    assert one.source.points == ((1.0, 1.0, 1.0), (2.0, 2.0, 2.0))
