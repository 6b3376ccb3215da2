"""Beside the window, compiled code evaluates networks, except very wide ones."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.landscape import mean_loss
from core.arrays import Floats
from core.engine.background_evaluator import background_evaluator
from core.engine.compiled.evaluation import CompiledEvaluator
from core.engine.compiled.kernel import load as load_kernel
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.network import Network
from tests.core.support import new_trainer

pytest.importorskip("numba")


def network_of(layers: int) -> tuple[Network, Floats, Floats]:
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=16),) * layers)), engine="numpy")
    return trainer.network, trainer.data.x_train, trainer.data.y_train


@pytest.mark.parametrize("layers", [1, 20])
def test_networks_are_evaluated_without_the_gil_and_to_rounding_as_by_numpy(layers: int) -> None:
    load_kernel()
    network, X, Y = network_of(layers)
    evaluator = background_evaluator(network.architecture)
    assert isinstance(evaluator, CompiledEvaluator)
    assert mean_loss(network, X, Y, evaluator) == pytest.approx(mean_loss(network, X, Y), rel=1e-12)
    far = Network(network.architecture, np.full(network.architecture.size, 1e200))
    assert mean_loss(far, X, Y, evaluator) == pytest.approx(mean_loss(far, X, Y), nan_ok=True)


def test_very_wide_networks_are_left_to_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    load_kernel()
    monkeypatch.setattr("core.engine.engine_choice.MAX_MATRIX", 100)
    network, _, _ = network_of(2)
    assert background_evaluator(network.architecture) is None
