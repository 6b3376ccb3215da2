"""Data for the dropout card: inputs of the layer after a dropout, and the exact mean over all masks."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.dropout_inputs import ArrivingInputs, arriving_inputs
from core.analysis.dropout_truth import MAX_DROPPABLE, SCALINGS, Means, dropout_truth, droppable
from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.architecture import Architecture
from core.random_streams import stream
from core.training.snapshot import Snapshot
from playground.plotting.canvas.ranges import nice_ceiling
from playground.style.numbers import short, thousands
from playground.worker.background import Advance

BINS: Final = 48
PASSES: Final = 24
SAMPLES: Final = 150
MAX_VALUES: Final = 60_000
"""Maximum number of values; wide layers use fewer samples."""

EXACT_SAMPLES: Final = 24
"""Number of samples for the exact mean over all masks."""

MAX_END: Final = 1e12
"""Maximum extent of the histograms."""

TOLERANCE: Final = 0.02
"""A ratio within 2 % of 1 counts as correct: dropout in earlier layers shifts the mean slightly."""


class ScalingRow(Struct, frozen=True, eq=False):
    """Results of one dropout scaling.

    Attributes:
        scaling: key of the scaling.
        label: name of the scaling.
        training: (BINS,), share of z per bin in training passes.
        mean: (BINS,), share per bin of the means of z over masks.
        test: (BINS,), share of z per bin at test time.
        ratio: mean input at test time relative to that in training.
        exact: output pre-activations, exact mean over all masks and scaled pass; ``None`` with too many masks.
    """

    scaling: DropoutScaling
    label: str
    training: Floats
    mean: Floats
    test: Floats
    ratio: float
    exact: Means | None


class DropoutData(Struct, frozen=True, eq=False):
    """Data of the dropout card.

    Attributes:
        layer: index of the layer with input dropout.
        layers: number of layers.
        rate: drop probability p.
        ends: range of the histograms.
        active: the scaling that training uses.
        masks: number of neurons that can be dropped; there are 2 to this power masks.
        rows: one row per scaling; empty without dropout.
    """

    layer: int
    layers: int
    rate: float
    ends: tuple[float, float]
    active: DropoutScaling
    masks: int
    rows: tuple[ScalingRow, ...]


def dropout_layers(architecture: Architecture) -> tuple[int, ...]:
    """Return the layers with input dropout."""
    return tuple(index for index, rate in enumerate(architecture.dropout_rates) if rate > 0.0)


def dropout_name(architecture: Architecture, layer: int) -> str:
    """Return a name for the dropout on the inputs of ``layer``: ``Hidden 1 → Hidden 2``."""
    source = architecture.layers[layer - 1].name if layer else "Features"
    return f"{source} → {architecture.layers[layer].name}"


def dropout_data(snapshot: Snapshot, layer: int, advance: Advance) -> DropoutData | None:
    """Return the data of ``layer``'s inputs, or of the first layer with input dropout; ``None`` if cancelled."""
    network = snapshot.network
    architecture = network.architecture
    dropped = dropout_layers(architecture)
    active = architecture.dropout_scaling
    if not dropped:
        return DropoutData(0, len(architecture.layers), 0.0, (0.0, 1.0), active, 0, ())
    layer = layer if layer in dropped else dropped[0]
    width = architecture.layers[layer].fan_out
    samples = max(min(SAMPLES, MAX_VALUES // (PASSES * width)), 2)
    X = snapshot.data.x_train[:samples]
    inputs_by_scaling: list[ArrivingInputs] = []
    for number, scaling in enumerate(SCALINGS):
        # Use the same masks for each scaling, so that only the scaling differs.
        rngs = [stream(0, "dropout card", index) for index in range(len(architecture.layers))]
        inputs_by_scaling.append(arriving_inputs(network, X, layer, scaling, PASSES, rngs=rngs))
        if not advance(number + 1, 2 * len(SCALINGS)):
            return None
    ends = _ends(inputs_by_scaling)
    count = droppable(architecture)
    rows = []
    for number, inputs in enumerate(inputs_by_scaling):
        exact = _exact(network, X[:EXACT_SAMPLES], inputs.scaling) if count <= MAX_DROPPABLE else None
        rows.append(
            ScalingRow(
                inputs.scaling,
                DROPOUT_SCALINGS[inputs.scaling].label,
                _shares(inputs.training, ends),
                _shares(inputs.mean, ends),
                _shares(inputs.test, ends),
                inputs.ratio,
                exact,
            )
        )
        if not advance(len(SCALINGS) + number + 1, 2 * len(SCALINGS)):
            return None
    return DropoutData(
        layer, len(architecture.layers), architecture.dropout_rates[layer], ends, active, count, tuple(rows)
    )


def _exact(network: Network, X: Floats, scaling: DropoutScaling) -> Means:
    with np.errstate(over="ignore", invalid="ignore"):
        return dropout_truth(network, X, scaling).pre_activation


def _ends(inputs_by_scaling: list[ArrivingInputs]) -> tuple[float, float]:
    """Return a range with round limits that contains nearly all values."""
    lows, highs = [], []
    for inputs in inputs_by_scaling:
        for values in (inputs.training, inputs.test):
            finite = np.clip(values[np.isfinite(values)], -MAX_END, MAX_END)
            if finite.size:
                low, high = np.quantile(finite, (0.003, 0.997))
                lows.append(float(low))
                highs.append(float(high))
    if not lows:
        return -1.0, 1.0
    low, high = min(lows), max(highs)
    step = nice_ceiling(max(high - low, 1e-6 * max(abs(low), abs(high)), 1e-12)) / 10.0
    return math.floor(low / step) * step, math.ceil(high / step + 1e-9) * step


def _shares(values: Floats, ends: tuple[float, float]) -> Floats:
    """Return the share of ``values`` in each bin; non-finite values and values outside the range are in none."""
    finite = values[np.isfinite(values)]
    return np.asarray(np.histogram(finite, BINS, ends)[0] / max(values.size, 1))


def dropout_sentences(data: DropoutData) -> tuple[str, ...]:
    """Return sentences on whether the scaling preserves the mean, longest first."""
    if not data.rows:
        return ("no dropout: raise the drop probability to see what scaling does", "no dropout")
    by_key = {row.scaling: row for row in data.rows}
    used = by_key[data.active]
    if not np.isfinite(used.ratio):
        return ("the inputs of the next layer are not finite", "not finite")
    right = abs(used.ratio - 1.0) <= TOLERANCE
    verdict = "the same as in training" if right else f"{short(used.ratio, 3)} × that in training"
    exact = ""
    if used.exact is not None and np.isfinite(used.exact.error):
        how = "equals" if used.exact.is_exact else f"differs by {short(used.exact.error, 2)} from"
        exact = f"; scaled pass {how} the mean over {thousands(2**data.masks)} masks"
    name = used.label.lower()
    return (
        f"{name}: mean input at test time is {verdict}{exact}",
        f"{name}: mean input at test time is {verdict}",
        f"{name}: test = {short(used.ratio, 3)} × training",
    )
