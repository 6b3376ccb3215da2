from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core.experiment import HiddenLayer, NetworkSettings, TrainingSettings
from playground.panels.controls import wording
from playground.panels.controls.field_meta import FieldMeta, field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.slider_scale import AroundOne, Even, SliderScale, Stops, counts, decades
from playground.panels.controls.value_edit import plain_number
from playground.panels.dialogs.plain_buttons import PlainButtonBox
from playground.session import Session
from tests.playground.wheel import turn_wheel

SCALES = {
    "even": Even(1, 50),
    "hundredths": Even(0, 0.99, 0.01),
    "decades": Stops(decades(-5, 1)),
    "zero first": Stops((0.0, *decades(-6, 0))),
    "zero last": Stops((1, 2, 5, 10, 100), zero_last=True),
    "around one": AroundOne(),
    "counts": counts(50),
}


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES.keys())
def test_every_position_round_trips(scale: SliderScale) -> None:
    positions = range(scale.first, scale.last + 1)
    assert [scale.position_of(scale.value_at(position)) for position in positions] == list(positions)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES.keys())
def test_values_increase_and_ends_are_exact(scale: SliderScale) -> None:
    values = [scale.value_at(position) for position in range(scale.first, scale.last + 1)]
    rising = values[:-1] if scale is SCALES["zero last"] else values
    assert all(low < high for low, high in itertools.pairwise(rising))
    assert scale.position_of(1e9) in (scale.last, scale.last - 1)
    assert scale.position_of(-1.0) == scale.first


def test_scales_have_the_documented_values() -> None:
    around = AroundOne()
    assert around.value_at(around.last // 2) == 1.0
    assert around.value_at(around.last) == 100.0
    assert around.value_at(0) == 0.0
    rate = Stops(decades(-5, 1))
    assert (rate.value_at(rate.first), rate.value_at(rate.last)) == (1e-5, 10.0)
    assert rate.value_at(rate.position_of(0.03)) == 0.03


def test_fields_report_their_limits() -> None:
    rate = field_meta(TrainingSettings, "learning_rate")
    assert (rate.title, rate.default, rate.low, rate.low_allowed) == ("Learning rate α", 0.03, 0.0, False)
    assert rate.problem(0.0) == "must be more than 0"
    assert rate.problem(1001.0) == "must be at most 1000"
    assert rate.problem(0.5) is None
    assert field_meta(HiddenLayer, "units").problem(2.5) == "must be a whole number"
    assert field_meta(HiddenLayer, "dropout").problem(1.0) == "must be less than 1"
    assert field_meta(NetworkSettings, "input_dropout").problem(float("nan")) == "must be a finite number"
    clip = field_meta(TrainingSettings, "clip_norm")
    assert (clip.low, clip.low_allowed, clip.high, clip.title) == (0.0, False, 1e6, "Clip norm")
    with pytest.raises(KeyError):
        field_meta(TrainingSettings, "nothing")


@pytest.mark.parametrize(
    ("text", "value"), [("−0.5", -0.5), ("1 000", 1000.0), ("3e-4", 3e-4), ("5 %", 0.05), ("2 ×", 2.0), ("0,25", 0.25)]
)
def test_numbers_are_parsed_in_common_notations(text: str, value: float) -> None:
    assert plain_number(text) == pytest.approx(value)


def test_text_that_is_not_a_number_is_rejected() -> None:
    with pytest.raises(ValueError, match="“two” is not a number"):
        plain_number("two")


def test_values_are_formatted() -> None:
    assert [wording.plain(v) for v in (0.03, 1e-5, 10.0, -2.0)] == ["0.03", "1e−5", "10", "−2"]
    assert [wording.fraction(v) for v in (0.0, 0.9, 1e-7)] == ["0.0", "0.9", "1e−7"]
    assert wording.share(0.05) == "5\u2009%"
    assert [wording.depth(v) for v in (0, 1, 3)] == ["no hidden layer", "1 hidden layer", "3 hidden layers"]
    assert [wording.batch(v) for v in (0, 10, 1000)] == ["whole set", "10", "1\u2009000"]
    assert [wording.off_or(v) for v in (0, 2)] == ["off", "2"]


@pytest.fixture
def rate(qtbot: QtBot) -> LabelledSlider:
    """A slider for the learning rate."""
    made = LabelledSlider(
        field_meta(TrainingSettings, "learning_rate"), Stops(decades(-5, 1)), "rate", write=wording.plain
    )
    qtbot.addWidget(made)
    return made


def moves(slider: LabelledSlider) -> list[float]:
    values: list[float] = []
    slider.moved.connect(values.append)
    return values


def test_setting_the_value_emits_no_signal(rate: LabelledSlider) -> None:
    values = moves(rate)
    rate.set_value(0.1234)
    assert (values, rate.value, rate.value_edit.text()) == ([], 0.1234, "0.1234")


def test_dragging_emits_each_value(rate: LabelledSlider) -> None:
    values = moves(rate)
    rate.slider.setValue(rate.slider.maximum())
    rate.slider.setValue(rate.slider.minimum())
    assert values == [10.0, 1e-5]
    assert rate.value_edit.text() == "1e−5"


def test_keys_move_by_one_step_a_tenth_and_to_the_ends(rate: LabelledSlider) -> None:
    start = rate.slider.value()
    QTest.keyClick(rate.slider, Qt.Key.Key_Right)
    assert rate.slider.value() == start + 1
    QTest.keyClick(rate.slider, Qt.Key.Key_PageUp)
    assert rate.slider.value() == start + 1 + rate.slider.pageStep()
    QTest.keyClick(rate.slider, Qt.Key.Key_Home)
    assert rate.value == 1e-5


def test_pressing_the_groove_moves_the_handle(rate: LabelledSlider, qtbot: QtBot) -> None:
    rate.resize(240, 40)
    with qtbot.waitExposed(rate):
        rate.show()
    values = moves(rate)
    QTest.mouseClick(rate.slider, Qt.MouseButton.LeftButton, pos=QPoint(rate.slider.width() - 6, 8))
    assert values
    assert values[-1] > 5.0


def test_a_drag_with_the_mouse_emits_continuously(rate: LabelledSlider, qtbot: QtBot) -> None:
    rate.resize(240, 40)
    with qtbot.waitExposed(rate):
        rate.show()
    rate.set_value(1e-5)
    values = moves(rate)
    left, button = Qt.MouseButton.LeftButton, rate.slider
    QTest.mousePress(button, left, pos=QPoint(5, 8))
    for x in (60, 120, 180):
        QTest.mouseMove(button, QPoint(x, 8))
    QTest.mouseRelease(button, left, pos=QPoint(180, 8))
    assert len(values) >= 3
    assert values == sorted(values)
    assert rate.value_edit.text() == wording.plain(values[-1])


def typed(slider: LabelledSlider, text: str, qtbot: QtBot, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Show ``slider``, type ``text`` into its value and press ``key``."""
    slider.show()
    slider.activateWindow()
    qtbot.waitUntil(slider.isActiveWindow)
    slider.value_edit.begin()
    assert slider.value_edit.hasFocus()
    QTest.keyClicks(slider.value_edit, text)
    QTest.keyClick(slider.value_edit, key)


def test_a_typed_value_is_kept_exactly(rate: LabelledSlider, qtbot: QtBot) -> None:
    values = moves(rate)
    typed(rate, "0.0123", qtbot)
    assert values == [0.0123]
    assert (rate.value, rate.value_edit.text()) == (0.0123, "0.0123")


def test_an_invalid_value_is_explained_and_changes_nothing(rate: LabelledSlider, qtbot: QtBot) -> None:
    values = moves(rate)
    typed(rate, "5000", qtbot)
    assert rate.value_edit.property("wrong") is True
    assert rate.value_edit.accessibleDescription() == "Learning rate α must be at most 1000"
    QTest.keyClick(rate.value_edit, Qt.Key.Key_Escape)
    assert (values, rate.value_edit.text(), rate.value_edit.property("wrong")) == ([], "0.03", False)


@pytest.mark.parametrize("text", ["nonsense", "0.5"])
def test_leaving_the_field_restores_the_old_value(rate: LabelledSlider, qtbot: QtBot, text: str) -> None:
    values = moves(rate)
    typed(rate, text, qtbot, Qt.Key.Key_Shift)
    rate.value_edit.clearFocus()
    assert (values, rate.value_edit.text(), rate.value_edit.property("wrong") or False) == ([], "0.03", False)


@pytest.fixture
def depth(qtbot: QtBot) -> LabelledSlider:
    """A slider for a number of layers, initially 8."""
    meta = FieldMeta("depth", "Depth", "Number of hidden layers.", 2, low=0, high=50, whole=True)
    made = LabelledSlider(meta, counts(50), "depth", write=wording.depth)
    qtbot.addWidget(made)
    made.set_value(8)
    made.resize(216, 40)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_typing_after_a_click_replaces_the_number(depth: LabelledSlider) -> None:
    values, edit = moves(depth), depth.value_edit
    position = QPoint(edit.width() - 5, edit.height() // 2)
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton, pos=position)
    QTest.keyClicks(edit, "10")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (values, edit.text()) == ([10.0], "10 hidden layers")
    assert not edit.hasFocus()


def test_a_second_click_places_the_cursor(depth: LabelledSlider) -> None:
    edit = depth.value_edit
    for _ in range(2):
        QTest.mouseClick(edit, Qt.MouseButton.LeftButton, pos=QPoint(edit.width() - 5, edit.height() // 2))
        QTest.qWait(QApplication.doubleClickInterval() + 20)
    assert edit.selectedText() == ""
    QTest.keyClicks(edit, "0")
    assert edit.text() == "80"


def test_a_rejected_text_is_replaced_by_the_next_digits(depth: LabelledSlider) -> None:
    values, edit = moves(depth), depth.value_edit
    QTest.mouseClick(edit, Qt.MouseButton.LeftButton)
    QTest.keyClicks(edit, "810")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.property("wrong") is True
    QTest.keyClicks(edit, "9")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (values, edit.text()) == ([9.0], "9 hidden layers")


def test_counts_are_at_least_eight_pixels_apart(depth: LabelledSlider) -> None:
    for scale in (counts(50), counts(64)):
        assert depth.slider.travel / (scale.last - scale.first) > 8
        assert [scale.value_at(number) for number in range(1, 17)] == list(range(1, 17))


def test_a_drag_snaps_to_one_and_keys_do_not(qtbot: QtBot) -> None:
    gain = LabelledSlider(field_meta(HiddenLayer, "gain"), AroundOne(), "gain", snap=1.0)
    qtbot.addWidget(gain)
    gain.resize(216, 40)
    with qtbot.waitExposed(gain):
        gain.show()
    gain.set_value(0.2)
    values, left = moves(gain), Qt.MouseButton.LeftButton
    middle = gain.slider.width() // 2
    QTest.mousePress(gain.slider, left, pos=QPoint(middle - 40, 8))
    for x in range(-40, 40):
        QTest.mouseMove(gain.slider, QPoint(middle + x, 8))
        if abs(x) <= 3:
            assert gain.value == 1.0
    assert gain.value > 1.1
    QTest.mouseRelease(gain.slider, left, pos=QPoint(middle + 40, 8))
    assert values == sorted(values)
    gain.set_value(1.0)
    QTest.keyClick(gain.slider, Qt.Key.Key_Right)
    assert gain.value > 1.0


def test_double_clicking_the_label_resets_the_value(rate: LabelledSlider) -> None:
    rate.set_value(5.0)
    values = moves(rate)
    name = next(label for label in rate.findChildren(QLabel) if label.text() == "Learning rate α")
    QTest.mouseDClick(name, Qt.MouseButton.LeftButton)
    assert (values, rate.value) == ([0.03], 0.03)


def test_percentages_are_typed_without_a_sign(qtbot: QtBot) -> None:
    noise = LabelledSlider(field_meta(HiddenLayer, "dropout"), Even(0, 0.9, 0.01), "share", percent=True)
    qtbot.addWidget(noise)
    values = moves(noise)
    typed(noise, "25", qtbot)
    assert values == [0.25]


def test_the_wheel_moves_only_a_focused_slider(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    rate = LabelledSlider(field_meta(TrainingSettings, "learning_rate"), Stops(decades(-5, 1)), "rate")
    layout, other = QVBoxLayout(page), QWidget()
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout.addWidget(rate)
    layout.addWidget(other)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    other.setFocus()
    start = rate.slider.value()
    turn_wheel(rate.slider)
    assert rate.slider.value() == start
    rate.slider.setFocus()
    turn_wheel(rate.slider)
    assert rate.slider.value() != start


def test_a_slider_has_accessible_names(rate: LabelledSlider) -> None:
    assert rate.slider.objectName() == "rate"
    assert rate.slider.accessibleName() == "Learning rate α"
    assert "w ← w − α" in rate.slider.toolTip()
    rate.explain("It has no effect now.")
    assert rate.slider.toolTip().startswith("It has no effect now.")


def test_each_drag_is_one_undoable_edit_however_slow(qtbot: QtBot) -> None:
    session = Session()
    slider = LabelledSlider(field_meta(TrainingSettings, "learning_rate"), Stops(decades(-5, 1)), "aSlider")
    qtbot.addWidget(slider)
    slider.moved.connect(lambda value: session.edit_training("Rate", "rate", learning_rate=value))
    slider.held.connect(session.hold_edits)
    slider.resize(200, 60)
    slider.show()
    start = session.experiment
    for fraction in (0.2, 0.7):
        position = QPoint(round(fraction * slider.slider.width()), slider.slider.height() // 2)
        QTest.mousePress(slider.slider, Qt.MouseButton.LeftButton, pos=position)
        before = session.experiment
        slider.slider.setSliderPosition(slider.slider.value() + 3)
        slider.slider.setSliderPosition(slider.slider.value() + 3)
        assert session.experiment != before
        QTest.mouseRelease(slider.slider, Qt.MouseButton.LeftButton, pos=position)
    session.undo()
    assert session.experiment != start
    session.undo()
    assert session.experiment == start


def test_dialog_buttons_have_no_icons_after_a_style_change(qtbot: QtBot) -> None:
    box = PlainButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    box.show()
    box.setStyleSheet("QPushButton { padding: 3px; }")
    assert all(button.icon().isNull() for button in box.buttons())
