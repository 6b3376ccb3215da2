"""Data for the forecast card: predicted and measured mean squares by layer, and their spread over seeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.analysis.forecast import LayerMoments, change_per_layer, forecast_and_measured, measured_at_start
from core.arrays import Floats
from core.experiment import DataSettings
from core.network.architecture import Architecture
from core.training.snapshot import Snapshot
from playground.style.numbers import short, thousands
from playground.worker.background import Advance

SEEDS: Final = 20
"""Number of initializations in the band."""

MAX_SAMPLES: Final = 200
MIN_SAMPLES: Final = 16
MAX_PRODUCTS: Final = 2e9
"""Maximum number of multiplications for the band; wide networks are measured on fewer samples."""

STABLE: Final = 1.15
"""A factor per layer between 1/1.15 and 1.15 counts as stable: Xavier with tanh has 0.90, He with tanh 1.2."""

BandKey: TypeAlias = tuple[Architecture, int, DataSettings]
"""Everything the band depends on: the architecture, the seed and the data."""


class Band(Struct, frozen=True):
    """Range of the mean squares over many initializations.

    Attributes:
        key: the settings that the band was computed for.
        activations: (2, layers), lowest and highest E[a²].
        deltas: (2, layers), lowest and highest E[δ²] relative to that of the output, from which the forecast starts, too.
    """

    key: BandKey
    activations: Floats
    deltas: Floats


@dataclass(frozen=True)
class ForecastData:
    """Data of the forecast card.

    Attributes:
        predicted: forecast from initializers, gains and activations alone.
        measured: measured at the current weights.
        key: key of the matching band.
        band: range over the seeds, or ``None`` while it is being computed.
        step: updates so far; at 0, forecast and measurement should agree.
    """

    predicted: LayerMoments
    measured: LayerMoments
    key: BandKey
    band: Band | None = field(default=None, compare=False)
    step: int = 0

    @property
    def activation_band(self) -> Floats | None:
        """Lowest and highest E[a²] over the seeds, (2, layers)."""
        return None if self.band is None else self.band.activations

    @property
    def delta_band(self) -> Floats | None:
        """Lowest and highest E[δ²] over the seeds, if the output's is the measured one as in the forecast, (2, layers)."""
        return None if self.band is None else self.band.deltas * self.measured.delta_mean_square[-1]


def forecast_data(snapshot: Snapshot, band: Band | None) -> ForecastData:
    """Return forecast and measurement of ``snapshot``, with ``band`` if its key matches."""
    predicted, measured = forecast_and_measured(snapshot.network, snapshot.trace, snapshot.gradients)
    key = band_key(snapshot)
    return ForecastData(predicted, measured, key, band if band is not None and band.key == key else None, snapshot.step)


def band_key(snapshot: Snapshot) -> BandKey:
    """Return the key of the band of ``snapshot``."""
    return snapshot.network.architecture, snapshot.experiment.network.seed, snapshot.experiment.data


def band_of(snapshot: Snapshot, advance: Advance) -> Band | None:
    """Return the range of the mean squares over ``SEEDS`` initializations; ``None`` if cancelled."""
    architecture = snapshot.network.architecture
    affordable = int(MAX_PRODUCTS / (3.0 * SEEDS * architecture.size))
    samples = max(min(affordable, MAX_SAMPLES), MIN_SAMPLES)
    X, Y = snapshot.data.x_train[:samples], snapshot.data.y_train[:samples]
    activations, deltas = [], []
    for number in range(SEEDS):
        moments = measured_at_start(architecture, X, Y, snapshot.experiment.network.seed + number)
        activations.append(moments.activation_mean_square)
        deltas.append(moments.delta_mean_square)
        if not advance(number + 1, SEEDS):
            return None
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.array(deltas) / np.array(deltas)[:, -1:]
    return Band(band_key(snapshot), _ends(np.array(activations)), _ends(relative))


def _ends(values: Floats) -> Floats:
    """Return the minimum and maximum of each column, (2, layers)."""
    return np.array([values.min(axis=0), values.max(axis=0)])


def forecast_sentences(data: ForecastData) -> tuple[str, ...]:
    """Return sentences on the factor per layer by which the mean squares change, longest first."""
    forward = change_per_layer(data.predicted.activation_mean_square)
    back = _backward_change_per_layer(data.predicted.delta_mean_square)
    if not (np.isfinite(forward) and np.isfinite(back)):
        return _incomplete_forecast(data.predicted, data.measured, forward)
    measured = (
        change_per_layer(data.measured.activation_mean_square),
        _backward_change_per_layer(data.measured.delta_mean_square),
    )
    activations, deltas = f"E[a²] {times(forward)}", f"E[δ²] {times(back)}"
    is_stable = all(1.0 / STABLE <= value <= STABLE for value in (forward, back))
    word = "stable" if is_stable else "not stable"
    long = short_form = ""
    if np.isfinite(measured).all():
        long = f"; measured {times(measured[0])} and {times(measured[1])}"
        short_form = f"; measured {times(measured[0])}, {times(measured[1])}"
    return (
        f"{word}: {activations} per layer forward, {deltas} backward{long}",
        f"{word}: {activations} and {deltas} per layer{short_form}",
        f"per layer {activations}, {deltas}",
        word,
    )


def _incomplete_forecast(predicted: LayerMoments, measured: LayerMoments, forward: float) -> tuple[str, ...]:
    """Return sentences on a forecast without a factor per layer in one direction, longest first."""
    activations, deltas = predicted.activation_mean_square[:-1], predicted.delta_mean_square[:-1]
    if len(activations) < 2:
        return ("needs two hidden layers", "")
    if np.isnan(activations).any():
        return ("no forecast: theory needs random initial weights", "no forecast")
    if not (np.isfinite(activations).all() and np.isfinite(deltas).all()):
        return ("the forecast overflows", "no forecast")
    if measured.delta_mean_square[-1] == 0.0:
        reason = "the gradient at the output is 0"
    elif deltas[-1] == 0.0:
        reason = "E[δ²] is 0 in all hidden layers"
    else:
        return ("E[a²] is 0 in the first hidden layer", "no forecast")
    if not np.isfinite(forward):
        return (reason, "no gradient")
    return (f"E[a²] {times(forward)} per layer forward; {reason}", reason, "no gradient")


def _backward_change_per_layer(mean_squares: Floats) -> float:
    """Return the factor per layer in the backward direction, from the last hidden layer to the first."""
    return change_per_layer(np.concatenate([mean_squares[-2::-1], mean_squares[-1:]]))


def times(value: float) -> str:
    """Format a factor with two significant digits: ``× 0.93``, ``× 1 800``, ``× 5.2e5``."""
    if not np.isfinite(value):
        return "× –"
    rounded = float(f"{value:.1e}")
    return f"× {thousands(round(rounded))}" if 100.0 <= rounded < 1e5 else f"× {short(value, 2)}"
