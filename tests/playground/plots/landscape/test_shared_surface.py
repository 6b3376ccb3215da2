"""The two landscape cards compute the same surface once, and each takes over when the other is hidden or exported."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, TrainingSettings
from core.training.snapshot import Snapshot
from playground.plots import Landscape3DPlot, LandscapePlot
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of

EXPERIMENT = Experiment(training=TrainingSettings(learning_rate=0.1))


@pytest.fixture(scope="module")
def run() -> list[Snapshot]:
    return [snapshot_of(EXPERIMENT, steps=steps) for steps in (40, 60)]


@pytest.fixture
def cards(qtbot: QtBot) -> tuple[Any, Any]:
    session = Session()
    made = (LandscapePlot(session, Style(LIGHT)), Landscape3DPlot(session, Style(LIGHT)))
    for card in made:
        qtbot.addWidget(card)
        card.resize(420, 400)
        card.show()
    return made


def show(qtbot: QtBot, cards: tuple[Any, ...], snapshot: Snapshot) -> None:
    for card in cards:
        card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: all(card.is_settled and card.shown().is_fine for card in cards), timeout=60_000)


def test_both_show_one_surface(qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]) -> None:
    flat, tilted = cards
    for snapshot in (run[0], replace(run[1], generation=1), replace(run[0], generation=2)):
        show(qtbot, cards, snapshot)
        assert flat.shown() is tilted.shown()
        assert flat.shown().step == snapshot.step


def test_other_planes_are_computed_separately(qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]) -> None:
    flat, tilted = cards
    show(qtbot, cards, run[0])
    tilted.choose_plane("random")
    show(qtbot, cards, run[0])
    assert (flat.shown().surface.choice, tilted.shown().surface.choice) == ("path", "random")
    tilted.choose_plane("path")
    show(qtbot, cards, run[0])
    assert flat.shown() is tilted.shown()


def test_the_other_card_continues_when_one_is_hidden(qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]) -> None:
    flat, tilted = cards
    show(qtbot, cards, run[0])
    later = replace(run[1], generation=1)
    for card in cards:
        card.show_snapshot(later)
    flat.hide()  # it was to compute the surface for both
    qtbot.waitUntil(lambda: tilted.is_settled and tilted.shown().is_fine, timeout=60_000)
    assert tilted.shown().step == 60
    flat.show()
    qtbot.waitUntil(lambda: flat.shown() is tilted.shown(), timeout=60_000)


def test_a_card_that_stays_at_a_moment_computes_it_itself(
    qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]
) -> None:
    flat, tilted = cards
    for card in cards:
        card.show_snapshot(replace(run[0], playing=True))
    qtbot.waitUntil(lambda: all(card.shown() is not None for card in cards), timeout=60_000)
    flat._session.snapshot = replace(run[0], playing=True)
    flat.stay()
    qtbot.waitUntil(flat.prepare, timeout=60_000)
    later = replace(run[1], generation=1)
    for card in cards:
        card.show_snapshot(later)
    qtbot.waitUntil(lambda: tilted.is_settled and tilted.shown().is_fine, timeout=60_000)
    assert (flat.shown().step, tilted.shown().step) == (40, 60)
    assert flat.shown().is_fine
    flat._session.snapshot = later
    flat.follow()
    qtbot.waitUntil(lambda: flat.shown() is tilted.shown(), timeout=60_000)


def test_a_surface_that_another_card_has_is_shown_at_once(
    qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]
) -> None:
    flat, tilted = cards
    for card in cards:
        card.show_snapshot(replace(run[0], playing=True))
    qtbot.waitUntil(lambda: all(card.shown() is not None for card in cards), timeout=60_000)
    tilted.choose_plane("random")
    qtbot.waitUntil(lambda: tilted.shown().surface.choice == "random", timeout=60_000)
    flat.choose_plane("random")
    assert flat.shown() is tilted.shown(), "without waiting for the next frame"


def test_a_chosen_plane_is_shown_at_once_even_if_a_snapshot_comes_between(
    qtbot: QtBot, cards: tuple[Any, Any], run: list[Snapshot]
) -> None:
    flat = cards[0]
    flat.show_snapshot(replace(run[0], playing=True))
    qtbot.waitUntil(lambda: flat.shown() is not None, timeout=60_000)
    flat._paused_until = 0.0
    flat.choose_plane("random")
    flat._jobs.wait()  # the surface is computed, but not delivered yet
    flat.show_snapshot(replace(run[1], playing=True))
    flat._jobs.deliver()
    assert (flat.shown().surface.choice, flat.shown().step) == ("random", 40)


def test_figures_of_one_moment_compute_the_fine_surface_once(qtbot: QtBot, run: list[Snapshot]) -> None:
    session = Session()
    flat, tilted = LandscapePlot(session, Style(LIGHT)), Landscape3DPlot(session, Style(LIGHT))
    for card in (flat, tilted):  # hidden, as those of other workspaces
        qtbot.addWidget(card)
        card.show_snapshot(run[0])
    qtbot.waitUntil(lambda: all([flat.prepare(), tilted.prepare()]), timeout=60_000)
    assert flat.figure_data() is tilted.figure_data()
    assert flat.figure_data().is_fine
    for card in (flat, tilted):
        card.show_snapshot(run[1])
    assert flat.figure_data() is tilted.figure_data()
    assert flat.figure_data().step == run[1].step
    assert flat.figure_data().is_fine
    tilted.choose_plane("random")
    assert flat.figure_data().surface.choice != tilted.figure_data().surface.choice
