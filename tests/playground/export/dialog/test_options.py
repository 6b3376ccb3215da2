"""Title, caption and text of exported pictures are chosen in the dialog, and the picture is shown at full size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
)
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.origins.origin import Origin
from playground.export.frame import usual_words
from playground.export.hidden_view import (
    Look,
    image_of,
)
from playground.style.theme import LIGHT
from playground.widgets.figure import Figure
from tests.playground.export.dialog_support import choose, click, opened, tick
from tests.playground.export.figures import CurveFigure, SceneFigure


@pytest.fixture
def figures() -> list[Figure]:
    return [CurveFigure(), SceneFigure()]


def test_title_and_subtitle_can_be_edited_for_each_picture(
    qtbot: QtBot, figures: list[Figure], settings: QSettings
) -> None:
    dialog = opened(qtbot, figures, settings)
    title, subtitle = (dialog.findChild(QLineEdit, f"export{name}Field") for name in ("Title", "Subtitle"))
    assert (title.placeholderText(), subtitle.placeholderText()) == ("Loss & friends", "")
    qtbot.keyClicks(title, "a < b")
    qtbot.keyClicks(subtitle, "after 50 epochs")
    tick(dialog, 1)
    dialog.findChild(QListWidget).setCurrentRow(1)
    assert (title.text(), title.placeholderText()) == ("", "Network")
    dialog.findChild(QListWidget).setCurrentRow(0)
    assert (title.text(), subtitle.text()) == ("a < b", "after 50 epochs")
    first, second = dialog.chosen
    assert usual_words(first.figure_text()) == ("a < b", "after 50 epochs")
    assert usual_words(second.figure_text()) == ("Network", "")
    title.clear()
    qtbot.keyClicks(title, "x")
    title.setText("")
    title.textEdited.emit("")
    assert usual_words(dialog.chosen[0].figure_text())[0] == "Loss & friends"


def test_title_caption_and_text_size_enter_the_look(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    origin = Origin(Experiment(), None, "circle, 2-4-2-1 tanh")
    dialog = opened(qtbot, figures, settings, origin=lambda: origin)
    assert (dialog.options.look().titled, dialog.options.look().caption) == (True, origin.recipe)
    dialog.findChild(QCheckBox, "exportTitleBox").setChecked(False)
    dialog.findChild(QCheckBox, "exportCaptionBox").setChecked(False)
    choose(dialog, "Text size", 1.25)
    assert dialog.options.look().text == "outlines"  # PowerPoint has no fonts but its own
    choose(dialog, "Text in SVG", "text")
    look = dialog.options.look()
    assert (look.titled, look.caption, look.text_scale, look.text) == (False, "", 1.25, "text")
    assert look.origin is origin
    assert dialog.options.look(with_origin=False).origin is None


def test_the_picture_is_shown_at_full_size(qtbot: QtBot, figures: list[Figure], settings: QSettings) -> None:
    dialog = opened(qtbot, figures, settings)
    choose(dialog, "Size", (1200, 800))
    click(qtbot, dialog, "exportFullSizeButton")
    window = dialog.findChild(QDialog, "exportFullSize")
    picture = next(label for label in window.findChildren(QLabel) if label.accessibleName())
    assert picture.pixmap().toImage().convertToFormat(QImage.Format.Format_RGB32) == image_of(
        figures[0], Look((1200, 800), LIGHT)
    )
    window.close()
