"""The compiled loop takes the same steps as the NumPy loop: same draws, same parameters, same divergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.arrays import Floats
from core.experiment import Experiment, HiddenLayer, HyperParameters
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.training.trainer import Trainer
from tests.core.engine.support import assert_same, make, trained
from tests.core.support import data_of

pytest.importorskip("numba")

STEPS = 100
"""Steps of each of the many combinations: 20 epochs, each with a smaller last batch."""


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_agrees_for_every_optimizer_and_scaling(activation: str, loss: str) -> None:
    layer = HiddenLayer(units=5, activation=activation, dropout=0.3)
    for optimizer in OPTIMIZERS:
        references: dict[bool, Trainer] = {}
        for scaling in ("inverted", "at_test_time", "none"):
            experiment = make(loss, (layer,), optimizer=optimizer, momentum=0.9, dropout_scaling=scaling)
            # The last two differ only in evaluation, so one run of the slow engine serves both.
            inverted = scaling == "inverted"
            expected = references.get(inverted) or trained(experiment, "numpy", STEPS)
            references[inverted] = expected
            assert_same(trained(experiment, "compiled", STEPS), expected)


@pytest.mark.parametrize("scaling", ["at_test_time", "none"])
def test_scalings_without_a_training_factor_train_alike(scaling: str) -> None:
    layers = (HiddenLayer(units=5, dropout=0.3),)
    one = trained(make(layers=layers, dropout_scaling=scaling), "numpy")
    other = trained(make(layers=layers, dropout_scaling="none"), "numpy")
    np.testing.assert_array_equal(one.parameters, other.parameters)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_agrees_with_all_other_settings_on(optimizer: str) -> None:
    layers = (HiddenLayer(units=6, activation="prelu", dropout=0.2), HiddenLayer(units=4, activation="gelu"))
    everything: dict[str, Any] = {"l1": 1e-3, "l2": 1e-2, "clip_norm": 0.05, "momentum": 0.9, "optimizer": optimizer}
    experiment = make(layers=layers, **everything)
    experiment = replace(experiment, network=replace(experiment.network, input_dropout=0.1))
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


@pytest.mark.parametrize("optimizer", [key for key, entry in OPTIMIZERS.items() if entry.hyper_parameters])
def test_agrees_for_other_hyper_parameters(optimizer: str) -> None:
    values = {"beta_1": 0.5, "beta_2": 0.8, "rho": 0.7, "epsilon": 0.01}
    experiment = make(optimizer=optimizer, momentum=0.6, l2=1e-3, hyper_parameters=HyperParameters(**values))
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))
    if optimizer in {"momentum", "nesterov"}:
        return
    usual = trained(make(optimizer=optimizer, momentum=0.6, l2=1e-3), "numpy")
    assert not np.allclose(trained(experiment, "numpy").parameters, usual.parameters, rtol=1e-3)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "relu", "prelu"])
def test_agrees_for_other_outputs_of_the_squared_error(output: str) -> None:
    experiment = make()
    experiment = replace(experiment, network=replace(experiment.network, output_activation=output))
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


@pytest.mark.parametrize("batch_size", [1, 3, 32, 0])
def test_agrees_for_incomplete_last_batches(batch_size: int) -> None:
    experiment = make(batch_size=batch_size, layers=(HiddenLayer(units=9, dropout=0.5), HiddenLayer(units=17)))
    assert_same(trained(experiment, "compiled", 50), trained(experiment, "numpy", 50))


@pytest.mark.parametrize(("first", "second"), [(256, 3), (5, 300), (257, 263), (512, 256)])
def test_agrees_for_layers_with_copied_operands(first: int, second: int) -> None:
    # 32 samples in batches of 9, so that last batches with too few rows for copying occur as well.
    layers = (HiddenLayer(units=first), HiddenLayer(units=second, activation="relu"))
    experiment = make(batch_size=9, layers=layers, learning_rate=0.001)
    assert_same(trained(experiment, "compiled", 8), trained(experiment, "numpy", 8))


def test_agrees_without_hidden_layers_and_without_shuffling() -> None:
    experiment = make(shuffle=False)
    experiment = replace(experiment, network=replace(experiment.network, hidden=()))
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


def test_a_burst_equals_its_single_steps_bit_for_bit() -> None:
    experiment = make(layers=(HiddenLayer(units=5, dropout=0.4), HiddenLayer(units=4)), optimizer="adam")
    whole, parts = trained(experiment, "compiled", 60), Trainer(experiment, data_of(experiment), "compiled")
    for steps in (1, 2, 17, 0, 40):
        assert parts.run(steps) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)
    assert parts.state().shuffler == whole.state().shuffler
    assert parts.state().dropout == whole.state().dropout


def test_the_trail_has_the_parameters_after_each_step_bit_for_bit() -> None:
    experiment = make(layers=(HiddenLayer(units=5, dropout=0.4), HiddenLayer(units=4)), optimizer="adam")
    whole, single = (Trainer(experiment, data_of(experiment), "compiled") for _ in range(2))
    trail: list[Floats] = []
    assert whole.run(7, trail=trail) is None
    assert whole.run(30, trail=trail) is None
    assert len(trail) == 37
    for point in trail:
        assert single.run(1) is None
        np.testing.assert_array_equal(point, single.parameters)
    np.testing.assert_array_equal(whole.parameters, trail[-1])


def test_the_trail_ends_before_a_step_that_diverges() -> None:
    experiment = make(layers=(HiddenLayer(units=5, activation="identity"),), learning_rate=2.0)
    experiment = replace(experiment, network=replace(experiment.network, output_activation="identity"))
    trainer, trail = Trainer(experiment, data_of(experiment), "compiled"), list[Floats]()
    assert trainer.run(500, trail=trail) is not None
    assert 0 < len(trail) == trainer.step < 500
    np.testing.assert_array_equal(trail[-1], trainer.parameters)


def test_engines_can_alternate() -> None:
    experiment = make(layers=(HiddenLayer(units=5, dropout=0.4),), optimizer="momentum", momentum=0.9)
    turns = Trainer(experiment, data_of(experiment))
    for engine in ("numpy", "compiled", "numpy", "compiled"):
        turns.use_engine(engine)
        assert turns.run(50) is None
    assert_same(turns, trained(experiment, "numpy"))


def test_returned_parameters_are_not_modified_later() -> None:
    trainer = trained(make(), "compiled", 10)
    seen, kept = trainer.parameters, trainer.parameters.copy()
    trainer.run(10)
    np.testing.assert_array_equal(seen, kept)


def diverging() -> Experiment:
    layers = (HiddenLayer(units=5, activation="relu", dropout=0.2), HiddenLayer(units=4, activation="identity"))
    return make("huber", layers, learning_rate=900.0, momentum=0.99, optimizer="momentum", l2=0.5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_copies_no_state_vector_that_the_optimizer_does_not_use(optimizer: str) -> None:
    trainer = trained(make(optimizer=optimizer, momentum=0.9), "compiled", 3)
    before = (trainer.state().first_state, trainer.state().second_state)
    values = [vector.copy() for vector in before]
    trainer.run(2)
    after, written = trainer.state(), len(OPTIMIZERS[optimizer].state)
    assert [new is old for old, new in zip(before, (after.first_state, after.second_state), strict=True)] == [
        index >= written for index in range(2)
    ]
    np.testing.assert_array_equal(before, values)


def test_stops_before_the_step_that_diverges() -> None:
    numpy_trainer = Trainer(diverging(), data_of(diverging()))
    compiled = Trainer(diverging(), data_of(diverging()), "compiled")
    found = compiled.run(2000)
    assert found is not None
    assert found == numpy_trainer.run(2000)
    assert compiled.step == found.step - 1 > 3
    assert np.isfinite(compiled.parameters).all()
    assert np.isfinite(compiled.last_update).all()
    assert compiled.state().dropout == numpy_trainer.state().dropout
    assert compiled.state().shuffler == numpy_trainer.state().shuffler
    assert compiled.epoch == numpy_trainer.epoch


def test_the_diverging_step_can_be_repeated() -> None:
    trainer = Trainer(diverging(), data_of(diverging()), "compiled")
    found = trainer.run(2000)
    assert found is not None
    assert trainer.run(5) == found
    trainer.reset()
    assert trainer.run(found.step - 1) is None
    assert trainer.run(1) == found


def test_live_changes_keep_the_engine_and_agree() -> None:
    first = make()
    trainers = [Trainer(first, data_of(first), engine) for engine in ("numpy", "compiled")]
    changes = [
        replace(first, training=replace(first.training, optimizer="adam", batch_size=0)),
        make("binary_cross_entropy", (HiddenLayer(units=3, activation="mish", dropout=0.5),), optimizer="nesterov"),
        make(layers=(HiddenLayer(units=8, activation="prelu"), HiddenLayer(units=2), HiddenLayer(units=4))),
    ]
    for change in changes:
        for trainer in trainers:
            trainer.apply(change, data_of(change))
            assert trainer.run(40) is None
    assert_same(trainers[1], trainers[0])
    assert trainers[1].engine == "compiled"
