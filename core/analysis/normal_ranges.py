"""Normal ranges of diagnostics: the interval in which they lie in networks that learned, as on a blood test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.analysis.gradient_flow import (
    dead_neurons,
    first_to_last,
    saturated_share,
    update_ratios,
    weight_gradient_norms,
)
from core.arrays import Floats
from core.network import Gradients, Network, Trace

LEARNED: Final = 0.5
"""A run has learned if its final training loss is at most this share of the best constant prediction's."""

MIN_LEARNED: Final = 20
"""Minimum number of runs that learned for a meaningful range."""

PERCENTILES: Final = (2.5, 50.0, 97.5)
"""Quantiles of the lower limit, the median and the upper limit of a range, which contains 95 % of the values."""


class State(Struct, frozen=True):
    """The state of a network to measure.

    Attributes:
        network: architecture and parameters.
        trace: forward pass without dropout.
        gradients: of the mean loss over the same samples.
        update: change of each parameter in the last step, (P,).
    """

    network: Network
    trace: Trace
    gradients: Gradients
    update: Floats


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One quantity with a normal range.

    Attributes:
        key: key in ``DIAGNOSTICS``.
        label: displayed name.
        short_label: its form for narrow plots.
        scale: ``log`` for ratios, ``share`` for shares from 0 to 1.
        of: returns the measured values, one for each layer concerned, NaN where it does not apply.
        hidden_only: whether there are values for hidden layers only.
        per_layer: whether there is a value for each layer; otherwise there is one for the network.
    """

    key: str
    label: str
    short_label: str
    scale: Literal["log", "share"]
    of: Callable[[State], Floats]
    hidden_only: bool = False
    per_layer: bool = True


def _gradient_ratio(state: State) -> Floats:
    return np.array([first_to_last(weight_gradient_norms(state.network, state.gradients))])


def _update_ratio(state: State) -> Floats:
    if not state.update.any():
        return np.full(len(state.network.architecture.layers), np.nan)
    return update_ratios(state.network, state.update)


def _saturated(state: State) -> Floats:
    """Return the saturated share of each hidden layer; NaN for activations with a dead zone, which always use it."""
    layers = state.network.architecture.layers[:-1]
    return np.array(
        [
            saturated_share(state.network, state.trace.pre_activations[index], index)
            if layer.activation_entry.zone == "saturated"
            else np.nan
            for index, layer in enumerate(layers)
        ]
    )


def _dead(state: State) -> Floats:
    hidden = range(len(state.network.architecture.layers) - 1)
    Z = state.trace.pre_activations
    return np.array([dead_neurons(state.network, Z[index], index).mean() for index in hidden])


def _variance(state: State) -> Floats:
    return np.array([float(np.var(A)) for A in state.trace.activations[:-1]])


def _table(*diagnostics: Diagnostic) -> Mapping[str, Diagnostic]:
    return MappingProxyType({each.key: each for each in diagnostics})


DIAGNOSTICS: Final = _table(
    Diagnostic(
        key="gradient_ratio",
        label="Gradient, first over last layer",
        short_label="Gradient ratio",
        scale="log",
        of=_gradient_ratio,
        per_layer=False,
    ),
    Diagnostic(key="update_ratio", label="Update ‖ΔW‖/‖W‖", short_label="Update", scale="log", of=_update_ratio),
    Diagnostic(
        key="saturated",
        label="Share of saturated z",
        short_label="Saturated z",
        scale="share",
        of=_saturated,
        hidden_only=True,
    ),
    Diagnostic(
        key="dead", label="Share of dead neurons", short_label="Dead neurons", scale="share", of=_dead, hidden_only=True
    ),
    Diagnostic(
        key="variance",
        label="Variance of activations",
        short_label="Variance of a",
        scale="log",
        of=_variance,
        hidden_only=True,
    ),
)
"""Every diagnostic by key."""

Measurements: TypeAlias = Mapping[str, Floats]
"""The values of each diagnostic, by key."""


def measure(state: State) -> Measurements:
    """Return every diagnostic of ``state``."""
    with np.errstate(all="ignore"):
        return {key: diagnostic.of(state) for key, diagnostic in DIAGNOSTICS.items()}


class Range(Struct, frozen=True):
    """The normal range of one diagnostic; arrays are (n,), NaN where no run that learned has a value.

    Attributes:
        low: lower limits.
        middle: medians.
        high: upper limits.
    """

    low: Floats
    middle: Floats
    high: Floats


class Ranges(Struct, frozen=True):
    """The normal ranges of all diagnostics.

    Attributes:
        runs: number of runs.
        learned: number of runs that learned.
        by_key: the range of each diagnostic; empty if too few runs learned.
    """

    runs: int
    learned: int
    by_key: Mapping[str, Range]


class Run(Struct, frozen=True):
    """One reference run.

    Attributes:
        remaining: final training loss as a share of the best constant prediction's; infinite if it diverged.
        measurements: the diagnostics at several moments of the run; none if it has not learned.
    """

    remaining: float
    measurements: tuple[Measurements, ...]

    @property
    def learned(self) -> bool:
        """Whether the run learned, so that it counts for the ranges."""
        return self.remaining <= LEARNED


def ranges_of(runs: Sequence[Run]) -> Ranges:
    """Return the ranges in which the measurements of the runs that learned lie, pooled over runs and moments."""
    good = [run for run in runs if run.learned]
    if len(good) < MIN_LEARNED:
        return Ranges(len(runs), len(good), MappingProxyType({}))
    pooled = [measurements for run in good for measurements in run.measurements]
    by_key = {key: _range([measurements[key] for measurements in pooled]) for key in DIAGNOSTICS}
    return Ranges(len(runs), len(good), MappingProxyType(by_key))


def _range(values: Sequence[Floats]) -> Range:
    table = np.stack(values)
    limits = np.full((len(PERCENTILES), table.shape[1]), np.nan)
    for column in range(table.shape[1]):
        known = table[:, column]
        known = known[np.isfinite(known)]
        if len(known) >= MIN_LEARNED:
            limits[:, column] = np.percentile(known, PERCENTILES)
    return Range(*limits)


class Outlier(Struct, frozen=True):
    """A value outside its normal range.

    Attributes:
        key: key of the diagnostic.
        index: index of the layer, or 0 for the whole network.
        value: the value.
        low: lower limit of the range.
        high: upper limit of the range.
    """

    key: str
    index: int
    value: float
    low: float
    high: float


def outliers(ranges: Ranges, measurements: Measurements) -> tuple[Outlier, ...]:
    """Return the values outside their ranges, in the order of the diagnostics; values that do not apply are left out."""
    return tuple(
        Outlier(key, index, value, low, high)
        for key, each in ranges.by_key.items()
        for index, (value, low, high) in enumerate(
            zip(measurements[key].tolist(), each.low.tolist(), each.high.tolist(), strict=True)
        )
        if value < low or value > high
    )
