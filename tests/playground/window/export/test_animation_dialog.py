"""An animation is created in another process from the window's cards, while training continues."""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core.experiment.experiment_file import save
from core.experiment.presets import preset
from core.training.origins.picture_origin import load_origin
from playground import __main__ as program
from playground.export.animation.choices import AnimationChoices
from playground.export.animation.dialog import AnimationDialog
from playground.plotting.cards.word_choice import WordMenu
from playground.window.main_window import MainWindow
from playground.window.workspace.tiles import tiles_of
from tests.playground.full_disk import small_files

Opener = Callable[..., MainWindow]
PATIENCE = 110_000


@pytest.fixture
def window(open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    QSettings().remove("animation")
    QSettings().setValue("export/folder", str(tmp_path))
    opened = open_window()
    yield opened
    opened.menus.card_export.stop()
    QSettings().remove("animation")
    QSettings().remove("export")
    assert list((tmp_path / "temporary").glob("nn-playground-animation*")) == []


def dialog_of(window: MainWindow, what: str = "loss", *, frames: int = 3, epochs: int = 6) -> AnimationDialog:
    dialog = window.menus.card_export.animate()
    assert dialog is not None
    choices = dialog.choices
    choices.choose(what)
    for box, value in (
        (choices._count, frames),
        (choices._epochs, epochs),
        (choices._size.width, 320),
        (choices._size.height, 180),
    ):
        box.setValue(value)
    return dialog


def message(dialog: AnimationDialog) -> str:
    return dialog.findChild(QLabel, "animationMessage").text()


def press(dialog: AnimationDialog, name: str) -> None:
    QTest.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def saved(dialog: AnimationDialog, qtbot: QtBot) -> Path:
    """Press Return, and return the file once it is written."""
    with qtbot.waitSignal(dialog._process.finished, timeout=PATIENCE):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert message(dialog).startswith(f"Saved {dialog.written[-1]} (")
    return dialog.written[-1]


def durations(path: Path) -> list[int]:
    with Image.open(path) as image:
        found = []
        for number in range(image.n_frames):
            image.seek(number)
            found.append(image.info["duration"])
        return found


def test_the_file_is_the_same_as_from_the_command_line(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.mouseClick(window.cards["loss"].canvas.viewport(), Qt.MouseButton.LeftButton)
    QTest.keyClick(
        QApplication.focusWidget(),
        Qt.Key.Key_E,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert window.findChild(AnimationDialog).choices.what == "loss"
    window.session.play()
    path = saved(dialog_of(window), qtbot)
    assert window.session.snapshot.step > 0  # training went on meanwhile
    assert durations(path) == [120, 120, 2000]
    assert path.name == "loss.gif"
    options = ["--animate", "again.gif", "--what", "loss", "--frames", "3", "--size", "320x180", "--caption"]
    save(window.session.experiment, tmp_path / "same.json")
    assert (
        program.main(["render", str(tmp_path / "same.json"), "--epochs", "6", "--out", str(tmp_path / "out"), *options])
        == 0
    )
    assert path.read_bytes() == (tmp_path / "out" / "again.gif").read_bytes()
    assert load_origin(path).experiment == window.session.experiment


def test_the_whole_window_shows_its_cards_with_their_options(window: MainWindow, qtbot: QtBot) -> None:
    contents: list[bytes] = []
    for name in ("log", "linear"):
        choice = next(
            each for each in window.cards["loss"].findChildren(QAbstractButton) if each.text().lower() == name
        )
        choice.click()
        path = saved(dialog_of(window, "", frames=2), qtbot)
        assert durations(path) == [120, 2000]
        with Image.open(path) as image:
            assert image.size == (320, 180)
            image.seek(1)
            contents.append(image.convert("RGB").tobytes())
    assert path.name == "window-2.gif"
    assert contents[0] != contents[1]


@pytest.mark.parametrize(
    ("card", "menu"), [("output", "Input along the horizontal axis"), ("activation", "Layer whose activation is shown")]
)
def test_choices_that_depend_on_the_data_are_filmed(window: MainWindow, qtbot: QtBot, card: str, menu: str) -> None:
    window.session.replace_all(preset("iris"), None)
    qtbot.waitUntil(lambda: window.session.snapshot.data.class_names == ("setosa", "versicolor", "virginica"))
    window.workspace.reveal(card)
    actions = (
        next(each for each in window.cards[card].findChildren(WordMenu) if each.accessibleName() == menu).menu().actions
    )
    qtbot.waitUntil(lambda: len(actions()) > 1)
    contents: list[bytes] = []
    for entry in (0, 1):
        actions()[entry].trigger()
        if card == "output":
            qtbot.waitUntil(lambda entry=entry: window.session.snapshot.plane.axes[0] == entry)
        path = saved(dialog_of(window, card, frames=2), qtbot)
        with Image.open(path) as image:
            contents.append(image.convert("RGB").tobytes())
    assert contents[0] != contents[1]


def test_cancelling_leaves_no_files(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_of(window, frames=1000, epochs=1000)
    with qtbot.waitSignal(dialog._process.progressed, timeout=PATIENCE):
        press(dialog, "animationSaveButton")
    assert not dialog.findChild(QPushButton, "animationSaveButton").isEnabled()
    process = dialog._process._process
    assert process is not None
    qtbot.waitUntil(dialog.findChild(QPushButton, "exportCancelButton").isVisible)
    with qtbot.waitSignal(process.finished, timeout=PATIENCE):
        press(dialog, "exportCancelButton")
    assert message(dialog) == "Cancelled; no file was written."
    assert dialog.findChild(QPushButton, "animationSaveButton").isEnabled()
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".gif"] == []


def test_closing_the_window_ends_the_process(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_of(window, frames=1000, epochs=1000)
    with qtbot.waitSignal(dialog._process.progressed, timeout=PATIENCE):
        press(dialog, "animationSaveButton")
    process = dialog._process._process
    assert process is not None
    ended: list[object] = []
    process.finished.connect(lambda *_: ended.append(True))
    window.session.mark_saved(tmp_path / "kept.json")
    window.close()
    assert ended == [True]
    assert not dialog.isVisible()
    assert list(tmp_path.glob("*.gif")) == []


def test_a_vanished_folder_is_one_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    with qtbot.waitSignal(dialog._process.failed, timeout=PATIENCE):
        dialog.save_to(tmp_path / "gone" / "loss.gif")
    assert message(dialog) == f"{tmp_path / 'gone' / 'loss.gif'}: cannot be written (No such file or directory)"
    assert dialog.findChild(QPushButton, "animationSaveButton").isEnabled()


def test_a_full_disk_is_one_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    pytest.importorskip("av")
    dialog = dialog_of(window, "network", frames=4)
    dialog.choices._size.width.setValue(800)
    dialog.choices._size.height.setValue(450)
    # The window saves its settings soon after it has opened.
    before = sorted({each.name for each in tmp_path.iterdir()} | {"settings.ini"})
    path = tmp_path / "run.mp4"
    with small_files(8_000), qtbot.waitSignal(dialog._process.failed, timeout=PATIENCE):  # enough for the job
        dialog.save_to(path)
    assert message(dialog) == f"{path}: cannot be written (File too large)"
    assert sorted({each.name for each in tmp_path.iterdir()} | {"settings.ini"}) == before
    assert dialog.findChild(QPushButton, "animationSaveButton").isEnabled()


def test_a_device_without_space_is_one_sentence(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    dialog, path = dialog_of(window), tmp_path / "run.gif"
    path.symlink_to("/dev/full")
    with qtbot.waitSignal(dialog._process.failed, timeout=PATIENCE):
        dialog.save_to(path)
    assert message(dialog) == f"{path}: cannot be written (No space left on device)"
    assert path.is_symlink()


def test_a_full_folder_for_temporary_files_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    dialog = dialog_of(window)
    with small_files(100):
        dialog.save_to(tmp_path / "run.gif")
    assert message(dialog) == f"{tmp_path / 'temporary'}: cannot be written (File too large)"
    assert not (tmp_path / "run.gif").exists()


def test_without_the_package_the_command_is_shown(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    dialog = dialog_of(window)
    format_box = next(box for box in dialog.findChildren(QComboBox) if box.accessibleName() == "Format")
    format_box.setCurrentIndex(format_box.findData("mp4"))
    assert message(dialog) == "MP4 requires an optional package: pip install 'nn-playground[mp4]'"
    assert not dialog.findChild(QPushButton, "animationSaveButton").isEnabled()
    format_box.setCurrentIndex(format_box.findData("webp"))
    assert message(dialog) == " "
    assert dialog.findChild(QPushButton, "animationSaveButton").isEnabled()


def test_the_estimate_follows_the_choices(window: MainWindow) -> None:
    dialog = dialog_of(window, frames=60, epochs=500)
    estimate = dialog.findChild(QLabel, "animationEstimate")
    assert estimate.text().startswith("60 frames · 9.1 s · about ")
    dialog.choices._spacing.setCurrentIndex(1)
    dialog.choices._every.setValue(100)
    dialog.choices._rate.setValue(2)
    assert estimate.text().startswith("6 frames · 4.5 s · about ")
    assert dialog.choices.moments == (0, 100, 200, 300, 400, 500)


def test_there_are_never_too_many_frames(window: MainWindow) -> None:
    choices = dialog_of(window).choices
    choices._spacing.setCurrentIndex(1)
    choices._every.setValue(1)
    choices._epochs.setValue(1_000_000)
    assert len(choices.moments) <= 1000


def test_choices_are_remembered(qtbot: QtBot, settings: QSettings) -> None:
    first = AnimationChoices([("loss", "Loss")], "dark")
    qtbot.addWidget(first)
    first.recall(settings, 200)
    assert (first.format, first.size_in_pixels, first.theme, first.rate) == ("gif", (960, 540), "dark", 8)
    first._format.setCurrentIndex(1)
    first._size.width.setValue(400)
    first._rate.setValue(20)
    first.store(settings)
    again = AnimationChoices([("loss", "Loss")], "light")
    qtbot.addWidget(again)
    again.recall(settings, 300)
    assert (again.format, again.size_in_pixels, again.theme, again.rate) == ("webp", (400, 540), "dark", 20)
    assert again.moments[-1] == 300
    settings.setValue("animation/width", "no number")
    settings.setValue("animation/format", "avi")
    again.recall(settings, 300)
    assert (again.format, again.size_in_pixels) == ("gif", (960, 540))


def test_tiles_are_the_visible_cards_without_gaps(window: MainWindow) -> None:
    tiles = tiles_of(window.workspace)
    keys = {tile.key for tile in tiles}
    assert {"network", "loss", "output"} <= keys
    assert "inspector" not in keys  # nothing is selected
    assert sum(tile.width * tile.height for tile in tiles) == pytest.approx(1)
    widths = {tile.key: tile.width for tile in tiles}
    real = {key: window.cards[key].width() for key in ("network", "loss")}
    assert widths["network"] / widths["loss"] == pytest.approx(real["network"] / real["loss"], rel=0.1)
    window.workspace.toggle_enlarged(window.cards["weights"])
    assert [(tile.key, tile.width, tile.height) for tile in tiles_of(window.workspace)] == [("weights", 1, 1)]


def test_the_menu_of_a_card_animates_it(window: MainWindow) -> None:
    card = window.cards["weights"]
    button = next(each for each in card.findChildren(QToolButton) if each.accessibleName() == f"More for {card.title}")
    next(each for each in button.menu().actions() if each.text() == "Export animation…").trigger()
    dialog = window.findChild(AnimationDialog)
    assert dialog.isVisible()
    assert dialog.choices.what == "weights"
