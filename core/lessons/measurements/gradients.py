"""Measurements of gradients, updates and curvature."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.chain_rule import path_count
from core.analysis.delta_split import split_deltas
from core.analysis.gradient_flow import delta_magnitudes, update_ratios, weight_gradient_norms
from core.analysis.gradient_noise import compare_batch, gradient_noise
from core.analysis.race import detours_of
from core.analysis.sharpness import Hessian, sharpness
from core.analysis.step_limit import step_limit
from core.lessons.measurements.measurement import Measurement
from core.training.snapshot import Snapshot

MAX_SAMPLES: Final = 500
"""Maximum number of samples for curvature and noise, which are shown live."""


def _gradient_norm(snapshot: Snapshot, layer: int) -> float:
    return float(weight_gradient_norms(snapshot.network, snapshot.gradients)[layer])


def _gradient_ratio(snapshot: Snapshot, first: int, second: int) -> float:
    norms = weight_gradient_norms(snapshot.network, snapshot.gradients)
    return ratio(float(norms[first]), float(norms[second]))


def ratio(value: float, other: float) -> float:
    """Return ``value / other``: ∞ for a positive value over 0, NaN for 0/0."""
    if other == 0.0:
        return math.inf if value > 0.0 else math.nan
    return value / other


def _update_ratio(snapshot: Snapshot, layer: int) -> float:
    return float(update_ratios(snapshot.network, snapshot.last_update)[layer])


def _mean_square_delta(snapshot: Snapshot, layer: int) -> float:
    return float(delta_magnitudes(snapshot.gradients)[layer] ** 2)


def _slope_factor(snapshot: Snapshot) -> float:
    return float(split_deltas(snapshot.network, snapshot.trace, snapshot.gradients).by_slope.sum())


def _weight_factor(snapshot: Snapshot) -> float:
    return float(split_deltas(snapshot.network, snapshot.trace, snapshot.gradients).by_weights.sum())


def _sharpness(snapshot: Snapshot) -> float:
    count = min(len(snapshot.trace.inputs[0]), MAX_SAMPLES)
    if not count:
        return math.nan
    X, Y = snapshot.data.x_train[:count], snapshot.data.y_train[:count]
    hessian = Hessian(snapshot.network, X, Y, l2=snapshot.experiment.training.l2)
    # The same seed as the sharpness card, so that both show the same number.
    return sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue


def _step_limit(snapshot: Snapshot) -> float:
    limit = step_limit(_sharpness(snapshot), snapshot.experiment.training)
    return math.nan if limit is None else limit


def _batch_cosine(snapshot: Snapshot) -> float:
    data, batch = snapshot.data, snapshot.last_batch
    if not len(batch):
        return math.nan
    return compare_batch(snapshot.network, data.x_train, data.y_train, batch, snapshot.gradients).cosine


def _batch_noise(snapshot: Snapshot) -> float:
    trace = snapshot.trace.rows(slice(0, MAX_SAMPLES))
    samples = len(trace.inputs[0])
    if not samples:
        return math.nan
    noise = gradient_noise(trace, snapshot.network.backward(trace, snapshot.data.y_train[:samples]))
    return math.sqrt(ratio(noise.expected_error(batch_size(snapshot)), noise.squared_norm))


def batch_size(snapshot: Snapshot) -> int:
    """Return the number of samples averaged for an update; the whole training set for 0."""
    chosen, samples = snapshot.experiment.training.batch_size, len(snapshot.data.x_train)
    return min(chosen, samples) if chosen else samples


def _path_length_ratio(snapshot: Snapshot) -> float:
    points = snapshot.path.points
    return float(detours_of(np.stack(points))[-1]) if len(points) > 1 else math.nan


GRADIENTS: Final = (
    Measurement(
        key="gradient_norm",
        label="Gradient norm",
        formula=r"\|\partial L / \partial W_l\|",
        explanation="Length of the gradient of the mean training loss with respect to the weights of one layer.",
        compute=_gradient_norm,
        arguments=("layer",),
    ),
    Measurement(
        key="gradient_ratio",
        label="Gradient ratio",
        formula=r"\|\partial L / \partial W_a\| \,/\, \|\partial L / \partial W_b\|",
        explanation="Gradient norm of one layer divided by that of another: small if the gradient vanishes on the way.",
        compute=_gradient_ratio,
        arguments=("from", "to"),
    ),
    Measurement(
        key="update_ratio",
        label="Relative update",
        formula=r"\|\Delta W_l\| / \|W_l\|",
        explanation="Relative size of the last update of one layer; 0 before the first one.",
        compute=_update_ratio,
        arguments=("layer",),
    ),
    Measurement(
        key="mean_square_delta",
        label="Mean square of δ",
        formula=r"\overline{\delta_l^2}, \quad \delta = \partial L / \partial z",
        explanation="Mean of δ² over the samples and neurons of one layer, with L the loss of one sample.",
        compute=_mean_square_delta,
        arguments=("layer",),
    ),
    Measurement(
        key="slope_factor",
        label="Change of the gradient due to φ′",
        formula=r"\sum_l \log_{10} \frac{\|\delta_l\|}{\|\delta_{l+1} W^T\|}",
        explanation="Decades by which the slopes φ′ change δ on the way back to the first layer; −3 means 1000 times smaller.",
        compute=_slope_factor,
        unit="decades",
    ),
    Measurement(
        key="weight_factor",
        label="Change of the gradient due to the weights",
        formula=r"\sum_l \log_{10} \frac{\|\delta_{l+1} W^T\|}{\|\delta_{l+1}\|}",
        explanation="Decades by which the weights change δ on the way back to the first layer; +3 means 1000 times larger.",
        compute=_weight_factor,
        unit="decades",
    ),
    Measurement(
        key="paths",
        label="Paths to the loss",
        formula=r"\prod_{k > l} n_k",
        explanation="Number of paths from one weight of the layer to the loss: the product of the later widths.",
        compute=lambda snapshot, layer: float(path_count(snapshot.network, layer)),
        arguments=("layer",),
        unit="count",
    ),
    Measurement(
        key="sharpness",
        label="Sharpness",
        formula=r"\lambda_\text{max}",
        explanation=f"Largest curvature of the training loss, over at most {MAX_SAMPLES} samples.",
        compute=_sharpness,
    ),
    Measurement(
        key="step_limit",
        label="Stability limit",
        formula=r"2 / \lambda_\text{max}",
        explanation=(
            "Learning rate above which descent diverges on a quadratic with this sharpness (momentum included); no value "
            "for adaptive optimizers."
        ),
        compute=_step_limit,
    ),
    Measurement(
        key="batch_cosine",
        label="Batch gradient against the full one",
        formula=r"\cos(g_\text{batch}, g)",
        explanation="Cosine of the angle between the last batch's gradient and the full one; no value before the first step.",
        compute=_batch_cosine,
    ),
    Measurement(
        key="batch_noise",
        label="Noise of the batch gradient",
        formula=r"\sigma / (\sqrt{K}\, \|g\|)",
        explanation=(
            "Expected error of a batch's gradient (drawn with replacement) relative to the full gradient: with four times "
            "as many samples it is half as large."
        ),
        compute=_batch_noise,
    ),
    Measurement(
        key="path_length_ratio",
        label="Path ÷ distance",
        formula=r"\sum_t \|w_{t+1} - w_t\| \,/\, \|w_T - w_0\|",
        explanation="Length of the path of the weights divided by the distance it covers: 1 for a straight line.",
        compute=_path_length_ratio,
    ),
)
"""Measurements of gradients, updates and curvature."""
