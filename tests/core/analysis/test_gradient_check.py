"""The gradient check: correct gradients pass, wrong ones are found, and undecidable ones are reported."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.analysis.gradient_check import (
    epsilon_sweep,
    gradient_check,
    parameter_name,
    place_of,
    trainable_indices,
)
from core.arrays import Floats
from core.formulas.activations import ACTIVATIONS
from core.network import Gradients, Network, Trace
from tests.core.analysis.support import ENDS, architecture_of, targets_of
from tests.core.analysis.support import network_of as random_network


def network_of(
    inputs: int, widths: list[int], activations: list[str], loss: str = "squared_error", *, seed: int = 0
) -> Network:
    architecture = architecture_of(inputs, widths, activations, loss)
    return random_network(architecture, np.random.default_rng(seed), 0.7)


def batch_of(network: Network, samples: int, seed: int = 1) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(samples, network.architecture.inputs)), targets_of(network.architecture, samples, rng)


class WrongNetwork(Network):
    """A network with an error in one entry of its gradient."""

    def backward(self, trace: Trace, Y: Floats) -> Gradients:
        right = super().backward(trace, Y)
        flat = right.flat.copy()
        flat[7] *= 1.001
        return replace(right, flat=flat)


@given(
    widths=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    hidden=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=3, max_size=3),
    end=st.sampled_from(ENDS),
    seed=st.integers(0, 10**6),
)
def test_every_activation_and_loss_passes(
    widths: list[int], hidden: list[str], end: tuple[str, str], seed: int
) -> None:
    loss, output = end
    network = network_of(2, widths, [*hidden[: len(widths) - 1], output], loss, seed=seed)
    X, Y = batch_of(network, 5, seed)
    check = gradient_check(network, X, Y)
    assert check.agrees, check.verdict
    assert len(check.indices) == network.architecture.trainable_count


def test_differences_equal_those_of_the_whole_network() -> None:
    network = network_of(3, [4, 3, 2], ["tanh", "prelu", "softmax"], "cross_entropy")
    X, Y = batch_of(network, 6)
    epsilon = 1e-4
    check = gradient_check(network, X, Y, epsilon)
    for position, index in enumerate(check.indices):
        losses = []
        for direction in (1, -1):
            moved = network.parameters.copy()
            moved[index] += direction * epsilon * max(1.0, abs(moved[index]))
            other = Network(network.architecture, moved)
            losses.append(float(np.mean(other.loss(other.forward(X), Y))))
        h = epsilon * max(1.0, abs(network.parameters[index]))
        assert check.numeric[position] == pytest.approx((losses[0] - losses[1]) / (2 * h), abs=1e-10)


def test_dropout_masks_are_kept_fixed() -> None:
    network = network_of(3, [5, 4, 1], ["tanh", "sigmoid", "identity"])
    X, Y = batch_of(network, 6)
    rng = np.random.default_rng(0)
    masks = (1.0, (rng.random((6, 5)) > 0.5) * 2.0, (rng.random((6, 4)) > 0.5) * 2.0)
    check = gradient_check(network, X, Y, masks=masks)
    assert check.agrees, check.verdict
    assert not np.allclose(check.analytic, gradient_check(network, X, Y).analytic)


def test_a_wrong_gradient_is_found_and_named() -> None:
    right = network_of(2, [3, 2, 1], ["tanh", "tanh", "identity"])
    wrong = WrongNetwork(right.architecture, right.parameters)
    X, Y = batch_of(right, 8)
    assert gradient_check(right, X, Y).agrees
    check = gradient_check(wrong, X, Y)
    assert not check.agrees
    assert check.indices[check.worst] == 7
    assert check.worst_name == parameter_name(right.architecture, 7) == "bias of 2 in Hidden 1"
    assert check.worst_error == pytest.approx(1e-3, rel=0.01)
    assert "do not agree" in check.verdict


def test_closed_form_of_a_linear_neuron() -> None:
    # L = ½(w·x + b − y)² has no third derivative: ∂L/∂w = (w·x + b − y)·x, and the difference is exact up to rounding.
    network = network_of(1, [1], ["identity"])
    layer = network.architecture.layers[0]
    w, b = 0.5, -0.25
    network.parameters[layer.weights], network.parameters[layer.bias] = w, b
    check = gradient_check(network, np.array([[2.0]]), np.array([[3.0]]), 1e-3)
    residual = 2.0 * w + b - 3.0
    assert check.analytic.tolist() == [residual * 2.0, residual]
    assert check.numeric == pytest.approx([residual * 2.0, residual], rel=1e-12)


def test_truncation_of_a_sigmoid_is_the_third_derivative() -> None:
    network = network_of(1, [1], ["sigmoid"])
    layer = network.architecture.layers[0]
    network.parameters[layer.weights], network.parameters[layer.bias] = 0.3, 0.0
    y, h = -2.0, 1e-2
    check = gradient_check(network, np.array([[1.0]]), np.array([[y]]), h, indices=[layer.weights.start])
    s = 1 / (1 + np.exp(-0.3))
    first, second = s * (1 - s), s * (1 - s) * (1 - 2 * s)
    # L = ½(σ(w) − y)²: L‴ = 3·σ′·σ″ + (σ − y)·σ‴.
    third = 3 * first * second + (s - y) * s * (1 - s) * (1 - 6 * s + 6 * s * s)
    assert check.numeric[0] - check.analytic[0] == pytest.approx(third * h * h / 6, rel=1e-3)


def test_kinks_are_marked_and_excluded() -> None:
    network = network_of(1, [2, 1], ["relu", "identity"])
    layers = network.architecture.layers
    network.parameters[layers[0].weights] = [1.0, 1.0]
    network.parameters[layers[0].bias] = [-1.0, 0.5]
    network.parameters[layers[1].weights] = [1.0, 1.0]
    network.parameters[layers[1].bias] = 0.0
    # The sample puts the first neuron exactly on its kink; the second is far from it.
    check = gradient_check(network, np.array([[1.0]]), np.array([[0.0]]))
    kinked = {int(index) for index in check.indices[check.kinked]}
    assert kinked == {layers[0].weight_index(0, 0), layers[0].bias_index(0)}
    assert check.relative[check.kinked].min() > 0.4
    assert check.agrees
    assert "2 at a kink" in check.verdict


def test_smooth_activations_have_no_kinks() -> None:
    smooth = ["identity", "sigmoid", "tanh", "gelu", "swish", "softplus", "mish"]
    for activation in smooth:
        network = network_of(1, [1, 1], [activation, "identity"])
        network.parameters[network.architecture.layers[0].weights] = 1.0
        network.parameters[network.architecture.layers[0].bias] = -1.0
        assert not gradient_check(network, np.array([[1.0]]), np.array([[5.0]])).kinked.any(), activation
    for activation in set(ACTIVATIONS) - set(smooth):
        network = network_of(1, [1, 1], [activation, "identity"])
        network.parameters[network.architecture.layers[0].weights] = 1.0
        network.parameters[network.architecture.layers[0].bias] = -1.0
        assert gradient_check(network, np.array([[1.0]]), np.array([[5.0]])).kinked.any(), activation


def test_a_network_with_only_kinks_has_nothing_to_compare() -> None:
    network = network_of(1, [1, 1], ["relu", "relu"])
    network.parameters[:] = 0.0
    check = gradient_check(
        network, np.array([[1.0]]), np.array([[1.0]]), indices=[network.architecture.layers[1].bias_index(0)]
    )
    assert (check.worst, check.worst_name, check.worst_error, check.agrees) == (-1, "", 0.0, True)
    assert check.verdict.startswith("nothing to compare")


def test_non_finite_gradients_do_not_agree() -> None:
    network = network_of(2, [2, 1], ["tanh", "identity"])
    network.parameters[0] = np.nan
    X, Y = batch_of(network, 3)
    check = gradient_check(network, X, Y)
    assert not check.agrees
    assert check.worst_error == np.inf


def test_gradients_hidden_by_rounding_are_counted_separately() -> None:
    network = network_of(2, [2, 2, 1], ["tanh", "tanh", "identity"])
    X, Y = batch_of(network, 5)
    check = gradient_check(network, X, Y)
    assert not check.unresolved.any()
    assert "too small" not in check.verdict
    network.parameters[network.architecture.layers[2].weights] = 1e-12
    check = gradient_check(network, X, Y)
    behind = check.indices < network.architecture.layers[2].start
    np.testing.assert_array_equal(check.unresolved, behind)
    assert f"; {behind.sum()} too small for a difference to distinguish them from 0" in check.verdict
    # A gradient of exactly 0 is not hidden by rounding.
    network.parameters[network.architecture.layers[2].weights] = 0.0
    assert not gradient_check(network, X, Y).unresolved.any()


def test_sweep_is_u_shaped() -> None:
    network = network_of(2, [4, 3, 1], ["tanh", "tanh", "tanh"])
    X, Y = batch_of(network, 20)
    indices = trainable_indices(network.architecture)[:6]
    sweep = epsilon_sweep(network, X, Y, indices)
    assert sweep.relative.shape == sweep.numeric.shape == (25, 6)
    error = np.median(sweep.relative, axis=1)
    bottom = int(np.argmin(error))
    assert sweep.best == sweep.epsilons[bottom]
    assert 1e-7 < sweep.best < 1e-3
    assert error[bottom] < 1e-8
    # Above the minimum, truncation falls with h²: a hundredth for a tenth.
    at = {round(np.log10(e) * 2): error[i] for i, e in enumerate(sweep.epsilons)}
    assert at[-2] / at[-4] == pytest.approx(100, rel=0.2)
    # Below it, rounding dominates, within two orders of magnitude of u·L/h.
    far = sweep.epsilons < 1e-9
    ratio = error[far] / np.median(sweep.rounding, axis=1)[far]
    assert np.median(ratio) < 30
    assert error[0] > 1e3 * error[bottom]


def test_sweep_over_chosen_epsilons() -> None:
    network = network_of(2, [3, 1], ["relu", "identity"])
    X, Y = batch_of(network, 50)
    sweep = epsilon_sweep(network, X, Y, [0], np.array([1e-6, 1.0]))
    assert sweep.epsilons.tolist() == [1e-6, 1.0]
    assert sweep.kinked.tolist() == [[False], [True]]


def test_positions_and_names_of_parameters() -> None:
    network = network_of(2, [3, 2], ["prelu", "identity"])
    architecture = network.architecture
    layers = architecture.layers
    for number, layer in enumerate(layers):
        for source in range(layer.fan_in):
            for target in range(layer.fan_out):
                assert place_of(architecture, layer.weight_index(source, target)) == (number, source, target)
        assert place_of(architecture, layer.bias_index(1)) == (number, -1, 1)
        assert place_of(architecture, layer.alpha_index) == (number, -2, 0)
    assert parameter_name(architecture, layers[1].weight_index(2, 0)) == "weight from 3 to 1 in Output"
    assert parameter_name(architecture, layers[0].alpha_index) == "α of Hidden 1"
    assert layers[0].alpha_index in trainable_indices(architecture)
    assert layers[1].alpha_index not in trainable_indices(architecture)
    for index in (-1, architecture.size):
        with pytest.raises(IndexError):
            place_of(architecture, index)
