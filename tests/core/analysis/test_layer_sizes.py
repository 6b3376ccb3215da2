"""Sizes of each layer's weights: right, and computed once for each vector of a large network."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from core.analysis import layer_sizes as module
from core.analysis.gradient_flow import update_ratios, weight_gradient_norms
from core.analysis.layer_sizes import LARGE, layer_sizes
from core.arrays import norm
from core.experiment import Experiment, HiddenLayer
from core.network import Network
from core.network.architecture import Architecture
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from tests.core.support import new_trainer, with_hidden


def architecture(*units: int) -> Architecture:
    return new_trainer(with_hidden(Experiment(), *(HiddenLayer(units=each) for each in units))).architecture


@pytest.mark.parametrize("units", [(4, 3), (450, 450)])
def test_sizes_are_those_of_the_weights_without_biases(units: tuple[int, ...]) -> None:
    network = architecture(*units)
    assert (network.size > LARGE) == (len(units) == 2 and units[0] == 450)
    flat = np.random.default_rng(3).normal(size=network.size)
    flat[network.layers[1].bias] = 1e6
    sizes = layer_sizes(network, flat)
    expected = [flat[layer.weights] for layer in network.layers]
    assert sizes.norms.tolist() == [norm(each) for each in expected]
    assert sizes.largest.tolist() == [np.abs(each).max() for each in expected]
    assert sizes.of(1) == (norm(expected[1]), np.abs(expected[1]).max())


def test_a_number_that_is_not_finite_spreads_to_its_layer_only() -> None:
    network = architecture(450, 450)
    flat = np.ones(network.size)
    flat[network.layers[0].start], flat[network.layers[2].start] = np.nan, -np.inf
    largest = layer_sizes(network, flat).largest
    assert np.isnan(largest[0])
    assert largest[1:].tolist() == [1.0, np.inf]


def test_a_large_vector_is_examined_once_while_it_exists() -> None:
    network = architecture(450, 450)
    flat = np.ones(network.size)
    sizes = layer_sizes(network, flat)
    assert layer_sizes(network, flat) is sizes
    assert layer_sizes(architecture(450, 450), flat) is sizes
    shorter = architecture(3)
    assert layer_sizes(shorter, flat).norms.tolist() == [norm(flat[layer.weights]) for layer in shorter.layers]
    for value in range(20):  # many of them get the memory of the one before
        assert layer_sizes(network, np.full(network.size, float(value))).largest[1] == value
    del flat
    gc.collect()
    layer_sizes(network, np.ones(network.size))
    assert len(module._known) == 1, "what is remembered does not keep the vectors"


def test_the_snapshot_of_a_large_network_has_them_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = new_trainer(with_hidden(Experiment(), HiddenLayer(units=450), HiddenLayer(units=450)))
    trainer.run(1)
    snapshot = observe(trainer, LossRecorder(), axes=None, playing=True)
    monkeypatch.setattr(module, "_computed", lambda *_: pytest.fail("computed again"))
    network = snapshot.network
    assert snapshot.state is not None
    for flat in (network.parameters, snapshot.gradients.flat, snapshot.state.drawn):
        layer_sizes(network.architecture, flat)
    norms = weight_gradient_norms(network, snapshot.gradients)
    assert norms.tolist() == [norm(snapshot.gradients.flat[layer.weights]) for layer in network.architecture.layers]
    monkeypatch.undo()
    ratios = update_ratios(network, snapshot.last_update)
    W = Network(network.architecture, snapshot.last_update).weights(1)
    assert ratios[1] == norm(W) / norm(network.weights(1))
