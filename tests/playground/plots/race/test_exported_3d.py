"""An exported 3-D race shows complete paths, as the window does: pale where the surface hides them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from playground.plots import RacePlot
from playground.plots.race.field import field_of
from playground.plots.race.marks import racer_colour
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")

STYLE = Style(LIGHT, 1.5)


def is_drawn(image: QImage, x: float, y: float, colour: QColor) -> bool:
    """Return whether ``colour``, perhaps pale, is within 2 pixels of (x, y): what its hue adds to a grey or violet."""
    hue = np.array([colour.red(), colour.green(), colour.blue()], dtype=float)
    hue -= hue.mean()
    for dx in range(-2, 3):
        for dy in range(-2, 3):
            seen = image.pixelColor(round(x) + dx, round(y) + dy)
            tint = np.array([seen.red(), seen.green(), seen.blue()], dtype=float)
            if float((tint - tint.mean()) @ hue) > 0.08 * float(hue @ hue):
                return True
    return False


@pytest.mark.parametrize("azimuth", [35.0, 215.0])
def test_long_lines_over_a_ravine_are_whole(qtbot: QtBot, azimuth: float) -> None:
    card: Any = make(qtbot, RacePlot, size=(900, 700))
    card.show_snapshot(snapshot_of())
    card.choose_objective("ravine")
    card.choose_view("3-D")
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and card.shown().objective == "ravine")
    qtbot.waitUntil(lambda: card.shown().done == card.shown().steps)
    # One racer leaps across the valley: each line is as long as many cells.
    leaps = np.array([[-1.5, 2.4], [1.2, 1.1], [-1.0, 0.8], [0.9, 0.6]])
    x, y = leaps[:, 0], leaps[:, 1]
    values = (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2
    track = replace(
        card.shown().trajectories[0], steps=np.arange(4), points=leaps, values=values, curve=values,
        detours=np.ones(4), distances=np.zeros(4), arrival=None, diverged=False,
    )  # fmt: skip
    card._data = replace(card.shown(), trajectories=(track,), steps=3, done=3)
    card._control.look_from(replace(card.camera, azimuth=azimuth))
    view = card.build_figure(STYLE)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.lay_out()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    field = field_of(view.area().rect, card.shown(), card.camera, STYLE)
    data = card.shown()
    tops = field.at(x, y, data.heights_of(values))[:, :2]
    colour = QColor(racer_colour(0, STYLE))
    for start, end in pairwise(tops):
        places = start + np.linspace(0.1, 0.9, 30)[:, np.newaxis] * (end - start)
        found = [is_drawn(image, *place, colour) for place in places]
        assert all(found), f"{found.count(False)} of 30 places along a line are empty"
