"""On slides of every shape, no text of any card is smaller than the slide style promises, and none leaves the picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.inspector import InspectorPanel
from playground.session import Session
from playground.style.resources import application_font
from playground.style.theme import LIGHT, TEXT_LABEL, Style
from playground.widgets.figure import Figure
from playground.window.cards import CARDS

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")

SHAPES = ("default", "iris", "sine", "digits")

BODY = {"16:9": 32, "4:3": 35, "half": 32, "third": 32, "square": 32, "a4-column": 20, "document": 23}
"""Size of text in pixels in each shape: 32 on a slide of 1080 lines."""

_TEXT = re.compile(
    r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*font-size="([.\d]+)"(?: font-weight="(\d+)")?[^>]*?( transform="[^"]*")?>'
    r"([^<]*)</text>"
)


def figures_of(qtbot: QtBot, key: str, snapshot: Snapshot) -> Iterator[Figure]:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    card = CARDS[key].make(session, Style(LIGHT), None)
    qtbot.addWidget(card)
    card.resize(960, 540)
    card.show_snapshot(snapshot)
    yield from card.rendered_figures
    if isinstance(card, InspectorPanel):
        card.formulas.wait()


@pytest.mark.parametrize("preset", SIZE_PRESETS)
def test_the_slide_style_promises_32_pixels_on_a_slide(preset: str) -> None:
    assert int(Look(SIZE_PRESETS[preset].size, LIGHT).style.px(TEXT_LABEL)) == BODY[preset]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", CARDS)
def test_no_text_is_small(qtbot: QtBot, snapshots: dict[str, Snapshot], key: str, shape: str) -> None:
    snapshot = snapshots[shape]
    if not CARDS[key].applies_to(snapshot):
        pytest.skip("the card does not apply")
    for figure in figures_of(qtbot, key, snapshot):
        for preset, chosen in SIZE_PRESETS.items():
            found = _TEXT.findall(prepare_svg(figure, Look(chosen.size, LIGHT))().decode())
            assert found, "every picture has a title"
            small = sorted({(float(size), text) for *_, size, _, _, text in found if float(size) < BODY[preset]})
            assert small == [], f"{figure.figure_key} in {preset}"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("key", CARDS)
def test_no_text_leaves_the_picture(qtbot: QtBot, snapshots: dict[str, Snapshot], key: str, shape: str) -> None:
    snapshot = snapshots[shape]
    if not CARDS[key].applies_to(snapshot):
        pytest.skip("the card does not apply")
    for figure in figures_of(qtbot, key, snapshot):
        for preset in ("third", "half"):
            width, height = SIZE_PRESETS[preset].size
            svg = prepare_svg(figure, Look((width, height), LIGHT))().decode()
            for x, y, size, weight, turned, text in _TEXT.findall(svg):
                font = application_font(float(size))
                font.setWeight(font.Weight(int(weight or 400)))
                wide = 0.0 if turned else QFontMetricsF(font).horizontalAdvance(text)
                inside = float(x) >= -1.0 and float(x) + wide <= width + 1.0 and 0.0 <= float(y) <= height
                assert turned or inside, f"{figure.figure_key} in {preset}: {text}"
