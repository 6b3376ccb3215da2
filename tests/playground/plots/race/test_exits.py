"""A path that leaves the map of a race has an arrow there, and a pinned run is named."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plots import RacePlot
from playground.plots.race import picture as race_picture
from playground.plots.race.exits import BEYOND, exits_of
from playground.plots.race.pinned_track import NAME
from playground.plotting.pins.ghosts import Ghost
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import colours, make, picture, rgb

MAP = QRectF(0.0, 0.0, 100.0, 50.0)


@pytest.mark.parametrize(
    ("end", "at", "angle"),
    [
        ((150.0, 25.0), (100.0, 25.0), 0.0),
        ((50.0, 90.0), (50.0, 50.0), math.pi / 2),
        ((-50.0, 25.0), (0.0, 25.0), math.pi),
        ((125.0, 100.0), (75.0, 50.0), math.pi / 4),
    ],
)
def test_a_path_leaves_where_it_crosses_the_border(
    end: tuple[float, float], at: tuple[float, float], angle: float
) -> None:
    start = (50.0, 25.0)
    (found,) = exits_of(np.array([(10.0, 10.0), start, end]), MAP)
    assert (found.at.x(), found.at.y()) == pytest.approx(at)
    assert found.angle == pytest.approx(angle)


def test_a_path_inside_or_that_comes_in_does_not_leave() -> None:
    assert exits_of(np.array([(10.0, 10.0), (90.0, 40.0), (90.0, 10.0)]), MAP) == []
    assert exits_of(np.array([(-10.0, 10.0), (90.0, 40.0)]), MAP) == []
    assert exits_of(np.zeros((0, 2)), MAP) == []


def test_a_step_across_the_whole_map_leaves_at_its_far_side() -> None:
    (found,) = exits_of(np.array([(-50.0, 20.0), (150.0, 20.0)]), MAP)
    assert (found.at.x(), found.at.y()) == pytest.approx((100.0, 20.0))


def test_each_exit_is_marked_unless_another_is_near() -> None:
    zigzag = [(90.0, 10.0), (110.0, 10.0), (90.0, 12.0), (110.0, 12.0), (90.0, 45.0), (110.0, 45.0)]
    assert [each.at.y() for each in exits_of(np.array(zigzag), MAP, 9.0)] == pytest.approx([10.0, 45.0])


def test_a_path_that_is_nowhere_on_the_map_points_to_its_end() -> None:
    (found,) = exits_of(np.array([(120.0, 60.0), (130.0, 80.0)]), MAP)
    assert (found.at.x(), found.at.y()) == (100.0, 50.0)
    assert found.angle == pytest.approx(math.pi / 4)


@pytest.fixture
def card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> Any:
    made = make(qtbot, RacePlot, size=(640, 600))
    made.show_snapshot(snapshots["default"])
    made.choose_objective("bowl")
    qtbot.waitUntil(lambda: made.is_settled)
    made._clock.stop()
    made._frame = 10**6
    return made


def ghost_to(card: Any, x: float) -> Ghost[Any]:
    """Return a pinned run whose path goes along the map from its start to ``x`` times its right end."""
    data = card.shown()
    (first, *_), middle = data.trajectories, float(data.y.mean())
    end = float(data.x[-1])
    points = np.column_stack([np.linspace(end / 2, x * end, 20), np.full(20, middle)])
    track = replace(first, name=NAME, points=points, values=np.ones(20), steps=np.arange(20))
    return Ghost("before", 0, replace(data, trajectories=(track,)))


@pytest.mark.parametrize(("x", "expected"), [(0.9, False), (3.0, True)])
def test_a_pinned_run_beyond_the_map_is_named_and_has_an_arrow(
    card: Any, monkeypatch: pytest.MonkeyPatch, x: float, expected: bool
) -> None:
    named: list[tuple[str, ...]] = []
    monkeypatch.setattr(race_picture, "paint_beyond", lambda _p, _rect, names, _style: named.append(tuple(names)))
    card._picture.draw(card.shown(), card._style, (ghost_to(card, x),))
    seen = picture(card)
    assert named[-1] == (("before",) if expected else ())
    area, tint = card.canvas.area(), rgb(LIGHT.pin_palette[0])
    middle, right = round(area.y(float(card.shown().y.mean()))), round(area.rect.right())
    near = seen.copy(right - 8, middle - 1, 6, 3)
    assert (tint in colours(near)) is expected


def test_the_word_is_at_the_lower_right_of_the_map(card: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr("playground.plots.race.exits.write", lambda _p, _s, _at, text, **_options: written.append(text))
    card._picture.draw(card.shown(), Style(LIGHT), (ghost_to(card, 3.0),))
    picture(card)
    assert written[-1] == f"{BEYOND}before"
