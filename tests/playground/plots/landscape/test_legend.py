"""The legend of the landscape does not cover the present point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plots import LandscapePlot
from playground.plots.landscape.legend import legend_box
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import make


@pytest.fixture
def card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> Any:
    made = make(qtbot, LandscapePlot, size=(330, 300))
    made.show_snapshot(snapshots["default"])
    qtbot.waitUntil(lambda: made.shown() is not None)
    return made


@pytest.mark.parametrize(
    ("right", "top", "expected"),
    [(0.1, 0.1, "upper right"), (0.95, 0.95, "upper left"), (0.5, 0.5, "upper right")],
)
def test_it_is_in_a_corner_away_from_the_present_point(card: Any, right: float, top: float, expected: str) -> None:
    data, area, style = card.shown(), card.canvas.area(), Style(LIGHT)
    (left, end), (low, high) = area.x_range, area.y_range
    here = (left + right * (end - left), low + top * (high - low))
    moved = replace(data, here=here, path=np.zeros((0, 2)))
    box = legend_box(area, moved, style)
    assert area.rect.contains(box)
    assert not box.contains(QPointF(area.x(here[0]), area.y(here[1])))
    assert (box.right() == area.rect.right()) == expected.endswith("right")
    assert box.top() == area.rect.top()
