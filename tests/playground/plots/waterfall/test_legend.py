"""The legend above an exported waterfall is wrapped where it is wider than the plot."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.plots import WaterfallPlot
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import LIGHT, PRINT, Theme
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")

WORDS = {LIGHT.name: ("W", "lost", "gained"), PRINT.name: ("φ′ lost", "φ′ gained", "W lost", "W gained")}


@pytest.mark.parametrize("theme", [LIGHT, PRINT])
@pytest.mark.parametrize("size", SIZE_PRESETS)
def test_the_legend_is_within_the_picture(
    qtbot: QtBot, snapshots: dict[str, Snapshot], size: str, theme: Theme
) -> None:
    card = make(qtbot, WaterfallPlot)
    card.show_snapshot(snapshots["default"])
    for scale in (1.0, 1.25):
        look = Look(SIZE_PRESETS[size].size, theme, text_scale=scale)
        svg = prepare_svg(card, look)().decode()
        found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)</text>', svg)
        ends = {text: float(x) + text_width(look.style, text) for x, _, text in found if text in WORDS[theme.name]}
        assert set(ends) == set(WORDS[theme.name])
        assert max(ends.values()) < look.size[0]
