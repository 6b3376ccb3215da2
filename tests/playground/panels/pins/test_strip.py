"""The strip of pinned runs: it follows the model, and its chips change it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.pins.same_start import SharedStart
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.panels import Toolbar
from playground.panels.pins.chip import PinChip
from playground.panels.pins.start_wording import start_words
from playground.panels.pins.strip import PinStrip
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import network, run_pinned_often, snapshot_of

TANH, SIGMOID, RELU = (network(4, 2, activation=key) for key in ("tanh", "sigmoid", "relu"))


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {"tanh": run_pinned_often(TANH, 2, 25), "sigmoid": run_pinned_often(SIGMOID, 2, 25)}


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(RELU)


@pytest.fixture
def strip(qtbot: QtBot, session: Session) -> PinStrip:
    strip = PinStrip(session, Style(LIGHT))
    qtbot.addWidget(strip)
    strip.resize(1200, 34)
    return strip


def chip_of(strip: PinStrip, session: Session, run: PinnedRun) -> PinChip:
    pin = session.pins.add(run)
    assert pin is not None
    return strip.chips[-1]


def choose(chip: PinChip, name: str) -> None:
    chip.menu().aboutToShow.emit()
    action = chip.menu().findChild(QAction, name)
    assert action is not None, name
    action.trigger()


def test_the_strip_shows_only_with_a_pin(strip: PinStrip, session: Session, runs: dict[str, PinnedRun]) -> None:
    assert strip.isHidden()
    chip = chip_of(strip, session, runs["sigmoid"])
    assert not strip.isHidden()
    assert chip.text() == "sigmoid"
    session.pins.clear()
    assert strip.isHidden()
    assert strip.chips == ()


def test_chips_follow_the_experiment(strip: PinStrip, session: Session, runs: dict[str, PinnedRun]) -> None:
    chip = chip_of(strip, session, runs["sigmoid"])
    session.edit_training("x", learning_rate=0.1)
    assert chip.text() == "sigmoid · learning rate 0.03"
    assert "Now: ReLU, learning rate 0.1" in chip.toolTip()


def test_a_click_chooses_the_compared_pin(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    strip.show()
    first, second = chip_of(strip, session, runs["sigmoid"]), chip_of(strip, session, runs["tanh"])
    assert (first.isChecked(), second.isChecked()) == (False, True)
    first.click()
    assert session.pins.compared is not None
    assert session.pins.compared.key == first.key
    assert (first.isChecked(), second.isChecked()) == (True, False)
    first.click()
    assert first.isChecked()


def test_the_menu_hides_recolours_and_removes(strip: PinStrip, session: Session, runs: dict[str, PinnedRun]) -> None:
    chip = chip_of(strip, session, runs["sigmoid"])
    choose(chip, "colour-3")
    assert session.pins.all[0].colour == 3
    choose(chip, "hidePin")
    assert session.pins.visible == ()
    assert "hidden" in chip.accessibleName()
    choose(chip, "hidePin")
    assert len(session.pins.visible) == 1
    choose(chip, "removePin")
    assert session.pins.all == ()


def test_the_menu_reopens_and_exports(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    chip = chip_of(strip, session, runs["sigmoid"])
    choose(chip, "reopenPin")
    assert session.experiment == SIGMOID
    with qtbot.waitSignal(strip.export_requested):
        choose(chip, "exportPin")


def test_a_chip_whose_pin_was_removed_can_still_be_resized(
    qtbot: QtBot, session: Session, runs: dict[str, PinnedRun]
) -> None:
    strips: list[PinStrip] = []
    # Connected first: the strip is resized while it still has the chip.
    session.pins.changed.connect(lambda: [each.resize(700, 34) for each in strips])
    strip = PinStrip(session, Style(LIGHT))
    qtbot.addWidget(strip)
    chips = [chip_of(strip, session, run) for run in runs.values()]
    strip.resize(1200, 34)
    strip.show()
    removed = session.pins.all[0].key
    qtbot.keyClick(chips[0], Qt.Key.Key_F2)
    strips.append(strip)
    session.pins.remove(removed)
    assert strip.width() == 700
    assert strip.chips == (chips[1],)


def test_a_chip_is_renamed_in_place_and_removed_by_key(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    strip.show()
    chip = chip_of(strip, session, runs["sigmoid"])
    qtbot.keyClick(chip, Qt.Key.Key_F2)
    editor = chip.findChild(QLineEdit, "pinName")
    assert editor is not None
    editor.setText("before class")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert chip.text() == "before class"
    qtbot.keyClick(chip, Qt.Key.Key_F2)
    second = next(each for each in chip.findChildren(QLineEdit, "pinName") if each is not editor)
    second.setText("no")
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    assert chip.text() == "before class"
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert session.pins.all == ()


def test_the_strip_shows_whether_the_start_is_the_same(
    strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    chip_of(strip, session, runs["sigmoid"])
    strip.show_snapshot(snapshot_of(RELU, 3))
    label = strip.findChild(QLabel, "sameStart")
    assert label is not None
    assert label.text() == "Same start: data, initial weights, order of batches"
    other = replace(RELU, network=replace(RELU.network, seed=2))
    session.edit(other, "x")
    strip.show_snapshot(snapshot_of(other, 3, generation=1))
    assert label.text() == "Not the same start: other initial weights"
    assert "Shared: data, order of batches." in label.toolTip()


def test_a_restored_run_has_no_known_start_until_it_is_rewound(
    strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    chip_of(strip, session, runs["sigmoid"])
    trainer = new_trainer(RELU, engine="numpy")
    trainer.run(25)
    strip.show_snapshot(pinned(trainer, RunHistory(), (0, 1)).snapshot)
    label = strip.findChild(QLabel, "sameStart")
    assert label is not None
    assert label.text() == "Resumed at epoch 1: rewind for the same start"
    strip.show_snapshot(snapshot_of(RELU, 3))
    assert label.text() == "Same start: data, initial weights, order of batches"


def test_beside_six_pins_the_compared_chip_says_whether_the_start_is_the_same(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    for activation in ("sigmoid", "ReLU", "ELU", "swish", "SELU", "GELU"):
        session.pins.add(runs["sigmoid"], name=f"the first hidden layer: {activation}")
    strip.resize(1000, 34)
    strip.show()
    qtbot.waitUntil(lambda: strip.chips[-1].geometry().left() > 0)
    strip.show_snapshot(snapshot_of(RELU, 3))
    label = strip.findChild(QLabel, "sameStart")
    assert label is not None
    assert label.text() == "", "there is no room for the sentence"
    said = ["Same start: data, initial weights, order of batches." in chip.toolTip() for chip in strip.chips]
    assert said == [False] * 5 + [True]
    session.pins.compare(session.pins.all[1].key)
    said = ["Same start: data, initial weights, order of batches." in chip.toolTip() for chip in strip.chips]
    assert said == [False, True, False, False, False, False]
    assert [chip.text()[-2:] for chip in strip.chips] == ["id", "LU", "LU", "sh", "LU", "LU"], (
        "the ends of the names are seen"
    )


@pytest.mark.parametrize(
    ("shared", "short", "long", "helps"),
    [
        (
            SharedStart(True, True, 3, 3, True, False, (None, None)),
            "Same start: data, initial weights, order of samples",
            "Different: other batch size.",
            False,
        ),
        (
            SharedStart(True, True, 3, 3, True, True, (None, 12.4)),
            "Changed at epoch 12.40: rewind for the same start",
            "changed at epoch 12.40; rewind",
            True,
        ),
        (
            SharedStart(True, True, 2, 4, True, True, (None, 0.5)),
            "Changed at epoch 0.50: rewind to compare from the start",
            "other initial weights in 2 of 4 layers",
            True,
        ),
        (
            SharedStart(False, False, 0, 3, False, False, (3.0, None)),
            "“mine” was changed at epoch 3: not the same start",
            "Nothing is shared.",
            False,
        ),
        (
            SharedStart(True, True, 3, 3, True, True, (None, None), (None, 7.0)),
            "Resumed at epoch 7: rewind for the same start",
            "The current run was resumed at epoch 7; earlier changes are not known.",
            True,
        ),
        (
            SharedStart(True, True, 3, 3, True, True, (None, None), (7.0, None)),
            "“mine” was resumed at epoch 7: its start is not known",
            "“mine” was resumed at epoch 7; earlier changes are not known.",
            False,
        ),
        (
            SharedStart(True, False, 2, 3, True, True, (None, None)),
            "Not the same start: other features or scaling, other initial weights in 1 of 3 layers",
            "Shared: samples, random draws of the initial weights in 2 of 3 layers, order of batches.",
            False,
        ),
    ],
)
def test_what_is_shared_in_words(shared: SharedStart, short: str, long: str, helps: bool) -> None:
    words = start_words(shared, "mine")
    assert words.short == short
    assert long in words.long
    assert words.rewinding_helps is helps


def test_rewind_is_offered_where_it_makes_the_starts_alike(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun]
) -> None:
    strip.show()
    chip_of(strip, session, runs["sigmoid"])
    button = strip.findChild(QPushButton, "rewindToCompare")
    assert button is not None
    trainer, history = new_trainer(TANH, engine="numpy"), RunHistory()
    trainer.run(10)
    trainer.apply(RELU, trainer.data)
    history.changed(TANH, trainer)
    strip.show_snapshot(pinned(trainer, history, (0, 1)).snapshot)
    assert not button.isHidden()
    with qtbot.waitSignal(session.rewound):
        button.click()
    strip.show_snapshot(snapshot_of(RELU, 1))
    assert button.isHidden()


def test_read_outs_show_the_difference(qtbot: QtBot, session: Session, runs: dict[str, PinnedRun]) -> None:
    bar = Toolbar(session, Style(LIGHT))
    qtbot.addWidget(bar)
    bar.resize(1500, 56)
    bar.show()
    living = snapshot_of(RELU, 75)
    bar.show_snapshot(living)
    epoch, train, test, accuracy, _rate = bar.read_outs
    width = train.minimumWidth()
    assert [each.difference for each in (epoch, train, test, accuracy)] == [""] * 4
    pin = session.pins.add(runs["sigmoid"])
    assert pin is not None
    now, then = living.scores, runs["sigmoid"].snapshot.scores
    assert epoch.difference == "Δ +2"
    assert train.difference == f"Δ {now.train_loss - then.train_loss:+.4f}".replace("-", "−")
    assert test.difference == f"Δ {now.test_loss - then.test_loss:+.4f}".replace("-", "−")
    assert accuracy.difference == f"Δ {100 * (now.test_accuracy - then.test_accuracy):+.1f} pp".replace("-", "−")
    assert train.minimumWidth() > width
    session.pins.remove(pin.key)
    assert train.difference == ""
    assert train.minimumWidth() == width


@pytest.mark.parametrize("width", [800, 1000, 1280])
def test_nothing_is_cut_in_the_toolbar_with_differences(
    qtbot: QtBot, session: Session, runs: dict[str, PinnedRun], width: int
) -> None:
    bar = Toolbar(session, Style(LIGHT))
    qtbot.addWidget(bar)
    session.pins.add(runs["sigmoid"])
    bar.resize(width, 56)
    bar.show()
    bar.show_snapshot(snapshot_of(RELU, 75))
    shown: list[Callable[[], bool]] = [each.isVisible for each in bar.read_outs]
    assert any(is_shown() for is_shown in shown)
    for each in bar.read_outs:
        if each.isVisible():
            assert each.width() >= each.minimumWidth()
            assert each.geometry().right() <= bar.width()


@pytest.mark.parametrize("width", [700, 1000, 1400])
def test_six_long_names_fit_into_the_window(
    qtbot: QtBot, strip: PinStrip, session: Session, runs: dict[str, PinnedRun], width: int
) -> None:
    for number in range(6):
        session.pins.add(runs["sigmoid"], name=f"a rather long name for the run number {number}")
    strip.resize(width, 34)
    strip.show()
    qtbot.waitUntil(lambda: strip.chips[-1].geometry().left() > 0)
    assert strip.minimumSizeHint().width() <= 1000  # the minimum width of the window
    assert strip.width() == width
    for chip in strip.chips:
        assert chip.geometry().right() <= width
        assert chip.text().startswith("a")
    edges = [(chip.geometry().left(), chip.geometry().right()) for chip in strip.chips]
    assert all(a[1] < b[0] for a, b in itertools.pairwise(edges)), edges
