"""The loop for one sample a step takes the steps of the NumPy loop, and its products are NumPy's for every rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.arrays import Floats
from core.engine.compiled import kernel as compiled
from core.engine.compiled.products import ONE
from core.engine.compiled.row import multiple, outer_product, product_with_column, row_product, scaled_row, suits
from core.engine.compiled.tile import place
from core.experiment import Experiment, HiddenLayer
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.training.trainer import Trainer
from tests.core.test_compiled import assert_same, data_for, make, trained

numba = pytest.importorskip("numba")

BEYOND = 8
"""Numbers after the end of a product, to see that nothing is written there."""


def suited(experiment: Experiment) -> bool:
    trainer = Trainer(experiment, data_for(experiment))
    return suits(trainer.architecture, experiment.training, experiment.training.batch_size)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", [key for key in ACTIVATIONS if key != "prelu"])
def test_agrees_for_every_optimizer(activation: str, loss: str) -> None:
    for optimizer in OPTIMIZERS:
        layers = (HiddenLayer(units=5, activation=activation), HiddenLayer(units=8, activation=activation))
        experiment = make(loss, layers, optimizer=optimizer, momentum=0.9, batch_size=1, learning_rate=0.005)
        assert suited(experiment)
        assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


@pytest.mark.parametrize("units", [(), (1,), (2, 3), (4, 6), (7, 1, 9), (16, 17), (8, 12, 24)])
def test_agrees_for_every_rest_of_neurons(units: tuple[int, ...]) -> None:
    for loss in LOSSES:
        experiment = make(loss, batch_size=1, optimizer="adam", learning_rate=0.005)
        hidden = tuple(HiddenLayer(units=width) for width in units)
        experiment = replace(experiment, network=replace(experiment.network, hidden=hidden))
        assert suited(experiment)
        assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


@pytest.mark.parametrize("output", ["identity", "tanh", "sigmoid", "relu"])
def test_agrees_for_every_output_of_the_squared_error(output: str) -> None:
    experiment = make(batch_size=1, shuffle=False)
    experiment = replace(experiment, network=replace(experiment.network, output_activation=output))
    assert suited(experiment)
    assert_same(trained(experiment, "compiled"), trained(experiment, "numpy"))


def test_leaves_to_the_other_loop_what_it_cannot_do() -> None:
    layers = (HiddenLayer(units=4),)
    plain = make(layers=layers, batch_size=1)
    others = [make(layers=layers, batch_size=2)]
    others += [make(layers=layers, batch_size=1, **{name: 0.1}) for name in ("l1", "l2", "clip_norm")]
    others += [make(layers=(HiddenLayer(units=4, dropout=0.5),), batch_size=1)]
    others += [make(layers=(HiddenLayer(units=4, activation="prelu"),), batch_size=1)]
    others += [replace(plain, network=replace(plain.network, input_dropout=0.1))]
    others += [replace(plain, network=replace(plain.network, output_activation=key)) for key in ("softmax", "prelu")]
    assert suited(plain)
    assert not any(suited(other) for other in others)
    for other in others:
        assert_same(trained(other, "compiled", 50), trained(other, "numpy", 50))


def test_stops_before_the_step_that_diverges() -> None:
    layers = (HiddenLayer(units=5, activation="relu"), HiddenLayer(units=4, activation="identity"))
    experiment = make("huber", layers, learning_rate=900.0, momentum=0.99, optimizer="momentum", batch_size=1)
    assert suited(experiment)
    trainers = [Trainer(experiment, data_for(experiment), engine) for engine in ("numpy", "compiled")]
    found = [trainer.run(2000) for trainer in trainers]
    assert found[0] is not None
    assert found[0] == found[1]
    assert trainers[0].step == trainers[1].step > 3
    assert np.isfinite(trainers[1].parameters).all()
    assert trainers[0].state().shuffler == trainers[1].state().shuffler


def test_a_burst_is_its_steps_to_the_last_bit() -> None:
    experiment = make(batch_size=1, optimizer="adam")
    whole, parts = trained(experiment, "compiled", 200), Trainer(experiment, data_for(experiment), "compiled")
    for steps in (1, 2, 60, 0, 137):
        assert parts.run(steps) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)
    np.testing.assert_array_equal(parts.last_gradient, whole.last_gradient)
    np.testing.assert_array_equal(parts.last_update, whole.last_update)


def test_a_rest_of_one_sample_is_not_taken_by_another_loop() -> None:
    samples = len(data_for(make()).x_train)
    experiment = make(batch_size=samples - 1)
    whole, parts = trained(experiment, "compiled", 200), Trainer(experiment, data_for(experiment), "compiled")
    for _ in range(200):
        assert parts.run(1) is None
    np.testing.assert_array_equal(parts.parameters, whole.parameters)


def products(C: Floats, start: Floats, F: Floats, p: Floats, Q: Floats, which: int) -> None:
    zero = ONE - ONE
    inner, columns = np.uint64(Q.shape[0]), np.uint64(Q.shape[1])
    to, begin, factors, of, times = place(C, zero), place(start, zero), place(F, zero), place(p, zero), place(Q, zero)
    if which == 0:
        row_product(to, begin, of, times, inner, columns)
    elif which == 1:
        product_with_column(to, begin, factors, times, of, inner, columns)
    elif which == 2:
        outer_product(to, begin, of, factors, inner, columns)
    elif which == 3:
        scaled_row(to, of, times, factors, columns)
    else:
        multiple(to, begin, of, times, columns)


@pytest.fixture(scope="module")
def compiled_products() -> Any:
    compiled.load()
    return numba.njit(nogil=True)(products)


@pytest.mark.parametrize("inner", [1, 2, 3, 7, 8, 9, 12, 16, 21])
def test_products_agree_for_every_rest(inner: int, compiled_products: Any) -> None:
    rng = np.random.default_rng(5)
    for columns in range(1, 26):
        Q, start = rng.normal(size=(inner, columns)), rng.normal(size=columns)
        zeros = np.zeros(max(inner, columns))

        def result(which: int, count: int, *arguments: Floats) -> Floats:
            C = np.full(count + BEYOND, np.nan)
            compiled_products(C, *arguments, which)
            padded = -(-count // 8) * 8 if which == 0 else count
            assert np.isnan(C[padded:]).all()
            return C[:count]

        p, x, F = rng.normal(size=inner), rng.normal(size=columns), rng.normal(size=max(inner, columns))
        close = {"rtol": 1e-13, "atol": 1e-13}
        np.testing.assert_allclose(result(0, columns, start, F, p, Q), start + p @ Q, **close)
        np.testing.assert_allclose(result(1, inner, zeros, F[:inner], x, Q), (Q @ x) * F[:inner], **close)
        np.testing.assert_allclose(
            result(2, inner * columns, zeros, F[:columns], p, Q), np.outer(p, F[:columns]).ravel(), **close
        )
        np.testing.assert_allclose(result(3, columns, zeros, F, p, Q), p[0] * Q[0] * F[:columns], **close)
        np.testing.assert_allclose(result(4, columns, zeros, F, p, Q), p[0] * Q[0], **close)
