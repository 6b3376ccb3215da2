"""The slices of both runs side by side: each is its own run's loss, on the same range and the same axis."""

from __future__ import annotations

import numpy as np
import pytest

from core.network import Network
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.inspector.figure import SliceFigure, SlicePair
from playground.inspector.loss_slice.side_by_side import SliceSides
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.core.support import new_trainer
from tests.playground.factory import snapshot_of
from tests.playground.inspector.support import WEIGHT, experiment_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(experiment_of(4, 3), steps=40)


@pytest.fixture(scope="module")
def earlier() -> PinnedRun:
    trainer = new_trainer(experiment_of(4, 3, activation="sigmoid", learning_rate=0.3), engine="numpy")
    trainer.run(25)
    return pinned(trainer, RunHistory(), (0, 1))


def pair_of(panel: InspectorPanel) -> SlicePair | None:
    figure = panel.figures[1]
    assert isinstance(figure, SliceFigure)
    pair = figure.pair()
    assert pair is None or isinstance(pair, SlicePair)
    return pair


def test_row05_both_runs_are_drawn_along_the_same_weight_on_the_same_axes(
    panel: InspectorPanel, session: Session, snapshot: Snapshot, earlier: PinnedRun
) -> None:
    session.select(WEIGHT)
    assert pair_of(panel) is None
    session.pins.add(earlier)
    pair = pair_of(panel)
    assert pair is not None
    left, right = pair.sides
    assert left.range == right.range
    for shown, run in ((left, earlier.snapshot), (right, snapshot)):
        layer = run.network.architecture.layers[WEIGHT.layer]
        index = layer.weight_index(WEIGHT.source, WEIGHT.neuron)
        assert shown.slice.here == run.network.parameters[index]
        for at in (0, 17, 40):
            flat = run.network.parameters.copy()
            flat[index] = shown.slice.values[at]
            network = Network(run.network.architecture, flat)
            errors = network.forward(run.data.x_train).prediction - run.data.y_train
            assert shown.slice.losses[at] == pytest.approx(0.5 * float(np.mean(errors**2)), rel=1e-12)
    sides = SliceSides(pair.sides, ("before", "now"), Style(LIGHT))
    axes = [plot._axis for plot in sides.plots]
    assert (axes[0].low, axes[0].high) == (axes[1].low, axes[1].high)
    every = np.concatenate([left.slice.losses, right.slice.losses])
    assert axes[0].low <= every.min()
    assert axes[0].high >= every.max()
    text = pair.figure_text()
    assert "sigmoid" in text.finding + text.differences
    assert len(pair.figure_table().rows) == len(right.slice.values)
    view = pair.build_figure(Style(LIGHT))
    view.resize(700, 300)
    assert not view.grab().isNull()
    view.deleteLater()
