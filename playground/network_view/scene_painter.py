"""Paints the whole picture in its order: edges, nodes, names, headers, controls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPainter

from playground.network_view.controls import Control
from playground.network_view.controls_painter import paint_controls, paint_headers
from playground.network_view.edge_layer import EdgeLayer
from playground.network_view.painter import paint_labels, paint_nodes
from playground.network_view.picture import Picture


def paint_picture(
    painter: QPainter,
    picture: Picture,
    controls: Sequence[Control],
    edges: EdgeLayer,
    visible: tuple[float, float],
    lit: Control | None = None,
    near: int | None = None,
) -> None:
    """Paint ``picture``.

    Args:
        painter: in the picture's coordinates.
        picture: what is shown.
        controls: what of the controls is shown.
        edges: paints the edges, and keeps what of them is slow to make.
        visible: least and largest x that can be seen.
        lit: the control under the mouse.
        near: the column whose crosses are shown.
    """
    edges.paint(painter, picture, visible)
    paint_nodes(painter, picture)
    paint_labels(painter, picture)
    paint_headers(painter, picture.layout, picture.shape, picture.style)
    paint_controls(painter, picture.layout, controls, picture.style, lit, near)
