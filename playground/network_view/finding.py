"""One sentence on what is to be seen in the picture of a network: the title of its exported figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.training.snapshot import Snapshot
from playground.network_view.edges import EdgeValue, flat_values
from playground.network_view.marks import LegendEntry
from playground.network_view.shape import Shape
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
    sizes = np.where(architecture.is_weight & np.isfinite(values), np.abs(values), 0.0)
    for each in restrictions.hidden:
        at = index_of(architecture, each)
        if at is not None:
            sizes[at] = 0.0
    index = int(sizes.argmax())
    selection = selection_of(architecture, index) if sizes[index] > 0.0 else None
    if selection is None:
        return ""
    ends = shape.called.of_parameter(selection).removeprefix("Weight ")
    return f"{noun}: {short(float(values[index]), 3)}, {ends}"
