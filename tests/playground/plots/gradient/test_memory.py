"""A gradient plot that is drawn again, from a deck or at the next start, has the trail and the normal range that it had."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, NetworkSettings
from core.training.many_runs.reference_runs import reference_key
from playground.plots import GradientPlot
from playground.plots.gradient.memory import MAX_BYTES, decoded, encoded
from playground.plots.gradient.picture import GradientData
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.window.export.deck_views import CardView, show_view
from playground.window.workspace.view_memory import chosen_options
from tests.playground.factory import snapshot_of
from tests.playground.plots.gradient.test_normal_range import ranges
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")

STEPS = (0, 10, 20, 30)


@pytest.fixture(scope="module")
def moments() -> list[Any]:
    return [snapshot_of(Experiment(), steps=steps) for steps in STEPS]


def plot(qtbot: QtBot, experiment: Experiment) -> Any:
    session = Session(experiment)
    session.is_reproducible = True
    made = GradientPlot(session, Style(LIGHT))
    qtbot.addWidget(made)
    return made


def view_of(card: Any) -> CardView:
    return CardView("gradient", tuple(chosen_options(card)), card.view_data())


@pytest.mark.parametrize("entry", [0, 1, 2])
def test_the_trail_and_the_band_come_back_exactly(qtbot: QtBot, moments: list[Any], entry: int) -> None:
    card = plot(qtbot, moments[0].experiment)
    card._session.normal_ranges.add(reference_key(moments[0].experiment), ranges())
    card._menu._pick(entry)
    for moment in moments:
        card.show_snapshot(moment)
    before = card.shown()
    assert len(before.trail) == len(STEPS) - 1
    again = plot(qtbot, moments[0].experiment)
    again.show_snapshot(moments[-1])
    show_view(again, view_of(card), again._session)
    again.show_snapshot(moments[-1])
    assert again.figure_table() == card.figure_table()
    assert (again.shown().normal is None) == (before.normal is None) == (entry == 1)


def test_they_do_not_appear_at_another_moment(qtbot: QtBot, moments: list[Any]) -> None:
    card = plot(qtbot, moments[0].experiment)
    card._session.normal_ranges.add(reference_key(moments[0].experiment), ranges())
    for moment in moments:
        card.show_snapshot(moment)
    again = plot(qtbot, moments[0].experiment)
    show_view(again, view_of(card), again._session)
    for other in (moments[1], snapshot_of(Experiment(network=NetworkSettings(seed=5)), steps=STEPS[-1])):
        again._snapshot = None
        again.show_snapshot(other)
        assert not again.shown().trail
        assert again.shown().normal is None


def test_a_network_without_hidden_layers_has_no_zero_before_its_first_value(qtbot: QtBot) -> None:
    card = plot(qtbot, replace(Experiment(), network=NetworkSettings(hidden=())))
    card.show_snapshot(snapshot_of(card._session.experiment, steps=5))
    assert card.shown().trail == ()


def test_values_of_another_quantity_do_not_join_the_trail(qtbot: QtBot, moments: list[Any]) -> None:
    card = plot(qtbot, moments[0].experiment)
    for moment in moments:
        card.show_snapshot(moment)
    card._menu._pick(1)
    assert card.shown().trail == ()


def test_nothing_is_kept_before_anything_is_shown(qtbot: QtBot) -> None:
    assert make(qtbot, GradientPlot).view_data() == ""


def data(layers: int, trail: int, *, has_normal: bool = True) -> GradientData:
    values = np.linspace(1.0, 2.0, layers)
    limits = (np.full(layers, np.nan), np.full(layers, np.inf))
    return GradientData(values, tuple(values + k for k in range(trail)), "q", None, limits if has_normal else None)


@pytest.mark.parametrize(("layers", "kept"), [(1, 8), (60, 8), (150, 2), (300, 0)])
def test_the_text_fits_into_a_slide_also_for_many_layers(layers: int, kept: int) -> None:
    text = encoded(0, 7, data(layers, 8))
    assert len(text) < 10_000
    memory = decoded(text) if text else None
    assert (0 if memory is None else len(memory.trail)) == kept
    if memory is not None:
        assert memory.fits(0, 7, data(layers, 8).values)
        assert [row[0] for row in memory.trail] == [1.0 + k for k in range(8 - kept, 8)]
        assert memory.normal is not None
        assert np.isnan(memory.normal[0]).all()
        assert np.isinf(memory.normal[1]).all()
    assert MAX_BYTES < 10_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "\ud800",
        '{"entry":0,"step":0,"layers":0,"has_normal":false,"numbers":""}',
        '{"entry":0,"step":0,"layers":1,"has_normal":true,"numbers":"AAAAAAAAAAA="}',
        '{"entry":0,"step":0,"layers":1,"has_normal":false,"numbers":""}',
        '{"entry":0,"step":0,"layers":1,"has_normal":false,"numbers":"AAA="}',
        '{"entry":0,"step":0,"layers":1,"has_normal":false,"numbers":"ä"}',
    ],
)
def test_damaged_text_is_ignored(text: str) -> None:
    assert decoded(text) is None
