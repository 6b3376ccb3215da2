"""Large networks are evaluated beside the window by compiled code, small ones by NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.landscape import mean_loss
from core.engine.background_evaluator import MIN_PRODUCTS, background_evaluator
from core.engine.compiled.kernel import load as load_kernel
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.network import Network
from tests.core.support import new_trainer

pytest.importorskip("numba")


def network_of(layers: int) -> Network:
    hidden = (HiddenLayer(units=16, activation="relu", initializer="he_normal"),) * layers
    return new_trainer(Experiment(network=NetworkSettings(hidden=hidden)), engine="numpy").network


def test_a_large_network_is_evaluated_without_the_gil_and_to_rounding_as_by_numpy() -> None:
    load_kernel()
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=16),) * 20)), engine="numpy")
    network, X, Y = trainer.network, trainer.data.x_train, trainer.data.y_train
    assert network.architecture.size * len(X) >= MIN_PRODUCTS
    evaluator = background_evaluator(network.architecture, len(X))
    assert evaluator is not None
    assert mean_loss(network, X, Y, evaluator) == pytest.approx(mean_loss(network, X, Y), rel=1e-12)
    far = Network(network.architecture, np.full(network.architecture.size, 1e200))
    assert mean_loss(far, X, Y, evaluator) == pytest.approx(mean_loss(far, X, Y), nan_ok=True)


def test_small_networks_are_left_to_numpy() -> None:
    load_kernel()
    assert background_evaluator(network_of(1).architecture, 250) is None
