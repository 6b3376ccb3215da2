"""The shipped font has every character used in the window, and icons are drawn in the requested colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QIcon, QImage, QRawFont
from PySide6.QtWidgets import QApplication

from core.assets import asset
from playground.style.resources import application_font, application_icon, icon, icon_names, icon_pixmap, load_fonts

WEIGHTS = [QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold]
SYMBOLS = "−±×·√Σ→∂φ′‖αβγδελμσŷ½≈≤≥°%\u2009\u202f⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
WANTED = {
    *("play", "pause", "step", "reset", "seed", "add", "remove", "enlarge", "pop-out", "restore", "export", "copy"),
    *("open", "save", "undo", "redo", "sun", "moon", "presentation", "keyboard", "chevron-down", "chevron-right"),
    *("close", "warning", "info", "check", "gradient-check", "zoom-in", "zoom-out", "fit", "nn-playground"),
}
TINTED = sorted({path.stem for path in asset("icons").glob("*.svg")} - {"nn-playground"})


def test_fonts_register_once(qapp: QApplication) -> None:
    assert load_fonts() == "Inter"
    assert load_fonts() == "Inter"
    assert QFontInfo(application_font(12)).family() == "Inter"


@pytest.mark.parametrize("weight", WEIGHTS)
def test_each_weight_has_its_own_file_and_every_symbol(qapp: QApplication, weight: QFont.Weight) -> None:
    load_fonts()
    font = application_font(18, weight)
    raw = QRawFont.fromFont(font)
    assert raw.familyName() == "Inter"
    assert raw.weight() == weight.value
    assert [sign for sign in SYMBOLS if not raw.supportsCharacter(ord(sign))] == []


def test_digits_are_equally_wide_only_when_tabular(qapp: QApplication) -> None:
    load_fonts()
    tabular, proportional = (QFontMetricsF(application_font(18, tabular=kind)) for kind in (True, False))
    assert {tabular.horizontalAdvance(digit * 4) for digit in "0123456789"} == {tabular.horizontalAdvance("0000")}
    assert proportional.horizontalAdvance("1111") < 0.8 * proportional.horizontalAdvance("0000")


def test_font_sizes_are_pixels(qapp: QApplication) -> None:
    assert application_font(16.8).pixelSize() == 17


def test_every_icon_of_the_window_exists() -> None:
    assert set(icon_names()) >= WANTED
    assert asset("icons/nn-playground.png").is_file()


def test_a_missing_icon_is_named(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="icons/no-such-icon"):
        icon("no-such-icon", "#000000")


@pytest.mark.parametrize("name", TINTED)
def test_icons_share_one_weight_and_one_frame(name: str) -> None:
    root = ET.fromstring(asset(f"icons/{name}.svg").read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "2"


def visible_colours(image: QImage) -> dict[str, int]:
    """Count the opaque pixels of ``image`` by colour."""
    found: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                found[colour.name()] = found.get(colour.name(), 0) + 1
    return found


@pytest.mark.parametrize("name", TINTED)
def test_an_icon_is_drawn_in_its_colour_and_inside_its_frame(qapp: QApplication, name: str) -> None:
    image = icon_pixmap(name, "#1f78c8", 24, 2.0).toImage()
    assert (image.width(), image.devicePixelRatio()) == (48, 2.0)
    colours = visible_colours(image)
    assert set(colours) == {"#1f78c8"}
    assert sum(colours.values()) >= 40
    edge = [image.pixelColor(x, y).alpha() for i in range(48) for x, y in ((i, 0), (i, 47), (0, i), (47, i))]
    assert max(edge) == 0


def test_an_icon_is_sharp_at_each_size_and_faint_when_disabled(qapp: QApplication) -> None:
    play = icon("play", QColor("#6a4ce0"))
    for size in (16, 20, 24, 32):
        assert play.actualSize(QSize(size, size)) == QSize(size, size)
    enabled, disabled = (
        play.pixmap(QSize(24, 24), mode).toImage().pixelColor(11, 12).alpha()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert enabled == 255
    assert disabled == pytest.approx(0.38 * 255, abs=2)


def test_a_transparent_colour_stays_transparent(qapp: QApplication) -> None:
    colour = QColor("#6a4ce0")
    colour.setAlphaF(0.5)
    assert icon_pixmap("play", colour, 24).toImage().pixelColor(11, 12).alpha() == pytest.approx(128, abs=2)


def test_the_application_has_its_own_icon(qapp: QApplication) -> None:
    colours = visible_colours(application_icon().pixmap(QSize(256, 256)).toImage())
    assert {"#e0821b", "#1f78c8", "#6a4ce0"} <= set(colours)
