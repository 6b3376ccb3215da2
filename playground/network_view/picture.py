"""A frozen description of the picture with everything needed to paint it, for the screen and for export."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from core.arrays import Booleans, Floats
from core.training.snapshot import Snapshot
from playground.network_view.edges import EdgeValue, flat_values, gap_values, strengths
from playground.network_view.geometry import Layout
from playground.network_view.marks import ColumnMarks
from playground.network_view.node_pictures import Strip
from playground.network_view.sample_marks import SampleMarks
from playground.network_view.shape import Shape
from playground.network_view.shown_parameters import Indices
from playground.session.selection import Selection
from playground.style.theme import Style

Strengths = npt.NDArray[np.float32]


class Picture(Struct, frozen=True):
    """Everything to be painted.

    Attributes:
        layout: positions of everything.
        shape: names and counts.
        style: colours and scale.
        strips: the pictures inside each column's nodes; ``None`` where they are not visible.
        strengths: for each gap (shown sources, shown targets), signed, between −1 and 1.
        bias_signs: for each column the sign of each shown bias (0 where unknown or zero); empty for the features.
        dropped: for each column which shown neurons the last step dropped, or ``None``.
        marks: for each column the marks of its shown neurons, or ``None``.
        selection: accented, with the rest faded.
        hovered: highlighted.
        dots_painted: whether the strips already show the bias dots.
        sample: the chosen sample's activations, or ``None``.
        hidden: weights and neurons drawn without their values.
        signed: whether the edges' colours show signs; otherwise they go from grey to the error colour.
    """

    layout: Layout
    shape: Shape
    style: Style
    strips: tuple[Strip | None, ...]
    strengths: tuple[Strengths, ...]
    bias_signs: tuple[npt.NDArray[np.int8], ...]
    dropped: tuple[Booleans | None, ...]
    marks: tuple[ColumnMarks | None, ...]
    selection: Selection | None = None
    hovered: tuple[Selection, ...] = ()
    dots_painted: bool = False
    signed: bool = True
    sample: SampleMarks | None = None
    hidden: frozenset[Selection] = frozenset()


def all_strengths(
    snapshot: Snapshot | None, shows: EdgeValue, layout: Layout, full: float, shown: Indices | None = None
) -> tuple[Strengths, ...]:
    """Return the signed strength of every shown edge, gap by gap; ``shown`` are the indices of the weights, if known."""
    if shown is not None and snapshot is not None:
        flat = flat_values(snapshot, shows)
        if len(flat) >= snapshot.network.architecture.size:
            return shown.by_gap(strengths(flat.take(shown.edges), full))
    values = [gap_values(snapshot, shows, layout, gap) for gap in range(layout.gaps)]
    # All gaps at once: fifty small ones take five times as long one by one.
    together = strengths(np.concatenate([each.ravel() for each in values]), full)
    ends = np.cumsum([each.size for each in values])[:-1]
    return tuple(part.reshape(each.shape) for part, each in zip(np.split(together, ends), values, strict=True))


def without_dropped(strengths: tuple[Strengths, ...], dropped: tuple[Booleans | None, ...]) -> tuple[Strengths, ...]:
    """Return ``strengths`` with 0, the faintest grey, for every edge from or to a dropped neuron."""
    result = []
    for gap, values in enumerate(strengths):
        for axis, which in ((0, dropped[gap]), (1, dropped[gap + 1])):
            if which is not None and which.any():
                values = values * np.expand_dims(~which, 1 - axis)
        result.append(values)
    return tuple(result)


def bias_signs(
    snapshot: Snapshot | None, layout: Layout, shown: Indices | None = None
) -> tuple[npt.NDArray[np.int8], ...]:
    """Return the signs of the shown biases, column by column; ``shown`` are their indices, if known."""
    if shown is not None and snapshot is not None:
        return shown.by_column(_signs(snapshot.network.parameters.take(shown.biases)))
    result = [np.zeros(0, dtype=np.int8)]
    for column in layout.columns[1:]:
        signs = np.zeros(column.shown, dtype=np.int8)
        if snapshot is not None and column.index - 1 < len(snapshot.network.architecture.layers):
            bias = snapshot.network.bias(column.index - 1)
            if len(bias) == column.count:
                signs = _signs(bias[column.first : column.first + column.shown])
        result.append(signs)
    return tuple(result)


def _signs(values: Floats) -> npt.NDArray[np.int8]:
    """Return the signs of ``values``; 0 for NaN."""
    return (values > 0.0).view(np.int8) - (values < 0.0).view(np.int8)


def shown_dropped(snapshot: Snapshot | None, layout: Layout) -> tuple[Booleans | None, ...]:
    """Return which shown neurons the last step dropped, column by column."""
    result: list[Booleans | None] = []
    for column in layout.columns:
        dropped = None
        if snapshot is not None and column.index < len(snapshot.dropped) and not column.image:
            dropped = snapshot.dropped[column.index]
        if dropped is not None and len(dropped) == column.count:
            result.append(dropped[column.first : column.first + column.shown])
        else:
            result.append(None)
    return tuple(result)
