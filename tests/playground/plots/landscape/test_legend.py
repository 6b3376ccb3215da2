"""The legend of the landscape covers neither the present point nor the start of the path."""

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


@pytest.mark.parametrize("start", [(0.1, 0.95), (0.9, 0.95), (0.1, 0.05), (0.9, 0.05)])
@pytest.mark.parametrize("now", [(0.1, 0.95), (0.9, 0.95), (0.1, 0.05), (0.9, 0.05)])
def test_it_does_not_cover_the_start_of_a_path_of_few_points(
    card: Any, start: tuple[float, float], now: tuple[float, float]
) -> None:
    data, area, style = card.shown(), card.canvas.area(), Style(LIGHT)
    (left, end), (low, high) = area.x_range, area.y_range

    def at(share: tuple[float, float]) -> tuple[float, float]:
        return left + share[0] * (end - left), low + share[1] * (high - low)

    # Most points of the path are far from its start, in the other three corners.
    corners = [at((0.1, 0.95)), at((0.9, 0.95)), at((0.1, 0.05)), at((0.9, 0.05))]
    path = np.array([at(start), *(each for each in corners * 3 if each != at(start)), at(now)])
    box = legend_box(area, replace(data, here=at(now), path=path), style)
    for each in (at(start), at(now)):
        assert not box.contains(QPointF(area.x(each[0]), area.y(each[1])))
