"""The table of an exported race is within the picture for every view and size."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.plots import RacePlot
from playground.plots.race.picture import VIEWS
from playground.plotting.drawing.pencil import text_height
from playground.style.theme import LIGHT
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")


def test_no_racer_is_cut_off_at_the_foot(qtbot: QtBot) -> None:
    card: Any = make(qtbot, RacePlot, size=(700, 600))
    card.show_snapshot(snapshot_of())
    card.choose_objective("bowl")
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and card.shown().objective == "bowl")
    for view in VIEWS:
        card.choose_view(view)
        qtbot.waitUntil(lambda: card.is_settled)
        for size in (*(preset.size for preset in SIZE_PRESETS.values()), (1400, 700), (800, 400), (1280, 720)):
            look = Look(size, LIGHT, text_scale=1.25, titled=False)
            svg = prepare_svg(card, look)().decode()
            found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)</text>', svg)
            rows = [float(y) for _, y, text in found if re.match(r"(GD|SGD|Mom)", text)]
            assert len(rows) == len(card.shown().trajectories) == 3
            assert max(rows) < size[1] - 0.2 * text_height(look.style), (view, size)
