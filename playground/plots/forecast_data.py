"""What theory predicts of each layer's activations and gradients, what they are, and how far networks scatter around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from core.analysis.forecast import LayerMoments, change_per_layer, forecast_and_measured, measured_at_start
from core.arrays import Floats
from core.experiment import DataSettings
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot
from playground.style.numbers import short
from playground.worker.background import Advance

SEEDS: Final = 20
"""Networks with other initial weights that the band holds."""

MAX_SAMPLES: Final = 200
MIN_SAMPLES: Final = 16
WORK: Final = 2e9
"""Multiplications that the band may cost; wider networks are measured on fewer samples."""

FLAT: Final = 1.15
"""A factor per layer between 1/1.15 and 1.15 counts as flat: Xavier with tanh has 0.90, He with tanh 1.2."""

BandKey: TypeAlias = tuple[Architecture, int, DataSettings]
"""What the band depends on: the architecture, the seed and the data."""


@dataclass(frozen=True)
class Band:
    """Sizes over many initial weights.

    Attributes:
        key: what it belongs to.
        activations: (2, layers), lowest and highest E[a²].
        deltas: (2, layers), lowest and highest E[δ²].
    """

    key: BandKey
    activations: Floats
    deltas: Floats


@dataclass(frozen=True)
class ForecastData:
    """What the forecast card shows.

    Attributes:
        predicted: from initializers, gains and activations alone.
        measured: at the present weights.
        key: which band belongs to it.
        band: over the seeds, or ``None`` while it is computed.
        step: updates made: at 0 forecast and measured are to agree.
    """

    predicted: LayerMoments
    measured: LayerMoments
    key: BandKey
    band: Band | None = field(default=None, compare=False)
    step: int = 0


def forecast_data(snapshot: Snapshot, band: Band | None) -> ForecastData:
    """Return forecast and reality of ``snapshot``, with ``band`` if it is the right one."""
    predicted, measured = forecast_and_measured(snapshot.network, snapshot.trace, snapshot.gradients)
    key = band_key(snapshot)
    return ForecastData(predicted, measured, key, band if band is not None and band.key == key else None, snapshot.step)


def band_key(snapshot: Snapshot) -> BandKey:
    """Return what the band of ``snapshot`` depends on."""
    return snapshot.network.architecture, snapshot.experiment.network.seed, snapshot.experiment.data


def band_of(snapshot: Snapshot, advance: Advance) -> Band | None:
    """Return the initial sizes of networks with ``SEEDS`` other initial weights; ``None`` if cancelled."""
    architecture = snapshot.network.architecture
    affordable = int(WORK / (3.0 * SEEDS * architecture.size))
    samples = max(min(affordable, MAX_SAMPLES), MIN_SAMPLES)
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    activations, deltas = [], []
    for number in range(SEEDS):
        moments = measured_at_start(architecture, X, Y, snapshot.experiment.network.seed + number)
        activations.append(moments.activation_mean_square)
        deltas.append(moments.delta_mean_square)
        if not advance(number + 1, SEEDS):
            return None
    return Band(band_key(snapshot), _ends(np.array(activations)), _ends(np.array(deltas)))


def _ends(values: Floats) -> Floats:
    """Return the lowest and the highest of each column, (2, layers)."""
    return np.array([values.min(axis=0), values.max(axis=0)])


def forecast_sentences(data: ForecastData) -> tuple[str, ...]:
    """Return by which factor a layer the sizes tilt, longest form first."""
    forward = change_per_layer(data.predicted.activation_mean_square)
    back = _change_backwards(data.predicted.delta_mean_square)
    if not (np.isfinite(forward) and np.isfinite(back)):
        if len(data.measured.activation_mean_square) < 3:
            return ("needs two hidden layers", "")
        return ("no forecast for these initial weights or activations", "no forecast")
    real = (
        change_per_layer(data.measured.activation_mean_square),
        _change_backwards(data.measured.delta_mean_square),
    )
    activations, deltas = f"E[a²] {times(forward)}", f"E[δ²] {times(back)}"
    flat = all(1.0 / FLAT <= value <= FLAT for value in (forward, back))
    word = "flat" if flat else "tilted"
    return (
        f"{word}: {activations} per layer forward, {deltas} per layer back; measured {times(real[0])} and {times(real[1])}",
        f"{word}: {activations} and {deltas} per layer; measured {times(real[0])}, {times(real[1])}",
        f"per layer {activations}, {deltas}",
        word,
    )


def _change_backwards(mean_squares: Floats) -> float:
    """Return the factor per layer on the way from the last hidden layer back to the first."""
    return change_per_layer(np.concatenate([mean_squares[-2::-1], mean_squares[-1:]]))


def times(value: float) -> str:
    """Return a factor: ``× 0.93``."""
    return f"× {short(value, 2)}" if np.isfinite(value) else "× –"
