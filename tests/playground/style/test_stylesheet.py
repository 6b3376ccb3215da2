from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QFile, QIODevice
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QVBoxLayout,
)
from pytestqt.qtbot import QtBot

from playground.style.contrast import contrast
from playground.style.stylesheet import palette, stylesheet
from playground.style.stylesheet_images import register_images
from playground.style.theme import DARK, LIGHT, PRESENTATION_SCALE, THEMES, Style, Theme

both = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())


@both
def test_only_the_theme_s_colours_are_used(theme: Theme, qapp: object) -> None:
    colours = {value for name in theme.__struct_fields__ if isinstance(value := getattr(theme, name), str)}
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", stylesheet(Style(theme))))
    assert used
    assert used <= colours


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_sign_colours_are_not_used_in_the_style_sheet(theme: Theme, qapp: object) -> None:
    sheet = stylesheet(Style(theme))
    assert theme.negative not in sheet
    assert theme.positive not in sheet


def test_every_length_follows_the_scale(qapp: object) -> None:
    plain = re.findall(r"(-?\d+)px", stylesheet(Style(LIGHT)))
    large = re.findall(r"(-?\d+)px", stylesheet(Style(LIGHT, PRESENTATION_SCALE)))
    assert len(plain) == len(large) > 100
    expected = [round(int(length) * PRESENTATION_SCALE) for length in plain]
    others = [(int(length), wanted) for length, wanted in zip(large, expected, strict=True) if int(length) != wanted]
    assert others == [(9, 10)] * 2, "only the radius of slider handles is rounded down"
    small = re.findall(r"(-?\d+)px", stylesheet(Style(LIGHT, 0.3)))
    assert all(int(length) for length, full in zip(small, plain, strict=True) if int(full) > 0), (
        "hairlines stay visible"
    )


@both
def test_every_named_image_exists(theme: Theme, qapp: object) -> None:
    names = set(re.findall(r"url\((:[^)]+)\)", stylesheet(Style(theme))))
    assert names
    for name in names:
        file = QFile(name)
        assert file.open(QIODevice.OpenModeFlag.ReadOnly), name
        content = bytes(file.readAll().data())
        assert content.startswith(b"<svg")
        assert b"currentColor" not in content


def test_registering_twice_is_harmless(qapp: object) -> None:
    register_images()
    register_images()
    assert QFile.exists(f":/style/check-{LIGHT.panel.lstrip('#').lower()}.svg")


@both
def test_qt_applies_the_style_sheet(theme: Theme, qtbot: QtBot) -> None:
    card = QFrame()
    card.setProperty("role", "card")
    qtbot.addWidget(card)
    layout = QVBoxLayout(card)
    slider, title, button = QSlider(), QLabel("Loss"), QPushButton("Export")
    title.setProperty("role", "title")
    for widget in (slider, title, button):
        layout.addWidget(widget)
    card.setStyleSheet(stylesheet(Style(theme)))
    card.resize(200, 200)
    picture = card.grab().toImage()
    assert picture.pixelColor(100, 4) == QColor(theme.panel)
    assert title.font().weight() == title.font().Weight.DemiBold
    assert title.font().pixelSize() == 12


@both
def test_the_palette_matches_the_theme(theme: Theme, qapp: object) -> None:
    made = palette(Style(theme))
    assert made.color(QPalette.ColorRole.Window) == QColor(theme.background)
    assert made.color(QPalette.ColorRole.WindowText) == QColor(theme.ink)
    assert made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == QColor(theme.faint)


def test_the_themes_differ(qapp: object) -> None:
    assert stylesheet(Style(LIGHT)) != stylesheet(Style(DARK))


@pytest.mark.parametrize("percent", range(100, 260, 5))
def test_the_play_button_is_round_at_every_scale(percent: int) -> None:
    sheet = stylesheet(Style(LIGHT, percent / 100))
    rule = sheet[sheet.index('QToolButton[role="play"]') :].split("}")[0]

    def pixels(name: str) -> int:
        found = re.search(rf"[ ;]{name}: (\d+)px", rule)
        assert found is not None, name
        return int(found[1])

    side = pixels("min-width") + 2 * pixels("border")
    assert 0.45 * side <= pixels("border-radius") <= side / 2


@pytest.mark.parametrize("scale", [1.0, 1.1, 1.2, 1.25, 1.3, 1.4, 1.5, 1.6, 1.7, 1.75, 1.8, 1.9, 2.0, 2.5, 2.8])
def test_slider_handles_are_round_at_every_scale(scale: float) -> None:
    sheet = stylesheet(Style(LIGHT, scale=scale))
    rule = sheet[sheet.index("QSlider::handle:horizontal {") :]
    width, border, radius = (
        int(re.search(rf"[{{ ]{name}: (\d+)px", rule)[1])  # type: ignore[index]
        for name in ("width", "border", "border-radius")
    )
    assert 0.4 * (width + 2 * border) <= radius <= (width + 2 * border) / 2, "Qt draws a larger radius as a square"


@both
@pytest.mark.parametrize("kind", [QRadioButton, QCheckBox])
def test_the_chosen_answer_of_a_locked_question_can_be_seen(
    theme: Theme, kind: type[QAbstractButton], qtbot: QtBot
) -> None:
    card = QFrame()
    card.setProperty("role", "card")
    qtbot.addWidget(card)
    layout = QVBoxLayout(card)
    buttons = [kind(), kind()]
    for button in buttons:
        button.setAutoExclusive(False)
        button.setCheckable(True)
        button.setEnabled(False)
        layout.addWidget(button)
    buttons[0].setChecked(True)
    card.setStyleSheet(stylesheet(Style(theme)))
    card.resize(60, 80)
    picture = card.grab().toImage()

    def strong(button: QAbstractButton) -> int:
        """Return the number of pixels of ``button`` that stand out from the card (WCAG 2.1, 1.4.11: 3 to 1)."""
        rect = button.geometry()
        points = ((x, y) for x in range(rect.left(), rect.right()) for y in range(rect.top(), rect.bottom()))
        return sum(contrast(picture.pixelColor(x, y), QColor(theme.panel)) >= 3.0 for x, y in points)

    chosen, other = (strong(button) for button in buttons)
    assert chosen > 60
    assert chosen > 3 * other
