"""The export dialog exports the checked figures with the selected options, and remembers the options."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QGraphicsView,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from playground.export import hidden_view as hidden_view_module
from playground.export import vector
from playground.export.dialog import dialog as dialog_module
from playground.export.dialog.dialog import ExportDialog
from playground.export.display_list import DisplayList
from playground.export.frame import Frame
from playground.export.hidden_view import (
    Look,
    export_mode,
    hidden_view,
    play_picture,
    record,
    record_picture,
    render,
)
from playground.export.names import MAX_LENGTH, free_path, slug
from playground.export.tables import tabbed_text
from playground.export.widgets.questions import suffixed
from playground.style.resources import load_fonts
from playground.style.theme import DARK, LIGHT, Style
from playground.widgets.figure import Figure, Table
from tests.playground.export.dialog_support import choose, click, combo, message, opened, tick, written
from tests.playground.export.figures import CurveFigure, SceneFigure


@pytest.fixture
def figures() -> list[Figure]:
    return [CurveFigure(), SceneFigure()]


def test_the_dialog_starts_with_the_given_figure_and_the_theme_of_the_window(
    qtbot: QtBot, figures: list[Figure], settings: QSettings
) -> None:
    dialog = ExportDialog(figures, Style(DARK), settings=settings, chosen=figures[1])
    qtbot.addWidget(dialog)
    assert dialog.chosen == [figures[1]]
    assert (dialog.format, dialog.options.size_in_pixels, dialog.options.theme, dialog.options.transparent) == (
        "png",
        (1920, 1080),
        "dark",
        False,
    )


def test_save_as_writes_one_file_as_chosen(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str | None, str]] = []

    def answer(_parent: object, _folder: Path, stem: str | None, suffix: str) -> Path:
        asked.append((stem, suffix))
        return tmp_path / "mine.png"

    monkeypatch.setattr(dialog_module, "ask_path", answer)
    dialog = opened(qtbot, figures, settings)
    choose(dialog, "Size", (1200, 800))
    choose(dialog, "Colours", "dark")
    click(qtbot, dialog, "exportSaveAsButton")
    written(dialog, qtbot)
    image = QImage(str(tmp_path / "mine.png"))
    assert image.size().toTuple() == (1200, 800)
    assert image.pixelColor(1199, 799).name() == DARK.panel.lower()
    assert asked == [("loss", "png")]
    assert dialog.written == [tmp_path / "mine.png"]
    assert "mine.png" in message(dialog)


def test_return_saves_at_once_into_the_last_folder(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("export/folder", str(tmp_path))
    dialog = opened(qtbot, figures, settings, subject="Circle")
    for _ in range(2):
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        written(dialog, qtbot)
    assert message(dialog) == f"Saved {tmp_path / 'circle-loss-2.png'}"
    tick(dialog, 1)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    written(dialog, qtbot)
    names = sorted(path.name for path in tmp_path.glob("*.png"))
    assert names == ["circle-loss-2.png", "circle-loss-3.png", "circle-loss.png", "circle-network.png"]


def test_a_vanished_folder_is_one_sentence(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    settings.setValue("export/folder", str(tmp_path / "gone"))
    dialog = opened(qtbot, figures, settings)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    written(dialog, qtbot)
    assert message(dialog) == f"{tmp_path / 'gone' / 'loss.png'}: cannot be written (No such file or directory)"
    assert list(tmp_path.glob("gone*")) == []


def test_cancel_stops_a_long_export_and_leaves_no_file(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    held = HeldFigure()
    dialog = opened(qtbot, [held], settings)
    choose(dialog, "Format", "csv")
    dialog.save_to(tmp_path / "held.csv")
    button = dialog.findChild(QPushButton, "exportCancelButton")
    qtbot.waitUntil(button.isVisible)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert message(dialog).startswith("Cancelled")
    assert dialog.findChild(QPushButton, "exportSaveButton").isEnabled()
    held.go_on.set()
    dialog._queue._jobs.wait()
    assert list(tmp_path.glob("*.csv")) == []


def test_several_figures_are_written_to_a_folder(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, figures, settings)
    tick(dialog, 1)
    choose(dialog, "Format", "csv")
    dialog.save_to(tmp_path / "slides")
    written(dialog, qtbot)
    assert sorted(path.name for path in (tmp_path / "slides").iterdir()) == ["loss.csv", "network.csv"]
    assert message(dialog).startswith("Saved 2 files")
    assert dialog.findChild(QProgressBar).isHidden()


def test_without_a_checked_figure_export_is_disabled(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    tick(dialog, 0, on=False)
    for name in ("exportSaveButton", "exportCopyButton"):
        assert not dialog.findChild(QPushButton, name).isEnabled()


def test_a_failure_is_shown_and_the_dialog_stays_open(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, figures, settings)
    dialog.save_to(tmp_path / "no folder" / "x.png")
    written(dialog, qtbot)
    assert str(tmp_path / "no folder" / "x.png") in message(dialog)
    assert dialog.isVisible()
    assert dialog.written == []
    tick(dialog, 1)
    (tmp_path / "file").write_text("")
    dialog.save_to(tmp_path / "file")
    assert message(dialog).startswith(f"{tmp_path / 'file'}: cannot be created")


def test_size_and_pixels_stay_consistent(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    width, height = dialog.findChildren(QSpinBox)
    choose(dialog, "Size", (1600, 1200))
    assert (width.value(), height.value()) == (1600, 1200)
    width.setValue(640)
    assert combo(dialog, "Size").currentText() == "Custom"
    width.setValue(1200)
    height.setValue(800)
    assert combo(dialog, "Size").currentData() == (1200, 800)


def test_preview_keeps_the_proportions_and_follows_the_colours(
    qtbot: QtBot, figures: list[Figure], settings: QSettings
) -> None:
    dialog = opened(qtbot, figures, settings)
    preview = dialog.findChild(QLabel, "exportPreview")
    picture = preview.pixmap().toImage()
    assert picture.width() / picture.height() == pytest.approx(16 / 9, abs=0.02)
    choose(dialog, "Colours", "dark")
    dark = preview.pixmap().toImage()
    assert dark.pixelColor(dark.width() - 1, dark.height() - 1).name() == DARK.panel.lower()
    next(box for box in dialog.findChildren(QCheckBox) if "Transparent" in box.text()).setChecked(True)
    assert preview.pixmap().toImage() != dark
    choose(dialog, "Format", "csv")
    assert "100 rows" in preview.text()
    assert "loss" in preview.text()
    assert not combo(dialog, "Size").isEnabled()


def test_copying_from_the_dialog(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    choose(dialog, "Size", (1200, 800))
    click(qtbot, dialog, "exportCopyButton")
    written(dialog, qtbot)
    assert QGuiApplication.clipboard().image().size().toTuple() == (1200, 800)
    choose(dialog, "Format", "csv")
    click(qtbot, dialog, "exportCopyButton")
    written(dialog, qtbot)
    assert QGuiApplication.clipboard().text().startswith("epoch\tloss\tset")
    QGuiApplication.clipboard().clear()


def test_choices_are_remembered(qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path) -> None:
    first = opened(qtbot, figures, settings)
    choose(first, "Format", "svg")
    choose(first, "Colours", "dark")
    next(box for box in first.findChildren(QCheckBox) if "Transparent" in box.text()).setChecked(True)
    width, height = first.findChildren(QSpinBox)
    width.setValue(640)
    height.setValue(400)
    first.save_to(tmp_path / "loss.svg")
    written(first, qtbot)
    second = opened(qtbot, figures, settings)
    assert (second.format, second.options.size_in_pixels, second.options.theme, second.options.transparent) == (
        "svg",
        (640, 400),
        "dark",
        True,
    )
    assert settings.value("export/folder") == str(tmp_path)


def test_invalid_stored_choices_are_ignored(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    for key, value in {"format": "doc", "width": "wide", "height": "-3", "theme": 7, "transparent": "perhaps"}.items():
        settings.setValue(f"export/{key}", value)
    dialog = opened(qtbot, figures, settings)
    assert (dialog.format, dialog.options.size_in_pixels, dialog.options.theme, dialog.options.transparent) == (
        "png",
        (1920, 1080),
        "light",
        False,
    )


def test_nothing_is_ever_overwritten_in_a_folder(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, figures, settings, subject="Vanishing gradient, activation Sigmoid → ReLU")
    tick(dialog, 1)
    choose(dialog, "Format", "csv")
    for _ in range(2):
        dialog.save_to(tmp_path)
        written(dialog, qtbot)
    stem = "vanishing-gradient-activation-sigmoid-to-relu"
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == sorted(
        f"{stem}-{end}.csv" for end in ("loss", "loss-2", "network", "network-2")
    )
    assert len(dialog.written) == 4


def test_a_single_file_is_proposed_under_an_unused_name(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed: list[str | None] = []

    def answer(_parent: object, folder: Path, stem: str | None, suffix: str) -> Path:
        proposed.append(stem)
        return folder / f"{stem}.{suffix}"

    monkeypatch.setattr(dialog_module, "ask_path", answer)
    settings.setValue("export/folder", str(tmp_path))
    dialog = opened(qtbot, figures, settings, subject="Circle")
    for _ in range(3):
        click(qtbot, dialog, "exportSaveAsButton")
        written(dialog, qtbot)
    assert proposed == ["circle-loss", "circle-loss-2", "circle-loss-3"]
    assert {path.stem for path in dialog.written} == set(proposed)


def test_a_name_with_another_suffix_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.b.png").write_bytes(b"")
    assert suffixed(tmp_path / "x.PNG", "png") == tmp_path / "x.PNG"
    assert suffixed(tmp_path / "a.b", "png") == tmp_path / "a.b-2.png"
    assert free_path(tmp_path / "c.png", [tmp_path / "c.png"]) == tmp_path / "c-2.png"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Vanishing gradient", "vanishing-gradient"),
        ("L2 λ 0 → 0.003 (+ 2 more)", "l2-λ-0-to-0.003-2-more"),
        ("../../etc/passwd", "etc-passwd"),
        ("con\0 \n", "con"),
        ("…", ""),
        ("é" * 200, "e" * MAX_LENGTH),
    ],
)
def test_file_names_contain_only_letters_digits_and_hyphens(text: str, name: str) -> None:
    assert slug(text) == name


def test_copy_uses_the_previewed_figure(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    choose(dialog, "Format", "csv")
    dialog.findChild(QListWidget).setCurrentRow(1)
    assert dialog.chosen == [figures[0]]
    click(qtbot, dialog, "exportCopyButton")
    written(dialog, qtbot)
    assert message(dialog) == f"Copied {figures[1].figure_title} to the clipboard."
    assert QGuiApplication.clipboard().text() == tabbed_text(figures[1].figure_table())
    QGuiApplication.clipboard().clear()


class HeldFigure(CurveFigure):
    """A figure whose table takes long to compute."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def figure_table(self) -> Table:
        table, go_on = super().figure_table(), self.go_on

        class Rows(list[tuple[float | int | str, ...]]):
            def __iter__(self) -> Iterator[tuple[float | int | str, ...]]:
                go_on.wait(30)
                return super().__iter__()

        return Table(table.columns, Rows(table.rows))


def test_the_window_stays_responsive_while_a_file_is_written(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, figures: list[Figure]
) -> None:
    held = HeldFigure()
    dialog = opened(qtbot, [held], settings)
    choose(dialog, "Format", "csv")
    dialog.save_to(tmp_path / "held.csv")
    bar = dialog.findChild(QProgressBar)
    assert bar.isHidden()
    qtbot.waitUntil(bar.isVisible)
    assert not dialog.findChild(QPushButton, "exportSaveButton").isEnabled()
    assert list(tmp_path.glob("*.csv")) == []
    held.go_on.set()
    written(dialog, qtbot)
    assert (tmp_path / "held.csv").is_file()
    assert dialog.findChild(QPushButton, "exportSaveButton").isEnabled()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_pictures_are_painted_outside_the_gui_thread(
    qtbot: QtBot, settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    painted: list[threading.Thread] = []

    def noting(view: QGraphicsView, frame: Frame) -> DisplayList:
        return [*record(view, frame), lambda _painter: painted.append(threading.current_thread())]

    dialog = opened(qtbot, [SceneFigure()], settings)
    choose(dialog, "Format", kind)
    monkeypatch.setattr(vector, "record", noting)
    monkeypatch.setattr(hidden_view_module, "record", noting)
    dialog.save_to(tmp_path / f"scene.{kind}")
    written(dialog, qtbot)
    assert (tmp_path / f"scene.{kind}").is_file()
    assert len(painted) == 1
    assert painted[0] is not threading.main_thread()


def test_closing_the_dialog_discards_incomplete_files(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    held = HeldFigure()
    dialog = opened(qtbot, [held], settings)
    choose(dialog, "Format", "csv")
    dialog.save_to(tmp_path / "held.csv")
    dialog.close()
    held.go_on.set()
    dialog._queue._jobs.wait()
    assert list(tmp_path.glob("*held*")) == []


def test_a_picture_is_the_same_in_another_thread(qtbot: QtBot, figures: list[Figure]) -> None:
    load_fonts()
    for figure in figures:
        look = Look((1200, 800), LIGHT)
        picture = record_picture(figure, look)
        made: list[QImage] = []
        thread = threading.Thread(
            target=lambda picture=picture, look=look, made=made: made.append(play_picture(picture, look))
        )
        thread.start()
        thread.join()
        with hidden_view(figure, look) as view, export_mode(view, look.background):
            direct = QImage(1200, 800, QImage.Format.Format_RGB32)
            direct.fill(look.background)
            painter = QPainter(direct)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            frame = look.frame(figure)
            frame.paint(painter)
            render(view, painter, frame.inner.topLeft())
            painter.end()
        assert made[0] == direct
