"""The minima card shows the basins that the core finds, with the share of each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.analysis.race import default_racers
from core.analysis.surfaces import NEAR, SURFACES, descend
from core.random_streams import stream
from playground.plots import MinimaPlot
from playground.plots.minima_data import STEPS, minima_data, minima_sentences
from playground.plots.minima_picture import minimum_colour
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb

LABELS = [racer.label for racer in default_racers(SURFACES["bowl"])]


def settled(qtbot: QtBot, key: str, label: str) -> Any:
    card = make(qtbot, MinimaPlot, size=(560, 360))
    card.choose(key, label)
    card.show_snapshot(snapshot_of())
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    return card


@pytest.mark.parametrize("key", SURFACES)
def test_row19_each_start_has_the_minimum_that_its_run_reaches(key: str) -> None:
    data = minima_data(key)
    for row, column in ((0, 0), (30, 12), (47, 55)):
        start = np.array([data.x[column], data.y[row]])
        path = descend(data.surface, "sgd", start, data.racer.learning_rate, 0.0, STEPS, rng=stream(1, "minima noise"))
        distances = np.linalg.norm(np.array(data.surface.minima) - path[-1], axis=1)
        basin = data.basins[row, column]
        if np.isfinite(distances).all() and distances.min() <= NEAR:
            assert basin == distances.argmin()
        else:
            assert basin == -1


def test_row19_all_four_minima_of_himmelblau_are_found() -> None:
    data = minima_data("himmelblau")
    assert (data.shares > 0.05).all()
    assert data.is_lowest.all(), "they are equally deep"
    assert minima_sentences(data)[0].startswith(
        "100" if data.shares.sum() > 0.995 else str(round(100 * data.shares.sum()))
    )


def test_row19_local_minima_are_reported() -> None:
    data = minima_data("camel")
    assert data.is_lowest.tolist() == [True, True, False, False, False, False]
    text = minima_sentences(data)[0]
    assert "of the starts reach a global minimum" in text
    assert 0.1 < data.shares[data.is_lowest].sum() < 0.95


def test_the_table_contains_every_start(qtbot: QtBot) -> None:
    card = settled(qtbot, "saddle", "momentum")
    data = card.shown()
    rows = card.figure_table().rows
    assert len(rows) == data.basins.size
    assert [row[2] for row in rows] == data.basins.ravel().tolist()
    assert card.figure_note() == "Saddle, momentum"


@pytest.mark.parametrize("label", LABELS)
def test_every_optimizer_is_drawn_in_both_themes(qtbot: QtBot, label: str) -> None:
    card = settled(qtbot, "himmelblau", label)
    for theme in (LIGHT, DARK):
        style = Style(theme)
        card.set_style(style)
        assert {rgb(minimum_colour(index, style)) for index in range(4)} <= colours(picture(card))
