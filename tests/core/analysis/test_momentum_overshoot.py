"""On the quadratic loss of a linear neuron, descent passes the minimum without momentum exactly if α·κ > 1."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from core.analysis.momentum_overshoot import momentum_overshoots
from core.experiment import DataSettings, Experiment, NetworkSettings, TrainingSettings
from core.training.training_run import new_trainer

EXPERIMENT = Experiment(data=DataSettings(dataset="plane", samples=100), network=NetworkSettings(hidden=()))


@pytest.mark.parametrize("direction", [(1.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.3, -0.4, 0.5)])
@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_the_edge_is_one_over_the_curvature(direction: tuple[float, ...], optimizer: str) -> None:
    trainer = new_trainer(EXPERIMENT, engine="numpy")
    X, Y, network = trainer.data.x_train, trainer.data.y_train, trainer.network
    assert len(X) == 50
    update = np.zeros(network.architecture.size)
    update[:3] = direction
    inputs = np.column_stack([X, np.ones(len(X))])  # two weights and the bias
    unit = update[:3] / np.linalg.norm(update[:3])
    edge = 1.0 / float(np.mean((inputs @ unit) ** 2))  # of the mean of ½(ŷ − y)²
    for factor, expected in ((0.99, True), (1.01, False)):
        settings = TrainingSettings(optimizer=optimizer, momentum=0.9, learning_rate=factor * edge)
        assert momentum_overshoots(network, X, Y, update, settings) is expected
        plain = msgspec.structs.replace(settings, optimizer="sgd")
        assert not momentum_overshoots(network, X, Y, update, plain)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_without_a_last_step_nothing_is_blamed(value: float) -> None:
    trainer = new_trainer(EXPERIMENT, engine="numpy")
    update = np.full(trainer.network.architecture.size, value)
    settings = TrainingSettings(optimizer="momentum", momentum=0.9)
    assert not momentum_overshoots(trainer.network, trainer.data.x_train, trainer.data.y_train, update, settings)
