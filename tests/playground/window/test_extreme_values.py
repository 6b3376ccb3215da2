"""Every card draws weights, gradients and losses of any magnitude, or reports what it cannot draw."""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.recorders.loss_curve import LossCurve
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.inspector import InspectorPanel
from playground.session import Session
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from playground.window.cards import CARDS

# Restarts, racers and reference runs begin at weights of their own, so how many there are does not matter here.
pytestmark = pytest.mark.usefixtures("short_runs")


PENALIZED = replace(Experiment(), training=replace(Experiment().training, l2=0.1))


@cache
def run_of_size(size: float) -> PinnedRun:
    """Return a penalized run whose parameters have become ±``size`` after a few steps, 0 keeps them."""
    trainer, history = new_trainer(PENALIZED, engine="numpy"), RunHistory()
    for _ in range(3):
        pinned(trainer, history, (0, 1))  # notes a point of the path
        trainer.run(2)
    if size:
        trainer.parameters = np.where(np.arange(len(trainer.parameters)) % 3 > 0, size, -size)
    return pinned(trainer, history, (0, 1))


SELECTIONS = (None, Selection("neuron", 0, 1), Selection("weight", 0, 1, 0))
SIZES = (0.0, 5e-324, 1e-308, 1e-160, 1e160, 1e308, 1.7e308, math.inf, math.nan)


def of_size(snapshot: Snapshot, size: float, *, mixed: bool) -> Snapshot:
    """Return ``snapshot`` with every number replaced by ±``size``; ``mixed`` keeps half of them unchanged."""
    rng = np.random.default_rng(7)

    def sized(values: Any) -> Any:
        old = np.asarray(values, dtype=np.float64)
        new = np.where(rng.random(old.shape) < 0.5, size, -size)
        return np.where(rng.random(old.shape) < 0.5, old, new) if mixed else new

    trace = replace(
        snapshot.trace,
        pre_activations=tuple(map(sized, snapshot.trace.pre_activations)),
        activations=tuple(map(sized, snapshot.trace.activations)),
    )
    plane = snapshot.plane
    if plane is not None:
        plane = replace(plane, activations=tuple(map(sized, plane.activations)))
    losses = np.array([size, 1.0, size, 0.5]) if mixed else np.full(4, size)
    gradients = snapshot.gradients
    return replace(
        snapshot,
        network=replace(snapshot.network, parameters=sized(snapshot.network.parameters)),
        gradients=replace(gradients, flat=sized(gradients.flat), loss=size, deltas=tuple(map(sized, gradients.deltas))),
        trace=trace,
        plane=plane,
        test_prediction=sized(snapshot.test_prediction),
        curve=LossCurve(np.arange(4.0), np.arange(4.0), losses, losses[::-1].copy()),
        scores=replace(snapshot.scores, train_loss=size, test_loss=size, penalty=size),
        last_update=sized(snapshot.last_update),
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", CARDS)
def test_any_size_of_numbers_is_drawn(
    qtbot: QtBot, fonts: None, snapshots: dict[str, Snapshot], key: str, size: float
) -> None:
    session = Session()
    card = CARDS[key].make(session, Style(LIGHT), None)
    qtbot.addWidget(card)
    card.resize(300, 320)
    card.show()
    for number, (shape, mixed) in enumerate(itertools.product(("default", "iris"), (False, True))):
        snapshot = snapshots[shape]
        if not CARDS[key].applies_to(snapshot):
            continue
        extreme = replace(of_size(snapshot, size, mixed=mixed), generation=number, step=snapshot.step + number)
        session.snapshot = extreme
        for selection in SELECTIONS if key == "inspector" else (None,):
            session.select(selection)
            card.show_snapshot(extreme)
            card.grab()
        figure = card.figure
        if figure is not None:
            figure.build_figure(Style(LIGHT)).deleteLater()
            figure.figure_table()
    if isinstance(card, InspectorPanel):
        card.formulas.wait()


@pytest.mark.parametrize("size", [5e-324, 1e160, 1.7e308])
@pytest.mark.parametrize("pinned_size", [0.0, 5e-324, 1e160, 1.7e308])
@pytest.mark.parametrize("key", CARDS)
def test_a_run_of_any_size_is_drawn_with_a_pinned_one(
    qtbot: QtBot, fonts: None, key: str, pinned_size: float, size: float
) -> None:
    session = Session(PENALIZED)
    card = CARDS[key].make(session, Style(LIGHT), None)
    qtbot.addWidget(card)
    card.resize(300, 320)
    session.pins.add(run_of_size(pinned_size))
    run = run_of_size(0.0 if pinned_size == size else size)
    session.snapshot = run.snapshot
    card.show()
    card.show_snapshot(run.snapshot)
    card.grab()
    if card.figure is not None:
        card.figure.build_figure(Style(LIGHT)).deleteLater()
        card.figure.figure_table()
    if isinstance(card, InspectorPanel):
        card.formulas.wait()
