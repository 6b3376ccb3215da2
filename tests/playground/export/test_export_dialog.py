"""The export dialog writes what is ticked, as chosen, and remembers the choices."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QProgressBar, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from playground.export import dialog as dialog_module
from playground.export.dialog import ExportDialog
from playground.style.resources import load_fonts
from playground.style.theme import DARK, LIGHT, Style
from playground.widgets.figure import Figure
from tests.playground.export.figures import CurveFigure, SceneFigure


@pytest.fixture
def figures() -> list[Figure]:
    return [CurveFigure(), SceneFigure()]


def opened(qtbot: QtBot, figures: list[Figure], settings: QSettings, **options: object) -> ExportDialog:
    load_fonts()
    dialog = ExportDialog(figures, Style(LIGHT), settings=settings, **options)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def combo(dialog: ExportDialog, name: str) -> QComboBox:
    return next(box for box in dialog.findChildren(QComboBox) if box.accessibleName() == name)


def choose(dialog: ExportDialog, name: str, value: object) -> None:
    box = combo(dialog, name)
    box.setCurrentIndex(next(row for row in range(box.count()) if box.itemData(row) == value))


def tick(dialog: ExportDialog, row: int, *, on: bool = True) -> None:
    item = dialog.findChild(QListWidget).item(row)
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def message(dialog: ExportDialog) -> str:
    return dialog.findChild(QLabel, "exportMessage").text()


def click(qtbot: QtBot, dialog: ExportDialog, name: str) -> None:
    qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_it_starts_with_the_asked_figure_and_the_window_s_theme(
    qtbot: QtBot, figures: list[Figure], settings: QSettings
) -> None:
    dialog = ExportDialog(figures, Style(DARK), settings=settings, chosen=figures[1])
    qtbot.addWidget(dialog)
    assert dialog.chosen == [figures[1]]
    assert (dialog.format, dialog.size_in_pixels, dialog.theme, dialog.transparent) == (
        "png",
        (1920, 1080),
        "dark",
        False,
    )


def test_save_writes_one_file_as_chosen(
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
    click(qtbot, dialog, "exportSaveButton")
    image = QImage(str(tmp_path / "mine.png"))
    assert image.size().toTuple() == (1200, 800)
    assert image.pixelColor(1199, 799).name() == DARK.panel.lower()
    assert asked == [("loss", "png")]
    assert dialog.written == [tmp_path / "mine.png"]
    assert "mine.png" in message(dialog)


def test_several_go_into_a_folder(qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path) -> None:
    dialog = opened(qtbot, figures, settings)
    tick(dialog, 1)
    choose(dialog, "Format", "csv")
    dialog.save_to(tmp_path / "slides")
    assert sorted(path.name for path in (tmp_path / "slides").iterdir()) == ["loss.csv", "network.csv"]
    assert message(dialog).startswith("2 files written")
    assert dialog.findChild(QProgressBar).isHidden()


def test_nothing_ticked_nothing_to_do(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    tick(dialog, 0, on=False)
    for name in ("exportSaveButton", "exportCopyButton"):
        assert not dialog.findChild(QPushButton, name).isEnabled()


def test_a_failure_is_shown_and_the_dialog_stays(
    qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, figures, settings)
    dialog.save_to(tmp_path / "no folder" / "x.png")
    assert str(tmp_path / "no folder" / "x.png") in message(dialog)
    assert dialog.isVisible()
    assert dialog.written == []
    tick(dialog, 1)
    (tmp_path / "file").write_text("")
    dialog.save_to(tmp_path / "file")
    assert message(dialog).startswith(f"{tmp_path / 'file'}: cannot be made")


def test_size_and_pixels_follow_one_another(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
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
    dialog.findChild(QCheckBox).setChecked(True)
    assert preview.pixmap().toImage() != dark
    choose(dialog, "Format", "csv")
    assert "100 rows" in preview.text()
    assert "loss" in preview.text()
    assert not combo(dialog, "Size").isEnabled()


def test_copying_from_the_dialog(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    choose(dialog, "Size", (1200, 800))
    click(qtbot, dialog, "exportCopyButton")
    assert QGuiApplication.clipboard().image().size().toTuple() == (1200, 800)
    choose(dialog, "Format", "csv")
    click(qtbot, dialog, "exportCopyButton")
    assert QGuiApplication.clipboard().text().startswith("epoch,loss,set")
    QGuiApplication.clipboard().clear()


def test_choices_are_remembered(qtbot: QtBot, figures: list[Figure], settings: QSettings, tmp_path: Path) -> None:
    first = opened(qtbot, figures, settings)
    choose(first, "Format", "svg")
    choose(first, "Colours", "dark")
    first.findChild(QCheckBox).setChecked(True)
    width, height = first.findChildren(QSpinBox)
    width.setValue(640)
    height.setValue(400)
    first.save_to(tmp_path / "loss.svg")
    second = opened(qtbot, figures, settings)
    assert (second.format, second.size_in_pixels, second.theme, second.transparent) == ("svg", (640, 400), "dark", True)
    assert settings.value("export/folder") == str(tmp_path)


def test_nonsense_that_was_remembered_counts_as_nothing(
    qtbot: QtBot, figures: list[Figure], settings: QSettings
) -> None:
    for key, value in {"format": "doc", "width": "wide", "height": "-3", "theme": 7, "transparent": "perhaps"}.items():
        settings.setValue(f"export/{key}", value)
    dialog = opened(qtbot, figures, settings)
    assert (dialog.format, dialog.size_in_pixels, dialog.theme, dialog.transparent) == (
        "png",
        (1920, 1080),
        "light",
        False,
    )
