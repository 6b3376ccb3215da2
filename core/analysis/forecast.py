"""Predict the mean squares of activations and gradients in each layer at the start of training (mean-field theory).

In wide layers the pre-activations are normal, z ~ N(0, q), and the mean squares obey two recursions:

* forward: q_{l+1} = fan_in · E[w²] · E[φ(√q_l u)²] + b², u ~ N(0, 1);
* backward: E[δ_l²] = fan_out · E[w²] · E[φ′(√q_l u)²] · E[δ_{l+1}²].

Source:
    Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli (2016) for the forward, Schoenholz, Gilmer, Ganguli and
    Sohl-Dickstein (2017) for the backward recursion; He, Zhang, Ren and Sun (2015) is the case of ReLU.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.formulas.activations import Activation
from core.formulas.initializers import INITIALIZERS
from core.network import Gradients, Network, Trace
from core.network.architecture import Architecture, Layer
from core.network.dropout import Masks
from core.network.parameters import initial_parameters

SAFE: Final = (1e-200, 1e200)
"""Between these, squares that underflowed do not matter, and none overflowed."""

GROUPS: Final = 16
"""Maximum number of groups of samples with similar norm, each of which is propagated through the network."""

_FARTHEST: Final = 16.0
_PANELS: Final = 28
_NODES_PER_PANEL: Final = 12


class LayerMoments(Struct, frozen=True):
    """Forecast or measured moments of each layer, the output last; all (layers,).

    Attributes:
        pre_activation_mean_square: E[z²] over samples and neurons.
        activation_mean_square: E[a²].
        delta_mean_square: E[δ²], δ = ∂L/∂z of the loss L of one sample.
    """

    pre_activation_mean_square: Floats
    activation_mean_square: Floats
    delta_mean_square: Floats


def forecast(
    architecture: Architecture,
    input_mean_squares: Floats,
    output_delta_mean_squares: Floats,
    masks: Masks | None = None,
) -> LayerMoments:
    """Return the theoretical moments from initializers, gains and activations alone.

    They are NaN where the theory does not apply: after a ``constant`` initializer, whose weights are all equal, and for
    the activations of a softmax.

    Args:
        architecture: widths, initializers, gains, activations.
        input_mean_squares: mean square of the first layer's inputs for each group of samples, (n,).
        output_delta_mean_squares: E[δ²] of the output for each group, (n,), where the backward recursion starts.
        masks: dropout masks of the pass; ``None`` means evaluation.
    """
    spread = tuple(mask_mean_square(mask) for mask in (architecture.evaluation_masks if masks is None else masks))
    with np.errstate(over="ignore", invalid="ignore"):
        forward, factors = _of_architecture(architecture, input_mean_squares.tobytes(), spread)
        backward = np.mean(factors * output_delta_mean_squares, axis=1)
    z, a = forward
    return LayerMoments(z, a, backward)


@lru_cache(maxsize=8)
def _of_architecture(
    architecture: Architecture, input_mean_squares: bytes, spread: tuple[float, ...]
) -> tuple[Floats, Floats]:
    """Return E[z²] and E[a²] of each layer, (2, layers), and E[δ²] relative to the output's, (layers, groups).

    It is cached, because training changes none of its inputs and the integrals of 50 layers take 20 ms.

    Args:
        architecture: widths, initializers, gains, activations.
        input_mean_squares: float64 values of the groups as bytes.
        spread: mean square of the mask of each layer's inputs.
    """
    mean_square = np.frombuffer(input_mean_squares)
    forward: list[tuple[float, float]] = []
    slopes: list[Floats] = []
    for index, layer in enumerate(architecture.layers):
        # The first layer's inputs were measured after dropout.
        kept = spread[index] if index else 1.0
        q = layer.fan_in * weight_mean_square(layer) * kept * mean_square + architecture.initial_bias**2
        _, mean_square, slope = gaussian_moments(layer.activation_entry, layer.alpha, q)
        slopes.append(slope)
        forward.append((float(np.mean(q)), float(np.mean(mean_square))))
    factors = [np.ones_like(mean_square)]
    for index in reversed(range(len(slopes) - 1)):
        behind = architecture.layers[index + 1]
        factors.append(behind.fan_out * weight_mean_square(behind) * spread[index + 1] * slopes[index] * factors[-1])
    moments, relative = np.array(forward).T, np.array(factors[::-1])
    for each in (moments, relative):
        each.flags.writeable = False
    return moments, relative


def measured(trace: Trace, gradients: Gradients) -> LayerMoments:
    """Return the measured moments of the pass ``trace`` and its ``gradients``."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return LayerMoments(
            np.array([_mean_square(Z) for Z in trace.pre_activations]),
            np.array([_mean_square(A) for A in trace.activations]),
            np.array([_mean_square(delta, float(len(delta))) for delta in gradients.deltas]),
        )


def _mean_square(values: Floats, factor: float = 1.0) -> float:
    """Return the mean of (``factor`` · ``values``)²; from the sum of squares, in a quarter of the time, if it is safe."""
    total = float(np.vdot(values, values))
    if SAFE[0] < total < SAFE[1]:
        return total * factor * factor / values.size
    return float(np.mean(np.square(values * factor)))


def forecast_and_measured(network: Network, trace: Trace, gradients: Gradients) -> tuple[LayerMoments, LayerMoments]:
    """Return forecast and measurement for one pass; the forecast only uses its inputs and the δ of its output.

    They are comparable at the start of training only; later the weights are no longer random.
    """
    return forecast_of_pass(network, trace, gradients), measured(trace, gradients)


def forecast_of_pass(network: Network, trace: Trace, gradients: Gradients) -> LayerMoments:
    """Return the forecast for one pass, which only uses its inputs and the δ of its output."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.mean(np.square(trace.inputs[0]), axis=1)
        deltas = np.mean(np.square(gradients.deltas[-1] * len(lengths)), axis=1)
        groups = np.array_split(np.argsort(lengths, kind="stable"), min(GROUPS, len(lengths)))
        inputs = np.array([np.mean(lengths[group]) for group in groups])
        # Groups differ by one sample: scaled so that the mean over the groups is that over the samples.
        outputs = np.array([np.sum(deltas[group]) for group in groups]) * (len(groups) / len(lengths))
        return forecast(network.architecture, inputs, outputs, trace.masks)


def measured_at_start(architecture: Architecture, X: Floats, Y: Floats, seed: int) -> LayerMoments:
    """Return the measured moments for the initial weights drawn with ``seed``, to show the spread around the forecast.

    Args:
        architecture: widths, initializers, gains, activations.
        X: samples, (B, D_in).
        Y: targets, (B, K).
        seed: seed of the initial weights.
    """
    network = Network(architecture, initial_parameters(architecture, seed))
    with np.errstate(over="ignore", invalid="ignore"):
        trace = network.forward(X)
        return measured(trace, network.backward(trace, Y))


def change_per_layer(mean_squares: Floats) -> float:
    """Return the geometric mean ratio of successive hidden layers, without the output; NaN for fewer than two layers.

    It is 1 for constant mean squares and below 1 if they shrink from the first layer to the last.

    Args:
        mean_squares: of each layer, the output last, (layers,).
    """
    hidden = mean_squares[:-1]
    if len(hidden) < 2 or not (np.isfinite(hidden[[0, -1]]).all() and hidden[0] > 0.0):
        return float("nan")
    with np.errstate(over="ignore", divide="ignore"):
        return float(np.exp((np.log(hidden[-1]) - np.log(hidden[0])) / (len(hidden) - 1)))


def weight_mean_square(layer: Layer) -> float:
    """Return E[w²] of ``layer``'s initial weights; NaN if they all have the same value other than 0."""
    entry = INITIALIZERS[layer.initializer]
    if entry.distribution == "none" and layer.gain * entry.scale(layer.fan_in, layer.fan_out) != 0.0:
        return float("nan")
    return entry.variance(layer.fan_in, layer.fan_out, layer.gain)


def gaussian_moments(activation: Activation, alpha: float, variances: Floats) -> tuple[Floats, Floats, Floats]:
    """Return E[φ(z)], E[φ(z)²] and E[φ′(z)²] for z ~ N(0, q) and each q of ``variances``, each (n,); NaN where q is.

    Gauss–Legendre quadrature in panels that halve towards z = 0 from both sides. Gauss–Hermite nodes are not accurate
    here: kinks and jumps lie at 0, and for large q a sigmoid changes within a tiny fraction of the distribution.
    """
    if activation.row_wise:
        unknown = np.full(variances.shape, np.nan)
        return unknown, unknown, unknown
    u, weights = _half_bell()
    z = np.sqrt(variances)[:, np.newaxis] * np.concatenate((-u[::-1], u))
    both = np.concatenate((weights[::-1], weights))
    with np.errstate(over="ignore", invalid="ignore"):
        value, slope = activation.function(z, alpha), activation.derivative(z, alpha)
        moments = np.array([value @ both, np.square(value) @ both, np.square(slope) @ both])
    moments[:, np.isnan(variances)] = np.nan  # comparisons such as z > 0 turn NaN into 0
    return moments[0], moments[1], moments[2]


@lru_cache(maxsize=1)
def _half_bell() -> tuple[Floats, Floats]:
    """Return nodes u > 0 and weights of ∫₀^∞ f(u) e^(−u²/2)/√(2π) du."""
    nodes, weights = _gauss_legendre(_NODES_PER_PANEL)
    ends = np.concatenate(([0.0], _FARTHEST * 0.5 ** np.arange(_PANELS - 1, -1, -1)))
    half = np.diff(ends)[:, np.newaxis] / 2.0
    u = (ends[:-1, np.newaxis] + half * (nodes + 1.0)).ravel()
    return u, (half * weights).ravel() * np.exp(-0.5 * u * u) / np.sqrt(2.0 * np.pi)


def _gauss_legendre(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of ∫₋₁¹ f(x) dx ≈ Σ wᵢ f(xᵢ), each (count,).

    The nodes are the eigenvalues of the symmetric Jacobi matrix (G. H. Golub and J. H. Welsch, Calculation of Gauss
    Quadrature Rules, 1969). NumPy's polynomials do the same, but importing them takes 7 ms of the window's start.
    """
    k = np.arange(1.0, count)
    off = k / np.sqrt(4.0 * k * k - 1.0)
    nodes, vectors = np.linalg.eigh(np.diag(off, -1))
    return nodes, 2.0 * np.square(vectors[0])


def mask_mean_square(mask: Floats | float) -> float:
    """Return the mean square of the dropout ``mask`` of a layer's inputs."""
    return mask * mask if isinstance(mask, float) else float(np.mean(np.square(mask)))
