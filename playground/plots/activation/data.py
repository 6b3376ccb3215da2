"""Data for the activation card: φ, φ′ and the pre-activations of one layer."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import dead_neurons, distinct_neurons
from core.arrays import Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation, saturated, softmax
from core.training.snapshot import Snapshot
from playground.plots.activation.zones import Zone, percentages, zones_of
from playground.plotting.canvas.ranges import SymmetricRange
from playground.style.numbers import percent

POINTS: Final = 161
BINS: Final = 60
HANDLE_Z: Final = 2.0
"""The handle lies at z = −2, or closer to 0 if −2 is outside the range; ELU and swish level off further left."""

MAX_VALUES: Final = 20_000
"""Maximum number of pre-activations in the histogram, from evenly spaced samples."""


class ActivationData(Struct, frozen=True):
    """One layer's activation.

    Attributes:
        index: the layer.
        layers: number of layers.
        name: ``Hidden 1 · tanh``.
        z: (points,), at which the curves are evaluated.
        phi: φ at ``z``; for softmax as a function of one z, with the others at 0.
        slope: φ′ at ``z``.
        zone: name of the zones: ``saturated`` or ``dead``.
        share: share of pre-activations in the zones; for softmax, which has none, of those where φ′ is nearly 0.
        dead: number of neurons with φ′ = 0 on every sample.
        neurons: number of neurons.
        distinct: number of neurons with different incoming weights; the others are clones.
        counts: (BINS,), share of the pre-activations in each bin over the range of ``z``.
        outside: share of pre-activations outside the range or non-finite.
        zones: the zones, from left to right, also beyond the range of ``z``.
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

    def over(self, ends: tuple[float, float]) -> tuple[Floats, Floats, Floats]:
        """Return z, φ and φ′ (n,), (n,), (n,) between ``ends``, which may be beyond the layer's own range."""
        if ends == (self.z[0], self.z[-1]):
            return self.z, self.phi, self.slope
        return curves(self.key, 0.0 if self.alpha is None else self.alpha, self.neurons, ends)

    @property
    def zone_percents(self) -> tuple[str, ...]:
        """The share of each zone, in whole percent that add up to the share in the sentence."""
        if not math.isfinite(self.share):
            return tuple(percent(self.share) for _ in self.zones)
        return tuple(percent(each / 100.0, 0) for each in percentages(self.share, [zone.share for zone in self.zones]))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences that summarize the layer, longest first."""
        if math.isnan(self.share):
            return ("no samples yet, so no pre-activations", "no samples yet")
        neurons = "neuron" if self.neurons == 1 else "neurons"
        parts, short = [], []
        if self.zones or OUTPUT_ACTIVATIONS[self.key].row_wise:
            slope = "φ′ = 0" if self.zone == "dead" else "φ′ ≈ 0"
            parts.append(f"{slope} for {percent(self.share, 0)} of z")
            short.append(f"{slope}: {percent(self.share, 0)}")
        # The share of z alone could be misread as a share of dead neurons, so report both.
        if self.dead or (self.zone == "dead" and self.zones):
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
    z, phi, slope = curves(layer.activation, alpha, layer.fan_out, (-half, half))
    with np.errstate(over="ignore", invalid="ignore"):
        hardly_learns = saturated(sample, alpha, activation).ravel()
    counts = np.histogram(finite, BINS, (-half, half))[0] / max(len(values), 1)
    return ActivationData(
        index=index,
        layers=len(network.architecture.layers),
        name=f"{layer.name} · {activation.label}",
        z=z,
        phi=phi,
        slope=slope,
        zone=activation.zone,
        share=float(hardly_learns.mean()) if len(values) else math.nan,
        dead=int(dead_neurons(network, Z, index).sum()),
        neurons=layer.fan_out,
        distinct=distinct_neurons(network, index),
        counts=counts,
        outside=1.0 - float(counts.sum()),
        zones=zones_of(activation, alpha, values, hardly_learns),
        key=layer.activation,
        alpha=None if activation.alpha is None else alpha,
        handle=_handle(activation, alpha, half) if index < len(network.architecture.layers) - 1 else None,
    )


def curves(key: str, alpha: float, neurons: int, ends: tuple[float, float]) -> tuple[Floats, Floats, Floats]:
    """Return z, φ and φ′ (n,), (n,), (n,) of the activation ``key`` between ``ends``.

    Softmax is that of a layer of ``neurons``, as a function of one z with the others at 0.
    """
    activation, tiny = OUTPUT_ACTIVATIONS[key], 1e-9 * max(abs(end) for end in ends)
    # Points very close to 0 draw the jump of a step function as a vertical line.
    jump = [each for each in (-tiny, tiny) if ends[0] < each < ends[1]]
    z = np.sort(np.append(np.linspace(*ends, POINTS), jump))
    with np.errstate(over="ignore", invalid="ignore"):
        if activation.row_wise:
            columns = np.zeros((len(z), max(neurons, 2)))
            columns[:, 0] = z
            phi = softmax(columns)[:, 0]
            return z, phi, phi * (1.0 - phi)
        return z, activation.function(z, alpha), activation.derivative(z, alpha)


def _handle(activation: Activation, alpha: float, half: float) -> tuple[float, float] | None:
    """Return the position of the handle: left of 0, where α has an effect."""
    if activation.alpha is None:
        return None
    z = -min(0.5 * half, HANDLE_Z)
    return z, float(activation.function(np.array([z]), alpha)[0])
