"""Draw lines and areas with many points."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from playground.plotting.drawing.deferred import Deferring, PolygonWriter

_TAKING: Final = (Deferring.defer.__name__, PolygonWriter.write_polygons.__name__)
"""The methods of paint engines written in Python. Asking for the protocols themselves takes 0.1 ms in Python 3.11."""


def draw_polyline(p: QPainter, points: QPolygonF) -> None:
    """Draw the line through ``points`` with the pen of ``p``."""
    if _is_recorded(p):
        path = QPainterPath()
        path.addPolygon(points)
        p.strokePath(path, p.pen())
    else:
        p.drawPolyline(points)


def draw_polygon(p: QPainter, points: QPolygonF) -> None:
    """Draw the closed area with the corners ``points`` with the pen and the brush of ``p``."""
    if _is_recorded(p):
        path = QPainterPath()
        path.addPolygon(points)
        path.closeSubpath()
        p.drawPath(path)
    else:
        p.drawPolygon(points)


def _is_recorded(p: QPainter) -> bool:
    """Return whether a paint engine written in Python records or writes what is drawn.

    PySide passes a polygon to such an engine as a list of points, a Python object each; a path is one object.
    """
    device = p.device()
    return any(hasattr(device, name) for name in _TAKING)
