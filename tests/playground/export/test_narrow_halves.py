"""The halves of a narrow comparison keep the text above their plots within the picture."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.plots import GradientHistoryPlot, NoisePlot
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import LIGHT
from tests.playground.export.test_comparison import card_with
from tests.playground.factory import network, run_pinned_often

pytestmark = pytest.mark.usefixtures("fonts")

TEXT = re.compile(r'<text x="([-.\d]+)" y="[-.\d]+"([^>]*)>([^<]*)</text>')


@pytest.mark.parametrize("kind", [GradientHistoryPlot, NoisePlot])
def test_no_legend_or_scale_leaves_the_picture(qtbot: QtBot, kind: Any) -> None:
    runs = {name: run_pinned_often(network(4, 2, activation=name), 5, 20) for name in ("relu", "sigmoid")}
    card = card_with(qtbot, kind, runs)
    for size in ("half", "third", "square", "16:9"):
        for scale in (1.0, 1.25):
            look = Look(SIZE_PRESETS[size].size, LIGHT, text_scale=scale)
            found = TEXT.findall(prepare_svg(card.pair(), look)().decode())
            above = [each for each in found if each[2].startswith(("variance", "∝", "‖∂", "10"))]
            assert above
            for x, attributes, text in above:
                width = text_width(look.style, text)
                left = float(x) - width * ('"end"' in attributes) - width / 2 * ('"middle"' in attributes)
                assert 0.0 <= left <= left + 0.98 * width <= look.size[0], (size, scale, text)
