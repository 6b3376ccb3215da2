"""The compiled passes over a set say what NumPy's say: trace, gradients, loss; and leave to NumPy what they cannot say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.compiled import load as load_kernel
from core.compiled_evaluation import CompiledEvaluation
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.losses import LOSSES
from core.network import Network, evaluation
from core.trainer import Trainer
from core.training_run import new_trainer

pytest.importorskip("numba")

DATASET_FOR = {"squared_error": "circle", "binary_cross_entropy": "circle", "cross_entropy": "iris", "huber": "sine"}


def trainer_for(loss: str, *layers: HiddenLayer, engine: Any = "numpy", **training: Any) -> Trainer:
    return new_trainer(
        Experiment(
            data=DataSettings(dataset=DATASET_FOR[loss], samples=64),
            network=NetworkSettings(hidden=layers),
            training=TrainingSettings(**{"loss": loss, **training}),
        ),
        engine=engine,
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_agrees_with_numpy(activation: str, loss: str) -> None:
    compiled = CompiledEvaluation(load_kernel())
    trainer = trainer_for(loss, *(HiddenLayer(units=units, activation=activation) for units in (5, 8, 3)))
    trainer.run(20)
    network, data = trainer.network, trainer.data
    for X, Y in ((data.x_train, data.y_train), (data.x_test, data.y_test), (data.x_train[:1], data.y_train[:1])):
        result = compiled(network, X, Y)
        assert result is not None
        (trace, backward), (wanted, wanted_backward) = result, evaluation(network, X, Y)
        gradients, wanted_gradients = backward(), wanted_backward()
        for mine, expected in (
            *zip(trace.inputs, wanted.inputs, strict=True),
            *zip(trace.pre_activations, wanted.pre_activations, strict=True),
            *zip(trace.activations, wanted.activations, strict=True),
            *zip(gradients.deltas, wanted_gradients.deltas, strict=True),
            (gradients.flat, wanted_gradients.flat),
        ):
            np.testing.assert_allclose(mine, expected, rtol=1e-10, atol=1e-14)
        assert gradients.loss == pytest.approx(wanted_gradients.loss, rel=1e-12)
        assert trace.factors == wanted.factors


def test_a_second_set_leaves_the_result_of_the_first_alone() -> None:
    compiled = CompiledEvaluation(load_kernel())
    trainer = trainer_for("squared_error", HiddenLayer(units=4))
    data = trainer.data
    first = compiled(trainer.network, data.x_train, data.y_train)
    assert first is not None
    prediction, flat = first[0].prediction.copy(), first[1]().flat.copy()
    assert compiled(trainer.network, data.x_test, data.y_test) is not None
    np.testing.assert_array_equal(first[0].prediction, prediction)
    np.testing.assert_array_equal(first[1]().flat, flat)


def test_numpy_says_what_is_not_finite_scaled_at_test_time_or_empty() -> None:
    compiled = CompiledEvaluation(load_kernel())
    trainer = trainer_for("squared_error", HiddenLayer(units=4, activation="relu"))
    data = trainer.data
    exploded = Network(trainer.architecture, np.full(trainer.architecture.size, 1e200))
    assert compiled(exploded, data.x_train, data.y_train) is None
    assert compiled(trainer.network, data.x_train[:0], data.y_train[:0]) is None
    scaled = trainer_for("squared_error", HiddenLayer(units=4, dropout=0.5), dropout_scaling="at_test_time")
    assert compiled(scaled.network, scaled.data.x_train, scaled.data.y_train) is None


def test_the_trainer_evaluates_with_the_engine_of_its_steps() -> None:
    numpy, compiled = (trainer_for("huber", HiddenLayer(units=4), engine=engine) for engine in ("numpy", "compiled"))
    X, Y = numpy.data.x_train, numpy.data.y_train
    expected, _ = evaluation(numpy.network, X, Y)
    mine, _ = numpy.evaluation(numpy.network, X, Y)
    np.testing.assert_array_equal(mine.prediction, expected.prediction)
    other, backward = compiled.evaluation(compiled.network, X, Y)
    np.testing.assert_allclose(other.prediction, expected.prediction, rtol=1e-12)
    direct = CompiledEvaluation(load_kernel())(compiled.network, X, Y)
    assert direct is not None
    np.testing.assert_array_equal(backward().flat, direct[1]().flat)
