"""The gradient card draws the normal ranges that the ranges card has computed, behind the bars."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as with_settings
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import update_ratios, weight_gradient_norms
from core.analysis.normal_ranges import Range, Ranges
from core.experiment import Experiment
from core.training.many_runs.reference_runs import reference_key
from core.training.snapshot import Snapshot
from playground.plots import GradientPlot, RangesPlot
from playground.session import Session
from playground.session.shared.shared_ranges import REMEMBERED, SharedRanges
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")


def ranges(layers: int = 3, learned: int = 150) -> Ranges:
    def band(low: float, high: float, count: int) -> Range:
        return Range(np.full(count, low), np.full(count, (low * high) ** 0.5), np.full(count, high))

    return Ranges(200, learned, {"gradient_ratio": band(0.5, 2.0, 1), "update_ratio": band(1e-3, 1e-2, layers)})


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(), steps=40)


@pytest.fixture
def card(qtbot: QtBot, snapshot: Snapshot) -> Any:
    made = make(qtbot, GradientPlot, size=(420, 320))
    made.show_snapshot(snapshot)
    return made


def test_without_ranges_there_is_no_band(card: Any) -> None:
    assert card.shown().normal is None
    assert card.figure_table().columns == ("layer", "∂L/∂W", "forecast")


def test_the_band_of_the_first_layer_is_relative_to_the_last_one(card: Any, snapshot: Snapshot) -> None:
    card._session.normal_ranges.add(reference_key(snapshot.experiment), ranges())
    norms = weight_gradient_norms(snapshot.network, snapshot.gradients)
    low, high = card.shown().normal
    assert (low[0], high[0]) == (0.5 * norms[-1], 2.0 * norms[-1])
    assert np.isnan(low[1:]).all()
    assert np.isnan(high[1:]).all()
    table = card.figure_table()
    assert table.columns[-2:] == ("normal from", "normal to")
    assert table.rows[0][-2:] == (low[0], high[0])


def test_updates_have_a_band_in_each_layer(card: Any, snapshot: Snapshot) -> None:
    card._session.normal_ranges.add(reference_key(snapshot.experiment), ranges())
    card._menu.chosen.emit(0)
    card._menu._pick(2)
    low, high = card.shown().normal
    np.testing.assert_array_equal(card.shown().values, update_ratios(snapshot.network, snapshot.last_update))
    assert (low.tolist(), high.tolist()) == ([1e-3] * 3, [1e-2] * 3)
    card._menu._pick(1)
    assert card.shown().normal is None, "δ has no normal range"


def test_the_band_is_drawn_beside_the_bar(card: Any, snapshot: Snapshot) -> None:
    def beside() -> QColor:
        area, low = card.canvas.area(), weight_gradient_norms(snapshot.network, snapshot.gradients)[-1]
        at = QPointF(area.x(-0.45), area.y(float(np.log10(low))))
        return QColor(card.canvas.grab().toImage().pixel(at.toPoint()))

    before = beside()
    card._session.normal_ranges.add(reference_key(snapshot.experiment), ranges())
    assert before == QColor(LIGHT.panel)
    assert beside().lightness() < before.lightness() - 10


def test_ranges_of_another_shape_do_not_apply(card: Any, snapshot: Snapshot) -> None:
    other = with_settings(snapshot.experiment, network=with_settings(snapshot.experiment.network, hidden=()))
    card._session.normal_ranges.add(reference_key(other), ranges(1))
    assert card.shown().normal is None


def test_the_oldest_ranges_are_forgotten(snapshot: Snapshot) -> None:
    shared = SharedRanges()
    shared.add(reference_key(snapshot.experiment), ranges())
    assert shared.of(snapshot.experiment) is not None
    for number in range(REMEMBERED):
        shared.add(number, ranges())
    assert shared.of(snapshot.experiment) is None


def test_the_ranges_card_shares_what_it_finds(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.training.many_runs.reference_runs.MIN_STEPS", 100)
    monkeypatch.setattr("core.training.many_runs.reference_runs.MAX_STEPS", 100)
    monkeypatch.setattr("core.analysis.normal_ranges.MIN_LEARNED", 1)
    session = Session(snapshot.experiment)
    plot = RangesPlot(session, Style(LIGHT))
    qtbot.addWidget(plot)
    plot.show_snapshot(snapshot)
    plot.show()
    qtbot.waitUntil(lambda: session.normal_ranges.of(snapshot.experiment) is not None, timeout=30_000)
    plot.hide()
    assert session.normal_ranges.of(snapshot.experiment) == plot.shown().ranges
