"""The title of an exported network states what it shows."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment
from playground.network_view.finding import finding
from playground.network_view.layout.shape import Shape, shape_of
from playground.network_view.marks.shown import LegendEntry
from playground.session.selection import Selection, selection_of
from playground.style.numbers import short
from tests.playground.factory import network, snapshot_of


def test_the_largest_weight_is_named_with_its_ends() -> None:
    snapshot = snapshot_of(Experiment(), 5)
    network = snapshot.network
    parameters = network.parameters.copy()
    parameters[network.architecture.layers[1].weight_index(2, 0)] = -7.25
    changed = replace(snapshot, network=replace(network, parameters=parameters))
    shape = shape_of(Experiment(), changed)
    assert finding(changed, shape, "weight", ()) == "Largest weight: −7.25, from hidden 1 · 3 to hidden 2 · 1"
    assert finding(changed, shape, "check", ()) == ""


@pytest.mark.parametrize("broken", [None, np.nan, np.inf])
def test_the_largest_of_a_large_network_is_found_beside_numbers_that_are_not_finite(broken: float | None) -> None:
    snapshot = snapshot_of(network(450, 450), 1)
    architecture, parameters = snapshot.network.architecture, snapshot.network.parameters.copy()
    parameters[architecture.layers[1].weight_index(2, 0)] = -7.25
    parameters[architecture.layers[0].bias_index(0)] = 100.0  # no weight
    if broken is not None:
        parameters[architecture.layers[1].weight_index(5, 5)] = broken
    changed = replace(snapshot, network=replace(snapshot.network, parameters=parameters))
    shape = shape_of(changed.experiment, changed)
    assert finding(changed, shape, "weight", ()) == "Largest weight: −7.25, from hidden 1 · 3 to hidden 2 · 1"


def test_marked_neurons_come_first() -> None:
    snapshot = snapshot_of(Experiment(), 5)
    shape = shape_of(Experiment(), snapshot)
    marks = (LegendEntry("dead", "2 dead", ""), LegendEntry("saturated", "1 saturated", ""))
    assert finding(snapshot, shape, "weight", marks) == "2 dead, 1 saturated of 6 hidden neurons"


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_there_is_no_sentence_without_a_largest_value(value: float) -> None:
    snapshot = snapshot_of(Experiment(), 5)
    empty = replace(snapshot, last_update=np.full_like(snapshot.last_update, value))
    assert finding(empty, shape_of(Experiment(), empty), "update", ()) == ""


@pytest.mark.parametrize("seed", range(5))
def test_the_largest_is_that_of_all_finite_weights(seed: int) -> None:
    snapshot = snapshot_of(Experiment(), 5)
    architecture = snapshot.network.architecture
    rng = np.random.default_rng(seed)
    update = rng.choice([-3.5, -1.0, 0.0, 2.0, 3.5, np.nan, np.inf, -np.inf], architecture.size)
    usable = np.where(architecture.is_weight & np.isfinite(update), np.abs(update), 0.0)
    selection = selection_of(architecture, int(usable.argmax()))
    assert selection is not None
    changed = replace(snapshot, last_update=update)
    shape = shape_of(Experiment(), changed)
    said = finding(changed, shape, "update", ())
    assert said.endswith(f"{short(float(update[usable.argmax()]), 3)}, {_ends(shape, selection)}")


def _ends(shape: Shape, selection: Selection) -> str:
    return shape.called.of_parameter(selection).removeprefix("Weight ")
