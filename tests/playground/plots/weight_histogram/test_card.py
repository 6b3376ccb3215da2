"""The sentence of the weight card, compared with the weights that the network started with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.plots import WeightHistogramPlot
from playground.window.main_window import MainWindow
from tests.playground.factory import network, snapshot_of
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")


def said(qtbot: QtBot, snapshot: Snapshot) -> str:
    card = make(qtbot, WeightHistogramPlot, size=(700, 300))
    card.show_snapshot(snapshot)
    return str(card.sentence)


def begun(experiment: Experiment) -> Snapshot:
    """Return the snapshot of ``experiment`` at step 0, with its training state."""
    return replace(snapshot_of(experiment), state=new_trainer(experiment, engine="numpy").state())


def scaled(snapshot: Snapshot, factors: dict[int, float]) -> Snapshot:
    """Return ``snapshot`` after one step in which the weights of each layer in ``factors`` became that many times as large."""
    flat = snapshot.network.parameters.copy()
    for index, factor in factors.items():
        flat[snapshot.network.architecture.layers[index].weights] *= factor
    return replace(snapshot, network=replace(snapshot.network, parameters=flat), step=1)


def starting_at_zero(*units: int) -> Experiment:
    hidden = tuple(HiddenLayer(units=count, initializer="zeros") for count in units)
    return Experiment(network=NetworkSettings(hidden=hidden, output_initializer="zeros"))


@pytest.mark.parametrize("seed", range(1, 9))
def test_unchanged_weights_are_as_spread_as_at_first_however_few(qtbot: QtBot, seed: int) -> None:
    # The RMS of two weights is often far from that of their distribution.
    experiment = network(2, 2)
    experiment = replace(experiment, network=replace(experiment.network, seed=seed))
    assert said(qtbot, scaled(begun(experiment), {})) == "spread close to its initial value"


@pytest.mark.parametrize("units", [4, 40])
def test_weights_that_shrank_are_not_called_unchanged(qtbot: QtBot, units: int) -> None:
    snapshot = begun(network(units, units))
    said_of = said(qtbot, scaled(snapshot, {0: 0.5, 1: 0.02}))
    start, factor = "spread of W₂ is ", said_of.removeprefix("spread of W₂ is ").removesuffix(" × its initial spread")
    assert said_of == f"{start}{factor} × its initial spread"
    assert float(factor) == 0.02
    assert said(qtbot, scaled(snapshot, {0: 0.5, 2: 7.0})).startswith("spread of W₃ is 7.0 × ")
    assert said(qtbot, scaled(snapshot, {2: 0.0})) == "all weights W₃ are 0"


def test_weights_that_started_at_zero_have_a_sentence(qtbot: QtBot) -> None:
    snapshot = begun(starting_at_zero(4, 4))
    assert said(qtbot, snapshot) == "all weights in a layer start equal"
    assert said(qtbot, replace(snapshot, step=1)) == "all weights are still 0"
    flat = snapshot.network.parameters.copy()
    flat[snapshot.network.architecture.layers[1].weights] = np.tile([0.3, -0.3], 8)
    moved = replace(snapshot, network=replace(snapshot.network, parameters=flat), step=1)
    assert said(qtbot, moved) == "W₂ started at 0; root mean square now 0.30"


@pytest.mark.parametrize("units", [3, 8])
def test_row10_the_sentence_counts_the_weights_that_l1_made_exactly_0(qtbot: QtBot, units: int) -> None:
    experiment = network(units)
    experiment = replace(experiment, training=replace(experiment.training, l1=0.03))
    snapshot = replace(snapshot_of(experiment, steps=3000), state=begun(experiment).state)
    network_ = snapshot.network
    weights = network_.parameters[network_.architecture.is_weight]
    zeros = int((weights == 0.0).sum())
    assert 0 < zeros < len(weights)
    assert said(qtbot, snapshot).startswith(
        f"{zeros} of {len(weights)} weights {'is' if zeros == 1 else 'are'} exactly 0"
    )


def test_a_layer_of_zeros_is_named_before_single_zeros(qtbot: QtBot) -> None:
    assert said(qtbot, scaled(begun(network(4, 4)), {0: 0.0})) == "all weights W₁ are 0"


def test_equal_weights_have_a_size_and_no_spread(qtbot: QtBot) -> None:
    snapshot = begun(network(4, 4, initializer="constant"))
    assert said(qtbot, scaled(snapshot, {1: 3.0})) == "size of W₂ is 3.0 × its initial size"


def test_a_weight_edited_before_training_does_not_match_the_initial_distribution(qtbot: QtBot) -> None:
    snapshot = begun(network(4, 4))
    assert said(qtbot, snapshot) == "matches the initial distribution (dashed)"
    assert said(qtbot, replace(scaled(snapshot, {0: 4.0}), step=0)).startswith("spread of W₁ is 4.0 × ")


def test_while_a_large_network_trains_its_weights_are_compared_as_before(qtbot: QtBot) -> None:
    card, snapshot = make(qtbot, WeightHistogramPlot, size=(700, 300)), scaled(begun(network(2, 2)), {})
    for each in (snapshot, replace(snapshot, state=None, playing=True)):
        card.show_snapshot(each)
        assert card.sentence == "spread close to its initial value"


def test_the_width_of_a_layer_is_changed_before_training(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(network(4, 2))
    session, card = window.session, window.cards["weights"]
    assert isinstance(card, WeightHistogramPlot)
    session.edit_layer(0, "Neurons", units=7)
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)
    card.show_snapshot(session.snapshot)
    assert card.sentence == "matches the initial distribution (dashed)"
