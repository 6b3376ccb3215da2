"""Whole networks: PyTorch's values, central differences, and passes without side effects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.arrays import Floats
from core.errors import ShapeError
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.resolution import Resolution
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.formulas.losses import LOSSES
from core.network import Network
from core.network.architecture import Architecture, build_architecture
from core.network.dropout import Masks, training_masks
from core.network.parameters import initial_parameters
from tests.core.support import golden

GOLDEN = golden("networks")
CASES = {
    "squared_error": ("tanh", "swish", "tanh"),
    "binary_cross_entropy": ("elu", "gelu", "sigmoid"),
    "cross_entropy": ("sigmoid", "tanh", "softmax"),
    "huber": ("tanh", "elu", "identity"),
}
SAMPLES = 5


def architecture_of(
    widths: tuple[int, ...], activations: tuple[str, ...], loss: str, inputs: int, dropout: float = 0.0
) -> Architecture:
    hidden = tuple(
        HiddenLayer(units=units, activation=activation, dropout=dropout)
        for units, activation in zip(widths[:-1], activations[:-1], strict=True)
    )
    experiment = Experiment(
        network=NetworkSettings(hidden=hidden, input_dropout=dropout, output_activation=activations[-1]),
        training=TrainingSettings(loss=loss),
    )
    coding = "one_hot" if activations[-1] == "softmax" else "value"
    return build_architecture(experiment, inputs, Resolution(activations[-1], loss, coding, widths[-1]))


def golden_network(case: str, prefix: str) -> Network:
    outputs = GOLDEN[f"{prefix}/b2"].size
    architecture = architecture_of((4, 3, outputs), CASES[case], case, 2)
    flat = initial_parameters(architecture, 1)
    for index, layer in enumerate(architecture.layers):
        flat[layer.weights] = GOLDEN[f"{prefix}/W{index}"].ravel()
        flat[layer.bias] = GOLDEN[f"{prefix}/b{index}"]
    return Network(architecture, flat)


def check_pass(case: str, prefix: str, masks: Masks | None) -> None:
    network = golden_network(case, prefix)
    trace = network.forward(GOLDEN[f"{prefix}/X"], masks)
    gradients = network.backward(trace, GOLDEN[f"{prefix}/Y"])
    assert gradients.loss == pytest.approx(float(GOLDEN[f"{prefix}/loss"]), rel=1e-13)
    for index in range(3):
        np.testing.assert_allclose(trace.pre_activations[index], GOLDEN[f"{prefix}/Z{index}"], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(trace.activations[index], GOLDEN[f"{prefix}/A{index}"], rtol=1e-12, atol=1e-14)
        weights = network.architecture.weights(gradients.flat, index)
        np.testing.assert_allclose(weights, GOLDEN[f"{prefix}/dW{index}"], rtol=1e-11, atol=1e-14)
        bias = network.architecture.bias(gradients.flat, index)
        np.testing.assert_allclose(bias, GOLDEN[f"{prefix}/db{index}"], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("case", CASES)
def test_forward_loss_and_gradients_match_pytorch(case: str) -> None:
    check_pass(case, f"pass/{case}", None)


@pytest.mark.parametrize("case", CASES)
def test_passes_with_dropout_match_pytorch(case: str) -> None:
    check_pass(case, f"dropout/{case}", tuple(GOLDEN[f"dropout/{case}/mask{index}"] for index in range(3)))


# -- central differences ------------------------------------------------------------------------------------------------


def targets_for(loss: str, output: str, outputs: int, rng: np.random.Generator) -> Floats:
    if loss == "cross_entropy" or output == "softmax":
        return np.eye(outputs)[rng.integers(0, outputs, SAMPLES)]
    if loss == "binary_cross_entropy":
        return rng.integers(0, 2, (SAMPLES, outputs)).astype(np.float64)
    # Far from |residual| = 1, where Huber's second derivative jumps.
    return rng.choice([-3.0, 0.2, 4.0], (SAMPLES, outputs))


def mean_loss(network: Network, X: Floats, Y: Floats, masks: Masks | None) -> float:
    return float(np.mean(network.loss(network.forward(X, masks), Y)))


def largest_error(architecture: Architecture, seed: int, factors_of: Masks | None = None) -> float:
    """Return the largest |backprop − central difference| over all parameters, relative to the gradient's size."""
    rng = np.random.default_rng(seed)
    flat = initial_parameters(architecture, seed)
    for layer in architecture.layers:
        flat[layer.bias] = rng.normal(0.0, 0.5, layer.fan_out)
    X = rng.normal(0.0, 1.0, (SAMPLES, architecture.inputs))
    Y = targets_for(architecture.loss, architecture.layers[-1].activation, architecture.outputs, rng)
    network = Network(architecture, flat)
    analytic = network.backward(network.forward(X, factors_of), Y).flat
    numeric = np.zeros_like(flat)
    learned = np.ones(flat.size, dtype=bool)
    for layer in architecture.layers:
        learned[layer.alpha_index] = layer.learns_alpha
    for index in np.flatnonzero(learned):
        step = 1e-5 * max(1.0, abs(flat[index]))
        ends = []
        for sign in (1.0, -1.0):
            moved = flat.copy()
            moved[index] += sign * step
            ends.append(mean_loss(Network(architecture, moved), X, Y, factors_of))
        numeric[index] = (ends[0] - ends[1]) / (2.0 * step)
    assert not analytic[~learned].any()
    size = max(float(np.abs(analytic).max()), 1e-3)
    return float(np.abs(analytic - numeric).max()) / size


PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.allowed_outputs if output != "threshold"]


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_gradients_agree_with_central_differences_for_every_loss_and_output(loss: str, output: str) -> None:
    assert largest_error(architecture_of((4, 3, 3), ("tanh", "swish", output), loss, 2), 3) < 1e-7


@pytest.mark.parametrize("activation", [key for key in ACTIVATIONS if key != "threshold"])
@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_agree_with_central_differences_for_every_activation_and_loss(activation: str, loss: str) -> None:
    output = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}.get(loss, "identity")
    assert largest_error(architecture_of((4, 3, 2), (activation, activation, output), loss, 3), 5) < 1e-7


@settings(max_examples=40)
@given(
    widths=st.lists(st.integers(1, 5), min_size=0, max_size=5),
    inputs=st.integers(1, 4),
    outputs=st.integers(1, 3),
    seed=st.integers(0, 1000),
    smooth=st.sampled_from(["tanh", "sigmoid", "swish", "gelu", "mish", "softplus", "selu", "elu"]),
)
def test_gradients_agree_with_central_differences_for_any_shape(
    widths: list[int], inputs: int, outputs: int, seed: int, smooth: str
) -> None:
    shape = (*widths, outputs)
    architecture = architecture_of(shape, (*(smooth for _ in widths), "identity"), "squared_error", inputs)
    assert largest_error(architecture, seed) < 1e-6


@pytest.mark.parametrize("scaling", ["inverted", "at_test_time", "none"])
def test_gradients_agree_with_central_differences_under_fixed_dropout(scaling: str) -> None:
    architecture = architecture_of((6, 5, 2), ("tanh", "prelu", "identity"), "squared_error", 4, dropout=0.4)
    rngs = [np.random.default_rng(seed) for seed in range(3)]
    rates = (0.2, 0.4, 0.4)
    masks = training_masks(rates, (4, 6, 5), SAMPLES, scaling, rngs)  # type: ignore[arg-type]
    assert largest_error(architecture, 2, masks) < 1e-7


def test_a_threshold_passes_no_gradient() -> None:
    architecture = architecture_of((4, 3, 1), ("tanh", "threshold", "identity"), "squared_error", 2)
    network = Network(architecture, initial_parameters(architecture, 1))
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    gradients = network.backward(network.forward(X), Y).flat
    assert not architecture.weights(gradients, 0).any()
    assert not architecture.weights(gradients, 1).any()
    assert np.abs(architecture.weights(gradients, 2)).max() > 0.0


# -- properties of the passes -------------------------------------------------------------------------------------------


def test_passes_are_pure_functions() -> None:
    network = golden_network("squared_error", "pass/squared_error")
    before = network.parameters.copy()
    X, Y = GOLDEN["pass/squared_error/X"], GOLDEN["pass/squared_error/Y"]
    first = network.backward(network.forward(X), Y).flat
    network.forward(np.full((50, 2), 7.0))
    again = network.backward(network.forward(X), Y).flat
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(network.parameters, before)


def test_weights_and_biases_are_views_of_the_flat_vector() -> None:
    network = golden_network("squared_error", "pass/squared_error")
    assert np.shares_memory(network.weights(1), network.parameters)
    assert np.shares_memory(network.bias(1), network.parameters)
    assert network.weights(1)[2, 1] == network.parameters[network.architecture.layers[1].weight_index(2, 1)]
    assert network.bias(1)[2] == network.parameters[network.architecture.layers[1].bias_index(2)]


def test_samples_of_another_width_are_rejected_with_both_shapes() -> None:
    network = golden_network("squared_error", "pass/squared_error")
    with pytest.raises(ShapeError, match=r"\(B, 2\), got \(5, 3\)"):
        network.forward(np.zeros((5, 3)))


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_no_samples_give_no_predictions(output: str) -> None:
    architecture = architecture_of((3, 2), ("relu", output), "squared_error", 2)
    network = Network(architecture, initial_parameters(architecture, 1))
    assert network.predict(np.zeros((0, 2))).shape == (0, 2)


def test_the_gradient_of_a_batch_is_the_mean_of_its_samples() -> None:
    network = golden_network("cross_entropy", "pass/cross_entropy")
    X, Y = GOLDEN["pass/cross_entropy/X"], GOLDEN["pass/cross_entropy/Y"]
    alone = [network.backward(network.forward(X[i : i + 1]), Y[i : i + 1]).flat for i in range(len(X))]
    np.testing.assert_allclose(network.backward(network.forward(X), Y).flat, np.mean(alone, axis=0), rtol=1e-12)
