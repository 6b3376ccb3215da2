"""Text of an SVG keeps its place in Inter, and grows into the picture in other fonts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from playground.code_view.code_text import code_font
from playground.export.svg.text import Line, families_of
from playground.plotting.drawing.pencil import elided, text_width
from playground.style.fallback_widths import fallback_width
from playground.style.resources import application_font
from playground.style.theme import LIGHT, Style

pytestmark = pytest.mark.usefixtures("fonts")

TEXT = "The first layer gets 140 times less"
LINE = Line(
    start=QPointF(10.0, 50.0), look=' fill="#000000"', families="Inter, Arial, sans-serif", pixels=32.0, is_bold=False,
    is_turned=False, text=TEXT, end=510.0, clip="",
)  # fmt: skip


def attributes(line: Line, width: float) -> dict[str, Any]:
    return dict(re.findall(r'([\w-]+)="([^"]*)"', line.element(width)))


def test_where_there_is_room_nothing_changes() -> None:
    found = attributes(LINE, 1920.0)
    assert (found["x"], found["y"], found["font-size"]) == ("10", "50", "32")
    assert "text-anchor" not in found


def test_at_the_right_edge_text_ends_where_it_ends_in_inter() -> None:
    found = attributes(replace(LINE, start=QPointF(490.0, 50.0), end=990.0), 1000.0)
    assert (found["x"], found["text-anchor"]) == ("990", "end")


def test_text_as_wide_as_the_picture_is_centred_in_it() -> None:
    wide = fallback_width(TEXT, 32.0, bold=False)
    found = attributes(LINE, wide + 2.0)
    assert found["text-anchor"] == "middle"
    assert float(found["x"]) == pytest.approx(wide / 2 + 1.0, abs=1.1)
    assert found["font-size"] == "32"
    narrow = attributes(LINE, wide / 2)
    assert float(narrow["font-size"]) == pytest.approx(16.0, abs=0.01)


@pytest.mark.parametrize(
    "text", ["Ширина лепестка", "Länge der Kelchblätter", "Πλάτος πετάλου", "Šířka okvětního lístku"]
)
def test_letters_of_other_alphabets_are_not_taken_for_wide_ones(text: str) -> None:
    own = text_width(Style(LIGHT, 32 / 11), text)
    line = replace(LINE, text=text, end=10.0 + own)
    assert "text-anchor" not in attributes(line, 1.4 * own)


def test_turned_text_grows_to_both_sides() -> None:
    found = attributes(replace(LINE, is_turned=True), 100.0)
    assert (found["x"], found["text-anchor"], found["font-size"]) == ("260", "middle", "32")


def test_code_stays_monospaced() -> None:
    families = families_of(code_font(Style(LIGHT)), "Inter").split(", ")
    assert families[-1] == "monospace"
    assert "Inter" not in families
    assert families_of(application_font(12), "Inter").split(", ")[0] == "Inter"


@pytest.mark.parametrize("family", ["DejaVu Sans", "Liberation Sans", "Arial", "Nimbus Sans"])
@pytest.mark.parametrize("bold", [False, True])
def test_the_widths_are_those_of_the_widest_font(family: str, bold: bool) -> None:
    if not QFontDatabase.hasFamily(family):
        pytest.skip("the font is not installed")
    font = QFont(family)
    font.setPixelSize(1000)
    font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    metrics = QFontMetricsF(font)
    for text in (TEXT, "‖∂L/∂W₁₁‖ = 0.0264", "φ′(z) ≤ ¼", "W", "iiii"):
        known = metrics.horizontalAdvance(text)
        assert fallback_width(text, 1000.0, bold=bold) >= known - 10.0 * len(text)
    if family == "DejaVu Sans":
        assert fallback_width(TEXT, 1000.0, bold=bold) == pytest.approx(metrics.horizontalAdvance(TEXT), rel=0.03)


def test_a_roomy_style_measures_and_elides_for_other_fonts() -> None:
    plain, roomy = Style(LIGHT, 3.0), Style(LIGHT, 3.0, is_roomy=True)
    assert text_width(roomy, TEXT) == pytest.approx(fallback_width(TEXT, 33.0, bold=False))
    assert text_width(roomy, TEXT) > 1.02 * text_width(plain, TEXT)
    room = text_width(plain, TEXT) + 1.0
    assert elided(plain, TEXT, room) == TEXT
    shown = elided(roomy, TEXT, room)
    assert shown.endswith("…")
    assert text_width(roomy, shown) <= room * 1.03
