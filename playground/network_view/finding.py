"""One sentence on what the picture of a network shows: the title of its exported figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.analysis.layer_sizes import LARGE, layer_sizes
from core.arrays import Floats
from core.training.snapshot import Snapshot
from playground.network_view.edges.values import EdgeValue, flat_values
from playground.network_view.layout.shape import Shape
from playground.network_view.marks.shown import LegendEntry
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import index_of, selection_of
from playground.style.numbers import short

NOUNS: Final[dict[EdgeValue, str]] = {
    "weight": "Largest weight",
    "gradient": "Largest gradient",
    "update": "Largest change in the last step",
}
"""What the largest of the values on the edges is called; errors have no finding of their own."""


def finding(
    snapshot: Snapshot | None,
    shape: Shape,
    shows: EdgeValue,
    marks: Sequence[LegendEntry],
    restrictions: Restrictions = NONE,
) -> str:
    """Return how many neurons are marked, or where the largest shown value on an edge is; empty if there is neither."""
    if marks:
        hidden = sum(shape.counts[1:-1])
        return f"{', '.join(entry.text for entry in marks)} of {hidden} hidden neurons"
    noun = NOUNS.get(shows)
    if snapshot is None or noun is None:
        return ""
    architecture = snapshot.network.architecture
    values = flat_values(snapshot, shows)
    if len(values) != architecture.size:
        return ""
    hidden_at = [at for each in restrictions.hidden if (at := index_of(architecture, each)) is not None]
    if hidden_at:
        values = values.copy()
        values[hidden_at] = 0.0
    weights = [slice(layer.start, layer.bias.start) for layer in architecture.layers]
    if len(values) > LARGE and not hidden_at:
        # Only the layers with the largest number need to be searched; that of one with a NaN is unknown.
        largest = layer_sizes(architecture, values).largest
        known = np.max(largest[np.isfinite(largest)], initial=0.0)
        weights = [each for each, size in zip(weights, largest.tolist(), strict=True) if not size < known]
    index = _largest(values, weights)
    selection = None if index is None else selection_of(architecture, index)
    if index is None or selection is None:
        return ""
    ends = shape.called.of_parameter(selection).removeprefix("Weight ")
    return f"{noun}: {short(float(values[index]), 3)}, {ends}"


def _largest(values: Floats, weights: Sequence[slice]) -> int | None:
    """Return the index of the largest finite number by size in ``weights``, ranges of ``values``; ``None`` if all are 0.

    Layer by layer and without arrays of sizes, which took half a second for millions of weights.
    """
    best, index = 0.0, None
    for each in weights:
        part = values[each]
        if not len(part):
            continue
        if not (np.isfinite(part.max()) and np.isfinite(part.min())):
            part = np.where(np.isfinite(part), part, 0.0)
        place = min(int(part.argmax()), int(part.argmin()), key=lambda at: (-abs(part[at]), at))
        if abs(part[place]) > best:
            best, index = float(abs(part[place])), each.start + place
    return index
