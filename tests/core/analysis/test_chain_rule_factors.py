"""Each factor of a path names its local derivative and has its value."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.chain_rule import Factor, Weight, path_ledger
from core.experiment.presets import preset
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.network import Network, Trace
from core.training.trainer import Trainer
from tests.core.support import new_trainer


@pytest.fixture
def trainer() -> Trainer:
    trainer = new_trainer(preset("chain-rule"))
    trainer.run(5)
    return trainer


def expected(factor: Factor, network: Network, trace: Trace, target: float) -> float:
    """Return the value of the local derivative named by ``factor``, from the network and the trace of one sample."""
    layer, neuron = factor.layer, factor.neuron
    match factor.kind:
        case "input":
            return float(trace.inputs[layer][0, factor.source])
        case "weight":
            return float(network.weights(layer)[factor.source, neuron])
        case "slope":
            row = OUTPUT_ACTIVATIONS[network.architecture.layers[layer].activation]
            return float(row.derivative(trace.pre_activations[layer], 0.0)[0, neuron])
        case _:
            return float(trace.prediction[0, neuron] - target)


def test_row06_each_factor_is_what_it_says(trainer: Trainer) -> None:
    network = trainer.network
    X, Y = trainer.data.x_train[:1], trainer.data.y_train[:1]
    trace = network.forward(X)
    for index, layer in enumerate(trainer.architecture.layers):
        for source in range(layer.fan_in):
            for target in range(layer.fan_out):
                ledger = path_ledger(network, trace, Y, Weight(index, source, target), sample=0)
                for path in ledger.paths:
                    for factor in path.factors:
                        assert factor.value == expected(factor, network, trace, float(Y[0, 0]))
                    assert np.prod([factor.value for factor in path.factors]) == pytest.approx(path.value, rel=1e-12)


def test_row06_the_preset_is_the_network_of_the_notes(trainer: Trainer) -> None:
    architecture = trainer.architecture
    assert [architecture.inputs, *(layer.fan_out for layer in architecture.layers)] == [3, 3, 2, 1]
    assert architecture.numbered
    assert architecture.loss == "squared_error"
