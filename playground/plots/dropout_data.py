"""What the dropout card shows: what arrives behind a layer that drops, and the exact mean over all masks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analysis.dropout_inputs import ArrivingInputs, arriving_inputs
from core.analysis.dropout_truth import MAX_DROPPABLE, SCALINGS, Means, dropout_truth, droppable
from core.arrays import Floats
from core.experiment import DropoutScaling
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.architecture import Architecture
from core.random_streams import stream
from core.training.snapshot import Snapshot
from playground.plotting.ranges import nice_ceiling
from playground.style.numbers import short, thousands
from playground.worker.background import Advance

BINS: Final = 48
PASSES: Final = 24
SAMPLES: Final = 150
MAX_VALUES: Final = 60_000
"""A wide layer's inputs are looked at for fewer samples."""

EXACT_SAMPLES: Final = 24
"""Samples whose exact mean over all masks is taken."""

MAX_END: Final = 1e12
"""The histograms reach no further than this."""

RIGHT: Final = 0.02
"""A ratio within 2 % of 1 counts as right: earlier layers that drop bend the mean a little."""


@dataclass(frozen=True, eq=False)
class ScalingRow:
    """One way of scaling.

    Attributes:
        scaling: its key.
        label: its name.
        training: (BINS,), share of z in training passes in each bin.
        mean: (BINS,), share of their means over masks.
        test: (BINS,), share of z at test time.
        ratio: how many times what arrives on average in training arrives at test time.
        exact: output pre-activations, exact mean over all masks beside the scaled pass; ``None`` with too many masks.
    """

    scaling: DropoutScaling
    label: str
    training: Floats
    mean: Floats
    test: Floats
    ratio: float
    exact: Means | None


@dataclass(frozen=True, eq=False)
class DropoutData:
    """What the dropout card shows.

    Attributes:
        layer: whose inputs drop.
        layers: how many there are.
        rate: probability p with which they do.
        ends: of the range of the histograms.
        in_force: the scaling that training uses.
        masks: how many masks there are, 2 to the power of so many neurons.
        rows: one for each way of scaling; none where nothing drops.
    """

    layer: int
    layers: int
    rate: float
    ends: tuple[float, float]
    in_force: DropoutScaling
    masks: int
    rows: tuple[ScalingRow, ...]


def places_of(architecture: Architecture) -> tuple[int, ...]:
    """Return the layers whose inputs drop."""
    return tuple(index for index, rate in enumerate(architecture.dropout_rates) if rate > 0.0)


def place_name(architecture: Architecture, layer: int) -> str:
    """Return what drops and where it arrives: ``Hidden 1 → Hidden 2``."""
    source = architecture.layers[layer - 1].name if layer else "Features"
    return f"{source} → {architecture.layers[layer].name}"


def dropout_data(snapshot: Snapshot, layer: int, advance: Advance) -> DropoutData | None:
    """Return the data of ``layer``'s inputs, or of the first layer with input dropout; ``None`` if cancelled."""
    network = snapshot.network
    architecture = network.architecture
    places = places_of(architecture)
    in_force = architecture.dropout_scaling
    if not places:
        return DropoutData(0, len(architecture.layers), 0.0, (0.0, 1.0), in_force, 0, ())
    layer = layer if layer in places else places[0]
    width = architecture.layers[layer].fan_out
    samples = max(min(SAMPLES, MAX_VALUES // (PASSES * width)), 2)
    X = snapshot.data.x_train[:samples]
    arrived: list[ArrivingInputs] = []
    for number, scaling in enumerate(SCALINGS):
        # The same masks for each way of scaling, so that they differ by nothing else.
        rngs = [stream(0, "dropout card", index) for index in range(len(architecture.layers))]
        arrived.append(arriving_inputs(network, X, layer, scaling, PASSES, rngs=rngs))
        if not advance(number + 1, 2 * len(SCALINGS)):
            return None
    ends = _ends(arrived)
    count = droppable(architecture)
    rows = []
    for number, inputs in enumerate(arrived):
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
        layer, len(architecture.layers), architecture.dropout_rates[layer], ends, in_force, count, tuple(rows)
    )


def _exact(network: Network, X: Floats, scaling: DropoutScaling) -> Means:
    with np.errstate(over="ignore", invalid="ignore"):
        return dropout_truth(network, X, scaling).pre_activation


def _ends(arrived: list[ArrivingInputs]) -> tuple[float, float]:
    """Return round numbers that nearly all values lie between."""
    lows, highs = [], []
    for inputs in arrived:
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
    """Return the share of ``values`` in each bin; what lies beyond the ends or is not finite is in none."""
    finite = values[np.isfinite(values)]
    return np.asarray(np.histogram(finite, BINS, ends)[0] / max(values.size, 1))


def dropout_sentences(data: DropoutData) -> tuple[str, ...]:
    """Return which ways of scaling keep the mean, longest form first."""
    if not data.rows:
        return ("nothing is dropped: raise Drop probability p to see what scaling does", "nothing is dropped")
    by_key = {row.scaling: row for row in data.rows}
    used = by_key[data.in_force]
    if not np.isfinite(used.ratio):
        return ("nothing finite arrives at the next layer", "nothing arrives")
    right = abs(used.ratio - 1.0) <= RIGHT
    verdict = "as in training" if right else f"× {short(used.ratio, 3)} what arrives in training"
    exact = ""
    if used.exact is not None and np.isfinite(used.exact.error):
        exact = f"; scaled pass off by {short(used.exact.error, 2)} from the mean over {thousands(2**data.masks)} masks"
    name = used.label.lower()
    return (
        f"{name}: at test time the next layer gets {verdict}{exact}",
        f"{name}: at test time the next layer gets {verdict}",
        f"{name}: test × {short(used.ratio, 3)} training",
    )
