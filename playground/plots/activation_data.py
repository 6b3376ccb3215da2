"""What the activation card shows of one layer: its function, its slope, and where its pre-activations lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.gradient_flow import dead_neurons, distinct_neurons, saturated_share
from core.arrays import Booleans, Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation, saturated, softmax
from core.training.snapshot import Snapshot
from playground.plotting.ranges import SymmetricRange
from playground.style.numbers import percent

POINTS: Final = 161
BINS: Final = 60
HELD_AT: Final = 2.0
"""The curve is held at −2, or nearer to 0 where that is out of sight: ELU and swish level off beyond."""

MAX_VALUES: Final = 20_000
"""The histogram looks at no more pre-activations than this (evenly chosen samples)."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of z in which a neuron hardly learns.

    Attributes:
        left: its lower end within the range.
        right: its upper end.
        share: share of all pre-activations in it, and beyond the range on its side.
    """

    left: float
    right: float
    share: float


@dataclass(frozen=True)
class ActivationData:
    """One layer's activation.

    Attributes:
        index: the layer.
        layers: how many there are.
        name: ``Hidden 1 · tanh``.
        z: (points,), where the curves are evaluated.
        phi: φ at ``z``; of softmax against one z with the others at 0.
        slope: φ′ at ``z``.
        shaded: where the neuron hardly learns, at ``z``.
        zone: what that is called: saturated or dead.
        share: share of pre-activations in the shaded zone.
        dead: neurons with φ′ = 0 on every sample.
        neurons: all neurons.
        distinct: neurons that differ in their incoming weights; the others are clones.
        counts: (BINS,), share of the pre-activations in each bin over the range of ``z``.
        outside: share of pre-activations beyond the range or not finite.
        zones: the shaded stretches with the share of the pre-activations in each, from left to right.
        key: of the activation.
        alpha: its parameter now; ``None`` where it has none.
        handle: (z, φ(z)), where the curve can be held to change α; ``None`` where it cannot.
        cost: measured time of φ and φ′ as a multiple of ReLU's; ``None`` until it is measured.
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
        """What to say of the layer, longest form first."""
        neurons = "neuron" if self.neurons == 1 else "neurons"
        parts, short = [], []
        if self.shaded.any():
            slope = "φ′ = 0" if self.zone == "dead" else "φ′ ≈ 0"
            parts.append(f"{slope} for {percent(self.share, 0)} of inputs")
            short.append(f"{slope}: {percent(self.share, 0)}")
        # A share of inputs alone reads as if neurons were dead: where they can be, both are said.
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
    """Return what to show of layer ``index``; ``reach`` keeps the range steady from one snapshot to the next."""
    network = snapshot.network
    layer = network.architecture.layers[index]
    row = OUTPUT_ACTIVATIONS[layer.activation]
    alpha = network.alpha(index)
    Z = snapshot.trace.pre_activations[index]
    seen = Z[:: max(1, -(-Z.size // MAX_VALUES))]
    values = seen.ravel()
    finite = values[np.isfinite(values)]
    far = float(np.quantile(np.abs(finite), 0.99)) if len(finite) else 0.0
    half = reach.fit(min(far * 1.1, 1e12))
    # Points close beside 0 make the jumps of step functions upright.
    z = np.sort(np.append(np.linspace(-half, half, POINTS), [-1e-9 * half, 1e-9 * half]))
    with np.errstate(over="ignore", invalid="ignore"):
        if row.row_wise:
            columns = np.zeros((len(z), max(layer.fan_out, 2)))
            columns[:, 0] = z
            phi = softmax(columns)[:, 0]
            slope = phi * (1.0 - phi)
            shaded = slope <= row.saturates_below * row.max_slope
        else:
            phi, slope = row.function(z, alpha), row.derivative(z, alpha)
            shaded = saturated(z, alpha, row)
    with np.errstate(over="ignore", invalid="ignore"):
        shaded_values = np.ones(values.shape, np.bool_) if row.row_wise else saturated(values, alpha, row)
    counts = np.histogram(finite, BINS, (-half, half))[0] / max(len(values), 1)
    return ActivationData(
        index=index,
        layers=len(network.architecture.layers),
        name=f"{layer.name} · {row.label}",
        z=z,
        phi=phi,
        slope=slope,
        shaded=shaded,
        zone=row.zone,
        share=saturated_share(network, seen, index),
        dead=int(dead_neurons(network, Z, index).sum()),
        neurons=layer.fan_out,
        distinct=distinct_neurons(network, index),
        counts=counts,
        outside=1.0 - float(counts.sum()),
        zones=_zones(z, shaded, values, shaded_values),
        key=layer.activation,
        alpha=None if row.alpha is None else alpha,
        handle=_handle(row, alpha, half) if index < len(network.architecture.layers) - 1 else None,
    )


def _zones(z: Floats, shaded: Booleans, values: Floats, saturated_values: Booleans) -> tuple[Zone, ...]:
    """Return the runs of ``shaded`` (points,) over ``z`` with the share of ``values`` in each; the outer ones are open.

    The edge of a run lies somewhere before its first point and behind its last; there each value itself decides.
    """
    outer = np.concatenate([[-np.inf], z, [np.inf]])
    change = np.flatnonzero(np.diff(np.concatenate([[False], shaded, [False]]).astype(np.int8)))
    zones = []
    for first, behind in zip(change[::2].tolist(), change[1::2].tolist(), strict=True):
        inside = saturated_values & (values > outer[first]) & (values < outer[behind + 1])
        share = float(np.mean(inside)) if len(values) else 0.0
        zones.append(Zone(float(z[first]), float(z[behind - 1]), share))
    return tuple(zones)


def _handle(row: Activation, alpha: float, half: float) -> tuple[float, float] | None:
    """Return where the curve is held to change α: to the left of 0, where α acts."""
    if row.alpha is None:
        return None
    z = -min(0.5 * half, HELD_AT)
    return z, float(row.function(np.array([z]), alpha)[0])
