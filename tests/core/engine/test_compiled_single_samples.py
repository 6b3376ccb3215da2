"""Steps on single samples: the compiled loop takes the same steps as the NumPy loop."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import HiddenLayer
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.training.trainer import Trainer
from tests.core.engine.support import assert_same, make, trained
from tests.core.support import data_of

pytest.importorskip("numba")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [key for key in ACTIVATIONS if key != "prelu"])
def test_agrees_for_every_optimizer(activation: str, loss: str) -> None:
    for optimizer in OPTIMIZERS:
        layers = (HiddenLayer(units=5, activation=activation), HiddenLayer(units=8, activation=activation))
        experiment = make(loss, layers, optimizer=optimizer, momentum=0.9, batch_size=1, learning_rate=0.005)
        assert_same(trained(experiment, "compiled", 100), trained(experiment, "numpy", 100))


@pytest.mark.parametrize("units", [(), (1,), (2, 3), (4, 6), (7, 1, 9), (16, 17), (8, 12, 24)])
def test_agrees_for_every_remainder_of_neurons(units: tuple[int, ...]) -> None:
    for loss in LOSSES:
        experiment = make(loss, batch_size=1, optimizer="adam", learning_rate=0.005)
        hidden = tuple(HiddenLayer(units=width) for width in units)
        experiment = replace(experiment, network=replace(experiment.network, hidden=hidden))
        assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


@pytest.mark.parametrize("output", ["identity", "tanh", "sigmoid", "relu"])
def test_agrees_for_every_output_of_the_squared_error(output: str) -> None:
    experiment = make(batch_size=1, shuffle=False)
    experiment = replace(experiment, network=replace(experiment.network, output_activation=output))
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


def test_agrees_with_penalties_dropout_and_other_outputs() -> None:
    layers = (HiddenLayer(units=4),)
    plain = make(layers=layers, batch_size=1)
    others = [plain, make(layers=layers, batch_size=2)]
    others += [make(layers=layers, batch_size=1, **{name: 0.1}) for name in ("l1", "l2", "clip_norm")]
    others += [make(layers=(HiddenLayer(units=4, dropout=0.5),), batch_size=1)]
    others += [make(layers=(HiddenLayer(units=4, activation="prelu"),), batch_size=1)]
    others += [replace(plain, network=replace(plain.network, input_dropout=0.1))]
    others += [replace(plain, network=replace(plain.network, output_activation=key)) for key in ("softmax", "prelu")]
    for other in others:
        assert_same(trained(other, "compiled", 50), trained(other, "numpy", 50))


def test_stops_before_the_step_that_diverges() -> None:
    layers = (HiddenLayer(units=5, activation="relu"), HiddenLayer(units=4, activation="identity"))
    experiment = make("huber", layers, learning_rate=900.0, momentum=0.99, optimizer="momentum", batch_size=1)
    trainers = [Trainer(experiment, data_of(experiment), engine) for engine in ("numpy", "compiled")]
    found = [trainer.run(2000) for trainer in trainers]
    assert found[0] is not None
    assert found[0] == found[1]
    assert trainers[0].step == trainers[1].step > 3
    assert np.isfinite(trainers[1].parameters).all()
    assert trainers[0].state().shuffler == trainers[1].state().shuffler


def test_a_burst_equals_its_single_steps_bit_for_bit() -> None:
    experiment = make(batch_size=1, optimizer="adam")
    whole, parts = trained(experiment, "compiled", 200), Trainer(experiment, data_of(experiment), "compiled")
    for steps in (1, 2, 60, 0, 137):
        assert parts.run(steps) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)
    np.testing.assert_array_equal(parts.last_gradient, whole.last_gradient)
    np.testing.assert_array_equal(parts.last_update, whole.last_update)


def test_a_last_batch_of_one_sample_equals_single_steps_bit_for_bit() -> None:
    samples = len(data_of(make()).x_train)
    experiment = make(batch_size=samples - 1)
    whole, parts = trained(experiment, "compiled", 200), Trainer(experiment, data_of(experiment), "compiled")
    for _ in range(200):
        assert parts.run(1) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)


@pytest.mark.parametrize("batch_size", [1, 3])
def test_numbers_left_in_the_buffers_do_not_matter(batch_size: int) -> None:
    experiment = make(layers=(HiddenLayer(units=5), HiddenLayer(units=3)), batch_size=batch_size)
    whole, parts = trained(experiment, "compiled", 20), trained(experiment, "compiled", 10)
    for buffer in parts._loop._workspace.buffers[:4]:  # type: ignore[union-attr]
        buffer.fill(np.inf)
    # NumPy would take a step whose numbers seem infinite, and round differently.
    assert parts.run(10) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)
    np.testing.assert_array_equal(parts.last_gradient, whole.last_gradient)
