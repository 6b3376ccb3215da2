"""Hit testing: the element under the mouse."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF

from playground.network_view.builder import PictureBuilder
from playground.network_view.canvas.keyboard import node_selection
from playground.network_view.controls.positions import Control
from playground.network_view.edges.curves import nearest_edge
from playground.session.selection import Selection

REACH: Final = 5.0
"""Maximum distance from its curve at which an edge is hit, in pixels of the view."""


def control_at(builder: PictureBuilder, x: float, y: float) -> Control | None:
    """Return the control at (x, y) of the picture."""
    point = QPointF(x, y)
    return next((control for control in reversed(builder.controls) if control.box.contains(point)), None)


def element_at(builder: PictureBuilder, x: float, y: float, zoom: float) -> Selection | None:
    """Return the bias, node or edge at (x, y) of the picture."""
    layout = builder.layout
    node = layout.node_at(x, y)
    column = layout.column_at(x)
    if column.index and column.shown and not column.image:
        row = min(range(column.shown), key=lambda r: abs(float(column.ys[r]) + column.node / 2 - y))
        dot = layout.bias_dot(column.index, column.first + row)
        if dot is not None and math.hypot(dot[0] - x, dot[1] - y) <= dot[2] + 1.5 / zoom:
            return Selection("bias", column.index - 1, column.first + row)
    if node is not None:
        return node_selection(*node)
    gap = layout.gap_at(x)
    if gap is None:
        return None
    edge = nearest_edge(layout, gap, x, y, REACH / zoom)
    return Selection("weight", gap, edge[1], edge[0]) if edge is not None else None


def centre_of(builder: PictureBuilder, selection: Selection) -> tuple[float, float] | None:
    """Return the position of a selection in the picture: the bias dot, or the centre of the node or edge."""
    layout = builder.layout
    if not 0 <= selection.layer + 1 < len(layout.columns):
        return None
    column = layout.columns[selection.layer + 1]
    y = column.y_of(selection.neuron)
    if y is None:
        return None
    if selection.kind == "weight":
        start = layout.columns[selection.layer].y_of(selection.source)
        return None if start is None else ((layout.columns[selection.layer].right + column.left) / 2, (start + y) / 2)
    return column.x, y
