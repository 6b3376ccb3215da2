"""Pictures of a deck suit the background of its template, unless the user chooses another theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from playground import __main__ as program
from playground.export.deck.template_theme import suiting_theme
from playground.style.theme import DARK, LIGHT
from playground.style.theme_names import ThemeName
from tests.playground.export.dialog_support import opened
from tests.playground.export.figures import SceneFigure

NAVY = RGBColor(0x10, 0x1A, 0x33)


def template(path: Path, colour: object, *, by_layout: bool = False) -> Path:
    """Write a template whose background has ``colour``; ``None`` for that of the library's."""
    deck = pptx.Presentation()
    if colour is not None:
        for part in deck.slide_layouts if by_layout else (deck.slide_master,):
            fill = part.background.fill
            fill.solid()
            if isinstance(colour, RGBColor):
                fill.fore_color.rgb = colour
            else:
                fill.fore_color.theme_color = colour
    deck.save(str(path))
    return path


@pytest.mark.parametrize(
    ("colour", "chosen", "suiting"),
    [
        (None, "light", "light"),
        (None, "dark", "light"),
        (None, "print", "print"),
        (NAVY, "light", "dark"),
        (NAVY, "print", "dark"),
        (NAVY, "dark", "dark"),
        (RGBColor(0xEE, 0xF3, 0xE6), "light", "light"),
        (MSO_THEME_COLOR.TEXT_1, "light", "dark"),
        (MSO_THEME_COLOR.BACKGROUND_1, "dark", "light"),
    ],
)
@pytest.mark.parametrize("by_layout", [False, True])
def test_a_dark_background_has_dark_pictures(
    tmp_path: Path, colour: object, chosen: ThemeName, suiting: ThemeName, *, by_layout: bool
) -> None:
    assert suiting_theme(template(tmp_path / "mine.pptx", colour, by_layout=by_layout), chosen) == suiting


def test_a_background_that_is_unknown_leaves_the_choice(tmp_path: Path) -> None:
    path = tmp_path / "mine.pptx"
    assert suiting_theme(path, "light") == "light"
    path.write_bytes(b"no deck")
    assert suiting_theme(path, "dark") == "dark"


def corner(path: Path) -> Any:
    """Return the colour of the upper left corner of the picture in the last slide."""
    slide = list(pptx.Presentation(str(path)).slides)[-1]
    blob = next(shape.image.blob for shape in slide.shapes if hasattr(shape, "image"))
    return QImage.fromData(blob).pixelColor(2, 2).name()


@pytest.mark.usefixtures("qapp", "fonts", "short_runs")
def test_the_command_line_follows_the_template_by_default(tmp_path: Path) -> None:
    mine = template(tmp_path / "mine.pptx", NAVY)
    command = ["render", "default", "--epochs", "1", "--what", "network", "--format", "csv", "--out", str(tmp_path)]
    for options, theme in (((), DARK), (("--theme", "light"), LIGHT)):
        deck = tmp_path / f"{theme.name}.pptx"
        assert program.main([*command, "--template", str(mine), "--deck", str(deck), *options]) == 0
        assert corner(deck) == theme.panel.lower()


def test_the_dialog_follows_a_new_template_and_then_the_user(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    mine = template(tmp_path / "mine.pptx", NAVY)
    options = opened(qtbot, [SceneFigure()], settings).options
    assert options.theme == "light"
    options._template.set_path(mine)
    assert options.look().theme is DARK
    options._theme.setCurrentIndex(options._theme.findData("print"))
    assert options.theme == "print"
    options.store(settings)
    again = opened(qtbot, [SceneFigure()], settings).options
    assert (again.theme, again.look().template) == ("print", mine)
