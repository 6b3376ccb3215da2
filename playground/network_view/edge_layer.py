"""Paints all edges of a picture in the way that fits their number."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from playground.network_view.painter import FADED, EdgePaths, paint_edges, paint_lit_edges
from playground.network_view.picture import Picture


class EdgeLayer:
    """Draws edges as curves."""

    def __init__(self) -> None:
        self._paths = EdgePaths()

    def paint(self, painter: QPainter, picture: Picture, visible: tuple[float, float]) -> None:
        """Paint the edges; those of what is selected stand out, the rest fades."""
        faded = picture.selection is not None
        paint_edges(painter, picture, self._paths, opacity=FADED if faded else 1.0)
        paint_lit_edges(painter, picture, self._paths)
