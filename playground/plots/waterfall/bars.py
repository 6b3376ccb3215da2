"""The data of the waterfall, and the bars drawn of them: two per hidden layer, for W and for φ′."""

from __future__ import annotations

import math

from msgspec import Struct

from core.analysis.delta_split import DeltaSplit


class WaterfallData(Struct, frozen=True):
    """Data of the waterfall.

    Attributes:
        split: log₁₀‖δ‖ of each layer and the two parts of each change.
        names: names of the layers, the output last.
    """

    split: DeltaSplit
    names: tuple[str, ...]


class Bar(Struct, frozen=True):
    """One bar of the waterfall.

    Attributes:
        layer: index of the hidden layer.
        is_slope: whether the change is due to φ′ rather than to the weights after the layer.
        start: log₁₀ before the change.
        end: log₁₀ after the change; −inf if the gradient becomes 0.
    """

    layer: int
    is_slope: bool
    start: float
    end: float

    @property
    def change(self) -> float:
        """Decades gained (positive) or lost (negative)."""
        return self.end - self.start


def bars_of(split: DeltaSplit) -> tuple[Bar, ...]:
    """Return the bars in backward order, as far as the gradient is finite and not 0."""
    bars: list[Bar] = []
    norms, changes = split.log_norms.tolist(), split.by_weights.tolist()
    for layer in reversed(range(len(changes))):
        start, weights, end = norms[layer + 1], changes[layer], norms[layer]
        if not math.isfinite(start) or math.isnan(weights) or math.isnan(end):
            break
        bars.append(Bar(layer, is_slope=False, start=start, end=start + weights))
        if math.isfinite(weights):
            bars.append(Bar(layer, is_slope=True, start=start + weights, end=end))
    return tuple(bars)
