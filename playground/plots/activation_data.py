"""Data for the activation card: φ, φ′ and the pre-activations of one layer."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import dead_neurons, distinct_neurons, saturated_share
from core.arrays import Booleans, Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation, saturated, softmax
from core.training.snapshot import Snapshot
from playground.plotting.ranges import SymmetricRange
from playground.style.numbers import percent

POINTS: Final = 161
BINS: Final = 60
HANDLE_Z: Final = 2.0
"""The handle lies at z = −2, or closer to 0 if −2 is outside the range; ELU and swish level off further left."""

MAX_VALUES: Final = 20_000
"""Maximum number of pre-activations in the histogram, from evenly spaced samples."""


class Zone(Struct, frozen=True):
    """An interval of z in which a neuron hardly learns.

    Attributes:
        left: lower end, within the plotted range.
        right: upper end, within the plotted range.
        share: share of all pre-activations in the zone; an outer zone extends to infinity.
    """

    left: float
    right: float
    share: float


class ActivationData(Struct, frozen=True):
    """One layer's activation.

    Attributes:
        index: the layer.
        layers: number of layers.
        name: ``Hidden 1 · tanh``.
        z: (points,), at which the curves are evaluated.
        phi: φ at ``z``; for softmax as a function of one z, with the others at 0.
        slope: φ′ at ``z``.
        shaded: (points,), whether the neuron hardly learns at ``z``.
        zone: name of the shaded zones: ``saturated`` or ``dead``.
        share: share of pre-activations in the shaded zone.
        dead: number of neurons with φ′ = 0 on every sample.
        neurons: number of neurons.
        distinct: number of neurons with different incoming weights; the others are clones.
        counts: (BINS,), share of the pre-activations in each bin over the range of ``z``.
        outside: share of pre-activations outside the range or non-finite.
        zones: the shaded zones, from left to right.
        key: key of the activation.
        alpha: the current parameter; ``None`` if the activation has none.
        handle: (z, φ(z)) of the handle that changes α; ``None`` without one.
        cost: measured time of φ and φ′ as a multiple of ReLU's; ``None`` until measured.
    """

    index: int
    layers: int
    name: str
    z: Floats
    phi: Floats
    slope: Floats
    shaded: Booleans
    zone: str
    share: float
    dead: int
    neurons: int
    distinct: int
    counts: Floats
    outside: float
    zones: tuple[Zone, ...]
    key: str
    alpha: float | None
    handle: tuple[float, float] | None
    cost: float | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences that summarize the layer, longest first."""
        neurons = "neuron" if self.neurons == 1 else "neurons"
        parts, short = [], []
        if self.shaded.any():
            slope = "φ′ = 0" if self.zone == "dead" else "φ′ ≈ 0"
            parts.append(f"{slope} for {percent(self.share, 0)} of inputs")
            short.append(f"{slope}: {percent(self.share, 0)}")
        # The share of inputs alone could be misread as a share of dead neurons, so report both.
        if self.dead or (self.zone == "dead" and self.shaded.any()):
            parts.append(f"{self.dead} of {self.neurons} {neurons} dead")
            short.append(f"{self.dead} of {self.neurons} dead")
        if self.distinct < self.neurons:
            parts.append(f"{self.distinct} of {self.neurons} {neurons} distinct")
            short.append(f"{self.distinct} of {self.neurons} distinct")
        if not parts:
            return ("no saturated or dead zone",)
        return ("; ".join(parts), "; ".join(short), short[-1])


def activation_data(snapshot: Snapshot, index: int, reach: SymmetricRange) -> ActivationData:
    """Return the data of layer ``index``; ``reach`` keeps the range stable across snapshots."""
    network = snapshot.network
    layer = network.architecture.layers[index]
    activation = OUTPUT_ACTIVATIONS[layer.activation]
    alpha = network.alpha(index)
    Z = snapshot.trace.pre_activations[index]
    sample = Z[:: max(1, -(-Z.size // MAX_VALUES))]
    values = sample.ravel()
    finite = values[np.isfinite(values)]
    quantile = float(np.quantile(np.abs(finite), 0.99)) if len(finite) else 0.0
    half = reach.fit(min(quantile * 1.1, 1e12))
    # Points very close to 0 draw the jump of a step function as a vertical line.
    z = np.sort(np.append(np.linspace(-half, half, POINTS), [-1e-9 * half, 1e-9 * half]))
    with np.errstate(over="ignore", invalid="ignore"):
        if activation.row_wise:
            columns = np.zeros((len(z), max(layer.fan_out, 2)))
            columns[:, 0] = z
            phi = softmax(columns)[:, 0]
            slope = phi * (1.0 - phi)
            shaded = slope <= activation.saturates_below * activation.max_slope
        else:
            phi, slope = activation.function(z, alpha), activation.derivative(z, alpha)
            shaded = saturated(z, alpha, activation)
    with np.errstate(over="ignore", invalid="ignore"):
        shaded_values = np.ones(values.shape, np.bool_) if activation.row_wise else saturated(values, alpha, activation)
    counts = np.histogram(finite, BINS, (-half, half))[0] / max(len(values), 1)
    return ActivationData(
        index=index,
        layers=len(network.architecture.layers),
        name=f"{layer.name} · {activation.label}",
        z=z,
        phi=phi,
        slope=slope,
        shaded=shaded,
        zone=activation.zone,
        share=saturated_share(network, sample, index),
        dead=int(dead_neurons(network, Z, index).sum()),
        neurons=layer.fan_out,
        distinct=distinct_neurons(network, index),
        counts=counts,
        outside=1.0 - float(counts.sum()),
        zones=_zones(z, shaded, values, shaded_values),
        key=layer.activation,
        alpha=None if activation.alpha is None else alpha,
        handle=_handle(activation, alpha, half) if index < len(network.architecture.layers) - 1 else None,
    )


def _zones(z: Floats, shaded: Booleans, values: Floats, saturated_values: Booleans) -> tuple[Zone, ...]:
    """Return the runs of ``shaded`` (points,) over ``z`` with the share of ``values`` in each; outer runs extend to ±∞.

    The true edge of a run lies between two points of ``z``, so values there are counted by ``saturated_values``.
    """
    outer = np.concatenate([[-np.inf], z, [np.inf]])
    change = np.flatnonzero(np.diff(np.concatenate([[False], shaded, [False]]).astype(np.int8)))
    zones = []
    for start, end in zip(change[::2].tolist(), change[1::2].tolist(), strict=True):
        inside = saturated_values & (values > outer[start]) & (values < outer[end + 1])
        share = float(np.mean(inside)) if len(values) else 0.0
        zones.append(Zone(float(z[start]), float(z[end - 1]), share))
    return tuple(zones)


def _handle(activation: Activation, alpha: float, half: float) -> tuple[float, float] | None:
    """Return the position of the handle: left of 0, where α has an effect."""
    if activation.alpha is None:
        return None
    z = -min(0.5 * half, HANDLE_Z)
    return z, float(activation.function(np.array([z]), alpha)[0])
