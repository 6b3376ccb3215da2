"""The compiled evaluation matches NumPy's trace, gradients and loss, and falls back to NumPy where necessary."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine.compiled.evaluation import CompiledEvaluator
from core.engine.compiled.kernel import load as load_kernel
from core.engine.evaluation import Evaluator, NumpyEvaluator
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.network import Network, Trace
from core.training.trainer import Trainer
from tests.core.support import DATASET_FOR, new_trainer

pytest.importorskip("numba")


def trainer_for(loss: str, *layers: HiddenLayer, engine: Any = "numpy", **training: Any) -> Trainer:
    return new_trainer(
        Experiment(
            data=DataSettings(dataset=DATASET_FOR[loss], samples=64),
            network=NetworkSettings(hidden=layers),
            training=TrainingSettings(**{"loss": loss, **training}),
        ),
        engine=engine,
    )


def compiled() -> CompiledEvaluator:
    return CompiledEvaluator(load_kernel())


def assert_same_trace(mine: Trace, expected: Trace) -> None:
    for name in ("inputs", "pre_activations", "activations"):
        for one, other in zip(getattr(mine, name), getattr(expected, name), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)
    assert mine.masks == expected.masks


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_agrees_with_numpy(activation: str, loss: str) -> None:
    evaluator = compiled()
    trainer = trainer_for(loss, *(HiddenLayer(units=units, activation=activation) for units in (5, 8, 3)))
    trainer.run(20)
    network, data = trainer.network, trainer.data
    for X, Y in ((data.x_train, data.y_train), (data.x_test, data.y_test), (data.x_train[:1], data.y_train[:1])):
        assert_same_trace(evaluator.forward(network, X), network.forward(X))
        trace, gradients = evaluator.differentiate(network, X, Y)
        expected_trace, expected = NumpyEvaluator().differentiate(network, X, Y)
        assert_same_trace(trace, expected_trace)
        for mine, other in ((gradients.flat, expected.flat), *zip(gradients.deltas, expected.deltas, strict=True)):
            np.testing.assert_allclose(mine, other, rtol=1e-10, atol=1e-14)
        assert gradients.loss == pytest.approx(expected.loss, rel=1e-12)


def test_a_second_evaluation_does_not_change_the_first_result() -> None:
    evaluator = compiled()
    trainer = trainer_for("squared_error", HiddenLayer(units=4))
    data = trainer.data
    trace, gradients = evaluator.differentiate(trainer.network, data.x_train, data.y_train)
    kept = [each.copy() for each in (*trace.pre_activations, *trace.activations, *gradients.deltas, gradients.flat)]
    other = Network(trainer.architecture, -trainer.parameters)
    evaluator.differentiate(other, data.x_train, data.y_train)
    evaluator.forward(other, data.x_train)
    for each, before in zip(
        (*trace.pre_activations, *trace.activations, *gradients.deltas, gradients.flat), kept, strict=True
    ):
        np.testing.assert_array_equal(each, before)


def test_evaluation_changes_no_parameters() -> None:
    trainer = trainer_for("huber", HiddenLayer(units=4))
    before = trainer.parameters.copy()
    compiled().differentiate(trainer.network, trainer.data.x_train, trainer.data.y_train)
    np.testing.assert_array_equal(trainer.parameters, before)


@pytest.mark.parametrize("size", [1e200, np.nan])
def test_non_finite_numbers_fall_back_to_numpy(size: float) -> None:
    trainer = trainer_for("squared_error", HiddenLayer(units=4, activation="relu"))
    X, Y = trainer.data.x_train, trainer.data.y_train
    exploded = Network(trainer.architecture, np.full(trainer.architecture.size, size))
    with np.errstate(over="ignore", invalid="ignore"):
        assert_says_the_same(compiled(), exploded, X, Y)


def test_empty_sets_and_scaled_inputs_fall_back_to_numpy() -> None:
    trainer = trainer_for("squared_error", HiddenLayer(units=4))
    assert compiled().forward(trainer.network, trainer.data.x_test[:0]).prediction.shape == (0, 1)
    scaled = trainer_for("squared_error", HiddenLayer(units=4, dropout=0.5), dropout_scaling="at_test_time")
    assert_says_the_same(compiled(), scaled.network, scaled.data.x_train, scaled.data.y_train)


def assert_says_the_same(evaluator: Evaluator, network: Network, X: Any, Y: Any) -> None:
    """Check bit-identical results, where NumPy itself is used."""
    trace, gradients = evaluator.differentiate(network, X, Y)
    expected_trace, expected = NumpyEvaluator().differentiate(network, X, Y)
    np.testing.assert_array_equal(trace.prediction, expected_trace.prediction)
    np.testing.assert_array_equal(gradients.flat, expected.flat)
    np.testing.assert_array_equal(gradients.loss, expected.loss)
    np.testing.assert_array_equal(evaluator.forward(network, X).prediction, expected_trace.prediction)


def test_the_trainer_evaluates_with_the_engine_of_its_steps() -> None:
    numpy, trainer = (trainer_for("huber", HiddenLayer(units=4), engine=engine) for engine in ("numpy", "compiled"))
    assert isinstance(numpy.evaluator, NumpyEvaluator)
    assert isinstance(trainer.evaluator, CompiledEvaluator)
    assert trainer.evaluator is trainer.evaluator


@pytest.mark.parametrize("loss", LOSSES)
def test_the_mean_loss_alone_agrees_with_numpy(loss: str) -> None:
    evaluator = compiled()
    trainer = trainer_for(loss, *(HiddenLayer(units=units, activation="tanh") for units in (5, 8, 3)))
    trainer.run(20)
    data = trainer.data
    for scale in (1.0, -0.5, 3.0):
        network = Network(trainer.architecture, scale * trainer.parameters)
        found = evaluator.mean_loss(network, data.x_train, data.y_train)
        expected = float(network.loss(network.forward(data.x_train), data.y_train).sum()) / len(data.y_train)
        assert found == pytest.approx(expected, rel=1e-12)
    broken = Network(trainer.architecture, np.full_like(trainer.parameters, np.nan))
    assert np.isnan(evaluator.mean_loss(broken, data.x_train, data.y_train)), "as NumPy"


@pytest.mark.parametrize("loss", LOSSES)
def test_the_mean_losses_at_many_points_agree_with_numpy(loss: str) -> None:
    trainer = trainer_for(loss, *(HiddenLayer(units=units, activation="tanh") for units in (5, 8, 3)))
    trainer.run(20)
    X, Y = trainer.data.x_train, trainer.data.y_train
    points = trainer.parameters + np.random.default_rng(3).normal(size=(40, trainer.architecture.size))
    for index in (0, 17, 18, 39):  # NumPy decides about these
        points[index] = 1e200 if index % 2 else np.nan
    with np.errstate(over="ignore", invalid="ignore"):
        expected = NumpyEvaluator().mean_losses(trainer.architecture, points, X, Y)
        found = compiled().mean_losses(trainer.architecture, points, X, Y)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isfinite(expected).sum() >= 36
    assert compiled().mean_losses(trainer.architecture, points[:0], X, Y).shape == (0,)


def test_the_mean_losses_with_scaled_inputs_are_those_of_numpy() -> None:
    scaled = trainer_for("squared_error", HiddenLayer(units=4, dropout=0.5), dropout_scaling="at_test_time")
    points, data = np.stack([scaled.parameters, 2.0 * scaled.parameters]), scaled.data
    expected = NumpyEvaluator().mean_losses(scaled.architecture, points, data.x_train, data.y_train)
    found = compiled().mean_losses(scaled.architecture, points, data.x_train, data.y_train)
    np.testing.assert_array_equal(found, expected)
    assert found[0] != found[1]
