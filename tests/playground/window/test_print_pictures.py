"""In the theme for print, no card's picture holds a colour, and dashes, hatches and markers replace colours."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.vector import prepare_svg
from playground.inspector import InspectorPanel
from playground.session import Session
from playground.style.theme import PRINT, Style
from playground.widgets.figure import Figure
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS

pytestmark = pytest.mark.usefixtures("short_runs")

LOOK = Look((960, 540), PRINT, titled=False)
ROUNDING = 2
"""Largest difference of red, green and blue of a grey that Qt has blended."""


def card_of(qtbot: QtBot, key: str, snapshot: Snapshot) -> LiveCard:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    card = CARDS[key].make(session, Style(PRINT), None)
    qtbot.addWidget(card)
    card.resize(960, 540)
    card.show_snapshot(snapshot)
    return card


def svg_of(figure: Figure) -> str:
    return prepare_svg(figure, LOOK)().decode()


def chroma(svg: str) -> int:
    """Return the largest difference between the channels of any colour in ``svg``, its pictures included."""
    colours = [QColor(code) for code in set(re.findall(r"#[0-9a-fA-F]{6}\b", svg))]
    assert colours
    found = max(max(c.red(), c.green(), c.blue()) - min(c.red(), c.green(), c.blue()) for c in colours)
    for content in re.findall(r"data:image/png;base64,([^\"]+)", svg):
        image = QImage.fromData(base64.b64decode(content)).convertToFormat(QImage.Format.Format_RGBA8888)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)
        seen = pixels[pixels[:, 3] > 0, :3].astype(np.int64)
        found = max(found, int((seen.max(axis=1) - seen.min(axis=1)).max(initial=0)))
    return found


@pytest.mark.parametrize("shape", ["default", "iris", "sine", "digits"])
@pytest.mark.parametrize("key", CARDS)
def test_no_picture_holds_a_colour(
    qtbot: QtBot, fonts: None, snapshots: dict[str, Snapshot], key: str, shape: str
) -> None:
    snapshot = snapshots[shape]
    if not CARDS[key].applies_to(snapshot):
        pytest.skip("the card does not apply")
    card = card_of(qtbot, key, snapshot)
    for figure in card.rendered_figures:
        svg = svg_of(figure)
        assert chroma(svg) <= ROUNDING, figure.figure_key
        assert len(re.findall("<path|<text|<image", svg)) > 0  # although the card was never shown
    if isinstance(card, InspectorPanel):
        card.formulas.wait()


def test_negative_edges_are_dashed_and_the_legend_says_so(
    qtbot: QtBot, fonts: None, snapshots: dict[str, Snapshot]
) -> None:
    snapshot = snapshots["default"]
    card = card_of(qtbot, "network", snapshot)
    assert card.figure is not None
    svg = svg_of(card.figure)
    network = snapshot.network
    negative = sum(int((network.weights(layer) < 0).sum()) for layer in range(len(network.architecture.layers)))
    assert len(re.findall(r'fill="none" stroke="#000000"[^>]*stroke-dasharray', svg)) == negative > 0
    assert "Solid: positive, dashed: negative." in svg
    assert "orange" not in svg


def test_bars_differ_by_their_hatches(qtbot: QtBot, fonts: None, snapshots: dict[str, Snapshot]) -> None:
    card = card_of(qtbot, "gradient", snapshots["default"])
    assert card.figure is not None
    paths = re.findall(r'<path d="((?:M[^MLZC]+L[^MLZC"]+){4,})"', svg_of(card.figure))
    slopes = set()
    for path in paths:
        x0, y0, x1, y1 = map(float, re.findall(r"-?[\d.]+", path)[:4])
        slopes.add(round(float(np.degrees(np.arctan2(y0 - y1, x1 - x0))) % 180.0))
    assert {45, 135} <= slopes
