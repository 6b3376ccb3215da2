"""A step can be ended between two layers by another thread; nothing has changed then."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine.cancellation import Cancellation
from core.engine.compiled.burst import CompiledLoop
from core.experiment import HiddenLayer
from core.network import Network
from core.training.trainer import Trainer
from tests.core.engine.support import make
from tests.core.support import data_of

LAYERS = tuple(HiddenLayer(units=6, dropout=0.2) for _ in range(4))


class RequestedBefore(Cancellation):
    """A request that arrives before layer ``number`` of a pass."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def check(self) -> None:
        self.number -= 1
        if self.number == 0:
            self.request()
        super().check()


@pytest.mark.parametrize("imitates", [False, True], ids=["ordinary", "as TF Playground"])
@pytest.mark.parametrize("layer", range(1, 7))
def test_a_cancelled_numpy_step_changes_nothing(layer: int, imitates: bool) -> None:
    layers = () if imitates else LAYERS
    experiment = make(layers=layers, optimizer="sgd", as_tf_playground=imitates)
    mine, other = (Trainer(experiment, data_of(experiment)) for _ in range(2))
    mine.run(3)
    other.run(3)
    request = RequestedBefore(min(layer, 4) if imitates else layer)
    assert mine.run(5, request) is None
    assert request.is_requested
    assert mine.step == 3
    assert mine.run(5, request) is None, "not before the request is cleared"
    assert mine.step == 3
    request.clear()
    mine.run(30, request)
    other.run(30)
    np.testing.assert_array_equal(mine.parameters, other.parameters)
    np.testing.assert_array_equal(mine.last_batch, other.last_batch)


def test_a_cancelled_compiled_step_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    experiment = make(layers=LAYERS)
    mine, other = (Trainer(experiment, data_of(experiment), "compiled") for _ in range(2))
    request = Cancellation()
    mine.run(1, request)
    other.run(1)
    # The request arrives when the step is under way in compiled code, whose kernel is called with the flag set.
    kernel = mine._loop._kernel  # type: ignore[union-attr]

    def train(table: Any, *arguments: Any) -> int:
        request.request()
        return kernel.train(table, *arguments)

    monkeypatch.setattr(mine._loop, "_kernel", type(kernel)(train, kernel.addresses))
    assert mine.run(1, request) is None
    assert mine.step == 1
    monkeypatch.undo()
    request.clear()
    for _ in range(20):
        mine.run(1, request)
    other.run(20)
    np.testing.assert_array_equal(mine.parameters, other.parameters)
    assert mine.step == other.step == 21


def test_several_compiled_steps_at_once_are_not_cancelled() -> None:
    pytest.importorskip("numba")
    experiment = make(layers=LAYERS)
    trainer = Trainer(experiment, data_of(experiment), "compiled")
    assert isinstance(trainer._loop, CompiledLoop)
    request = Cancellation()
    trainer.run(50, request)
    assert trainer.step == 50
    request.request()
    trainer.run(50, request)
    assert trainer.step == 50, "no further burst begins"


def test_checks_come_before_each_layer_of_both_passes() -> None:
    experiment = make(layers=LAYERS)
    data = data_of(experiment)
    network = Trainer(experiment, data).network
    assert isinstance(network, Network)
    count = [0]

    def check() -> None:
        count[0] += 1

    network.backward(network.forward(data.x_train, check=check), data.y_train, check)
    assert count[0] == 2 * len(network.architecture.layers)
