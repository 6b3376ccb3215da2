"""Compute the loss slice: the loss along one parameter, its slope, the next step, and a sentence about it."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from core.analysis.gradient_check import has_kink
from core.analysis.landscape import Slice, loss_along, weight_slice
from core.analysis.sharpness import curvature_along
from core.arrays import Floats
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.network.architecture import Architecture
from core.training.recorders.curve_state import TOO_FAST, curve_state, since_last_mark
from core.training.snapshot import Snapshot
from playground.inspector.snapshot_numbers import next_step
from playground.style.numbers import MINUS, short

MAX_SAMPLES: Final = 500
POINTS: Final = 41
LIVE_COST: Final = 6_000_000
"""Cost (:func:`cost_of`) above which a slice waits until training pauses (measured: 3 ms on one slow core)."""
PAUSED_COST: Final = 200_000_000
"""Cost above which a slice uses fewer samples (measured: 60 ms)."""
ELEMENT_COST: Final = 12
"""Cost of an activation in multiplications (measured for tanh)."""

MAX_LABEL: Final = 7
"""Maximum length of a tick label."""

_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


class Range(Struct, frozen=True):
    """The range of parameter values shown: ``centre`` ± ``half_width``."""

    centre: float
    half_width: float

    @property
    def low(self) -> float:
        """The lowest value."""
        return self.centre - self.half_width

    @property
    def high(self) -> float:
        """The highest value."""
        return self.centre + self.half_width


class PinnedSlice(Struct, frozen=True, eq=False):
    """The loss of a pinned run along the same parameter.

    Attributes:
        name: name of the pin.
        colour: index of its colour and dash pattern.
        losses: its loss at each value of the slice, (POINTS,).
        here: its value of the parameter.
        differences: how its settings differ from those of the current run.
    """

    name: str
    colour: int
    losses: Floats
    here: float
    differences: str = ""


class ShownSlice(Struct, frozen=True):
    """Everything that the plot shows.

    Attributes:
        name: ``w`` or ``b``.
        range: range of the parameter's values.
        slice: the loss over that range.
        step: change of the parameter by the next step.
        landing: loss after that step, with all other parameters unchanged.
        samples: number of samples over which the loss is averaged.
        curvature: ∂²L/∂w² at the current value.
        sentence: what the plot shows.
        pinned: the compared pinned run.
        stable: the α above which descent diverges along the sharpest direction of all parameters; ``None`` if unknown.
    """

    name: str
    range: Range
    slice: Slice
    step: float
    landing: float
    samples: int
    curvature: float
    sentence: str
    pinned: PinnedSlice | None = None
    stable: float | None = None

    @property
    def limit(self) -> float | None:
        """2 / curvature, the α above which steps along this parameter alone overshoot; ``None`` where it curves down."""
        return 2.0 / self.curvature if 0.0 < self.curvature < math.inf else None

    @property
    def overshoot(self) -> float | None:
        """The parameter's value after a step with α at the limit; on a parabola its loss equals the current loss."""
        return self._landing_of(self.limit)

    @property
    def stable_landing(self) -> float | None:
        """The parameter's value after a step with the α that is the limit for all parameters at once."""
        return self._landing_of(self.stable)

    def _landing_of(self, rate: float | None) -> float | None:
        """Return the parameter's value after a plain step with α = ``rate``; ``None`` if it is not finite."""
        value = math.nan if rate is None else self.slice.here - rate * self.slice.slope
        return value if math.isfinite(value) else None


def cost_of(architecture: Architecture, layer: int, samples: int) -> int:
    """Return the approximate number of multiplications for a slice along a parameter of ``layer``."""
    later = architecture.layers[layer:]
    products = sum(each.fan_in * each.fan_out for each in later[1:])
    return POINTS * samples * (products + ELEMENT_COST * sum(each.fan_out for each in later))


def is_costly(snapshot: Snapshot, layer: int) -> bool:
    """Return whether a slice along a parameter of ``layer`` would slow down the window during training."""
    samples = min(len(snapshot.data.x_train), MAX_SAMPLES)
    return cost_of(snapshot.network.architecture, layer, samples) > LIVE_COST


def range_for(value: float, step: float, before: Range | None = None) -> Range:
    """Return a range with round ends around ``value`` that shows ``step``, or ``before`` if that still fits.

    The range does not extend to a step far longer than the parameter's magnitude, which would flatten the curve.
    """
    if not math.isfinite(value):
        return before or Range(0.0, 1.0)
    size = max(1.0, abs(value) / 2)
    reach = min(1.25 * abs(step), 4 * size) if math.isfinite(step) else size
    wanted = max(size, reach)
    if before is not None and abs(value - before.centre) <= 0.7 * before.half_width:
        wide = before.half_width >= reach
        if wide and before.half_width <= 3 * wanted:
            return before
    power = 10.0 ** math.floor(math.log10(wanted))
    half_width = next(factor * power for factor in _STEPS if factor * power >= wanted * (1 - 1e-9))
    grid = half_width / 2
    return Range(round(value / grid) * grid, half_width)


def slice_of(
    snapshot: Snapshot, layer: int, index: int, name: str, before: Range | None = None, *, hold: bool = False
) -> ShownSlice:
    """Return the slice along the parameter at flat ``index``, which belongs to ``layer``.

    Args:
        snapshot: provides the network and the training samples.
        layer: layer of the parameter.
        index: flat index of the parameter.
        name: ``w`` or ``b``.
        before: the range shown so far.
        hold: keep that range, whatever the value, so that the plot does not jump during a drag.
    """
    network, data, settings = snapshot.network, snapshot.data, snapshot.experiment.training
    samples = min(len(data.x_train), MAX_SAMPLES)
    samples = max(1, min(samples, samples * PAUSED_COST // cost_of(network.architecture, layer, samples)))
    X, Y = data.x_train[:samples], data.y_train[:samples]
    plain = OPTIMIZERS[settings.optimizer].plain
    step = next_step(snapshot, index)[1] if plain else -settings.learning_rate * float(snapshot.gradients.flat[index])
    shown = before if before and hold else range_for(float(network.parameters[index]), step, before)
    taken = weight_slice(network, X, Y, index, shown.half_width, POINTS, centre=shown.centre)
    landing = math.nan
    if math.isfinite(step):
        direction = np.zeros(network.architecture.size)
        direction[index] = 1.0
        landing = float(loss_along(network, X, Y, direction, np.array([step]))[0])
    too_fast = curve_state(since_last_mark(snapshot.curve)) in TOO_FAST
    noun = "weight" if name == "w" else "bias"
    curvature = curvature_along(network, X, Y, index)
    # Where no kink is crossed, a step within the limit that the curvature sets lowers the loss.
    is_short = abs(step) * curvature < 2.0 * abs(taken.slope)
    kinked = landing > taken.loss and is_short and _crosses_kink(network, X, index, step)
    if snapshot.step_pass is None:
        sentence = sentence_on(taken, step, landing, noun, plain=plain, too_fast=too_fast, kinked=kinked)
    else:  # the step that is shown may go the other way than the mean over all samples
        of_step = float(snapshot.step_pass.gradient[index])
        sentence = f"Mean slope {short(taken.slope, 3)}, of this step {short(of_step, 3)}"
    return ShownSlice(name, shown, taken, step, landing, samples, curvature, sentence)


def sentence_on(
    taken: Slice,
    step: float,
    landing: float,
    noun: str,
    *,
    plain: bool = True,
    too_fast: bool = False,
    kinked: bool = False,
) -> str:
    """Return a short sentence on how the slope changes the parameter.

    Args:
        taken: the slice.
        step: change of the parameter.
        landing: loss after the step.
        noun: ``weight`` or ``bias``.
        plain: whether the optimizer takes exactly this step (SGD).
        too_fast: whether the loss rises or oscillates; a step that suits this parameter alone may be too long when
            all parameters move at once.
        kinked: whether a short step crosses a kink, such as ReLU's, beyond which the loss rises.
    """
    slope = taken.slope
    if not (math.isfinite(slope) and math.isfinite(taken.loss)):
        return "The loss is not finite here"
    lead = f"Slope {short(slope, 3)}"
    if step == 0:
        return f"{lead}: the {noun} stays"
    against = step < 0 < slope or slope < 0 < step
    if (against and landing > taken.loss + 1e-9 * abs(taken.loss)) or not math.isfinite(landing):
        return f"{lead}: beyond a kink the loss rises" if kinked else f"{lead}: the step overshoots, α too large"
    if too_fast:
        return f"{lead}: α too large for all weights at once"
    verb = "increases" if step > 0 else "decreases"
    moves = f"the {noun} {verb}"
    if not against:
        return f"{lead}; the penalty dominates: {moves}"
    if _passes_the_valley(taken, step, landing):
        return f"{lead}: the step passes the valley"
    return f"{lead}: {moves}" if plain else f"{lead}: going downhill, {moves}"


def _crosses_kink(network: Network, X: Floats, index: int, step: float) -> bool:
    """Return whether the parameter's ``step`` takes a pre-activation of any sample of ``X`` across a kink of φ."""
    moved = network.parameters.copy()
    moved[index] += step
    with np.errstate(over="ignore", invalid="ignore"):
        before, after = (each.forward(X).pre_activations for each in (network, Network(network.architecture, moved)))
    layers = enumerate(network.architecture.layers)
    kinked = [number for number, layer in layers if has_kink(layer, network.alpha(number))]
    return any(bool(((before[number] > 0.0) != (after[number] > 0.0)).any()) for number in kinked)


def _passes_the_valley(taken: Slice, step: float, landing: float) -> bool:
    low, high = sorted((taken.here, taken.here + step))
    between = taken.losses[(taken.values > low) & (taken.values < high)]
    return bool(np.any(between < landing - 1e-9 * abs(landing)))


class LossAxis(Struct, frozen=True):
    """The loss axis of a slice.

    Attributes:
        low: smallest loss shown, a round number.
        high: largest loss shown, a round number.
        ticks: losses with distinct labels.
        offset: number to add to the labels; empty for none.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    offset: str

    def ticks_for(self, rows: float) -> tuple[tuple[float, str], ...]:
        """Return the ticks for a plot that is ``rows`` lines of text high, with a line or more from one to the next."""
        if len(self.ticks) < 2:
            return self.ticks
        lines = (self.ticks[1][0] - self.ticks[0][0]) / (self.high - self.low) * rows
        return self.ticks[:: max(1, math.ceil(1.0 / max(lines, 1e-3)))]


def loss_axis(losses: Floats, here: float) -> LossAxis:
    """Return an axis that contains all finite ``losses`` (n,) and the current loss ``here``.

    If the losses differ only after many digits, the labels are differences from the lowest tick.
    """
    finite = [value for value in (*losses.tolist(), here) if math.isfinite(value)]
    if not finite:
        return LossAxis(0.0, 1.0, ((0.0, "0"), (1.0, "1")), "")
    low, high = min(finite), max(finite)
    smallest = (1e-9 if high > low else 0.1) * max(abs(high), 1e-300)
    span = max(high - low, smallest, 1e-300)
    power = 10.0 ** math.floor(math.log10(span / 2))
    unit = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if factor * power >= span / 2)
    first = math.floor(low / unit + 1e-9)
    last = max(math.ceil(high / unit - 1e-9), first + 1)
    ticks = [n * unit for n in range(first, last + 1)]
    labels, offset = [round_number(tick, unit) for tick in ticks], ""
    right = all(abs(float(t.replace(MINUS, "-")) - p) < 0.01 * unit for p, t in zip(ticks, labels, strict=True))
    if not right or max(map(len, labels)) > MAX_LABEL:
        labels = ["0", *(f"+{round_number(n * unit, unit)}" for n in range(1, len(ticks)))]
        offset = _exact(ticks[0], unit)
    return LossAxis(ticks[0], ticks[-1], tuple(zip(ticks, labels, strict=True)), offset)


def _exact(value: float, unit: float) -> str:
    """Format a multiple of ``unit`` with all its digits, such as ``0.69293145``."""
    digits = math.floor(math.log10(max(abs(value), unit))) - math.floor(math.log10(unit)) + 2
    return f"{value:.{min(digits, 17)}g}".replace("-", MINUS)


def round_number(value: float, unit: float) -> str:
    """Format a multiple of ``unit`` with as few digits as possible, such as ``0.5``, ``−1`` or ``2e−4``."""
    if not math.isfinite(value):
        return short(value)
    if abs(value) < unit * 1e-6:
        return "0"
    exact = float(f"{value:.6g}")
    written = [short(exact, digits) for digits in (1, 2, 3, 4)]
    return next(
        (text for text in written if math.isclose(float(text.replace(MINUS, "-")), exact, abs_tol=unit * 1e-3)),
        written[-1],
    )


def pixel(coordinate: float) -> float:
    """Clamp ``coordinate`` to a range that Qt can draw; NaN, which would crash Qt, becomes a point outside the plot."""
    return -1e5 if math.isnan(coordinate) else min(max(coordinate, -1e5), 1e5)
