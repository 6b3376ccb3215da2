"""Divergence: detected at its step, rolled back to the state before, and reported."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.engine.engine_choice import EngineChoice
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.divergence import Divergence
from core.training.trainer import Trainer
from tests.core.support import new_trainer


def exploding(dropout: float = 0.0, *, batch_size: int = 10) -> Experiment:
    hidden = tuple(
        HiddenLayer(units=8, activation="leaky_relu", initializer="he_normal", gain=2.0, dropout=dropout)
        for _ in range(10)
    )
    return Experiment(
        data=DataSettings(standardize=True),
        network=NetworkSettings(hidden=hidden, output_activation="identity"),
        training=TrainingSettings(loss="squared_error", batch_size=batch_size, optimizer="momentum", momentum=0.5),
    )


def diverge(experiment: Experiment) -> tuple[Trainer, Divergence]:
    trainer = new_trainer(experiment)
    found = trainer.run(1000)
    assert found is not None
    return trainer, found


@pytest.mark.parametrize("batch_size", [10, 0])
@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_the_state_is_that_before_the_failed_step(dropout: float, batch_size: int) -> None:
    trainer, found = diverge(exploding(dropout, batch_size=batch_size))
    shorter = new_trainer(trainer.experiment)
    assert shorter.run(found.step - 1) is None
    assert trainer.step == shorter.step == found.step - 1
    assert trainer.epoch == shorter.epoch
    np.testing.assert_array_equal(trainer.parameters, shorter.parameters)
    np.testing.assert_array_equal(trainer.last_update, shorter.last_update)
    np.testing.assert_array_equal(trainer.last_batch, shorter.last_batch)
    assert np.isfinite(trainer.parameters).all()
    np.testing.assert_array_equal(trainer._optimizer_state, shorter._optimizer_state)
    # Further training is the same as well: the failed step's random draws were rolled back.
    training = replace(trainer.experiment.training, optimizer="sgd", clip_norm=0.1)
    cured = replace(trainer.experiment, training=training)
    for one in (trainer, shorter):
        one.parameters = new_trainer(cured).parameters
        one.apply(cured, one.data)
        assert one.run(40) is None
    np.testing.assert_array_equal(trainer.parameters, shorter.parameters)


def test_retrying_fails_at_the_same_step_for_the_same_reason() -> None:
    trainer, found = diverge(exploding(0.3))
    assert trainer.run(5) == found


def test_row08_a_large_weight_scale_overflows_and_the_layer_is_named() -> None:
    _, found = diverge(exploding())
    assert found.layer.startswith(("Hidden ", "the output", "Output"))
    assert f"step {found.step}" in found.message
    assert found.quantity in found.message


def test_row08_the_layer_named_is_the_first_that_overflows() -> None:
    trainer = new_trainer(exploding())
    layer = trainer.architecture.layers[4]
    trainer.set_parameter(layer.bias_index(3), 1e308)
    trainer.set_parameter(layer.weight_index(0, 3), 1e308)
    found = trainer.run(1)
    assert found is not None
    # z of hidden 5 may still be finite; the layer after it multiplies by weights larger than 1.
    assert found.layer in {"Hidden 5", "Hidden 6"}
    assert found.quantity == "the pre-activation z"


def test_row08_gradient_clipping_prevents_it() -> None:
    experiment = exploding()
    cured = replace(experiment, training=replace(experiment.training, clip_norm=0.1))
    assert new_trainer(cured).run(300) is None


def steep(optimizer: str, clip_norm: float | None) -> Experiment:
    """Return an Experiment whose gradients exceed 1e160, so that their squares overflow."""
    hidden = tuple(HiddenLayer(units=8, activation="identity", initializer="normal", gain=1000.0) for _ in range(49))
    training = TrainingSettings(loss="huber", optimizer=optimizer, batch_size=0, clip_norm=clip_norm)
    data = DataSettings(dataset="plane", samples=20)
    return Experiment(data=data, network=NetworkSettings(hidden=hidden, output_gain=1e3), training=training)


ENGINES = pytest.mark.parametrize("engine", ["numpy", "compiled"])


@ENGINES
@pytest.mark.parametrize(
    ("optimizer", "memory"),
    [
        ("adagrad", "squared sum"),
        ("rmsprop", "mean square"),
        ("adam", "second moment"),
        ("adamw", "second moment"),
    ],
)
def test_row08_a_gradient_with_overflowing_square_is_reported(
    optimizer: str, memory: str, engine: EngineChoice
) -> None:
    trainer = new_trainer(steep(optimizer, None), engine=engine)
    found = trainer.run(3)
    assert found is not None
    assert (found.step, found.quantity) == (1, f"the optimizer's {memory}")
    assert not any(np.any(vector) for vector in trainer._optimizer_state)


@ENGINES
def test_row08_a_gradient_with_overflowing_square_is_clipped(engine: EngineChoice) -> None:
    trainer = new_trainer(steep("sgd", 0.5), engine=engine)
    assert trainer.run(1) is None
    moved = trainer.last_update / trainer.experiment.training.learning_rate
    assert np.linalg.norm(moved) == pytest.approx(0.5, rel=1e-9)


def test_an_overflow_of_the_penalty_alone_is_found() -> None:
    experiment = Experiment(training=TrainingSettings(learning_rate=1000.0))
    trainer = new_trainer(experiment)
    hidden = trainer.architecture.layers[-1]
    trainer.set_parameter(hidden.start, -1.7e308)
    trainer.apply(replace(experiment, training=replace(experiment.training, l2=100.0)), trainer.data)
    found = trainer.run(1)
    assert found is not None
    assert (found.layer, found.quantity) == ("Output", "the gradient with L2")
    assert trainer.step == 0


@ENGINES
def test_the_layer_whose_weights_overflow_with_l2_is_named(engine: EngineChoice) -> None:
    hidden = (HiddenLayer(units=8, activation="threshold"),) * 2
    network = NetworkSettings(hidden=hidden, output_activation="tanh", output_gain=300.0)
    settings = TrainingSettings(l2=100.0, learning_rate=1.0)
    trainer = new_trainer(Experiment(network=network, training=settings), engine=engine)
    found = trainer.run(1000)
    assert found is not None
    assert (found.layer, found.quantity) == ("Output", "the gradient with L2")
    largest = [float(np.abs(trainer.network.weights(index)).max()) for index in range(3)]
    assert largest[2] > 100.0 * max(largest[:2])
    assert 100.0 * largest[2] == np.inf


@ENGINES
def test_an_infinite_z_behind_a_saturating_output_is_found_at_its_step(engine: EngineChoice) -> None:
    network = NetworkSettings(hidden=(HiddenLayer(units=1, activation="relu"),), output_activation="tanh")
    settings = TrainingSettings(l2=100.0, learning_rate=1.0)
    trainer = new_trainer(Experiment(network=network, training=settings), engine=engine)
    found = trainer.run(1000)
    assert found == Divergence(79, "Output", "the pre-activation z")
    with np.errstate(over="ignore"):
        trace = trainer.network.forward(trainer.data.x_train)
    assert np.isinf(trace.pre_activations[-1]).any()
    assert np.isfinite(trace.prediction).all()


def test_row05_on_a_quadratic_gradient_descent_diverges_exactly_above_two_over_the_largest_curvature() -> None:
    linear = Experiment(
        data=DataSettings(dataset="plane", samples=60, test_fraction=0.0),
        network=NetworkSettings(hidden=()),
        training=TrainingSettings(batch_size=0),
    )
    X = new_trainer(linear).data.x_train
    with_bias = np.column_stack((X, np.ones(len(X))))
    limit = 2.0 / float(np.linalg.eigvalsh(with_bias.T @ with_bias / len(X)).max())
    below = replace(linear, training=replace(linear.training, learning_rate=0.95 * limit))
    above = replace(linear, training=replace(linear.training, learning_rate=1.05 * limit))
    assert new_trainer(below).run(2000) is None
    assert new_trainer(above).run(8000) is not None
