"""Sketching a curve by mouse and by keyboard, and comparing it with the measured one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.errors import PlaygroundError
from core.lessons.blocks import Measure, Predict, PredictText
from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import Difference
from playground.lessons.sketching.sentences import difference_sentence
from playground.lessons.sketching.sketch import SketchPlot
from playground.style.theme import DARK, LIGHT, Style

pytestmark = pytest.mark.usefixtures("fonts")


def predict(measure: str = "loss_curve", **axes: tuple[float, float]) -> Predict:
    wanted = axes or {"x": (0.0, 100.0), "y": (1e-4, 1.0)}
    return Predict(
        kind="curve", truth=Measure(measure=measure), text=PredictText(question="How will it fall?"), **wanted
    )


def plot(qtbot: QtBot, question: Predict | None = None, style: Style | None = None) -> SketchPlot:
    made = SketchPlot(question or predict(), style or Style(LIGHT))
    qtbot.addWidget(made)
    made.resize(340, 320)
    with qtbot.waitExposed(made):
        made.show()
    made.canvas.grab()
    return made


def pixel(made: SketchPlot, x: float, height: float) -> QPoint:
    area = made.canvas.area()
    return QPointF(area.x(x), area.y(height)).toPoint()


def drag(made: SketchPlot, *places: tuple[float, float]) -> None:
    view = made.canvas.viewport()
    spots = [pixel(made, *place) for place in places]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(view, spot)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=spots[-1])


def button(made: SketchPlot, name: str) -> QPushButton:
    found = made.findChild(QPushButton, name)
    assert found is not None
    return found


def picture(made: SketchPlot) -> QImage:
    return made.canvas.grab().toImage()


def test_a_line_drawn_with_the_mouse_is_kept_in_the_units_of_the_loss(qtbot: QtBot) -> None:
    made = plot(qtbot)
    empty = picture(made)
    assert not button(made, "keepSketchButton").isEnabled()
    drag(made, (0.0, 0.0), (50.0, -1.0), (100.0, -2.0))
    assert picture(made) != empty
    with qtbot.waitSignal(made.sketched) as kept:
        qtbot.mouseClick(button(made, "keepSketchButton"), Qt.MouseButton.LeftButton)
    points = kept.args[0]
    assert points == made.points
    xs, ys = np.array(points).T
    assert (xs[0], xs[-1]) == (0.0, 100.0)
    assert np.all(np.diff(xs) > 0)
    # One pixel is about 1 epoch and 0.03 decades.
    assert np.log10(ys) == pytest.approx(-xs / 50.0, abs=0.08)
    assert not button(made, "keepSketchButton").isVisible()


def test_drawing_backwards_replaces_the_curve_below_the_mouse(qtbot: QtBot) -> None:
    made = plot(qtbot)
    drag(made, (0.0, -1.0), (100.0, -1.0))
    drag(made, (70.0, -3.0), (30.0, -3.0))
    heights = {x: math.log10(y) for x, y in made.points}
    assert heights[50.0] == pytest.approx(-3.0, abs=0.05)
    assert heights[0.0] == pytest.approx(-1.0, abs=0.05)
    assert heights[100.0] == pytest.approx(-1.0, abs=0.05)


def test_a_stroke_outside_the_plot_is_clipped_to_its_axes(qtbot: QtBot) -> None:
    made = plot(qtbot)
    rect = made.canvas.area().rect
    view = made.canvas.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    QTest.mouseMove(view, QPoint(made.width() + 80, -60))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(made.width() + 80, -60))
    assert made.points[-1] == (100.0, 1.0)
    assert all(1e-4 <= y <= 1.0 for _, y in made.points)


def test_the_keyboard_moves_points_and_enter_keeps_them(qtbot: QtBot) -> None:
    made = plot(qtbot, predict("gradient_by_layer", x=(1.0, 4.0), y=(1e-4, 1.0)))
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.canvas.clearFocus()
    made.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(made.canvas.hasFocus)
    assert "layer 1" in made.canvas.accessibleDescription()
    QTest.keyClick(made.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)  # level at 1e-2, then a tenth down
    QTest.keyClick(made.canvas, Qt.Key.Key_Right)
    QTest.keyClick(made.canvas, Qt.Key.Key_Up)
    assert "layer 2" in made.canvas.accessibleDescription()
    with qtbot.waitSignal(made.sketched) as kept:
        QTest.keyClick(made.canvas, Qt.Key.Key_Return)
    heights = [math.log10(y) for _, y in kept.args[0]]
    assert heights == pytest.approx([-2.4, -1.92, -2.0, -2.0], abs=1e-3)
    QTest.keyClick(made.canvas, Qt.Key.Key_Up)  # it is kept: nothing changes any more
    assert made.points == kept.args[0]


def test_delete_and_the_button_clear_it(qtbot: QtBot) -> None:
    made = plot(qtbot)
    for clear in (
        lambda: QTest.keyClick(made.canvas, Qt.Key.Key_Delete),
        lambda: qtbot.mouseClick(button(made, "clearSketchButton"), Qt.MouseButton.LeftButton),
    ):
        drag(made, (0.0, -1.0), (100.0, -1.0))
        assert made.points
        clear()
        assert not made.points
        assert not button(made, "keepSketchButton").isEnabled()


def test_enter_on_an_empty_plot_keeps_nothing(qtbot: QtBot) -> None:
    made = plot(qtbot)
    with qtbot.assertNotEmitted(made.sketched):
        QTest.keyClick(made.canvas, Qt.Key.Key_Return)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_measured_curve_is_drawn_and_the_difference_described(qtbot: QtBot, theme: object) -> None:
    made = plot(qtbot, style=Style(theme))  # type: ignore[arg-type]
    drag(made, (0.0, -1.0), (100.0, -1.0))
    before = picture(made)
    x = np.linspace(0.0, 100.0, 500)
    made.reveal(x, np.full(500, 1e-3))
    assert picture(made) != before
    label = made.findChild(QLabel, "sketchDifference")
    assert label is not None
    assert label.isVisible()
    assert "off by 2.0 decades, a factor of" in label.text()
    assert "(too high)" in label.text()
    assert "measured is 0.0010" in label.text()
    assert made.canvas.accessibleDescription() == label.text()
    points = made.points
    drag(made, (0.0, -3.0), (100.0, -3.0))
    assert made.points == points


def test_a_skipped_sketch_shows_the_truth_only(qtbot: QtBot) -> None:
    made = plot(qtbot)
    made.reveal(np.array([0.0, 100.0]), np.array([1.0, 1e-2]))
    assert made.sentence == ""
    assert not button(made, "keepSketchButton").isVisible()


def test_an_empty_measurement_is_reported(qtbot: QtBot) -> None:
    made = plot(qtbot)
    drag(made, (0.0, -1.0), (100.0, -1.0))
    made.reveal(np.array([0.0, 1.0]), np.array([math.nan, 0.0]))
    picture(made)
    assert "nothing to compare" in made.sentence


def test_a_stored_sketch_is_restored_exactly(qtbot: QtBot) -> None:
    first = plot(qtbot)
    drag(first, (0.0, -0.5), (60.0, -3.0), (100.0, -3.5))
    second = plot(qtbot)
    second.restore(first.points)
    assert second.points == first.points
    assert not button(second, "keepSketchButton").isVisible()
    drag(second, (0.0, -1.0), (100.0, -1.0))
    assert second.points == first.points


def test_on_a_linear_axis_the_difference_is_a_share_of_its_range() -> None:
    axes = SketchAxes("epoch", "accuracy", (0.0, 10.0), (0.0, 2.0), log=False, by_layer=False)
    found = Difference(0.5, 0.0, (0.0, 10.0), 4.0, 1.5, 0.25)
    assert difference_sentence(found, axes) == (
        "On average your curve is off by 0.50, which is 25\u2009% of the axis. "
        "The largest difference is at epoch 4: you drew 1.5, measured is 0.25."
    )
    assert difference_sentence(replace(found, mean=0.01), axes).startswith("Close: on average")


def test_incomplete_axes_are_an_error() -> None:
    with pytest.raises(PlaygroundError, match="x: a curve needs the range"):
        SketchPlot(
            Predict(kind="curve", truth=Measure(measure="loss_curve"), text=PredictText(question="?")), Style(LIGHT)
        )
