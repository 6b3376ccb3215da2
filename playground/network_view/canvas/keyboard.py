"""Navigation of the selection with the arrow keys."""

from __future__ import annotations

from typing import Literal, TypeAlias

from playground.network_view.layout.shape import Shape
from playground.session.selection import Selection

Direction: TypeAlias = Literal["left", "right", "up", "down"]


def node_selection(column: int, neuron: int) -> Selection:
    """Return the selection of a node: a feature in column 0, otherwise a neuron."""
    return Selection("neuron" if column else "feature", column - 1, neuron)


def moved(selection: Selection | None, direction: Direction, shape: Shape) -> Selection:
    """Return the selection after an arrow key: left and right change the layer, up and down the neuron.

    On a weight, left and right go to the neurons at its ends, up and down to the next weight into the same neuron.
    """
    if selection is None:
        return node_selection(1, 0)
    column = selection.layer + 1
    step = 1 if direction in ("right", "down") else -1
    if selection.kind == "weight":
        if direction == "left":
            return node_selection(column - 1, selection.source)
        if direction == "right":
            return node_selection(column, selection.neuron)
        source = min(max(selection.source + step, 0), shape.counts[column - 1] - 1)
        return Selection("weight", selection.layer, selection.neuron, source)
    if direction in ("up", "down"):
        return node_selection(column, min(max(selection.neuron + step, 0), shape.counts[column] - 1))
    target = min(max(column + step, 0), shape.columns - 1)
    return node_selection(target, min(selection.neuron, shape.counts[target] - 1))


def incoming_weight(selection: Selection | None) -> Selection | None:
    """Return the first weight into the selected neuron, where navigation among the weights starts."""
    if selection is None or selection.kind not in ("neuron", "bias"):
        return None
    return Selection("weight", selection.layer, selection.neuron, 0)
