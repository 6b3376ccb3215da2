"""The race card runs the core's race from the clicked start and reports which optimizers arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.analysis.race import default_racers, race
from core.analysis.surfaces import SURFACES
from core.training.snapshot import Snapshot
from playground.plots import RacePlot
from playground.plots.race import FRAMES
from playground.plots.race_data import STEPS, outcome, race_data, race_sentences
from playground.plots.race_picture import racer_colour
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of()


def settled(qtbot: QtBot, snapshot: Snapshot, key: str = "bowl", size: tuple[int, int] = (640, 380)) -> Any:
    card = make(qtbot, RacePlot, size=size)
    card.choose_surface(key)
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    return card


@pytest.mark.parametrize("key", SURFACES)
def test_row18_the_table_contains_the_runs_of_the_core(qtbot: QtBot, snapshot: Snapshot, key: str) -> None:
    card, surface = settled(qtbot, snapshot, key), SURFACES[key]
    rows = card.figure_table().rows
    expected = race(surface, default_racers(surface), surface.start, STEPS, 1)
    assert len(rows) == len(expected) * (STEPS + 1)
    for index, run in enumerate(expected):
        label, step, *point = rows[index * (STEPS + 1) + 17]
        assert (label, step) == (run.racer.label, 17)
        np.testing.assert_array_equal(point, [*run.path[17], run.heights[17]])


def test_row19_a_click_on_the_map_is_the_new_start(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot, "himmelblau")
    before = card.shown()
    area = card.canvas.area()
    pixel = QPoint(round(area.x(-4.0)), round(area.y(-4.0)))
    QTest.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=pixel)
    qtbot.waitUntil(lambda: card.shown() is not before)
    assert card.shown().start == pytest.approx((-4.0, -4.0), abs=0.05)
    assert {run.minimum for run in card.shown().runs} != {run.minimum for run in before.runs}, (
        "another minimum is found"
    )


def test_the_race_is_animated_and_complete_in_a_figure(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    first = card.shown_step
    qtbot.waitUntil(lambda: card.shown_step > first)
    qtbot.waitUntil(lambda: card.shown_step == STEPS, timeout=60_000)
    assert not card._clock.isActive()
    card._frame = 0
    whole = card.build_figure(Style(LIGHT)).grab().toImage()
    card._frame = FRAMES
    assert card.build_figure(Style(LIGHT)).grab().toImage() == whole


def test_training_does_not_disturb_the_race(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = settled(qtbot, snapshot)
    before = card.shown()
    card.show_snapshot(replace(snapshot, generation=5))
    qtbot.wait(50)
    assert card.shown() is before


@pytest.mark.parametrize("size", [(640, 380), (280, 320)])
def test_every_optimizer_is_drawn_in_both_themes(qtbot: QtBot, snapshot: Snapshot, size: tuple[int, int]) -> None:
    card = settled(qtbot, snapshot, size=size)
    card._clock.stop()
    card._frame = FRAMES
    for theme in (LIGHT, DARK):
        style = Style(theme)
        card.set_style(style)
        drawn = colours(picture(card))
        assert {rgb(racer_colour(index, style)) for index in range(len(card.shown().runs))} <= drawn


def test_the_sentence_names_the_first_to_arrive(qtbot: QtBot) -> None:
    data = race_data("bowl", None)
    first = min(data.runs, key=lambda run: run.arrival or 10**9)
    assert race_sentences(data)[0].startswith(f"first to reach a minimum: {first.racer.label}, step {first.arrival};")
    assert outcome(first).startswith(f"step {first.arrival} · detour ")
    far = race_data("ravine", (-2.0, 3.0))
    late = next(run for run in far.runs if run.arrival is None)
    assert outcome(late) in ("no minimum reached", "diverged")
    assert "reach none" in race_sentences(far)[0] or "no optimizer" in race_sentences(far)[0]
