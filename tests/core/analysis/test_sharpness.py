"""Hessian products and the largest eigenvalue, against PyTorch, central differences and the stability limit."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.sharpness import Hessian, sharpness
from core.arrays import Floats
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.activations import ACTIVATIONS
from core.formulas.losses import LOSSES
from core.network import Network
from tests.core.analysis.support import architecture_of
from tests.core.support import DATASET_FOR, golden, new_trainer

GOLDEN = golden("hessians")
CASES = sorted({key.rsplit("/", 1)[0] for key in GOLDEN.files if "/" in key})
OUTPUTS = {
    "squared_error": ("squared_error", "tanh"),
    "softmax_squared_error": ("squared_error", "softmax"),
    "binary_cross_entropy": ("binary_cross_entropy", "sigmoid"),
    "cross_entropy": ("cross_entropy", "softmax"),
    "huber": ("huber", "identity"),
}


def case(name: str) -> tuple[Network, Floats, Floats, Floats, Floats]:
    """Network, X, Y, and direction and product among all parameters; α, which PyTorch's network has none of, is 0 there."""
    activation, key = name.split("/")
    loss, output = OUTPUTS[key]
    X, Y = GOLDEN[f"{name}/X"], GOLDEN[f"{name}/Y"]
    architecture = architecture_of(3, [5, 4, Y.shape[1]], [activation, activation, output], loss)
    layers = architecture.layers
    where = np.concatenate([np.r_[layer.weights, layer.bias] for layer in layers])
    parameters, direction, product = np.zeros((3, architecture.size))
    for index, layer in enumerate(layers):
        parameters[layer.alpha_index] = layer.activation_entry.alpha or 0.0
        assert layer.activation_entry.key in (activation, output), index
    for vector, key_of in ((parameters, "parameters"), (direction, "direction"), (product, "product")):
        vector[where] = GOLDEN[f"{name}/{key_of}"]
    return Network(architecture, parameters), X, Y, direction, product


@pytest.mark.parametrize("name", CASES)
def test_products_are_those_of_pytorch(name: str) -> None:
    network, X, Y, direction, product = case(name)
    np.testing.assert_allclose(Hessian(network, X, Y).times(direction), product, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_largest_eigenvalue_is_that_of_pytorch(name: str) -> None:
    network, X, Y, _, _ = case(name)
    found = sharpness(Hessian(network, X, Y), rng=np.random.default_rng(1))
    assert found.eigenvalue == pytest.approx(GOLDEN[f"{name}/eigenvalues"][-1], rel=1e-3)
    assert np.linalg.norm(found.direction) == pytest.approx(1.0)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_products_are_differences_of_gradients(activation: str, loss: str) -> None:
    hidden = tuple(HiddenLayer(units=units, activation=activation, dropout=0.2) for units in (4, 3))
    network = NetworkSettings(hidden=hidden, output_gain=0.7)
    training = TrainingSettings(loss=loss, dropout_scaling="at_test_time")
    trainer = new_trainer(
        Experiment(data=DataSettings(dataset=DATASET_FOR[loss], samples=40), network=network, training=training)
    )
    trainer.run(3)
    X, Y = trainer.data.x_train, trainer.data.y_train
    direction = np.random.default_rng(2).normal(size=trainer.architecture.size)
    direction[[layer.alpha_index for layer in trainer.architecture.layers if not layer.learns_alpha]] = 0.0
    step = 1e-6

    def gradient(sign: float) -> Floats:
        moved = Network(trainer.architecture, trainer.parameters + sign * step * direction)
        return moved.backward(moved.forward(X), Y).flat

    difference = (gradient(1.0) - gradient(-1.0)) / (2.0 * step)
    product = Hessian(trainer.network, X, Y).times(direction)
    np.testing.assert_allclose(product, difference, rtol=2e-6, atol=2e-7)


def test_l2_adds_to_the_weights_only() -> None:
    network, X, Y, direction, product = case("tanh/squared_error")
    decayed = Hessian(network, X, Y, l2=0.3).times(direction)
    np.testing.assert_allclose(decayed - product, 0.3 * direction * network.architecture.is_weight, atol=1e-10)


def test_row05_descent_on_a_quadratic_diverges_exactly_above_two_over_lambda() -> None:
    experiment = Experiment(
        data=DataSettings(dataset="plane", samples=40),
        network=NetworkSettings(hidden=()),
        training=TrainingSettings(batch_size=0, shuffle=False, loss="squared_error"),
    )
    trainer = new_trainer(experiment)
    X, Y = trainer.data.x_train, trainer.data.y_train
    found = sharpness(Hessian(trainer.network, X, Y), rng=np.random.default_rng(1))
    bordered = np.column_stack([X, np.ones(len(X))])
    exact = np.linalg.eigvalsh(bordered.T @ bordered / len(X))[-1]
    assert found.eigenvalue == pytest.approx(exact, rel=1e-6)

    def loss_after(share: float) -> float:
        rate = share * 2.0 / found.eigenvalue
        other = new_trainer(
            Experiment(
                data=experiment.data,
                network=experiment.network,
                training=TrainingSettings(batch_size=0, shuffle=False, loss="squared_error", learning_rate=rate),
            )
        )
        other.run(400)
        return float(np.mean(other.network.loss(other.network.forward(X), Y)))

    assert loss_after(0.99) < loss_after(0.0 + 1e-9)
    assert loss_after(1.01) > 10.0 * loss_after(0.99)


def test_an_overflowing_loss_has_no_sharpness() -> None:
    network, X, Y, _, _ = case("tanh/squared_error")
    broken = Network(network.architecture, np.full(network.architecture.size, np.nan))
    assert np.isnan(sharpness(Hessian(broken, X, Y), rng=np.random.default_rng(1)).eigenvalue)


def test_a_coarser_tolerance_takes_fewer_products_and_stays_close() -> None:
    trainer = new_trainer(Experiment())
    trainer.run(50)
    hessian = Hessian(trainer.network, trainer.data.x_train, trainer.data.y_train)
    fine, coarse = (sharpness(hessian, rng=np.random.default_rng(1), tolerance=each) for each in (1e-6, 1e-2))
    assert coarse.iterations < fine.iterations
    assert coarse.eigenvalue == pytest.approx(fine.eigenvalue, rel=0.03)
